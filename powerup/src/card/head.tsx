// What is seen in two seconds: where the card is on its way, since when, whose turn it is.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { CardView, Standing, Step, Turn } from "../contract";
import { useApp } from "../parts/app";
import { People } from "../parts/face";
import { Icon } from "../parts/icon";
import { waits } from "../parts/waits";

export function Track({ steps }: { steps: Step[] }) {
  const { words } = useApp();
  const list = useRef<HTMLOListElement>(null);
  const here = steps.findIndex((step) => step.state === "here");
  useLayoutEffect(() => {
    const all = list.current;
    const now = all?.children[here];
    if (!all || !(now instanceof HTMLElement)) return;
    const { width } = now.getBoundingClientRect();
    if (width <= 0) return;
    const fit = Math.round(all.clientWidth / width);
    // Only the list scrolls: `scrollIntoView` would move Trello's own page as well. By whole stops, so
    // that no name is cut.
    all.scrollLeft = (here - Math.floor((fit - 1) / 2)) * width;
  }, [here]);
  return (
    <ol class="track" ref={list} tabIndex={0} aria-label={words.say("track")}>
      {steps.map((step) => (
        <li key={step.key} class={step.state} aria-current={step.state === "here" ? "step" : undefined} title={step.purpose}>
          <span class="dot">{step.state === "passed" && <Icon name="check" />}</span>
          <span class="step">{step.name}</span>
          <span class="hidden">, {words.say(step.state)}</span>
        </li>
      ))}
    </ol>
  );
}

function Time({ standing }: { standing: Standing }) {
  const { words } = useApp();
  const { so_far_minutes: spent, limit_minutes: limit, late, since, delay, waiting } = standing;
  const when = words.say("since", { when: words.when(since) });
  const tone = late ? "late" : limit && spent >= limit * 0.8 ? "near" : "";
  const text = limit
    ? words.say("outOf", { spent: words.duration(spent), limit: words.duration(limit) })
    : words.duration(spent);
  return (
    <div class={`time ${tone}`}>
      <p title={when}>
        <span class="hidden">{words.say("timeInStage")}: </span>
        <span class="number">{text}</span>
        {limit !== null && limit > 0 && <Bar part={spent / limit} />}
      </p>
      {waiting && <p>{waits(waiting, words)}</p>}
      <p class="soft">{late && limit !== null ? words.say("lateBy", { over: words.duration(Math.max(1, spent - limit)) }) : when}</p>
      {delay && (
        <p class="cost" title={words.say("costOf", { n: delay.days })}>
          {words.say("costSoFar", { money: words.money(delay.amount, delay.currency) })}
        </p>
      )}
    </div>
  );
}

/** The numbers beside it say the same. */
function Bar({ part }: { part: number }) {
  return (
    <span class="bar" aria-hidden="true">
      <i style={{ width: `${Math.min(1, part) * 100}%` }} />
    </span>
  );
}

function Whose({ turn, you }: { turn: Turn; you: string }) {
  const { words } = useApp();
  const yours = turn.people.some((person) => person.id === you);
  return (
    <div class={yours ? "turn yours" : "turn"}>
      <span class="label">
        {words.say(yours ? "yourTurn" : "turn")}
        {turn.role && <span class="role"> · {turn.role}</span>}
      </span>
      {turn.people.length ? <People people={turn.people} /> : <span>{words.say("nobody")}</span>}
    </div>
  );
}

export function Head({ view }: { view: CardView }) {
  const { standing, track, turn, you } = view;
  return (
    <header class="head">
      {track.length > 0 && <Track steps={track} />}
      <div class="glance">
        {standing && (
          <div class="stands">
            <h2>{standing.name}</h2>
            <Time standing={standing} />
          </div>
        )}
        {standing && <Whose turn={turn} you={you.id} />}
      </div>
    </header>
  );
}
