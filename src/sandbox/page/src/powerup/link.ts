// The practice Trello's side of a Power-Up, in the name of whoever is chosen: what is kept for it, who
// it may believe one to be. The token goes with the request and never into a frame.

import type { Trello } from "../api";

export interface Installed {
  id: string;
  name: string;
  connector: string;
  /** Boards where it is switched off. */
  off: string[];
}

export interface Told {
  board: string;
  card?: string | undefined;
}

export function stored(trello: Trello, { board, card }: Told): Promise<unknown> {
  const where = new URLSearchParams({ board, ...(card ? { card } : {}) });
  return trello.beside("GET", `powerup/data?${where}`);
}

export function store(trello: Trello, where: Told, wish: { scope: string; visibility: string; data: string }) {
  return trello.beside("PUT", "powerup/data", { ...where, ...wish });
}

export async function token(trello: Trello, where: Told, wish: { state?: string; includeCard: boolean }) {
  const told = (await trello.beside("POST", "powerup/jwt", { ...where, ...wish })) as { jwt: string };
  return told.jwt;
}

export function switched(trello: Trello, board: string, on: boolean) {
  return trello.beside("PUT", "powerup/installed", { board, on });
}
