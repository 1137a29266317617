// What became of what the viewer did: said once, politely, and read out.

import { useApp } from "../parts/app";
import { Notice, sentence, type Tone } from "../parts/state";
import type { Acts, Told } from "./acts";
import { Findings } from "./findings";

/** A kind that this page does not know is told without a colour of its own. */
const TONES: Record<string, Tone> = {
  admitted: "good", sent: "good", entered: "good", set: "good", allowed: "good",
  refused: "warn", would_refuse: "warn", left_as_pushed: "warn", lapsed: "warn", not_done: "warn", not_allowed: "warn",
};

export function Outcome({ acts }: { acts: Acts }) {
  return (
    <div class="outcome" role="status" aria-live="polite">
      {acts.told && <Told told={acts.told} />}
    </div>
  );
}

function Told({ told }: { told: Told }) {
  const { words } = useApp();
  switch (told.kind) {
    case "written":
      return <Notice tone="info">{words.say("written")}</Notice>;
    case "slow":
      return <Notice tone="warn">{words.say("slow")}</Notice>;
    case "done":
      return <Notice tone="good">{words.say("done")}</Notice>;
    case "decided":
      return <Notice tone={TONES[told.decision.kind] ?? "info"}>{told.decision.say}</Notice>;
    case "refused":
      return (
        <Notice tone="warn">
          <p>{sentence(told.trouble, words)}</p>
          {told.trouble.finding && (
            <>
              <p class="soft">{words.say("stillToDo")}</p>
              <Findings finding={told.trouble.finding} desk={null} />
            </>
          )}
        </Notice>
      );
  }
}
