// The popup of the card's button: only the ways on, and what stands before the first.

import { useEffect } from "preact/hooks";
import type { CardView } from "../contract";
import { type Acts, useActs } from "../card/acts";
import { Findings } from "../card/findings";
import { MoveButton, OtherMoves } from "../card/moves";
import { Outcome } from "../card/outcome";
import { useApp } from "../parts/app";
import { Loading, Notice, Stopped } from "../parts/state";
import { useView } from "../parts/view";

/** Long enough to read «done». */
const CLOSE_MS = 1500;

export function MovePage() {
  const { api, host } = useApp();
  const { view, trouble, refresh } = useView(
    api,
    () => api.card(host.card),
    (card) => card === host.card,
  );
  const acts = useActs(api, view, refresh);
  const { moved } = acts;
  useEffect(() => {
    if (!moved) return;
    const timer = setTimeout(() => host.close(), CLOSE_MS);
    return () => clearTimeout(timer);
  }, [moved, host]);
  if (!view) return trouble ? <Stopped trouble={trouble} again={refresh} /> : <Loading />;
  return (
    <main class="card popup">
      <Ways view={view} acts={acts} />
    </main>
  );
}

function Ways({ view, acts }: { view: CardView; acts: Acts }) {
  const { words } = useApp();
  const forward = view.moves.filter(({ way }) => way === "forward");
  const shut = !view.you.writes;
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <h1 class="hidden">{view.card.name}</h1>
      {view.trouble && <Notice tone="warn">{view.trouble.say}</Notice>}
      {shut && <Notice>{words.say("readOnly")}</Notice>}
      <Outcome acts={acts} />
      <div class="ways" data-part>
        {forward.map((move, index) => (
          <div class="way" key={move.stage}>
            <MoveButton move={move} acts={acts} main={index === 0} shut={shut} />
            {!move.legal && move.finding && <Findings finding={move.finding} desk={null} />}
          </div>
        ))}
        {!view.moves.length && <p class="soft">{words.say("noMoves")}</p>}
      </div>
      {!shut && <OtherMoves moves={view.moves.filter(({ way }) => way !== "forward")} acts={acts} desk={null} shut={shut} />}
    </form>
  );
}
