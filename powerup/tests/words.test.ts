import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { en as enSettings } from "../src/settings/words/en";
import { ru as ruSettings } from "../src/settings/words/ru";
import { en } from "../src/words/en";
import { ru } from "../src/words/ru";
import { Words, type Plural } from "../src/words/words";

const spaced = (text: string) => text.replace(/\u00a0/g, " ");
const forms = (entry: string | Plural) => (typeof entry === "string" ? [entry] : Object.values(entry));
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

type All = Record<string, string | Plural>;
const both: [string, All, All][] = [["", en, ru], ["settings: ", enSettings, ruSettings]];
const each = both.flatMap(([where, english, russian]) => Object.keys(english).map((key): [string, string | Plural, string | Plural] => [where + key, english[key]!, russian[key]!]));

test.each(each)("%s says the same in both languages", (_, english, russian) => {
  for (const form of [...forms(english), ...forms(russian)]) {
    expect(form.trim()).toBe(form);
    expect(form).not.toBe("");
    expect(form).not.toMatch(/!/);
  }
  const all = (entry: string | Plural) => [...new Set(forms(entry).flatMap(names))].filter((name) => name !== "n").sort();
  expect(all(russian)).toEqual(all(english));
});

test("what is plural has all of its language's forms", () => {
  const lacking = (entries: Record<string, string | Plural>, lang: string) =>
    Object.entries(entries).filter(([, entry]) => {
      const rules = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
      return typeof entry !== "string" && rules.some((rule) => !entry[rule]);
    });
  for (const [, english, russian] of both) {
    expect(lacking(english, "en")).toEqual([]);
    expect(lacking(russian, "ru")).toEqual([]);
  }
});

test("a number chooses its form", () => {
  const { say } = new Words("ru-RU");
  expect([1, 2, 5, 11, 21].map((n) => say("cardsOf", { n }))).toEqual([
    "1 карточка", "2 карточки", "5 карточек", "11 карточек", "21 карточка",
  ]);
  expect([1, 2].map((n) => new Words("en").say("cardsOf", { n }))).toEqual(["1 card", "2 cards"]);
});

test.each([
  ["ru", 0, "0 мин"],
  ["ru", 59, "59 мин"],
  ["ru", 95, "1 ч 35 мин"],
  ["ru", 480, "1 дн."],
  ["ru", 8 * 60 * 2 + 60 * 3 + 20, "2 дн. 3 ч"],
  ["en", 8 * 60 * 2 + 60 * 3, "2 days 3 hr"],
  ["en", -5, "0 min"],
])("%s: %i working minutes are %s", (lang, minutes, text) => {
  expect(spaced(new Words(lang).duration(minutes))).toBe(text);
});

test("an instant is told as shortly as it can be", () => {
  const now = new Date(2026, 10, 27, 12, 0);
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
  const ru = new Words("ru");
  expect(ru.when(at(2026, 10, 27, 9, 5), now)).toBe("09:05");
  expect(spaced(ru.when(at(2026, 10, 23, 15, 40), now))).toBe("пн, 23 нояб., 15:40");
  expect(spaced(ru.when(at(2025, 10, 23, 15, 40), now))).toBe("23 нояб. 2025 г.");
  expect(spaced(new Words("en-GB").when(at(2026, 10, 23, 15, 40), now))).toBe("Mon 23 Nov, 15:40");
});

test.each([
  ["ru", "ru"],
  ["ru-RU", "ru"],
  ["run", "en"],
  ["en-US", "en"],
  ["de", "en"],
  ["", "en"],
  ["not a locale", "en"],
])("locale %s is spoken to in %s", (locale, lang) => {
  const words = new Words(locale);
  expect(words.lang).toBe(lang);
  expect(words.when("2026-11-27T12:00:00Z")).toBeTruthy();
});

test("names are joined as the language does", () => {
  expect(new Words("ru").either(["Ольга", "Денис"])).toBe("Ольга или Денис");
  expect(new Words("en").either(["Olive", "Dennis"])).toBe("Olive or Dennis");
});

test("money and months are written as people of the country do", () => {
  const [ru, en] = [new Words("ru"), new Words("en-GB")];
  expect(spaced(ru.money(12900, "RUB"))).toBe("12 900 ₽");
  expect(spaced(ru.money(812.5, "RUB"))).toBe("812,50 ₽");
  expect(spaced(en.money(5, "points"))).toBe("5 points");
  expect(en.money(5, null)).toBe("5");
  expect([en.month("2026-11"), en.month("2027-01"), en.month("2026-11", true)]).toEqual(["Nov", "Jan 2027", "Nov 2026"]);
});

test("no sentence is kept that nobody says", () => {
  const src = new URL("../src/", import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name) && !/(^|\/)words\//.test(name));
  const all = files.map((name) => readFileSync(new URL(name, src), "utf8")).join("\n");
  // Some are said by the kind of a thing: say(`kind_${kind}`).
  const made = [...all.matchAll(/`(\w*)\$\{[^`}]*\}(\w*)`/g)].map(([, first = "", last = ""]) => [first, last] as const).filter(([first, last]) => first + last);
  const said = (key: string) => all.includes(`"${key}"`) || made.some(([first, last]) => key.startsWith(first) && key.endsWith(last));
  for (const [, english] of both) expect(Object.keys(english).filter((key) => !said(key))).toEqual([]);
});
