// The inputs of the form. A text is taken when the field is left, not with each letter: each taking is
// one step that can be undone.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { BoardMember } from "../shapes";
import { useSay } from "../words";

export interface Option {
  value: string;
  name: string;
}

interface TextProps {
  label: string;
  value: string | null;
  set: (value: string | null) => void;
  hint?: string;
  lines?: number;
  placeholder?: string;
}

export function Text({ label, value, set, hint, lines = 1, placeholder = "" }: TextProps) {
  const id = useId();
  const [typed, setTyped] = useState(value ?? "");
  useEffect(() => setTyped(value ?? ""), [value]);
  const shared = {
    id,
    value: typed,
    placeholder,
    spellcheck: lines > 1,
    "aria-describedby": hint ? `${id}-hint` : undefined,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => setTyped(currentTarget.value),
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      const now = currentTarget.value.trim();
      if (now !== (value ?? "")) set(now || null);
    },
  };
  return (
    <div class="row">
      <label for={id}>{label}</label>
      {lines > 1 ? <textarea class="input" rows={lines} {...shared} /> : <input class="input" type="text" autocomplete="off" {...shared} />}
      {hint && (
        <p class="soft hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface NumberProps {
  label: string;
  value: number | null;
  set: (value: number | null) => void;
  hint?: string;
}

export function NumberOf({ label, value, set, hint }: NumberProps) {
  const id = useId();
  const change = (text: string) => {
    const now = text === "" ? null : Number(text);
    if (now === value || Number.isNaN(now)) return;
    set(now);
  };
  return (
    <div class="row">
      <label for={id}>{label}</label>
      <input
        class="input short"
        id={id}
        type="number"
        step="any"
        value={value ?? ""}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
      {hint && (
        <p class="soft hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function Flag({ label, value, set, hint }: { label: string; value: boolean; set: (value: boolean) => void; hint?: string }) {
  const id = useId();
  return (
    <div class="row flag">
      <label>
        <input type="checkbox" checked={value} aria-describedby={hint ? id : undefined} onChange={({ currentTarget }) => set(currentTarget.checked)} /> {label}
      </label>
      {hint && (
        <p class="soft hint" id={id}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface OneProps {
  label: string;
  value: string | null;
  options: Option[];
  set: (value: string | null) => void;
  /** What no value is called; without it there is always one. */
  none?: string;
  hint?: string;
}

export function One({ label, value, options, set, none, hint }: OneProps) {
  const id = useId();
  const known = value === null || value === "" || options.some((one) => one.value === value);
  return (
    <div class="row">
      <label for={id}>{label}</label>
      <select class="input" id={id} value={value ?? ""} aria-describedby={hint ? `${id}-hint` : undefined} onChange={({ currentTarget }) => set(currentTarget.value || null)}>
        {(none !== undefined || !value) && <option value="">{none ?? ""}</option>}
        {!known && <option value={value ?? ""}>{value}</option>}
        {options.map(({ value: key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      {hint && (
        <p class="soft hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface ManyProps {
  legend: string;
  value: string[];
  options: Option[];
  set: (value: string[]) => void;
  hint?: string;
}

/** What is chosen and no option any more can only be taken away. */
export function Many({ legend, value, options, set, hint }: ManyProps) {
  const all = [...options, ...value.filter((key) => !options.some((one) => one.value === key)).map((key) => ({ value: key, name: key }))];
  const toggle = (key: string, on: boolean) => set(on ? [...value, key] : value.filter((one) => one !== key));
  return (
    <fieldset class="row many">
      <legend>{legend}</legend>
      <div class="boxes">
        {all.map(({ value: key, name }) => (
          <label key={key}>
            <input type="checkbox" checked={value.includes(key)} onChange={({ currentTarget }) => toggle(key, currentTarget.checked)} /> {name}
          </label>
        ))}
      </div>
      {hint && <p class="soft hint">{hint}</p>}
    </fieldset>
  );
}

/** One to a line. */
export function Lines({ label, value, set, hint }: { label: string; value: string[]; set: (value: string[]) => void; hint?: string }) {
  const split = (text: string | null) => (text ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
  return <Text label={label} value={value.join("\n")} set={(text) => set(split(text))} lines={Math.min(Math.max(value.length + 1, 3), 10)} {...(hint && { hint })} />;
}

interface PeopleProps {
  legend: string;
  members: BoardMember[];
  /** Usernames. */
  people: string[];
  set: (people: string[]) => void;
  note?: string;
}

export function People({ legend, members, people, set, note = "" }: PeopleProps) {
  const say = useSay();
  const names = members.filter(({ bot, username }) => !bot || people.includes(username)).map(({ username, name, bot }) => ({ value: username, name: bot ? say("botOf", { name }) : name }));
  return <Many legend={legend} value={people} options={names} set={set} {...(note && { hint: note })} />;
}

/** A name for something new. */
export function Adder({ label, add }: { label: string; add: (name: string) => void }) {
  const say = useSay();
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const name = input.current?.value.trim();
    if (!name || !input.current) return;
    input.current.value = "";
    add(name);
  };
  return (
    <form class="adder" onSubmit={submit}>
      <input class="input" ref={input} type="text" aria-label={label} placeholder={label} autocomplete="off" />
      <button type="submit">{say("add")}</button>
    </form>
  );
}

/** Up, down, away. */
export function Order({ name, up, down, remove }: { name: string; up?: (() => void) | undefined; down?: (() => void) | undefined; remove: () => void }) {
  const say = useSay();
  return (
    <span class="order">
      <button type="button" class="quiet small" aria-disabled={!up} aria-label={say("upOf", { name })} title={say("up")} onClick={() => up?.()}>
        ↑
      </button>
      <button type="button" class="quiet small" aria-disabled={!down} aria-label={say("downOf", { name })} title={say("down")} onClick={() => down?.()}>
        ↓
      </button>
      <button type="button" class="quiet small" aria-label={say("removeOf", { name })} onClick={remove}>
        {say("remove")}
      </button>
    </span>
  );
}
