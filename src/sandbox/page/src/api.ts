// Everything the page asks: Trello's own API with the token of whoever is chosen, and the practice
// Trello's list of people.

import type { Installed } from "./powerup/link";

export interface Person {
  id: string;
  username: string;
  fullName: string;
  initials: string;
  token: string;
  /** The account the service acts by: it has a face, but nobody is it. */
  bot: boolean;
}
export interface Home {
  id: string;
  name: string;
  shortLink: string;
  language: string;
  zone: string;
  /** Names of the lists that begin folded. */
  folded: string[];
}
export interface World {
  key: string;
  boards: Home[];
  members: Person[];
  powerup: Installed | null;
}
export interface List {
  id: string;
  name: string;
  pos: number;
}
export interface Label {
  id: string;
  name: string;
  color: string | null;
}
export interface CheckItem {
  id: string;
  name: string;
  state: "complete" | "incomplete";
}
export interface Checklist {
  id: string;
  name: string;
  checkItems: CheckItem[];
}
export interface Attachment {
  id: string;
  name: string;
  url: string;
}
export interface Action {
  id: string;
  type: string;
  date: string;
  idMemberCreator: string;
  data: {
    text?: string;
    card?: { id: string; name?: string };
    listBefore?: { name: string };
    listAfter?: { name: string };
    list?: { name: string };
    checkItem?: { name: string; state: string };
    old?: Record<string, unknown>;
    dateLastEdited?: string;
  };
}
export interface Card {
  id: string;
  shortLink: string;
  dateLastActivity: string;
  name: string;
  desc: string;
  idList: string;
  pos: number;
  due: string | null;
  idMembers: string[];
  labels: Label[];
  badges: {
    comments: number;
    checkItems: number;
    checkItemsChecked: number;
    attachments: number;
  };
}
export interface OpenCard extends Card {
  checklists: Checklist[];
  attachments: Attachment[];
  actions: Action[];
}
export interface Board {
  id: string;
  name: string;
  idOrganization: string | null;
  memberships: { idMember: string; memberType: "admin" | "normal" | "observer" }[];
  lists: List[];
  cards: Card[];
}

export async function world(): Promise<World> {
  const response = await fetch("/sandbox/who");
  return (await response.json()) as World;
}

/** What the board's stream of news tells of a new action. */
export interface News {
  id: string;
  type: string;
  card: string | null;
}

const SHOWN = [
  "commentCard",
  "updateCard:idList",
  "updateCard:closed",
  "updateCheckItemStateOnCard",
  "createCard",
  "copyCard",
].join(",");

/** Trello's API in the hand of one person. */
export class Trello {
  constructor(
    private key: string,
    private token: string,
  ) {}

  private ask<T>(verb: string, path: string, body?: unknown): Promise<T> {
    return this.beside(verb, `1/${path}`, body);
  }

  /** What the practice Trello has beside the API, in the same person's hand. */
  async beside<T>(verb: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`/${path}`, {
      method: verb,
      headers: {
        Authorization: `OAuth oauth_consumer_key="${this.key}", oauth_token="${this.token}"`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  }

  read(path: string): Promise<Record<string, unknown>> {
    return this.ask("GET", path);
  }
  readAll(path: string): Promise<Record<string, unknown>[]> {
    return this.ask("GET", path);
  }
  board(id: string): Promise<Board> {
    return this.ask("GET", `boards/${id}?lists=open&cards=visible`);
  }
  card(id: string): Promise<OpenCard> {
    return this.ask(
      "GET",
      `cards/${id}?checklists=all&attachments=true&actions=${SHOWN}&actions_limit=100`,
    );
  }
  /** Cards in the archive, the last touched first. */
  async archive(board: string): Promise<Card[]> {
    const cards = await this.ask<Card[]>("GET", `boards/${board}/cards?filter=closed`);
    return cards.sort((a, b) => b.dateLastActivity.localeCompare(a.dateLastActivity));
  }
  action(id: string): Promise<Action> {
    return this.ask("GET", `actions/${id}`);
  }
  move(id: string, list: string, pos: number | "top" | "bottom"): Promise<unknown> {
    return this.ask("PUT", `cards/${id}`, { idList: list, pos });
  }
  change(id: string, wish: Record<string, unknown>): Promise<unknown> {
    return this.ask("PUT", `cards/${id}`, wish);
  }
  addCard(list: string, name: string): Promise<Card> {
    return this.ask("POST", "cards", { idList: list, name, pos: "bottom" });
  }
  copyCard(source: string, list: string): Promise<Card> {
    return this.ask("POST", "cards", { idList: list, idCardSource: source, keepFromSource: "all" });
  }
  comment(id: string, text: string): Promise<unknown> {
    return this.ask("POST", `cards/${id}/actions/comments`, { text });
  }
  tick(card: string, item: string, complete: boolean): Promise<unknown> {
    const state = complete ? "complete" : "incomplete";
    return this.ask("PUT", `cards/${card}/checkItem/${item}`, { state });
  }
  addItem(checklist: string, name: string): Promise<unknown> {
    return this.ask("POST", `checklists/${checklist}/checkItems`, { name });
  }
  attach(card: string, url: string, name: string): Promise<unknown> {
    return this.ask("POST", `cards/${card}/attachments`, { url, name });
  }
}
