// A gate: what must be true of a card before it may enter the stage.

import { Icon } from "../../parts/icon";
import { useSay, type Say } from "../words";
import type { Change, Form, Need, Side, Stage } from "../shapes";
import { Flag, Many, One, Order, Text, type Option } from "./inputs";
import { differing, kindOf, KINDS, lean, ofKind, type NeedKind } from "./need";
import { sayWhen, WhenOf } from "./when";
import { useDesk } from "./work";

export function optionsFor(kind: NeedKind, form: Form): Option[] {
  const keyed = (all: { key: string; name: string }[]) => all.map(({ key, name }) => ({ value: key, name }));
  switch (kind) {
    case "field":
      return keyed(form.field);
    case "checklist":
      return keyed(form.checklist);
    case "label":
      return keyed(form.label);
    case "member":
      return keyed(form.role);
    case "item":
    case "four_eyes":
      return form.checklist.flatMap((list) =>
        list.item.map((item) => ({ value: item.key ?? `${list.key}: ${item.name.trim()}`, name: `${list.name}: ${item.name}` })),
      );
    default:
      return [];
  }
}

/** What a need is called where it is not opened. */
export function sayNeed(need: Need, form: Form, say: Say): string {
  const kind = kindOf(need);
  if (need.say) return need.say;
  if (kind === "any" || kind === "all") {
    return say(kind === "any" ? "needAnyOf" : "needAllOf", { parts: (need[kind] ?? []).map((one) => sayNeed(one, form, say)).join("; ") });
  }
  const value = need[kind] ?? "";
  const name = optionsFor(kind, form).find((one) => one.value === value)?.name ?? value;
  return say(`need_${kind}`, { name });
}

export function Needs({ stage }: { stage: Stage | Side }) {
  const say = useSay();
  const { form, put } = useDesk();
  const at = (nth: number) => ({ part: "need", stage: stage.key, nth }) as const;
  const title = say("gateOf", { stage: stage.name });
  const set = (nth: number, was: Need, next: Need) => {
    const changes = differing(was, next).map(({ key, value }): Change => ({ change: "set", at: at(nth), key, value }));
    if (changes.length) put(`${title}: ${sayNeed(next, form, say)}`, changes);
  };
  const add = (need: Need) => {
    const last = stage.need.length - 1;
    put(`${title}: + ${sayNeed(need, form, say)}`, [
      { change: "add", to: { list: "need", stage: stage.key }, what: lean(need), ...(last >= 0 && { after: last }) },
    ]);
  };
  const move = (nth: number, after: number) => put(`${title}: ${say("order")}`, [{ change: "move", at: at(nth), ...(after >= 0 && { after }) }]);
  return (
    <section class="needs" data-part>
      <h4 tabIndex={-1}>{say("gate")}</h4>
      <FieldsFrom stage={stage.key} />
      <ul>
        {stage.need.map((need, nth) => {
          const name = sayNeed(need, form, say);
          return (
            <li key={nth} class="one">
              <details>
                <summary>
                  {name} {need.when && <span class="soft">({sayWhen(need.when, form, say)})</span>}
                </summary>
                <NeedOf need={need} set={(next) => set(nth, need, next)} />
              </details>
              <Order
                name={name}
                up={nth ? () => move(nth, nth - 2) : undefined}
                down={nth + 1 < stage.need.length ? () => move(nth, nth + 1) : undefined}
                remove={() => put(`${title}: − ${name}`, [{ change: "remove", at: at(nth) }])}
              />
            </li>
          );
        })}
      </ul>
      <AddNeed add={add} />
    </section>
  );
}

