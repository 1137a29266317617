// What stands where there is nothing to show, or where something is the matter: a sentence, a way on.

import type { ComponentChildren } from "preact";
import type { Trouble } from "../api";
import type { Key, Words } from "../words/words";
import { useApp } from "./app";

export type Tone = "plain" | "good" | "warn" | "bad" | "info";

export function Notice({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return <div class={`notice ${tone}`}>{children}</div>;
}

/** The shape of what is to come, so that nothing jumps when it is there. */
export function Loading() {
  const { words } = useApp();
  return (
    <div class="loading" role="status">
      <span class="hidden">{words.say("loading")}</span>
      <i class="wide" />
      <i class="tall" />
      <i />
      <i class="short" />
    </div>
  );
}

const OURS: Record<string, Key> = {
  offline: "offline",
  busy: "offline",
  odd: "odd",
  no_token: "noToken",
  bad_token: "noToken",
  no_session: "noToken",
  not_attached: "notAttached",
  no_card: "noCard",
  not_a_member: "notMember",
  too_many: "tooMany",
};

/** The service's own sentence where it sent one. */
export function sentence(trouble: Trouble, words: Words): string {
  return trouble.say || words.say(OURS[trouble.code] ?? "odd");
}

/** The service does not know, or no longer, who looks. */
export function isStranger({ code }: Trouble): boolean {
  return code === "no_token" || code === "bad_token" || code === "no_session";
}

/** A whole page that has nothing else to show. */
export function Stopped(props: { trouble: Trouble; again: () => void }) {
  return (
    <main>
      <h1 class="hidden">Signalman</h1>
      <Failed {...props} />
    </main>
  );
}

export function Failed({ trouble, again }: { trouble: Trouble; again: () => void }) {
  const { words, host } = useApp();
  return (
    <div class="failed">
      <p>{sentence(trouble, words)}</p>
      {trouble.code === "not_attached" && <p class="soft">{words.say("notAttachedHow")}</p>}
      {isStranger(trouble) && host.signIn ? (
        <a href={host.signIn}>{words.say("signIn")}</a>
      ) : (
        <button type="button" onClick={again}>
          {words.say("again")}
        </button>
      )}
    </div>
  );
}
