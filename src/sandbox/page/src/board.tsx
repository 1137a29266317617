// The board: lists side by side, cards in them. One stop for Tab: arrows go on from there.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Adder } from "./adder";
import type { Board, Card, List } from "./api";
import { drafted } from "./drafts";
import { dragCard, dropList } from "./drag";
import { Menu } from "./menu";
import { Face, type People } from "./person";
import type { Host } from "./powerup/host";
import { FrontBadges } from "./powerup/oncard";
import { ListActions } from "./powerup/top";
import { day, say } from "./words";

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

export interface Doing {
  host: Host | undefined;
  people: People;
  flash: Set<string>;
  folded: Set<string>;
  fold: (list: string, on: boolean) => void;
  open: (card: string) => void;
  moveTo: (card: string, list: string) => void;
  add: (list: string, name: string) => void;
}

interface BoardProps {
  board: Board;
  doing: Doing;
  /** The card, list's fold or adder where the keyboard is, by its stop; found again wherever it goes. */
  at: string | undefined;
  setAt: (stop: string | undefined) => void;
}

export function BoardView({ board, doing, at, setAt }: BoardProps) {
  const ref = useRef<HTMLElement>(null);
  // A click beside everything leaves the cards: nothing is focused again by itself then.
  const left = useRef(true);
  useLayoutEffect(() => {
    if (at === undefined || left.current || document.activeElement !== document.body) return;
    const find = (stop: string) => ref.current?.querySelector<HTMLElement>(`[data-stop="${stop}"]`);
    (find(at) ?? ref.current?.querySelector<HTMLElement>("[data-stop][tabindex='0']"))?.focus();
  });
  useEffect(() => {
    left.current = false;
  }, [at]);
  useEffect(() => {
    const press = (event: Event) => {
      left.current = !(event.target as HTMLElement).closest(".tile, button, input, select, dialog");
    };
    document.addEventListener("pointerdown", press, true);
    return () => document.removeEventListener("pointerdown", press, true);
  }, []);
  const ids = new Set(board.cards.map((card) => card.id));
  const known = at !== undefined && (ids.has(at) || board.lists.some((list) => at.endsWith(list.id)));
  const first = board.lists
    .filter((list) => !doing.folded.has(list.name))
    .flatMap((list) => inList(board, list))[0];
  const stop = known ? at : first?.id;
  return (
    <main
      class="board"
      ref={ref}
      aria-describedby="keys"
      onFocusIn={(event) => {
        left.current = false;
        const holder = (event.target as HTMLElement).closest<HTMLElement>("[data-stop], .tile");
        const id = holder?.dataset.stop ?? holder?.dataset.id;
        if (id) setAt(id);
      }}
      onKeyDown={(event) => {
        const next = walk(event.currentTarget, event.target as HTMLElement, event.key);
        if (!next) return;
        event.preventDefault();
        next.focus();
      }}
    >
      {board.lists.map((list) => (
        <ListView
          key={list.id}
          list={list}
          lists={board.lists}
          cards={inList(board, list)}
          doing={doing}
          stop={stop}
        />
      ))}
    </main>
  );
}

function inList(board: Board, list: List): Card[] {
  return board.cards.filter((card) => card.idList === list.id).sort((a, b) => a.pos - b.pos);
}

/** Where an arrow leads from one stop: up and down in a list, left and right to the list beside. */
function walk(board: HTMLElement, from: HTMLElement, key: string): HTMLElement | undefined {
  if (from.dataset.stop === undefined) return undefined;
  const stops = (list: Element) => [...list.querySelectorAll<HTMLElement>("[data-stop]")];
  const lists = [...board.querySelectorAll(".list")];
  const column = lists.findIndex((list) => list.contains(from));
  const own = stops(lists[column]!);
  const row = own.indexOf(from);
  if (key === "ArrowDown") return own[row + 1];
  if (key === "ArrowUp") return own[row - 1];
  if (key === "Home") return own[0];
  if (key === "End") return own.at(-1);
  const beside = key === "ArrowRight" ? lists[column + 1] : key === "ArrowLeft" ? lists[column - 1] : undefined;
  if (!beside) return undefined;
  const there = stops(beside);
  if (row === 0) return there[0];
  // An empty list is passed on the way, not the beginning of a walk along the adders.
  if (row === own.length - 1 && own.length > 2) return there.at(-1);
  return there[Math.min(row, Math.max(there.length - 2, 1))] ?? there[0];
}

