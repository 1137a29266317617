// The practice Trello as the host of a Power-Up, in a browser: a Power-Up of these tests' own, which
// uses every capability, stands on the radio board and is looked at as people look at it.
// SIGNALMAN names the program, CHROMIUM the browser, SHOTS a folder for screenshots.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { launch } from "./demo.mjs";
import { iAm, tile } from "./hands.mjs";
import { serve } from "./host/powerup.mjs";

const program = process.env.SIGNALMAN ?? "../../target/release/signalman";
const shots = process.env.SHOTS;
const PLUGIN = "5f0000000000000000000042";
let trello, child, browser, powerup;

before(async () => {
  child = spawn(program, ["sandbox", "--listen", "127.0.0.1:0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  trello = await new Promise((found, failed) => {
    child.stdout.once("data", (line) => found(JSON.parse(line)));
    child.once("exit", (code) => failed(new Error(`the practice Trello ended with ${code}`)));
  });
  powerup = await serve(trello.url);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  powerup?.stop();
  child?.kill("SIGTERM");
});

const install = async () => {
  const wish = { id: PLUGIN, name: "Compass", connector: `${powerup.url}/connector.html` };
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${trello.url}/sandbox/powerup`, { method: "PUT", headers, body: JSON.stringify(wish) });
  assert.ok(answer.ok, await answer.text());
};

async function open(options = {}) {
  await install();
  const context = await browser.newContext({ viewport: { width: 1500, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on("pageerror", (error) => assert.fail(error));
  await page.goto(trello.url);
  await page.locator(".tile").first().waitFor();
  return page;
}

const openCard = (page, name) => tile(page, name).locator(".name").click();
const popup = (page) => page.locator(".pu-popup:not(.under)");
const inPopup = (page) => page.frameLocator(".pu-popup:not(.under) iframe");
const section = (page) => page.frameLocator(".pu-section iframe");
const shot = async (page, name) => shots && page.screenshot({ path: `${shots}/host-${name}.png` });
/** Runs in the section's frame, with its `t`. */
const inSection = async (page, run, what) => {
  const frame = await (await page.locator(".pu-section iframe").elementHandle()).contentFrame();
  return frame.evaluate(run, what);
};

test("the connector is hidden in the frame that Trello uses, and badges stand on every card", async () => {
  const page = await open();
  const badges = tile(page, "Кефир FM").locator(".pu-badge");
  await badges.nth(1).waitFor();
  assert.equal(await badges.nth(0).textContent(), "light");
  assert.match(await badges.nth(1).textContent(), /^8·\d+$/);
  const frame = page.locator("iframe[hidden]");
  assert.equal(await frame.count(), 1);
  const sandbox = (await frame.getAttribute("sandbox")).split(" ");
  assert.ok(sandbox.includes("allow-same-origin") && !sandbox.includes("allow-top-navigation"));
  assert.equal(await page.locator(".tile").count(), await page.locator(".tile:has(.pu-badge.red)").count());
  await shot(page, "board");
  await page.context().close();
});

test("a section on the card knows card, list, viewer and language, and is as high as it asks to be", async () => {
  const page = await open();
  await iAm(page, "maria_demo");
  await openCard(page, "Кефир FM");
  await section(page).getByText("Кефир FM · Договор · Мария").waitFor();
  assert.match(await section(page).locator("#told").textContent(), /· ru · connector$/);
  const height = await section(page).locator("#all").evaluate((one) => one.offsetHeight);
  await page.waitForFunction((high) => Math.abs(document.querySelector(".pu-section iframe").offsetHeight - high) < 12, height);
  await page.locator(".pu-details dt", { hasText: "Stage" }).waitFor();
  await page.getByRole("button", { name: "Move on" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "For admins" }).count(), 0);
  await shot(page, "card");
  await page.locator("dialog header .close").click();
  await iAm(page, "denis_demo");
  await openCard(page, "Кефир FM");
  await page.getByRole("button", { name: "For admins" }).waitFor();
  await page.context().close();
});

test("what is kept is seen at once: shared by everybody, private by its owner alone", async () => {
  const page = await open();
  await iAm(page, "maria_demo");
  await openCard(page, "Радио Чайник");
  await section(page).getByText("mine 0, ours 0").waitFor();
  const other = await open();
  await iAm(other, "olga_demo");
  await openCard(other, "Радио Чайник");
  await section(other).getByText("mine 0, ours 0").waitFor();
  await section(page).getByRole("button", { name: "More" }).click();
  await section(page).getByText("mine 1, ours 1").waitFor();
  await section(other).getByText("mine 0, ours 1").waitFor();
  await section(page).getByRole("button", { name: "Choose" }).click();
  await popup(page).getByRole("button", { name: "Count" }).click();
  await section(other).getByText("mine 0, ours 40").waitFor();
  // The frame is opened anew for whoever one is now.
  await popup(page).locator(".close").last().click();
  await page.locator("dialog header .close").click();
  await page.locator("dialog").waitFor({ state: "detached" });
  await iAm(page, "denis_demo");
  await openCard(page, "Радио Чайник");
  await section(page).getByText("mine 0, ours 40").waitFor();
  await section(page).getByText("Денис").waitFor();
  await page.context().close();
  await other.context().close();
});

test("limits and lists of fields are Trello's", async () => {
  const page = await open();
  await openCard(page, "Кефир FM");
  await section(page).getByText("Кефир FM").waitFor();
  const refused = (run) => inSection(page, run);
  const long = await refused(() => window.asked.set("card", "shared", "long", "x".repeat(4096)).then(() => "kept", (error) => error.message));
  assert.match(long, /4096 characters/);
  const field = await refused(() => window.asked.card("name", "secret").then(() => "told", (error) => error.message));
  assert.match(field, /Invalid field "secret"/);
  const loud = await refused(() => window.asked.alert({ message: "x".repeat(141) }).then(() => "said", (error) => error.message));
  assert.match(loud, /140/);
  const lists = await refused(() => window.asked.lists("name", "cards").then((all) => all.every((one) => Array.isArray(one.cards) && !("id" in one))));
  assert.ok(lists);
  const other = await refused(() => window.asked.set("5f0000000000000000000000", "shared", "a", 1).then(() => "kept", (error) => error.code));
  assert.equal(other, "invalid context");
  await page.context().close();
});

test("the token says who looks at which card, is signed by the second key, and Trello's own stays outside", async () => {
  const page = await open();
  await iAm(page, "ilya_demo");
  await openCard(page, "Кефир FM");
  await section(page).getByText("Илья").waitFor();
  const token = await inSection(page, () => window.asked.jwt({ state: "s", includeCard: true }));
  const [head, body, signature] = token.split(".");
  const { keys } = await (await fetch(`${trello.api}/resource/jwt-public-keys`)).json();
  const holds = keys.map((key) => verify("RSA-SHA256", Buffer.from(`${head}.${body}`), createPublicKey(key), Buffer.from(signature, "base64url")));
  assert.deepEqual(holds, [false, true]);
  const claims = JSON.parse(Buffer.from(body, "base64url"));
  const world = await (await fetch(`${trello.url}/sandbox/who`)).json();
  const ilya = world.members.find((one) => one.username === "ilya_demo");
  assert.equal(claims.idMember, ilya.id);
  assert.equal(claims.idPlugin, PLUGIN);
  assert.equal(claims.idBoard, trello.board);
  assert.equal(claims.idCard, await tile(page, "Кефир FM").getAttribute("data-id"));
  assert.equal(claims.exp - claims.iat, 900);
  const [heard, at] = await inSection(page, () => [window.heard.join(""), location.href]);
  assert.ok(heard.includes('"type":"bulk"'), "the frame does hear the host");
  for (const { token: own } of world.members) assert.ok(!`${heard}${at}`.includes(own), "no frame is ever told a person's token");
  await page.context().close();
});

test("popups lead on, back and away, by keyboard too", async () => {
  const page = await open();
  await openCard(page, "Кефир FM");
  const button = page.getByRole("button", { name: "Move on" });
  await button.focus();
  await page.keyboard.press("Enter");
  await inPopup(page).getByText("about a card").waitFor();
  await shot(page, "popup");
  await inPopup(page).getByRole("button", { name: "Next" }).click();
  await inPopup(page).getByText("about what follows").waitFor();
  await inPopup(page).getByRole("button", { name: "Back" }).click();
  await inPopup(page).getByText("about a card").waitFor();
  await inPopup(page).getByRole("button", { name: "Shut" }).click();
  await popup(page).waitFor({ state: "detached" });
  assert.ok(await button.evaluate((one) => one === document.activeElement), "the keyboard is where it was");
  await page.locator(".pu-details button", { hasText: "2 days" }).click();
  await popup(page).getByText("Shall it go on?").waitFor();
  await page.keyboard.press("Escape");
  await popup(page).waitFor({ state: "detached" });
  assert.ok(await page.locator("dialog").isVisible(), "the card is still open");
  await page.context().close();
});

test("a list's action asks, and its answer is an alert", async () => {
  const page = await open();
  const list = page.locator('.list[data-list="Договор"]');
  await list.getByRole("button", { name: "Действия с колонкой" }).click();
  await page.getByRole("menuitem", { name: "Explain this stage" }).click();
  await popup(page).getByPlaceholder("Search").fill("say");
  assert.equal(await popup(page).locator("li").count(), 1);
  await popup(page).getByRole("button", { name: "Say it" }).click();
  await page.locator(".pu-alert.success", { hasText: "Said by a list action" }).waitFor();
  await shot(page, "alert");
  await popup(page).getByPlaceholder("Search").fill("");
  await popup(page).getByRole("button", { name: "Explain" }).click();
  await inPopup(page).getByText(/^about [0-9a-f]{24}$/).waitFor();
  await page.context().close();
});

test("the board's button opens a modal, which can grow and lead to a card; and a bar stands below", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Bar" }).click();
  await page.frameLocator(".pu-bar iframe").getByText("Договор:").waitFor();
  await page.getByRole("button", { name: "Who has the ball" }).click();
  const modal = page.frameLocator(".pu-modal iframe");
  await modal.getByText("Договор:").waitFor();
  await shot(page, "modal");
  await page.locator(".pu-modal").getByRole("button", { name: "Help" }).click();
  await page.locator(".pu-modal .pu-alert", { hasText: "Help" }).waitFor();
  await modal.getByRole("button", { name: "Wide" }).click();
  await page.locator(".pu-modal.fullscreen h2", { hasText: "The ball, wide" }).waitFor();
  await modal.getByRole("button", { name: "Open a card" }).click();
  await page.locator(".pu-modal").waitFor({ state: "detached" });
  await section(page).locator("#told").waitFor();
  await page.context().close();
});

test("switched off nothing of it is left, switched on it says welcome, and has settings", async () => {
  const page = await open();
  await tile(page, "Кефир FM").locator(".pu-badge").first().waitFor();
  const menu = async (choice) => {
    await page.getByRole("button", { name: "Compass" }).click();
    await page.getByRole("menuitem", { name: choice, exact: true }).click();
  };
  await menu("Настройки");
  await inPopup(page).getByText("about settings").waitFor();
  await page.locator(".pu-popup .close").last().click();
  await menu("Выключить");
  await page.locator("iframe").waitFor({ state: "detached" });
  assert.equal(await page.locator(".pu-badge").count(), 0);
  await page.reload();
  await page.locator(".tile").first().waitFor();
  assert.equal(await page.locator("iframe").count(), 0, "it stays off");
  await menu("Включить");
  await page.locator(".pu-modal h2", { hasText: "Welcome" }).waitFor();
  await page.context().close();
});

test("on a phone everything is in reach", async () => {
  const page = await open({ viewport: { width: 390, height: 800 }, hasTouch: true });
  await shot(page, "phone");
  await openCard(page, "Радио Чайник");
  await page.getByRole("button", { name: "Move on" }).click();
  await inPopup(page).getByText("about a card").waitFor();
  await shot(page, "phone-card");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  await page.context().close();
});

test("light and dark reach the frames that are open", async () => {
  const page = await open({ colorScheme: "dark" });
  assert.equal(await tile(page, "Кефир FM").locator(".pu-badge").first().textContent(), "dark");
  await openCard(page, "Кефир FM");
  await section(page).getByText(/^dark #/).waitFor();
  await shot(page, "card-dark");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Bar" }).click();
  await page.frameLocator(".pu-bar iframe").locator('html[data-color-mode="dark"]').waitFor();
  await page.getByRole("button", { name: "Светлая" }).click();
  await page.frameLocator(".pu-bar iframe").locator('html[data-color-mode="light"]').waitFor();
  await openCard(page, "Кефир FM");
  await section(page).getByText(/^light #/).waitFor();
  await page.context().close();
});

test("on a phone one says who one is, and comes back with a token that reads and then is gone", async () => {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 800 } })).newPage();
  const wish = { response_type: "token", key: trello.key, scope: "read", expiration: "1hour", name: "Card page", return_url: `${powerup.url}/page.css`, callback_method: "fragment" };
  const ask = (other = {}) => page.goto(`${trello.api}/authorize?${new URLSearchParams({ ...wish, ...other })}`);
  assert.equal((await ask({ return_url: "https://elsewhere.example/" })).status(), 400);
  await ask();
  await shot(page, "authorize");
  await page.getByRole("button", { name: "Отказать" }).click();
  await page.waitForURL(/#error=/);
  await ask();
  await page.getByLabel("Мария").check();
  await page.getByRole("button", { name: "Разрешить" }).click();
  await page.waitForURL(/#token=/);
  const token = new URL(page.url()).hash.slice("#token=".length);
  const call = (verb, path) => fetch(`${trello.api}/${path}${path.includes("?") ? "&" : "?"}key=${trello.key}&token=${token}`, { method: verb });
  const me = await (await call("GET", `tokens/${token}/member`)).json();
  assert.equal(me.username, "maria_demo");
  assert.equal((await call("POST", `boards/${trello.board}/labels?name=x&color=red`)).status, 401, "it cannot write");
  assert.equal((await call("DELETE", `tokens/${token}`)).status, 200);
  assert.equal((await call("GET", "members/me")).status, 401, "it is gone");
  await page.context().close();
});
