// A button that becomes a line to write in: Enter adds, Escape leaves it.

import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "./words";

interface Props {
  label: string;
  /** What a screen reader is told: which list or checklist it is. */
  name: string;
  hint: string;
  add: (text: string) => void;
  stop?: string;
  tabIndex?: number;
}

export function Adder({ label, name, hint, add, stop, tabIndex }: Props) {
  const [text, setText] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  const open = text !== null;
  useEffect(() => {
    if (was.current && !open && document.activeElement === document.body) button.current?.focus();
    was.current = open;
  }, [open]);
  if (!open) {
    return (
      <button class="quiet" ref={button} data-stop={stop} tabIndex={tabIndex} aria-label={name} onClick={() => setText("")}>
        + {label}
      </button>
    );
  }
  const done = (event: Event) => {
    event.preventDefault();
    if (text.trim()) add(text.trim());
    setText(null);
  };
  return (
    <form class="adder" onSubmit={done}>
      <input
        aria-label={`${name}. ${hint}`}
        placeholder={hint}
        value={text}
        ref={focused}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // Only this line is left, not the opened card.
          event.preventDefault();
          event.stopPropagation();
          setText(null);
        }}
      />
      <div class="tools">
        <button class="main">{say("add")}</button>
        <button type="button" onClick={() => setText(null)}>
          {say("cancel")}
        </button>
      </div>
    </form>
  );
}

/** A stable ref, so that a field is focused when it appears and not at each key. */
export function focused(element: HTMLElement | null) {
  element?.focus();
}
