// The board page in a browser, against the whole demo: what a newcomer does in the first two minutes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { play, shot } from "./demo.mjs";
import { iAm, list, stands, tile } from "./hands.mjs";

let demo;
before(async () => (demo = await play()));
after(() => demo?.stop());

const open = (options) => demo.open(options);
/** By keyboard alone, from the button that opens the menu. */
const chooses = async (page, choice) => {
  await page.keyboard.press("Enter");
  const item = page.getByRole("menuitem", { name: choice, exact: true });
  const all = await page.getByRole("menuitem").allTextContents();
  for (let step = 0; step < all.indexOf(choice); step++) await page.keyboard.press("ArrowDown");
  assert.ok(await item.evaluate((one) => one === document.activeElement), `the arrows lead to ${choice}`);
  await page.keyboard.press("Enter");
};
/** Waits until the keyboard is on the name of that card, and nowhere else. */
const onCard = (page, name) =>
  page.waitForFunction((card) => document.activeElement?.closest(".tile")?.dataset.card === card && document.activeElement.matches(".name"), name);
/** What somebody else does meanwhile, through Trello's API. */
const meanwhile = (username, path, wish) => demo.api(username, "PUT", path, wish);

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
  await tile(page, "Зелёный Валенок").locator(".name").focus();
  await page.keyboard.press("Tab");
  await chooses(page, "Подключение");
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

test("the keyboard moves a card only when a list is chosen, and stays on the card", async () => {
  const page = await open();
  await iAm(page, "gleb_demo");
  const name = tile(page, "Полуночный Трамвай").locator(".name");
  await name.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Перевести «Полуночный Трамвай» в…");
  assert.equal(await list(page, "Сбор данных").locator(".tile").count(), 1, "looking into the menu moves nothing");
  await chooses(page, "Активный клиент");
  await page.locator(".toast", { hasText: "Полуночный Трамвай" }).filter({ hasText: "вернулась в колонку «Сбор данных»" }).waitFor();
  await stands(page, "Полуночный Трамвай", "Сбор данных");
  await onCard(page, "Полуночный Трамвай");
  await page.keyboard.press("ArrowLeft");
  await onCard(page, "Радио Чайник");
  await page.context().close();
});

test("what was begun is kept when the card is closed, and Escape in a form leaves the form alone", async () => {
  const page = await open();
  await iAm(page, "maria_demo");
  const dialog = page.locator("dialog");
  await tile(page, "Радио Чайник").locator(".name").click();
  await page.getByPlaceholder("Комментарий или команда").fill("Перезвонить в среду");
  await page.getByRole("button", { name: "Приложить ссылку" }).click();
  await dialog.getByLabel("Название", { exact: true }).fill("Их сайт");
  await page.keyboard.press("Escape");
  await dialog.getByLabel("Название", { exact: true }).waitFor({ state: "detached" });
  assert.ok(await dialog.isVisible(), "the card is still open");
  await dialog.getByRole("button", { name: "Изменить" }).click();
  await dialog.getByLabel("Описание").fill("Набросок описания");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await onCard(page, "Радио Чайник");
  await tile(page, "Радио Чайник").getByText("черновик").waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await dialog.getByLabel("Описание").inputValue(), "Набросок описания");
  assert.equal(await page.getByPlaceholder("Комментарий или команда").inputValue(), "Перезвонить в среду");
  assert.equal(await dialog.getByLabel("Название", { exact: true }).inputValue(), "Их сайт");
  await shot(page, "drafts");
  await page.context().close();
});

test("two people change one description: both are kept, and one line changed by both is asked about", async () => {
  const page = await open();
  await iAm(page, "maria_demo");
  const id = await tile(page, "Радио Чайник").getAttribute("data-id");
  const dialog = page.locator("dialog");
  const text = dialog.locator(".text").first();
  await tile(page, "Радио Чайник").locator(".name").click();
  await dialog.getByRole("button", { name: "Изменить" }).click();
  const field = dialog.getByLabel("Описание");
  const before = await field.inputValue();
  const filled = (from, line, value) => from.replace(`${line}:`, `${line}: ${value}`);
  await field.fill(filled(before, "Технический контакт", "Зоя"));
  const theirs = filled(before, "Телефон контакта", "+7 495 000-00-17");
  await meanwhile("olga_demo", `cards/${id}`, { desc: theirs });
  await dialog.locator(".note").waitFor();
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await text.getByText("Телефон контакта: +7 495 000-00-17").waitFor();
  await text.getByText("Технический контакт: Зоя").waitFor();

  await dialog.getByRole("button", { name: "Изменить" }).click();
  const now = await field.inputValue();
  await field.fill(filled(now, "Кодек", "MP3"));
  await meanwhile("olga_demo", `cards/${id}`, { desc: filled(now, "Кодек", "Opus") });
  await dialog.locator(".note").waitFor();
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await dialog.locator(".conflict").getByText("Кодек: Opus").waitFor();
  await shot(page, "conflict");
  await dialog.getByRole("button", { name: "Сохранить моё" }).click();
  await text.getByText("Кодек: MP3").waitFor();
  await page.context().close();
});

test("an explanation out of sight is told on the opened card, and leads to the comment", async () => {
  const page = await open({ viewport: { width: 390, height: 800 } });
  await iAm(page, "gleb_demo");
  await tile(page, "Бумажный Кит").locator(".name").click();
  await page.getByLabel("Общий список заказчиков: строка станции").click();
  // The service may edit what it said a moment ago about another tick: that is told as well.
  const toast = page.locator("dialog [aria-live] .toast", { hasText: "@gleb_demo" });
  await toast.waitFor();
  await shot(page, "phone-toast");
  await toast.getByRole("button", { name: "Показать комментарий" }).click();
  await page.waitForFunction(() => {
    const said = document.activeElement;
    const box = said.getBoundingClientRect();
    return said.matches("[data-said]") && box.top >= 0 && box.top < innerHeight / 2;
  });
  await page.context().close();
});

test("a card put into the archive can be brought back", async () => {
  const page = await open();
  await iAm(page, "maria_demo");
  await tile(page, "Радио Чайник").locator(".name").click();
  await page.getByRole("button", { name: "В архив" }).click();
  await page.locator(".toast", { hasText: "в архиве" }).waitFor();
  await tile(page, "Радио Чайник").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Архив", exact: true }).click();
  await page.getByRole("button", { name: "Вернуть «Радио Чайник»" }).click();
  await page.keyboard.press("Escape");
  await stands(page, "Радио Чайник", "Новый запрос");
  await page.context().close();
});

test("language and clock are the board's, not the browser's", async () => {
  const page = await open({ locale: "en-US", timezoneId: "Asia/Tokyo" });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ru");
  await page.getByText("Я сейчас").waitFor();
  assert.equal(await page.locator(".me option", { hasText: "Signalman" }).count(), 0, "the bot is nobody to be");
  await tile(page, "Тёплый Подвал").locator(".name").click();
  const time = page.locator("dialog time").last();
  const moscow = await time.evaluate((one) => {
    const parts = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Moscow" };
    return new Intl.DateTimeFormat("ru-RU", parts).format(new Date(one.dateTime));
  });
  assert.match(await time.textContent(), new RegExp(`, ${moscow}$`));
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
