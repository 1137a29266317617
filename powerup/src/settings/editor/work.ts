// The file as it stands with what has been changed so far. The service makes the changes, so that the
// form shows what the file would say; what it refuses is taken back with its reason.

import { createContext } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Trouble } from "../../api";
import { useApp } from "../../parts/app";
import { useAsked } from "../ask";
import type { At, BoardMember, Change, Changed, Form, Json } from "../shapes";
import { ask, overlay, put, type Step } from "./steps";

export interface Work {
  text: string;
  /** None where the file cannot be shown in a form. */
  form: Form | null;
  diff: string;
  mistakes: Changed["mistakes"];
  busy: boolean;
  /** Why the last change was not made. */
  refused: string;
  trouble: Trouble | null;
  again: () => void;
  /** The text cannot be read so far that a form could show it. */
  unreadable: boolean;
}

interface Made extends Changed {
  steps: readonly Step[];
}

export function useWork(text: string, form: Form | null, steps: Step[], set: (steps: Step[]) => void): Work {
  const { api } = useApp();
  /** Said until something else is changed. */
  const [refused, setRefused] = useState<{ say: string; left: readonly Step[] } | null>(null);
  const get = async (): Promise<Made> => {
    if (!steps.length) return { text, form, diff: "", mistakes: [], steps };
    return { ...(await api.setup<Changed>("/change", ask(text, steps))), steps };
  };
  const asked = useAsked(get, JSON.stringify([text, steps]));
  const good = useRef(form);
  if (asked.value?.form) good.current = asked.value.form;
  const made = asked.value;
  const last = steps.at(-1);
  const byHand = last !== undefined && "text" in last;
  const no = asked.trouble?.status === 422 && !asked.busy;
  useEffect(() => {
    if (!no || byHand || !asked.trouble) return;
    const left = made && starts(steps, made.steps) ? [...made.steps] : steps.slice(0, -1);
    setRefused({ say: asked.trouble.say, left });
    set(left);
  }, [no]);
  const shown = useMemo(() => {
    if (!made || !asked.busy || !good.current) return good.current;
    const ahead = steps.slice(common(steps, made.steps));
    return overlay(good.current, ahead.flatMap((step) => ("changes" in step ? step.changes : [])));
  }, [made, asked.busy, steps]);
  const wrong = no && byHand;
  return {
    text: byHand ? last.text : (made?.text ?? text),
    form: shown,
    diff: made?.diff ?? "",
    mistakes: wrong ? (asked.trouble?.mistakes ?? []) : (made?.mistakes ?? []),
    busy: asked.busy,
    refused: wrong ? (asked.trouble?.say ?? "") : refused?.left === steps ? refused.say : "",
    trouble: asked.trouble?.status === 422 ? null : asked.trouble,
    again: asked.again,
    unreadable: wrong || !good.current || (made !== null && made.form === null),
  };
}

function common(one: readonly Step[], other: readonly Step[]): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at++;
  return at;
}

const starts = (all: readonly Step[], first: readonly Step[]) => common(all, first) === first.length && first.length < all.length;

export interface Desk {
  form: Form;
  members: BoardMember[];
  /** One hand movement: what it is called in the list, and what it changes. */
  put: (say: string, changes: Change[]) => void;
  choose: (spot: string) => void;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("a part of the form is shown outside of it");
  return desk;
}

/** Sets values of one part; a row's label says in the list what was changed. */
export function useSetter(at: At, title: string): (label: string, key: string, value: Json) => void {
  const { put } = useDesk();
  return (label, key, value) => put(title ? `${title}: ${label}` : label, [{ change: "set", at, key, value }]);
}

export const added = (steps: Step[], say: string, changes: Change[]): Step[] => put(steps, { say, changes });
