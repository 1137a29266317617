// A key for a new part, which the file names it by: readable, and taken by nobody.

const LATIN = ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya"];
const LONGEST = 40;

export function keyFor(name: string, taken: Iterable<string>, otherwise: string): string {
  const latin = [...name.toLowerCase().replace(/ё/g, "е")].map((sign) => LATIN[(sign.codePointAt(0) ?? 0) - 0x430] ?? sign);
  const plain = latin.join("").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, LONGEST).replace(/_+$/, "");
  const base = plain || otherwise;
  const all = new Set(taken);
  let key = base;
  for (let more = 2; all.has(key); more++) key = `${base}_${more}`;
  return key;
}
