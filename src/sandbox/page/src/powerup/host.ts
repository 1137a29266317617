// A board's page as the host of a Power-Up: the hidden connector, the frames it opened, what is asked
// of either and what they ask. Frames get answers and never the viewer's token.

import { Failure, PostMessageIO } from "../../client/io";
import type { Board, Home, Person, Trello } from "../api";
import type { Theme } from "../theme";
import { say } from "../words";
import { type Commands, commands } from "./commands";
import { type Installed, type Told, switched } from "./link";
import type { Layer, Shown } from "./shown";
import { Things } from "./things";
import { type Callback, callback, isRecord, type Options } from "./told";

/** What something of the Power-Up is about, and beside which element it was asked for. */
export interface Where {
  card?: string | undefined;
  list?: string | undefined;
  el?: string | undefined;
}

/** A frame of the Power-Up's, and what can be asked of it. */
export interface Source {
  io: PostMessageIO;
  frame: HTMLIFrameElement;
  kind: "connector" | "section" | "popup" | "modal" | "bar";
  where: Where;
  /** Its page is there; before, the window is nobody's. */
  loaded: boolean;
  resize?: ((height: number) => void) | undefined;
}

export interface Page {
  openCard: () => string | undefined;
  showCard: (id: string) => void;
  hideCard: () => void;
  tell: (text: string) => void;
}

interface World {
  trello: Trello;
  home: Home;
  person: Person;
  powerup: Installed;
  locale: string;
  theme: Theme;
}

/** Trello gives a connector half a minute, and a hidden tab a whole one. */
const READY_MS = 30_000;
const ANSWER_MS = 15_000;
const ALLOWED = [
  "allow-scripts allow-forms allow-popups allow-same-origin allow-popups-to-escape-sandbox allow-modals",
  "allow-presentation allow-storage-access-by-user-activation allow-downloads",
].join(" ");

/** What Trello allows a frame. One of our own origin would see everybody's token: it gets none. */
export function allowed(url: string): string {
  return new URL(url).origin === location.origin ? ALLOWED.replace("allow-same-origin ", "") : ALLOWED;
}

let made = 0;

export class Host {
  readonly serial = ++made;
  /** Grows when everything the Power-Up said is to be asked anew. */
  version = 0;
  board: Board | undefined;
  things: Things;
  page: Page | undefined;
  shown: Shown = { popups: [] };
  private theme: Theme;
  private connector: Source | undefined;
  private capabilities = new Set<string>();
  private readonly sources = new Set<Source>();
  private readonly watchers = new Set<() => void>();
  private readonly anchors = new Map<string, WeakRef<Element>>();
  private readonly secret = Array.from(crypto.getRandomValues(new Uint8Array(32)), (one) => one.toString(16).padStart(2, "0")).join("");
  private readonly handlers: Commands;
  private gotReady: () => void = () => {};
  private readonly ready = new Promise<void>((done) => {
    this.gotReady = done;
  });

  constructor(readonly world: World) {
    this.theme = world.theme;
    this.things = new Things(world.trello, world.home.id);
    this.handlers = commands(this);
  }

  // The connector -----------------------------------------------------------------------------

  /** Opens the hidden frame. `first`: it was just switched on here. */
  start(first: boolean) {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = this.world.powerup.name;
    frame.setAttribute("sandbox", allowed(this.world.powerup.connector));
    document.body.append(frame);
    this.connector = this.join(frame, this.world.powerup.connector, "connector", {});
    // Before its script runs, for that speaks first.
    frame.src = this.world.powerup.connector;
    const late = () => this.connector?.frame === frame && this.page?.tell(say("silent", { a: this.world.powerup.name }));
    const waited = setTimeout(late, READY_MS * (document.hidden ? 2 : 1));
    void this.ready.then(() => clearTimeout(waited));
    if (first) void this.ready.then(() => this.ask("on-enable", {}));
  }

  close() {
    for (const source of [...this.sources]) this.leave(source);
    this.connector?.frame.remove();
    this.connector = undefined;
    this.show({ popups: [] });
  }

  async switchOff(): Promise<void> {
    const told = Promise.race([this.ask("on-disable", {}), new Promise((done) => setTimeout(done, 500))]);
    await told.catch(() => {});
    await switched(this.world.trello, this.world.home.id, false);
  }

  private greeted(names: unknown) {
    this.capabilities = new Set(Array.isArray(names) ? names.map(String) : []);
    if (this.connector) this.connector.io.secret = this.secret;
    const { locale, person } = this.world;
    return { secret: this.secret, locale, member: person.id, version: "build-practice" };
  }

  can(capability: string): boolean {
    return this.capabilities.has(capability);
  }

  /** What the Power-Up says of something; undefined where it has no such capability. */
  async ask(capability: string, where: Where, extra: Options = {}): Promise<unknown> {
    await this.ready;
    if (!this.connector || !this.can(capability)) return undefined;
    const context = { ...this.context(where), command: capability };
    return this.timed(this.connector.io.request(capability, { context, ...extra }), capability);
  }

  run(source: Source | undefined, { _callback }: Callback, where: Where, options: Options = {}): Promise<unknown> {
    const by = source ?? this.connector;
    if (!by) return Promise.reject(new Failure("plugin disabled", "The Power-Up is switched off."));
    const context = { ...this.context(where), command: "callback" };
    return by.io.request("callback", { context, callback: _callback, action: "run", options });
  }

  /** Runs what a button does; a failure is the Power-Up's, and told to whoever pressed. */
  press(source: Source | undefined, pressed: { callback?: Callback | undefined; url?: string | undefined }, where: Where, options?: Options) {
    if (pressed.callback) {
      this.run(source, pressed.callback, where, options).catch((error: Error) => this.page?.tell(`${this.world.powerup.name}: ${error.message}`));
    } else if (pressed.url) open(pressed.url, "_blank", "noopener");
  }

