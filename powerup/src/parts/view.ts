// Keeps what a page shows fresh: asks the service, hears the live stream, tries again. What was last
// seen stays on the screen while the service is away.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api";
import { Trouble } from "../api";
import { listen, pause } from "../live";

export interface View<T> {
  view: T | null;
  trouble: Trouble | null;
  /** When the view was last known to be true. */
  seen: string | null;
  refresh: () => void;
}

/** With these the service may be back at any moment, or learn of the card; the rest is for a person. */
const PASSING = new Set(["offline", "busy", "blind", "too_many", "odd", "no_card"]);
/** Several events of one change make one question. */
const GATHER_MS = 120;
/** Each question may cost one of Trello's requests, which all pages share: what keeps changing is asked
 *  for so often and no more. */
const APART_MS = 700;

/** `hears`: is that card's news ours? `gatherMs`: how much news makes one question. `behind`: the answer
 *  is older than the news it was asked for. */
export function useView<T>(
  api: Api,
  get: () => Promise<T>,
  hears: (card: string) => boolean,
  gatherMs: number = GATHER_MS,
  behind: (view: T) => boolean = () => false,
): View<T> {
  const [state, setState] = useState<Omit<View<T>, "refresh">>({ view: null, trouble: null, seen: null });
  const now = useRef({ get, hears, behind });
  now.current = { get, hears, behind };
  const run = useRef<() => void>(() => {});
  const refresh = useCallback(() => run.current(), []);

  useEffect(() => {
    let [running, again, failed, over] = [false, false, 0, false];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let [due, asked] = [Infinity, -Infinity];
    // News that keeps coming must not put off the question for ever: the earliest time stands.
    const later = (ms: number) => {
      const present = Date.now();
      const at = Math.max(present + ms, asked + APART_MS);
      if (at >= due) return;
      clearTimeout(timer);
      due = at;
      timer = setTimeout(ask, at - present);
    };
    const ask = async () => {
      if (over) return;
      if (running) {
        again = true;
        return;
      }
      clearTimeout(timer);
      [due, asked] = [Infinity, Date.now()];
      running = true;
      try {
        const view = await now.current.get();
        failed = 0;
        if (!over) setState({ view, trouble: null, seen: new Date().toISOString() });
        if (now.current.behind(view)) later(gatherMs);
      } catch (cause) {
        const trouble = cause instanceof Trouble ? cause : new Trouble("odd");
        const passing = PASSING.has(trouble.code);
        if (!over) setState((was) => (passing ? { ...was, trouble } : { view: null, trouble, seen: null }));
        if (passing) later(trouble.retryAfterMs ?? pause(++failed, Math.random()) * 2);
      }
      running = false;
      if (again && !over) {
        again = false;
        later(gatherMs);
      }
    };
    run.current = () => void ask();
    void ask();
    const stop = listen(api.live, {
      card: (card) => now.current.hears(card) && later(gatherMs),
      board: () => later(gatherMs),
    });
    const seen = () => document.visibilityState === "visible" && void ask();
    document.addEventListener("visibilitychange", seen);
    return () => {
      over = true;
      stop();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [api, gatherMs]);

  return { ...state, refresh };
}
