// The figures that are read better than drawn: what holds cards back, whose they are, what a delay costs.

import { useApp } from "../../parts/app";
import { Table } from "./chart";
import type { Figures, Gate, Money } from "./shape";

export function Refusals({ of }: { of: Figures["refusals"] }) {
  const { words } = useApp();
  const { say } = words;
  const most = Math.max(1, ...of.gates.flatMap(({ missing }) => missing.map(({ times }) => times)));
  return (
    <section class="figure">
      <h2>{of.name}</h2>
      <p class="soft">{of.say}</p>
      {of.disputed_left_out > 0 && <p class="soft">{say("disputedOut", { n: of.disputed_left_out })}</p>}
      {!of.gates.length && <p class="none soft">{say("nothingYet")}</p>}
      <div class="gates">
        {of.gates.map((gate) => (
          <GateFigure key={gate.key} gate={gate} most={most} />
        ))}
      </div>
    </section>
  );
}

function GateFigure({ gate, most }: { gate: Gate; most: number }) {
  const { words } = useApp();
  const { say } = words;
  const facts = [
    gate.refused > 0 && say("timesRefused", { n: gate.refused }),
    gate.watched > 0 && say("timesWatched", { n: gate.watched }),
    say("timesAdmitted", { n: gate.admitted }),
    gate.by_word > 0 && say("timesByWord", { n: gate.by_word }),
  ];
  return (
    <div class="gate">
      <h3>{gate.name}</h3>
      <p class="soft">{facts.filter(Boolean).join(" · ")}</p>
      <ul>
        {gate.missing.map(({ id, name, times }) => (
          <li key={id}>
            <span>{name}</span>
            <span class="rule" aria-hidden="true">
              <i style={{ width: `${(times / most) * 100}%` }} />
            </span>
            <span class="number">
              {words.number(times)}
              <span class="hidden"> {say("times", { n: times })}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function LoadFigure({ of }: { of: Figures["load"] }) {
  const { words } = useApp();
  const { say } = words;
  const rows = of.roles.flatMap((role) => [
    ...role.people.map(({ name, cards, late }) => [name, role.name, cards, late]),
    ...(role.nobody > 0 ? [[say("noOne"), role.name, role.nobody, ""]] : []),
  ]);
  return (
    <section class="figure">
      <h2>{of.name}</h2>
      <p class="soft">{of.say}</p>
      {rows.length ? (
        <Table
          name={of.name}
          columns={[{ name: say("person") }, { name: say("role") }, { name: say("cards"), number: true }, { name: say("late"), number: true }]}
          rows={rows}
        />
      ) : (
        <p class="none soft">{say("nothingYet")}</p>
      )}
    </section>
  );
}

export function CostFigure({ of }: { of: NonNullable<Figures["cost"]> }) {
  const { words } = useApp();
  const { say, money } = words;
  return (
    <section class="figure">
      <h2>{of.name}</h2>
      <p class="soft">{of.say}</p>
      {of.clients.length ? (
        <>
          <p class="total">{totals(of.totals, words)}</p>
          <Table
          name={of.name}
            columns={[{ name: say("card") }, { name: say("stage") }, { name: say("daysLate"), number: true }, { name: say("fee"), number: true }, { name: say("costs"), number: true }]}
            rows={of.clients.map((one) => [
              one.name, one.stage_name, one.days_late, one.fee === null ? "" : money(one.fee, one.currency), one.cost === null ? "" : money(one.cost, one.currency),
            ])}
          />
        </>
      ) : (
        <p class="none soft">{say("noDelay")}</p>
      )}
      {of.uncharged && of.uncharged.totals.length > 0 && (
        <p>
          {of.uncharged.name}: <b>{totals(of.uncharged.totals, words)}</b>. <span class="soft">{of.uncharged.say}</span>
        </p>
      )}
    </section>
  );
}

export function totals(all: Money[], { money }: { money: (amount: number, currency: string | null) => string }): string {
  return all.map(({ amount, currency }) => money(amount, currency)).join(" + ");
}
