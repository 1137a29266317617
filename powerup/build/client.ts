// Puts Trello's client script in front of each page's own. Its address is the service's to fill in
// (%CLIENT%), so Vite must neither read nor rewrite it: it is written into the finished HTML.

import type { Plugin } from "vite";

const MARK = "<!-- client -->";

export function client(): Plugin {
  return {
    name: "client",
    transformIndexHtml: {
      order: "post",
      handler(html, { filename }) {
        if (!html.includes(MARK)) throw new Error(`${filename} has no ${MARK}`);
        return html.replace(MARK, '<script src="%CLIENT%"></script>');
      },
    },
  };
}
