// What a frame may ask of the page around it, command by command. A frame's word on where it stands
// is believed only as far as this board goes.

import { Failure } from "../../client/io";
import type { Host, Source, Where } from "./host";
import { store, stored, token } from "./link";
import type { Action, Alert, Choice, Content, Modal, Popup } from "./shown";
import { member } from "./things";
import { address, button, callback, isRecord, list, many, type Options, size, text } from "./told";

export type Command = (source: Source, options: Options) => unknown;
export type Commands = Record<string, Command>;

const STATE = 2048;
const MESSAGE = 140;
const DISPLAYS = ["info", "warning", "error", "success"] as const;

let made = 0;

export function commands(host: Host): Commands {
  const { trello, person } = host.world;
  const where = (source: Source, options: Options): Where => placed(host, source, options);
  const cardOf = (source: Source, options: Options): string => {
    const { card } = where(source, options);
    if (!card) throw new Failure("invalid context", "There is no card here.");
    return card;
  };
  const kept = (source: Source, options: Options) => {
    const other = text(options.idCard);
    if (other && !host.card(other)) throw new Failure("invalid context", "That card is not on this board.");
    return host.told(other ? { card: other } : where(source, options));
  };
  return {
    data: (source, options) => stored(trello, kept(source, options)),
    set: async (source, options) => {
      const { scope, visibility, data } = options;
      await store(trello, kept(source, options), { scope: String(scope), visibility: String(visibility), data: String(data) });
    },

    card: (source, options) => host.things.card(cardOf(source, options), options.fields),
    cards: (_, options) => host.things.cards(options.fields),
    list: (source, options) => {
      const { list: id } = host.context(where(source, options));
      if (typeof id !== "string") throw new Failure("invalid context", "There is no list here.");
      return host.things.list(id, options.fields);
    },
    lists: (_, options) => host.things.lists(options.fields),
    board: (_, options) => host.things.board(options.fields),
    member: (_, options) => member(person, options.fields),
    organization: (_, options) => {
      const id = host.board?.idOrganization;
      if (!id) throw new Failure("invalid context", "The board is in no workspace.");
      return host.things.organization(id, options.fields);
    },

    jwt: (source, options) => {
      const state = text(options.state);
      if (state && state.length > STATE) throw new Failure("not handled", `The state has at most ${STATE} characters.`);
      const { card } = where(source, options);
      const includeCard = options.includeCard === true || options.card === true;
      return token(trello, host.told({ card }), { ...(state ? { state } : {}), includeCard });
    },

    popup: (source, options) => {
      const at = where(source, options);
      const popup: Popup = {
        key: ++made,
        title: text(options.title) ?? "",
        content: content(host, at, options),
        source,
        where: at,
        layer: host.layer(),
        spot: spot(host, source, at, options.pos),
        callback: callback(options.callback),
      };
      const open = host.shown.popups;
      const leadsOn = source.kind === "popup" || (at.el !== undefined && open.at(-1)?.where.el === at.el);
      const under = leadsOn ? open : [];
      const first = under[0];
      // One that leads on stands where the one before it stood.
      host.show({ popups: [...under, first ? { ...popup, spot: first.spot, layer: first.layer } : popup] });
    },
    "close-popup": () => host.show({ popups: [] }),
    "pop-popup": () => host.show({ popups: host.shown.popups.slice(0, -1) }),

    modal: (source, options) => {
      host.show({ popups: [], modal: sheet(host, source, where(source, options), options) });
    },
    "update-modal": (_, options) => {
      const { modal } = host.shown;
      if (modal) host.show({ modal: { ...modal, ...look(options, modal) } });
    },
    "close-modal": () => host.show({ popups: [], modal: undefined }),
    "board-bar": (source, options) => {
      host.show({ popups: [], bar: sheet(host, source, where(source, options), options) });
    },
    "close-board-bar": () => host.show({ bar: undefined }),
    resize: (source, options) => source.resize?.(Math.min(size(options.height, 0), 4000)),

    alert: (_, options) => host.show({ alert: alert(options) }),
    hideAlert: () => host.show({ alert: undefined }),

    navigate: (_, options) => navigate(host, text(options.url)),
    showCard: (_, options) => {
      const id = text(options.idCard) ?? "";
      const card = host.board?.cards.find((one) => one.id === id || one.shortLink === id);
      if (!card) throw new Failure("invalid context", "That card is not on this board.");
      host.show({ popups: [], modal: undefined });
      host.page?.showCard(card.id);
    },
    hideCard: () => host.page?.hideCard(),
    confetti: () => undefined,
  };
}

