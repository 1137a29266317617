// What the Power-Up shows beside the card's section: the board's page, popups, badges.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { play, shot } from "./demo.mjs";
import { frameOf, list, modal, openBoard, openCard, popup, section, shutCard, stands, tile, way } from "./hands.mjs";

let demo;
before(async () => (demo = await play()));
after(() => demo?.stop());

const row = (board, name) => board.locator(".card-row", { hasText: name });
const fragment = async (page) => {
  const frame = await frameOf(page, ".pu-modal");
  const told = await frame.evaluate(() => JSON.parse(decodeURIComponent(location.hash.slice(1))));
  return new URLSearchParams(told.filters);
};
const listId = async (name) => (await demo.api("maria_demo", "GET", `boards/${demo.world.boards[0].id}/lists`)).find((one) => one.name === name).id;

test("the board's page shows the ball moving while others move cards", async () => {
  const page = await demo.open({ as: "denis_demo" });
  const id = await tile(page, "Радио Чайник").getAttribute("data-id");
  const board = await openBoard(page);
  await row(board, "Радио Чайник").getByText("Новый запрос").waitFor();
  await row(board, "Радио Чайник").getByText("Технический контакт").waitFor();
  await shot(page, "board-people");
  const frame = await frameOf(page, ".pu-modal");
  await frame.evaluate(() => (window.neverLoadedAnew = true));
  const { desc } = await demo.api("maria_demo", "GET", `cards/${id}`);
  const filled = desc.replace(/^Технический контакт:.*$/m, "Технический контакт: Зоя").replace(/^Телефон контакта:.*$/m, "Телефон контакта: +7 495 000-00-17");
  await demo.api("maria_demo", "PUT", `cards/${id}`, { desc: filled });
  await row(board, "Радио Чайник").getByText("Технический контакт").waitFor({ state: "detached" });
  await demo.api("maria_demo", "PUT", `cards/${id}`, { idList: await listId("Сбор данных") });
  await row(board, "Радио Чайник").getByText("Сбор данных").waitFor();
  await demo.api("olga_demo", "PUT", `cards/${await idOf(page, "Полуночный Трамвай")}`, { idList: await listId("Подключение") });
  await row(board, "Полуночный Трамвай").getByText(/возвращена/).waitFor();
  await board.getByRole("tab", { name: "Что стоит" }).click();
  await row(board, "Полуночный Трамвай").waitFor();
  await shot(page, "board-stuck");
  assert.ok(await frame.evaluate(() => window.neverLoadedAnew), "the page followed without being loaded anew");
  await page.context().close();
});

const idOf = (page, name) => tile(page, name).getAttribute("data-id");

test("filters live in the fragment, tabs by arrows, and what is shown can be taken along as CSV", async () => {
  const page = await demo.open({ as: "maria_demo" });
  const board = await openBoard(page);
  await board.getByRole("searchbox", { name: "Найти карточку" }).fill("будильник");
  await board.getByText("1 карточка", { exact: true }).waitFor();
  assert.equal((await fragment(page)).get("q"), "будильник");
  await board.getByRole("combobox", { name: "Этап" }).selectOption({ label: "Договор" });
  await board.getByText("Таких карточек нет.").waitFor();
  await board.getByRole("button", { name: "Сбросить фильтры" }).click();
  await board.getByText("8 карточек").waitFor();
  assert.equal((await fragment(page)).toString(), "");
  await board.getByRole("combobox", { name: "Человек" }).selectOption({ label: "Ольга (бухгалтер)" });
  await row(board, "Бумажный Кит").waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), board.getByRole("button", { name: "Выгрузить CSV" }).click()]);
  assert.match(file.suggestedFilename(), /^Подключение станций \d{4}-\d\d-\d\d\.csv$/);
  const [head, ...lines] = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  assert.match(head, /^\ufeff?Карточка;Этап;/);
  assert.ok(lines.some((line) => line.startsWith("Бумажный Кит;Регистрация в учёте;")), lines.join("\n"));
  assert.ok(!lines.some((line) => line.startsWith("Кефир FM")), "only what is shown");
  const tab = board.getByRole("tab", { name: "У кого мяч" });
  await tab.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await board.getByRole("tab", { name: "Этапы", selected: true }).waitFor();
  assert.equal((await fragment(page)).get("view"), "stages");
  await shot(page, "board-stages");
  await board.getByRole("button", { name: "Договор", exact: true }).click();
  await row(board, "Кефир FM").waitFor({ state: "detached" });
  await board.getByRole("button", { name: "Сбросить фильтры" }).click();
  await row(board, "Кефир FM").getByRole("link").click();
  await page.locator(".pu-modal").waitFor({ state: "detached" });
  await section(page).locator("main.card").waitFor();
  await page.context().close();
});

