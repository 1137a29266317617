// Puts Trello's client script in front of each page's own. Its address is the service's to fill in
// (%CLIENT%), so Vite must neither read nor rewrite it: it is written into the finished HTML.

import type { Plugin } from "vite";

const MARK = "<!-- client -->";

/** `alone`: pages that Trello never hosts. */
export function client(alone: string[]): Plugin {
  return {
    name: "client",
    transformIndexHtml: {
      order: "post",
      handler(html, { filename }) {
        if (alone.some((page) => filename.endsWith(`/${page}.html`))) return html;
        if (!html.includes(MARK)) throw new Error(`${filename} has no ${MARK}`);
        return html.replace(MARK, '<script src="%CLIENT%"></script>');
      },
    },
  };
}
