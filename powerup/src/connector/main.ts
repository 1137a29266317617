// The hidden page that Trello asks what Signalman shows where. It answers fast and draws nothing; what
// it cannot learn it leaves out, for a badge is no place for an error.

import { Api } from "../api";
import { choose, Shared, SLOTS, type Slot } from "../badges";
import type { BadgesView } from "../contract";
import { Token } from "../token";
import { options, type Badge, type Frame, type Shown } from "../trello";
import { Words } from "../words/words";
import dark from "./icon-dark.svg";
import light from "./icon-light.svg";

/** Trello asks each badge again after so many seconds; it allows no less than ten. */
const REFRESH_S = 30;
const KEEP_MS = 20_000;

const icon = { dark: new URL(dark, location.href).href, light: new URL(light, location.href).href };
const boards = new Map<string, Shared<BadgesView>>();

function wordsOf(t: Frame): Words {
  return new Words(t.getContext().locale ?? "en");
}

function badgesOf(t: Frame): Shared<BadgesView> | null {
  const { board, locale } = t.getContext();
  if (!board) return null;
  let shared = boards.get(board);
  if (!shared) {
    const token = new Token(() => t.jwt({}));
    const proof = async (anew: boolean) => ({ Authorization: `Bearer ${await token.get(anew)}` });
    const api = new Api({ locale: locale ?? "en", board, api: "/api", proof });
    shared = new Shared(api.badges, KEEP_MS);
    boards.set(board, shared);
  }
  return shared;
}

async function badge(t: Frame, slot: Slot): Promise<Badge> {
  try {
    const all = await badgesOf(t)?.get();
    const facts = all?.cards[t.getContext().card ?? ""];
    // By the service's clock: the viewer's may be wrong.
    const now = all ? Date.parse(all.at) : Date.now();
    return { ...choose(facts, wordsOf(t), now)[slot], refresh: REFRESH_S };
  } catch {
    return { refresh: REFRESH_S };
  }
}

const TITLES = { time: "badgeStage", gate: "badgeNext" } as const;

/** On the card's back a badge has a title, so one that has nothing to say is not there at all. */
async function detail(t: Frame): Promise<Shown[]> {
  const { say } = wordsOf(t);
  const callback = (there: Frame) => move(there);
  const now = await Promise.all(SLOTS.map(async (slot) => ({ slot, is: await badge(t, slot) })));
  return now
    .filter(({ is }) => is.text)
    .map(({ slot, is }) => ({
      dynamic: async () => {
        const next = await badge(t, slot);
        return { ...next, text: next.text ?? is.text ?? "", title: say(TITLES[slot]), callback };
      },
    }));
}

const move = (t: Frame) => t.popup({ title: wordsOf(t).say("moveOn"), url: "./move.html", height: 260 });

function settings(t: Frame) {
  const { say } = wordsOf(t);
  return t.modal({ title: `Signalman: ${say("settings")}`, url: "./settings.html", fullscreen: true });
}

window.TrelloPowerUp?.initialize(
  {
    "card-back-section": (t) => ({
      title: wordsOf(t).say("section"),
      icon: icon.light,
      content: { type: "iframe", url: t.signUrl("./card.html"), height: 320 },
    }),
    "card-badges": (t) => SLOTS.map((slot) => ({ dynamic: () => badge(t, slot) })),
    "card-detail-badges": detail,
    "card-buttons": (t) => [{ text: wordsOf(t).say("moveOn"), icon: icon.light, condition: "edit", callback: move }],
    "board-buttons": (t) => {
      const { say } = wordsOf(t);
      const callback = (there: Frame) =>
        there.modal({ title: say("boardButton"), url: "./board.html", fullscreen: true });
      return [{ text: say("boardButton"), icon, condition: "signedIn", callback }];
    },
    "list-actions": (t) => {
      const { say } = wordsOf(t);
      const callback = (there: Frame) => {
        const list = there.getContext().list ?? t.getContext().list ?? "";
        return there.popup({ title: say("explain"), url: "./stage.html", args: { list }, height: 320 });
      };
      return [{ text: say("explain"), callback }];
    },
    "show-settings": settings,
    "on-enable": settings,
    // Trello itself says who looks (`t.jwt`): nobody has to be asked for anything.
    "authorization-status": () => ({ authorized: true }),
  },
  options(),
);
