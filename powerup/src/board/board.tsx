// The wide page about the whole board: who has the ball, what is stuck, how full each stage is.

import { useEffect, useMemo, useState } from "preact/hooks";
import { Trouble } from "../api";
import type { BoardView } from "../contract";
import { useApp } from "../parts/app";
import { Failed, Loading, Notice, sentence, Stopped } from "../parts/state";
import { Tabs } from "../parts/tabs";
import { useView } from "../parts/view";
import type FiguresView from "./figures/figures";
import type { Span } from "./figures/since";
import { pick, read, VIEWS, write, type Filters } from "./filters";
import { CardRow, GroupRow } from "./row";
import { byPerson, gravest, loads, rows, type Row } from "./rows";
import { Stages } from "./stages";
import { Tools } from "./tools";
import { Window } from "./window";

/** The whole board is a large answer: a busy one is not asked for at every event. */
const GATHER_MS = 2_000;

export function BoardPage() {
  const { api, words } = useApp();
  const { view, trouble, seen, refresh } = useView(api, api.board, () => true, GATHER_MS, (board) => board.behind);
  if (!view) return trouble ? <Stopped trouble={trouble} again={refresh} /> : <Loading />;
  return (
    <main class="board">
      {trouble && (
        <Notice tone="warn">
          {trouble.code === "offline" && seen ? words.say("stale", { when: words.when(seen) }) : sentence(trouble, words)}
        </Notice>
      )}
      <Body view={view} />
    </main>
  );
}

function useFilters(): [Filters, (part: Partial<Filters>) => void] {
  const [filters, setFilters] = useState(() => read(location.hash));
  useEffect(() => {
    const fragment = write(location.hash, filters);
    if (fragment !== location.hash) history.replaceState(null, "", location.pathname + location.search + fragment);
  }, [filters]);
  return [filters, (part) => setFilters((was) => ({ ...was, ...part }))];
}

function Body({ view }: { view: BoardView }) {
  const { words } = useApp();
  const [filters, change] = useFilters();
  const names = useMemo(() => new Map(view.stages.map(({ key, name }) => [key, name])), [view]);
  const shown = useMemo(() => pick(view.cards, filters, Date.parse(view.at)), [view, filters]);
  const { mode, state } = view.process;
  return (
    <>
      <header class="top">
        <h1>{view.process.name}</h1>
        {state === "paused" ? (
          <span class="lozenge info">{words.say("pausedState")}</span>
        ) : (
          mode === "watch" && <span class="lozenge info">{words.say("watch")}</span>
        )}
        <Tabs views={VIEWS} now={filters.view} choose={(name) => change({ view: name })} label={words.say("views")} name={(view) => words.say(view)} />
      </header>
      <div class="panel" id="panel" role="tabpanel" aria-labelledby={`tab-${filters.view}`}>
        {filters.view !== "figures" && <Tools view={view} shown={shown} filters={filters} change={change} />}
        {filters.view === "stages" ? (
          <Stages loads={loads(view.stages, shown)} choose={({ key }) => change({ view: "people", stage: key })} />
        ) : filters.view === "figures" ? (
          <Later span={filters.span} choose={(span) => change({ span })} />
        ) : shown.length ? (
          <Cards shown={shown} filters={filters} names={names} />
        ) : (
          <Nothing view={view} filters={filters} />
        )}
      </div>
    </>
  );
}

/** Charts weigh something, and are looked at seldom. */
function Later(props: { span: Span; choose: (span: Span) => void }) {
  const [View, setView] = useState<typeof FiguresView | Trouble | null>(null);
  const load = () => {
    import("./figures/figures").then(
      (there) => setView(() => there.default),
      () => setView(new Trouble("offline")),
    );
  };
  useEffect(load, []);
  if (!View) return <Loading />;
  return View instanceof Trouble ? <Failed trouble={View} again={load} /> : <View {...props} />;
}

function Nothing({ view, filters }: { view: BoardView; filters: Filters }) {
  const { words } = useApp();
  const filtered = filters.person || filters.stage || filters.text || filters.stuck;
  const key = !view.cards.length ? "emptyBoard" : filters.view === "stuck" && !filtered ? "nothingStuck" : "nothingFound";
  return <p class="nothing soft">{words.say(key)}</p>;
}

function Cards({ shown, filters, names }: { shown: BoardView["cards"]; filters: Filters; names: ReadonlyMap<string, string> }) {
  const { words } = useApp();
  const people = filters.view === "stuck";
  const items = useMemo(() => (people ? gravest(shown) : rows(byPerson(shown, words.lang))), [shown, people, words]);
  return (
    <Window<Row>
      key={filters.view}
      items={items}
      keyOf={(row) => (row.kind === "group" ? `g ${row.group.key}` : `${row.group} ${row.card.id}`)}
      guess={(row) => (row.kind === "group" ? 52 : 44)}
      label={words.say(filters.view)}
    >
      {(row) =>
        row.kind === "group" ? (
          <GroupRow group={row.group} />
        ) : (
          <CardRow card={row.card} stage={names.get(row.card.stage ?? "") ?? words.say("noStage")} people={people} />
        )
      }
    </Window>
  );
}
