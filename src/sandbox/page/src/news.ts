// Listens to the board. What others do to a card that I have just touched is an answer to me, and is
// told in a toast: a comment, an edited comment, a card put back.

import { useCallback, useEffect, useRef } from "preact/hooks";
import type { Action, News, Person, Trello } from "./api";
import type { Toast } from "./toasts";
import { say } from "./words";

/** An answer comes within seconds; what comes later is everybody's news. */
const MINE = 120_000;
/** An answer may be here before the page has learned the new card's id. */
const EARLY = 3_000;
/** A comment explains more than the bare move: it is waited for. */
const PATIENCE = 900;

interface Listener {
  board: string | undefined;
  trello: Trello;
  me: Person | undefined;
  look: () => Promise<void>;
  tell: (toast: Toast) => void;
  flash: (card: string) => void;
  /** What a Power-Up keeps has changed. */
  kept: () => void;
  /** A mail was sent. */
  mailed: () => void;
}

/** Returns `touch`: this card is what I work on now. */
export function useNews(listener: Listener): (card: string) => void {
  const now = useRef(listener);
  now.current = listener;
  const touched = useRef(new Map<string, number>());
  const recent = useRef<{ news: News; at: number }[]>([]);
  const explained = useRef(new Map<string, number>());

  const answer = useCallback(async (news: News, card: string) => {
    const { trello, me, tell, flash } = now.current;
    flash(card);
    if (!["commentCard", "updateComment", "updateCard"].includes(news.type)) return;
    const at = Date.now();
    // An edit is no action that can be read: what was edited last is.
    const action = await (news.type === "updateComment" ? edited(trello, card) : trello.action(news.id));
    if (!action || action.idMemberCreator === me?.id) return;
    if (action.type === "commentCard") {
      explained.current.set(card, Date.now());
      tell({ key: card, text: sentence(action, action.data.text ?? ""), card, comment: action.id });
    }
    const back = news.type === "updateCard" && action.data.listAfter?.name;
    if (!back) return;
    setTimeout(() => {
      if ((explained.current.get(card) ?? 0) > at - EARLY) return;
      tell({ key: card, text: sentence(action, say("back", { a: back })), card });
    }, PATIENCE);
  }, []);

  // A comment may be gone again before it is read; then there is nothing to tell.
  const heard = useCallback((news: News, card: string) => answer(news, card).catch(() => {}), [answer]);

  useEffect(() => {
    const { board } = listener;
    if (!board) return;
    const source = new EventSource(`/sandbox/events?board=${board}`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    source.addEventListener("action", (event) => {
      const news = JSON.parse((event as MessageEvent<string>).data) as News;
      clearTimeout(timer);
      timer = setTimeout(() => void now.current.look(), 60);
      const at = Date.now();
      recent.current = recent.current.filter((one) => one.at > at - EARLY);
      if (!news.card) return;
      if (at - (touched.current.get(news.card) ?? 0) < MINE) void heard(news, news.card);
      else recent.current.push({ news, at });
    });
    source.addEventListener("kept", () => now.current.kept());
    source.addEventListener("mail", () => now.current.mailed());
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [listener.board, heard]);

  return useCallback(
    (card: string) => {
      touched.current.set(card, Date.now());
      const early = recent.current.filter((one) => one.news.card === card && one.at > Date.now() - EARLY);
      recent.current = recent.current.filter((one) => one.news.card !== card);
      for (const { news } of early) void heard(news, card);
    },
    [heard],
  );
}

async function edited(trello: Trello, card: string): Promise<Action | undefined> {
  const { actions } = await trello.card(card);
  const when = (one: Action) => one.data.dateLastEdited ?? "";
  return actions.filter(when).sort((a, b) => when(b).localeCompare(when(a)))[0];
}

/** The first line stands alone; the card is named unless the line names it. */
function sentence(action: Action, text: string): string {
  const line = text.split("\n")[0] ?? "";
  const name = action.data.card?.name ?? "";
  return line.includes(name) ? line : `${name}: ${line}`;
}
