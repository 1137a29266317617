// Which badges a card wears on its front. Quiet when all is well: one for its time, one for what
// stands between it and the next stage, and mostly neither.

import type { BadgeFacts } from "./contract";
import type { Badge } from "./trello";
import type { Words } from "./words/words";

/** From this part of its limit on, a card's time is worth a look. */
const NEAR = 0.8;
const RECENT_MS = 24 * 3600_000;

export type Slot = "time" | "gate";
export const SLOTS: readonly Slot[] = ["time", "gate"];

export function choose(facts: BadgeFacts | undefined, words: Words, now: number): Partial<Record<Slot, Badge>> {
  if (!facts) return {};
  const [time, gate] = [timeOf(facts, words), gateOf(facts, words, now)];
  return { ...(time && { time }), ...(gate && { gate }) };
}

function timeOf(facts: BadgeFacts, { say, duration, day }: Words): Badge | null {
  const { so_far_minutes: spent, limit_minutes: limit, waiting } = facts;
  // Its time stands still: nothing grows more urgent.
  if (waiting) return { text: waiting.until ? say("badgeWaitsUntil", { day: day(waiting.until) }) : say("badgeWaits") };
  if (facts.late) {
    const over = limit === null ? 0 : Math.max(1, spent - limit);
    return { text: say("badgeLate", { over: duration(over) }), color: "red" };
  }
  if (limit && spent >= limit * NEAR) return { text: say("badgeNear", { left: duration(limit - spent) }), color: "yellow" };
  return null;
}

function gateOf(facts: BadgeFacts, { say }: Words, now: number): Badge | null {
  if (facts.not_admitted) return { text: say("badgeNotAdmitted"), color: "red" };
  if (facts.ready) return { text: say("badgeReady"), color: "green" };
  if (!facts.refused_at || now - Date.parse(facts.refused_at) > RECENT_MS) return null;
  const text = facts.missing ? say("badgeRefused", { n: facts.missing }) : say("badgeReturned");
  return { text, color: "orange" };
}

/** One answer for the whole board, asked for once and kept a while: every card asks at the same time. */
export class Shared<T> {
  #kept: Promise<T> | null = null;
  #at = 0;
  readonly #ask: () => Promise<T>;
  readonly #keepMs: number;
  readonly #now: () => number;

  constructor(ask: () => Promise<T>, keepMs: number, now: () => number = Date.now) {
    this.#ask = ask;
    this.#keepMs = keepMs;
    this.#now = now;
  }

  /** A failure is kept as long: a service that is down is not asked once for each card. */
  get(): Promise<T> {
    if (!this.#kept || this.#now() - this.#at >= this.#keepMs) {
      this.#at = this.#now();
      this.#kept = this.#ask();
      this.#kept.catch(() => {});
    }
    return this.#kept;
  }
}
