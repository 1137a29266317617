// What has been changed and is not in force: a list of steps over a text, the last of which can be taken
// back. A step is what one hand movement did: changes by part, or the whole text written by hand.

import type { At, Change, Form, Json } from "../shapes";

export type Step = { say: string; changes: Change[] } | { say: string; text: string };

export interface Ask {
  text: string;
  changes: Change[];
}

const written = (step: Step): step is { say: string; text: string } => "text" in step;

/** A text written by hand stands for all that was before it. */
export function ask(start: string, steps: readonly Step[]): Ask {
  const last = steps.findLastIndex(written);
  const step = steps[last];
  const text = step && written(step) ? step.text : start;
  const changes = steps.slice(last + 1).flatMap((one) => (written(one) ? [] : one.changes));
  return { text, changes };
}

/** Typing goes on in one step: what is set twice in a row was set once. */
export function put(steps: readonly Step[], step: Step): Step[] {
  const last = steps.at(-1);
  if (last && (written(last) ? written(step) : !written(step) && sameSet(last.changes, step.changes))) {
    return [...steps.slice(0, -1), step];
  }
  return [...steps, step];
}

function sameSet(last: Change[], next: Change[]): boolean {
  const [one, other] = [last[0], next[0]];
  return (
    last.length === 1 && next.length === 1 &&
    one?.change === "set" && other?.change === "set" &&
    one.key === other.key && JSON.stringify(one.at) === JSON.stringify(other.at)
  );
}

export const undo = (steps: readonly Step[]): Step[] => steps.slice(0, -1);

/** Something was written by hand: then another start changes nothing. */
export const byHand = (steps: readonly Step[]): boolean => steps.some(written);

/** What can be shown before the service has answered: values that are set; the rest waits for it. */
export function overlay(form: Form, changes: readonly Change[]): Form {
  const copy = structuredClone(form);
  for (const change of changes) {
    if (change.change !== "set") break;
    const part = find(copy, change.at);
    if (part) part[change.key] = change.value ?? blank(part[change.key]);
  }
  return copy;
}

/** A list that is cleared is empty, everything else is not there. */
const blank = (was: unknown): Json => (Array.isArray(was) ? [] : typeof was === "boolean" ? false : null);

type Part = Record<string, unknown>;

function find(form: Form, at: At): Part | undefined {
  const keyed = (all: readonly { key: string | null; name: string }[], key: string) =>
    (all.find((one) => one.key === key) ?? all.find((one) => one.key === null && one.name === key)) as Part | undefined;
  const stage = (key: string) => [...form.stage, ...form.side].find((one) => one.key === key);
  const all = form as unknown as Part;
  switch (at.part) {
    case "file":
      return all;
    case "guide":
    case "hours":
    case "limits":
      return (all[at.part] ?? undefined) as Part | undefined;
    case "stage":
      return stage(at.key) as unknown as Part | undefined;
    case "seed":
      return stage(at.stage)?.seed as unknown as Part | undefined;
    case "need":
      return stage(at.stage)?.need[at.nth] as unknown as Part | undefined;
    case "item":
      return keyed(form.checklist.find(({ key }) => key === at.checklist)?.item ?? [], at.key);
    default:
      return keyed(form[at.part], at.key);
  }
}
