// The description, read or written. What others change meanwhile is never written over unasked.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { focused } from "./adder";
import type { OpenCard } from "./api";
import { useDraft } from "./drafts";
import { merge } from "./merge";
import { Text } from "./text";
import { say } from "./words";

/** What was on the card when writing began, and what is written now. */
interface Draft {
  base: string;
  text: string;
}

interface Props {
  card: OpenCard;
  /** The description as it is on the card this moment. */
  fresh: () => Promise<string>;
  save: (desc: string) => void;
  tell: (text: string) => void;
}

/** More than this hides what stands below it. */
const LINES = 12;

/** A long one begins folded, as in Trello. */
function Long({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const box = useId();
  if (text.split("\n").length <= LINES) return <Text text={text} />;
  return (
    <>
      <div id={box} class={`long ${whole ? "" : "folded"}`}>
        <Text text={text} />
      </div>
      <button class="quiet" aria-expanded={whole} aria-controls={box} onClick={() => setWhole(!whole)}>
        {say(whole ? "showLess" : "showAll")}
      </button>
    </>
  );
}

export function Description({ card, fresh, save, tell }: Props) {
  const [draft, setDraft] = useDraft<Draft>(card.id, "desc");
  const [theirs, setTheirs] = useState<string>();
  const edit = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !draft) edit.current?.focus();
    was.current = draft !== undefined;
  }, [draft]);
  if (draft === undefined) {
    return (
      <section>
        <h3>
          {say("description")}{" "}
          <button class="quiet" ref={edit} onClick={() => setDraft({ base: card.desc, text: card.desc })}>
            {say("edit")}
          </button>
        </h3>
        {card.desc ? <Long text={card.desc} /> : <p class="empty">{say("nothing")}</p>}
      </section>
    );
  }
  const finish = () => {
    setDraft(undefined);
    setTheirs(undefined);
  };
  const done = async () => {
    const now = await fresh();
    if (now === draft.base) {
      save(draft.text);
      return finish();
    }
    // Once theirs was shown, "mine" is an answer, as long as theirs is still the same.
    const both = merge(draft.base, draft.text, now, now === theirs);
    if (both === undefined) return setTheirs(now);
    save(both);
    if (theirs === undefined) tell(say("merged"));
    finish();
  };
  return (
    <section>
      <h3>{say("description")}</h3>
      <textarea
        ref={focused}
        aria-label={say("description")}
        rows={Math.max(8, draft.text.split("\n").length + 1)}
        value={draft.text}
        onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
      />
      {theirs === undefined && card.desc !== draft.base && (
        <p class="note" role="status">
          {say("meanwhile")}
        </p>
      )}
      {theirs !== undefined && (
        <div class="conflict" role="alert">
          <p>{say("conflict")}</p>
          <h4>{say("theirs")}</h4>
          <Text text={theirs} />
        </div>
      )}
      <div class="tools">
        <button
          class="main"
          // Unread is unsaved: the draft stays.
          onClick={() => done().catch((error: Error) => tell(say("failed", { a: error.message })))}
        >
          {say(theirs === undefined ? "save" : "keepMine")}
        </button>
        <button onClick={finish}>{say(theirs === undefined ? "cancel" : "takeTheirs")}</button>
      </div>
    </section>
  );
}
