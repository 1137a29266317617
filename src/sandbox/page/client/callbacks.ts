// Functions that a Power-Up hands to the host. A function cannot be sent, so that it gets a name,
// by which the host has it run: within two minutes, or as long as the host retains it.

import { Failure, isRecord, type Options } from "./io";
import type { T } from "./t";

export type Callback = (t: T, options: Options) => unknown;

const VALID_MS = 120_000;
/** Where an address may stand in what is handed over. */
const ADDRESSES = new Set(["url", "icon", "image", "dark", "light", "logo"]);

interface Kept {
  run: Callback;
  retained: number;
  timer: ReturnType<typeof setTimeout>;
}

export class Callbacks {
  private readonly kept = new Map<string, Kept>();
  private next = 1;

  /** The same value without functions, its addresses absolute. */
  pack = (value: unknown): unknown => this.packed(value, "");

  private packed(value: unknown, name: string): unknown {
    if (typeof value === "function") return { _callback: this.keep(value as Callback) };
    if (typeof value === "string" && value.startsWith("./") && ADDRESSES.has(name)) return absolute(value);
    if (Array.isArray(value)) return value.map((one: unknown) => this.packed(one, name));
    if (isRecord(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.packed(one, key)]));
    }
    return value;
  }

  private keep(run: Callback): string {
    const name = `cb${this.next++}`;
    this.kept.set(name, { run, retained: 0, timer: this.forget(name) });
    return name;
  }

  private forget(name: string) {
    return setTimeout(() => {
      if (this.kept.get(name)?.retained === 0) this.kept.delete(name);
    }, VALID_MS);
  }

  /** What the host wants done with one of them. */
  act(t: T, { callback, action, options }: Options): unknown {
    const kept = this.kept.get(String(callback));
    if (!kept) throw new Failure("not handled", `The callback "${String(callback)}" is no longer valid.`);
    if (action === "retain") {
      kept.retained += 1;
      clearTimeout(kept.timer);
      return undefined;
    }
    if (action === "release") {
      kept.retained = Math.max(0, kept.retained - 1);
      clearTimeout(kept.timer);
      kept.timer = this.forget(String(callback));
      return undefined;
    }
    return kept.run(t, isRecord(options) ? options : {});
  }
}

export function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}
