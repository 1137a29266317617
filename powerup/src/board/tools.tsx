// The filters over the lists, and the way out to a spreadsheet.

import type { BoardCard, BoardView, Person } from "../contract";
import { useApp } from "../parts/app";
import { csv, download, table } from "./csv";
import { NONE, type Filters } from "./filters";

interface Props {
  view: BoardView;
  shown: BoardCard[];
  filters: Filters;
  change: (part: Partial<Filters>) => void;
}

function peopleOf({ cards, stages }: BoardView, lang: string): Person[] {
  const all = new Map<string, Person>();
  for (const person of [...cards.flatMap(({ turn }) => turn), ...stages.flatMap(({ owner }) => owner.people)]) all.set(person.id, person);
  const order = new Intl.Collator(lang);
  return [...all.values()].sort((a, b) => order.compare(a.name, b.name));
}

export function Tools({ view, shown, filters, change }: Props) {
  const { words } = useApp();
  const { say } = words;
  const filtered = filters.person || filters.stage || filters.stuck || filters.text;
  const save = () => {
    const names = new Map(view.stages.map(({ key, name }) => [key, name]));
    download(`${view.process.name} ${view.at.slice(0, 10)}.csv`, csv(table(shown, names, words), words.lang));
  };
  return (
    <div class="tools">
      <input
        type="search"
        class="input"
        aria-label={say("find")}
        placeholder={say("find")}
        value={filters.text}
        onInput={({ currentTarget }) => change({ text: currentTarget.value })}
      />
      <select class="input" aria-label={say("person")} value={filters.person} onChange={({ currentTarget }) => change({ person: currentTarget.value })}>
        <option value="">{say("everyone")}</option>
        {peopleOf(view, words.lang).map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select class="input" aria-label={say("stage")} value={filters.stage} onChange={({ currentTarget }) => change({ stage: currentTarget.value })}>
        <option value="">{say("everyStage")}</option>
        {view.stages.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      {filters.view !== "stuck" && (
        <label class="check">
          <input type="checkbox" checked={filters.stuck} onChange={({ currentTarget }) => change({ stuck: currentTarget.checked })} />
          {say("onlyStuck")}
        </label>
      )}
      {filtered && (
        <button type="button" class="quiet" onClick={() => change({ ...NONE, view: filters.view, span: filters.span })}>
          {say("clear")}
        </button>
      )}
      <span class="grow" role="status">
        {say("cardsOf", { n: shown.length })}
      </span>
      <button type="button" onClick={save}>
        {say("exportCsv")}
      </button>
    </div>
  );
}
