// What a Power-Up answers, read with care: anything may come out of its frame. What makes no sense is
// left out, as Trello leaves it out.

import { isRecord, type Options } from "../../client/io";

export { isRecord, type Options };

/** A function that stays in the Power-Up's frame, and can be run there by its name. */
export interface Callback {
  _callback: string;
}
export interface Badge {
  title: string;
  text: string;
  icon: string | undefined;
  color: string | undefined;
  callback: Callback | undefined;
  url: string | undefined;
}
export interface Button {
  text: string;
  icon: string | undefined;
  callback: Callback | undefined;
  url: string | undefined;
  condition: string;
}
export interface Section {
  title: string;
  icon: string | undefined;
  url: string;
  height: number;
  action: Button | undefined;
}

export const list = (value: unknown): Options[] => [value].flat().filter(isRecord);
export const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
export const size = (value: unknown, otherwise: number): number =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : otherwise;

/** Only addresses that a browser fetches: a script in one would run in the page around the frame. */
export function address(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return /^(https?:|data:image\/)/i.test(value) ? value : undefined;
}

export function callback(value: unknown): Callback | undefined {
  return isRecord(value) && typeof value._callback === "string" ? { _callback: value._callback } : undefined;
}

export type Ground = "light" | "dark";

/** An icon, or one for each ground it may stand on. */
function icon(value: unknown, ground: Ground): string | undefined {
  return address(isRecord(value) ? value[ground] : value);
}

export function badge(told: Options): Badge | undefined {
  const [title, words] = [text(told.title) ?? "", text(told.text) ?? ""];
  const shown = icon(told.icon, "light");
  if (!words && !shown) return undefined;
  return {
    title,
    text: words,
    icon: shown,
    color: text(told.color),
    callback: callback(told.callback),
    url: address(told.url),
  };
}

export function button(told: Options, ground: Ground): Button | undefined {
  const words = text(told.text);
  if (!words) return undefined;
  return {
    text: words,
    icon: icon(told.icon, ground),
    callback: callback(told.callback),
    url: address(told.url),
    condition: text(told.condition) ?? "edit",
  };
}

export function section(told: Options): Section | undefined {
  const content = isRecord(told.content) ? told.content : {};
  const url = content.type === "iframe" ? address(content.url) : undefined;
  if (!url) return undefined;
  return {
    title: text(told.title) ?? "",
    icon: icon(told.icon, "light"),
    url,
    height: Math.min(size(content.height, 150), 1500),
    action: isRecord(told.action) ? button(told.action, "light") : undefined,
  };
}

/** `admin`, `edit` and so on: who is shown a button. */
export function fits(condition: string, may: { write: boolean; admin: boolean }): boolean {
  if (condition === "admin") return may.admin;
  if (condition === "edit") return may.write;
  if (condition === "readonly" || condition === "readOnly") return !may.write;
  return condition !== "signedOut";
}

export function many<T>(value: unknown, read: (told: Options) => T | undefined): T[] {
  return list(value)
    .map(read)
    .filter((one) => one !== undefined);
}
