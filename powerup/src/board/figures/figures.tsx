// The tab of figures: how long it takes, where cards wait, what holds them back, what a delay costs.
// Never a ranking of people.

import { useCallback, useEffect, useState } from "preact/hooks";
import { Trouble } from "../../api";
import { useApp } from "../../parts/app";
import { Failed, Loading } from "../../parts/state";
import { Ages, StageTimes } from "./bars";
import { Months } from "./months";
import { CostFigure, LoadFigure, Refusals, totals } from "./parts";
import type { Figures, Spread } from "./shape";
import { SPANS, since, type Span } from "./since";
import "./figures.css";

interface Props {
  span: Span;
  choose: (span: Span) => void;
}

export default function FiguresView({ span, choose }: Props) {
  const { api, host, words } = useApp();
  const [got, setGot] = useState<Figures | Trouble | null>(null);
  const ask = useCallback(() => {
    let over = false;
    setGot(null);
    api.figures<Figures>(since(span, new Date())).then(
      (figures) => over || setGot(figures),
      (cause: unknown) => over || setGot(cause instanceof Trouble ? cause : new Trouble("odd")),
    );
    return () => {
      over = true;
    };
  }, [api, span]);
  useEffect(ask, [ask]);
  return (
    <div class="figures">
      <div class="tools">
        <label class="check">
          {words.say("period")}
          <select class="input" value={span} onChange={({ currentTarget }) => choose(SPANS.find((one) => one === currentTarget.value) ?? "6")}>
            {SPANS.map((one) => (
              <option key={one} value={one}>
                {one === "all" ? words.say("allTime") : words.say("lastMonths", { n: Number(one) })}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => host.openPaper(words.say("printable"), since(span, new Date()))}>
          {words.say("printable")}
        </button>
      </div>
      {!got ? <Loading /> : got instanceof Trouble ? <Failed trouble={got} again={ask} /> : <All figures={got} />}
    </div>
  );
}

function All({ figures }: { figures: Figures }) {
  const { cards, cost, lead, stages } = figures;
  return (
    <>
      <Tiles figures={figures} />
      <Months of={lead} phases={figures.phases} />
      <StageTimes stages={stages} say={stages[0]?.say ?? ""} />
      <Ages of={figures.present} />
      <Refusals of={figures.refusals} />
      <LoadFigure of={figures.load} />
      {cost && <CostFigure of={cost} />}
      <footer class="soft">
        <p>{figures.percentiles}</p>
        {cards.found > 0 && <p>{cards.say}</p>}
      </footer>
    </>
  );
}

function Tiles({ figures }: { figures: Figures }) {
  const { words } = useApp();
  const { cost, lead, milestones, refusals } = figures;
  return (
    <ul class="tiles">
      {[lead, ...milestones].map((spread) => (
        <SpreadTile key={spread.name} of={spread} />
      ))}
      <Tile name={refusals.name} big={words.number(refusals.count)} small="" />
      {cost && cost.totals.length > 0 && <Tile name={cost.name} big={totals(cost.totals, words)} small="" />}
    </ul>
  );
}

function SpreadTile({ of }: { of: Spread }) {
  const { words } = useApp();
  const { say } = words;
  const days = (value: number) => say("days", { n: Math.round(value), days: words.number(value) });
  const small = of.days ? `${say("p85")}: ${days(of.days.p85)} · ${say("cardsOf", { n: of.count })}` : say("nothingYet");
  return <Tile name={of.name} big={of.days ? days(of.days.median) : "–"} small={small} />;
}

function Tile({ name, big, small }: { name: string; big: string; small: string }) {
  return (
    <li class="tile">
      <span class="soft">{name}</span>
      <b>{big}</b>
      {small && <span class="soft">{small}</span>}
    </li>
  );
}