function placed(host: Host, source: Source, options: Options): Where {
  const context = isRecord(options.context) ? options.context : {};
  const card = host.card(text(context.card))?.id ?? source.where.card;
  const own = host.board?.lists.find((one) => one.id === context.list)?.id ?? source.where.list;
  return { card, list: own, el: text(context.el) ?? source.where.el };
}

/** Beside the element it was asked for, or where in the frame somebody clicked. */
function spot(host: Host, source: Source, where: Where, pos: unknown): Popup["spot"] {
  const frame = source.frame.getBoundingClientRect();
  if (isRecord(pos)) {
    const [x, y] = [frame.left + size(pos.x, 0), frame.top + size(pos.y, 0)];
    return { left: x, top: y, bottom: y };
  }
  const box = host.element(where.el)?.getBoundingClientRect() ?? frame;
  if (box.width === 0 && box.height === 0) return { left: innerWidth / 2 - 152, top: 80, bottom: 80 };
  return { left: box.left, top: box.top, bottom: box.bottom };
}

function content(host: Host, where: Where, options: Options): Content {
  const told = isRecord(options.content) ? options.content : options;
  const url = address(told.url);
  if (url) {
    return { kind: "frame", url: host.signed(url, where, told.args ?? options.args), height: size(told.height ?? options.height, 150) };
  }
  const type = text(told.type) ?? text(options.type);
  if (type === "confirm") {
    return {
      kind: "confirm",
      message: text(told.message) ?? "",
      yes: text(told.confirmText) ?? "OK",
      danger: told.confirmStyle === "danger",
      no: text(told.cancelText),
      onYes: callback(told.onConfirm),
      onNo: callback(told.onCancel),
    };
  }
  if (type === "date" || type === "datetime") {
    return { kind: "date", withTime: type === "datetime", date: text(told.date), callback: callback(told.callback ?? options.callback) };
  }
  const items = told.items ?? options.items;
  const search = isRecord(told.search ?? options.search) ? (told.search ?? options.search) : undefined;
  return {
    kind: "list",
    items: callback(items) ?? choices(items),
    search: isRecord(search)
      ? { placeholder: text(search.placeholder) ?? "", empty: text(search.empty) ?? "" }
      : undefined,
  };
}

export function choices(items: unknown): Choice[] {
  return list(items).map((one) => ({
    text: text(one.text) ?? "",
    callback: callback(one.callback),
    url: address(one.url),
    always: one.alwaysVisible === true,
  }));
}

function sheet(host: Host, source: Source, where: Where, options: Options): Modal {
  const told = isRecord(options.content) ? { ...options, ...options.content } : options;
  const url = address(told.url);
  if (!url) throw new Failure("not handled", "It needs the address of a page.");
  const begin = { title: "", accent: undefined, fullscreen: false, actions: [] };
  return {
    key: ++made,
    url: host.signed(url, where, told.args),
    source,
    where,
    height: size(told.height, 500),
    callback: callback(told.callback),
    ...look(told, begin),
  };
}

type Look = Pick<Modal, "title" | "accent" | "fullscreen" | "actions">;

function look(told: Options, now: Look): Look {
  const colour = text(told.accentColor);
  return {
    title: text(told.title) ?? now.title,
    accent: colour && CSS.supports("color", colour) ? colour : now.accent,
    fullscreen: typeof told.fullscreen === "boolean" ? told.fullscreen : now.fullscreen,
    actions: told.actions === undefined ? now.actions : many(told.actions, action),
  };
}

function action(told: Options): Action | undefined {
  const read = button({ ...told, text: told.text ?? told.alt }, "light");
  return read && { ...read, right: told.position !== "left" };
}

function alert(options: Options): Alert {
  const message = text(options.message) ?? "";
  if (!message || message.length > MESSAGE) throw new Failure("not handled", `An alert has 1 to ${MESSAGE} characters.`);
  const seconds = size(options.duration, 15);
  if (seconds < 5 || seconds > 30) throw new Failure("not handled", "An alert stays for 5 to 30 seconds.");
  return { key: ++made, message, seconds, display: DISPLAYS.find((one) => one === options.display) ?? "info" };
}

function navigate(host: Host, told: string | undefined) {
  const url = told === undefined ? undefined : new URL(told, location.href);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Failure("not handled", "It needs an address.");
  const [, kind, link] = url.pathname.split("/");
  const card = kind === "c" ? host.board?.cards.find((one) => one.shortLink === link) : undefined;
  if (card) host.page?.showCard(card.id);
  else if (url.origin === location.origin) location.assign(url);
  else open(url, "_blank", "noopener");
}
