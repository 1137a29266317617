// What a file would come to on this board: what stands in the way first, then what would be created, how
// the cards would stand, and what differs. Nothing of it has happened.

import type { ComponentChildren } from "preact";
import type { Finding, Mistake } from "../contract";
import { useApp } from "../parts/app";
import { Icon } from "../parts/icon";
import { Difference } from "./difference";
import type { Preview, Wanting } from "./shapes";
import { useSay } from "./words";

/** What cannot be put in force as it is. */
export const stopped = ({ troubles, orphans, mistakes }: Preview): boolean =>
  troubles.length > 0 || orphans.length > 0 || mistakes.some(({ warning }) => !warning);

interface Props {
  preview: Preview;
  /** Where a trouble is mended. */
  mend?: ComponentChildren;
  show?: (mistake: Mistake) => void;
  /** The first text of a board differs from nothing. */
  difference?: boolean;
}

export function Review({ preview, mend, show, difference = true }: Props) {
  const say = useSay();
  const { mistakes, troubles, creates, orphans, cards } = preview;
  return (
    <div class="review">
      <Mistakes mistakes={mistakes} show={show} />
      {troubles.length > 0 && (
        <section class="notice bad">
          <h3>{say("inTheWay")}</h3>
          <ul class="dots">
            {troubles.map((trouble) => (
              <li key={trouble}>{trouble}</li>
            ))}
          </ul>
          {mend}
        </section>
      )}
      {orphans.length > 0 && (
        <section class="notice bad">
          <h3>{say("orphans")}</h3>
          <ul class="dots">
            {orphans.map(({ stage, cards: n }) => (
              <li key={stage}>{say("orphansOf", { stage, n })}</li>
            ))}
          </ul>
          <p class="soft">{say("orphansHow")}</p>
        </section>
      )}
      <section data-part>
        <h3 tabIndex={-1}>{say("onTheBoard")}</h3>
        {creates.length > 0 ? (
          <>
            <p>{say("creates", { n: creates.length })}</p>
            <ul class="dots">
              {creates.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </>
        ) : (
          <p>{say("createsNothing")}</p>
        )}
      </section>
      <section data-part>
        <h3 tabIndex={-1}>{say("theCards")}</h3>
        <p>
          {cards.count
            ? say("cardsWanting", { n: cards.count, of: cards.of })
            : cards.of > cards.outside
              ? say("cardsFine", { n: cards.of - cards.outside })
              : say("cardsNone")}
        </p>
        {cards.outside > 0 && <p class="soft">{say("cardsOutside", { n: cards.outside })}</p>}
        {cards.wanting.length > 0 && (
          <ul class="wanting">
            {cards.wanting.map((card) => (
              <WantingCard key={card.id} card={card} />
            ))}
          </ul>
        )}
        {cards.count > cards.wanting.length && cards.wanting.length > 0 && <p class="soft">{say("cardsMore", { n: cards.count - cards.wanting.length })}</p>}
      </section>
      {difference && (
        <section data-part>
          <h3 tabIndex={-1}>{say("difference")}</h3>
          <Difference diff={preview.diff} caption={say("differenceOf")} />
        </section>
      )}
    </div>
  );
}

function WantingCard({ card }: { card: Wanting }) {
  const { host } = useApp();
  const say = useSay();
  return (
    <li>
      <details>
        <summary>
          <span class="name">{card.name}</span> <span class="soft">{say("standsIn", { stage: card.stage_name })}</span>{" "}
          <span class="lozenge warn">{say("lacks", { n: lacking(card.finding).length })}</span>
        </summary>
        <Lacks finding={card.finding} />
        <p>
          <button type="button" class="link" onClick={() => host.openCard(card.id, card.url)}>
            {say("openCard")}
          </button>
        </p>
      </details>
    </li>
  );
}

/** What is missing; of alternatives, the group. */
export function lacking(finding: Finding): Finding[] {
  if (finding.ok) return [];
  if (finding.kind === "any" || !finding.parts.length) return [finding];
  const parts = finding.parts.flatMap(lacking);
  return parts.length ? parts : [finding];
}

function Lacks({ finding }: { finding: Finding }) {
  const { words } = useApp();
  return (
    <ul class="lacks">
      {lacking(finding).map((one) => (
        <li key={one.id}>
          <Icon name="circle" />
          <span>
            {one.kind === "any" ? `${words.say("anyOf")}: ${words.either(one.parts.map(({ say }) => say))}` : one.say}
            {one.why && <span class="why"> {one.why}</span>}
            {one.who.length > 0 && <span class="why"> {words.say("canDo", { who: words.either(one.who) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Mistakes({ mistakes, show }: { mistakes: Mistake[]; show?: ((mistake: Mistake) => void) | undefined }) {
  const say = useSay();
  const errors = mistakes.filter(({ warning }) => !warning);
  const warnings = mistakes.filter(({ warning }) => warning);
  const list = (all: Mistake[]) => (
    <ul class="mistakes">
      {all.map((one, at) => (
        <li key={at}>
          {one.line !== null &&
            (show ? (
              <button type="button" class="link" onClick={() => show(one)}>
                {say("place", { line: one.line, column: one.column ?? 1 })}
              </button>
            ) : (
              <span class="soft">{say("place", { line: one.line, column: one.column ?? 1 })}</span>
            ))}{" "}
          {one.what}
          {one.mend && <span class="why"> {one.mend}</span>}
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {errors.length > 0 && (
        <section class="notice bad">
          <h3>{say("mistakes", { n: errors.length })}</h3>
          {list(errors)}
        </section>
      )}
      {warnings.length > 0 && (
        <details class="notice warn">
          <summary>{say("warnings", { n: warnings.length })}</summary>
          {list(warnings)}
        </details>
      )}
    </>
  );
}
