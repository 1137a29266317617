// The lists of the board's page, made of its cards: pure, so that 2,000 of them cost nothing to show.

import type { BoardCard, BoardStage, Person } from "../contract";

export interface Group {
  key: string;
  /** Null: nobody's turn. */
  person: Person | null;
  cards: BoardCard[];
}

export type Row = { kind: "group"; group: Group } | { kind: "card"; card: BoardCard; group: string };

/** The oldest first: how much of its limit a card has used would hide one that has none. */
const oldest = (a: BoardCard, b: BoardCard) => b.so_far_minutes - a.so_far_minutes;

/** By name, not by number: this is no ranking of people. */
export function byPerson(cards: BoardCard[], lang: string): Group[] {
  const groups = new Map<string, Group>();
  for (const card of [...cards].sort(oldest)) {
    for (const person of card.turn.length ? card.turn : [null]) {
      const key = person?.id ?? "";
      const group = groups.get(key) ?? { key, person, cards: [] };
      group.cards.push(card);
      groups.set(key, group);
    }
  }
  const order = new Intl.Collator(lang);
  return [...groups.values()].sort(
    (a, b) => Number(!a.person) - Number(!b.person) || order.compare(a.person?.name ?? "", b.person?.name ?? ""),
  );
}

export function rows(groups: Group[]): Row[] {
  return groups.flatMap((group): Row[] => [
    { kind: "group", group },
    ...group.cards.map((card): Row => ({ kind: "card", card, group: group.key })),
  ]);
}

/** How far over its limit, in parts of it; not admitted stands above all. */
const weight = (card: BoardCard) =>
  (card.not_admitted ? 1e6 : 0) + (card.limit_minutes ? card.so_far_minutes / card.limit_minutes : 0);

export function gravest(cards: BoardCard[]): Row[] {
  return [...cards]
    .sort((a, b) => weight(b) - weight(a) || oldest(a, b))
    .map((card) => ({ kind: "card", card, group: "" }));
}

export interface Load {
  stage: BoardStage;
  count: number;
  late: number;
  near: number;
  oldest: number;
}

export function loads(stages: BoardStage[], cards: BoardCard[]): Load[] {
  return stages.map((stage) => {
    const here = cards.filter((card) => card.stage === stage.key);
    const late = here.filter((card) => card.late).length;
    const near = here.filter(({ late, limit_minutes: limit, so_far_minutes: spent }) => !late && limit && spent >= limit * 0.8).length;
    return { stage, count: here.length, late, near, oldest: Math.max(0, ...here.map((card) => card.so_far_minutes)) };
  });
}
