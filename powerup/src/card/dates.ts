// A date field of the browser wants 2026-11-12; a card says 12.11.2026 as well.

export function toInput(value: string): string {
  const iso = value.match(/^\s*(\d{4})-(\d{2})-(\d{2})/);
  if (iso) return `${iso[1]}-${iso[2]}-${iso[3]}`;
  const ru = value.match(/^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})\s*$/);
  if (!ru) return "";
  return `${ru[3]}-${ru[2]?.padStart(2, "0")}-${ru[1]?.padStart(2, "0")}`;
}