test("a list's action tells a newcomer what the stage is for and what it needs", async () => {
  const page = await demo.open({ as: "gleb_demo" });
  await list(page, "Подключение").getByRole("button", { name: "Действия с колонкой" }).click();
  await page.getByRole("menuitem", { name: "Что это за этап" }).click();
  const stage = popup(page);
  await stage.getByRole("heading", { name: "Подключение" }).waitFor();
  for (const told of ["Инженер поднимает вещание", "инженер", "менеджер", "Договор подписан обеими сторонами", "2 дн."]) await stage.getByText(told).first().waitFor();
  await shot(page, "stage");
  await page.context().close();
});

test("the popup «Перевести дальше» says what is missing, or moves and goes away", async () => {
  const page = await demo.open({ as: "maria_demo" });
  await demo.api("olga_demo", "GET", `boards/${demo.world.boards[0].id}/cards`);
  await openCard(page, "Зелёный Валенок");
  const open = () => page.getByRole("button", { name: "Перевести дальше" }).click();
  await open();
  await popup(page).getByText("Первый платёж пришёл").waitFor();
  assert.equal(await way(popup(page), "Подключение").getAttribute("aria-disabled"), "true");
  await shot(page, "move");
  await page.keyboard.press("Escape");
  const lists = await demo.api("olga_demo", "GET", `cards/${await idOf(page, "Зелёный Валенок")}/checklists`);
  const item = lists.flatMap((one) => one.checkItems).find((one) => one.name === "Первый платёж пришёл");
  await demo.api("olga_demo", "PUT", `cards/${await idOf(page, "Зелёный Валенок")}/checkItem/${item.id}`, { state: "complete" });
  await section(page).getByText("Для «Подключение» всё готово.").waitFor();
  await open();
  await way(popup(page), "Подключение").click();
  await page.locator(".pu-popup").waitFor({ state: "detached" });
  await section(page).locator('[aria-current="step"]', { hasText: "Подключение" }).waitFor();
  await shutCard(page);
  await stands(page, "Зелёный Валенок", "Подключение");
  await page.context().close();
});

test("badges are quiet until something is late, was refused lately, or can go on", async () => {
  const page = await demo.open({ as: "ilya_demo" });
  // Trello asks for a badge again after half a minute, so one that came too early is right by then.
  const badge = (name, text) => tile(page, name).locator(".pu-badge", { hasText: text }).waitFor({ timeout: 40_000 });
  const target = list(page, "Регистрация в учёте");
  await target.scrollIntoViewIfNeeded();
  await tile(page, "Запасной Аэродром").dragTo(target.locator(".tile").first());
  await page.locator(".toast", { hasText: "Запасной Аэродром" }).filter({ hasText: "вернулась" }).waitFor();
  await page.reload();
  await badge("Запасной Аэродром", /не хватает \d+ пункт/);
  assert.equal(await tile(page, "Кефир FM").locator(".pu-badge").count(), 0, "nothing is the matter with it");
  const id = await idOf(page, "Кефир FM");
  const { desc } = await demo.api("maria_demo", "GET", `cards/${id}`);
  const today = new Date().toISOString().slice(0, 10);
  await demo.api("maria_demo", "PUT", `cards/${id}`, { desc: desc.replace(/^Номер договора:.*$/m, "Номер договора: 2026-052").replace(/^Дата договора:.*$/m, `Дата договора: ${today}`) });
  await openCard(page, "Кефир FM");
  await section(page).locator("#why-invoice", { hasText: "Переводит менеджер." }).waitFor();
  await shutCard(page);
  await demo.passes(7 * 24 * 60);
  await page.reload();
  await badge("Кефир FM", "можно дальше");
  await badge("Тихий Будильник", "дольше срока на");
  await shot(page, "badges");
  await openCard(page, "Тихий Будильник");
  await section(page).locator(".time.late", { hasText: "дольше срока на" }).waitFor();
  const detail = page.locator(".pu-details");
  await detail.locator("dt", { hasText: "Время на этапе" }).waitFor();
  await detail.getByRole("button", { name: "дольше срока на" }).click();
  await popup(page).locator("main").waitFor();
  await shot(page, "detail");
  await page.context().close();
});
