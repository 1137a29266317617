// What has room: nothing is cut off, nothing scrolls beside its own scroller, on a desktop and on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound } from "./axe.mjs";
import { play, shot } from "./demo.mjs";
import { frameOf, modal, openBoard, openCard, tile } from "./hands.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
let demo;
before(async () => {
  demo = await play();
  await demo.passes(7 * 24 * 60);
});
after(() => demo?.stop());

/** By how many pixels the page itself would scroll, down and to the right. */
const scrolls = (frame) =>
  frame.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    return [scrollHeight - innerHeight, scrollWidth - innerWidth];
  });

for (const [what, options] of Object.entries({ desktop: {}, phone: PHONE })) {
  test(`no tab of the board's window has a scroll beside its list's, on a ${what}`, async () => {
    const page = await demo.open({ as: "denis_demo", ...options });
    const board = await openBoard(page);
    const frame = await frameOf(page, ".pu-modal");
    const inside = { "У кого мяч": ".window", "Что стоит": ".window", Этапы: ".scrolls", Цифры: ".figures" };
    for (const [tab, scroller] of Object.entries(inside)) {
      await board.getByRole("tab", { name: tab }).click();
      await board.locator(scroller).waitFor();
      if (tab === "Цифры") {
        await board.getByRole("heading", { name: "Цена задержки" }).waitFor();
        await frame.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      }
      assert.deepEqual(await scrolls(frame), [0, 0], tab);
      const beyond = await board.locator(scroller).evaluate((one) => one.scrollWidth - one.clientWidth);
      assert.equal(beyond, 0, `${tab}: every column is on the screen`);
      await sound(frame, `${tab} on a ${what}`);
      await shot(page, `room-${what}-${scroller.slice(1)}`);
    }
    await page.context().close();
  });
}

test("a table of the printed report scrolls in its own box on a phone, and breaks no word", async () => {
  const page = await demo.open({ as: "denis_demo", ...PHONE });
  const board = await openBoard(page);
  await board.getByRole("tab", { name: "Цифры" }).click();
  await board.getByRole("button", { name: "Страница для печати" }).click();
  await modal(page).getByRole("heading", { name: "Цена задержки" }).waitFor();
  const frame = await frameOf(page, ".pu-modal");
  assert.equal((await scrolls(frame))[1], 0);
  const heads = modal(page).locator("thead th", { hasText: /^(Всего|Опаздывают)$/ });
  for (const head of await heads.all()) {
    const lines = await head.evaluate((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return range.getClientRects().length;
    });
    assert.equal(lines, 1, await head.textContent());
  }
  const letters = await modal(page).locator("svg[role=img] text").first().boundingBox();
  assert.ok(letters.height >= 10, `letters of a picture are ${letters.height} pixels high`);
  await sound(frame, "report on a phone");
  await shot(page, "room-phone-report");
  await page.context().close();
});

test("the head of the board is one line, and one on a narrow laptop", async () => {
  for (const width of [1700, 1500, 1400, 1180, 900]) {
    const page = await demo.open({ as: "maria_demo", viewport: { width, height: 700 } });
    await page.getByRole("button", { name: "Процесс", exact: true }).waitFor();
    const [height, beyond] = await page.locator("header.top").evaluate((head) => [head.offsetHeight, head.scrollWidth - head.clientWidth]);
    assert.ok(height < 64, `${height} pixels high at ${width}`);
    assert.equal(beyond, 0, `at ${width}`);
    await shot(page, `room-head-${width}`);
    await page.context().close();
  }
});

test("the track of stages shows whole names, and a person has one colour everywhere", async () => {
  for (const options of [{}, PHONE]) {
    const page = await demo.open({ as: "maria_demo", ...options });
    const card = await openCard(page, "Кефир FM");
    await card.locator('.track [aria-current="step"]').waitFor();
    const cut = await card.locator(".track").evaluate((track) => {
      const box = track.getBoundingClientRect();
      return [...track.children].flatMap((stop) => {
        const { left, right } = stop.getBoundingClientRect();
        const seen = Math.min(right, box.right) - Math.max(left, box.left);
        return seen > 1 && seen < right - left - 1 ? [stop.textContent] : [];
      });
    });
    assert.deepEqual(cut, []);
    const colour = (face) => face.evaluate((one) => getComputedStyle(one).backgroundColor);
    const onCard = await colour(card.locator('.turn .face[title^="Мария"]'));
    assert.equal(await colour(tile(page, "Кефир FM").locator('.face[title^="Мария"]')), onCard);
    await page.context().close();
  }
});

test("a card that waits says in the board's list for what and until when", async () => {
  const page = await demo.open({ as: "maria_demo" });
  const id = await tile(page, "Полуночный Трамвай").getAttribute("data-id");
  const until = new Date(Date.now() + 20 * 24 * 3600_000).toISOString().slice(0, 10).split("-").reverse().join(".");
  await demo.api("maria_demo", "POST", `cards/${id}/actions/comments`, { text: `/ждём анкету до ${until}` });
  const board = await openBoard(page);
  const row = board.locator(".card-row", { hasText: "Полуночный Трамвай" });
  await row.getByText(/^ждём: анкету, до /).waitFor();
  await page.context().close();
});
