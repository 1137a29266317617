// The rules of a board under a process, changed in the form or by hand, looked at, put in force.

import { useState } from "preact/hooks";
import { Loading } from "../parts/state";
import type { GivenAttached } from "./attached";
import { Difference } from "./difference";
import { Editor } from "./editor/editor";
import { byHand, type Step } from "./editor/steps";
import { useWork } from "./editor/work";
import { Force } from "./force";
import { useSay } from "./words";

interface Props extends GivenAttached {
  steps: Step[];
  set: (steps: Step[]) => void;
  at: string;
}

export function Rules({ setup, process, done, again, steps, set, at }: Props) {
  const say = useSay();
  const work = useWork(process.text, process.form, steps, set);
  const [seeing, setSeeing] = useState(false);
  const [spot, setSpot] = useState<{ line: number; column: number } | null>(null);
  const { admin } = setup.you;
  if (seeing && steps.length) {
    return (
      <section class="panel" data-part>
        <h2 tabIndex={-1}>{say("whatWouldBe")}</h2>
        {work.busy ? (
          <Loading />
        ) : (
          <Force
            text={work.text}
            over={process.version}
            label={say("putInForce")}
            admin={admin}
            back={() => setSeeing(false)}
            backLabel={say("toEditing")}
            show={(mistake) => {
              setSpot({ line: mistake.line ?? 1, column: mistake.column ?? 1 });
              setSeeing(false);
            }}
            done={() => {
              setSeeing(false);
              set([]);
              done(say("isInForce"));
            }}
            onward={() => {
              setSeeing(false);
              again();
            }}
          />
        )}
      </section>
    );
  }
  const soFar = steps.length > 0 && !byHand(steps) && work.diff && (
    <details class="more">
      <summary>{say("differenceSoFar")}</summary>
      <Difference diff={work.diff} caption={say("differenceOf")} />
    </details>
  );
  return (
    <section class="panel" data-part>
      <h2 class="hidden" tabIndex={-1}>
        {say("tab_rules")}
      </h2>
      <Editor work={work} steps={steps} set={set} members={setup.board.members} admin={admin} hand at={at} spot={spot} extra={soFar}>
        <div class="foot">
          <button type="button" class="main" aria-disabled={!steps.length || work.unreadable} onClick={() => steps.length && !work.unreadable && setSeeing(true)}>
            {say("seeDifference")}
          </button>
          {!steps.length && <p class="soft">{say("nothingChanged")}</p>}
        </div>
      </Editor>
    </section>
  );
}
