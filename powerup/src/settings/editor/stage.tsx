// A stage: what it is for, who moves cards in, what it asks for and what it brings.

import type { At, Change, Side, Stage } from "../shapes";
import { useSay } from "../words";
import { Flag, Many, NumberOf, One, Order, Text } from "./inputs";
import { Needs } from "./needs";
import { useDesk, useSetter } from "./work";

const isSide = (stage: Stage | Side): stage is Side => "put" in stage;

export function StageOf({ stage }: { stage: Stage | Side }) {
  const say = useSay();
  const { form, put, choose } = useDesk();
  const at: At = { part: "stage", key: stage.key };
  const set = useSetter(at, say("stageOf", { name: stage.name }));
  const roles = form.role.map(({ key, name }) => ({ value: key, name }));
  const all: { key: string }[] = isSide(stage) ? form.side : form.stage;
  const nth = all.findIndex(({ key }) => key === stage.key);
  const move = (to: number) => {
    const after = all[to]?.key;
    const change: Change = { change: "move", at, ...(after && { after }) };
    put(`${say("stageOf", { name: stage.name })}: ${say("order")}`, [change]);
  };
  return (
    <>
      <div class="part-head">
        <h3 tabIndex={-1}>{say("stageOf", { name: stage.name })}</h3>
        <Order
          name={stage.name}
          up={nth > 0 ? () => move(nth - 2) : undefined}
          down={nth + 1 < all.length ? () => move(nth + 1) : undefined}
          remove={() => {
            put(say("stageRemoved", { name: stage.name }), [{ change: "remove", at }]);
            choose("general");
          }}
        />
      </div>
      <Text label={say("name")} value={stage.name} set={(value) => value && set(say("name"), "name", value)} hint={say("stageNameHint")} />
      <Text label={say("purpose")} value={stage.purpose} set={(value) => set(say("purpose"), "purpose", value ?? "")} lines={2} hint={say("purposeHint")} />
      <Text label={say("workHere")} value={stage.work} set={(value) => set(say("workHere"), "work", value)} lines={2} />
      <One label={say("stageOwner")} value={stage.owner} options={roles} set={(value) => value && set(say("stageOwner"), "owner", value)} hint={say("stageOwnerHint")} />
      {isSide(stage) ? (
        <Many legend={say("putBy")} value={stage.put} options={roles} set={(value) => set(say("putBy"), "put", value)} />
      ) : (
        <Many
          legend={say("movers")}
          value={stage.movers ?? []}
          options={roles}
          set={(value) => set(say("movers"), "movers", value.length ? value : null)}
          hint={say("moversHint")}
        />
      )}
      <Text label={say("limit")} value={stage.limit} set={(value) => set(say("limit"), "limit", value)} hint={say("limitHint")} placeholder="16h" />
      <Needs stage={stage} />
      <Text label={say("once")} value={stage.once} set={(value) => set(say("once"), "once", value)} hint={say("onceHint")} />
      {!isSide(stage) && <Path stage={stage} />}
      <SeedOf stage={stage} />
      <p class="soft">{say("stageRest")}</p>
    </>
  );
}

function Path({ stage }: { stage: Stage }) {
  const say = useSay();
  const { form } = useDesk();
  const set = useSetter({ part: "stage", key: stage.key }, say("stageOf", { name: stage.name }));
  const roles = form.role.map(({ key, name }) => ({ value: key, name }));
  return (
    <details class="more">
      <summary>{say("wayOf")}</summary>
      <Many legend={say("skip")} value={stage.skip} options={roles} set={(value) => set(say("skip"), "skip", value)} />
      <Many legend={say("startHere")} value={stage.start} options={roles} set={(value) => set(say("startHere"), "start", value)} />
      <NumberOf
        label={say("wip")}
        value={stage.wip?.limit ?? null}
        set={(limit) => set(say("wip"), "wip", limit ? { limit, refuse: stage.wip?.refuse ?? false } : null)}
        hint={say("wipHint")}
      />
      {stage.wip && (
        <Flag
          label={say("wipRefuse")}
          value={stage.wip.refuse}
          set={(refuse) => set(say("wipRefuse"), "wip", { limit: stage.wip?.limit ?? 1, refuse })}
        />
      )}
      <Flag label={say("hold")} value={stage.hold} set={(value) => set(say("hold"), "hold", value)} hint={say("holdHint")} />
      <Flag label={say("final")} value={stage.final} set={(value) => set(say("final"), "final", value)} />
    </details>
  );
}

function SeedOf({ stage }: { stage: Stage | Side }) {
  const say = useSay();
  const { form } = useDesk();
  const set = useSetter({ part: "seed", stage: stage.key }, say("stageOf", { name: stage.name }));
  const keyed = (all: { key: string; name: string }[]) => all.map(({ key, name }) => ({ value: key, name }));
  const { seed } = stage;
  return (
    <details class="more">
      <summary>{say("brings")}</summary>
      <Many legend={say("seedChecklists")} value={seed.checklists} options={keyed(form.checklist)} set={(value) => set(say("seedChecklists"), "checklists", value)} />
      {form.label.length > 0 && (
        <>
          <Many legend={say("seedLabels")} value={seed.labels} options={keyed(form.label)} set={(value) => set(say("seedLabels"), "labels", value)} />
          <Many legend={say("seedUnlabels")} value={seed.unlabels} options={keyed(form.label)} set={(value) => set(say("seedUnlabels"), "unlabels", value)} />
        </>
      )}
      <Flag label={say("seedMembers")} value={seed.members} set={(value) => set(say("seedMembers"), "members", value)} />
      <Flag label={say("seedDue")} value={seed.due} set={(value) => set(say("seedDue"), "due", value)} />
      <Text label={say("letter")} value={seed.letter} set={(value) => set(say("letter"), "letter", value)} lines={4} hint={say("letterHint")} />
    </details>
  );
}
