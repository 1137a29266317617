// The same receiver with every delivery's flush under way at once, as many as Node's four threads take.
// Node's documentation calls it unsafe to write to a file again before the last write is done; it is
// here because many do it.
import { createServer } from "node:http";
import { open } from "node:fs/promises";
import { begin, body, signed } from "./receiver.mjs";

const file = await open(process.env.FILE, "a");
const told = { taken: 0, bytes: 0 };

const server = createServer(async (request, response) => {
  const bytes = await body(request);
  if (!signed(bytes, request.headers["x-trello-webhook"])) {
    response.writeHead(401).end();
    return;
  }
  await file.write(bytes);
  await file.sync();
  told.taken += 1;
  told.bytes += bytes.length;
  response.writeHead(200).end();
});

begin(server, () => told);
