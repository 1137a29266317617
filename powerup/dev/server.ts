// For `npm run dev` alone: answers the API's routes with the demo board, and does what it is told a
// moment later, as the service would. It judges nothing.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import type { Act, CardView, Finding } from "../src/contract";
import { badges, board, cards, decision } from "./demo.ts";
import { figures } from "./figures.ts";

const DELAY_MS = 700;
const views = new Map<string, CardView>();
const open = new Set<ServerResponse>();

export function practice(): Plugin {
  return {
    name: "practice",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use("/api/boards/demo", (request, response) => void answer(request, response));
    },
  };
}

function send(response: ServerResponse, body: unknown, status = 200) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: string, say: string) {
  send(response, { error: { code, say } }, status);
}

async function answer(request: IncomingMessage, response: ServerResponse) {
  const lang = request.headers["accept-language"]?.startsWith("ru") ? "ru" : "en";
  const path = (request.url ?? "").replace(/\?.*/, "").replace(/^\//, "");
  const [kind, id, what] = path.split("/");
  if (kind === "live") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(": here\n\n");
    open.add(response);
    request.on("close", () => open.delete(response));
    return;
  }
  if (!kind) return send(response, board(lang, Number(process.env["CARDS"] ?? 60)));
  if (kind === "badges") return send(response, badges());
  if (kind === "figures") return send(response, figures(lang));
  if (kind === "decisions" && id) return send(response, decision(lang, id));
  if (kind !== "cards" || !id) return fail(response, 404, "no_such", "");
  if (id === "foreign") return fail(response, 403, "not_a_member", "");
  if (id === "free") return fail(response, 404, "not_attached", "");
  const key = `${lang} ${id}`;
  const view = views.get(key) ?? cards(lang, id);
  if (!view) return fail(response, 404, "no_card", "");
  views.set(key, view);
  if (what !== "acts") return send(response, view);
  const act = JSON.parse(await body(request)) as Act;
  if (act.act === "set" && Object.values(act.fields).some((value) => value.includes("?"))) {
    const fields = Object.fromEntries(Object.keys(act.fields).map((field) => [field, "2026-041"]));
    return send(response, { error: { code: "bad_value", say: lang === "ru" ? "Номер договора не подходит." : "The contract number does not fit.", fields } }, 422);
  }
  send(response, { id: "1" }, 202);
  setTimeout(() => {
    change(view, act);
    for (const one of open) one.write(`event: card\ndata: ${JSON.stringify({ card: id })}\n\n`);
  }, DELAY_MS);
}

function change(view: CardView, act: Act) {
  const each = (finding: Finding) => {
    const { mend } = finding;
    if (act.act === "set" && mend?.how === "field" && act.fields[mend.field.key]) {
      mend.field.value = act.fields[mend.field.key] ?? "";
      finding.ok = true;
    }
    if (act.act === "tick" && mend?.how === "tick" && mend.item === act.item) finding.ok = act.on;
    finding.parts.forEach(each);
    if (finding.kind !== "leaf") finding.ok = finding.parts[finding.kind === "any" ? "some" : "every"]((part) => part.ok);
  };
  for (const move of view.moves) {
    if (!move.finding) continue;
    each(move.finding);
    if (!move.finding.ok) continue;
    move.legal = true;
    move.say = null;
  }
  if (act.act !== "move") return;
  const to = view.track.findIndex((step) => step.key === act.stage);
  view.track.forEach((step, at) => (step.state = at < to ? "passed" : at === to ? "here" : "ahead"));
  const name = view.track[to]?.name ?? act.stage;
  if (view.standing) view.standing = { ...view.standing, key: act.stage, name, so_far_minutes: 0, late: false };
  view.decisions.unshift({ ...view.decisions[0]!, id: "new", kind: "allowed", say: `→ «${name}»`, at: new Date().toISOString() });
}

async function body(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const part of request) all += String(part);
  return all;
}
