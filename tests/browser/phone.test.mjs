// A card's page on a phone, against the whole demo: from the link in a refusal's comment through
// Trello's question who one is to what is missing, and on. SIGNALMAN names the program, CHROMIUM the
// browser, SHOTS a folder for screenshots.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const program = process.env.SIGNALMAN ?? "../../target/release/signalman";
const shots = process.env.SHOTS;
const axe = await readFile(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
let demo, browser, trello, world;

before(async () => {
  demo = spawn(program, ["demo", "--listen", "127.0.0.1:0", "--lang", "ru"], { stdio: ["ignore", "pipe", "inherit"] });
  trello = await new Promise((found, failed) => {
    let told = "";
    demo.stdout.on("data", (part) => {
      told += part;
      const hit = told.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (hit) found(hit[0]);
    });
    demo.on("exit", (code) => failed(new Error(`the demo ended with ${code}: ${told}`)));
  });
  world = await (await fetch(`${trello}/sandbox/who`)).json();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  demo?.kill("SIGTERM");
});

/** A phone, its language, and whatever goes wrong on its pages. */
async function phone(locale = "ru-RU", options = {}) {
  const context = await browser.newContext({ locale, viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, ...options });
  context.setDefaultTimeout(8000);
  context.on("page", (page) => {
    page.on("pageerror", (error) => assert.fail(error));
    page.on("console", (message) => assert.ok(!/Content Security Policy/.test(message.text()), message.text()));
  });
  return context;
}

const api = async (username, verb, path, wish) => {
  const { token } = world.members.find((one) => one.username === username);
  const headers = { Authorization: `OAuth oauth_consumer_key="${world.key}", oauth_token="${token}"`, "Content-Type": "application/json" };
  const answer = await fetch(`${trello}/1/${path}`, { method: verb, headers, ...(wish && { body: JSON.stringify(wish) }) });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
};
const board = async () => (await api("maria_demo", "GET", "members/me/boards"))[0].id;
const find = async (kind, name) => (await api("maria_demo", "GET", `boards/${await board()}/${kind}`)).find((one) => one.name === name);

/** Nothing that a keyboard or a screen reader would stumble on, and nothing beyond the edge. */
async function sound(page, what) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node.target.join(" ")}: ${node.html.slice(0, 160)} ${node.any.map((one) => one.message).join("; ")}`));
  assert.ok(passes.length > 3, `${what}: there is something to look over`);
  assert.equal(told.join("\n"), "", what);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${what} is wider than the phone`);
  if (shots) await page.screenshot({ path: `${shots}/phone-${what}.png`, fullPage: true });
}

/** Moves a card too early, and opens the link of the comment that says so. */
async function fromComment(context, card) {
  const [kefir, list] = [await find("cards", card), await find("lists", "Подключение")];
  await api("ilya_demo", "PUT", `cards/${kefir.id}`, { idList: list.id });
  const page = await context.newPage();
  await page.goto(trello);
  await page.locator(`.tile[data-card="${card}"] .name`).click();
  const link = page.locator("dialog .said a", { hasText: "/c/" }).first();
  await page.locator("dialog .said", { hasText: "Подробно и с телефона:" }).first().waitFor();
  const [own] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await own.waitForLoadState();
  return own;
}

async function signIn(page, name, button = "Войти через Trello") {
  await page.getByRole("button", { name: button }).click();
  await page.getByLabel(name).check();
  await page.getByRole("button", { name: "Разрешить" }).click();
  await page.waitForURL(/\/c\/[0-9a-f]{24}\/[0-9a-f]{24}$/);
}

test("from the comment of a refusal: sign in, see what is missing, fill it in, move the card on", async () => {
  const context = await phone();
  const page = await fromComment(context, "Кефир FM");
  await page.getByRole("button", { name: "Войти через Trello" }).waitFor();
  await sound(page, "sign-in");
  const asked = [];
  page.on("request", (request) => asked.push([request.url(), request.headers().referer ?? ""].join(" ")));
  await signIn(page, "Мария");
  await page.getByRole("heading", { name: "Кефир FM" }).waitFor();
  await page.getByText("Чтобы перейти в «Счёт и оплата»").waitFor();
  await sound(page, "card");
  assert.ok(!asked.some((one) => /token=/.test(one)), "no address that was asked for has the token in it");

  await page.getByRole("textbox", { name: "Номер договора" }).fill("2026-042");
  await page.getByLabel("Дата договора").fill("2026-11-24");
  await page.getByRole("button", { name: /^Сохранить/ }).click();
  await page.getByText("Для «Счёт и оплата» всё готово.").waitFor();
  await page.getByRole("button", { name: "Перевести в «Счёт и оплата»" }).click();
  await page.getByRole("heading", { name: "Счёт и оплата", exact: true }).waitFor();
  await sound(page, "moved");
  const [card, list] = [await find("cards", "Кефир FM"), await find("lists", "Счёт и оплата")];
  assert.equal(card.idList, list.id);

  await page.getByRole("button", { name: "Выйти" }).click();
  await page.getByRole("button", { name: "Войти через Trello" }).waitFor();
  await context.close();
});

test("whoever says no at Trello, or comes back from nowhere, is told what to do", async () => {
  const context = await phone("en-GB", { colorScheme: "dark" });
  const page = await fromComment(context, "Кефир FM");
  const own = page.url();
  await page.getByRole("button", { name: "Sign in with Trello" }).waitFor();
  await sound(page, "sign-in-dark");
  await page.getByRole("button", { name: "Sign in with Trello" }).click();
  await page.getByRole("button", { name: "Отказать" }).click();
  await page.getByText("Trello was not told to say who you are.").waitFor();
  assert.equal(new URL(page.url()).hash, "");
  await sound(page, "denied-dark");
  await page.getByRole("link", { name: "Back to the card" }).click();
  await page.waitForURL(own);

  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(new URL("/c/signed-in#token=0123456789abcdef", own).href);
  await page.getByText("Nothing was begun in this window.").waitFor();
  assert.equal(new URL(page.url()).hash, "");
  assert.ok(!asked.some((url) => url.endsWith("/c/session")), "a token that nobody asked for is not used");
  await context.close();
});

test("whoever is not on the board signs in and sees why there is nothing; the page is English and dark", async () => {
  const context = await phone("en-GB", { colorScheme: "dark" });
  const page = await fromComment(context, "Кефир FM");
  const path = new URL(page.url()).pathname;
  await signIn(page, "Мария", "Sign in with Trello");
  await page.getByRole("heading", { name: "Кефир FM" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await sound(page, "card-dark");
  await page.getByRole("button", { name: "Client's file" }).click();
  await page.waitForURL(/\/file$/);
  await page.getByRole("heading", { level: 1, name: "Кефир FM" }).waitFor();
  await sound(page, "file-dark");
  await page.goBack();
  const other = path.replace(/\/c\/[0-9a-f]{24}/, "/c/6b0811e05b00000000000999");
  await page.goto(new URL(other, page.url()).href);
  await page.getByText("This board is under no process yet.").waitFor();
  await sound(page, "other-board-dark");
  await context.close();
});
