// One card opened: what it says, its checklists, links, and what was said and done.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Adder, focused } from "./adder";
import type { Board, Checklist, OpenCard, Trello } from "./api";
import { Labels } from "./board";
import { Description } from "./description";
import { useDraft } from "./drafts";
import { Menu } from "./menu";
import { Face, type People } from "./person";
import type { Host } from "./powerup/host";
import { Buttons, DetailBadges, Sections } from "./powerup/oncard";
import { Talk } from "./talk";
import type { Theme } from "./theme";
import { day, say } from "./words";

interface Props {
  card: OpenCard;
  board: Board;
  host: Host | undefined;
  theme: Theme;
  people: People;
  trello: Trello;
  act: (done: Promise<unknown>) => void;
  copy: (list: string) => void;
  archive: () => void;
  tell: (text: string) => void;
  goal: string | undefined;
  reached: () => void;
  close: () => void;
  /** What is shown above everything: outside an opened card nothing can be read or clicked. */
  children: ComponentChildren;
}

export function CardView(props: Props) {
  const { card, board, host, people, trello, act } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);
  const list = board.lists.find((one) => one.id === card.idList);
  return (
    <dialog
      ref={dialog}
      onClose={props.close}
      aria-label={card.name}
      // A press that began in a field and ends outside is no click outside.
      onPointerDown={(event) => event.target === dialog.current && dialog.current?.close()}
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
              <Face key={id} id={id} people={people} />
            ))}
          </span>
          <button class="close" aria-label={say("close")} onClick={() => dialog.current?.close()}>
            ✕
          </button>
        </header>
        <Labels card={card} />
        <DetailBadges host={host} card={card} />
        <div class="tools">
          <Menu
            label={say("moveTo")}
            name={say("moveCard", { a: card.name })}
            choices={board.lists.filter((one) => one.id !== card.idList)}
            choose={(to) => act(trello.move(card.id, to, "top"))}
          />
          <Menu
            label={say("copyTo")}
            name={say("copyCard", { a: card.name })}
            choices={board.lists}
            choose={props.copy}
          />
          <button
            onClick={() => {
              dialog.current?.close();
              props.archive();
            }}
          >
            {say("archiveIt")}
          </button>
          <Buttons host={host} capability="card-buttons" card={card} ground={props.theme} />
        </div>
        <div class="columns">
          <div>
            <Description
              key={card.id}
              card={card}
              fresh={async () => (await trello.card(card.id)).desc}
              save={(desc) => act(trello.change(card.id, { desc }))}
              tell={props.tell}
            />
            <Sections host={host} card={card} />
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
          <Talk
            card={card}
            people={people}
            send={(text) => act(trello.comment(card.id, text))}
            goal={props.goal}
            reached={props.reached}
          />
        </div>
      </div>
      {props.children}
    </dialog>
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
      <Adder
        label={say("addItem")}
        name={say("addItemTo", { a: checklist.name })}
        hint={say("itemName")}
        add={add}
      />
    </section>
  );
}

interface Link {
  url: string;
  name: string;
}

function Links({ card, attach }: { card: OpenCard; attach: (url: string, name: string) => void }) {
  const [draft, setDraft] = useDraft<Link>(card.id, "link");
  const [open, setOpen] = useState(draft !== undefined);
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !open) button.current?.focus();
    was.current = open;
  }, [open]);
  const { url, name } = draft ?? { url: "https://", name: "" };
  const finish = () => {
    setDraft(undefined);
    setOpen(false);
  };
  return (
    <section>
      <h3>{say("attachments")}</h3>
      <ul class="links">
        {card.attachments.map((one) => (
          <li key={one.id}>
            <a href={/^https?:/.test(one.url) ? one.url : undefined} target="_blank" rel="noreferrer">
              {one.name}
            </a>
          </li>
        ))}
      </ul>
      {!open ? (
        <button class="quiet" ref={button} onClick={() => setOpen(true)}>
          + {say("addLink")} {draft && <span class="draft">✎ {say("draft")}</span>}
        </button>
      ) : (
        <form
          class="adder"
          onSubmit={(event) => {
            event.preventDefault();
            attach(url, name || url);
            finish();
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            // The form is left, not the card; what was written stays for the next time.
            event.preventDefault();
            event.stopPropagation();
            setOpen(false);
          }}
        >
          <input
            ref={focused}
            aria-label={say("linkName")}
            placeholder={say("linkName")}
            value={name}
            onInput={(event) => setDraft({ url, name: event.currentTarget.value })}
          />
          <input
            aria-label={say("linkAddress")}
            type="url"
            required
            value={url}
            onInput={(event) => setDraft({ name, url: event.currentTarget.value })}
          />
          <div class="tools">
            <button class="main">{say("add")}</button>
            <button type="button" onClick={finish}>
              {say("cancel")}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
