// What is missing, as a list of things to do, each mended where it stands. What is done is one line.

import { useState } from "preact/hooks";
import type { Field, Finding } from "../contract";
import { useApp } from "../parts/app";
import { Icon } from "../parts/icon";
import type { Acts } from "./acts";
import type { Drafts } from "./drafts";
import { Input } from "./input";
import { count, split } from "./tree";

export interface Desk {
  acts: Acts;
  drafts: Drafts;
  /** Distinguishes two trees on one page. */
  name: string;
  /** The stage that the findings lead to: an asked person is told. */
  stage: string;
}

/** `desk` null: only to be read, as it was then. */
export function Findings({ finding, desk }: { finding: Finding; desk: Desk | null }) {
  const { words } = useApp();
  const { todo, done } = split(finding);
  const n = count(todo) + done.length;
  return (
    <div class="findings">
      {todo.length > 0 && <List of={todo} desk={desk} path={desk?.name ?? "then"} />}
      {done.length > 0 && (
        <details class="done" open={!desk && !todo.length}>
          <summary>
            <Icon name="check" />
            {words.say("doneOf", { done: done.length, n })}
            <Icon name="down" />
          </summary>
          <List of={done} desk={desk} path={`${desk?.name ?? "then"}-done`} />
        </details>
      )}
    </div>
  );
}

function List({ of, desk, path, kind = "all" }: { of: Finding[]; desk: Desk | null; path: string; kind?: Finding["kind"] }) {
  return (
    <ul class={`list ${kind}`}>
      {of.map((one) => (
        <Row key={one.id} finding={one} desk={desk} path={`${path}-${one.id}`} />
      ))}
    </ul>
  );
}

function Row({ finding, desk, path }: { finding: Finding; desk: Desk | null; path: string }) {
  const { words } = useApp();
  const { ok, say, why, kind, parts } = finding;
  if (kind !== "leaf" && parts.length) {
    return (
      <li class="group">
        <div class="row">
          <span class="sign">
            <Icon name="circle" />
          </span>
          <div class="what">
            <span class="name">
              {say || words.say("anyOf")}
              {say && kind === "any" && <span class="soft">: {words.say("anyOf").toLocaleLowerCase(words.lang)}</span>}
            </span>
            {why && <span class="why">{why}</span>}
          </div>
        </div>
        <List of={parts} desk={desk} path={path} kind={kind} />
      </li>
    );
  }
  const mend = desk ? finding.mend : null;
  const field = mend?.how === "field" ? mend.field : null;
  return (
    <li class={ok ? "leaf ok" : "leaf"}>
      <div class="row">
        <span class="sign">
          {desk && mend?.how === "tick" ? <Tick finding={finding} item={mend.item} desk={desk} /> : <Icon name={ok ? "check" : "circle"} />}
        </span>
        <div class="what">
          <span class="name">{say}</span>
          <Reason finding={finding} shownBelow={Boolean(field && !ok && (field.why || !field.value))} />
          {desk && field && <Fill field={field} ok={ok} path={path} desk={desk} />}
        </div>
        {desk && finding.ask && !ok && <Ask finding={finding} desk={desk} />}
      </div>
    </li>
  );
}

/** Why it is so, and who can change it unless the viewer can. */
function Reason({ finding, shownBelow }: { finding: Finding; shownBelow: boolean }) {
  const { words } = useApp();
  const who = !finding.ok && !finding.mend && finding.who.length ? words.say("canDo", { who: words.either(finding.who) }) : "";
  const why = shownBelow ? "" : (finding.why ?? "");
  if (!why && !who) return null;
  return (
    <span class="why">
      {why}
      {why && who && " · "}
      {who}
    </span>
  );
}

function Tick({ finding, item, desk }: { finding: Finding; item: string; desk: Desk }) {
  const { words } = useApp();
  const { ticking, send } = desk.acts;
  return (
    <input
      type="checkbox"
      class="tick"
      checked={finding.ok || ticking(item)}
      aria-label={words.say("tick", { what: finding.say })}
      onClick={(event) => {
        // The card decides how it looks, not the browser.
        event.preventDefault();
        if (!finding.ok) send({ act: "tick", item });
      }}
    />
  );
}

function Fill({ field, ok, path, desk }: { field: Field; ok: boolean; path: string; desk: Desk }) {
  const { words } = useApp();
  const [open, setOpen] = useState(false);
  const { drafts, acts } = desk;
  const value = drafts.typed[field.key] ?? field.value;
  // A reason is about the value that was sent; another value is given another try.
  const wrong = acts.sent[field.key] === value ? acts.wrong[field.key] : undefined;
  if (ok && !open && drafts.typed[field.key] === undefined) {
    return (
      <span class="value">
        {field.value}{" "}
        <button type="button" class="link" onClick={() => setOpen(true)} aria-label={`${words.say("change")}: ${field.name}`}>
          {words.say("change")}
        </button>
      </span>
    );
  }
  return (
    <Input
      field={field}
      id={`f-${path}`}
      value={value}
      wrong={wrong}
      type={(value) => drafts.type(field.key, value)}
    />
  );
}

function Ask({ finding, desk }: { finding: Finding; desk: Desk }) {
  const { words } = useApp();
  const { acts, stage } = desk;
  const act = { act: "ask", stage, of: finding.id } as const;
  const asked = acts.asked.has(finding.id);
  return (
    <button
      type="button"
      class="small"
      aria-disabled={asked || acts.under(act)}
      aria-label={asked ? words.say("asked") : words.say("askFor", { what: finding.say })}
      onClick={() => !asked && acts.send(act)}
    >
      {asked ? words.say("asked") : words.say("ask")}
    </button>
  );
}
