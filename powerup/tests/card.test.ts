import { expect, test } from "vitest";
import { toInput } from "../src/card/dates";
import { keep } from "../src/card/drafts";
import { keyOf, settle, sign, type Pending } from "../src/card/pending";
import { count, fields, split } from "../src/card/tree";
import type { Act, CardView, Decision, Field, Finding } from "../src/contract";

const leaf = (id: string, ok: boolean): Finding => ({ id, ok, say: id, why: null, who: [], kind: "leaf", mend: null, ask: false, parts: [] });
const group = (kind: Finding["kind"], ok: boolean, ...parts: Finding[]): Finding => ({ ...leaf(kind, ok), kind, parts });
const field = (key: string, value: string): Field => ({ key, name: key, kind: "text", choices: [], example: null, value, why: null });
const ids = (all: Finding[]) => all.map(({ id }) => id);

test("what is done is one flat list, what is not keeps its groups", () => {
  const { todo, done } = split(group("all", false, leaf("a", true), group("all", false, leaf("b", true), leaf("c", false)), group("checklist", false, leaf("d", true), leaf("e", false))));
  expect(ids(todo)).toEqual(["c", "checklist"]);
  expect(ids(todo[1]?.parts ?? [])).toEqual(["e"]);
  expect(ids(done)).toEqual(["a", "b", "d"]);
});

test("of alternatives one is enough, and they count as one", () => {
  expect(split(group("any", true, leaf("paid", false), leaf("early", true)))).toEqual({ todo: [], done: [leaf("early", true)] });
  const open = split(group("all", false, group("any", false, leaf("paid", false), leaf("early", false)), leaf("x", false)));
  expect(count(open.todo)).toBe(2);
  expect(count(split(group("checklist", false, leaf("a", false), leaf("b", false), leaf("c", true))).todo)).toBe(2);
});

test("a group that is amiss in itself is not lost", () => {
  expect(ids(split(group("checklist", false)).todo)).toEqual(["checklist"]);
  expect(ids(split(group("all", false, leaf("a", true))).todo)).toEqual(["all"]);
});

test("fields are found wherever they stand", () => {
  const filled: Finding = { ...leaf("f", false), mend: { how: "field", field: field("fee", "5") } };
  expect([...fields(group("all", false, group("any", false, filled))).keys()]).toEqual(["fee"]);
});

test("typed text outlives updates until the card has the new value", () => {
  const [was, is] = [new Map([["fee", field("fee", "1")], ["no", field("no", "")]]), new Map([["fee", field("fee", "12 900 ₽")], ["no", field("no", "7")]])];
  const typed = { fee: "12900", no: "8", gone: "x" };
  expect(keep(typed, was, is, new Set())).toEqual(typed);
  expect(keep(typed, was, is, new Set(["fee"]))).toEqual({ no: "8", gone: "x" });
  expect(keep(typed, was, was, new Set(["fee"]))).toEqual(typed);
  expect(keep({ no: "7" }, was, is, new Set())).toEqual({});
});

test("the clock alone is no news", () => {
  const view = { at: "1", standing: { key: "s", so_far_minutes: 5 }, decisions: [] } as unknown as CardView;
  const later = { ...view, at: "2", standing: { ...view.standing, so_far_minutes: 6 } } as CardView;
  expect(sign(later)).toBe(sign(view));
  expect(sign({ ...later, turn: { role: "r", people: [] } })).not.toBe(sign(view));
});

test.each([
  ["2026-11-05", "2026-11-05"],
  ["5.11.2026", "2026-11-05"],
  ["2026-11-05T21:00:00Z", "2026-11-05"],
  ["5 ноября", ""],
  ["", ""],
])("a date %s is %s to the browser", (value, iso) => {
  expect(toInput(value)).toBe(iso);
});

const view = (more: Partial<CardView> = {}): CardView => ({
  card: { id: "1", name: "a", url: "" },
  process: { name: "p", version: "1", language: "en", mode: "enforce", state: "active" },
  you: { id: "m", name: "M", roles: [], writes: true, admin: false },
  track: [], standing: null, trouble: null, turn: { role: "", people: [] }, moves: [], decisions: [], places: [], at: "", ...more,
});
const withTick = (ok: boolean, more: Partial<CardView> = {}) =>
  view({ moves: [{ stage: "s", name: "S", way: "forward", legal: ok, say: null, finding: group("all", ok, { ...leaf("item:paid", ok), mend: { how: "tick", item: "paid" } }) }], ...more });
const waits = (act: Act, seen: CardView, written = true): Pending => ({ key: keyOf(act), act, sign: sign(seen), decision: seen.decisions[0]?.id, written, slow: false });
const decided = (id: string): Decision => ({ id, at: "", kind: "refused", say: "", by: null, version: "1", disputed: false });
const tick: Act = { act: "tick", item: "paid" };
const move: Act = { act: "move", stage: "s" };

test("a tick is done when it shows, a move when the card looks otherwise", () => {
  const seen = withTick(false);
  const both = [waits(tick, seen), waits(move, seen)];
  expect(settle(both, seen)).toEqual({ left: both, done: [], decision: null });
  const other = settle(both, withTick(false, { turn: { role: "r", people: [] } }));
  expect(other.left).toEqual([both[0]]);
  expect(other.done).toEqual([both[1]]);
  expect(settle(both, withTick(true)).left).toEqual([]);
});

test("a decision answers all that was written before it, and only that", () => {
  const seen = withTick(false);
  const all = [waits(tick, seen), waits(move, seen, false)];
  const { left, done, decision } = settle(all, withTick(false, { decisions: [decided("7")] }));
  expect([left, done, decision?.id]).toEqual([[all[1]], [all[0]], "7"]);
});

test("an act under way is not sent twice, another one is", () => {
  expect(keyOf({ act: "tick", item: "paid" })).toBe(keyOf(tick));
  expect(keyOf({ ...tick, item: "signed" })).not.toBe(keyOf(tick));
  expect(keyOf({ act: "move", stage: "other" })).toBe(keyOf(move));
});
