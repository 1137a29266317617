// A long list of which only what is seen exists. The row that has focus stays, wherever it is scrolled.

import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

interface Props<T> {
  items: T[];
  keyOf: (item: T) => string;
  guess: (item: T) => number;
  label: string;
  children: (item: T) => ComponentChildren;
}

type Options = VirtualizerOptions<HTMLDivElement, HTMLDivElement>;

export function Window<T>({ items, keyOf, guess, label, children }: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const focused = useRef(-1);
  const [, again] = useReducer((n: number, _: void) => n + 1, 0);
  const options: Options = {
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guess(items[index]!),
    getItemKey: (index) => keyOf(items[index]!),
    overscan: 10,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      const at = focused.current;
      return at < 0 || at >= range.count || seen.includes(at) ? seen : [...seen, at].sort((a, b) => a - b);
    },
    onChange: () => again(),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options));
  virtual.setOptions(options);
  useEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());

  return (
    <div class="window" ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <div
        class="length"
        role="list"
        aria-label={label}
        style={{ height: `${virtual.getTotalSize()}px` }}
        onFocusIn={({ target }) => {
          const row = target instanceof Element ? target.closest("[data-index]") : null;
          focused.current = row ? Number(row.getAttribute("data-index")) : -1;
        }}
      >
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            class="slot"
            data-index={index}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={index + 1}
            ref={(element) => virtual.measureElement(element)}
            style={{ transform: `translateY(${start}px)` }}
          >
            {children(items[index]!)}
          </div>
        ))}
      </div>
    </div>
  );
}
