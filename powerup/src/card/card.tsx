// The card's page: where it is, what is missing to go on, the ways on, what was decided.

import { useMemo, useRef } from "preact/hooks";
import type { CardView, Field, Move } from "../contract";
import { useApp } from "../parts/app";
import { Icon } from "../parts/icon";
import { isStranger, Loading, Notice, sentence, Stopped } from "../parts/state";
import { useView } from "../parts/view";
import { type Acts, useActs } from "./acts";
import { useDrafts } from "./drafts";
import { Findings, type Desk } from "./findings";
import { Head } from "./head";
import { History } from "./history";
import { MoveButton, OtherMoves } from "./moves";
import { Outcome } from "./outcome";
import { Places } from "./places";
import { fields } from "./tree";

export function CardPage() {
  const { api, host, words } = useApp();
  // News name a card by its id; the address may have named it by its short one.
  const id = useRef(host.card);
  const { view, trouble, seen, refresh } = useView(
    api,
    () => api.card(host.card),
    (card) => card === host.card || card === id.current,
  );
  if (view) id.current = view.card.id;
  const acts = useActs(api, view, refresh);
  if (!view) return trouble ? <Stopped trouble={trouble} again={refresh} /> : <Loading />;
  return (
    <main class="card">
      {trouble && (
        <Notice tone="warn">
          {trouble.code === "offline" && seen ? words.say("stale", { when: words.when(seen) }) : sentence(trouble, words)}
          {isStranger(trouble) && host.signIn && (
            <p>
              <a href={host.signIn}>{words.say("signIn")}</a>
            </p>
          )}
        </Notice>
      )}
      <Body view={view} acts={acts} />
      <Alone view={view} />
    </main>
  );
}

function fieldsOf(moves: Move[]): Map<string, Field> {
  const all = new Map<string, Field>();
  for (const move of moves) fields(move.finding, all);
  return all;
}

function Body({ view, acts }: { view: CardView; acts: Acts }) {
  const { words } = useApp();
  const all = useMemo(() => fieldsOf(view.moves), [view.moves]);
  const sent = useMemo(() => new Set(Object.keys(acts.sent)), [acts.sent]);
  const drafts = useDrafts(all, sent);
  const forward = view.moves.filter((move) => move.way === "forward");
  const others = view.moves.filter((move) => move.way !== "forward");
  const first = forward[0];
  const shut = !view.you.writes;
  const desk: Desk | null = shut ? null : { acts, drafts, name: "on", stage: first?.stage ?? "" };
  const n = Object.keys(drafts.changed).length;
  const save = { act: "set", fields: drafts.changed } as const;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (n > 0) acts.send(save);
      }}
    >
      {/* Trello shows the name above; by itself the page must. */}
      <h1 class={document.documentElement.dataset["plain"] === undefined ? "hidden" : ""}>{view.card.name}</h1>
      <Head view={view} />
      <Banners view={view} />
      <section class="block missing" data-part>
        {first && !first.legal && first.finding && (
          <>
            <h3 tabIndex={-1}>{words.say("toGo", { stage: first.name })}</h3>
            <Findings finding={first.finding} desk={desk} />
          </>
        )}
        {first?.legal && (
          <p class="ready">
            <Icon name="check" /> {words.say("allThere", { stage: first.name })}
          </p>
        )}
        {n > 0 && (
          <div class="save">
            <button type="submit" class="main" aria-disabled={acts.under(save)}>
              {words.say("save", { n })}
            </button>
            <button type="button" class="quiet" onClick={drafts.forget}>
              {words.say("cancel")}
            </button>
          </div>
        )}
        <Outcome acts={acts} />
        <div class="ways">
          {forward.map((move, index) => (
            <MoveButton key={move.stage} move={move} acts={acts} main={index === 0} shut={shut} />
          ))}
          {!view.moves.length && !view.trouble && <p class="soft">{words.say("noMoves")}</p>}
        </div>
        {first?.legal && first.finding && <Findings finding={first.finding} desk={desk} />}
        {desk && <OtherMoves moves={others} acts={acts} desk={desk} shut={shut} />}
      </section>
      <Places places={view.places} />
      <History decisions={view.decisions} />
      <File />
    </form>
  );
}

/** Everything about the client, on a page to print. */
function File() {
  const { host, words } = useApp();
  return (
    <p>
      <button type="button" onClick={() => host.openPaper(words.say("file"))}>
        {words.say("file")}
      </button>
    </p>
  );
}

/** By itself the page says who looks, and where the card is. */
function Alone({ view }: { view: CardView }) {
  const { host, words } = useApp();
  const { signOut } = host;
  if (!signOut) return null;
  return (
    <footer class="alone">
      <a href={view.card.url}>{words.say("inTrello")}</a>
      <span class="soft">{view.you.name}</span>
      <button type="button" class="quiet" onClick={() => void signOut().catch(() => {})}>
        {words.say("signOut")}
      </button>
    </footer>
  );
}

function Banners({ view }: { view: CardView }) {
  const { words } = useApp();
  const { trouble, process, you } = view;
  return (
    <>
      {trouble && <Notice tone={trouble.kind === "not_admitted" ? "bad" : "warn"}>{trouble.say}</Notice>}
      {process.state === "paused" ? (
        <Notice tone="info">{words.say("paused")}</Notice>
      ) : (
        process.mode === "watch" && <Notice tone="info">{words.say("watching")}</Notice>
      )}
      {!you.writes && <Notice>{words.say("readOnly")}</Notice>}
    </>
  );
}
