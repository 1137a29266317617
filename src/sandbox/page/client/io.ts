// Messages between a Power-Up's page and the page that hosts it: requests and their answers, in
// bulk. Both ends use it. It never looks into what a message says.

/** A failure that the other end is told by its code. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "Failure";
  }
}

export type Options = Record<string, unknown>;
export type Handler = (options: Options) => unknown;

type Id = string | number;
interface Request {
  type: "request";
  data: { id: Id; command: string; args: unknown[] };
}
interface Response {
  type: "response";
  data: { to: Id; success: boolean; response: unknown };
}
type Item = Request | Response;

interface Ends {
  local: Window;
  remote: Window;
  targetOrigin: string;
  secret?: string | undefined;
  handlers: Record<string, Handler>;
  /** Makes a value fit to be sent: a function cannot be. */
  pack?: (value: unknown) => unknown;
  /** The host's end: only this window is heard, whatever secret another may know. */
  strict?: boolean;
  Promise?: PromiseConstructor;
}

export class PostMessageIO {
  secret: string | undefined;
  private readonly waiting = new Map<Id, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private queue: Item[] = [];
  private next = 1;
  private readonly listen = (event: MessageEvent<unknown>) => this.heard(event);

  constructor(private readonly ends: Ends) {
    this.secret = ends.secret;
    ends.local.addEventListener("message", this.listen);
  }

  request(command: string, ...args: unknown[]): Promise<unknown> {
    const id = `${command}:${this.next++}`;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      try {
        this.send({ type: "request", data: { id, command, args: args.map((one) => this.pack(one)) } });
      } catch (error) {
        this.waiting.delete(id);
        reject(error);
      }
    });
  }

  /** Nothing is heard afterwards, and whoever waits is told so. */
  close() {
    this.ends.local.removeEventListener("message", this.listen);
    for (const { reject } of this.waiting.values()) reject(new Failure("plugin disabled", "The frame is gone."));
    this.waiting.clear();
  }

  private pack(value: unknown): unknown {
    return this.ends.pack ? this.ends.pack(value) : value;
  }

  private send(item: Item) {
    this.queue.push(item);
    if (this.queue.length > 1) return;
    queueMicrotask(() => {
      const data = this.queue;
      this.queue = [];
      this.ends.remote.postMessage({ type: "bulk", secret: this.secret, data }, this.ends.targetOrigin);
    });
  }

  private heard(event: MessageEvent<unknown>) {
    const { data } = event;
    if (!isRecord(data) || data.type !== "bulk" || !Array.isArray(data.data)) return;
    const { remote, targetOrigin, strict } = this.ends;
    const known = this.secret !== undefined && data.secret === this.secret;
    if (strict ? event.source !== remote || event.origin !== targetOrigin : event.source !== remote && !known) return;
    for (const item of data.data as unknown[]) {
      if (!isRecord(item) || !isRecord(item.data)) continue;
      if (item.type === "request") void this.asked(item.data);
      else if (item.type === "response") this.answered(item.data);
    }
  }

  private async asked({ id, command, args }: Options) {
    if (typeof id !== "string" && typeof id !== "number") return;
    const answer = (success: boolean, response: unknown) =>
      this.send({ type: "response", data: { to: id, success, response } });
    try {
      const handler = typeof command === "string" && Object.hasOwn(this.ends.handlers, command);
      if (!handler) throw new Failure("unsupported command", `Nothing is known of "${String(command)}".`);
      const first: unknown = Array.isArray(args) ? args[0] : undefined;
      const value = await this.ends.handlers[command]?.(isRecord(first) ? first : { value: first });
      answer(true, this.pack(value));
    } catch (error) {
      const code = error instanceof Failure ? error.code : "not handled";
      answer(false, { code, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private answered({ to, success, response }: Options) {
    if (typeof to !== "string" && typeof to !== "number") return;
    const asker = this.waiting.get(to);
    this.waiting.delete(to);
    if (success === true) asker?.resolve(response);
    else asker?.reject(failure(response));
  }
}

function failure(told: unknown): Failure {
  if (!isRecord(told)) return new Failure("not handled", String(told));
  return new Failure(String(told.code ?? "not handled"), String(told.message ?? "It was refused."));
}

export function isRecord(value: unknown): value is Options {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
