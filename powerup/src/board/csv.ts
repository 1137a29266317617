// The cards as a table for a spreadsheet. A name that begins like a formula must stay a name there.

import type { BoardCard } from "../contract";
import type { Words } from "../words/words";

const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number, comma: string): string {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return text.includes('"') || text.includes(comma) || /[\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** RFC 4180; a spreadsheet set to Russian parts cells at semicolons. The mark in front says UTF-8. */
export function csv(rows: (string | number)[][], lang: "ru" | "en"): string {
  const comma = lang === "ru" ? ";" : ",";
  return `\ufeff${rows.map((row) => row.map((value) => cell(value, comma)).join(comma)).join("\r\n")}\r\n`;
}

export function table(cards: BoardCard[], stages: ReadonlyMap<string, string>, { say }: Words): (string | number)[][] {
  const minutes = say("minutes");
  return [
    [
      say("card"), say("stage"), say("sinceWhen"), `${say("age")}, ${minutes}`, `${say("limit")}, ${minutes}`, say("late"),
      say("missingCount"), say("whyStuck"), say("turn"), say("next"), say("badgeReturned"), say("address"),
    ],
    ...cards.map((card) => [
      card.name,
      stages.get(card.stage ?? "") ?? "",
      card.since ?? "",
      card.so_far_minutes,
      card.limit_minutes ?? "",
      say(card.late ? "yes" : "no"),
      card.missing,
      card.todo.join("; "),
      card.turn.map(({ name }) => name).join("; "),
      card.next ?? "",
      card.refused_at ?? "",
      card.url,
    ]),
  ];
}

export function download(name: string, text: string, type = "text/csv") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
