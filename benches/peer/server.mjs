// The plain receiver: checks the signature, appends the body to a file with an fsync of its own,
// answers. One append after the other, as Node's documentation asks for. It drops no duplicate and
// judges nothing.
import { open } from "node:fs/promises";
import { receive } from "./receiver.mjs";

const file = await open(process.env.FILE, "a");

let turn = Promise.resolve();
receive((bytes) => {
  turn = turn.then(async () => {
    await file.write(bytes);
    await file.sync();
  });
  return turn;
});
