// The page without Trello around it: an ordinary web page at phone width. Who asks is known by the
// service's own session cookie; the header shows that the request came from this page's script.
// `<html lang data-plain data-board data-card data-sign-in>` says what it is about and where to sign in.

import type { Host } from "./host";

/** No page of another origin can send it. */
const MARK = { "X-Signalman": "1" };

export function plain(html: HTMLElement): Host {
  const { board = "", card = "" } = html.dataset;
  return {
    locale: html.lang || "en",
    board,
    card,
    list: html.dataset["list"] ?? "",
    api: "/c/api",
    proof: async () => MARK,
    fit: () => {},
    openCard: (_, url) => location.assign(url),
    since: "",
    openPaper: () => location.assign(`/c/${board}/${card}/file`),
    signIn: html.dataset["signIn"] ?? "",
    signOut: async () => {
      await fetch("/c/session/end", { method: "POST", credentials: "same-origin", headers: MARK });
      location.reload();
    },
    close: () => history.back(),
  };
}
