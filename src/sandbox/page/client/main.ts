// `window.TrelloPowerUp` for a machine without Trello: what a Power-Up's page loads in the place of
// Trello's own script, written from the protocol alone. It holds no secret but the frame's.

import { type Callback, Callbacks } from "./callbacks";
import { isRecord, type Options, PostMessageIO } from "./io";
import { type Context, type Frame, T } from "./t";
import { dress, follow, type Theme } from "./theme";
import { type Localization, Words } from "./words";

interface Wishes {
  targetOrigin?: string;
  useADSTokens?: boolean;
  localization?: Localization;
}

const TRELLO = "https://trello.com";

function themeOf(context: Context): Theme {
  return (context.theme ?? context.initialTheme) === "dark" ? "dark" : "light";
}

function keepTheme(wishes: Wishes, heard: (theme: Theme) => void = () => {}) {
  follow(window.parent, wishes.targetOrigin ?? TRELLO, (theme) => {
    dress(theme, wishes.useADSTokens !== false);
    heard(theme);
  });
}

/** In the connector: says what it can do, and answers when asked for it. */
function initialize(capabilities: Record<string, Callback>, wishes: Wishes = {}): T {
  const callbacks = new Callbacks();
  const handlers: Record<string, (options: Options) => unknown> = {};
  const words = new Words();
  const io = new PostMessageIO({
    local: window,
    remote: window.parent,
    targetOrigin: wishes.targetOrigin ?? TRELLO,
    handlers,
    pack: callbacks.pack,
  });
  const frame: Frame = { io, callbacks, words, locale: "en-US" };
  const handed = (options: Options) => new T(frame, contextOf(options), [options]);
  for (const [name, run] of Object.entries(capabilities)) {
    handlers[name] = (options) => run(handed(options), options);
  }
  handlers.callback = (options) => callbacks.act(handed(options), options);
  keepTheme(wishes);
  void io.request("initialize", [...Object.keys(capabilities), "callback"]).then(async (told) => {
    if (!isRecord(told)) return;
    io.secret = String(told.secret);
    frame.locale = String(told.locale);
    if (wishes.localization) await words.load(wishes.localization, frame.locale);
    await io.request("ready");
  });
  return new T(frame, {});
}

function contextOf(options: Options): Context {
  return isRecord(options.context) ? options.context : {};
}

/** In any other frame: reads who and where one is from the address. */
function iframe(wishes: Wishes = {}): T {
  const signed = read();
  const context = contextOf(signed);
  const callbacks = new Callbacks();
  const words = new Words();
  const handlers: Record<string, (options: Options) => unknown> = {};
  const io = new PostMessageIO({
    local: window,
    remote: window.parent,
    targetOrigin: wishes.targetOrigin ?? TRELLO,
    secret: typeof signed.secret === "string" ? signed.secret : undefined,
    handlers,
    pack: callbacks.pack,
  });
  const frame: Frame = { io, callbacks, words, locale: String(signed.locale ?? "en-US") };
  handlers.callback = (options) => callbacks.act(new T(frame, { ...context, ...contextOf(options) }, [options]), options);
  dress(themeOf(context), wishes.useADSTokens !== false);
  keepTheme(wishes, (theme) => {
    context.theme = theme;
  });
  if (wishes.localization) void words.load(wishes.localization, frame.locale);
  return new T(frame, context, Array.isArray(signed.args) ? signed.args : [signed.args]);
}

function read(): Options {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    if (isRecord(value)) return value;
  } catch {
    // The sentence below says it better.
  }
  throw new Error("This page stands alone: Trello opens it with the frame's secret in the address (t.signUrl).");
}

const TrelloPowerUp = { version: "practice", Promise, PostMessageIO, initialize, iframe };

declare global {
  interface Window {
    TrelloPowerUp: typeof TrelloPowerUp;
  }
}
window.TrelloPowerUp = TrelloPowerUp;
