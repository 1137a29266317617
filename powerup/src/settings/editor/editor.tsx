// The form over a process file: parts at the left, the chosen part at the right, and the list of what has
// been changed. It writes nothing; what is changed is for its page to keep and to put in force.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Mistake } from "../../contract";
import { Failed } from "../../parts/state";
import { Mistakes } from "../review";
import type { BoardMember } from "../shapes";
import { useSay } from "../words";
import { Hand } from "./hand";
import { Part, Sections } from "./sections";
import { put, undo, type Step } from "./steps";
import { added, DeskContext, type Desk, type Work } from "./work";

interface Props {
  work: Work;
  steps: Step[];
  set: (steps: Step[]) => void;
  members: BoardMember[];
  admin: boolean;
  /** The file may be written by hand too. */
  hand?: boolean;
  /** Where to look first. */
  at?: string;
  spot?: { line: number; column: number } | null;
  extra?: ComponentChildren;
  /** How to go on. It stays in sight, with what keeps from it. */
  children: ComponentChildren;
}

export function Editor({ work, steps, set, members, admin, hand = false, at = "general", spot = null, extra, children }: Props) {
  const say = useSay();
  const [part, setPart] = useState(at);
  const [asText, setAsText] = useState(spot !== null);
  const [place, setPlace] = useState(spot);
  const [open, setOpen] = useState(false);
  const right = useRef<HTMLDivElement>(null);
  const chosen = useRef(false);
  const choose = (next: string) => {
    chosen.current = true;
    setPart(next);
    setOpen(true);
  };
  useEffect(() => {
    if (!chosen.current) return;
    chosen.current = false;
    right.current?.querySelector<HTMLElement>("h3")?.focus({ preventScroll: true });
    right.current?.scrollIntoView({ block: "nearest" });
  }, [part, work.form]);
  const textual = !work.form || (hand && (asText || work.unreadable));
  const desk: Desk | null = work.form && { form: work.form, members, choose, put: (what, changes) => set(added(steps, what, changes)) };
  const show = (mistake: Mistake) => {
    setAsText(true);
    setPlace({ line: mistake.line ?? 1, column: mistake.column ?? 1 });
  };
  const write = (typed: string) => {
    if (typed !== work.text) set(put(steps, { say: say("byHand"), text: typed }));
  };
  return (
    <DeskContext.Provider value={desk}>
      <div class="editor">
        {hand && (
          <div class="modes" role="group" aria-label={say("modes")}>
            <button type="button" class="small" aria-pressed={!textual} aria-disabled={work.unreadable} onClick={() => !work.unreadable && setAsText(false)}>
              {say("asForm")}
            </button>
            <button type="button" class="small" aria-pressed={textual} onClick={() => setAsText(true)}>
              {say("asText")}
            </button>
          </div>
        )}
        {textual ? (
          <Hand text={work.text} set={write} readOnly={!admin} spot={place} />
        ) : (
          <div class={open ? "columns at-part" : "columns"}>
            <Sections spot={part} choose={choose} />
            <div class="part" ref={right} data-part>
              <button type="button" class="small to-list" onClick={() => setOpen(false)}>
                {say("toParts")}
              </button>
              <fieldset disabled={!admin}>
                <legend class="hidden">{say("parts")}</legend>
                <Part spot={part} />
              </fieldset>
            </div>
          </div>
        )}
        <Steps steps={steps} set={set} />
        {extra}
        <div class="dock">
          {work.refused && (
            <p class="notice bad" role="alert">
              {work.refused}
            </p>
          )}
          {work.trouble && <Failed trouble={work.trouble} again={work.again} />}
          <Mistakes mistakes={work.mistakes} show={hand ? show : undefined} />
          {children}
        </div>
      </div>
    </DeskContext.Provider>
  );
}

function Steps({ steps, set }: { steps: Step[]; set: (steps: Step[]) => void }) {
  const say = useSay();
  if (!steps.length) return null;
  return (
    <section class="changes" data-part>
      <h3 tabIndex={-1}>{say("changes", { n: steps.length })}</h3>
      <ol class="dots">
        {steps.map((step, at) => (
          <li key={at}>{step.say}</li>
        ))}
      </ol>
      <p class="ways">
        <button type="button" class="small" onClick={() => set(undo(steps))}>
          {say("undo", { what: steps.at(-1)?.say ?? "" })}
        </button>
        {steps.length > 1 && (
          <button type="button" class="small quiet" onClick={() => set([])}>
            {say("undoAll")}
          </button>
        )}
      </p>
    </section>
  );
}
