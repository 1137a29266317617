// The process where people work: the Power-Up's section on a card, against the whole demo.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { play, shot } from "./demo.mjs";
import { finding, frameOf, iAm, openCard, said, section, shutCard, stands, tile, way } from "./hands.mjs";

let demo;
before(async () => (demo = await play()));
after(() => demo?.stop());

const idOf = (page, name) => tile(page, name).getAttribute("data-id");
const listOf = async (id) => (await demo.api("maria_demo", "GET", `cards/${id}/list`)).name;

test("the engineer sees what is missing and whose turn it is, and cannot move the card by any means of the page", async () => {
  const page = await demo.open({ as: "ilya_demo" });
  const id = await idOf(page, "Кефир FM");
  const card = await openCard(page, "Кефир FM");
  await card.locator('[aria-current="step"]', { hasText: "Договор" }).waitFor();
  await card.locator(".turn", { hasText: "Чей ход" }).getByText("Мария (менеджер)").waitFor();
  for (const missing of ["Номер договора", "Дата договора"]) await finding(card, missing).waitFor();
  const button = way(card, "Счёт и оплата");
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  const why = await button.evaluate((one) => document.getElementById(one.getAttribute("aria-describedby")).textContent);
  assert.match(why, /Переводит менеджер; не хватает: 2 пункта/);
  await shot(page, "engineer");

  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await button.click({ force: true });
  await button.press("Enter");
  await button.evaluate((one) => {
    one.setAttribute("aria-disabled", "false");
    one.click();
  });
  assert.deepEqual(sent, [], "the page itself asks for nothing");

  const frame = await frameOf(page, ".pu-section");
  const forged = await frame.evaluate(async () => {
    const t = window.TrelloPowerUp.iframe({ targetOrigin: document.documentElement.dataset.host });
    const { board, card } = t.getContext();
    const headers = { Authorization: `Bearer ${await t.jwt({})}`, "Content-Type": "application/json" };
    const acts = [
      { act: "move", stage: "invoice" },
      { act: "move", stage: "active" },
      { act: "tick", item: "signed" },
    ];
    const answers = acts.map((act) => fetch(`/api/boards/${board}/cards/${card}/acts`, { method: "POST", headers, body: JSON.stringify(act) }));
    return Promise.all(answers.map(async (one) => [(await one).status, (await (await one).json()).error.code]));
  });
  assert.deepEqual(forged, [[422, "refused"], [422, "refused"], [403, "may_not"]]);
  assert.equal(await listOf(id), "Договор");
  assert.equal(await frame.evaluate(() => Object.keys(localStorage).length + document.cookie.length), 0, "nothing is kept in the frame");
  await page.context().close();
});

test("the manager fills number and date in the panel and moves the card by the button, in her name", async () => {
  const page = await demo.open({ as: "maria_demo" });
  const card = await openCard(page, "Кефир FM");
  await card.locator(".turn.yours", { hasText: "Ваш ход" }).waitFor();
  await card.getByLabel("Номер договора").fill("сорок один");
  await card.getByLabel("Дата договора").fill(new Date().toISOString().slice(0, 10));
  await card.getByRole("button", { name: "Сохранить 2 поля" }).click();
  const wrong = card.getByLabel("Номер договора");
  await card.locator(".wrong").waitFor();
  assert.equal(await wrong.getAttribute("aria-invalid"), "true");
  await shot(page, "manager-wrong");
  await wrong.fill("2026-052");
  await wrong.press("Enter");
  await card.getByText("Для «Счёт и оплата» всё готово.").waitFor();
  await shot(page, "manager-ready");
  await way(card, "Счёт и оплата").click();
  await card.locator('[aria-current="step"]', { hasText: "Счёт и оплата" }).waitFor();
  await said(page, "Внесено через Power-Up, Мария (менеджер)").filter({ hasText: "2026-052" }).waitFor();
  await said(page, "«Счёт и оплата» по просьбе: Мария (менеджер)").waitFor();
  await shot(page, "manager-moved");
  await shutCard(page);
  await stands(page, "Кефир FM", "Счёт и оплата");
  await page.context().close();
});

test("the accountant ticks the places that are hers; then the manager moves, and the director may not", async () => {
  const page = await demo.open({ as: "ilya_demo" });
  let card = await openCard(page, "Бумажный Кит");
  await finding(card, "CRM: контакт").getByText("Может: Ольга (бухгалтер)").waitFor();
  assert.equal(await card.getByRole("checkbox").count(), 0, "nothing here is the engineer's to tick");
  await shutCard(page);
  await iAm(page, "olga_demo");
  card = await openCard(page, "Бумажный Кит");
  for (const item of ["CRM: контакт и организация, «активный»", "Общий список заказчиков: строка станции", "Все пять мест проверены"]) {
    const box = card.getByRole("checkbox", { name: `Отметить «${item}»` });
    await box.click();
    await box.waitFor({ state: "detached" });
  }
  await card.getByText("Для «Активный клиент» всё готово.").waitFor();
  await shot(page, "accountant");
  await shutCard(page);

  await iAm(page, "denis_demo");
  card = await openCard(page, "Бумажный Кит");
  const shut = way(card, "Активный клиент");
  await shut.waitFor();
  assert.equal(await shut.getAttribute("aria-disabled"), "true");
  await card.locator("#why-active", { hasText: "Переводит бухгалтер или менеджер" }).waitFor();
  await shutCard(page);

  await iAm(page, "maria_demo");
  card = await openCard(page, "Бумажный Кит");
  await way(card, "Активный клиент").click();
  await card.locator('[aria-current="step"]', { hasText: "Активный клиент" }).waitFor();
  await shutCard(page);
  await stands(page, "Бумажный Кит", "Активный клиент");
  await page.context().close();
});

test("somebody who is asked is mentioned on the card, and asking again the same day says so", async () => {
  const page = await demo.open({ as: "ilya_demo" });
  let card = await openCard(page, "Зелёный Валенок");
  const ask = (frame) => frame.getByRole("button", { name: "Попросить: «Первый платёж пришёл»" });
  await ask(card).click();
  await card.getByRole("button", { name: "Просьба отправлена" }).waitFor();
  await said(page, "@olga_demo").filter({ hasText: "Илья (инженер) просит" }).waitFor();
  await shot(page, "asked");
  await shutCard(page);
  card = await openCard(page, "Зелёный Валенок");
  await ask(card).click();
  await card.getByText(/Сегодня об этом уже просили: .*Ольга.* Завтра/).waitFor();
  await shot(page, "asked-again");
  await page.context().close();
});

test("a decision opens to what was looked at and the rule of that time", async () => {
  const page = await demo.open({ as: "ilya_demo" });
  const id = await idOf(page, "Запасной Аэродром");
  const { id: to } = (await demo.api("ilya_demo", "GET", `boards/${demo.world.boards[0].id}/lists`)).find(({ name }) => name === "Регистрация в учёте");
  const card = await openCard(page, "Запасной Аэродром");
  await demo.api("ilya_demo", "PUT", `cards/${id}`, { idList: to });
  const refused = card.locator(".kind-refused").first();
  await refused.locator("summary").click();
  await refused.getByText("Что тогда было на карточке").waitFor();
  await refused.getByText("Клиент подтвердил: «слышу себя»").first().waitFor();
  await refused.locator("pre", { hasText: 'key = "register"' }).waitFor();
  await shot(page, "decision");
  await section(page).locator('[aria-current="step"]', { hasText: "Проверка и передача" }).waitFor();
  await page.context().close();
});
