// One card opened: what it says, its checklists, links, and what was said and done.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Action, Board, Checklist, OpenCard, Person, Trello } from "./api";
import { Adder, Face, Labels, MoveMenu } from "./board";
import { Text } from "./text";
import { day, say } from "./words";

interface Props {
  card: OpenCard;
  board: Board;
  people: Map<string, Person>;
  trello: Trello;
  act: (done: Promise<unknown>) => void;
  close: () => void;
}

export function CardView({ card, board, people, trello, act, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);
  const list = board.lists.find((one) => one.id === card.idList);
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label={card.name}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="sheet">
        <header>
          <div>
            <h2>{card.name}</h2>
            <p class="where">
              {list?.name} {card.due && <> · {say("due", { a: day(card.due) })}</>}
            </p>
          </div>
          <span class="faces">
            {card.idMembers.map((id) => (
              <Face person={people.get(id)} />
            ))}
          </span>
          <button class="close" aria-label={say("close")} onClick={() => dialog.current?.close()}>
            ✕
          </button>
        </header>
        <Labels card={card} />
        <div class="tools">
          <MoveMenu
            card={card}
            lists={board.lists}
            moveTo={(to) => act(trello.move(card.id, to, "top"))}
          />
          <select
            aria-label={say("copyTo")}
            value=""
            onChange={(event) => {
              act(trello.copyCard(card.id, event.currentTarget.value));
              event.currentTarget.value = "";
            }}
          >
            <option value="">{say("copyTo")}</option>
            {board.lists.map((one) => (
              <option value={one.id}>{one.name}</option>
            ))}
          </select>
          <button
            onClick={() => {
              act(trello.change(card.id, { closed: true }));
              dialog.current?.close();
            }}
          >
            {say("archive")}
          </button>
        </div>
        <div class="columns">
          <div>
            <Description key={card.id} card={card} save={(desc) => act(trello.change(card.id, { desc }))} />
            {card.checklists.map((checklist) => (
              <ChecklistView
                key={checklist.id}
                checklist={checklist}
                tick={(item, on) => act(trello.tick(card.id, item, on))}
                add={(name) => act(trello.addItem(checklist.id, name))}
              />
            ))}
            <Links card={card} attach={(url, name) => act(trello.attach(card.id, url, name))} />
          </div>
          <Talk card={card} people={people} send={(text) => act(trello.comment(card.id, text))} />
        </div>
      </div>
    </dialog>
  );
}

function Description({ card, save }: { card: OpenCard; save: (desc: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null) {
    return (
      <section>
        <h3>
          {say("description")}{" "}
          <button class="quiet" onClick={() => setDraft(card.desc)}>
            {say("edit")}
          </button>
        </h3>
        {card.desc ? <Text text={card.desc} /> : <p class="empty">{say("nothing")}</p>}
      </section>
    );
  }
  return (
    <section>
      <h3>{say("description")}</h3>
      <textarea
        aria-label={say("description")}
        rows={Math.max(8, draft.split("\n").length + 1)}
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
      />
      <div class="tools">
        <button
          class="main"
          onClick={() => {
            save(draft);
            setDraft(null);
          }}
        >
          {say("save")}
        </button>
        <button onClick={() => setDraft(null)}>{say("cancel")}</button>
      </div>
    </section>
  );
}

interface ChecklistProps {
  checklist: Checklist;
  tick: (item: string, on: boolean) => void;
  add: (name: string) => void;
}

function ChecklistView({ checklist, tick, add }: ChecklistProps) {
  const done = checklist.checkItems.filter((item) => item.state === "complete").length;
  const all = checklist.checkItems.length;
  // A tick shows at once; what the board says replaces it.
  const [hoped, setHoped] = useState<Record<string, boolean>>({});
  useEffect(() => setHoped({}), [checklist]);
  return (
    <section>
      <h3>
        {checklist.name} <span class="count">{all ? `${done}/${all}` : ""}</span>
      </h3>
      <progress max={all || 1} value={done} aria-label={checklist.name} />
      <ul class="items">
        {checklist.checkItems.map((item) => (
          <li key={item.id}>
            <label>
              <input
                type="checkbox"
                checked={hoped[item.id] ?? item.state === "complete"}
                onChange={(event) => {
                  setHoped({ ...hoped, [item.id]: event.currentTarget.checked });
                  tick(item.id, event.currentTarget.checked);
                }}
              />
              <span class={item.state}>{item.name}</span>
            </label>
          </li>
        ))}
      </ul>
      <Adder label={say("addItem")} hint={say("addItem")} add={add} />
    </section>
  );
}

function Links({ card, attach }: { card: OpenCard; attach: (url: string, name: string) => void }) {
  const [draft, setDraft] = useState<{ url: string; name: string } | null>(null);
  return (
    <section>
      <h3>{say("attachments")}</h3>
      <ul class="links">
        {card.attachments.map((one) => (
          <li>
            <a href={/^https?:/.test(one.url) ? one.url : undefined} target="_blank" rel="noreferrer">
              {one.name}
            </a>
          </li>
        ))}
      </ul>
      {draft === null ? (
        <button class="quiet" onClick={() => setDraft({ url: "https://", name: "" })}>
          + {say("addLink")}
        </button>
      ) : (
        <form
          class="adder"
          onSubmit={(event) => {
            event.preventDefault();
            attach(draft.url, draft.name || draft.url);
            setDraft(null);
          }}
        >
          <input
            aria-label={say("linkName")}
            placeholder={say("linkName")}
            value={draft.name}
            onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <input
            aria-label={say("linkAddress")}
            type="url"
            required
            value={draft.url}
            onInput={(event) => setDraft({ ...draft, url: event.currentTarget.value })}
          />
          <button>{say("add")}</button>
        </form>
      )}
    </section>
  );
}

interface TalkProps {
  card: OpenCard;
  people: Map<string, Person>;
  send: (text: string) => void;
}

function Talk({ card, people, send }: TalkProps) {
  const [draft, setDraft] = useState("");
  const submit = () => {
    if (draft.trim()) send(draft.trim());
    setDraft("");
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
          placeholder={say("write")}
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
          }}
        />
        <button class="main">{say("send")}</button>
      </form>
      <ol>
        {card.actions.map((action) => (
          <li key={action.id} class={action.type === "commentCard" ? "said" : "done"}>
            <Face person={people.get(action.idMemberCreator)} />
            <div>
              <p class="who">
                <strong>{people.get(action.idMemberCreator)?.fullName}</strong> {told(action)}{" "}
                <time dateTime={action.date}>{day(action.date)}</time>
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
  if (type === "updateCheckItemStateOnCard" && data.checkItem) {
    return say(data.checkItem.state === "complete" ? "ticked" : "unticked", { a: data.checkItem.name });
  }
  if (type === "createCard") return say("created");
  if (type === "copyCard") return say("copied");
  return "";
}
