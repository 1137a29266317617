// What the routes of `/setup` answer and take. `Form` and `Change` are the service's: a part of the file
// is named by its key, and what is not named in a change stays as it is written.

import type { Finding } from "../contract";
import type { Mistake } from "../contract";

export type { Mistake };

export interface BoardList {
  id: string;
  name: string;
  cards: number;
}

export interface BoardMember {
  id: string;
  name: string;
  username: string;
  admin: boolean;
  bot: boolean;
}

export type Mode = "watch" | "enforce";
export type ReadyKey = "shipped" | "own";

export interface Setup {
  board: { id: string; name: string; lists: BoardList[]; members: BoardMember[] };
  you: { id: string; name: string; admin: boolean };
  state: "none" | "active" | "paused" | "detached";
  mode: Mode | null;
  process: null | InForce;
  versions: Version[];
  ready: { key: ReadyKey; name: string; say: string }[];
  watched: null | Watched;
}

export interface InForce {
  version: string;
  name: string;
  text: string;
  /** None where the file is older than the form. */
  form: Form | null;
}

export interface Version {
  version: string;
  at: string | null;
  name: string;
  in_force: boolean;
}

export interface Watched {
  since: string;
  count: number;
  gates: { name: string; count: number; missing: { name: string; times: number }[] }[];
}

export interface Bound {
  stage: string;
  name: string;
  list: string | null;
  sure: boolean;
}

export interface Held {
  role: string;
  name: string;
  people: string[];
}

export interface Proposal {
  stages: Bound[];
  roles: Held[];
}

export interface Proposed {
  proposal: Proposal;
  text: string;
}

export interface Drafted {
  text: string;
  form: Form;
}

/** Without a form the text cannot be read so far that one could be filled in. */
export interface Changed {
  text: string;
  form: Form | null;
  diff: string;
  mistakes: Mistake[];
}

export interface Preview {
  version: string;
  diff: string;
  mistakes: Mistake[];
  creates: string[];
  troubles: string[];
  orphans: { stage: string; cards: number }[];
  /** `count` of them lack something; the first of those are shown. */
  cards: { of: number; outside: number; count: number; wanting: Wanting[] };
}

export interface Wanting {
  id: string;
  name: string;
  url: string;
  stage: string;
  stage_name: string;
  finding: Finding;
}

export interface When {
  field: string;
  is: string[] | null;
  is_not: string[] | null;
  filled: boolean | null;
}

export interface Need {
  when: When | null;
  say: string | null;
  by: string[];
  no_deputy: boolean;
  field: string | null;
  item: string | null;
  checklist: string | null;
  label: string | null;
  attachment: string | null;
  member: string | null;
  four_eyes: string | null;
  all: Need[] | null;
  any: Need[] | null;
}

export interface Seed {
  checklists: string[];
  labels: string[];
  unlabels: string[];
  members: boolean;
  due: boolean;
  letter: string | null;
  fill_mover: string[];
}

export interface Item {
  key: string | null;
  name: string;
  by: string[];
  no_deputy: boolean;
  when: When | null;
  lapses: boolean;
  target: string | null;
}

interface AnyStage {
  key: string;
  name: string;
  purpose: string;
  once: string | null;
  work: string | null;
  owner: string;
  limit: string | null;
  archive: { anyone: boolean; by: string[]; after: string | null } | null;
  seed: Seed;
  need: Need[];
}

export interface Stage extends AnyStage {
  movers: string[] | null;
  next: string[] | null;
  skip: string[];
  start: string[];
  hold: boolean;
  wip: { limit: number; refuse: boolean } | null;
  phase: string | null;
  final: boolean;
}

export interface Side extends AnyStage {
  put: string[];
  from: string[] | null;
}

export interface FormField {
  key: string;
  name: string;
  kind: string;
  min: number | null;
  max: number | null;
  above: number | null;
  whole: boolean;
  choices: string[];
  schemes: string[];
  ahead: boolean;
  within_days: number | null;
  not_before: string | null;
  pattern: string | null;
  example: string | null;
  check: string | null;
  from: string | null;
  when: When | null;
  by: string[];
  asks: string[];
  waits: boolean;
}

export interface Form {
  name: string;
  language: "ru" | "en" | null;
  time_zone: string;
  mode: Mode | null;
  owner: string;
  fields_in: string | null;
  seed_in_watch: boolean;
  news_list: string | null;
  guide: { title: string; text: string } | null;
  hours: { days: string[]; from: string; to: string; lunch: string[] | null; off: string[] } | null;
  limits: { reversals_per_hour: number | null; grace: string | null; bulk: number | null };
  label: { key: string; name: string; color: string | null }[];
  role: { key: string; name: string; people: string[]; deputies: string[] }[];
  field: FormField[];
  checklist: { key: string; name: string; item: Item[] }[];
  stage: Stage[];
  side: Side[];
}

export type At =
  | { part: "file" | "guide" | "hours" | "limits" }
  | { part: "label" | "role" | "field" | "checklist" | "stage"; key: string }
  | { part: "item"; checklist: string; key: string }
  | { part: "seed"; stage: string }
  | { part: "need"; stage: string; nth: number };

export type List =
  | { list: "label" | "role" | "field" | "checklist" | "stage" | "side" }
  | { list: "item"; checklist: string }
  | { list: "need"; stage: string };

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type Change =
  | { change: "set"; at: At; key: string; value: Json }
  | { change: "add"; to: List; what: Record<string, Json>; after?: string | number }
  | { change: "remove"; at: At }
  | { change: "move"; at: At; after?: string | number };
