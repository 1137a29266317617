// Looks a page over for what a keyboard or a screen reader would stumble on. It is run in the frame
// itself, past the page's policy for scripts and without loosening it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const source = await readFile(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Fails with what is wrong and where. `frame`: a page or a frame of it. */
export async function sound(frame, what) {
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(source);
  const { violations, passes } = await frame.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}\n    ${node.target.join(" ")}\n    ${node.html.slice(0, 160)}\n    ${node.any.map((one) => one.message).join("; ")}`));
  assert.ok(passes.length > 5, `${what}: there is something to look over`);
  assert.equal(told.length, 0, `${what}:\n${told.join("\n")}`);
}
