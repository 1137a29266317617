// The practice Trello as a process of its own. SIGNALMAN names the program.

import { spawn } from "node:child_process";
import { createServer } from "node:http";

const program = process.env.SIGNALMAN ?? "../../target/release/signalman";

/** Starts it, and gives what it told: url, api, key, token, board, members (their tokens). */
export async function start() {
  const child = spawn(program, ["sandbox", "--listen", "127.0.0.1:0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const told = await new Promise((found, failed) => {
    child.stdout.once("data", (line) => found(JSON.parse(line)));
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`the practice Trello ended with ${code}`)));
  });
  return { ...told, stop: () => child.kill("SIGTERM") };
}

/** A callback that answers everything with 200. */
export async function listener() {
  const server = createServer((request, response) => response.end()).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
