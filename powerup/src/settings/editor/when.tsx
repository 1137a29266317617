// A condition: only for cards on which another field says so.

import { useSay, type Say } from "../words";
import type { Form, When } from "../shapes";
import { Lines, Many, One } from "./inputs";
import { useDesk } from "./work";

type Test = "is" | "is_not" | "filled" | "empty";

function testOf(when: When): Test {
  if (when.is) return "is";
  if (when.is_not) return "is_not";
  return when.filled === false ? "empty" : "filled";
}

/** As the file writes it: one test and no more. */
export type Lean = { field: string; is: string[] } | { field: string; is_not: string[] } | { field: string; filled: boolean };

export function leanWhen(when: When): Lean {
  const { field } = when;
  if (when.is) return { field, is: when.is };
  if (when.is_not) return { field, is_not: when.is_not };
  return { field, filled: when.filled !== false };
}

/** A condition where it is not opened. */
export function sayWhen(when: When, form: Form, say: Say): string {
  const name = form.field.find(({ key }) => key === when.field)?.name ?? when.field;
  const values = (when.is ?? when.is_not ?? []).join(", ");
  return say(({ is: "onlyIf", is_not: "onlyIfNot", filled: "onlyIfFilled", empty: "onlyIfEmpty" } as const)[testOf(when)], { name, values });
}

export function WhenOf({ value, set, self = "" }: { value: When | null; set: (value: Lean | null) => void; self?: string }) {
  const say = useSay();
  const { form } = useDesk();
  const fields = form.field.filter(({ key }) => key !== self);
  const about = form.field.find(({ key }) => key === value?.field);
  const pick = (test: Test, field: string) => {
    const choices = form.field.find(({ key }) => key === field)?.choices ?? [];
    const kept = value?.field === field ? (value.is ?? value.is_not ?? []) : [];
    const values = kept.length ? kept : choices.slice(0, 1);
    if (test === "filled" || test === "empty" || !values.length) return set({ field, filled: test !== "empty" });
    set(test === "is" ? { field, is: values } : { field, is_not: values });
  };
  const test = value ? testOf(value) : "filled";
  const values = value?.is ?? value?.is_not ?? [];
  const put = (all: string[]) => value && all.length && set(value.is ? { field: value.field, is: all } : { field: value.field, is_not: all });
  return (
    <div class="when">
      <One
        label={say("when")}
        none={say("always")}
        value={value?.field ?? null}
        options={fields.map(({ key, name }) => ({ value: key, name: say("whenField", { name }) }))}
        set={(field) => (field ? pick(form.field.find(({ key }) => key === field)?.choices.length ? "is" : "filled", field) : set(null))}
      />
      {value && (
        <One
          label={say("whenTest")}
          value={test}
          options={[
            ...(about?.choices.length || values.length ? [{ value: "is", name: say("testIs") }, { value: "is_not", name: say("testIsNot") }] : []),
            { value: "filled", name: say("testFilled") },
            { value: "empty", name: say("testEmpty") },
          ]}
          set={(next) => pick((next ?? "filled") as Test, value.field)}
        />
      )}
      {value && (test === "is" || test === "is_not") &&
        (about?.choices.length ? (
          <Many legend={say("whenValues")} value={values} options={about.choices.map((one) => ({ value: one, name: one }))} set={put} />
        ) : (
          <Lines label={say("whenValues")} value={values} set={put} />
        ))}
    </div>
  );
}
