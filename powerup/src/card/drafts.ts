// What somebody typed and has not saved. An update of the card never takes it away; it goes when the
// card has the field's new value.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Field } from "../contract";

export interface Drafts {
  typed: Record<string, string>;
  type: (key: string, value: string) => void;
  /** What differs from the card. */
  changed: Record<string, string>;
  forget: () => void;
}

/** Typed values that still wait, given the card's values then and now. */
export function keep(
  typed: Record<string, string>,
  before: ReadonlyMap<string, Field>,
  now: ReadonlyMap<string, Field>,
  sent: ReadonlySet<string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typed).filter(([key, value]) => {
      const [was, is] = [before.get(key)?.value, now.get(key)?.value];
      if (is === value) return false;
      // The service may write a value in its own way («12 900 ₽»): a new one after sending is ours.
      return !(sent.has(key) && is !== undefined && is !== was);
    }),
  );
}

export function useDrafts(fields: ReadonlyMap<string, Field>, sent: ReadonlySet<string>): Drafts {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const before = useRef(fields);
  useEffect(() => {
    const was = before.current;
    before.current = fields;
    setTyped((now) => {
      const kept = keep(now, was, fields, sent);
      return Object.keys(kept).length === Object.keys(now).length ? now : kept;
    });
  }, [fields, sent]);
  const changed = Object.fromEntries(
    Object.entries(typed).filter(([key, value]) => fields.has(key) && value !== fields.get(key)?.value),
  );
  return { typed, type: (key, value) => setTyped((was) => ({ ...was, [key]: value })), changed, forget: () => setTyped({}) };
}
