// Views of one page as tabs: arrows go between them, as everywhere. The panel that they control bears
// the id `panel`.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface Props<View extends string> {
  views: readonly View[];
  now: View;
  choose: (view: View) => void;
  /** Of all of them together. */
  label: string;
  name: (view: View) => ComponentChildren;
}

export function Tabs<View extends string>({ views, now, choose, label, name }: Props<View>) {
  const list = useRef<HTMLDivElement>(null);
  const go = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = views[(views.indexOf(now) + step + views.length) % views.length]!;
    choose(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={go}>
      {views.map((view) => (
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
          {name(view)}
        </button>
      ))}
    </div>
  );
}
