// Which process: a ready one, or the board's own lists as they stand.

import { useApp } from "../../parts/app";
import { Failed } from "../../parts/state";
import { useDo } from "../ask";
import type { Proposed } from "../shapes";
import { useSay } from "../words";
import { zone } from "./built";
import { now, proposed } from "./steps";
import { Foot } from "../foot";
import { Frame, type Step } from "./wizard";

export function Choose({ setup, wizard, set }: Step) {
  const { api } = useApp();
  const say = useSay();
  const ask = useDo();
  const next = () => {
    const onward = (from: typeof wizard) => set({ ...from, step: "bind" });
    if (now(wizard)) return onward(wizard);
    ask.run(async () => {
      const { proposal } = await api.setup<Proposed>("/propose", { ready: wizard.ready, time_zone: zone() });
      onward(proposed(wizard, proposal));
    });
  };
  return (
    <Frame wizard={wizard}>
      <p class="soft">{say("chooseHow")}</p>
      <fieldset class="choices">
        <legend class="hidden">{say("stepChoose")}</legend>
        {setup.ready.map(({ key, name, say: what }) => (
          <label key={key} class="choice">
            <input type="radio" name="ready" checked={wizard.ready === key} onChange={() => set({ ...wizard, ready: key })} />
            <span>
              <strong>{name}</strong>
              <span class="soft">{what}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {ask.trouble && <Failed trouble={ask.trouble} again={next} />}
      <Foot next={next} busy={ask.busy} label={ask.busy ? say("working") : say("next")} />
    </Frame>
  );
}
