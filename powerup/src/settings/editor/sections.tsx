// The parts of the process as a list to go through, and the place where a new one is begun.

import type { ComponentChild } from "preact";
import { useSay, type Key } from "../words";
import { ChecklistOf } from "./checklist";
import { FieldOf } from "./field";
import { Adder } from "./inputs";
import { keyFor } from "./keys";
import { StageOf } from "./stage";
import { General, Guide, Hours, Labels, Limits, Roles } from "./whole";
import { useDesk } from "./work";

const WHOLE = { general: General, roles: Roles, hours: Hours, limits: Limits, labels: Labels, guide: Guide } as const;
type Whole = keyof typeof WHOLE;

interface Entry {
  spot: string;
  name: string;
}

export function Sections({ spot, choose }: { spot: string; choose: (spot: string) => void }) {
  const say = useSay();
  const { form } = useDesk();
  const keyed = (kind: string, all: { key: string; name: string }[]): Entry[] => all.map(({ key, name }) => ({ spot: `${kind}:${key}`, name }));
  const groups: [Key, Entry[], ComponentChild][] = [
    ["inGeneral", (Object.keys(WHOLE) as Whole[]).map((key) => ({ spot: key, name: say(key) })), null],
    ["stages", keyed("stage", form.stage), <NewStage />],
    ["sideStages", keyed("stage", form.side), null],
    ["fields", keyed("field", form.field), <NewField />],
    ["checklists", keyed("checklist", form.checklist), <NewChecklist />],
  ];
  return (
    <nav class="sections" aria-label={say("parts")}>
      {groups.map(([title, entries, adder]) =>
        entries.length || adder ? (
          <details key={title} open={title === "inGeneral" || title === "stages" || entries.some((one) => one.spot === spot)}>
            <summary>
              {say(title)} <span class="soft">{title === "inGeneral" ? "" : entries.length}</span>
            </summary>
            <ul>
              {entries.map((one) => (
                <li key={one.spot}>
                  <button type="button" class="quiet entry" aria-current={one.spot === spot ? "true" : undefined} onClick={() => choose(one.spot)}>
                    {one.name}
                  </button>
                </li>
              ))}
            </ul>
            {adder}
          </details>
        ) : null,
      )}
    </nav>
  );
}

/** In front of the stage where cards stay, if there is one. */
function NewStage() {
  const say = useSay();
  const { form, put, choose } = useDesk();
  const add = (name: string) => {
    const last = form.stage.at(-1);
    const before = last?.final ? form.stage.at(-2) : last;
    const key = keyFor(name, [...form.stage, ...form.side].map((stage) => stage.key), "stage");
    const what = { key, name, purpose: say("newPurpose", { name }), owner: before?.owner ?? form.owner };
    put(`${say("stages")}: + ${name}`, [{ change: "add", to: { list: "stage" }, what, ...(before && { after: before.key }) }]);
    choose(`stage:${key}`);
  };
  return <Adder label={say("newStage")} add={add} />;
}

function NewField() {
  const say = useSay();
  const { form, put, choose } = useDesk();
  const add = (name: string) => {
    const last = form.field.at(-1);
    const key = keyFor(name, form.field.map((field) => field.key), "field");
    put(`${say("fields")}: + ${name}`, [{ change: "add", to: { list: "field" }, what: { key, name, kind: "text" }, ...(last && { after: last.key }) }]);
    choose(`field:${key}`);
  };
  return <Adder label={say("newField")} add={add} />;
}

function NewChecklist() {
  const say = useSay();
  const { form, put, choose } = useDesk();
  const add = (name: string) => {
    const last = form.checklist.at(-1);
    const key = keyFor(name, form.checklist.map((list) => list.key), "list");
    const what = { key, name, item: [{ name: say("firstItem") }] };
    put(`${say("checklists")}: + ${name}`, [{ change: "add", to: { list: "checklist" }, what, ...(last && { after: last.key }) }]);
    choose(`checklist:${key}`);
  };
  return <Adder label={say("newChecklist")} add={add} />;
}

/** The part that is chosen; none for one that is not there, or not yet. */
export function Part({ spot }: { spot: string }) {
  const say = useSay();
  const { form } = useDesk();
  const [kind, ...rest] = spot.split(":");
  const key = rest.join(":");
  if (kind === "stage") {
    const stage = [...form.stage, ...form.side].find((one) => one.key === key);
    if (stage) return <StageOf stage={stage} key={key} />;
  }
  if (kind === "field") {
    const field = form.field.find((one) => one.key === key);
    if (field) return <FieldOf field={field} key={key} />;
  }
  if (kind === "checklist") {
    const list = form.checklist.find((one) => one.key === key);
    if (list) return <ChecklistOf list={list} key={key} />;
  }
  if (kind && kind in WHOLE) {
    const Whole = WHOLE[kind as Whole];
    return <Whole />;
  }
  return <p class="soft">{say("partGone")}</p>;
}
