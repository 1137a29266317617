import { expect, test } from "vitest";
import { count, lines } from "../src/settings/diff";
import { offset } from "../src/settings/editor/hand";
import { keyFor } from "../src/settings/editor/keys";
import { differing, EMPTY, kindOf, lean } from "../src/settings/editor/need";
import { ask, byHand, overlay, put, undo, type Step } from "../src/settings/editor/steps";
import { Kept } from "../src/settings/kept";
import type { Change, Form, Need, Proposal } from "../src/settings/shapes";
import { begin, bind, doubles, edit, free, fresh, hold, how, move, nobody, now, proposed, type Wizard } from "../src/settings/wizard/steps";

const set = (key: string, value: string, part: "file" | "hours" = "file"): Step => ({ say: key, changes: [{ change: "set", at: { part }, key, value }] });
const hand = (text: string): Step => ({ say: "by hand", text });

test("what is set twice in a row is one step, anything in between makes two", () => {
  const once = put(put([], set("name", "a")), set("name", "b"));
  expect(once).toEqual([set("name", "b")]);
  expect(put(once, set("from", "9:00", "hours"))).toHaveLength(2);
  expect(put(put(once, set("owner", "x")), set("name", "c"))).toHaveLength(3);
  const both: Step = { say: "kind", changes: [...(set("name", "a") as { changes: Change[] }).changes, ...(set("owner", "b") as { changes: Change[] }).changes] };
  expect(put([both], both)).toHaveLength(2);
});

test("undo takes back one movement of the hand, and a text by hand as a whole", () => {
  const steps = put(put(put([], set("name", "a")), hand("x")), hand("xy"));
  expect(steps).toEqual([set("name", "a"), hand("xy")]);
  expect(byHand(steps)).toBe(true);
  expect(undo(steps)).toEqual([set("name", "a")]);
  expect(undo([])).toEqual([]);
});

test("the service is asked for the changes since the last text written by hand", () => {
  expect(ask("start", [])).toEqual({ text: "start", changes: [] });
  expect(ask("start", [set("name", "a"), set("owner", "b")]).changes).toHaveLength(2);
  expect(ask("start", [set("name", "a"), hand("mine"), set("owner", "b")])).toEqual({ text: "mine", changes: [{ change: "set", at: { part: "file" }, key: "owner", value: "b" }] });
});

const form = {
  name: "P", owner: "lead", news_list: "N", hours: null,
  stage: [{ key: "a", name: "A", movers: ["x"], limit: "4h", seed: { members: false, checklists: ["c"] }, need: [{ ...EMPTY, field: "f" }] }],
  side: [{ key: "off", name: "Off" }],
  checklist: [{ key: "c", name: "C", item: [{ key: null, name: "one" }, { key: "two", name: "Two" }] }],
} as unknown as Form;

test("a value shows before the service has answered; what it must work out does not", () => {
  const shown = overlay(form, [
    { change: "set", at: { part: "file" }, key: "news_list", value: null },
    { change: "set", at: { part: "stage", key: "a" }, key: "movers", value: null },
    { change: "set", at: { part: "stage", key: "off" }, key: "name", value: "Away" },
    { change: "set", at: { part: "seed", stage: "a" }, key: "members", value: true },
    { change: "set", at: { part: "need", stage: "a", nth: 0 }, key: "field", value: "g" },
    { change: "set", at: { part: "item", checklist: "c", key: "one" }, key: "name", value: "First" },
    { change: "set", at: { part: "stage", key: "nowhere" }, key: "name", value: "x" },
    { change: "set", at: { part: "hours" }, key: "from", value: "9:00" },
    { change: "remove", at: { part: "stage", key: "a" } },
    { change: "set", at: { part: "file" }, key: "name", value: "after it" },
  ]);
  expect([shown.news_list, shown.stage[0]?.movers, shown.side[0]?.name, shown.stage[0]?.seed.members]).toEqual([null, [], "Away", true]);
  expect([shown.stage[0]?.need[0]?.field, shown.checklist[0]?.item[0]?.name, shown.stage.length, shown.name]).toEqual(["g", "First", 1, "P"]);
  expect(form.news_list).toBe("N");
});

test.each([
  ["Счёт и оплата", [], "schet_i_oplata"],
  ["On air!", ["on_air"], "on_air_2"],
  ["Ёж", [], "ezh"],
  ["☎", [], "stage"],
  ["☎", ["stage", "stage_2"], "stage_3"],
])("%s is called so in the file that nobody else is", (name, taken, key) => {
  expect(keyFor(name, taken, "stage")).toBe(key);
});

const need = (more: Partial<Need>): Need => ({ ...EMPTY, ...more });

test("a need is written as a person would write it", () => {
  const any = need({ any: [need({ field: "phone" }), need({ item: "paid", by: ["boss"], no_deputy: true })], say: "a way", when: { field: "f", is: ["x"], is_not: null, filled: null } });
  expect(lean(any)).toEqual({ any: [{ field: "phone" }, { item: "paid", by: ["boss"], no_deputy: true }], say: "a way", when: { field: "f", is: ["x"] } });
  expect(lean(need({ label: "l", when: { field: "f", is: null, is_not: null, filled: false } }))).toEqual({ label: "l", when: { field: "f", filled: false } });
  expect(kindOf(any)).toBe("any");
});

