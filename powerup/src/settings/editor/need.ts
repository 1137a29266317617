// A need as a value: its kind, how the file writes it, what differs between two.

import type { Form, Json, Need } from "../shapes";
import { leanWhen } from "./when";

export const KINDS = ["field", "item", "checklist", "label", "attachment", "member", "four_eyes", "any", "all"] as const;
export type NeedKind = (typeof KINDS)[number];

export const EMPTY: Need = {
  when: null, say: null, by: [], no_deputy: false, field: null, item: null, checklist: null,
  label: null, attachment: null, member: null, four_eyes: null, all: null, any: null,
};

export const kindOf = (need: Need): NeedKind => KINDS.find((kind) => need[kind] !== null) ?? "field";

/** Only what says something, as a person would write it. */
export function lean(need: Need): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const kind of KINDS) {
    const value = need[kind];
    if (value === null) continue;
    out[kind] = Array.isArray(value) ? value.map(lean) : value;
  }
  if (need.by.length) out["by"] = need.by;
  if (need.no_deputy) out["no_deputy"] = true;
  if (need.when) out["when"] = leanWhen(need.when);
  if (need.say) out["say"] = need.say;
  return out;
}

/** What is cleared comes first: a need is never two kinds at once. */
export function differing(was: Need, next: Need): { key: string; value: Json }[] {
  const [before, after] = [lean(was), lean(next)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const other = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const changes = other.map((key) => ({ key, value: after[key] ?? null }));
  return [...changes.filter(({ value }) => value === null), ...changes.filter(({ value }) => value !== null)];
}

type Options = (kind: NeedKind, form: Form) => { value: string }[];

/** A new one of this kind, with the first there is to choose; a group of the one there was. */
export function ofKind(kind: NeedKind, form: Form, options: Options, was?: Need): Need {
  if (kind === "any" || kind === "all") {
    const parts = was?.any ?? was?.all ?? (was ? [{ ...was, say: null, when: null }] : [ofKind("field", form, options)]);
    return { ...EMPTY, [kind]: parts };
  }
  if (kind === "attachment") return { ...EMPTY, attachment: form.language === "ru" ? "договор" : "contract" };
  return { ...EMPTY, [kind]: options(kind, form)[0]?.value ?? "" };
}
