// Asks the service once for what a part of the page needs, and again when that changes; the last
// answer stays until the next one is there.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Trouble } from "../api";

/** These pass by themselves. */
const PASSING = new Set(["offline", "busy", "blind", "too_many"]);
const AGAIN_MS = 4000;

export interface Asked<T> {
  value: T | null;
  trouble: Trouble | null;
  busy: boolean;
  again: () => void;
}

export function asTrouble(cause: unknown): Trouble {
  return cause instanceof Trouble ? cause : new Trouble("odd");
}

/** `about`: asked again when this is another. */
export function useAsked<T>(get: () => Promise<T>, about: string): Asked<T> {
  const [state, setState] = useState<Omit<Asked<T>, "again">>({ value: null, trouble: null, busy: true });
  const now = useRef(get);
  now.current = get;
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setState((was) => ({ ...was, busy: true }));
    now.current().then(
      (value) => !over && setState({ value, trouble: null, busy: false }),
      (cause: unknown) => {
        if (over) return;
        const trouble = asTrouble(cause);
        setState((was) => ({ ...was, trouble, busy: false }));
        if (PASSING.has(trouble.code)) timer = setTimeout(() => setRound((was) => was + 1), trouble.retryAfterMs ?? AGAIN_MS);
      },
    );
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [about, round]);
  const again = useCallback(() => {
    setState((was) => ({ ...was, busy: true }));
    setRound((was) => was + 1);
  }, []);
  return { ...state, again };
}

/** One thing that a person wants done; while it is under way it is not begun again. */
export function useDo(): { busy: boolean; trouble: Trouble | null; run: (what: () => Promise<void>) => void; forget: () => void } {
  const [state, setState] = useState<{ busy: boolean; trouble: Trouble | null }>({ busy: false, trouble: null });
  const busy = useRef(false);
  const run = (what: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    setState({ busy: true, trouble: null });
    what()
      .then(
        () => setState({ busy: false, trouble: null }),
        (cause: unknown) => setState({ busy: false, trouble: asTrouble(cause) }),
      )
      .finally(() => (busy.current = false));
  };
  return { ...state, run, forget: () => setState((was) => ({ ...was, trouble: null })) };
}
