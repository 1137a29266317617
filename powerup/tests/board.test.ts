import { expect, test } from "vitest";
import { csv, table } from "../src/board/csv";
import { isStuck, NONE, pick, read, write, type Filters } from "../src/board/filters";
import { byPerson, gravest, loads, rows } from "../src/board/rows";
import { since } from "../src/board/figures/since";
import type { BoardCard, BoardStage } from "../src/contract";
import { Words } from "../src/words/words";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const card = (name: string, more: Partial<BoardCard> = {}): BoardCard => ({
  id: name, name, url: `https://trello.com/c/${name}`, stage: "contract", since: null, so_far_minutes: 60, limit_minutes: 480,
  late: false, missing: 0, todo: [], turn: [], next: null, refused_at: null, not_admitted: false, ...more,
});
const person = (name: string) => ({ id: name.toLowerCase(), name, username: name });
const names = (cards: BoardCard[]) => cards.map(({ name }) => name);

const some: Filters = { span: "12", view: "stuck", person: "p&1", stage: "a#b", stuck: true, text: "кефир = 100 %" };

test("filters come back from the address as they were", () => {
  expect(read(write("", some))).toEqual(some);
  expect(write("", NONE)).toBe("");
  expect(read("")).toEqual(NONE);
  expect(read("#view=nonsense&stuck=yes")).toEqual(NONE);
});

test("what Trello's library keeps in the fragment stays there", () => {
  const trello = { secret: "s", context: { board: "b" } };
  const fragment = write(`#${encodeURIComponent(JSON.stringify(trello))}`, some);
  expect(JSON.parse(decodeURIComponent(fragment.slice(1)))).toMatchObject(trello);
  expect(read(fragment)).toEqual(some);
  expect(read(write(fragment, { ...NONE, text: "x" }))).toEqual({ ...NONE, text: "x" });
});

test("cards are picked by person, stage, trouble and text", () => {
  const mary = person("Mary");
  const cards = [
    card("Зелёный Валенок", { turn: [mary], late: true }),
    card("Кефир FM", { turn: [mary], stage: "invoice", todo: ["Первый платёж пришёл"] }),
    card("Чайник", { refused_at: "2026-11-26T09:00:00Z" }),
  ];
  const picked = (part: Partial<Filters>) => names(pick(cards, { ...NONE, ...part }, NOW));
  expect(picked({})).toHaveLength(3);
  expect(picked({ person: "mary" })).toEqual(["Зелёный Валенок", "Кефир FM"]);
  expect(picked({ stage: "invoice" })).toEqual(["Кефир FM"]);
  expect(picked({ stuck: true })).toEqual(["Зелёный Валенок", "Чайник"]);
  expect(picked({ view: "stuck", person: "mary" })).toEqual(["Зелёный Валенок"]);
  expect(picked({ text: " ЗЕЛЕНЫЙ " })).toEqual(["Зелёный Валенок"]);
  expect(picked({ text: "платеж" })).toEqual(["Кефир FM"]);
});

test("stuck is late, not admitted, or sent back within a day", () => {
  expect(isStuck(card("a"), NOW)).toBe(false);
  expect(isStuck(card("a", { missing: 5 }), NOW)).toBe(false);
  expect(isStuck(card("a", { late: true }), NOW)).toBe(true);
  expect(isStuck(card("a", { not_admitted: true }), NOW)).toBe(true);
  expect(isStuck(card("a", { refused_at: "2026-11-25T12:00:01Z" }), NOW)).toBe(true);
  expect(isStuck(card("a", { refused_at: "2026-11-25T11:59:59Z" }), NOW)).toBe(false);
});

test("people stand by name, nobody last, their cards oldest first", () => {
  const [mary, ian] = [person("Mary"), person("Ian")];
  const groups = byPerson(
    [card("new", { turn: [mary] }), card("free"), card("old", { turn: [mary, ian], so_far_minutes: 900 }), card("mid", { turn: [mary], so_far_minutes: 100 })],
    "en",
  );
  expect(groups.map(({ person: one, cards }) => [one?.name ?? null, names(cards)])).toEqual([
    ["Ian", ["old"]],
    ["Mary", ["old", "mid", "new"]],
    [null, ["free"]],
  ]);
  expect(rows(groups).map(({ kind }) => kind)).toEqual(["group", "card", "group", "card", "card", "card", "group", "card"]);
});

test("of what is stuck the gravest comes first", () => {
  const cards = [card("a", { so_far_minutes: 500 }), card("b", { so_far_minutes: 300, limit_minutes: 60 }), card("c", { not_admitted: true }), card("d", { limit_minutes: null, so_far_minutes: 9999 })];
  expect(gravest(cards).map((row) => row.kind === "card" && row.card.name)).toEqual(["c", "b", "a", "d"]);
});

test("a stage counts what is late and what soon will be, once each", () => {
  const stage = { key: "contract" } as BoardStage;
  const cards = [card("a", { late: true, so_far_minutes: 500 }), card("b", { so_far_minutes: 400 }), card("c"), card("d", { stage: "other", late: true })];
  expect(loads([stage], cards)).toEqual([{ stage, count: 3, late: 1, near: 1, oldest: 500 }]);
  expect(loads([stage], [])).toEqual([{ stage, count: 0, late: 0, near: 0, oldest: 0 }]);
});

test("a cell is quoted when it must be, and never becomes a formula", () => {
  expect(csv([["a,b", 'say "x"', "two\nlines", "=1+1", "@x", "-5", -5, "plain; text"]], "en")).toBe(
    '\ufeff"a,b","say ""x""","two\nlines",\'=1+1,\'@x,\'-5,-5,plain; text\r\n',
  );
  expect(csv([["a,b", "c;d"], ["x", 1]], "ru")).toBe('\ufeffa,b;"c;d"\r\nx;1\r\n');
});

test("the table has a column for each cell", () => {
  const [head, row] = table([card("a", { turn: [person("Mary")], todo: ["x", "y"], missing: 2 })], new Map([["contract", "Договор"]]), new Words("ru"));
  expect(row).toHaveLength(head?.length ?? 0);
  expect(new Set(head).size).toBe(head?.length);
  expect(row).toContain("Договор");
  expect(row).toContain("x; y");
});

test("figures begin with a whole month", () => {
  const now = new Date(2026, 10, 26);
  expect(since("3", now)).toBe("2026-09-01");
  expect(since("12", now)).toBe("2025-12-01");
  expect(since("all", now)).toBe("2000-01-01");
});
