// A face: two letters on a colour of one's own.

import type { Person } from "./api";

/** White letters stand at 4.5:1 or better on each of these. */
const COLOURS = ["#0b5cad", "#8a2d8f", "#1a6b3c", "#a63a12", "#5d4fb0", "#a31648", "#00666b", "#7a5200", "#3d5a1e", "#34495e"];
const SERVICE = "#46525c";

export type People = Map<string, Person & { colour: string; letters: string }>;

export function known(members: Person[]): People {
  const people = members.filter((one) => !one.bot);
  return new Map(
    members.map((one) => {
      const colour = one.bot ? SERVICE : COLOURS[people.indexOf(one) % COLOURS.length]!;
      return [one.id, { ...one, colour, letters: letters(one.fullName) }];
    }),
  );
}

/** «Мария (менеджер)» is «Ма»: a role in brackets is no surname. */
function letters(name: string): string {
  const words = name.replace(/\(.*?\)/g, "").split(/\s+/).filter(Boolean);
  if (words.length > 1) return words.slice(0, 2).map((word) => word[0]).join("").toUpperCase();
  return words[0]?.slice(0, 2) ?? "?";
}

export function Face({ id, people }: { id: string; people: People }) {
  const person = people.get(id);
  if (!person) return null;
  return (
    <span class="face" style={{ background: person.colour }} role="img" aria-label={person.fullName} title={`${person.fullName} @${person.username}`}>
      {person.letters}
    </span>
  );
}
