// The page without Trello around it: an ordinary web page at phone width. Who asks is known by the
// service's own session cookie; the header shows that the request came from this page's script.
// `<html lang data-plain data-board data-card data-sign-in>` says what it is about and where to sign in.

import type { Host } from "./host";

export function plain(html: HTMLElement): Host {
  return {
    locale: html.lang || "en",
    board: html.dataset["board"] ?? "",
    card: html.dataset["card"] ?? "",
    list: html.dataset["list"] ?? "",
    proof: async () => ({ "X-Signalman": "1" }),
    fit: () => {},
    openCard: (_, url) => location.assign(url),
    signIn: html.dataset["signIn"] ?? "",
    close: () => history.back(),
  };
}
