// Views of one page as tabs: arrows go between them, as everywhere.

import { useRef } from "preact/hooks";
import { useSay } from "./words";

export const VIEWS = ["state", "rules", "versions"] as const;
export type ViewName = (typeof VIEWS)[number];

export function Tabs({ now, choose, mark }: { now: ViewName; choose: (view: ViewName) => void; mark: string }) {
  const say = useSay();
  const list = useRef<HTMLDivElement>(null);
  const go = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = VIEWS[(VIEWS.indexOf(now) + step + VIEWS.length) % VIEWS.length]!;
    choose(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={say("views")} ref={list} onKeyDown={go}>
      {VIEWS.map((view) => (
        <button
          key={view}
          id={`tab-${view}`}
          type="button"
          role="tab"
          aria-selected={view === now}
          aria-controls="panel"
          tabIndex={view === now ? 0 : -1}
          onClick={() => choose(view)}
        >
          {say(`tab_${view}`)}
          {view === "rules" && mark && <span class="lozenge warn">{mark}</span>}
        </button>
      ))}
    </div>
  );
}
