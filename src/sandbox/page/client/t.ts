// What a Power-Up's code is handed as `t`: everything that can be asked of the page around it.

import { absolute, type Callbacks } from "./callbacks";
import * as data from "./data";
import { Failure, isRecord, type Options, type PostMessageIO } from "./io";
import * as theme from "./theme";
import type { Words } from "./words";

export interface Context extends Options {
  board?: string;
  card?: string;
  list?: string;
  member?: string;
  permissions?: Record<string, string>;
}

export interface Frame {
  io: PostMessageIO;
  callbacks: Callbacks;
  words: Words;
  locale: string;
}

const MESSAGE = 140;
const STATE = 2048;

export class T {
  constructor(
    private readonly frame: Frame,
    private readonly context: Context,
    readonly args: unknown[] = [],
  ) {}

  private ask = (command: string, options: Options = {}): Promise<unknown> =>
    this.frame.io.request(command, { context: this.context, ...options });

  // Where one is ------------------------------------------------------------------------------

  getContext(): Context {
    return this.context;
  }
  arg(name: string, otherwise?: unknown): unknown {
    const found = this.args.find((one) => isRecord(one) && name in one);
    return isRecord(found) ? found[name] : otherwise;
  }
  isMemberSignedIn(): boolean {
    return this.context.member !== undefined && this.context.member !== "notLoggedIn";
  }
  memberCanWriteToModel(model: string): boolean {
    return this.context.permissions?.[model] === "write";
  }

  // What is kept ------------------------------------------------------------------------------

  get(scope: string, visibility: string, key?: string, otherwise?: unknown) {
    return data.get(this.ask, scope, visibility, key, otherwise);
  }
  getAll() {
    return data.getAll(this.ask);
  }
  set(scope: string, visibility: string, key: string | Options, value?: unknown) {
    const wish = typeof key === "string" ? { [key]: value } : key;
    return data.change(this.ask, scope, visibility, (all) => ({ ...all, ...wish }));
  }
  remove(scope: string, visibility: string, key: string | string[]) {
    const gone = new Set([key].flat());
    return data.change(this.ask, scope, visibility, (all) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !gone.has(name))),
    );
  }

  // What stands on the board ------------------------------------------------------------------

  card(...fields: string[]) {
    return this.ask("card", { fields });
  }
  cards(...fields: string[]) {
    return this.ask("cards", { fields });
  }
  list(...fields: string[]) {
    return this.ask("list", { fields });
  }
  lists(...fields: string[]) {
    return this.ask("lists", { fields });
  }
  board(...fields: string[]) {
    return this.ask("board", { fields });
  }
  member(...fields: string[]) {
    return this.ask("member", { fields });
  }
  organization(...fields: string[]) {
    return this.ask("organization", { fields });
  }

  // What is shown -----------------------------------------------------------------------------

  signUrl(url: string, args?: Options): string {
    const { io, locale } = this.frame;
    const signed = { secret: io.secret, context: this.context, locale, args: [args ?? {}] };
    return `${absolute(url).split("#")[0]}#${encodeURIComponent(JSON.stringify(signed))}`;
  }
  popup(options: Options) {
    const { mouseEvent, url, args, ...rest } = options;
    const pos = mouseEvent instanceof MouseEvent ? { x: mouseEvent.clientX, y: mouseEvent.clientY } : undefined;
    return this.ask("popup", { ...rest, ...this.page(url, args), ...(pos ? { pos } : {}) });
  }
  closePopup() {
    return this.ask("close-popup");
  }
  back() {
    return this.ask("pop-popup");
  }
  modal({ url, args, ...rest }: Options) {
    return this.ask("modal", { ...rest, ...this.page(url, args) });
  }
  updateModal(options: Options) {
    return this.ask("update-modal", options);
  }
  closeModal() {
    return this.ask("close-modal");
  }
  boardBar({ url, args, ...rest }: Options) {
    return this.ask("board-bar", { ...rest, ...this.page(url, args) });
  }
  closeBoardBar() {
    return this.ask("close-board-bar");
  }
  private page(url: unknown, args: unknown): Options {
    return typeof url === "string" ? { url: this.signUrl(url, isRecord(args) ? args : {}) } : {};
  }
  alert(options: Options) {
    const { message, duration } = options;
    if (typeof message !== "string" || !message || message.length > MESSAGE) {
      return Promise.reject(new Failure("not handled", `An alert has 1 to ${MESSAGE} characters.`));
    }
    if (duration !== undefined && (typeof duration !== "number" || duration < 5 || duration > 30)) {
      return Promise.reject(new Failure("not handled", "An alert stays for 5 to 30 seconds."));
    }
    return this.ask("alert", options);
  }
  hideAlert() {
    return this.ask("hideAlert");
  }
  navigate(options: Options) {
    return this.ask("navigate", options);
  }
  showCard(idCard: string) {
    return this.ask("showCard", { idCard });
  }
  hideCard() {
    return this.ask("hideCard");
  }

  // The frame itself --------------------------------------------------------------------------

  resize(height: number) {
    return this.ask("resize", { height });
  }
  /** As high as an element (or the first that a selector finds), or so many pixels. */
  sizeTo(what: string | number | Element) {
    if (typeof what === "number") return this.resize(what);
    const element = typeof what === "string" ? document.querySelector(what) : what;
    if (!element) return Promise.reject(new Failure("not handled", `Nothing is found by "${String(what)}".`));
    const { marginTop, marginBottom } = getComputedStyle(element);
    const around = [marginTop, marginBottom].map(Number.parseFloat).filter(Number.isFinite);
    const height = element.getBoundingClientRect().height + around.reduce((sum, one) => sum + one, 0);
    return this.resize(Math.ceil(height));
  }
  render(run: () => void) {
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (event.source === window.parent && event.data === "render") run();
    });
  }
  notifyParent(message: string) {
    window.parent.postMessage(message, "*");
  }

  // Who one is, and how it looks --------------------------------------------------------------

  jwt(options: Options = {}): Promise<unknown> {
    const { state } = options;
    if (typeof state === "string" && state.length > STATE) {
      return Promise.reject(new Failure("not handled", `The state has at most ${STATE} characters.`));
    }
    return this.ask("jwt", options);
  }
  subscribeToThemeChanges(run: (now: theme.Theme) => void) {
    return theme.subscribe(run);
  }
  getColorToken(name: string, fallback?: string) {
    return theme.token(name, fallback);
  }
  localizeKey(key: string, values?: Options): string {
    return this.frame.words.key(key, values);
  }
  localizeKeys(keys: (string | [string, Options])[]): string[] {
    return keys.map((one) => (typeof one === "string" ? this.localizeKey(one) : this.localizeKey(...one)));
  }
  localizeNode(node: Element | Document) {
    this.frame.words.node(node);
  }
  NotHandled(message = "It is not handled."): Failure {
    return new Failure("not handled", message);
  }
}
