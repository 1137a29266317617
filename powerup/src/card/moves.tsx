// The ways on from here: a button for each, and beside one that is not open yet, why.

import type { Move } from "../contract";
import { useApp } from "../parts/app";
import { Icon } from "../parts/icon";
import type { Acts } from "./acts";
import { Findings, type Desk } from "./findings";

export function MoveButton({ move, acts, main, shut }: { move: Move; acts: Acts; main: boolean; shut: boolean }) {
  const { words } = useApp();
  const open = move.legal && !shut;
  const why = `why-${move.stage}`;
  const act = { act: "move", stage: move.stage } as const;
  const busy = acts.under(act);
  return (
    <div class="move">
      <button
        type="button"
        class={main && open ? "main" : ""}
        aria-disabled={!open || busy}
        aria-describedby={move.say ? why : undefined}
        onClick={() => open && acts.send(act)}
      >
        {words.say("moveTo", { stage: move.name })}
        {move.way === "forward" && <Icon name="arrow" />}
      </button>
      {move.say && (
        <p class="why" id={why}>
          {move.say}
        </p>
      )}
    </div>
  );
}

/** Ways aside and back, folded: they are there when somebody looks for them. */
export function OtherMoves({ moves, acts, desk, shut }: { moves: Move[]; acts: Acts; desk: Desk | null; shut: boolean }) {
  const { words } = useApp();
  if (!moves.length) return null;
  return (
    <details class="fold">
      <summary>{words.say("otherMoves")}</summary>
      <ul class="moves">
        {moves.map((move) => (
          <li key={move.stage}>
            <MoveButton move={move} acts={acts} main={false} shut={shut} />
            {!move.legal && move.finding && move.finding.parts.length > 0 && (
              <details class="needs">
                <summary>{words.say("whatIsNeeded")}</summary>
                <Findings finding={move.finding} desk={desk && { ...desk, name: move.stage, stage: move.stage }} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
