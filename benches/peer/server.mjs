// The plain receiver: checks the signature, appends the body to a file with an fsync of its own,
// answers. One append after the other, as Node's documentation asks for. It drops no duplicate and
// judges nothing.
import { createServer } from "node:http";
import { open } from "node:fs/promises";
import { begin, body, signed } from "./receiver.mjs";

const file = await open(process.env.FILE, "a");
const told = { taken: 0, bytes: 0 };

let turn = Promise.resolve();
function append(bytes) {
  turn = turn.then(async () => {
    await file.write(bytes);
    await file.sync();
  });
  return turn;
}

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
