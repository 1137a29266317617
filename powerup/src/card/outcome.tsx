// What became of what the viewer did: said once, politely, and read out.

import { useApp } from "../parts/app";
import { Notice, sentence } from "../parts/state";
import type { Acts, Told } from "./acts";
import { Findings } from "./findings";

const DECIDED_WELL = new Set(["allowed", "moved", "admitted", "filled", "ticked", "set", "settled"]);

export function Outcome({ acts }: { acts: Acts }) {
  const { outcome } = acts;
  return (
    <div class="outcome" role="status" aria-live="polite">
      {outcome && outcome.told.kind !== "sending" && <Told told={outcome.told} />}
    </div>
  );
}

function Told({ told }: { told: Told }) {
  const { words } = useApp();
  switch (told.kind) {
    case "sending":
    case "written":
      return <Notice tone="info">{words.say(told.kind)}</Notice>;
    case "slow":
      return <Notice tone="warn">{words.say("slow")}</Notice>;
    case "done":
      return <Notice tone="good">{words.say("done")}</Notice>;
    case "decided":
      return <Notice tone={DECIDED_WELL.has(told.decision.kind) ? "good" : "warn"}>{told.decision.say}</Notice>;
    case "refused":
      return (
        <Notice tone="warn">
          <p>{sentence(told.trouble, words)}</p>
          {told.finding && (
            <>
              <p class="soft">{words.say("stillToDo")}</p>
              <Findings finding={told.finding} desk={null} />
            </>
          )}
        </Notice>
      );
  }
}
