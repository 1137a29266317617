// The same receiver, group-committing: all bodies that came while the last fsync ran share the next.
import { open } from "node:fs/promises";
import { receive } from "./receiver.mjs";

const file = await open(process.env.FILE, "a");
let waiting = [];
let writing = false;

async function write() {
  writing = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await file.writev(group.map((one) => one.bytes));
    await file.sync();
    for (const one of group) one.kept();
  }
  writing = false;
}

receive((bytes) => {
  const kept = new Promise((kept) => waiting.push({ bytes, kept }));
  if (!writing) write();
  return kept;
});
