// What was just said, wherever one looks: on the board, on an opened card, in the archive.

import { useEffect, useState } from "preact/hooks";
import { say } from "./words";

export interface Toast {
  /** One for each card: what is said later takes the place of what was said before. */
  key: string;
  text: string;
  card?: string;
  /** The comment it is about. */
  comment?: string;
  undo?: { label: string; run: () => void };
}

const STAYS = 15_000;

interface Props {
  toasts: Toast[];
  /** The card that is open: it need not be opened again. */
  opened: string | undefined;
  show: (card: string, comment?: string) => void;
  drop: (toast: Toast) => void;
}

export function Toasts({ toasts, opened, show, drop }: Props) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <One
          key={toast.key}
          toast={toast}
          action={action(toast, opened)}
          run={() => {
            drop(toast);
            if (toast.undo) toast.undo.run();
            else if (toast.card) show(toast.card, toast.comment);
          }}
          drop={() => drop(toast)}
        />
      ))}
    </div>
  );
}

function action(toast: Toast, opened: string | undefined): string | undefined {
  if (toast.undo) return toast.undo.label;
  if (!toast.card) return undefined;
  if (toast.card !== opened) return say("open");
  return toast.comment ? say("showIt") : undefined;
}

interface OneProps {
  toast: Toast;
  action: string | undefined;
  run: () => void;
  drop: () => void;
}

function One({ toast, action, run, drop }: OneProps) {
  // Whoever reads it, with the mouse or the keyboard on it, keeps it.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(drop, STAYS);
    return () => clearTimeout(timer);
  }, [toast, held]);
  return (
    <div
      class="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {action && <button onClick={run}>{action}</button>}
      <button class="close" aria-label={say("close")} onClick={drop}>
        ✕
      </button>
    </div>
  );
}
