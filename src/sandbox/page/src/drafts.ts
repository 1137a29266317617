// What somebody began to write and has not sent. It outlives the closed card, not the closed page,
// and the browser asks before that.

import { useState } from "preact/hooks";

const kept = new Map<string, unknown>();

addEventListener("beforeunload", (event) => {
  if (kept.size) event.preventDefault();
});

export type Part = "desc" | "comment" | "link";

export function drafted(card: string): boolean {
  return (["desc", "comment", "link"] as Part[]).some((part) => kept.has(`${card} ${part}`));
}

/** Like a state, but found again when the card is opened again. `undefined` forgets it. */
export function useDraft<T>(card: string, part: Part): [T | undefined, (draft: T | undefined) => void] {
  const key = `${card} ${part}`;
  const [draft, setDraft] = useState(() => kept.get(key) as T | undefined);
  const change = (next: T | undefined) => {
    if (next === undefined) kept.delete(key);
    else kept.set(key, next);
    setDraft(() => next);
  };
  return [draft, change];
}
