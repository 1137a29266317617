// What the Power-Up says of a card, a list or the board, kept fresh: asked anew when what it keeps
// has changed, when the thing has, and as often as a badge wants.

import { useEffect, useState } from "preact/hooks";
import { useHost } from "./frame";
import type { Host, Where } from "./host";
import { type Badge, badge, callback, list, type Options, size } from "./told";

/** Trello refreshes no badge more often, whatever it asks for. */
const OFTEN_S = 10;

/** The answer as it came. The one before stays until there is another. */
export function useTold(host: Host | undefined, capability: string, where: Where, touched = ""): unknown {
  useHost(host);
  const [told, setTold] = useState<{ by: Host | undefined; answer: unknown }>();
  const version = host?.version ?? 0;
  useEffect(() => {
    let ended = false;
    let release = () => {};
    host
      ?.ask(capability, where)
      .then((answer) => {
        if (ended) return;
        release = host.retain(answer);
        setTold({ by: host, answer });
      })
      .catch((error: Error) => console.warn(`${capability}: ${error.message}`));
    return () => {
      ended = true;
      // Whoever is pressed meanwhile is still the old answer's.
      setTimeout(() => release(), 1000);
    };
  }, [host, version, capability, where.card, where.list, touched]);
  return told?.by === host ? told?.answer : undefined;
}

export function useBadges(host: Host | undefined, capability: string, where: Where, touched: string): Badge[] {
  const told = useTold(host, capability, where, touched);
  const [shown, setShown] = useState<(Badge | undefined)[]>([]);
  useEffect(() => {
    const timers = new Map<number, ReturnType<typeof setTimeout>>();
    const held = new Map<number, () => void>();
    let ended = false;
    const put = (at: number, one: Badge | undefined) =>
      setShown((now) => {
        const next = [...now];
        next[at] = one;
        return next;
      });
    const refresh = async (at: number, dynamic: Options) => {
      const run = callback(dynamic.dynamic);
      if (!run || !host) return;
      const said = list(await host.run(undefined, run, where))[0];
      if (ended) return;
      put(at, said && badge(said));
      held.get(at)?.();
      held.set(at, host.retain(said));
      const again = said && typeof said.refresh === "number" ? Math.max(OFTEN_S, size(said.refresh, OFTEN_S)) : undefined;
      if (again) timers.set(at, setTimeout(() => whenSeen(at, dynamic), again * 1000));
    };
    const fetched = (at: number, dynamic: Options) =>
      refresh(at, dynamic).catch((error: Error) => console.warn(`${capability}: ${error.message}`));
    // Nobody looks at a hidden tab.
    const whenSeen = (at: number, dynamic: Options) => {
      if (!document.hidden) void fetched(at, dynamic);
      else document.addEventListener("visibilitychange", () => !ended && whenSeen(at, dynamic), { once: true });
    };
    const all = list(told);
    setShown((now) => all.map((one, at) => (callback(one.dynamic) ? now[at] : badge(one))));
    all.forEach((one, at) => {
      if (callback(one.dynamic)) void fetched(at, one);
    });
    return () => {
      ended = true;
      for (const timer of timers.values()) clearTimeout(timer);
      for (const release of held.values()) release();
    };
  }, [told]);
  return shown.filter((one) => one !== undefined);
}
