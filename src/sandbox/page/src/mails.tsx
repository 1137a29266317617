// What was sent by mail: nothing leaves this machine, it is all shown here, as text.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { day, say } from "./words";

export interface Mail {
  n: number;
  at: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
}

/** The newest first. */
export async function mails(): Promise<Mail[]> {
  const response = await fetch("/sandbox/mails");
  const { mails } = (await response.json()) as { mails: Mail[] };
  return mails;
}

/** Signalman looks at its timers once a minute: what they send is here by then. */
export const LETTERS_MS = 60_000;

interface Props {
  mails: Mail[];
  /** Time has gone by: letters may be on their way. */
  awaited: boolean;
  close: () => void;
  children: ComponentChildren;
}

export function Mails({ mails: all, awaited, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="mails"
      onClose={close}
      aria-label={say("mail")}
      onPointerDown={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="sheet">
        <header>
          <h2>{say("mail")}</h2>
          <button class="close" aria-label={say("close")} onClick={() => dialog.current?.close()}>
            ✕
          </button>
        </header>
        <p class="comes" role="status">
          {awaited && say("mailComes")}
        </p>
        {all.length === 0 && !awaited && <p class="empty">{say("noMail")}</p>}
        <ol>
          {all.map((mail) => (
            <li key={mail.n}>
              <h3>{mail.subject || say("noSubject")}</h3>
              <p class="where">{say("mailOf", { a: mail.from, b: mail.to.join(", "), c: day(mail.at, true) })}</p>
              <pre>{mail.text}</pre>
            </li>
          ))}
        </ol>
      </div>
      {children}
    </dialog>
  );
}
