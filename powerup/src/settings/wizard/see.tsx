// What it would come to, before anything is written: what is created, how the cards stand, what is amiss.

import { useState } from "preact/hooks";
import { useApp } from "../../parts/app";
import { Failed, Loading } from "../../parts/state";
import { useAsked } from "../ask";
import { Editor } from "../editor/editor";
import { useWork } from "../editor/work";
import { Unseen } from "../force";
import { Review, stopped } from "../review";
import type { Drafted, Preview } from "../shapes";
import { useSay } from "../words";
import { useBuilt, useDraft } from "./built";
import { edit, now } from "./steps";
import { Foot } from "../foot";
import { Frame, type Step } from "./wizard";

export function See(step: Step) {
  const [rules, setRules] = useState(false);
  const { wizard } = step;
  return (
    <Frame wizard={wizard}>
      {rules ? <Rules {...step} close={() => setRules(false)} /> : <Foreseen {...step} rules={() => setRules(true)} />}
    </Frame>
  );
}

function Foreseen({ wizard, next, back, rules }: Step & { rules: () => void }) {
  const { api } = useApp();
  const say = useSay();
  const built = useBuilt(wizard, "watch");
  const text = built.value?.text ?? "";
  const seen = useAsked(async () => (text ? api.setup<Preview>("/preview", { text }) : null), text);
  const trouble = built.trouble ?? seen.trouble;
  const preview = seen.value;
  const ways = (
    <p class="ways">
      <button type="button" class="small" onClick={back}>
        {say("toLists")}
      </button>
      <button type="button" class="small" onClick={rules}>
        {say("toRules")}
      </button>
    </p>
  );
  const wait = built.busy || seen.busy;
  return (
    <>
      <p class="soft">{say("seeHow")}</p>
      {trouble && <Unseen trouble={trouble} again={built.trouble ? built.again : seen.again} />}
      {trouble && trouble.mistakes.length > 0 && ways}
      {!preview && !trouble && <Loading />}
      {preview && (
        <>
          <Review preview={preview} mend={ways} difference={false} />
          {!stopped(preview) && (
            <p>
              <button type="button" class="link" onClick={rules}>
                {say("toRulesMaybe")}
              </button>
            </p>
          )}
        </>
      )}
      <Foot back={back} next={next} busy={wait || !preview || Boolean(trouble)} label={say("next")} why={preview && stopped(preview) ? say("firstMend") : ""} />
    </>
  );
}

/** The form, over the file as the choices make it. */
function Rules(step: Step & { close: () => void }) {
  const draft = useDraft(step.wizard);
  if (!draft.value) return draft.trouble ? <Failed trouble={draft.trouble} again={draft.again} /> : <Loading />;
  return <Form {...step} draft={draft.value} />;
}

function Form({ setup, wizard, set, close, draft }: Step & { close: () => void; draft: Drafted }) {
  const say = useSay();
  const steps = now(wizard)?.steps ?? [];
  const put = (next: typeof steps) => set(edit(wizard, next));
  const work = useWork(draft.text, draft.form, steps, put);
  return (
    <Editor work={work} steps={steps} set={put} members={setup.board.members} admin>
      <Foot next={close} busy={work.busy} label={say("toPreview")} />
    </Editor>
  );
}
