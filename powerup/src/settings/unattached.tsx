// A board without a process: whoever may attach it is led there; everyone else sees what it would be.

import { useState } from "preact/hooks";
import { Force } from "./force";
import { Panel } from "./panel";
import type { Setup } from "./shapes";
import { WizardPage } from "./wizard/wizard";
import { useSay } from "./words";

export interface Given {
  setup: Setup;
  /** Done, and this is to be said of it. */
  done: (what: string) => void;
  again: () => void;
}

export function Unattached(given: Given) {
  const say = useSay();
  const { setup } = given;
  if (!setup.you.admin) {
    return (
      <>
        <h1>Signalman</h1>
        <Panel title={say("notYet", { board: setup.board.name })}>
          <p>{say("whatItIs")}</p>
          <p class="soft">{say("whatItDoes")}</p>
        </Panel>
      </>
    );
  }
  return <Begin {...given} />;
}

function Begin(given: Given) {
  const say = useSay();
  const { setup, done, again } = given;
  const [back, setBack] = useState(false);
  const was = setup.state === "detached" ? setup.process : null;
  if (!was) return <WizardPage {...given} />;
  if (!back) {
    return (
      <>
        <Panel title={say("wasAttached", { name: was.name })}>
          <p class="soft">{say("wasAttachedHow")}</p>
          <p>
            <button type="button" onClick={() => setBack(true)}>
              {say("attachAgain")}
            </button>
          </p>
        </Panel>
        <WizardPage {...given} />
      </>
    );
  }
  return (
    <>
      <h1>Signalman</h1>
      <Panel title={say("attachAgain")}>
        <Force
          text={was.text}
          over={was.version}
          label={say("putInForce")}
          admin
          back={() => setBack(false)}
          backLabel={say("leaveIt")}
          done={() => done(say("isInForce"))}
          onward={again}
        />
      </Panel>
    </>
  );
}
