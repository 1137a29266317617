// The board: lists side by side, cards in them, the ways to move one.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Board, Card, List, Person } from "./api";
import { dragCard, dropList } from "./drag";
import { day, say } from "./words";

export function Face({ person }: { person?: Person }) {
  if (!person) return null;
  const hue = [...person.username].reduce((sum, letter) => sum + letter.charCodeAt(0) * 7, 0) % 360;
  return (
    <span class="face" style={{ "--hue": hue }} title={`${person.fullName} @${person.username}`}>
      {person.initials}
    </span>
  );
}

const TICKED = "M2 2h12v12H2z M5 8l2.5 2.5L11.5 6";
const SAID = "M2 3h12v8H8l-3 3v-3H2z";
const LINKED = "M6.5 9.5l3-3 M7 4.5l1.5-1.5a3 3 0 014.5 4.5L11.5 9 M9 11.5l-1.5 1.5a3 3 0 01-4.5-4.5L4.5 7";

function Icon({ draw }: { draw: string }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={draw} />
    </svg>
  );
}

interface Doing {
  people: Map<string, Person>;
  flash: Set<string>;
  open: (card: string) => void;
  moveTo: (card: string, list: string) => void;
  add: (list: string, name: string) => void;
}

export function BoardView({ board, doing }: { board: Board; doing: Doing }) {
  return (
    <main class="board">
      {board.lists.map((list) => (
        <ListView
          key={list.id}
          list={list}
          lists={board.lists}
          cards={board.cards.filter((card) => card.idList === list.id)}
          doing={doing}
        />
      ))}
    </main>
  );
}

interface ListProps {
  list: List;
  lists: List[];
  cards: Card[];
  doing: Doing;
}

function ListView({ list, lists, cards, doing }: ListProps) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => (ref.current ? dropList(ref.current, list.id) : undefined), [list.id]);
  const sorted = [...cards].sort((a, b) => a.pos - b.pos);
  return (
    <section class="list" ref={ref} aria-label={list.name} data-list={list.name}>
      <h2>
        {list.name} <span aria-label={say("cards", { n: cards.length })}>{cards.length || ""}</span>
      </h2>
      <ol>
        {sorted.map((card) => (
          <Tile key={card.id} card={card} lists={lists} doing={doing} />
        ))}
      </ol>
      <Adder label={say("addCard")} hint={say("cardName")} add={(name) => doing.add(list.id, name)} />
    </section>
  );
}

function Tile({ card, lists, doing }: { card: Card; lists: List[]; doing: Doing }) {
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => (ref.current ? dragCard(ref.current, card.id) : undefined), [card.id]);
  const { badges } = card;
  return (
    <li
      class={`tile ${doing.flash.has(card.id) ? "flash" : ""}`}
      ref={ref}
      data-card={card.name}
    >
      <Labels card={card} />
      <button class="name" onClick={() => doing.open(card.id)}>
        {card.name}
      </button>
      <div class="badges">
        {card.due && <span class="due">{say("due", { a: day(card.due) })}</span>}
        {badges.checkItems > 0 && (
          <span>
            <Icon draw={TICKED} /> {badges.checkItemsChecked}/{badges.checkItems}
          </span>
        )}
        {badges.comments > 0 && <span><Icon draw={SAID} /> {badges.comments}</span>}
        {badges.attachments > 0 && <span><Icon draw={LINKED} /> {badges.attachments}</span>}
        <span class="faces">
          {card.idMembers.map((id) => (
            <Face person={doing.people.get(id)} />
          ))}
        </span>
      </div>
      <MoveMenu card={card} lists={lists} moveTo={(list) => doing.moveTo(card.id, list)} />
    </li>
  );
}

export function Labels({ card }: { card: Card }) {
  if (!card.labels.length) return null;
  return (
    <div class="labels">
      {card.labels.map((label) => (
        <span class={`label ${label.color ?? "none"}`}>{label.name}</span>
      ))}
    </div>
  );
}

interface MenuProps {
  card: Card;
  lists: List[];
  moveTo: (list: string) => void;
}

/** What a drag does, by keyboard or on a phone. */
export function MoveMenu({ card, lists, moveTo }: MenuProps) {
  return (
    <select
      class="move"
      aria-label={`${say("moveTo")} ${card.name}`}
      value=""
      onChange={(event) => {
        const target = event.currentTarget;
        if (target.value) moveTo(target.value);
        target.value = "";
      }}
    >
      <option value="">{say("moveTo")}</option>
      {lists
        .filter((list) => list.id !== card.idList)
        .map((list) => (
          <option value={list.id}>{list.name}</option>
        ))}
    </select>
  );
}

interface AdderProps {
  label: string;
  hint: string;
  add: (text: string) => void;
}

export function Adder({ label, hint, add }: AdderProps) {
  const [text, setText] = useState<string | null>(null);
  if (text === null) {
    return (
      <button class="quiet" onClick={() => setText("")}>
        + {label}
      </button>
    );
  }
  const done = (event: Event) => {
    event.preventDefault();
    if (text.trim()) add(text.trim());
    setText(null);
  };
  return (
    <form class="adder" onSubmit={done}>
      <input
        autofocus
        aria-label={hint}
        placeholder={hint}
        value={text}
        ref={(input) => input?.focus()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setText(null);
        }}
      />
      <button>{say("add")}</button>
    </form>
  );
}
