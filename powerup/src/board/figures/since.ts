// From when on figures are counted: whole months back, or everything.

export const SPANS = ["3", "6", "12", "all"] as const;
export type Span = (typeof SPANS)[number];

/** The first day of the month that many months ago: half a month would be no month to compare. */
export function since(span: Span, now: Date): string {
  if (span === "all") return "2000-01-01";
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() - Number(span) + 1, 1)).toISOString().slice(0, 10);
}
