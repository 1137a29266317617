// The views of the page as tabs: arrows go between them, as everywhere.

import { useRef } from "preact/hooks";
import { useApp } from "../parts/app";
import { VIEWS, type ViewName } from "./filters";

export function Tabs({ now, choose }: { now: ViewName; choose: (view: ViewName) => void }) {
  const { words } = useApp();
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
    <div class="tabs" role="tablist" aria-label={words.say("views")} ref={list} onKeyDown={go}>
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
          {words.say(view)}
        </button>
      ))}
    </div>
  );
}
