// The Power-Up for everybody's eyes and hands: light and dark, two languages, a keyboard alone, a
// screen reader, a narrow window; and what stands there when the service is away.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound } from "./axe.mjs";
import { play, shot } from "./demo.mjs";
import { frameOf, list, modal, openBoard, openCard, popup, section, shutCard, tile } from "./hands.mjs";

let ru, en;
before(async () => ([ru, en] = await Promise.all([play("ru"), play("en")])));
after(() => Promise.all([ru?.stop(), en?.stop()]));

/** Every page of the Power-Up, opened one after the other. A page that comes is one more line here. */
const PAGES = {
  refused: async (page) => {
    // By hand it is dragged in other stories.
    const id = await tile(page, "Запасной Аэродром").getAttribute("data-id");
    const lists = await ru.api("maria_demo", "GET", `boards/${ru.world.boards[0].id}/lists`);
    const { id: to } = lists.find(({ name }) => name === "Активный клиент");
    await ru.api("maria_demo", "PUT", `cards/${id}`, { idList: to });
    const card = await openCard(page, "Запасной Аэродром");
    await card.locator(".kind-refused summary").first().click();
    await card.locator(".then pre").first().waitFor();
    return ".pu-section";
  },
  card: async (page) => {
    await shutCard(page);
    await openCard(page, "Кефир FM");
    const card = section(page);
    await card.locator("summary", { hasText: "Другие переходы" }).click();
    await card.locator("details.done > summary").first().click();
    return ".pu-section";
  },
  move: async (page) => {
    await page.getByRole("button", { name: "Перевести дальше" }).click();
    await popup(page).locator("main").waitFor();
    return ".pu-popup";
  },
  board: async (page) => {
    await page.keyboard.press("Escape");
    await shutCard(page);
    await openBoard(page);
    await modal(page).locator(".card-row").first().waitFor();
    return ".pu-modal";
  },
  stuck: async (page) => {
    await modal(page).getByRole("tab", { name: "Что стоит" }).click();
    return ".pu-modal";
  },
  stages: async (page) => {
    await modal(page).getByRole("tab", { name: "Этапы" }).click();
    await modal(page).locator("table").waitFor();
    return ".pu-modal";
  },
  figures: async (page) => {
    await modal(page).getByRole("tab", { name: "Цифры" }).click();
    await modal(page).locator(".loading").waitFor({ state: "detached" });
    return ".pu-modal";
  },
  stage: async (page) => {
    await page.locator(".pu-modal .close").last().click();
    await page.locator(".pu-modal").waitFor({ state: "detached" });
    await list(page, "Подключение").getByRole("button", { name: "Действия с колонкой" }).click();
    await page.getByRole("menuitem", { name: "Что это за этап" }).click();
    await popup(page).locator("main.stage h1").waitFor();
    return ".pu-popup";
  },
  settings: async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Power-Up" }).or(page.getByRole("button", { name: "Signalman" })).first().click();
    await page.getByRole("menuitem", { name: "Настройки" }).click();
    await modal(page).locator("main").waitFor();
    return ".pu-modal";
  },
};

for (const colorScheme of ["light", "dark"]) {
  test(`no page has anything to stumble on, ${colorScheme}`, async () => {
    const page = await ru.open({ as: "maria_demo", colorScheme });
    for (const [name, go] of Object.entries(PAGES)) {
      const frame = await frameOf(page, await go(page));
      assert.equal(await frame.evaluate(() => document.documentElement.dataset.colorMode), colorScheme);
      await shot(page, `${name}-${colorScheme}`);
      await sound(frame, `${name}, ${colorScheme}`);
    }
    await page.context().close();
  });
}

test("an English board is English throughout", async () => {
  const page = await en.open({ as: "ilya_demo" });
  const card = await openCard(page, "Kefir FM");
  await card.getByText("To go on to “Invoice").waitFor();
  await card.locator(".turn", { hasText: "Whose turn" }).getByText("Mary (manager)").waitFor();
  await shot(page, "card-en");
  const russian = (frame) => frame.evaluate(() => document.body.innerText.match(/[а-яё]+/gi)?.slice(0, 5) ?? []);
  assert.deepEqual(await russian(await frameOf(page, ".pu-section")), []);
  assert.equal(await (await frameOf(page, ".pu-section")).evaluate(() => document.documentElement.lang), "en");
  await shutCard(page);
  await openBoard(page, "Process");
  await modal(page).getByText("Paper Whale").first().waitFor();
  await shot(page, "board-en");
  assert.deepEqual(await russian(await frameOf(page, ".pu-modal")), []);
  await page.context().close();
});

