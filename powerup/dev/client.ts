// For `npm run dev` alone: stands where Trello's client would. The address says what the page is about:
// ?card=3&lang=ru&theme=dark

import type { Frame } from "../src/trello";

const asked = new URLSearchParams(location.search);
const theme = asked.get("theme") ?? "light";
const card = asked.get("card") ?? "3";
const list = asked.get("list") ?? "";
const say = (what: string) => async (...args: unknown[]) => console.info(what, ...args);

const t: Frame = {
  getContext: () => ({ board: "demo", card, locale: asked.get("lang") ?? "ru", theme, member: "maria" }),
  arg: (name) => (name === "list" ? list : undefined),
  jwt: async () => "a.practice.token",
  signUrl: (url) => url,
  sizeTo: say("sizeTo"),
  render: () => {},
  popup: say("popup"),
  modal: say("modal"),
  closePopup: say("closePopup"),
  closeModal: say("closeModal"),
  showCard: say("showCard"),
};

if (asked.has("plain")) Object.assign(document.documentElement.dataset, { plain: "", board: "demo", card });
if (asked.has("plain")) document.documentElement.lang = asked.get("lang") ?? "ru";
window.TrelloPowerUp = { initialize: () => t, iframe: () => t };
