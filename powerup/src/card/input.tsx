// One field of the card, filled in place. The value goes as it was typed: the service reads «12 900,00»
// as well as anyone, and says what is wrong with it.

import type { Field } from "../contract";
import { useApp } from "../parts/app";
import { toInput } from "./dates";

/** Which keys a phone offers. A date that somebody wrote in words stays so until it is changed. */
const KEYS = { text: "text", date: "text", number: "numeric", money: "decimal", email: "email", phone: "tel", url: "url" } as const;

interface Props {
  field: Field;
  id: string;
  value: string;
  wrong: string | undefined;
  type: (value: string) => void;
}

export function Input({ field, id, value, wrong, type }: Props) {
  const { words } = useApp();
  const why = wrong ?? (value === field.value ? field.why : null);
  const note = why ? `${id}-why` : undefined;
  const shared = { id, class: "input", "aria-label": field.name, "aria-invalid": Boolean(why), "aria-describedby": note };
  return (
    <div class="filled">
      {field.kind === "choice" ? (
        <select {...shared} value={value} onChange={({ currentTarget }) => type(currentTarget.value)}>
          <option value="">{words.say("choose")}</option>
          {[...new Set([...field.choices, ...(value ? [value] : [])])].map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : field.kind === "date" && (!value || toInput(value)) ? (
        <input {...shared} type="date" value={toInput(value)} onInput={({ currentTarget }) => type(currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={KEYS[field.kind]}
          autocomplete="off"
          spellcheck={false}
          placeholder={field.example ? words.say("example", { what: field.example }) : ""}
          value={value}
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      )}
      {why && (
        <p class="wrong" id={note}>
          {why}
        </p>
      )}
    </div>
  );
}
