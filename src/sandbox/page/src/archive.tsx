// The archive: a card that was put away can be brought back.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Board, Card, Trello } from "./api";
import { say } from "./words";

interface Props {
  board: Board;
  trello: Trello;
  restore: (card: string) => void;
  close: () => void;
  children: ComponentChildren;
}

export function Archive({ board, trello, restore, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [cards, setCards] = useState<Card[]>();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEffect(() => void trello.archive(board.id).then(setCards), [board, trello]);
  return (
    <dialog
      ref={dialog}
      class="archive"
      onClose={close}
      aria-label={say("archive")}
      onPointerDown={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="sheet">
        <header>
          <h2>{say("archive")}</h2>
          <button class="close" aria-label={say("close")} onClick={() => dialog.current?.close()}>
            ✕
          </button>
        </header>
        {cards?.length === 0 && <p class="empty">{say("archiveEmpty")}</p>}
        <ul class="links">
          {cards?.map((card) => (
            <li key={card.id} class="away">
              <span>
                {card.name}
                <small>{board.lists.find((list) => list.id === card.idList)?.name}</small>
              </span>
              <button aria-label={say("bringCardBack", { a: card.name })} onClick={() => restore(card.id)}>
                {say("bringBack")}
              </button>
            </li>
          ))}
        </ul>
      </div>
      {children}
    </dialog>
  );
}
