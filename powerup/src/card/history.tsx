// What was decided about the card, newest first; each opens to what was looked at and the rule of
// that time.

import { useEffect, useState } from "preact/hooks";
import { Trouble } from "../api";
import type { Decision, DecisionView } from "../contract";
import { useApp } from "../parts/app";
import { Failed } from "../parts/state";
import { Findings } from "./findings";

const FIRST = 3;

export function History({ decisions }: { decisions: Decision[] }) {
  const { words } = useApp();
  const [all, setAll] = useState(false);
  const shown = all ? decisions : decisions.slice(0, FIRST);
  if (!decisions.length) return null;
  return (
    <section class="block" data-part>
      <h3 tabIndex={-1}>{words.say("history")}</h3>
      <ul class="history">
        {shown.map((decision) => (
          <li key={decision.id}>
            <One decision={decision} />
          </li>
        ))}
      </ul>
      {decisions.length > shown.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {words.say("older", { n: decisions.length - shown.length })}
        </button>
      )}
    </section>
  );
}

function One({ decision }: { decision: Decision }) {
  const { words } = useApp();
  const [open, setOpen] = useState(false);
  return (
    <details class={`decision kind-${decision.kind}`} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span class="said">{decision.say}</span>
        <span class="soft">
          {[words.when(decision.at), decision.by, decision.disputed && words.say("disputed")].filter(Boolean).join(" · ")}
        </span>
      </summary>
      {open && <Then id={decision.id} />}
    </details>
  );
}

function Then({ id }: { id: string }) {
  const { api, words } = useApp();
  const [was, setWas] = useState<DecisionView | Trouble | null>(null);
  const ask = () => {
    api.decision(id).then(setWas, (cause: unknown) => setWas(cause instanceof Trouble ? cause : new Trouble("odd")));
  };
  useEffect(ask, [id]);
  if (!was) {
    return (
      <p class="soft" role="status">
        {words.say("loading")}
      </p>
    );
  }
  if (was instanceof Trouble) return <Failed trouble={was} again={ask} />;
  return (
    <div class="then">
      {was.finding && (
        <>
          <h4>{words.say("factsThen")}</h4>
          <Findings finding={was.finding} desk={null} />
        </>
      )}
      {was.rule && (
        <>
          <h4>{words.say("ruleThen", { version: was.version })}</h4>
          <pre tabIndex={0}>{was.rule}</pre>
        </>
      )}
    </div>
  );
}
