// A field: what is asked, how a value must look, from which stage it is needed.

import type { At, FormField } from "../shapes";
import { useSay } from "../words";
import { Flag, Lines, Many, NumberOf, One, Order, Text } from "./inputs";
import { useDesk, useSetter } from "./work";
import { WhenOf } from "./when";

const KINDS = ["text", "number", "money", "date", "choice", "email", "phone", "url"] as const;
/** By which a card may wait. */
const WAITING = ["text", "date", "choice"];
const CHECKS = ["inn", "ogrn", "iban", "no_password"] as const;

export function FieldOf({ field }: { field: FormField }) {
  const say = useSay();
  const { form, put, choose } = useDesk();
  const at: At = { part: "field", key: field.key };
  const title = say("fieldOf", { name: field.name });
  const set = useSetter(at, title);
  const roles = form.role.map(({ key, name }) => ({ value: key, name }));
  const nth = form.field.findIndex(({ key }) => key === field.key);
  const move = (to: number) => {
    const after = form.field[to]?.key;
    put(`${title}: ${say("order")}`, [{ change: "move", at, ...(after && { after }) }]);
  };
  /** What another kind does not know goes with the old one. */
  const turn = (kind: string) => {
    const lists = { choices: kind === "choice" ? (field.choices.length ? field.choices : [say("firstChoice"), say("secondChoice")]) : null, schemes: null };
    const all = { ...lists, min: null, max: null, above: null, whole: null, ahead: null, within_days: null, not_before: null, pattern: null, check: null, ...(WAITING.includes(kind) ? {} : { waits: null }) };
    const had = Object.entries(all).filter(([key]) => key === "choices" || field[key as keyof FormField]);
    put(`${title}: ${say("kind")}`, [
      ...had.filter(([, value]) => value === null).map(([key]) => ({ change: "set", at, key, value: null }) as const),
      { change: "set", at, key: "kind", value: kind },
      ...(kind === "choice" ? [{ change: "set", at, key: "choices", value: all.choices } as const] : []),
    ]);
  };
  return (
    <>
      <div class="part-head">
        <h3 tabIndex={-1}>{title}</h3>
        <Order
          name={field.name}
          up={nth > 0 ? () => move(nth - 2) : undefined}
          down={nth + 1 < form.field.length ? () => move(nth + 1) : undefined}
          remove={() => {
            put(say("fieldRemoved", { name: field.name }), [{ change: "remove", at }]);
            choose("general");
          }}
        />
      </div>
      <Text label={say("name")} value={field.name} set={(value) => value && set(say("name"), "name", value)} hint={say("fieldNameHint")} />
      <One
        label={say("kind")}
        value={field.kind}
        options={KINDS.map((kind) => ({ value: kind, name: say(`is_${kind}`) }))}
        set={(kind) => kind && kind !== field.kind && turn(kind)}
      />
      <Rules field={field} />
      <Text label={say("example")} value={field.example} set={(value) => set(say("example"), "example", value)} hint={say("exampleHint")} />
      <One
        label={say("from")}
        none={say("fromNever")}
        value={field.from}
        options={form.stage.map(({ key, name }) => ({ value: key, name }))}
        set={(value) => set(say("from"), "from", value)}
        hint={say("fromHint")}
      />
      <WhenOf value={field.when} self={field.key} set={(when) => set(say("when"), "when", when)} />
      <Many legend={say("changedBy")} value={field.by} options={roles} set={(value) => set(say("changedBy"), "by", value)} hint={say("changedByHint")} />
      <Many legend={say("asks")} value={field.asks} options={roles} set={(value) => set(say("asks"), "asks", value)} hint={say("asksHint")} />
      {WAITING.includes(field.kind) && <Flag label={say("waitsByField")} value={field.waits} set={(value) => set(say("waitsByField"), "waits", value)} hint={say("waitsByFieldHint")} />}
    </>
  );
}

function Rules({ field }: { field: FormField }) {
  const say = useSay();
  const { form } = useDesk();
  const set = useSetter({ part: "field", key: field.key }, say("fieldOf", { name: field.name }));
  const number = (key: "min" | "max" | "above" | "within_days") => (
    <NumberOf label={say(key)} value={field[key]} set={(value) => set(say(key), key, value)} />
  );
  switch (field.kind) {
    case "text":
      return (
        <>
          <One
            label={say("check")}
            none={say("checkNone")}
            value={field.check}
            options={CHECKS.map((check) => ({ value: check, name: say(`check_${check}`) }))}
            set={(value) => set(say("check"), "check", value)}
          />
          <Text label={say("pattern")} value={field.pattern} set={(value) => set(say("pattern"), "pattern", value)} hint={say("patternHint")} />
          <NumberOf label={say("shortest")} value={field.min} set={(value) => set(say("shortest"), "min", value)} />
          <NumberOf label={say("longest")} value={field.max} set={(value) => set(say("longest"), "max", value)} />
        </>
      );
    case "number":
    case "money":
      return (
        <>
          {number("min")}
          {number("above")}
          {number("max")}
          {field.kind === "number" && <Flag label={say("whole")} value={field.whole} set={(value) => set(say("whole"), "whole", value)} />}
        </>
      );
    case "date":
      return (
        <>
          <Flag label={say("aheadOnly")} value={field.ahead} set={(value) => set(say("aheadOnly"), "ahead", value)} />
          {number("within_days")}
          <One
            label={say("notBefore")}
            none={say("anyDay")}
            value={field.not_before}
            options={form.field.filter(({ key, kind }) => kind === "date" && key !== field.key).map(({ key, name }) => ({ value: key, name }))}
            set={(value) => set(say("notBefore"), "not_before", value)}
          />
        </>
      );
    case "choice":
      return <Lines label={say("choices")} value={field.choices} set={(value) => value.length && set(say("choices"), "choices", value)} hint={say("onePerLine")} />;
    case "url":
      return <Lines label={say("schemes")} value={field.schemes} set={(value) => set(say("schemes"), "schemes", value)} hint={say("schemesHint")} />;
    default:
      return null;
  }
}
