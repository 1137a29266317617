// Where a card stands among its neighbours, and the board as it looks before Trello has answered.

import type { Board } from "./api";

export type Spot = { beside?: string; above?: boolean } | "top";

/** The position between the neighbours of where the card was dropped. */
export function place(board: Board | undefined, card: string, list: string, spot: Spot): number | "top" | "bottom" {
  if (spot === "top") return "top";
  const others = (board?.cards ?? [])
    .filter((one) => one.idList === list && one.id !== card)
    .sort((a, b) => a.pos - b.pos);
  const at = others.findIndex((one) => one.id === spot.beside);
  const target = others[at];
  if (!target) return "bottom";
  const next = others[spot.above ? at - 1 : at + 1];
  if (spot.above) return next ? (next.pos + target.pos) / 2 : target.pos / 2;
  return next ? (next.pos + target.pos) / 2 : target.pos + 16384;
}

export function shown(board: Board, card: string, list: string, pos: number | "top" | "bottom"): Board {
  const at = pos === "bottom" ? Number.MAX_SAFE_INTEGER : pos === "top" ? -1 : pos;
  const cards = board.cards.map((one) => (one.id === card ? { ...one, idList: list, pos: at } : one));
  return { ...board, cards };
}
