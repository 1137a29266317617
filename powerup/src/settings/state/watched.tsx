// What watch mode has seen: what would have gone back, and for want of what.

import { useApp } from "../../parts/app";
import { Panel } from "../panel";
import type { Watched } from "../shapes";
import { useSay } from "../words";

const SHOWN = 4;

export function WatchedPanel({ watched }: { watched: Watched }) {
  const { words } = useApp();
  const say = useSay();
  return (
    <Panel title={say("watched")}>
      <p>{watched.count ? say("watchedCount", { n: watched.count, when: words.when(watched.since) }) : say("watchedNone", { when: words.when(watched.since) })}</p>
      {watched.gates.length > 0 && (
        <ul class="gates">
          {watched.gates.map(({ name, count, missing }) => (
            <li key={name}>
              <p>
                <strong>{say("intoStage", { name })}</strong> <span class="soft">{say("wouldBe", { n: count })}</span>
              </p>
              {missing.length > 0 && (
                <p class="soft">
                  {missing
                    .slice(0, SHOWN)
                    .map((one) => `${one.name} — ${words.number(one.times)}`)
                    .join(" · ")}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
