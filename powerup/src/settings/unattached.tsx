// A board without a process: whoever may attach it is led there; everyone else sees what it would be.

import { useApp } from "../parts/app";
import { Failed } from "../parts/state";
import { useDo } from "./ask";
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
  return (
    <>
      {setup.state === "detached" && setup.process && <Was {...given} name={setup.process.name} />}
      <WizardPage {...given} />
    </>
  );
}

function Was({ name, done }: Given & { name: string }) {
  const { api } = useApp();
  const say = useSay();
  const back = useDo();
  const resume = async () => {
    await api.setup("/state", { state: "active" });
    done(say("isResumed"));
  };
  return (
    <Panel title={say("wasAttached", { name })}>
      <p class="soft">{say("wasAttachedHow")}</p>
      {back.trouble && <Failed trouble={back.trouble} again={() => back.run(resume)} />}
      <p>
        <button type="button" aria-disabled={back.busy} onClick={() => back.run(resume)}>
          {say("attachAgain")}
        </button>
      </p>
    </Panel>
  );
}
