// What a Power-Up may read of the board, field by field, as Trello lets it: from Trello's API in the
// viewer's name. A field that is not on the list is an error, not an empty answer.

import { Failure, isRecord, type Options } from "../../client/io";
import type { Trello } from "../api";

const FIELDS = {
  card:
    "address attachments badges checklists closed coordinates cover customFieldItems dateLastActivity desc due dueComplete id idList " +
    "idShort labels locationName members name pos shortLink start staticMapUrl url",
  board:
    "customFields dateLastActivity id idOrganization labels members memberships name shortLink url paidStatus",
  list: "cards id name",
  member: "avatar fullName id initials username",
  organization: "id name",
} as const;

type Kind = keyof typeof FIELDS;

function wanted(kind: Kind, fields: unknown): string[] {
  const allowed = FIELDS[kind].split(" ");
  const asked = Array.isArray(fields) ? fields.map(String) : [];
  if (asked.includes("all")) return allowed;
  for (const field of asked) {
    if (!allowed.includes(field)) throw new Failure("not handled", `Invalid field "${field}" for ${kind}.`);
  }
  return asked.length ? asked : ["id"];
}

const people = (value: unknown) =>
  Array.isArray(value)
    ? value.filter(isRecord).map(({ id, fullName, username, initials }) => ({ id, fullName, username, initials, avatar: null }))
    : [];

function picked(thing: Options, fields: string[]): Options {
  return Object.fromEntries(
    fields.map((name) => [name, name === "members" ? people(thing.members) : (thing[name] ?? null)]),
  );
}

const CARD = "attachments=true&checklists=all&members=true&customFieldItems=true";

/** The board as it stood when it was last looked at. Read once, however often it is asked for: a badge
 * on every card must not use up what the viewer may ask of Trello. */
export class Things {
  private readonly read = new Map<string, Promise<unknown>>();

  constructor(
    private readonly trello: Trello,
    private readonly id: string,
  ) {}

  private once<T>(path: string, ask: (path: string) => Promise<T>): Promise<T> {
    const known = this.read.get(path) as Promise<T> | undefined;
    const asked = known ?? ask(path);
    this.read.set(path, asked);
    // A failure is no answer to whoever asks next.
    asked.catch(() => this.read.delete(path));
    return asked;
  }
  private one(path: string): Promise<Options> {
    return this.once(path, (own) => this.trello.read(own));
  }
  private all(path: string): Promise<Options[]> {
    return this.once(path, (own) => this.trello.readAll(own));
  }

  async card(id: string, fields: unknown): Promise<Options> {
    const names = wanted("card", fields);
    const known = (await this.all(`boards/${this.id}/cards?filter=visible&${CARD}`)).find((one) => one.id === id);
    return picked(known ?? (await this.one(`cards/${id}?${CARD}`)), names);
  }
  async cards(fields: unknown): Promise<Options[]> {
    const names = wanted("card", fields);
    const all = await this.all(`boards/${this.id}/cards?filter=visible&${CARD}`);
    return all.map((one) => picked(one, names));
  }
  /** Each with its cards where they are asked for. */
  async lists(fields: unknown): Promise<Options[]> {
    const names = wanted("list", fields);
    const all = await this.all(`boards/${this.id}/lists?filter=open`);
    const own = names.includes("cards") ? await this.cards(["all"]) : [];
    return all.map((one) => picked({ ...one, cards: own.filter((card) => card.idList === one.id) }, names));
  }
  async list(id: string, fields: unknown): Promise<Options> {
    const names = wanted("list", fields);
    const found = (await this.lists(["all"])).find((one) => one.id === id);
    if (!found) throw new Failure("invalid context", "That list is not on this board.");
    return picked(found, names);
  }
  async board(fields: unknown): Promise<Options> {
    const names = wanted("board", fields);
    const all = await this.one(`boards/${this.id}?members=all&labels=all&customFields=true`);
    return picked({ paidStatus: "standard", ...all }, names);
  }
  async organization(id: string, fields: unknown): Promise<Options> {
    const names = wanted("organization", fields);
    return picked(await this.one(`organizations/${id}`), names);
  }
}

export function member(person: object, fields: unknown): Options {
  return picked({ avatar: null, ...person }, wanted("member", fields));
}
