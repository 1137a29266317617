// A face: two letters on a colour of one's own. Both by the rule of the Power-Up's pages, so that
// nobody has one colour on the board and another in a frame on it.

import type { Person } from "./api";

/** White letters stand at 4.5:1 or better on each of these. */
const COLOURS = ["#0b5cad", "#8a2d8f", "#1a6b3c", "#a63a12", "#5d4fb0", "#a31648", "#00666b", "#7a5200"];
const SERVICE = "#46525c";

export type People = Map<string, Person & { colour: string; letters: string }>;

export function known(members: Person[]): People {
  return new Map(
    members.map((one) => {
      const colour = one.bot ? SERVICE : COLOURS[(parseInt(one.id.slice(-6), 16) || 0) % COLOURS.length]!;
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
