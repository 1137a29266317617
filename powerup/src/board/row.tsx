// One card in a list: its name, where it stands and how long, what it lacks, whose turn it is.

import type { BoardCard } from "../contract";
import { useApp } from "../parts/app";
import { Face } from "../parts/face";
import { waits } from "../parts/waits";
import type { Group } from "./rows";

export function GroupRow({ group }: { group: Group }) {
  const { words } = useApp();
  const { person, cards } = group;
  const late = cards.filter((card) => card.late).length;
  const facts = [
    words.say("cardsOf", { n: cards.length }),
    words.say("oldest", { age: words.duration(cards[0]?.so_far_minutes ?? 0) }),
  ];
  return (
    <div class="group-row">
      {person && <Face person={person} />}
      <h2>{person?.name ?? words.say("noOne")}</h2>
      <span class="soft">{facts.join(" · ")}</span>
      {late > 0 && <span class="lozenge bad">{words.say("lateOf", { n: late })}</span>}
    </div>
  );
}

interface Props {
  card: BoardCard;
  stage: string;
  people: boolean;
}

export function CardRow({ card, stage, people }: Props) {
  const { words, host } = useApp();
  const { so_far_minutes: spent, limit_minutes: limit } = card;
  const tone = card.late ? "bad" : limit && spent >= limit * 0.8 ? "warn" : "";
  return (
    <div class="card-row">
      <div class="who-what">
        <a
          href={card.url}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            host.openCard(card.id, card.url);
          }}
        >
          {card.name}
        </a>
        <span class="flags">
          {card.waiting && <span class="lozenge waits">{waits(card.waiting, words)}</span>}
          {card.not_admitted && <span class="lozenge bad">{words.say("badgeNotAdmitted")}</span>}
          {card.delay && (
            <span class="lozenge bad" title={words.say("costOf", { n: card.delay.days })}>
              {words.say("costSoFar", { money: words.money(card.delay.amount, card.delay.currency) })}
            </span>
          )}
          {card.refused_at && <span class="lozenge warn">{words.say("refusedAt", { when: words.when(card.refused_at) })}</span>}
        </span>
      </div>
      <span class="at">{stage}</span>
      <span class={`spent ${tone}`}>
        {limit ? words.say("outOf", { spent: words.duration(spent), limit: words.duration(limit) }) : words.duration(spent)}
      </span>
      <span class="lacks soft">
        {card.todo.join(" · ")}
        {card.missing > card.todo.length && ` · +${card.missing - card.todo.length}`}
      </span>
      {people && (
        <span class="faces">
          {card.turn.map((person) => (
            <span key={person.id}>
              <Face person={person} />
              <span class="hidden">{person.name}</span>
            </span>
          ))}
        </span>
      )}
    </div>
  );
}
