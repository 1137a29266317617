// What a Power-Up keeps at Trello: for each scope and visibility one JSON text. Setting a key reads
// the text, changes it and writes it whole: of two people who do so at once, one may lose.

import { Failure, isRecord, type Options } from "./io";

export type Scope = "board" | "card" | "member" | "organization";
export type Visibility = "shared" | "private";
export type Stored = Record<string, unknown>;

const LIMITS: Record<Scope, number> = { board: 8192, organization: 8192, card: 4096, member: 4096 };
const SCOPES = Object.keys(LIMITS) as Scope[];

type Ask = (command: string, options?: Options) => Promise<unknown>;

/** A card's id stands for the scope "card" of that card. */
function placed(scope: string): { scope: Scope; idCard?: string } {
  if (SCOPES.includes(scope as Scope)) return { scope: scope as Scope };
  if (/^[0-9a-f]{24}$/i.test(scope)) return { scope: "card", idCard: scope };
  throw new Failure("not handled", `Invalid scope "${scope}".`);
}

function seen(visibility: string): Visibility {
  if (visibility === "shared" || visibility === "private") return visibility;
  throw new Failure("not handled", `Invalid visibility "${visibility}".`);
}

function read(data: unknown, scope: Scope, visibility: Visibility): Stored {
  const texts = isRecord(data) && isRecord(data[scope]) ? data[scope] : {};
  const text = texts[visibility];
  if (typeof text !== "string" || !text) return {};
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? value : {};
}

export async function get(ask: Ask, where: string, who: string, key?: string, otherwise?: unknown): Promise<unknown> {
  const { scope, idCard } = placed(where);
  const visibility = seen(who);
  const all = read(await ask("data", idCard ? { idCard } : {}), scope, visibility);
  return key === undefined ? all : (all[key] ?? otherwise);
}

export async function getAll(ask: Ask): Promise<Record<Scope, Record<Visibility, Stored>>> {
  const data = await ask("data");
  const both = (scope: Scope) => ({ shared: read(data, scope, "shared"), private: read(data, scope, "private") });
  return { board: both("board"), card: both("card"), member: both("member"), organization: both("organization") };
}

export async function change(ask: Ask, where: string, who: string, wish: (all: Stored) => Stored): Promise<void> {
  const { scope, idCard } = placed(where);
  const visibility = seen(who);
  const other = idCard ? { idCard } : {};
  const all = read(await ask("data", other), scope, visibility);
  const data = JSON.stringify(wish(all));
  if (data.length > LIMITS[scope]) {
    throw new Failure("not handled", `PluginData length of ${LIMITS[scope]} characters exceeded.`);
  }
  await ask("set", { scope, visibility, data, ...other });
}
