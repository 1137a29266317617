// What the service's API answers: the shapes of `/api/…`. Names of stages, fields and items are the
// process file's; `say` and `why` come ready to be shown, in the viewer's language.

export interface Person {
  id: string;
  name: string;
  username: string;
}

export interface Process {
  name: string;
  version: string;
  language: "ru" | "en";
  mode: "watch" | "enforce";
  state: "active" | "paused";
}

export interface You {
  id: string;
  name: string;
  roles: string[];
  writes: boolean;
  admin: boolean;
}

export type Phase = "sale" | "service" | "accounts";

export interface Step {
  key: string;
  name: string;
  purpose: string;
  phase: Phase | null;
  state: "passed" | "here" | "ahead";
}

/** What it costs that a card stands there for too long. */
export interface Delay {
  days: number;
  amount: number;
  currency: string | null;
}

/** The card waits for somebody outside: its time stands still. */
export interface Waits {
  since: string;
  /** Empty where nobody said. */
  reason: string;
  /** A day. */
  until: string | null;
}

export interface Standing {
  key: string;
  name: string;
  side: boolean;
  since: string;
  so_far_minutes: number;
  limit_minutes: number | null;
  late: boolean;
  delay?: Delay;
  waiting?: Waits;
}

export interface Trouble {
  kind: "not_admitted" | "waits" | "aside" | "closed" | "gone" | "unknown";
  say: string;
}

export interface Turn {
  role: string;
  people: Person[];
}

export interface Field {
  key: string;
  name: string;
  kind: "text" | "number" | "date" | "choice" | "email" | "phone" | "url" | "money";
  choices: string[];
  example: string | null;
  value: string;
  why: string | null;
}

export type Mend = { how: "field"; field: Field } | { how: "tick"; item: string };

/** One thing that was looked at. `mend` is what this viewer can do about it on the spot. */
export interface Finding {
  id: string;
  ok: boolean;
  say: string;
  why: string | null;
  who: string[];
  kind: "leaf" | "all" | "any" | "checklist";
  mend: Mend | null;
  ask: boolean;
  parts: Finding[];
}

export interface Move {
  stage: string;
  name: string;
  way: "forward" | "side" | "return" | "back";
  legal: boolean;
  say: string | null;
  finding: Finding | null;
}

export interface Decision {
  id: string;
  at: string;
  kind: string;
  say: string;
  by: string | null;
  version: string;
  disputed: boolean;
}

export interface Place {
  target: string;
  name: string;
  state: "waits" | "confirmed" | "by_hand" | "wanting" | "refused" | "several" | "drifted" | "down";
  number: string | null;
  link: string | null;
  say: string | null;
}

export interface CardView {
  card: { id: string; name: string; url: string };
  process: Process;
  you: You;
  track: Step[];
  standing: Standing | null;
  trouble: Trouble | null;
  turn: Turn;
  moves: Move[];
  decisions: Decision[];
  places: Place[];
  at: string;
}

export interface DecisionView {
  decision: Decision;
  card: { id: string; name: string };
  stage: string | null;
  finding: Finding | null;
  version: string;
  rule: string | null;
}

export type Act =
  | { act: "move"; stage: string }
  | { act: "set"; fields: Record<string, string> }
  /** A tick is taken off on the card itself. */
  | { act: "tick"; item: string }
  | { act: "ask"; stage: string; of: string };

export interface BoardStage {
  key: string;
  name: string;
  purpose: string;
  work: string | null;
  once: string | null;
  phase: string | null;
  side: boolean;
  final: boolean;
  owner: Turn;
  movers: string[];
  limit_minutes: number | null;
  needs: string[];
  wip: number | null;
  list: string;
}

export interface BoardCard {
  id: string;
  name: string;
  url: string;
  stage: string | null;
  since: string | null;
  so_far_minutes: number;
  limit_minutes: number | null;
  late: boolean;
  delay?: Delay;
  waiting?: Waits;
  missing: number;
  todo: string[];
  turn: Person[];
  next: string | null;
  refused_at: string | null;
  not_admitted: boolean;
}

export interface BoardView {
  process: Process;
  you: You;
  stages: BoardStage[];
  cards: BoardCard[];
  at: string;
  /** Something has happened since the cards were read: asked again in a moment, it shows. */
  behind: boolean;
}

export interface BadgeFacts {
  so_far_minutes: number;
  limit_minutes: number | null;
  late: boolean;
  waiting?: Waits;
  missing: number;
  ready: boolean;
  refused_at: string | null;
  not_admitted: boolean;
}

export interface BadgesView {
  cards: Record<string, BadgeFacts>;
  at: string;
}

/** What is wrong with a process file, and where. */
export interface Mistake {
  line: number | null;
  column: number | null;
  what: string;
  mend: string | null;
  warning: boolean;
}

export interface ErrorBody {
  error: { code: string; say: string; finding?: Finding; fields?: Record<string, string>; mistakes?: Mistake[] };
}
