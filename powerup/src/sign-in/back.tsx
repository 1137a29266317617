// Back from Trello: its token goes to the service in a request's body, out of the address at once, and
// is kept nowhere; then the card's page opens.

import { render } from "preact";
import type { ErrorBody } from "../contract";
import { Notice } from "../parts/state";
import { Words } from "../words/words";
import { isOwn, type Kept, take } from "./kept";
import "../parts/tokens.css";
import "../parts/parts.css";
import "./sign-in.css";

const told = new URLSearchParams(location.hash.slice(1));
history.replaceState(null, "", location.pathname);
const words = new Words(document.documentElement.lang);

function Back({ failed, back }: { failed: string; back: string }) {
  return (
    <main class="sign-in">
      <h1>Signalman</h1>
      <div role="status">{failed ? <Notice tone="warn">{failed}</Notice> : <p>{words.say("signingIn")}</p>}</div>
      {failed && back && (
        <p>
          <a href={back}>{words.say("signInAgain")}</a>
        </p>
      )}
    </main>
  );
}

const root = document.getElementById("app");
const show = (failed: string, back = "") => {
  if (root) render(<Back failed={failed} back={back} />, root);
};

async function finish({ state, back }: Kept, token: string) {
  let answer: Response;
  try {
    answer = await fetch("/c/session", {
      method: "POST",
      credentials: "same-origin",
      cache: "no-store",
      headers: { "Content-Type": "application/json", "X-Signalman": "1", "Accept-Language": words.lang },
      body: JSON.stringify({ token, state }),
    });
  } catch {
    return show(words.say("offline"), back);
  }
  const body = (await answer.json().catch(() => ({}))) as { go?: string } & Partial<ErrorBody>;
  if (answer.ok && isOwn(body.go ?? "")) return location.replace(body.go ?? back);
  show(body.error?.say || words.say("odd"), back);
}

const kept = take();
const token = told.get("token");
if (!kept) show(words.say("signInElsewhere"));
else if (!token) show(words.say("signInDenied"), kept.back);
else {
  show("");
  void finish(kept, token);
}
