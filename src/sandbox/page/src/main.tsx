// The page: who I am, the board as it stands now, the card that is open, what was just said.

import { render } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Board, type Home, type OpenCard, Trello, type World, world } from "./api";
import { Archive } from "./archive";
import { BoardView } from "./board";
import { CardView } from "./card";
import { Clock } from "./clock";
import { onDrop } from "./drag";
import { LETTERS_MS, type Mail, Mails, mails } from "./mails";
import { useNews } from "./news";
import { Face, known } from "./person";
import { place, type Spot, shown } from "./place";
import { Layered, Over } from "./powerup/over";
import { Top } from "./powerup/top";
import { usePowerUp } from "./powerup/use";
import "./style.css";
import "./card.css";
import "./powerup/powerup.css";
import { useTheme } from "./theme";
import { type Toast, Toasts } from "./toasts";
import { say, speak } from "./words";

function Page({ all, home }: { all: World; home: Home }) {
  const someone = all.members.filter((one) => !one.bot);
  const [me, setMe] = useState(() => localStorage.getItem("me") ?? "");
  const [board, setBoard] = useState<Board>();
  const [card, setCard] = useState<OpenCard>();
  const [goal, setGoal] = useState<string>();
  const [archive, setArchive] = useState(false);
  const [post, setPost] = useState<Mail[]>([]);
  const [reads, setReads] = useState(false);
  const [passed, setPassed] = useState(0);
  const [at, setAt] = useState<string>();
  const [flash, setFlash] = useState(new Set<string>());
  const [toasts, setToasts] = useState<Toast[]>([]);
  const [folded, setFolded] = useState(() => new Set(home.folded));
  const person = someone.find((one) => one.username === me) ?? someone[0];
  const people = useMemo(() => known(all.members), [all]);
  const trello = useMemo(() => new Trello(all.key, person?.token ?? ""), [all, person]);
  const open = useRef<string | null>(null);
  const [theme, otherTheme] = useTheme();

  const look = useCallback(async () => {
    setBoard(await trello.board(home.id));
    const id = open.current;
    if (!id) return;
    const full = await trello.card(id);
    // It may have been closed, or another opened, meanwhile.
    if (open.current === id) setCard(full);
  }, [trello, home]);
  const tell = useCallback(
    (toast: Toast) => setToasts((now) => [...now.filter((one) => one.key !== toast.key), toast].slice(-3)),
    [],
  );
  const fetchMails = useCallback(() => void mails().then(setPost), []);
  useEffect(fetchMails, [fetchMails]);
  useEffect(() => {
    if (!passed) return;
    const timer = setTimeout(() => setPassed(0), LETTERS_MS);
    return () => clearTimeout(timer);
  }, [passed]);
  const drop = (toast: Toast) => setToasts((now) => now.filter((one) => one !== toast));
  const touch = useNews({
    board: home.id,
    trello,
    me: person,
    look,
    tell,
    flash: (id) => {
      setFlash(new Set([id]));
      setTimeout(() => setFlash(new Set()), 1500);
    },
    kept: () => powerUp.host?.changed(),
    mailed: fetchMails,
  });
  const act = useCallback(
    (done: Promise<unknown>) => {
      done.then(look).catch((error: Error) => {
        tell({ key: "failed", text: say("failed", { a: error.message }) });
        void look();
      });
    },
    [look, tell],
  );

  useEffect(() => void look(), [look]);

  const move = useCallback(
    (id: string, list: string, spot: Spot) => {
      const pos = place(board, id, list, spot);
      touch(id);
      setAt(id);
      act(trello.move(id, list, pos));
      // The card is shown where it was put at once, as Trello does.
      setBoard((now) => now && shown(now, id, list, pos));
    },
    [act, board, touch, trello],
  );
  useEffect(() => onDrop(({ card, list, ...spot }) => move(card, list, spot)), [move]);

  const show = async (id: string, comment?: string) => {
    open.current = id;
    setAt(id);
    setArchive(false);
    setReads(false);
    setGoal(comment);
    const full = await trello.card(id);
    if (open.current === id) setCard(full);
  };
  const closeCard = () => {
    open.current = null;
    setCard(undefined);
    powerUp.host?.show({ popups: [] });
  };
  const powerUp = usePowerUp({
    powerup: all.powerup,
    home,
    trello,
    person,
    board,
    theme,
    page: {
      openCard: () => card?.id,
      showCard: (id) => void show(id),
      hideCard: closeCard,
      tell: (text) => tell({ key: "powerup", text }),
    },
  });
  const { host } = powerUp;
  const other = theme === "light" ? "dark" : "light";
  if (!board || !person) return null;
  const restore = (id: string) => {
    touch(id);
    setAt(id);
    act(trello.change(id, { closed: false }));
  };
  const putAway = ({ id, name }: OpenCard) => {
    touch(id);
    const undo = { label: say("bringBack"), run: () => restore(id) };
    const done = trello.change(id, { closed: true });
    act(done.then(() => tell({ key: id, text: say("archived", { a: name }), undo })));
  };
  const doing = {
    host,
    people,
    flash,
    folded,
    fold: (name: string, on: boolean) => {
      const next = new Set(folded);
      if (on) next.add(name);
      else next.delete(name);
      setFolded(next);
    },
    open: (id: string) => void show(id),
    moveTo: (id: string, list: string) => move(id, list, "top"),
    add: (list: string, name: string) =>
      act(trello.addCard(list, name).then((made) => touch(made.id))),
  };
  const said = (
    <Toasts
      toasts={toasts}
      opened={card?.id}
      show={(id, comment) => void show(id, comment)}
      drop={drop}
    />
  );
  return (
    <>
      <header class="top">
        <h1 title={board.name}>{board.name}</h1>
        <p class="practice" title={say("practice")}>
          {say("practice")}
        </p>
        <p class="keys" id="keys">
          {say("keys")}
        </p>
        <Top {...powerUp} />
        <Clock
          passed={(now) => {
            setPassed((times) => times + 1);
            tell({ key: "clock", text: say("passed", { a: now }) });
            void look();
          }}
        />
        <button class="quiet" title={say("mail")} aria-label={say("mailCount", { n: post.length })} onClick={() => setReads(true)}>
          ✉ <span class="word">{say("mail")}</span> {post.length || ""}
        </button>
        <button class="quiet" aria-label={say(other)} title={say(other)} onClick={otherTheme}>
          {theme === "light" ? "☾" : "☀"} <span class="word">{say(other)}</span>
        </button>
        <button class="quiet" onClick={() => setArchive(true)}>
          {say("archive")}
        </button>
        <label class="me" title={say("iAm")}>
          <span class="word">{say("iAm")}</span>
          <Face id={person.id} people={people} />
          <select
            aria-label={say("iAm")}
            value={person.username}
            onChange={(event) => {
              localStorage.setItem("me", event.currentTarget.value);
              setMe(event.currentTarget.value);
            }}
          >
            {someone.map((one) => (
              <option key={one.id} value={one.username}>
                {one.fullName}
              </option>
            ))}
          </select>
        </label>
      </header>
      <BoardView board={board} doing={doing} at={at} setAt={setAt} />
      {card && (
        <CardView
          key={card.id}
          card={card}
          board={board}
          host={host}
          theme={theme}
          people={people}
          trello={trello}
          act={(done) => {
            touch(card.id);
            act(done);
          }}
          copy={(list) => act(trello.copyCard(card.id, list).then((made) => touch(made.id)))}
          archive={() => putAway(card)}
          tell={(text) => tell({ key: card.id, text, card: card.id })}
          goal={goal}
          reached={() => setGoal(undefined)}
          close={closeCard}
        >
          {said}
          <Layered host={host} layer="card" />
        </CardView>
      )}
      {archive && !card && (
        <Archive board={board} trello={trello} restore={restore} close={() => setArchive(false)}>
          {said}
        </Archive>
      )}
      {reads && !card && !archive && (
        <Mails mails={post} awaited={passed > 0} close={() => setReads(false)}>
          {said}
        </Mails>
      )}
      {!card && !archive && !reads && said}
      <Layered host={host} layer="page" />
      <Over host={host} />
    </>
  );
}

const root = document.getElementById("app");
void world().then((all) => {
  const link = location.pathname.split("/")[2];
  const home = all.boards.find((board) => board.shortLink === link) ?? all.boards[0];
  if (!root || !home) return;
  speak(home);
  document.title = home.name;
  render(<Page all={all} home={home} />, root);
});
