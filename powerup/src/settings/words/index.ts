// The sentences of the settings, in a chunk of their own: no other page loads them.

import { useMemo } from "preact/hooks";
import { useApp } from "../../parts/app";
import type { Parts } from "../../words/words";
import { en } from "./en";
import { ru } from "./ru";

export type Key = keyof typeof en;
export type Say = (key: Key, parts?: Parts) => string;

export function useSay(): Say {
  const { words } = useApp();
  return useMemo(() => words.own({ en, ru }), [words]);
}
