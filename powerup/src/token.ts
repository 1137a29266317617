// The signed word of Trello about who is looking. It is good for fifteen minutes; it is asked for anew
// before that, and once for all who wait for it at the same time.

/** Three minutes before its end: a request under way is still answered. */
const GOOD_MS = 12 * 60_000;

export class Token {
  #asked: Promise<string> | null = null;
  #at = 0;
  readonly #ask: () => Promise<string>;
  readonly #now: () => number;

  constructor(ask: () => Promise<string>, now: () => number = Date.now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** `anew`: the service did not take the last one. */
  get(anew = false): Promise<string> {
    const age = this.#now() - this.#at;
    // Several requests fail together on one old token: one question answers them all.
    if (this.#asked && age < GOOD_MS && !(anew && age > 1000)) return this.#asked;
    this.#at = this.#now();
    const asked = this.#ask();
    this.#asked = asked;
    asked.catch(() => {
      if (this.#asked === asked) this.#asked = null;
    });
    return asked;
  }
}
