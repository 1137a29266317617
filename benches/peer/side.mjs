// The same receiver with every delivery's flush under way at once, as many as Node's four threads take.
// Node's documentation calls it unsafe to write to a file again before the last write is done; it is
// here because many do it.
import { open } from "node:fs/promises";
import { receive } from "./receiver.mjs";

const file = await open(process.env.FILE, "a");

receive(async (bytes) => {
  await file.write(bytes);
  await file.sync();
});
