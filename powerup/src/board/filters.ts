// What the board's page shows of its cards, kept in the address: a reloaded page is the same page.
// Trello's library keeps its own things in the same fragment, as JSON; there ours are one more key.

import type { BoardCard } from "../contract";
import { SPANS, type Span } from "./figures/since";

export const VIEWS = ["people", "stuck", "stages", "figures"] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Filters {
  /** Of the figures. */
  span: Span;
  view: ViewName;
  person: string;
  stage: string;
  stuck: boolean;
  text: string;
}

export const NONE: Filters = { span: "6", view: "people", person: "", stage: "", stuck: false, text: "" };
const OURS = "filters";

export function read(fragment: string): Filters {
  const raw = fragment.replace(/^#/, "");
  const trello = object(raw);
  const kept = trello ? trello[OURS] : raw;
  const params = new URLSearchParams(typeof kept === "string" ? kept : "");
  const view = VIEWS.find((one) => one === params.get("view")) ?? NONE.view;
  return {
    span: SPANS.find((one) => one === params.get("span")) ?? NONE.span,
    view,
    person: params.get("person") ?? "",
    stage: params.get("stage") ?? "",
    stuck: params.get("stuck") === "1",
    text: params.get("q") ?? "",
  };
}

/** The fragment that says these filters, with whatever of Trello's stood in the old one. */
export function write(fragment: string, filters: Filters): string {
  const params = new URLSearchParams();
  if (filters.view !== NONE.view) params.set("view", filters.view);
  if (filters.span !== NONE.span) params.set("span", filters.span);
  if (filters.person) params.set("person", filters.person);
  if (filters.stage) params.set("stage", filters.stage);
  if (filters.stuck) params.set("stuck", "1");
  if (filters.text) params.set("q", filters.text);
  const trello = object(fragment.replace(/^#/, ""));
  if (!trello) return params.size ? `#${params}` : "";
  return `#${encodeURIComponent(JSON.stringify({ ...trello, [OURS]: params.toString() }))}`;
}

function object(raw: string): Record<string, unknown> | null {
  try {
    const told: unknown = JSON.parse(decodeURIComponent(raw));
    return typeof told === "object" && told !== null && !Array.isArray(told) ? { ...told } : null;
  } catch {
    return null;
  }
}

const RECENT_MS = 24 * 3600_000;

/** Something holds it that time alone will not mend. */
export function isStuck(card: BoardCard, now: number): boolean {
  return card.late || card.not_admitted || (card.refused_at !== null && now - Date.parse(card.refused_at) < RECENT_MS);
}

/** «е» finds «ё»; case does not matter. */
const plain = (text: string) => text.toLocaleLowerCase().replace(/ё/g, "е");

export function pick(cards: BoardCard[], filters: Filters, now: number): BoardCard[] {
  const text = plain(filters.text.trim());
  return cards.filter(
    (card) =>
      (!filters.person || card.turn.some(({ id }) => id === filters.person)) &&
      (!filters.stage || card.stage === filters.stage) &&
      (!(filters.stuck || filters.view === "stuck") || isStuck(card, now)) &&
      (!text || plain(card.name).includes(text) || card.todo.some((todo) => plain(todo).includes(text))),
  );
}
