// Lying bars, one for each stage: how long cards stay, and how long those that are there have stood.

import { scaleLinear } from "d3-scale";
import type { ComponentChildren } from "preact";
import { useApp } from "../../parts/app";
import { Chart, Legend } from "./chart";
import type { Figures, Standing, StageTime } from "./shape";

const ROW = 30;
const BAR = 15;
/** Names and numbers stand above their bar where beside it is no room. */
const NARROW = 560;
const NARROW_ROW = 46;
const EDGE = 4;

interface Line {
  name: string;
  /** Behind the bar: its number in words. */
  note: string;
  draw: (x: (value: number) => number, height: number) => ComponentChildren;
}

function Lines({ lines, most, width }: { lines: Line[]; most: number; width: number }) {
  const narrow = width < NARROW;
  const [row, left, right] = narrow ? [NARROW_ROW, 0, 4] : [ROW, 200, 170];
  const x = scaleLinear([0, most || 1], [0, Math.max(20, width - left - right)]);
  const height = lines.length * row + EDGE;
  const line = narrow ? -10 : BAR / 2;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} class="picture">
      {lines.map(({ name, note, draw }, index) => (
        <g key={name} transform={`translate(0 ${index * row + (row - BAR) / (narrow ? 1.3 : 2)})`}>
          <text x={narrow ? 0 : left - 12} y={line} dy="0.35em" text-anchor={narrow ? "start" : "end"} class="of">
            {name.length > 26 ? `${name.slice(0, 25)}…` : name}
          </text>
          <g transform={`translate(${left} 0)`}>{draw(x, BAR)}</g>
          <text x={width} y={line} dy="0.35em" text-anchor="end">
            {note}
          </text>
        </g>
      ))}
    </svg>
  );
}

export function StageTimes({ stages, say: meaning }: { stages: StageTime[]; say: string }) {
  const { words } = useApp();
  const { say, duration } = words;
  const all = stages.filter((stage) => !stage.final && stage.minutes);
  // One stage where cards lie for months must not flatten all others; its number says the rest.
  const most = Math.max(0, ...all.map(({ minutes, limit_minutes }) => Math.max(minutes?.p85 ?? 0, limit_minutes ?? 0)));
  const lines = all.map(({ name, minutes, limit_minutes: limit }): Line => ({
    name,
    note: minutes ? `${duration(minutes.median)} · ${duration(minutes.p85)}` : "",
    draw: (x, height) => (
      <>
        <rect class="p85" width={x(minutes?.p85 ?? 0)} height={height} rx="3" />
        <rect class={limit && (minutes?.median ?? 0) > limit ? "median over" : "median"} width={x(minutes?.median ?? 0)} height={height} rx="3" />
        {limit !== null && <line class="limit" x1={x(limit)} x2={x(limit)} y1={-3} y2={height + 3} />}
      </>
    ),
  }));
  return (
    <Chart
      name={say("timeInStages")}
      say={meaning}
      empty={!all.length}
      legend={
        <Legend items={[{ tone: "median", name: say("median") }, { tone: "p85", name: say("p85") }, { tone: "limit", name: say("limit") }]} />
      }
      draw={(width) => <Lines lines={lines} most={most} width={width} />}
      columns={[
        { name: say("stage") },
        { name: say("stays"), number: true },
        { name: say("median"), number: true },
        { name: say("p85"), number: true },
        { name: say("limit"), number: true },
      ]}
      rows={all.map(({ name, count, minutes, limit_minutes: limit }) => [
        name, count, minutes ? duration(minutes.median) : "", minutes ? duration(minutes.p85) : "", limit === null ? "" : duration(limit),
      ])}
    />
  );
}

export function Ages({ of }: { of: Figures["present"] }) {
  const { words } = useApp();
  const { say } = words;
  const all = of.stages;
  const most = Math.max(0, ...all.map(({ cards }) => cards));
  const brackets = (all[0]?.ages ?? []).map(({ under_days: under }, index, ages) => {
    const from = ages[index - 1]?.under_days ?? 0;
    return under === null ? say("daysFrom", { from }) : say("daysUnder", { n: under, under });
  });
  const lines = all.map((stage): Line => ({
    name: stage.name,
    note: [words.number(stage.cards), stage.late && say("lateOf", { n: stage.late })].filter(Boolean).join(" · "),
    draw: (x, height) => <Stack stage={stage} x={x} height={height} />,
  }));
  return (
    <Chart
      name={of.name}
      say={of.say}
      empty={most === 0}
      legend={<Legend items={brackets.map((name, index) => ({ tone: `age-${index}`, name }))} />}
      draw={(width) => <Lines lines={lines} most={most} width={width} />}
      columns={[{ name: say("stage") }, ...[say("cards"), say("late"), ...brackets].map((name) => ({ name, number: true })), { name: say("oldestCard") }]}
      rows={all.map((stage) => [
        stage.name, stage.cards, stage.late, ...stage.ages.map(({ cards }) => cards),
        stage.oldest ? `${stage.oldest.name}, ${words.duration(stage.oldest.so_far_minutes)}` : "",
      ])}
    />
  );
}

function Stack({ stage, x, height }: { stage: Standing; x: (value: number) => number; height: number }) {
  let from = 0;
  return (
    <>
      {stage.ages.map(({ cards }, index) => {
        const start = x(from);
        from += cards;
        return cards > 0 && <rect key={index} class={`age-${index}`} x={start} width={Math.max(1, x(from) - start - 1)} height={height} rx="2" />;
      })}
    </>
  );
}
