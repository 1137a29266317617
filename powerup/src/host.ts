// What stands around a page: Trello's window, or nothing at all on a phone. Pages know only this.

import { plain } from "./plain";
import { options, type Frame } from "./trello";
import { Token } from "./token";

export interface Host {
  /** The viewer's locale; sentences are Russian for `ru*`, English for everyone else. */
  locale: string;
  board: string;
  /** Of the card that the page is about; empty on a board's page. */
  card: string;
  /** Of the list that the page is about; empty elsewhere. */
  list: string;
  /** Where the service answers this proof. */
  api: string;
  /** What proves to the service who asks. `anew`: the last proof was not taken. */
  proof(anew: boolean): Promise<Record<string, string>>;
  /** The page is as high as this element now. */
  fit(element: Element): void;
  /** Where to sign in; empty where Trello has done that. */
  signIn: string;
  /** Null where Trello does that. */
  signOut: (() => Promise<void>) | null;
  openCard(id: string, url: string): void;
  /** From which day on a page to print counts; empty where it is about a card. */
  since: string;
  /** Opens what is to be printed: the file of the page's card, or with a day the board's figures. */
  openPaper(title: string, since?: string): void;
  /** The page has done what it was opened for. */
  close(): void;
}

/** The page was opened where Trello's library cannot reach Trello. */
export class NoHost extends Error {}

export function findHost(): Host {
  if (document.documentElement.dataset["plain"] !== undefined) return plain(document.documentElement);
  if (!window.TrelloPowerUp) throw new NoHost("client");
  try {
    return inTrello(window.TrelloPowerUp.iframe(options()));
  } catch (cause) {
    throw new NoHost("frame", { cause });
  }
}

function inTrello(t: Frame): Host {
  const context = t.getContext();
  if (!context.board) throw new NoHost("board");
  const token = new Token(() => t.jwt({}));
  theme(context.theme ?? context.initialTheme);
  t.subscribeToThemeChanges?.(theme);
  let height = 0;
  return {
    locale: context.locale ?? "en",
    board: context.board,
    card: context.card ?? "",
    list: told(t, "list") || (context.list ?? ""),
    api: "/api",
    proof: async (anew) => ({ Authorization: `Bearer ${await token.get(anew)}` }),
    fit: (element) => {
      const now = Math.ceil(element.getBoundingClientRect().height);
      if (now === height) return;
      height = now;
      // The frame may be on its way out; then nobody minds its height.
      t.sizeTo(element).catch(() => {});
    },
    signIn: "",
    signOut: null,
    since: told(t, "since"),
    openPaper: (title, since = "") => void t.modal({ title, url: "./paper.html", args: { since }, fullscreen: true }).catch(() => {}),
    // The modal would stay above the card; it goes last, for this page goes with it.
    openCard: (id) => void t.showCard(id).then(() => t.closeModal()).catch(() => {}),
    close: () => void t.closePopup().catch(() => {}),
  };
}

/** What the page was opened with. */
function told(t: Frame, name: string): string {
  const value = t.arg(name);
  return typeof value === "string" ? value : "";
}

/** The library sets the mode itself where its colours load; ours must follow where they do not. */
function theme(name: string | undefined) {
  if (name === "light" || name === "dark") document.documentElement.dataset["colorMode"] = name;
}
