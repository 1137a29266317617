// Hears that something may look otherwise now. The stream is opened again whenever it ends: at once
// when its token ran out, later and later while the service does not answer.

import { createParser } from "eventsource-parser";

export interface Heard {
  card(id: string): void;
  /** Anything else, and each time the stream was away: nobody knows what was missed. */
  board(): void;
}

export interface Clock {
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Between 0 and 1: pages that lost the service together do not come back together. */
  chance(): number;
}

const FIRST_MS = 1_000;
const LAST_MS = 60_000;
/** A comment comes every 15 s: a stream silent for three of them is dead. */
const SILENT_MS = 45_000;
/** A stream that lived this long was sound: the next try comes at once. */
const SOUND_MS = 5_000;

export function listen(
  open: (signal: AbortSignal) => Promise<Response>,
  heard: Heard,
  clock: Clock = real,
): () => void {
  const end = new AbortController();
  void keep(open, heard, clock, end.signal).catch(() => {});
  return () => end.abort();
}

async function keep(
  open: (signal: AbortSignal) => Promise<Response>,
  heard: Heard,
  clock: Clock,
  end: AbortSignal,
): Promise<void> {
  let failed = 0;
  for (let tries = 0; !end.aborted; tries++) {
    const began = clock.now();
    const one = new AbortController();
    const stop = () => one.abort();
    end.addEventListener("abort", stop);
    try {
      const answer = await open(one.signal);
      if (tries > 0) heard.board();
      await read(answer, heard, clock, one);
    } catch {
      // Whatever it was, the stream is away: that is handled below.
    } finally {
      end.removeEventListener("abort", stop);
      one.abort();
    }
    if (end.aborted) return;
    failed = clock.now() - began >= SOUND_MS ? 0 : failed + 1;
    if (failed) await clock.wait(pause(failed, clock.chance()), end);
  }
}

/** Doubled each time, and somewhere between half of it and all of it. */
export function pause(failed: number, chance: number): number {
  return Math.min(LAST_MS, FIRST_MS * 2 ** (failed - 1)) * (0.5 + chance / 2);
}

async function read(answer: Response, heard: Heard, clock: Clock, one: AbortController): Promise<void> {
  const reader = answer.body?.getReader();
  if (!reader) return;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === "board") heard.board();
      if (event !== "card") return;
      const card = cardOf(data);
      if (card) heard.card(card);
      else heard.board();
    },
  });
  const text = new TextDecoder();
  for (;;) {
    const part = await within(reader.read(), clock, one);
    if (part.done) return;
    parser.feed(text.decode(part.value, { stream: true }));
  }
}

function cardOf(data: string): string | undefined {
  try {
    const told: unknown = JSON.parse(data);
    if (typeof told === "object" && told !== null && "card" in told && typeof told.card === "string") return told.card;
  } catch {
    // An event nobody can read still says that something changed.
  }
  return undefined;
}

async function within<T>(part: Promise<T>, clock: Clock, one: AbortController): Promise<T> {
  const done = new AbortController();
  const silent = clock.wait(SILENT_MS, done.signal).then(() => {
    if (done.signal.aborted) return new Promise<never>(() => {});
    one.abort();
    throw new Error("silent");
  });
  try {
    return await Promise.race([part, silent]);
  } finally {
    done.abort();
  }
}

const real: Clock = {
  now: () => Date.now(),
  chance: () => Math.random(),
  wait: (ms, signal) =>
    new Promise((done) => {
      if (signal.aborted) return done();
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        done();
      });
    }),
};
