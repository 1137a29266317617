// Trello's client library, as far as these pages use it. The script itself is Trello's and is loaded
// from its own address; here are only its types and the way to it.

export interface Context {
  board?: string;
  card?: string;
  list?: string;
  member?: string;
  locale?: string;
  theme?: string;
  initialTheme?: string;
}

export interface Icon {
  dark: string;
  light: string;
}

export type Colour = "green" | "yellow" | "orange" | "red" | "blue" | "light-gray";

export interface Badge {
  text?: string;
  title?: string;
  color?: Colour;
  icon?: string;
  refresh?: number;
  callback?: (t: Frame) => unknown;
}

export type Shown = Badge | { dynamic: () => Promise<Badge> };

export interface Button {
  text: string;
  icon?: Icon | string;
  condition?: "admin" | "edit" | "readOnly" | "signedIn" | "always";
  callback: (t: Frame) => unknown;
}

interface Opened {
  title?: string;
  url: string;
  args?: Record<string, string>;
  height?: number;
}

/** `t`: how a page speaks with Trello. */
export interface Frame {
  getContext(): Context;
  arg(name: string): unknown;
  jwt(options: { state?: string }): Promise<string>;
  signUrl(url: string, args?: Record<string, string>): string;
  sizeTo(what: Element | string | number): Promise<void>;
  render(again: () => void): void;
  popup(options: Opened): Promise<void>;
  modal(options: Opened & { fullscreen?: boolean; accentColor?: string }): Promise<void>;
  closePopup(): Promise<void>;
  closeModal(): Promise<void>;
  showCard(id: string): Promise<void>;
  subscribeToThemeChanges?(heard: (theme: string) => void): unknown;
}

export interface Capabilities {
  "card-back-section": (t: Frame) => unknown;
  "card-badges": (t: Frame) => Shown[];
  "card-detail-badges": (t: Frame) => Promise<Shown[]>;
  "card-buttons": (t: Frame) => Button[];
  "board-buttons": (t: Frame) => Button[];
  "list-actions": (t: Frame) => Omit<Button, "icon" | "condition">[];
  "show-settings": (t: Frame) => unknown;
  "on-enable": (t: Frame) => unknown;
  "authorization-status": (t: Frame) => { authorized: boolean };
}

interface Options {
  targetOrigin?: string;
}

export interface Client {
  initialize(capabilities: Capabilities, options: Options): Frame;
  iframe(options: Options): Frame;
}

declare global {
  interface Window {
    TrelloPowerUp?: Client;
  }
}

/** Whom the library may talk to. A page that was served without the service's hand leaves it to the library. */
export function options(): Options {
  const host = document.documentElement.dataset["host"];
  return host && !host.startsWith("%") ? { targetOrigin: host } : {};
}
