// Unsaved work outlives a closed window: it is kept for this tab, by board and by the version that it
// would change. Where the browser keeps nothing for a page inside another, it lives as long as the page.

interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const PREFIX = "signalman";

function own(): Store | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export class Kept<T> {
  readonly #key: string;
  readonly #store: Store | null;

  constructor(what: string, board: string, version: string | null, store: Store | null = own()) {
    this.#key = [PREFIX, what, board, version ?? "none"].join(":");
    this.#store = store;
  }

  read(): T | null {
    try {
      const text = this.#store?.getItem(this.#key);
      return text ? (JSON.parse(text) as T) : null;
    } catch {
      return null;
    }
  }

  write(value: T) {
    try {
      this.#store?.setItem(this.#key, JSON.stringify(value));
    } catch {
      // Full or forbidden: the page itself still has it.
    }
  }

  forget() {
    try {
      this.#store?.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}
