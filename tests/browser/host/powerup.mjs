// Serves the Power-Up of these tests from an origin of its own, with the headers a careful one sends.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const BODIES = {
  connector: "",
  section: `<div id="all"><p id="told"></p><p id="counts"></p><p id="theme"></p><button id="more">More</button> <button id="popup">Choose</button></div>`,
  popup: `<p id="about"></p><button id="next">Next</button> <button id="back">Back</button> <button id="shut">Shut</button>`,
  modal: `<ul id="rows"></ul><button id="open">Open a card</button> <button id="wide">Wide</button>`,
};
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="#2aa198"/></svg>`;

/** `host` is the practice Trello's origin; returns the Power-Up's, and what ends it. */
export async function serve(host) {
  const policy = `default-src 'none'; script-src 'self' ${host}; style-src 'self' ${host}; img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; frame-ancestors ${host}`;
  const page = (name) => `<!doctype html>
<html lang="en" data-host="${host}">
<head><meta charset="utf-8"><title>${name}</title><link rel="stylesheet" href="page.css"><script src="${host}/powerup-client.js"></script></head>
<body>${BODIES[name]}<script type="module" src="${name}.js"></script></body>
</html>`;
  const server = createServer(async (request, response) => {
    const [, name, ending] = new URL(request.url, host).pathname.match(/^\/(\w+)\.(\w+)$/) ?? [];
    const kinds = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
    response.setHeader("Content-Type", kinds[ending] ?? "text/plain");
    response.setHeader("Content-Security-Policy", policy);
    if (ending === "html" && name in BODIES) return response.end(page(name));
    if (ending === "svg") return response.end(ICON);
    const file = await readFile(new URL(`${name}.${ending}`, import.meta.url)).catch(() => undefined);
    response.statusCode = file ? 200 : 404;
    response.end(file);
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}
