// What the plain receivers share: reading a body, Trello's signature, beginning and ending.
import { createServer } from "node:http";
import { createHmac, timingSafeEqual } from "node:crypto";

const { SECRET, CALLBACK, PORT } = process.env;

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

function signed(bytes, signature = "") {
  const right = createHmac("sha1", SECRET).update(bytes).update(CALLBACK).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === right.length && timingSafeEqual(given, right);
}

// Listens, and says at its end what it has taken.
function begin(server, told) {
  server.keepAliveTimeout = 60_000;
  server.listen(Number(PORT), "127.0.0.1");
  process.on("SIGTERM", () => {
    process.stdout.write(`${JSON.stringify(told())}\n`, () => process.exit(0));
  });
}

// A receiver that answers what is signed once `append` has kept it.
export function receive(append) {
  const told = { taken: 0, bytes: 0 };
  const server = createServer(async (request, response) => {
    const bytes = await body(request);
    if (!signed(bytes, request.headers["x-trello-webhook"])) {
      response.writeHead(401).end();
      return;
    }
    await append(bytes);
    told.taken += 1;
    told.bytes += bytes.length;
    response.writeHead(200).end();
  });
  begin(server, () => told);
}
