// What was said and done on a card, and the line to say something.

import { useEffect, useRef } from "preact/hooks";
import type { Action, OpenCard } from "./api";
import { useDraft } from "./drafts";
import { Face, type People } from "./person";
import { Text } from "./text";
import { day, say } from "./words";

interface Props {
  card: OpenCard;
  people: People;
  send: (text: string) => void;
  /** The comment to go to, once it is there. */
  goal: string | undefined;
  reached: () => void;
}

export function Talk({ card, people, send, goal, reached }: Props) {
  const [draft, setDraft] = useDraft<string>(card.id, "comment");
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const found = goal && list.current?.querySelector<HTMLElement>(`[data-said="${goal}"]`);
    if (!found) return;
    // Its first line says the most: on a phone a comment may be taller than the screen.
    found.scrollIntoView({ block: "start" });
    found.focus({ preventScroll: true });
    reached();
  }, [goal, card]);
  const submit = () => {
    if (draft?.trim()) send(draft.trim());
    setDraft(undefined);
  };
  return (
    <section class="talk">
      <h3>{say("comments")}</h3>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <textarea
          rows={2}
          aria-label={say("write")}
          aria-describedby="send-key"
          placeholder={say("write")}
          value={draft ?? ""}
          onInput={(event) => setDraft(event.currentTarget.value || undefined)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
          }}
        />
        <div class="tools">
          <button class="main">{say("send")}</button>
          <span id="send-key" class="hint">
            {say("sendKey")}
          </span>
        </div>
      </form>
      <ol ref={list}>
        {card.actions.map((action) => (
          <li
            key={action.id}
            class={action.type === "commentCard" ? "said" : "done"}
            data-said={action.id}
            tabIndex={-1}
          >
            <Face id={action.idMemberCreator} people={people} />
            <div>
              <p class="who">
                <strong>{people.get(action.idMemberCreator)?.fullName}</strong> {told(action)}{" "}
                <time dateTime={action.date}>{day(action.date)}</time>{" "}
                {action.data.dateLastEdited && (
                  <time dateTime={action.data.dateLastEdited}>
                    {say("edited", { a: day(action.data.dateLastEdited) })}
                  </time>
                )}
              </p>
              {action.data.text !== undefined && <Text text={action.data.text} />}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function told({ type, data }: Action): string {
  if (type === "updateCard" && data.listBefore && data.listAfter) {
    return say("movedTo", { a: data.listBefore.name, b: data.listAfter.name });
  }
  if (type === "updateCard" && data.old && "closed" in data.old) {
    return say(data.old.closed ? "takenBack" : "putAway");
  }
  if (type === "updateCheckItemStateOnCard" && data.checkItem) {
    return say(data.checkItem.state === "complete" ? "ticked" : "unticked", { a: data.checkItem.name });
  }
  if (type === "createCard") return say("created");
  if (type === "copyCard") return say("copied");
  return "";
}
