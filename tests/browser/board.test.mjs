// The board page in a browser, against the whole demo: what a newcomer does in the first two minutes.
// SIGNALMAN names the program, CHROMIUM the browser, SHOTS a folder for screenshots.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const program = process.env.SIGNALMAN ?? "../../target/release/signalman";
const shots = process.env.SHOTS;
let demo, browser, url;

before(async () => {
  demo = spawn(program, ["demo", "--listen", "127.0.0.1:0", "--lang", "ru"], { stdio: ["ignore", "pipe", "inherit"] });
  url = await new Promise((found, failed) => {
    let told = "";
    demo.stdout.on("data", (part) => {
      told += part;
      const hit = told.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (hit) found(hit[0]);
    });
    demo.on("exit", (code) => failed(new Error(`the demo ended with ${code}: ${told}`)));
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  demo?.kill("SIGTERM");
});

async function open(options = {}) {
  const context = await browser.newContext({ locale: "ru-RU", viewport: { width: 1500, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on("pageerror", (error) => assert.fail(error));
  await page.goto(url);
  await page.locator(".tile").first().waitFor();
  return page;
}

const iAm = (page, username) => page.locator(".me select").selectOption(username);
const list = (page, name) => page.locator(`.list[data-list="${name}"]`);
const tile = (page, name) => page.locator(`.tile[data-card="${name}"]`);
const stands = (page, card, where) => list(page, where).locator(`.tile[data-card="${card}"]`).waitFor();
const shot = async (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png` });

test("the engineer drags a station too early: it goes back and a comment says what is missing", async () => {
  const page = await open();
  await iAm(page, "ilya_demo");
  await stands(page, "Кефир FM", "Договор");
  await shot(page, "board");
  const target = list(page, "Подключение");
  await target.scrollIntoViewIfNeeded();
  await tile(page, "Кефир FM").dragTo(target.locator(".tile").first());
  await page.locator(".toast", { hasText: "карточка вернулась в колонку «Договор»" }).waitFor();
  await stands(page, "Кефир FM", "Договор");
  await shot(page, "returned");
  await page.locator(".toast button", { hasText: "Открыть" }).click();
  const said = page.locator("dialog .said").first();
  for (const part of ["Номер договора", "Первый платёж пришёл", "@maria_demo", "Договор подписан обеими сторонами"]) {
    await said.getByText(part).first().waitFor();
  }
  await shot(page, "comment");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.context().close();
});

test("the accountant ticks, the manager moves by keyboard: the station stays and is prepared", async () => {
  const page = await open();
  await iAm(page, "olga_demo");
  await tile(page, "Зелёный Валенок").locator(".name").click();
  await page.getByLabel("Первый платёж пришёл").check();
  await page.keyboard.press("Escape");
  await iAm(page, "maria_demo");
  const menu = tile(page, "Зелёный Валенок").locator("select.move");
  await menu.focus();
  await menu.selectOption({ label: "Подключение" });
  await stands(page, "Зелёный Валенок", "Подключение");
  await tile(page, "Зелёный Валенок").locator(".name").click();
  await page.getByLabel("Мониторинг и оповещение об обрыве включены").waitFor();
  await page.locator("dialog .said", { hasText: "ваш ход: «Подключение»" }).waitFor();
  await shot(page, "prepared");
  await page.context().close();
});

test("somebody else's tick is taken off before one's eyes, and a comment arrives live", async () => {
  const page = await open();
  await iAm(page, "egor_demo");
  await tile(page, "Бумажный Кит").locator(".name").click();
  const box = page.getByLabel("CRM: контакт и организация, «активный»");
  await box.click();
  await page.locator("dialog .said", { hasText: "снята: её ставит Ольга (бухгалтер)" }).waitFor();
  await page.waitForFunction((one) => !one.checked, await box.elementHandle());
  await page.getByPlaceholder("Комментарий или команда").fill("/почему");
  await page.getByRole("button", { name: "Отправить" }).click();
  await page.locator("dialog .said", { hasText: "/почему" }).first().waitFor();
  await shot(page, "tick");
  await page.context().close();
});

test("the page fits a phone and the dark", async () => {
  const page = await open({ viewport: { width: 390, height: 800 }, colorScheme: "dark", hasTouch: true });
  await shot(page, "phone");
  await tile(page, "Радио Чайник").locator(".name").click();
  await page.getByText("Хотим в интернет, сколько стоит?").waitFor();
  await shot(page, "phone-card");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, "the page is no wider than the screen");
  await page.context().close();
});
