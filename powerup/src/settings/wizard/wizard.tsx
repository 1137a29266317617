// Leads a board to a process in four steps. Nothing is written on the board before the last of them, and
// what was chosen survives going back and a closed window.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../../parts/app";
import { Kept } from "../kept";
import type { Given } from "../unattached";
import { useSay } from "../words";
import { Begin } from "./begin";
import { Bind } from "./bind";
import { Choose } from "./choose";
import { See } from "./see";
import { begin, fresh, move, STEPS, type Wizard } from "./steps";

export interface Step extends Given {
  wizard: Wizard;
  set: (wizard: Wizard) => void;
  next: () => void;
  back: () => void;
}

export function WizardPage(given: Given) {
  const { host } = useApp();
  const { setup } = given;
  const [kept] = useState(() => new Kept<Wizard>("wizard", host.board, null));
  const [wizard, setWizard] = useState<Wizard>(() => fresh(kept.read() ?? begin(setup.ready[0]?.key ?? "own"), setup.board.lists));
  const set = (next: Wizard) => {
    kept.write(next);
    setWizard(next);
  };
  const step: Step = {
    ...given,
    done: (what) => {
      kept.forget();
      given.done(what);
    },
    wizard,
    set,
    next: () => set(move(wizard, 1)),
    back: () => set(move(wizard, -1)),
  };
  const Now = { choose: Choose, bind: Bind, see: See, begin: Begin }[wizard.step];
  return <Now {...step} />;
}

const TITLES = { choose: "stepChoose", bind: "stepBind", see: "stepSee", begin: "stepBegin" } as const;

/** A step with its place on the way; its heading is read out when it is reached. */
export function Frame({ wizard, children }: { wizard: Wizard; children: ComponentChildren }) {
  const say = useSay();
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current && wizard.step === "choose") return;
    first.current = false;
    heading.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [wizard.step]);
  const at = STEPS.indexOf(wizard.step);
  return (
    <>
      <h1>{say("wizard")}</h1>
      <nav aria-label={say("wizardSteps")}>
        <ol class="steps">
          {STEPS.map((step, nth) => (
            <li key={step} class={nth < at ? "past" : nth === at ? "here" : ""} aria-current={nth === at ? "step" : undefined}>
              <span class="nth">{nth + 1}</span> {say(`${TITLES[step]}Short`)}
              {nth < at && <span class="hidden"> {say("stepDone")}</span>}
            </li>
          ))}
        </ol>
      </nav>
      <section class="panel" data-part>
        <h2 tabIndex={-1} ref={heading}>
          <span class="hidden">{say("stepOf", { nth: at + 1, of: STEPS.length })} </span>
          {say(TITLES[wizard.step])}
        </h2>
        {children}
      </section>
    </>
  );
}
