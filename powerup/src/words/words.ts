// What the pages say, in the viewer's language, with its plurals, durations and dates.

import { en } from "./en";
import { ru } from "./ru";

export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
/** The same keys; a sentence of one language may need a plural where another does not. */
export type Same<T> = { [K in keyof T]: string | Plural };
export type Key = keyof typeof en;
export type Parts = Record<string, string | number>;

/** A working day of eight hours: that is what people reckon with. */
const DAY = 8 * 60;

export class Words {
  readonly lang: "ru" | "en";
  readonly #rules: Intl.PluralRules;
  readonly #all: Same<typeof en>;
  /** Dates as people of that country write them; the language's own country where none is named. */
  readonly #dates: string;

  constructor(locale: string) {
    this.lang = /^ru\b/i.test(locale) ? "ru" : "en";
    this.#all = this.lang === "ru" ? ru : en;
    this.#rules = new Intl.PluralRules(this.lang);
    this.#dates = known(locale, this.lang);
  }

  say = (key: Key, parts: Parts = {}): string => this.#fill(this.#all[key], parts);

  /** A page's own sentences, which other pages need not load. */
  own = <T extends Record<string, string | Plural>>(both: { en: T; ru: Same<T> }) => {
    const all: Same<T> = both[this.lang];
    return (key: keyof T, parts: Parts = {}): string => this.#fill(all[key], parts);
  };

  /** Working time: «2 дн. 3 ч». Days and hours, or hours and minutes; never three. */
  duration = (minutes: number): string => {
    const all = Math.max(0, Math.round(minutes));
    const days = Math.floor(all / DAY);
    const hours = Math.floor((all % DAY) / 60);
    const rest = all % 60;
    const parts = days
      ? [this.#unit("day", days), hours ? this.#unit("hour", hours) : ""]
      : [hours ? this.#unit("hour", hours) : "", rest || !hours ? this.#unit("minute", rest) : ""];
    return parts.filter(Boolean).join(" ");
  };

  /** «15:40» today, «пт 27.11, 15:40» in this year, with the year before that. */
  when = (instant: string, now: Date = new Date()): string => {
    const at = new Date(instant);
    const time = { hour: "2-digit", minute: "2-digit" } as const;
    if (at.toDateString() === now.toDateString()) return this.#date(at, time);
    const day = { day: "numeric", month: "short" } as const;
    if (at.getFullYear() === now.getFullYear()) return this.#date(at, { weekday: "short", ...day, ...time });
    return this.#date(at, { ...day, year: "numeric" });
  };

  /** «пт 27.11» of «2026-11-27». */
  day = (day: string): string =>
    this.#date(new Date(`${day}T12:00:00`), { weekday: "short", day: "numeric", month: "short" });

  /** «нояб.» of «2026-11»; with the year where asked for, and in January. */
  month = (month: string, year = month.endsWith("-01")): string =>
    this.#date(new Date(`${month}-15T12:00:00`), { month: "short", ...(year && { year: "numeric" }) });

  /** A currency that nobody knows is only written behind. */
  money = (amount: number, currency: string | null): string => {
    const whole = Number.isInteger(amount);
    const digits = whole ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    if (currency && /^[A-Z]{3}$/.test(currency)) {
      return new Intl.NumberFormat(this.#dates, { style: "currency", currency, ...digits }).format(amount);
    }
    const number = new Intl.NumberFormat(this.#dates, digits).format(amount);
    return currency ? `${number}\u00a0${currency}` : number;
  };

  number = (value: number): string => new Intl.NumberFormat(this.#dates).format(value);

  /** «Ольга или Денис» */
  either = (names: string[]): string =>
    new Intl.ListFormat(this.lang, { type: "disjunction", style: "long" }).format(names);

  #fill(entry: string | Plural, parts: Parts): string {
    const text = typeof entry === "string" ? entry : (entry[this.#rules.select(Number(parts["n"]))] ?? entry.other);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ""));
  }

  #date(at: Date, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.#dates, options).format(at);
  }

  #unit(unit: "day" | "hour" | "minute", value: number): string {
    return new Intl.NumberFormat(this.lang, { style: "unit", unit, unitDisplay: "short" })
      .format(value)
      .replace(/\s/g, "\u00a0");
  }
}

function known(locale: string, lang: "ru" | "en"): string {
  const own = lang === "ru" ? "ru-RU" : "en-GB";
  try {
    const [found] = Intl.DateTimeFormat.supportedLocalesOf([locale.replace("_", "-")]);
    return found?.toLowerCase().startsWith(`${lang}-`) ? found : own;
  } catch {
    return own;
  }
}
