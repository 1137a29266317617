// The page: who I am, the board as it stands now, the card that is open, what was just said.

import { render } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Board, type OpenCard, Trello, type World, world } from "./api";
import { BoardView, Face } from "./board";
import { CardView } from "./card";
import { onDrop } from "./drag";
import "./style.css";
import { say } from "./words";

interface Toast {
  text: string;
  card?: string;
}

function Page({ all }: { all: World }) {
  const link = location.pathname.split("/")[2];
  const home = all.boards.find((board) => board.shortLink === link) ?? all.boards[0];
  const [me, setMe] = useState(() => localStorage.getItem("me") ?? all.members[0]?.username ?? "");
  const [board, setBoard] = useState<Board>();
  const [card, setCard] = useState<OpenCard>();
  const [flash, setFlash] = useState(new Set<string>());
  const [toast, setToast] = useState<Toast>();
  const person = all.members.find((one) => one.username === me) ?? all.members[0];
  const people = useMemo(() => new Map(all.members.map((one) => [one.id, one])), [all]);
  const trello = useMemo(() => new Trello(all.key, person?.token ?? ""), [all, person]);
  const open = useRef<string | null>(null);
  const mine = useRef(new Set<string>());

  const look = useCallback(async () => {
    if (!home) return;
    setBoard(await trello.board(home.id));
    if (open.current) setCard(await trello.card(open.current));
  }, [trello, home]);

  const act = useCallback(
    (done: Promise<unknown>) => {
      done.then(look).catch((error: Error) => {
        setToast({ text: say("failed", { a: error.message }) });
        void look();
      });
    },
    [look],
  );

  useEffect(() => void look(), [look]);
  useEffect(() => {
    if (home) document.title = home.name;
  }, [home]);
  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(() => setToast(undefined), 9000);
    return () => clearTimeout(timer);
  }, [toast]);

  // Live: every new action of the board is told, and the board is read again.
  useEffect(() => {
    if (!home) return;
    const source = new EventSource(`/sandbox/events?board=${home.id}`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    source.addEventListener("action", (event) => {
      const action = JSON.parse((event as MessageEvent<string>).data) as {
        type: string;
        card: string | null;
      };
      clearTimeout(timer);
      timer = setTimeout(() => void look(), 60);
      const about = action.card;
      if (!about || !mine.current.has(about)) return;
      setFlash(new Set([about]));
      setTimeout(() => setFlash(new Set()), 1500);
      if (action.type === "commentCard" && open.current !== about) void said(about);
    });
    const said = async (id: string) => {
      const full = await trello.card(id);
      const last = full.actions.find((one) => one.type === "commentCard");
      const line = last?.data.text?.split("\n")[0] ?? "";
      setToast({ text: say("said", { a: line, b: full.name }), card: id });
    };
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [home, look, trello]);

  useEffect(
    () =>
      onDrop(({ card, list, beside, above }) => {
        mine.current.add(card);
        act(trello.move(card, list, place(board, card, list, beside, above)));
        // The card is shown where it was dropped at once, as Trello does.
        setBoard((now) => now && shown(now, card, list, beside, above));
      }),
    [act, board, trello],
  );

  const show = async (id: string) => {
    open.current = id;
    setToast(undefined);
    setCard(await trello.card(id));
  };
  if (!board || !person) return null;
  const doing = {
    people,
    flash,
    open: (id: string) => void show(id),
    moveTo: (id: string, list: string) => {
      mine.current.add(id);
      act(trello.move(id, list, "top"));
    },
    add: (list: string, name: string) => act(trello.addCard(list, name)),
  };
  return (
    <>
      <header class="top">
        <h1>{board.name}</h1>
        <p>{say("practice")}</p>
        <label class="me">
          {say("iAm")}
          <Face person={person} />
          <select
            value={person.username}
            onChange={(event) => {
              localStorage.setItem("me", event.currentTarget.value);
              setMe(event.currentTarget.value);
            }}
          >
            {all.members.map((one) => (
              <option value={one.username}>{one.fullName}</option>
            ))}
          </select>
        </label>
      </header>
      <BoardView board={board} doing={doing} />
      {card && (
        <CardView
          key={card.id}
          card={card}
          board={board}
          people={people}
          trello={trello}
          act={(done) => {
            mine.current.add(card.id);
            act(done);
          }}
          close={() => {
            open.current = null;
            setCard(undefined);
          }}
        />
      )}
      <div class="toasts" role="status" aria-live="polite">
        {toast && (
          <div class="toast">
            <span>{toast.text}</span>
            {toast.card && <button onClick={() => doing.open(toast.card ?? "")}>{say("open")}</button>}
            <button aria-label={say("close")} onClick={() => setToast(undefined)}>
              ✕
            </button>
          </div>
        )}
      </div>
    </>
  );
}

/** The position between the neighbours of where the card was dropped. */
function place(
  board: Board | undefined,
  card: string,
  list: string,
  beside?: string,
  above?: boolean,
): number | "bottom" {
  const others = (board?.cards ?? [])
    .filter((one) => one.idList === list && one.id !== card)
    .sort((a, b) => a.pos - b.pos);
  const at = others.findIndex((one) => one.id === beside);
  const target = others[at];
  if (!target) return "bottom";
  const next = others[above ? at - 1 : at + 1];
  if (above) return next ? (next.pos + target.pos) / 2 : target.pos / 2;
  return next ? (next.pos + target.pos) / 2 : target.pos + 16384;
}

function shown(board: Board, card: string, list: string, beside?: string, above?: boolean): Board {
  const pos = place(board, card, list, beside, above);
  const at = pos === "bottom" ? Number.MAX_SAFE_INTEGER : pos;
  const cards = board.cards.map((one) => (one.id === card ? { ...one, idList: list, pos: at } : one));
  return { ...board, cards };
}

const root = document.getElementById("app");
if (root) world().then((all) => render(<Page all={all} />, root));
