// What is printed, and what the practice board has beside it: a client's file and the page of figures as
// they open inside Trello, the clock that is set forward, the mails that were sent.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { sound } from "./axe.mjs";
import { play, shot } from "./demo.mjs";
import { frameOf, modal, openBoard, openCard } from "./hands.mjs";

let demo;
before(async () => (demo = await play()));
after(() => demo?.stop());

/** A page on which a broken promise of its policy fails the test. */
async function strict(as) {
  const page = await demo.open({ as });
  page.on("console", (message) => assert.ok(!/Content Security Policy/.test(message.text()), message.text()));
  return page;
}

test("a client's file opens from the card, is printed and kept", async () => {
  const page = await strict("maria_demo");
  const card = await openCard(page, "Кефир FM");
  const id = await page.locator('.tile[data-card="Кефир FM"]').getAttribute("data-id");
  await demo.api("maria_demo", "POST", `cards/${id}/actions/comments`, { text: "/заметка договорились старт 1 декабря" });
  await card.getByText("договорились: старт 1 декабря").waitFor();
  await card.getByRole("button", { name: "Дело клиента" }).click();
  const file = modal(page);
  await file.getByRole("heading", { level: 1, name: "Кефир FM" }).waitFor();
  await file.getByText("старт 1 декабря", { exact: true }).waitFor();
  await file.getByRole("heading", { name: "Этапы" }).waitFor();
  assert.equal(await file.locator("[style], script:not([src])").count(), 0);
  await shot(page, "file");
  const frame = await frameOf(page, ".pu-modal");
  await sound(frame, "file");
  await frame.evaluate(() => (window.print = () => (window.printed = true)));
  await file.getByRole("button", { name: "Напечатать" }).click();
  assert.ok(await frame.evaluate(() => window.printed));
  const [kept] = await Promise.all([page.waitForEvent("download"), file.getByRole("button", { name: "Сохранить страницу" }).click()]);
  assert.equal(kept.suggestedFilename(), "Кефир FM.html");
  const text = await readFile(await kept.path(), "utf8");
  const alone = await demo.browser.newPage();
  alone.on("console", (message) => assert.fail(message.text()));
  await alone.setContent(text);
  await alone.getByText("старт 1 декабря", { exact: true }).waitFor();
  const white = await alone.locator("main").evaluate((main) => getComputedStyle(main).backgroundColor);
  assert.equal(white, "rgb(255, 255, 255)", "its style is let in by its own policy");
  await shot(alone, "file-alone");
  await alone.close();
  await page.context().close();
});

test("the figures open as a page to print, each with a picture or a table", async () => {
  const page = await strict("denis_demo");
  await demo.passes(7 * 24 * 60);
  const board = await openBoard(page);
  await board.getByText(/Задержка стоила/).first().waitFor();
  await shot(page, "board-cost");
  await board.getByRole("tab", { name: "Цифры" }).click();
  await board.getByRole("button", { name: "Страница для печати" }).click();
  const report = modal(page);
  await report.getByRole("heading", { name: "Цена задержки" }).waitFor();
  assert.ok((await report.locator("svg[role=img]").count()) > 0);
  const frame = await frameOf(page, ".pu-modal");
  await sound(frame, "report");
  await shot(page, "report");
  await page.context().close();
});

/** Sends one mail as a mail server does, line by line. */
async function mail(smtp, lines) {
  const { hostname, port } = new URL(smtp);
  const socket = connect(Number(port), hostname);
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  await answers.next();
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    const { value } = await answers.next();
    assert.match(value, /^[23]/, line);
  }
  socket.end();
}

test("the clock is set forward by a button, and the reminder shows in the mail window", async () => {
  const page = await strict("maria_demo");
  const clock = page.getByRole("button", { name: /Часы доски/ });
  const before = await clock.textContent();
  await clock.click();
  await page.getByRole("menuitem", { name: "Следующее рабочее утро" }).click();
  await page.waitForFunction((was) => document.querySelector(".top")?.textContent?.includes("10:01") && was, before);
  const { smtp } = await (await fetch(`${demo.url}/sandbox/mails`)).json();
  const letter = ["From: Signalman <s@ether.example>", "Subject: =?utf-8?B?0JrQtdGE0LjRgA==?=", "Content-Type: text/plain; charset=utf-8", "", "<b>Ваш ход</b>", "."];
  await mail(smtp, ["HELO me", "MAIL FROM:<s@ether.example>", "RCPT TO:<maria@ether.example>", "DATA", letter.join("\r\n"), "QUIT"]);
  await page.getByRole("button", { name: /^Почта, писем: \d+$/ }).click();
  const post = page.locator("dialog.mails");
  await post.getByText("придут в течение минуты и появятся здесь сами").waitFor();
  // What Signalman writes as time runs out, and what it writes in the morning.
  await post.getByText(/Что мешает\? \/ждём, если ждёте клиента/).first().waitFor();
  await post.getByRole("heading", { name: /^Доска утром/ }).first().waitFor();
  await post.getByRole("heading", { name: "Кефир", exact: true }).waitFor();
  await post.getByText("<b>Ваш ход</b>").waitFor();
  await shot(page, "mails");
  await page.context().close();
});