/** What has the keyboard in the section: its role's tag and its name. */
const focused = async (page) => {
  const frame = await frameOf(page, ".pu-section");
  return frame.evaluate(() => {
    const one = document.activeElement;
    return one === document.body || !document.hasFocus() ? null : `${one.tagName.toLowerCase()} ${one.getAttribute("aria-label") ?? one.textContent.trim()}`;
  });
};
/** Presses Tab until that has the keyboard. */
const tabTo = async (page, wanted) => {
  const passed = [];
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (now?.includes(wanted)) return;
    passed.push(now);
  }
  assert.fail(`Tab never came to ${wanted}: ${passed.join(", ")}`);
};

test("a keyboard alone fills, saves and moves, and never loses its place when the card changes", async () => {
  const page = await ru.open({ as: "maria_demo" });
  await tile(page, "Кефир FM").locator(".name").focus();
  await page.keyboard.press("Enter");
  const card = section(page);
  await card.locator("main").waitFor();
  await tabTo(page, "Номер договора");
  await page.keyboard.type("2026-053");
  // Somebody else changes the card meanwhile: the page is drawn anew below the fingers.
  const id = await tile(page, "Кефир FM").getAttribute("data-id");
  const { desc } = await ru.api("olga_demo", "GET", `cards/${id}`);
  const today = new Date().toISOString().slice(0, 10);
  await ru.api("maria_demo", "PUT", `cards/${id}`, { desc: desc.replace(/^Дата договора:.*$/m, `Дата договора: ${today}`) });
  await card.getByLabel("Дата договора").waitFor({ state: "detached" });
  assert.equal(await focused(page), "input Номер договора");
  assert.equal(await card.getByLabel("Номер договора").inputValue(), "2026-053", "what was begun is kept");
  await page.keyboard.press("Enter");
  await card.getByText("Для «Счёт и оплата» всё готово.").waitFor();
  assert.notEqual(await focused(page), null, "the field is gone, the keyboard has what stands in its place");
  await page.keyboard.press("Shift+Tab");
  await tabTo(page, "Перевести в «Счёт и оплата»");
  await page.keyboard.press("Enter");
  await card.locator('[aria-current="step"]', { hasText: "Счёт и оплата" }).waitFor();
  // What stands there now is drawn first and takes the keyboard then.
  for (let tries = 0; tries < 40 && (await focused(page)) === null; tries++) await page.waitForTimeout(50);
  assert.notEqual(await focused(page), null, "the button is gone, the keyboard has what stands in its place");
  await page.keyboard.press("Escape");
  await page.context().close();
});

test("section and board fit a phone's width", async () => {
  const page = await ru.open({ as: "olga_demo", viewport: { width: 390, height: 800 }, hasTouch: true });
  const wide = (frame) => frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await openCard(page, "Бумажный Кит");
  await section(page).locator("main").scrollIntoViewIfNeeded();
  await shot(page, "phone-card");
  assert.equal(await wide(await frameOf(page, ".pu-section")), 0);
  await shutCard(page);
  await openBoard(page);
  await modal(page).locator(".card-row").first().waitFor();
  await shot(page, "phone-board");
  const frame = await frameOf(page, ".pu-modal");
  for (const tab of ["У кого мяч", "Что стоит", "Этапы"]) {
    await modal(page).getByRole("tab", { name: tab }).click();
    assert.equal(await wide(frame), 0, tab);
  }
  await page.context().close();
});

test("while the service is away a page says so and keeps what it showed; when it is back the page is", async () => {
  const page = await ru.open({ as: "ilya_demo" });
  // Only what the frames ask of the service: Trello itself stays.
  const api = /\/api\/boards\//;
  await page.route(api, (route) => route.abort("connectionrefused"));
  await openCardWithout(page, "Радио Чайник");
  const card = section(page);
  await card.getByText("Signalman не отвечает. Ничего не потеряно").waitFor();
  const again = card.getByRole("button", { name: "Повторить" });
  await shot(page, "away");
  await sound(await frameOf(page, ".pu-section"), "away");
  await page.unroute(api);
  await again.click();
  await card.getByText("Чтобы перейти в «Сбор данных»").waitFor();

  await page.route(api, (route) => route.abort("connectionrefused"));
  const frame = await frameOf(page, ".pu-section");
  await frame.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await card.getByText(/Связи нет с .*; показано, как было тогда/).waitFor();
  await card.getByText("Чтобы перейти в «Сбор данных»").waitFor();
  await shot(page, "stale");
  await page.unroute(api);
  await card.getByText(/Связи нет с/).waitFor({ state: "detached" });
  await page.context().close();
});

const openCardWithout = (page, name) => tile(page, name).locator(".name").click();
