// That a card waits for somebody outside: for what, and until when.

import type { Waits } from "../contract";
import type { Words } from "../words/words";

export function waits({ reason, until }: Waits, { say, day }: Words): string {
  const what = reason ? say("waitsFor", { what: reason }) : say("badgeWaits");
  return until ? `${what}, ${say("until", { day: day(until) })}` : what;
}
