// What a Power-Up has open on the page at the moment. Plain data.

import type { Source, Where } from "./host";
import type { Button, Callback } from "./told";

export type Layer = "page" | "card" | "modal";

export type Content =
  | { kind: "frame"; url: string; height: number }
  | { kind: "list"; items: Choice[] | Callback; search: { placeholder: string; empty: string } | undefined }
  | { kind: "confirm"; message: string; yes: string; danger: boolean; no: string | undefined; onYes: Callback | undefined; onNo: Callback | undefined }
  | { kind: "date"; withTime: boolean; date: string | undefined; callback: Callback | undefined };

export interface Choice {
  text: string;
  callback: Callback | undefined;
  url: string | undefined;
  always: boolean;
}

export interface Popup {
  key: number;
  title: string;
  content: Content;
  source: Source;
  where: Where;
  layer: Layer;
  /** Beside what it stands, in the page's pixels. */
  spot: { left: number; top: number; bottom: number };
  callback: Callback | undefined;
}

export interface Action extends Button {
  right: boolean;
}

export interface Modal {
  key: number;
  title: string;
  url: string;
  source: Source;
  where: Where;
  height: number;
  fullscreen: boolean;
  accent: string | undefined;
  actions: Action[];
  callback: Callback | undefined;
}

export interface Alert {
  key: number;
  message: string;
  display: "info" | "warning" | "error" | "success";
  seconds: number;
}

export interface Shown {
  /** One on another; the last is seen. */
  popups: Popup[];
  modal?: Modal | undefined;
  bar?: Modal | undefined;
  alert?: Alert | undefined;
}
