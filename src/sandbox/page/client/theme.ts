// Light and dark for a Power-Up's page: the attribute and the colours by the names of Trello's design
// tokens. The values are our own: the surfaces are the practice board's, so that a frame has no edge.

export type Theme = "light" | "dark";

const NOTICE = "POWER-UP-THEME-CHANGE";

type Pair = readonly [light: string, dark: string];
const COLOURS: Record<string, Pair> = {
  text: ["#22303f", "#c3ccd6"],
  "text-subtle": ["#465870", "#a2afbd"],
  "text-subtlest": ["#5f7086", "#8d9cab"],
  "text-disabled": ["#0a1c3b55", "#bac8da52"],
  "text-inverse": ["#ffffff", "#1b2127"],
  "text-brand": ["#0a62cf", "#5f9fff"],
  "text-selected": ["#0a62cf", "#5f9fff"],
  "text-danger": ["#ab2f22", "#fd9a8f"],
  "text-warning": ["#9c4a00", "#f7c655"],
  "text-success": ["#1f6b4a", "#80e2b6"],
  "text-discovery": ["#5c4bb3", "#b8adf5"],
  "text-information": ["#0753c0", "#86b9ff"],
  "text-accent-gray": ["#465870", "#a2afbd"],
  link: ["#0a62cf", "#5f9fff"],
  "link-pressed": ["#0753c0", "#86b9ff"],
  icon: ["#465870", "#a2afbd"],
  "icon-subtle": ["#5f7086", "#8d9cab"],
  "icon-inverse": ["#ffffff", "#1b2127"],
  "icon-brand": ["#0a62cf", "#5f9fff"],
  "icon-danger": ["#c83a2e", "#f17065"],
  "icon-warning": ["#e06f08", "#f7c655"],
  "icon-success": ["#22a06d", "#4cce98"],
  "icon-information": ["#1d7af0", "#5f9fff"],
  border: ["#0b1d3d26", "#a8bed42b"],
  "border-bold": ["#738195", "#74828f"],
  "border-focused": ["#3a8afd", "#86b9ff"],
  "border-input": ["#8390a2", "#74828f"],
  "border-selected": ["#0a62cf", "#5f9fff"],
  "border-danger": ["#e24b3d", "#f17065"],
  "border-warning": ["#e06f08", "#f7c655"],
  "border-success": ["#22a06d", "#4cce98"],
  surface: ["#ffffff", "#1b2630"],
  "surface-hovered": ["#f0f2f4", "#24313c"],
  "surface-overlay": ["#ffffff", "#24313c"],
  "surface-overlay-hovered": ["#f0f2f4", "#2c3a46"],
  "surface-raised": ["#ffffff", "#24313c"],
  "surface-raised-hovered": ["#f0f2f4", "#2c3a46"],
  "surface-sunken": ["#f6f7f9", "#18222b"],
  "background-input": ["#ffffff", "#1f2a34"],
  "background-input-hovered": ["#f6f7f9", "#24313c"],
  "background-neutral": ["#0a1c3b0f", "#a3bfdc29"],
  "background-neutral-hovered": ["#0b1d3d24", "#a8bed447"],
  "background-neutral-pressed": ["#0b1e454f", "#bccde266"],
  "background-neutral-subtle": ["#00000000", "#00000000"],
  "background-neutral-subtle-hovered": ["#0a1c3b0f", "#a3bfdc29"],
  "background-neutral-bold": ["#455670", "#9fadbc"],
  "background-selected": ["#e8f1ff", "#1b2d47"],
  "background-brand-bold": ["#0a62cf", "#5f9fff"],
  "background-brand-bold-hovered": ["#0753c0", "#86b9ff"],
  "background-danger": ["#ffebe9", "#42221e"],
  "background-danger-bold": ["#c5362a", "#f17065"],
  "background-warning": ["#fff5d8", "#332d1a"],
  "background-warning-bold": ["#f3cb4c", "#e0b02c"],
  "background-success": ["#dcfcef", "#1b332a"],
  "background-success-bold": ["#1d7f59", "#4cce98"],
  "background-discovery": ["#f2f0ff", "#2b2740"],
  "background-information": ["#e8f1ff", "#1b2d47"],
  "background-information-bold": ["#0a62cf", "#5f9fff"],
  "background-disabled": ["#0a1c3b08", "#bac8da0a"],
  "background-accent-blue-subtler": ["#cbe0ff", "#0b3262"],
  "background-accent-green-subtler": ["#b8f3da", "#1a4c38"],
  "background-accent-red-subtler": ["#ffd4cf", "#5b2019"],
  "background-accent-yellow-subtler": ["#f7e5a4", "#513f04"],
  "background-accent-orange-subtler": ["#fedfc0", "#673304"],
  "background-accent-purple-subtler": ["#dfd7ff", "#352c62"],
  "background-accent-gray-subtler": ["#dcdfe5", "#3b454e"],
  "chart-brand": ["#3b84e6", "#3f8cf0"],
  "chart-neutral": ["#8390a2", "#74828f"],
  "chart-danger": ["#ef5b50", "#e5483b"],
  "chart-warning": ["#b36a00", "#d08204"],
  "chart-success": ["#22a06d", "#2aba80"],
  "shadow-raised": ["0 1px 1px #0a1f4233, 0 0 1px #0a1f4242", "0 1px 1px #02050780, 0 0 1px #02050780"],
  "shadow-overlay": ["0 8px 12px #0a1f4226, 0 0 1px #0a1f424f", "0 8px 12px #0205075c, 0 0 1px #02050780"],
};

function rules(theme: Theme): string {
  const own = Object.entries(COLOURS).map(([name, pair]) => `--ds-${name}: ${pair[theme === "light" ? 0 : 1]};`);
  return `color-scheme: ${theme}; ${own.join(" ")}`;
}

let now: Theme = "light";

/** Sets the page's theme; `tokens` false leaves the colours to the page. */
export function dress(theme: Theme, tokens: boolean) {
  const root = document.documentElement;
  if (tokens && !root.hasAttribute("data-color-mode")) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`html[data-color-mode] { ${rules("light")} } html[data-color-mode="dark"] { ${rules("dark")} }`);
    // First of all: whatever the page says of the same names stands.
    document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
  }
  now = theme;
  root.setAttribute("data-color-mode", theme);
}

/** Hears of a new theme from the host. */
export function follow(host: Window, targetOrigin: string, heard: (theme: Theme) => void) {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.source !== host || (targetOrigin !== "*" && event.origin !== targetOrigin)) return;
    const theme = typeof event.data === "object" && event.data !== null && "theme" in event.data && event.data.theme;
    if (theme !== "light" && theme !== "dark") return;
    heard(theme);
    window.postMessage(NOTICE, location.origin);
  });
}

/** Returns what ends the subscription. */
export function subscribe(run: (theme: Theme) => void): () => void {
  const listen = (event: MessageEvent<unknown>) => {
    if (event.source === window && event.data === NOTICE) run(now);
  };
  window.addEventListener("message", listen);
  return () => window.removeEventListener("message", listen);
}

export function token(name: string, fallback?: string): string | undefined {
  const property = name.startsWith("--") ? name : `--ds-${name.replace(/^color\./, "").replaceAll(".", "-")}`;
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim() || fallback;
}
