// The last step: watching first, or holding at once.

import { Failed, Loading } from "../../parts/state";
import { Activate } from "../force";
import type { Mode } from "../shapes";
import { useSay } from "../words";
import { useBuilt } from "./built";
import { Frame, type Step } from "./wizard";

const MODES: Mode[] = ["watch", "enforce"];

export function Begin({ setup, wizard, set, back, done, again }: Step) {
  const say = useSay();
  const built = useBuilt(wizard, wizard.mode);
  return (
    <Frame wizard={wizard}>
      <fieldset class="choices">
        <legend class="hidden">{say("stepBegin")}</legend>
        {MODES.map((mode) => (
          <label key={mode} class="choice">
            <input type="radio" name="mode" checked={wizard.mode === mode} onChange={() => set({ ...wizard, mode })} />
            <span>
              <strong>{say(mode === "watch" ? "inWatch" : "inForce")}</strong>
              <span class="soft">{say(mode === "watch" ? "inWatchSays" : "inForceSays")}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p class="soft">{say("beginNote")}</p>
      {built.trouble && <Failed trouble={built.trouble} again={built.again} />}
      {!built.value && !built.trouble && <Loading />}
      {built.value && (
        <Activate
          text={built.value.text}
          over={setup.process?.version ?? null}
          label={say(wizard.mode === "watch" ? "startWatch" : "startForce")}
          done={() => done(say(wizard.mode === "watch" ? "isWatched" : "isHeld"))}
          onward={again}
          back={back}
          backLabel={say("back")}
          why={built.busy || built.trouble ? say("working") : ""}
        />
      )}
    </Frame>
  );
}