interface ListProps {
  list: List;
  lists: List[];
  cards: Card[];
  doing: Doing;
  stop: string | undefined;
}

function ListView({ list, lists, cards, doing, stop }: ListProps) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => (ref.current ? dropList(ref.current, list.id) : undefined), [list.id]);
  const folded = doing.folded.has(list.name);
  const fold = `fold:${list.id}`;
  const add = `add:${list.id}`;
  return (
    <section class={`list ${folded ? "folded" : ""}`} ref={ref} aria-label={list.name} data-list={list.name}>
      {folded ? (
        <button
          class="unfold"
          data-stop={fold}
          tabIndex={stop === fold ? 0 : -1}
          aria-label={say("unfold", { a: list.name })}
          aria-expanded={false}
          onClick={() => doing.fold(list.name, false)}
        >
          <span>{list.name}</span> {cards.length || ""}
        </button>
      ) : (
        <>
          <h2>
            <button
              class="quiet"
              data-stop={fold}
              tabIndex={stop === fold ? 0 : -1}
              aria-label={say("fold", { a: list.name })}
              aria-expanded={true}
              onClick={() => doing.fold(list.name, true)}
            >
              ‹
            </button>
            <span class="title">{list.name}</span>
            <span class="count" role="img" aria-label={say("cards", { n: cards.length })}>
              {cards.length || ""}
            </span>
            <ListActions host={doing.host} list={list.id} name={list.name} tabIndex={stop === fold ? 0 : -1} />
          </h2>
          <ol>
            {cards.map((card) => (
              <Tile key={card.id} card={card} lists={lists} doing={doing} current={stop === card.id} />
            ))}
          </ol>
          <Adder
            label={say("addCard")}
            name={say("addCardTo", { a: list.name })}
            hint={say("cardName")}
            stop={add}
            tabIndex={stop === add ? 0 : -1}
            add={(name) => doing.add(list.id, name)}
          />
        </>
      )}
    </section>
  );
}

interface TileProps {
  card: Card;
  lists: List[];
  doing: Doing;
  current: boolean;
}

function Tile({ card, lists, doing, current }: TileProps) {
  const ref = useRef<HTMLLIElement>(null);
  const name = useRef<HTMLButtonElement>(null);
  useEffect(() => (ref.current ? dragCard(ref.current, card.id) : undefined), [card.id]);
  const { badges } = card;
  const stop = current ? 0 : -1;
  return (
    <li
      class={`tile ${doing.flash.has(card.id) ? "flash" : ""}`}
      ref={ref}
      data-card={card.name}
      data-id={card.id}
    >
      <Labels card={card} />
      <button class="name" ref={name} data-stop={card.id} tabIndex={stop} onClick={() => doing.open(card.id)}>
        {card.name}
      </button>
      <div class="badges">
        {drafted(card.id) && (
          <span class="draft" title={say("draftOf")}>
            ✎ {say("draft")}
          </span>
        )}
        {card.due && <span class="due">{say("due", { a: day(card.due) })}</span>}
        {badges.checkItems > 0 && (
          <span>
            <Icon draw={TICKED} /> {badges.checkItemsChecked}/{badges.checkItems}
          </span>
        )}
        {badges.comments > 0 && <span><Icon draw={SAID} /> {badges.comments}</span>}
        {badges.attachments > 0 && <span><Icon draw={LINKED} /> {badges.attachments}</span>}
        <FrontBadges host={doing.host} card={card} />
        <span class="faces">
          {card.idMembers.map((id) => (
            <Face key={id} id={id} people={doing.people} />
          ))}
        </span>
      </div>
      <Menu
        className="move"
        label={say("moveTo")}
        name={say("moveCard", { a: card.name })}
        tabIndex={stop}
        choices={lists.filter((list) => list.id !== card.idList)}
        choose={(list) => {
          name.current?.focus();
          doing.moveTo(card.id, list);
        }}
      />
    </li>
  );
}

export function Labels({ card }: { card: Card }) {
  if (!card.labels.length) return null;
  return (
    <div class="labels">
      {card.labels.map((label) => (
        <span key={label.id} class={`label ${label.color ?? "none"}`}>
          {label.name}
        </span>
      ))}
    </div>
  );
}