  /** Functions are forgotten after two minutes unless they are retained. Returns what lets them go. */
  retain(answer: unknown): () => void {
    const held = named(answer);
    const io = this.connector?.io;
    const act = (action: string) => {
      for (const name of held) {
        io?.request("callback", { context: this.context({}), callback: name, action }).catch(() => {});
      }
    };
    act("retain");
    return () => act("release");
  }

  private timed(answer: Promise<unknown>, what: string): Promise<unknown> {
    return new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Failure("not handled", `"${what}" was not answered.`)), ANSWER_MS);
      answer.then(done, failed).finally(() => clearTimeout(timer));
    });
  }

  // Frames ------------------------------------------------------------------------------------

  /** Listens to a frame of the Power-Up's. */
  join(frame: HTMLIFrameElement, url: string, kind: Source["kind"], where: Where, resize?: (height: number) => void): Source {
    const remote = frame.contentWindow;
    if (!remote) throw new Failure("invalid context", "The frame is not on the page.");
    const handlers = Object.fromEntries(
      Object.entries(this.handlers).map(([name, run]) => [name, (options: Options) => run(source, options)]),
    );
    if (kind === "connector") {
      handlers.initialize = ({ value }) => this.greeted(value);
      handlers.ready = () => {
        this.gotReady();
        this.notify();
      };
    }
    const io = new PostMessageIO({
      local: window,
      remote,
      targetOrigin: new URL(url).origin,
      secret: kind === "connector" ? undefined : this.secret,
      handlers,
      strict: true,
    });
    const source: Source = { io, frame, kind, where, loaded: false, resize };
    frame.addEventListener("load", () => {
      source.loaded = true;
      if (kind !== "connector") this.post("render", [source]);
    });
    this.sources.add(source);
    return source;
  }

  leave(source: Source) {
    source.io.close();
    this.sources.delete(source);
  }

  /** An address with who, where and the secret in its fragment, unless the Power-Up signed it. */
  signed(url: string, where: Where, args: unknown): string {
    const [page, fragment] = url.split("#");
    if (fragment?.includes(this.secret)) return url;
    const { locale } = this.world;
    const told = { secret: this.secret, context: this.context(where), locale, args: [isRecord(args) ? args : {}] };
    return `${page}#${encodeURIComponent(JSON.stringify(told))}`;
  }

  setTheme(theme: Theme) {
    if (theme === this.theme) return;
    this.theme = theme;
    this.post({ theme });
  }

  /** What the Power-Up keeps has changed: its frames render, and all it said is asked anew. */
  changed() {
    this.version += 1;
    this.post("render");
    this.notify();
  }

  private post(message: unknown, to: Iterable<Source> = this.sources) {
    for (const { frame, loaded } of to) {
      if (loaded) frame.contentWindow?.postMessage(message, new URL(frame.src).origin);
    }
  }

  // Where one is ------------------------------------------------------------------------------

  context(where: Where): Options {
    const { home, person, locale } = this.world;
    const card = this.card(where.card);
    const list = card?.idList ?? where.list;
    const can = this.may().write ? "write" : "read";
    const organization = this.board?.idOrganization ?? undefined;
    return {
      version: "build-practice",
      member: person.id,
      permissions: { board: can, ...(organization ? { organization: can } : {}), ...(card ? { card: can } : {}) },
      locale,
      theme: this.theme,
      initialTheme: this.theme,
      board: home.id,
      ...(organization ? { organization } : {}),
      ...(list ? { list } : {}),
      ...(card ? { card: card.id } : {}),
      ...(where.el ? { el: where.el } : {}),
    };
  }

  /** The board as it is seen now: what was read of it before is old. */
  see(board: Board | undefined) {
    if (board === this.board) return;
    this.board = board;
    this.things = new Things(this.world.trello, this.world.home.id);
  }

  card(id: string | undefined) {
    return this.board?.cards.find((one) => one.id === id);
  }

  told(where: Where): Told {
    return { board: this.world.home.id, card: where.card };
  }

  may(): { write: boolean; admin: boolean } {
    const place = this.board?.memberships.find((one) => one.idMember === this.world.person.id);
    return {
      write: place !== undefined && place.memberType !== "observer",
      admin: place?.memberType === "admin",
    };
  }

  /** A name for an element, beside which a popup will stand. */
  anchor(element: Element): string {
    for (const [name, known] of this.anchors) if (known.deref() === element) return name;
    const name = `el-${this.serial}-${this.anchors.size + 1}`;
    this.anchors.set(name, new WeakRef(element));
    return name;
  }

  element(name: string | undefined): Element | undefined {
    return name === undefined ? undefined : this.anchors.get(name)?.deref();
  }

  // What is shown -----------------------------------------------------------------------------

  show(change: Partial<Shown>) {
    this.shown = { ...this.shown, ...change };
    this.notify();
  }

  /** What is above everything: outside it nothing can be seen to or pressed. */
  layer(): Layer {
    if (this.shown.modal) return "modal";
    return this.page?.openCard() ? "card" : "page";
  }

  watch(run: () => void): () => void {
    this.watchers.add(run);
    return () => this.watchers.delete(run);
  }

  private notify() {
    for (const run of [...this.watchers]) run();
  }
}

/** The names of all functions in an answer. */
function named(value: unknown): string[] {
  const own = callback(value);
  if (own) return [own._callback];
  if (Array.isArray(value)) return value.flatMap(named);
  return isRecord(value) ? Object.values(value).flatMap(named) : [];
}
