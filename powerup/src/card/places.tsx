// The systems where the client is entered as well, with the way to each record.

import type { Place } from "../contract";
import { useApp } from "../parts/app";
import { Icon } from "../parts/icon";
import type { Key } from "../words/words";

const STATES: Record<Place["state"], { says: Key; tone: string }> = {
  confirmed: { says: "confirmed", tone: "good" },
  by_hand: { says: "byHand", tone: "good" },
  waits: { says: "waits", tone: "info" },
  wanting: { says: "wanting", tone: "warn" },
  several: { says: "several", tone: "warn" },
  drifted: { says: "drifted", tone: "warn" },
  refused: { says: "refusedPlace", tone: "bad" },
  down: { says: "down", tone: "bad" },
};

export function Places({ places }: { places: Place[] }) {
  const { words } = useApp();
  if (!places.length) return null;
  return (
    <section class="block">
      <h3>{words.say("places")}</h3>
      <ul class="places">
        {places.map((place) => {
          const { says, tone } = STATES[place.state];
          return (
            <li key={place.target}>
              <span class="name">{place.name}</span>
              <span class={`lozenge ${tone}`}>{words.say(says)}</span>
              {place.link ? (
                <a href={place.link} target="_blank" rel="noopener noreferrer" aria-label={`${place.name}: ${place.number ?? words.say("open")}`}>
                  {place.number ?? words.say("open")} <Icon name="out" />
                </a>
              ) : (
                place.number && <span>{place.number}</span>
              )}
              {place.say && <span class="why">{place.say}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
