// A unified diff as lines to be shown: what was, what is, with the numbers of both sides.

export interface DiffLine {
  kind: "same" | "added" | "removed" | "gap";
  text: string;
  before: number | null;
  after: number | null;
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

export function lines(diff: string): DiffLine[] {
  const all: DiffLine[] = [];
  let [before, after] = [0, 0];
  for (const line of diff.split("\n")) {
    const hunk = HUNK.exec(line);
    if (hunk) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      if (all.length) all.push({ kind: "gap", text: "", before: null, after: null });
      continue;
    }
    // Names of files stand above the first hunk; a remark on the file's last line break is none of its lines.
    if (!before && !after) continue;
    const text = line.slice(1).replace(/\r$/, "");
    if (line.startsWith("+")) all.push({ kind: "added", text, before: null, after: after++ });
    else if (line.startsWith("-")) all.push({ kind: "removed", text, before: before++, after: null });
    else if (line.startsWith(" ")) all.push({ kind: "same", text, before: before++, after: after++ });
  }
  return all;
}

export function count(all: readonly DiffLine[]): { added: number; removed: number } {
  const of = (kind: DiffLine["kind"]) => all.filter((line) => line.kind === kind).length;
  return { added: of("added"), removed: of("removed") };
}
