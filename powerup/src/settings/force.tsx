// Puts a text in force: shows first what it would come to, and does it when a person says so. Somebody
// else's version in between is shown, never written over.

import type { ComponentChildren } from "preact";
import type { Trouble } from "../api";
import type { Mistake } from "../contract";
import { useApp } from "../parts/app";
import { Failed, Loading, Notice, sentence } from "../parts/state";
import { useAsked, useDo } from "./ask";
import { Difference } from "./difference";
import { Foot } from "./foot";
import { Mistakes, Review, stopped } from "./review";
import type { Preview } from "./shapes";
import { useSay } from "./words";

interface Act {
  text: string;
  /** The version that this text is to follow; none yet. */
  over: string | null;
  label: string;
  done: () => void;
  /** Somebody was faster: go on from what is in force now. */
  onward: () => void;
  back: () => void;
  backLabel: string;
  show?: (mistake: Mistake) => void;
}

interface Props extends Act {
  admin: boolean;
  mend?: ComponentChildren;
}

export function Force(props: Props) {
  const { api } = useApp();
  const say = useSay();
  const { text, over, admin, mend, show } = props;
  const asked = useAsked(() => api.setup<Preview>("/preview", { text }), text);
  if (!asked.value) {
    return (
      <>
        {asked.trouble ? <Unseen trouble={asked.trouble} again={asked.again} show={show} /> : <Loading />}
        <div class="foot">
          <button type="button" onClick={props.back}>
            {props.backLabel}
          </button>
        </div>
      </>
    );
  }
  const why = !admin ? say("adminsOnly") : stopped(asked.value) ? say("firstMend") : "";
  return (
    <Activate {...props} why={why}>
      <Review preview={asked.value} mend={mend} {...(show && { show })} difference={over !== null} />
    </Activate>
  );
}

/** There is nothing to foresee of a file with mistakes: they are shown instead. */
export function Unseen({ trouble, again, show }: { trouble: Trouble; again: () => void; show?: ((mistake: Mistake) => void) | undefined }) {
  if (!trouble.mistakes.length) return <Failed trouble={trouble} again={again} />;
  return <Mistakes mistakes={trouble.mistakes} show={show} />;
}

/** `why`: it cannot be done yet. */
export function Activate({ text, over, label, done, onward, back, backLabel, show, why, children }: Act & { why: string; children?: ComponentChildren }) {
  const { api, words } = useApp();
  const say = useSay();
  const force = useDo();
  const run = () =>
    force.run(async () => {
      await api.setup("/activate", { text, over });
      done();
    });
  if (force.trouble?.code === "conflict") return <Conflict over={over} onward={onward} />;
  return (
    <>
      {children}
      {force.trouble && (
        <Notice tone="bad">
          <p role="alert">{sentence(force.trouble, words)}</p>
          <Mistakes mistakes={force.trouble.mistakes} show={show} />
        </Notice>
      )}
      <Foot back={back} backLabel={backLabel} next={run} label={force.busy ? say("working") : label} busy={force.busy} why={why} />
    </>
  );
}

/** What somebody else has put in force meanwhile; who it was, nobody has written down. */
function Conflict({ over, onward }: { over: string | null; onward: () => void }) {
  const { api } = useApp();
  const say = useSay();
  const asked = useAsked(async () => (over === null ? null : api.setup<{ diff: string }>(`/versions/${encodeURIComponent(over)}`)), over ?? "");
  return (
    <section class="conflict">
      <Notice tone="warn">
        <p role="alert">{say("conflict")}</p>
        <p class="soft">{say("conflictHow")}</p>
      </Notice>
      {asked.busy && <Loading />}
      {asked.trouble && <Failed trouble={asked.trouble} again={asked.again} />}
      {asked.value && (
        <>
          <h3>{say("conflictDiff")}</h3>
          <Difference diff={asked.value.diff} caption={say("conflictDiff")} />
        </>
      )}
      <div class="foot">
        <button type="button" class="main" onClick={onward}>
          {say("goOn")}
        </button>
      </div>
    </section>
  );
}
