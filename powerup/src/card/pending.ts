// Acts that were written down and not yet seen done, and which view of the card answers which of them.

import type { Act, CardView, Decision, Finding } from "../contract";

export interface Pending {
  key: string;
  act: Act;
  /** How the card looked, and what was its newest decision, when the act was sent. */
  sign: string;
  decision: string | undefined;
  /** The service has written it down. */
  written: boolean;
  /** It takes long: still looked for, but no longer in the way of another try. */
  slow: boolean;
}

/** One at a time of each: a second click is no second act. */
export function keyOf(act: Act): string {
  switch (act.act) {
    case "tick":
      return `tick ${act.item}`;
    case "ask":
      return `ask ${act.of}`;
    default:
      return act.act;
  }
}

/** The view as far as an act may change it: the clock runs on by itself. */
export function sign(view: CardView): string {
  const { at: _, standing, ...rest } = view;
  return JSON.stringify({ ...rest, standing: standing && { ...standing, so_far_minutes: 0 } });
}

function ticked(finding: Finding | null, item: string): boolean | undefined {
  if (!finding) return undefined;
  if (finding.mend?.how === "tick" && finding.mend.item === item) return finding.ok;
  for (const part of finding.parts) {
    const found = ticked(part, item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function answers(view: CardView, { act, ...was }: Pending): boolean {
  if (act.act !== "tick") return sign(view) !== was.sign;
  const now = view.moves.map(({ finding }) => ticked(finding, act.item)).find((one) => one !== undefined);
  return now ?? sign(view) !== was.sign;
}

export interface Settled {
  left: Pending[];
  done: Pending[];
  /** What the service decided meanwhile; a refusal after all is one. */
  decision: Decision | null;
}

export function settle(pending: Pending[], view: CardView): Settled {
  const newest = view.decisions[0];
  const written = pending.filter((one) => one.written);
  const decided = written.some((one) => newest && newest.id !== one.decision);
  // A decision ends the waiting for all that was there before it: it may be about any of them.
  const done = written.filter((one) => answers(view, one) || (decided && newest?.id !== one.decision));
  return { left: pending.filter((one) => !done.includes(one)), done, decision: (decided && newest) || null };
}
