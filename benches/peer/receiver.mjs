// What the plain receivers share: reading a body, Trello's signature, beginning and ending.
import { createHmac, timingSafeEqual } from "node:crypto";

const { SECRET, CALLBACK, PORT } = process.env;

export async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

export function signed(bytes, signature = "") {
  const right = createHmac("sha1", SECRET).update(bytes).update(CALLBACK).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === right.length && timingSafeEqual(given, right);
}

// Listens, and says at its end what it has taken.
export function begin(server, told) {
  server.keepAliveTimeout = 60_000;
  server.listen(Number(PORT), "127.0.0.1");
  process.on("SIGTERM", () => {
    process.stdout.write(`${JSON.stringify(told())}\n`, () => process.exit(0));
  });
}
