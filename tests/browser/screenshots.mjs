// The pictures in the README: taken of the demo, with the hands of the stories. `make screenshots`.

import { stat } from "node:fs/promises";
import { play } from "./demo.mjs";
import { list, modal, openBoard, openCard, openSettings, rename, stands, tile } from "./hands.mjs";

const FOLDER = new URL("../../docs/screenshots/", import.meta.url);
const MOST_BYTES = 200_000;
const EDGE = 14;
const LOOKS = { timezoneId: "Europe/Moscow", viewport: { width: 1180, height: 760 } };
const TALL = { viewport: { width: 1180, height: 1100 }, deviceScaleFactor: 1.5 };

const WORDS = {
  ru: { card: "Кефир FM", from: "Договор", to: "Подключение", boot: "Зелёный Валенок", process: "Процесс", missing: "Чтобы перейти в «Счёт и оплата»" },
  en: { card: "Kefir FM", from: "Contract", to: "Connection", boot: "Green Felt Boot", process: "Process", missing: "To go on to" },
};

/** What a board without a process calls its lists, and the way to the wizard's second step. */
const WIZARD = {
  ru: { settings: "Настройки", next: "Дальше", guess: "подобрана по месту", called: { "Новый запрос": "Входящие", "Сбор данных": "Собираем данные", "Счёт и оплата": "Оплата", "Подключение": "У инженеров", "Регистрация в учёте": "Регистрация" } },
  en: { settings: "Settings", next: "Next", guess: "matched by place", called: { "New request": "Inbox", Details: "Collecting details", "Invoice and payment": "Payment", Connection: "With the engineers", "Registration": "Registering" } },
};

/** What is done before each picture, and which part of the window it shows. */
const PICTURES = {
  card: async (page, words) => {
    const card = await openCard(page, words.card);
    await card.getByText(words.missing).waitFor();
    await card.locator(".kind-refused").first().waitFor();
    const own = page.locator(".pu-section");
    await own.evaluate((one) => one.scrollIntoView({ block: "center" }));
    const { x, y, width, height } = await own.boundingBox();
    return { x: x - EDGE, y: y - EDGE, width: width + 2 * EDGE, height: height + 2 * EDGE };
  },
  board: async (page, words) => {
    await openBoard(page, words.process);
    await modal(page).locator(".card-row").first().waitFor();
    return undefined;
  },
};

/** A day and some hours later, when some cards are late and others are not. */
async function later(demo) {
  const weekday = (now) => new Date(now).toLocaleDateString("en-GB", { weekday: "short", timeZone: "Europe/Moscow" });
  let now;
  do now = await demo.passes(24 * 60);
  while (["Sat", "Sun"].includes(weekday(now)));
  await demo.passes(200);
}

async function take(lang, colorScheme) {
  const words = WORDS[lang];
  const demo = await play(lang);
  try {
    await later(demo);
    const early = await demo.open({ ...LOOKS, as: "ilya_demo" });
    await list(early, words.to).scrollIntoViewIfNeeded();
    await tile(early, words.card).dragTo(list(early, words.to).locator(".tile").first());
    await early.locator(".toast", { hasText: words.card }).first().waitFor();
    await stands(early, words.card, words.from);
    await early.context().close();
    for (const [name, go] of Object.entries(PICTURES)) {
      const page = await demo.open({ ...LOOKS, colorScheme, as: "maria_demo", locale: lang, ...(name === "card" && TALL) });
      await keep(page, name, lang, await go(page, words));
    }
  } finally {
    await demo.stop();
  }
}

async function takeWizard(lang, colorScheme) {
  const words = WIZARD[lang];
  const demo = await play(lang, "--bare");
  try {
    await rename(demo, words.called);
    const page = await demo.open({ ...LOOKS, colorScheme, as: "denis_demo", locale: lang });
    const set = await openSettings(page, words.settings);
    await set.getByRole("button", { name: words.next }).click();
    await set.getByText(words.guess).first().waitFor();
    await keep(page, "wizard", lang);
  } finally {
    await demo.stop();
  }
}

async function keep(page, name, lang, clip) {
  const path = new URL(lang === "en" ? `${name}.png` : `${name}.${lang}.png`, FOLDER).pathname;
  await page.screenshot({ path, ...(clip && { clip }) });
  const { size } = await stat(path);
  console.log(`${path.replace(/^.*\/docs\//, "docs/")}: ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${name} is too large for a page to load`);
  await page.context().close();
}

await take("ru", "light");
await take("en", "dark");
await takeWizard("ru", "light");
await takeWizard("en", "dark");
