// What the viewer does on a card, and what becomes of it. The service writes an act down and does it a
// moment later, so the answer is looked for in the card's next views.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api";
import { Trouble } from "../api";
import type { Act, CardView, Decision, Finding } from "../contract";

export type Told =
  | { kind: "sending" | "written" | "slow" | "done" }
  /** The judge said no at once, or the act was no good. */
  | { kind: "refused"; trouble: Trouble; finding: Finding | null }
  /** What the service decided about it. */
  | { kind: "decided"; decision: Decision };

/** What was told, and about which act: it is shown where the act was done. */
export interface Outcome {
  act: Act;
  told: Told;
}

export interface Acts {
  outcome: Outcome | null;
  busy: boolean;
  asked: ReadonlySet<string>;
  /** Reasons by field, from a value that was no good. */
  wrong: Record<string, string>;
  send: (act: Act) => Promise<boolean>;
  dismiss: () => void;
}

const LOOKS_MS = [1000, 2000, 4000];
const VANISH_MS = 4000;

/** The view as far as an act may change it: the clock runs on by itself. */
export function sign(view: CardView): string {
  const { at: _, standing, ...rest } = view;
  return JSON.stringify({ ...rest, standing: standing && { ...standing, so_far_minutes: 0 } });
}

export function useActs(api: Api, view: CardView | null, refresh: () => void): Acts {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  const before = useRef<{ sign: string; decision: string | undefined }>({ sign: "", decision: undefined });
  const told = outcome?.told.kind;
  const busy = told === "sending" || told === "written";

  const rest = useCallback(() => {
    timers.current.forEach(clearTimeout);
    timers.current = [];
  }, []);
  useEffect(() => rest, [rest]);

  // The next view that differs is the answer.
  useEffect(() => {
    if (!view || !outcome || (told !== "written" && told !== "slow") || sign(view) === before.current.sign) return;
    rest();
    const newest = view.decisions[0];
    const decided = newest && newest.id !== before.current.decision;
    setOutcome({ ...outcome, told: decided ? { kind: "decided", decision: newest } : { kind: "done" } });
    if (!decided) timers.current = [setTimeout(() => setOutcome(null), VANISH_MS)];
  }, [view, outcome, told, rest]);

  const send = async (act: Act): Promise<boolean> => {
    if (busy || !view) return false;
    rest();
    setWrong({});
    before.current = { sign: sign(view), decision: view.decisions[0]?.id };
    const tell = (next: Told) => setOutcome({ act, told: next });
    tell({ kind: "sending" });
    try {
      await api.act(view.card.id, act);
    } catch (cause) {
      const trouble = cause instanceof Trouble ? cause : new Trouble("odd");
      setWrong(trouble.fields);
      tell({ kind: "refused", trouble, finding: trouble.finding });
      refresh();
      return false;
    }
    if (act.act === "ask") {
      setAsked((was) => new Set(was).add(act.of));
      setOutcome(null);
      return true;
    }
    tell({ kind: "written" });
    timers.current = [
      ...LOOKS_MS.map((ms) => setTimeout(refresh, ms)),
      setTimeout(() => tell({ kind: "slow" }), LOOKS_MS[LOOKS_MS.length - 1]! + 1500),
    ];
    return true;
  };

  return { outcome, busy, asked, wrong, send, dismiss: () => setOutcome(null) };
}
