// What the viewer does on a card, and what becomes of it. The service writes an act down and does it a
// moment later, so the answer is looked for in the card's next views.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api";
import { Trouble } from "../api";
import type { Act, CardView, Decision } from "../contract";
import { keyOf, settle, sign, type Pending } from "./pending";

export type Told =
  | { kind: "written" | "slow" | "done" }
  /** The judge said no at once, or the act was no good. */
  | { kind: "refused"; trouble: Trouble }
  /** What the service decided about it. */
  | { kind: "decided"; decision: Decision };

export interface Acts {
  told: Told | null;
  /** The stage that the card was just moved into, seen there. */
  moved: string | null;
  asked: ReadonlySet<string>;
  /** The fields last sent, and reasons for those that were no good. */
  sent: Readonly<Record<string, string>>;
  wrong: Readonly<Record<string, string>>;
  under: (act: Act) => boolean;
  /** It is shown ticked before it is. */
  ticking: (item: string) => boolean;
  send: (act: Act) => void;
}

const LOOKS_MS = [1000, 2000, 4000];
const SLOW_MS = 5500;
const VANISH_MS = 4000;

export function useActs(api: Api, view: CardView | null, refresh: () => void): Acts {
  const [pending, setPending] = useState<Pending[]>([]);
  const [told, setTold] = useState<Told | null>(null);
  const [moved, setMoved] = useState<string | null>(null);
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const [sent, setSent] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  const after = (ms: number, what: () => void) => {
    const timer = setTimeout(() => {
      timers.current.delete(timer);
      what();
    }, ms);
    timers.current.add(timer);
  };
  useEffect(() => () => timers.current.forEach(clearTimeout), []);

  useEffect(() => {
    if (!view || !pending.length) return;
    const { left, done, decision } = settle(pending, view);
    if (!done.length) return;
    setPending(left);
    const move = done.find(({ act }) => act.act === "move" && view.standing?.key === act.stage);
    if (move?.act.act === "move") setMoved(move.act.stage);
    if (decision) setTold({ kind: "decided", decision });
    // A tick shows by itself that it is done.
    else if (done.some(({ act }) => act.act !== "tick")) {
      setTold({ kind: "done" });
      after(VANISH_MS, () => setTold((now) => (now?.kind === "done" ? null : now)));
    } else if (!left.length) setTold((now) => (now?.kind === "written" || now?.kind === "slow" ? null : now));
  }, [view, pending]);

  const change = (key: string, part: Partial<Pending>) =>
    setPending((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const drop = (key: string) => setPending((now) => now.filter((one) => one.key !== key));

  const late = useRef((_: Pending) => {});
  late.current = ({ key, sign: seen }) => {
    if (!pending.some((one) => one.key === key && one.sign === seen && one.written)) return;
    change(key, { slow: true });
    setTold({ kind: "slow" });
  };

  const send = (act: Act) => {
    const key = keyOf(act);
    if (!view || pending.some((one) => one.key === key && !one.slow)) return;
    const one: Pending = { key, act, sign: sign(view), decision: view.decisions[0]?.id, written: false, slow: false };
    setPending((now) => [...now.filter((other) => other.key !== key), one]);
    setMoved(null);
    if (act.act === "set") {
      setSent(act.fields);
      setWrong({});
    }
    api.act(view.card.id, act).then(
      () => {
        if (act.act === "ask") {
          setAsked((was) => new Set(was).add(act.of));
          drop(key);
          return;
        }
        change(key, { written: true });
        if (act.act !== "tick") setTold({ kind: "written" });
        for (const ms of LOOKS_MS) after(ms, refresh);
        after(SLOW_MS, () => late.current(one));
      },
      (cause: unknown) => {
        const trouble = cause instanceof Trouble ? cause : new Trouble("odd");
        drop(key);
        if (act.act === "set") setWrong(trouble.fields);
        setTold({ kind: "refused", trouble });
        refresh();
      },
    );
  };

  return {
    told,
    moved,
    asked,
    sent,
    wrong,
    under: (act) => pending.some((one) => one.key === keyOf(act) && !one.slow),
    ticking: (item) => pending.some((one) => one.key === `tick ${item}` && !one.slow),
    send,
  };
}
