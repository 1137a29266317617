// Puts Trello's client script in front of each page's own. Its address is the service's to fill in
// (%CLIENT%), so Vite must neither read nor rewrite it: it is written into the finished HTML.

import type { Plugin } from "vite";

const MARK = "<!-- client -->";

/** `alone`: pages that Trello never hosts. */
export function client(alone: string[]): Plugin {
  let serving = false;
  return {
    name: "client",
    config: (_, { command }) => {
      serving = command === "serve";
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { filename }) {
        if (alone.some((page) => filename.endsWith(`/${page}.html`))) return html;
        if (!html.includes(MARK)) throw new Error(`${filename} has no ${MARK}`);
        const script = serving
          ? '<script type="module" src="/powerup/dev/client.ts"></script>'
          : '<script src="%CLIENT%"></script>';
        return html.replace(MARK, script);
      },
    },
  };
}