test("only what differs is changed, and the old kind goes before the new one comes", () => {
  const was = need({ item: "paid", by: ["boss"], say: "money" });
  expect(differing(was, was)).toEqual([]);
  expect(differing(was, need({ field: "fee", say: "money" }))).toEqual([
    { key: "item", value: null },
    { key: "by", value: null },
    { key: "field", value: "fee" },
  ]);
});

const DIFF = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n \n@@ -9 +9,2 @@\n-+odd\n+-odd\n+new\n\\ No newline at end of file\n";

test("a difference has its signs and both sides' numbers", () => {
  const all = lines(DIFF);
  expect(all.map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
    ["same", 1, 1, "one"],
    ["removed", 2, null, "two"],
    ["added", null, 2, "zwei"],
    ["same", 3, 3, ""],
    ["gap", null, null, ""],
    ["removed", 9, null, "+odd"],
    ["added", null, 9, "-odd"],
    ["added", null, 10, "new"],
  ]);
  expect(count(all)).toEqual({ added: 3, removed: 2 });
  expect(lines("")).toEqual([]);
  expect(lines("@@ -0,0 +1,2 @@\n+a\n+b\n").map(({ after }) => after)).toEqual([1, 2]);
});

test.each([
  ["a\nbц😀d\n", 2, 4, 6],
  ["one", 1, 1, 0],
  ["one\ntwo", 9, 1, 4],
])("a place in the text is found by line and character", (text, line, column, at) => {
  expect(offset(text, line, column)).toBe(at);
});

const proposal: Proposal = {
  stages: [
    { stage: "new", name: "New", list: "l1", sure: true },
    { stage: "work", name: "Work", list: "l2", sure: false },
    { stage: "done", name: "Done", list: null, sure: false },
  ],
  roles: [
    { role: "lead", name: "lead", people: ["anna"] },
    { role: "team", name: "team", people: [] },
  ],
};
const chosen = (wizard: Wizard) => now(wizard)!;

test("each guess says what it rests on, until a person has chosen", () => {
  const wizard = proposed(begin("shipped"), proposal);
  expect(proposal.stages.map(({ stage }) => how(chosen(wizard), stage))).toEqual(["name", "place", "created"]);
  const mine = bind(bind(wizard, "work", "l3"), "new", null);
  expect(proposal.stages.map(({ stage }) => how(chosen(mine), stage))).toEqual(["created", "mine", "created"]);
});

test("a list is one stage, and what is left over is named", () => {
  const lists = ["l1", "l2", "l3"].map((id) => ({ id, name: id.toUpperCase(), cards: 0 }));
  const wizard = bind(proposed(begin("own"), proposal), "done", "l1");
  expect([...doubles(chosen(wizard).proposal)]).toEqual([["new", "Done"], ["done", "New"]]);
  expect(free(lists, chosen(wizard).proposal).map(({ id }) => id)).toEqual(["l3"]);
  expect(doubles(proposal).size).toBe(0);
  expect(nobody(chosen(hold(wizard, "lead", [])).proposal).map(({ role }) => role)).toEqual(["lead", "team"]);
});

test("going back and to another process and forth again loses nothing", () => {
  let wizard = edit(hold(bind(proposed(begin("shipped"), proposal), "work", "l3"), "team", ["boris"]), [set("name", "Ours")]);
  const was = chosen(wizard);
  wizard = proposed({ ...wizard, ready: "own" }, { stages: [], roles: [] });
  wizard = proposed({ ...move(move(wizard, 1), -1), ready: "shipped" }, proposal);
  expect(chosen(wizard)).toEqual(was);
  expect(chosen(wizard).steps).toEqual([set("name", "Ours")]);
});

test("a list that went away meanwhile is no stage's", () => {
  const kept = fresh(proposed(begin("shipped"), proposal), [{ id: "l2", name: "L2", cards: 0 }]);
  expect(chosen(kept).proposal.stages.map(({ list, sure }) => [list, sure])).toEqual([[null, false], ["l2", false], [null, false]]);
  expect(how(chosen(kept), "new")).toBe("created");
});

test("the way has two ends", () => {
  const wizard = begin("own");
  expect(move(wizard, -1).step).toBe("choose");
  expect([1, 2, 3, 4, 5].reduce((now) => move(now, 1), wizard).step).toBe("begin");
  expect(wizard.mode).toBe("watch");
});

test("work is kept by board and version; where nothing can be kept, nothing breaks", () => {
  const all = new Map<string, string>();
  const store = { getItem: (key: string) => all.get(key) ?? null, setItem: (key: string, value: string) => void all.set(key, value), removeItem: (key: string) => void all.delete(key) };
  const kept = new Kept<Step[]>("edit", "b", "v1", store);
  kept.write([hand("x")]);
  expect(new Kept<Step[]>("edit", "b", "v1", store).read()).toEqual([hand("x")]);
  expect(new Kept<Step[]>("edit", "b", "v2", store).read()).toBeNull();
  expect(new Kept<Step[]>("edit", "c", "v1", store).read()).toBeNull();
  kept.forget();
  expect(kept.read()).toBeNull();
  all.set("signalman:edit:b:v1", "{broken");
  expect(kept.read()).toBeNull();
  const no = () => {
    throw new Error("forbidden");
  };
  const none = new Kept<string>("edit", "b", null, { getItem: no, setItem: no, removeItem: no });
  none.write("x");
  none.forget();
  expect(none.read()).toBeNull();
  expect(new Kept<string>("edit", "b", null, null).read()).toBeNull();
});
