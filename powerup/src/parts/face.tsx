// A face: initials on a colour of one's own, the same on every page.

import type { Person } from "../contract";

const COLOURS = 8;

/** «Мария (менеджер)» is «М»: a role in brackets is no surname. */
export function initials(name: string): string {
  const words = name.replace(/\(.*?\)/g, "").split(/\s+/).filter(Boolean);
  if (words.length > 1) return words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  return [...(words[0] ?? "?")].slice(0, 2).join("");
}

/** The end of an id counts up: people who joined one after another do not look alike. */
function colour(id: string): number {
  return (parseInt(id.slice(-6), 16) || 0) % COLOURS;
}

export function Face({ person }: { person: Person }) {
  return (
    <span class={`face face-${colour(person.id)}`} title={`${person.name} @${person.username}`} aria-hidden="true">
      {initials(person.name)}
    </span>
  );
}

export function People({ people }: { people: Person[] }) {
  return (
    <span class="people">
      {people.map((person) => (
        <span class="person" key={person.id}>
          <Face person={person} />
          <span>{person.name}</span>
        </span>
      ))}
    </span>
  );
}