/** Fields are asked for by themselves, from the stage that each of them names. */
function FieldsFrom({ stage }: { stage: string }) {
  const say = useSay();
  const { form, choose } = useDesk();
  const at = form.stage.findIndex(({ key }) => key === stage);
  const before = new Set(form.stage.slice(0, Math.max(at, 0)).map(({ key }) => key));
  const own = form.field.filter(({ from }) => from === stage);
  const earlier = form.field.filter(({ from }) => from !== null && before.has(from)).length;
  return (
    <>
      {own.length > 0 && (
        <p class="asked">
          {say("fieldsHere")}{" "}
          {own.map(({ key, name }) => (
            <button key={key} type="button" class="link" onClick={() => choose(`field:${key}`)}>
              {name}
            </button>
          ))}
        </p>
      )}
      {earlier > 0 && <p class="soft">{say("fieldsEarlier", { n: earlier })}</p>}
      {!own.length && <p class="soft hint">{say("fieldsHow")}</p>}
    </>
  );
}

/** The kinds for which there is something to choose from. */
function possible(form: Form): NeedKind[] {
  return KINDS.filter((kind) => kind === "attachment" || kind === "any" || kind === "all" || optionsFor(kind, form).length > 0);
}

function AddNeed({ add }: { add: (need: Need) => void }) {
  const say = useSay();
  const { form } = useDesk();
  return (
    <div class="add-need">
      <One
        label={say("addNeed")}
        value={null}
        none={say("chooseNeed")}
        options={possible(form).map((kind) => ({ value: kind, name: say(`kind_${kind}`) }))}
        set={(kind) => kind && add(ofKind(kind as NeedKind, form, optionsFor))}
      />
    </div>
  );
}

function NeedOf({ need, set }: { need: Need; set: (need: Need) => void }) {
  const say = useSay();
  const { form } = useDesk();
  const kind = kindOf(need);
  const roles = form.role.map(({ key, name }) => ({ value: key, name }));
  const group = kind === "any" || kind === "all";
  const acts = kind === "item" || kind === "label" || kind === "attachment" || kind === "checklist";
  return (
    <div class="need">
      <One
        label={say("needKind")}
        value={kind}
        options={possible(form).map((one) => ({ value: one, name: say(`kind_${one}`) }))}
        set={(next) => next && next !== kind && set({ ...ofKind(next as NeedKind, form, optionsFor, need), say: need.say, when: need.when })}
      />
      {group ? (
        <Group kind={kind} need={need} set={set} />
      ) : kind === "attachment" ? (
        <Text label={say("attachmentName")} value={need.attachment} set={(value) => value && set({ ...need, attachment: value })} hint={say("attachmentHint")} />
      ) : (
        <One label={say(`what_${kind}`)} value={need[kind]} options={optionsFor(kind, form)} set={(value) => value && set({ ...need, [kind]: value })} />
      )}
      {acts && <Many legend={say("countsBy")} value={need.by} options={roles} set={(by) => set({ ...need, by })} hint={say("countsByHint")} />}
      {kind === "item" && <Flag label={say("noDeputy")} value={need.no_deputy} set={(no_deputy) => set({ ...need, no_deputy })} />}
      <Text label={say("needSay")} value={need.say} set={(value) => set({ ...need, say: value })} hint={say("needSayHint")} />
      <WhenOf value={need.when} set={(when) => set({ ...need, when: when ? { is: null, is_not: null, filled: null, ...when } : null })} />
    </div>
  );
}

function Group({ kind, need, set }: { kind: "any" | "all"; need: Need; set: (need: Need) => void }) {
  const say = useSay();
  const { form } = useDesk();
  const parts = need[kind] ?? [];
  const put = (next: Need[]) => set({ ...need, [kind]: next });
  return (
    <div class="group">
      <ul>
        {parts.map((one, nth) => {
          const name = sayNeed(one, form, say);
          return (
            <li key={nth} class="one">
              <details>
                <summary>
                  <Icon name="circle" /> {name}
                </summary>
                <NeedOf need={one} set={(next) => put(parts.map((was, at) => (at === nth ? next : was)))} />
              </details>
              {parts.length > 1 && (
                <button type="button" class="quiet small" aria-label={say("removeOf", { name })} onClick={() => put(parts.filter((_, at) => at !== nth))}>
                  {say("remove")}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <AddNeed add={(one) => put([...parts, one])} />
    </div>
  );
}

