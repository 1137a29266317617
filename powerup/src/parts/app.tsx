// Begins a page: finds the host, the viewer's words and the service, and keeps the frame as high as
// what is shown. A page that cannot begin says why; it is never blank.

import { createContext, render, type ComponentChild } from "preact";
import { useContext } from "preact/hooks";
import { Api } from "../api";
import { findHost, type Host } from "../host";
import { Words } from "../words/words";
import { keepFocus } from "./focus";
import { Notice } from "./state";
import "./tokens.css";
import "./parts.css";

export interface App {
  host: Host;
  api: Api;
  words: Words;
}

const Shared = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(Shared);
  if (!app) throw new Error("a part is shown outside of its page");
  return app;
}

/** `fit`: the frame is as high as the page; a modal has its own height. */
export function start(page: () => ComponentChild, { fit = true } = {}) {
  const root = document.getElementById("app");
  if (!root) return;
  let host: Host;
  try {
    host = findHost();
  } catch {
    const words = new Words(navigator.language);
    document.documentElement.lang = words.lang;
    render(<Notice>{words.say("noHost")}</Notice>, root);
    return;
  }
  const words = new Words(host.locale);
  document.documentElement.lang = words.lang;
  const Page = page;
  render(
    <Shared.Provider value={{ host, words, api: new Api(host) }}>
      <Page />
    </Shared.Provider>,
    root,
  );
  if (fit) new ResizeObserver(() => host.fit(root)).observe(root);
  keepFocus(root);
}
