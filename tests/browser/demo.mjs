// The whole demo and a browser before it: the real program, the practice Trello it plays in, Chromium.
// SIGNALMAN names the program, CHROMIUM the browser, SHOTS a folder for pictures of what the tests see.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

const program = process.env.SIGNALMAN ?? "../../target/release/signalman";
const shots = process.env.SHOTS;
/** What is waited for comes within this time or the test fails; nothing waits without looking. Trello's
 * window is ten seconds long, and a page that finds its share of it used up tries again after fifteen. */
const PATIENCE_MS = 30_000;

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/** Starts the demo in that language; `stop` ends it and the browser. */
export async function play(lang = "ru", ...flags) {
  const child = spawn(program, ["demo", "--listen", "127.0.0.1:0", "--lang", lang, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((found, failed) => {
    let told = "";
    child.stdout.on("data", (part) => {
      told += part;
      const hit = told.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (hit) found(hit[0]);
    });
    child.on("exit", (code) => failed(new Error(`the demo ended with ${code}: ${told}`)));
  });
  const browser = await launch();
  const world = await (await fetch(`${url}/sandbox/who`)).json();
  const stop = async () => {
    await browser.close();
    child.kill("SIGTERM");
  };
  return {
    url,
    world,
    browser,
    stop,
    open: (options) => open(browser, url, options),
    api: (username, verb, path, wish) => api(url, world, username, verb, path, wish),
    passes: (minutes) => passes(url, minutes),
  };
}

/** A board in a window of its own, looked at by `as`. A script that fails fails the test. */
async function open(browser, url, { as, ...options } = {}) {
  const context = await browser.newContext({ locale: "ru-RU", viewport: { width: 1500, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => assert.fail(error));
  if (as) await page.addInitScript((me) => self === top && localStorage.setItem("me", me), as);
  await page.goto(url);
  await page.locator(".tile").first().waitFor();
  return page;
}

/** What somebody does through Trello's API, or sees there. */
async function api(url, world, username, verb, path, wish) {
  const { token } = world.members.find((one) => one.username === username);
  const headers = { Authorization: `OAuth oauth_consumer_key="${world.key}", oauth_token="${token}"`, "Content-Type": "application/json" };
  const answer = await fetch(`${url}/1/${path}`, { method: verb, headers, ...(wish && { body: JSON.stringify(wish) }) });
  const text = await answer.text();
  assert.ok(answer.ok, `${verb} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Time goes by for Trello and the service; the browser's clock stays. */
async function passes(url, minutes) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${url}/sandbox/clock`, { method: "PUT", headers, body: JSON.stringify({ minutes }) });
  assert.ok(answer.ok);
  return (await answer.json()).now;
}

export const shot = async (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png` });
