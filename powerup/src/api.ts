// The service's API: asks in the viewer's name, and tells what went wrong as one kind of error. It
// shows nothing and remembers nothing.

import type {
  Act,
  BadgesView,
  BoardView,
  CardView,
  DecisionView,
  ErrorBody,
  Finding,
  Mistake,
} from "./contract";

/** All of the host that asking needs. */
export interface Asker {
  locale: string;
  board: string;
  api: string;
  proof(anew: boolean): Promise<Record<string, string>>;
}

/** The service said no, or could not be asked: `offline` no answer, `odd` an answer nobody expects. */
export class Trouble extends Error {
  readonly code: string;
  readonly status: number;
  /** A sentence for the viewer; empty when there is none but our own. */
  readonly say: string;
  readonly finding: Finding | null;
  readonly fields: Record<string, string>;
  readonly mistakes: Mistake[];
  readonly retryAfterMs: number | null;

  constructor(code: string, status = 0, body: Partial<ErrorBody["error"]> = {}, retryAfterMs: number | null = null) {
    super(body.say || code);
    this.code = code;
    this.status = status;
    this.say = body.say ?? "";
    this.finding = body.finding ?? null;
    this.fields = body.fields ?? {};
    this.mistakes = body.mistakes ?? [];
    this.retryAfterMs = retryAfterMs;
  }
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Api {
  readonly #asker: Asker;
  readonly #fetch: Fetch;

  constructor(asker: Asker, ask: Fetch = (url, init) => fetch(url, init)) {
    this.#asker = asker;
    this.#fetch = ask;
  }

  card = (card: string) => this.#json<CardView>(`/cards/${encodeURIComponent(card)}`);
  decision = (id: string) => this.#json<DecisionView>(`/decisions/${encodeURIComponent(id)}`);
  board = () => this.#json<BoardView>("");
  badges = () => this.#json<BadgesView>("/badges");
  figures = <T>(since: string) => this.#json<T>(`/figures?since=${encodeURIComponent(since)}`);

  /** A page to print, whole in itself. */
  dossier = (card: string) => this.#text(`/cards/${encodeURIComponent(card)}/dossier`);
  report = (since: string) => this.#text(`/report?since=${encodeURIComponent(since)}`);

  /** What the settings ask; with a body it is a POST. */
  setup = <T>(path: string, body?: unknown) => this.#json<T>(`/setup${path}`, body === undefined ? {} : posted(body));

  /** Written down, not yet done: what becomes of it shows in the card's view. */
  act = (card: string, act: Act) =>
    this.#json<{ id: string }>(`/cards/${encodeURIComponent(card)}/acts`, posted(act));

  /** The stream of news; it ends when the token does. */
  live = (signal: AbortSignal) => this.#ask("/live", { signal, headers: { Accept: "text/event-stream" } });

  async #text(path: string): Promise<string> {
    const answer = await this.#ask(path, { headers: { Accept: "text/html" } });
    return answer.text();
  }

  async #json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const answer = await this.#ask(path, init);
    try {
      return (await answer.json()) as T;
    } catch {
      throw new Trouble("odd", answer.status);
    }
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const first = await this.#once(path, init, false);
    const answer = first.status === 401 ? await this.#once(path, init, true) : first;
    if (answer.ok) return answer;
    throw await trouble(answer);
  }

  async #once(path: string, init: RequestInit, anew: boolean): Promise<Response> {
    const proof = await this.#asker.proof(anew).catch(() => {
      throw new Trouble("no_token");
    });
    try {
      return await this.#fetch(`${this.#asker.api}/boards/${encodeURIComponent(this.#asker.board)}${path}`, {
        credentials: "same-origin",
        cache: "no-store",
        ...init,
        headers: { ...init.headers, ...proof, "Accept-Language": this.#asker.locale },
      });
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
      throw new Trouble("offline");
    }
  }
}

function posted(body: unknown): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

async function trouble(answer: Response): Promise<Trouble> {
  const seconds = Number(answer.headers.get("Retry-After"));
  const wait = answer.headers.has("Retry-After") && Number.isFinite(seconds) ? seconds * 1000 : null;
  try {
    const { error } = (await answer.json()) as ErrorBody;
    return new Trouble(error.code, answer.status, error, wait);
  } catch {
    return new Trouble("odd", answer.status, {}, wait);
  }
}
