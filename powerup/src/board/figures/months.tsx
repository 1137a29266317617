// How long the whole way took, by the month in which it ended.

import { scaleLinear, scalePoint } from "d3-scale";
import { line } from "d3-shape";
import { useApp } from "../../parts/app";
import { Chart, Legend } from "./chart";
import type { Month, Spread } from "./shape";

const HEIGHT = 220;
const EDGE = { top: 16, right: 24, bottom: 28, left: 44 };

export function Months({ of, phases }: { of: Spread; phases: Spread[] }) {
  const { words } = useApp();
  const { say } = words;
  const months = of.months.filter(({ days }) => days);
  const days = (value: number | undefined) => (value === undefined ? "" : say("days", { n: Math.round(value), days: words.number(value) }));
  const inside = phases.flatMap((phase) => (phase.days ? [`${phase.name}: ${days(phase.days.median)}`] : []));
  return (
    <Chart
      name={of.name}
      say={of.say}
      empty={!months.length}
      legend={
        <>
          {inside.length > 0 && <p>{say("inPhases", { what: inside.join(" · ") })}</p>}
          <Legend items={[{ tone: "median", name: say("median") }, { tone: "p85", name: say("p85") }]} />
        </>
      }
      draw={(width) => <Picture months={months} width={width} />}
      columns={[{ name: say("month") }, { name: say("cards"), number: true }, { name: say("median"), number: true }, { name: say("p85"), number: true }]}
      rows={of.months.map((month) => [words.month(month.month, true), month.count, days(month.days?.median), days(month.days?.p85)])}
    />
  );
}

function Picture({ months, width }: { months: Month[]; width: number }) {
  const { words } = useApp();
  const x = scalePoint(months.map(({ month }) => month), [EDGE.left, width - EDGE.right]).padding(months.length > 1 ? 0.3 : 0.5);
  const most = Math.max(1, ...months.map(({ days }) => days?.p85 ?? 0));
  const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice(4);
  const at = (month: Month) => x(month.month) ?? 0;
  const path = (which: "median" | "p85") =>
    line<Month>(at, (month) => y(month.days?.[which] ?? 0))(months) ?? "";
  // Names of months that would run into each other are left out.
  const each = Math.ceil((months.length * 64) / (width - EDGE.left - EDGE.right));
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} class="picture">
      {y.ticks(4).map((tick) => (
        <g key={tick} class="tick-line" transform={`translate(0 ${y(tick)})`}>
          <line x1={EDGE.left} x2={width - EDGE.right} />
          <text x={EDGE.left - 8} dy="0.32em" text-anchor="end">
            {words.say("daysShort", { n: words.number(tick) })}
          </text>
        </g>
      ))}
      {months.map((month, index) =>
        index % each ? null : (
          <text key={month.month} x={at(month)} y={HEIGHT - 8} text-anchor="middle">
            {words.month(month.month)}
          </text>
        ),
      )}
      {(["p85", "median"] as const).map((which) => (
        <g key={which} class={which}>
          <path d={path(which)} />
          {months.map((month) => (
            <circle key={month.month} cx={at(month)} cy={y(month.days?.[which] ?? 0)} r="4" />
          ))}
        </g>
      ))}
    </svg>
  );
}
