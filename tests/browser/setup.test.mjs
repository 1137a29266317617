// Set-up and settings in the Power-Up, against the whole demo on a board that has no process yet: its
// lists are called otherwise than the stages, as on a board that people have worked on for years.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound } from "./axe.mjs";
import { play, shot } from "./demo.mjs";
import { openCard, openSettings, rename, said, shutCard, stands, tile } from "./hands.mjs";

// What is put in force may have to wait for Trello's window of ten seconds.
const WINDOW = { timeout: 45_000 };

/** What the board calls the stages; the others are called as in the ready process. */
const CALLED = {
  "Новый запрос": "Входящие",
  "Сбор данных": "Собираем данные",
  "Счёт и оплата": "Оплата",
  "Подключение": "У инженеров",
  "Проверка и передача": "Проверяем и передаём",
  "Регистрация в учёте": "Регистрация",
};
const MINE = "# Наше правило: без номера договора инженеры не начинают.";

let demo, board;
before(async () => {
  demo = await play("ru", "--bare");
  board = await rename(demo, CALLED);
});
after(() => demo?.stop());

const shut = async (page) => {
  await page.locator(".pu-modal .close").click();
  await page.locator(".pu-modal iframe").waitFor({ state: "detached" });
};
const as = async (username, options) => {
  const page = await demo.open({ as: username, ...options });
  return { page, set: await openSettings(page) };
};
const press = (set, name) => set.getByRole("button", { name, exact: true }).click();
const lists = () => demo.api("denis_demo", "GET", `boards/${board.id}/lists`);
const names = async () => (await lists()).map(({ name }) => name);
const looked = async (page, what) => sound(await (await page.locator(".pu-modal iframe").elementHandle()).contentFrame(), what);
const tab = (set, name) => set.getByRole("tab", { name }).click();
const rules = async (set, part) => {
  await tab(set, /Правила/);
  await set.locator(".sections").getByRole("button", { name: part, exact: true }).click();
};
/** Types into a field and leaves it. */
const fill = async (set, label, value) => {
  await set.getByLabel(label, { exact: true }).fill(value);
  await set.getByLabel(label, { exact: true }).press("Tab");
};
/** Writes that in the place of this, in the text by hand. */
const rewrite = async (page, area, from, to) => {
  await area.evaluate((one, text) => {
    const at = one.value.indexOf(text);
    if (at < 0) throw new Error(`there is no ${text}`);
    one.focus();
    one.setSelectionRange(at, at + text.length);
  }, from);
  await page.keyboard.insertText(to);
};
const waiting = (set) => set.locator(".changes li").allInnerTexts();

test("who is no admin sees what it would be, and whom to ask", async () => {
  const { page, set } = await as("maria_demo");
  await set.getByText("Изменить может администратор доски: Денис (директор)").waitFor();
  await set.getByText("пока нет процесса").waitFor();
  assert.equal(await set.getByRole("button").count(), 0);
  await looked(page, "nobody's admin");
  await page.context().close();
});

test("the wizard puts a board with differently named lists under the process, by keyboard and without moving a thing", async () => {
  const before = await names();
  const { page, set } = await as("denis_demo");
  await set.getByRole("radio", { name: /Подключение станций/ }).waitFor();
  await looked(page, "step 1");
  await set.getByRole("button", { name: "Дальше" }).press("Enter");

  const heading = set.getByRole("heading", { name: "Шаг 2 из 4: Ваши колонки и ваши люди" });
  await heading.waitFor();
  assert.ok(await heading.evaluate((one) => one === document.activeElement), "the step is read out");
  const row = (stage) => set.locator(".binding li").filter({ has: page.frameLocator(".pu-modal iframe").locator("label", { hasText: new RegExp(`^${stage}$`) }) });
  await row("Договор").getByText("подобрана по названию").waitFor();
  await row("Подключение").getByText("подобрана по месту").waitFor();
  const chosen = (stage) => set.getByLabel(stage, { exact: true }).evaluate((one) => one.selectedOptions[0].text.replace(/ \(.*/, ""));
  for (const [stage, called] of Object.entries(CALLED)) assert.equal(await chosen(stage), called);
  await looked(page, "step 2");
  await shot(page, "wizard");

  await set.getByLabel("Договор", { exact: true }).selectOption({ label: "Оплата (1 карточка)" });
  await set.getByText("Эта колонка уже «Договор»").waitFor();
  assert.equal(await set.getByRole("button", { name: "Дальше" }).getAttribute("aria-disabled"), "true");
  await set.getByLabel("Договор", { exact: true }).selectOption({ label: "Договор (1 карточка)" });
  await row("Договор").getByText("выбрана вами").waitFor();
  const director = set.getByRole("group", { name: "директор" });
  await director.getByLabel("Мария (менеджер)").check();

  await shut(page);
  const again = await openSettings(page);
  await again.getByRole("heading", { name: /Шаг 2 из 4/ }).waitFor();
  assert.ok(await again.getByRole("group", { name: "директор" }).getByLabel("Мария (менеджер)").isChecked(), "a closed window loses nothing");
  await press(again, "Назад");
  await again.getByRole("radio", { name: /Колонки этой доски/ }).check();
  await press(again, "Дальше");
  await again.getByText("подобрана по названию").first().waitFor();
  await press(again, "Назад");
  await again.getByRole("radio", { name: /Подключение станций/ }).check();
  await press(again, "Дальше");
  await row("Договор").getByText("выбрана вами").waitFor();
  await press(again, "Дальше");

  await again.getByRole("heading", { name: /Шаг 3 из 4/ }).waitFor();
  await again.getByText("метка «Не допущена»").waitFor();
  await again.getByText(/карточек? .*этап|стоят? там, где/).first().waitFor();
  await looked(page, "step 3");
  assert.deepEqual(await names(), before, "nothing is written before the last step");
  await press(again, "Дальше");

  assert.ok(await again.getByRole("radio", { name: /Сначала наблюдать/ }).isChecked(), "watching comes first");
  await looked(page, "step 4");
  await press(again, "Начать наблюдение");
  await again.getByRole("status").getByText("Наблюдение началось").waitFor();
  await again.getByText("Денис (директор), Мария (менеджер)").waitFor();
  await looked(page, "the state");
  assert.deepEqual((await names()).filter((name) => before.includes(name)), before, "the lists keep their names and places");
  await shut(page);

  const card = await openCard(page, "Кефир FM");
  await card.locator('[aria-current="step"]', { hasText: "Договор" }).waitFor();
  await card.getByText("Чтобы перейти в «Оплата»").waitFor();
  await shutCard(page);
  await page.context().close();
});

test("what watching would have sent back is told, and held once an admin says so", async () => {
  const { page, set } = await as("denis_demo");
  await shut(page);
  const id = await tile(page, "Кефир FM").getAttribute("data-id");
  const of = async (called) => (await lists()).find(({ name }) => name === called).id;
  const [from, to] = [await of("Договор"), await of("У инженеров")];
  await demo.api("egor_demo", "PUT", `cards/${id}`, { idList: to });
  await stands(page, "Кефир FM", "У инженеров");
  const card = await openCard(page, "Кефир FM");
  await card.locator(".kind-would_refuse").first().waitFor();
  await shutCard(page);
  await demo.api("maria_demo", "PUT", `cards/${id}`, { idList: from });
  await stands(page, "Кефир FM", "Договор");
  // The numbers of a board are kept for a minute.
  await demo.passes(2);

  await openSettings(page);
  await set.getByText(/вернул(ся|ись) бы/).first().waitFor();
  await set.getByText("В «У инженеров»").waitFor();
  await press(set, "Держать процесс");
  await set.getByText("С этой минуты неготовая карточка возвращается").waitFor();
  await set.locator(".diff .added", { hasText: 'mode = "enforce"' }).waitFor();
  await looked(page, "before holding");
  await press(set, "Держать процесс");
  await set.getByRole("status").getByText("С этой минуты процесс удерживается").waitFor(WINDOW);
  await shut(page);
  await demo.api("egor_demo", "PUT", `cards/${id}`, { idList: to });
  await stands(page, "Кефир FM", "Договор");
  await openCard(page, "Кефир FM");
  await said(page, "Договор").first().waitFor();
  await page.context().close();
});

test("a hand-written file edited in the form keeps its comments", async () => {
  const { page, set } = await as("denis_demo");
  await tab(set, /Правила/);
  await press(set, "Текст");
  const area = set.getByRole("textbox", { name: "Текст файла процесса" });
  const text = await area.inputValue();
  await rewrite(page, area, 'key = "connect"\nname = "У инженеров"', `${MINE}\nkey = "connect"\nname   =   "У инженеров"   # сами так зовут`);
  await press(set, "Посмотреть разницу");
  await set.locator(".diff .added", { hasText: MINE }).waitFor();
  await looked(page, "the difference");
  await press(set, "Ввести в действие");
  await set.getByRole("status").getByText("Новая версия действует").waitFor(WINDOW);

  await rules(set, "У инженеров");
  await looked(page, "a stage in the form");
  await fill(set, "Срок, рабочее время", "3d");
  await fill(set, "Что здесь делают", "Поднимите вещание.");
  await set.getByLabel("Потребовать ещё").first().selectOption({ label: "метка стоит" });
  await set.locator(".needs summary", { hasText: "метка «" }).waitFor();
  assert.equal((await waiting(set)).length, 3);
  await set.getByRole("button", { name: /^Отменить: Вход/ }).click();
  await set.locator(".needs summary", { hasText: "метка «" }).waitFor({ state: "detached" });
  await press(set, "Посмотреть разницу");
  await set.getByText("+ 2 строки добавлены").waitFor();
  await set.getByText("− 2 строки убраны").waitFor();
  await press(set, "Ввести в действие");
  await set.getByRole("status").getByText("Новая версия действует").waitFor(WINDOW);

  await tab(set, /Правила/);
  await press(set, "Текст");
  const now = await area.inputValue();
  for (const kept of [MINE, 'name   =   "У инженеров"   # сами так зовут', "# Девять этапов.", 'limit = "3d"']) assert.ok(now.includes(kept), kept);
  assert.equal(now.replace(/limit = "3d"/, "").split("\n").length, text.split("\n").length + 1, "and nothing else");
  await page.context().close();
});

test("a change that would break the file says where; a text that has mistakes shows them, and cannot come in force", async () => {
  const { page, set } = await as("denis_demo");
  await tab(set, /Правила/);
  await set.locator(".sections summary", { hasText: "Чек-листы" }).click();
  await set.locator(".sections").getByRole("button", { name: "Договор и оплата" }).click();
  await press(set, "Убрать «Договор подписан обеими сторонами»");
  await set.getByRole("alert").getByText(/ещё используется: этап «У инженеров»/).waitFor();
  assert.deepEqual(await waiting(set), []);

  await press(set, "Текст");
  const area = set.getByRole("textbox", { name: "Текст файла процесса" });
  await rewrite(page, area, 'owner = "director"', 'owner = "nobody"');
  const place = set.getByRole("button", { name: /^Строка \d+, знак 9/ });
  await place.click();
  await set.locator("textarea").evaluate((one) => one.value.slice(one.selectionStart, one.selectionEnd).startsWith('"nobody"') || Promise.reject(new Error("the place is not shown")));
  await looked(page, "mistakes");
  await press(set, "Посмотреть разницу");
  await set.getByRole("button", { name: /^Строка \d+, знак 9/ }).waitFor();
  assert.equal(await set.getByRole("button", { name: "Ввести в действие" }).count(), 0);
  await press(set, "Назад, к правилам");
  await set.getByRole("button", { name: /^Отменить/ }).click();
  await page.context().close();
});

test("who saves second is told, sees what was changed meanwhile and goes on from there", async () => {
  const [one, two] = [await as("denis_demo"), await as("denis_demo")];
  await rules(one.set, "Договор");
  await fill(one.set, "Срок, рабочее время", "6d");
  await press(one.set, "Посмотреть разницу");
  await one.set.locator(".diff").waitFor();

  await rules(two.set, "Оплата");
  await fill(two.set, "Срок, рабочее время", "7d");
  await press(two.set, "Посмотреть разницу");
  await press(two.set, "Ввести в действие");
  await two.set.getByRole("status").getByText("Новая версия действует").waitFor(WINDOW);

  await press(one.set, "Ввести в действие");
  await one.set.getByRole("alert").getByText("кто-то ввёл другую версию").waitFor(WINDOW);
  await one.set.locator(".diff .added", { hasText: "7d" }).waitFor();
  assert.equal(await one.set.locator(".diff .added", { hasText: "6d" }).count(), 0);
  await looked(one.page, "a conflict");
  await press(one.set, "Продолжить с новой версии");
  await press(one.set, "Посмотреть разницу");
  await one.set.getByText("+ 1 строка добавлена").waitFor();
  await press(one.set, "Ввести в действие");
  await one.set.getByRole("status").getByText("Новая версия действует").waitFor(WINDOW);

  await tab(one.set, "Версии");
  await one.set.getByRole("button", { name: /^Что отличается/ }).first().click();
  await one.set.locator(".diff .added", { hasText: "6d" }).waitFor();
  await looked(one.page, "versions");
  await one.set.getByRole("button", { name: /^Вернуться к ней/ }).first().click();
  await one.set.locator(".diff .removed", { hasText: "6d" }).waitFor();
  await press(one.set, "Вернуться к ней");
  await one.set.getByRole("status").getByText("Снова действует прежняя версия").waitFor(WINDOW);
  await one.page.context().close();
  await two.page.context().close();
});

test("a member reads the rules and changes nothing; the service says the same to his script", async () => {
  const { page, set } = await as("ilya_demo");
  await set.getByText("Процесс удерживается").first().waitFor();
  assert.equal(await set.getByRole("button", { name: "Приостановить" }).count(), 0);
  await rules(set, "Договор");
  assert.ok(await set.getByLabel("Срок, рабочее время").isDisabled());
  await looked(page, "read only");
  const frame = await (await page.locator(".pu-modal iframe").elementHandle()).contentFrame();
  const answers = await frame.evaluate(async () => {
    const t = window.TrelloPowerUp.iframe({ targetOrigin: document.documentElement.dataset.host });
    const headers = { Authorization: `Bearer ${await t.jwt({})}`, "Content-Type": "application/json" };
    const ask = async (path, body) => {
      const answer = await fetch(`/api/boards/${t.getContext().board}/setup/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return [answer.status, (await answer.json()).error.code];
    };
    return [await ask("state", { state: "paused" }), await ask("activate", { text: "", over: null })];
  });
  assert.deepEqual(answers, [[403, "may_not"], [403, "may_not"]]);
  await page.context().close();
});

test("paused, resumed, taken out and put back", async () => {
  const { page, set } = await as("denis_demo");
  await press(set, "Приостановить");
  await set.getByRole("status").getByText("Процесс приостановлен").waitFor();
  await press(set, "Продолжить");
  await set.getByRole("status").getByText("Процесс продолжается").waitFor();
  await set.getByText("Вывести доску из процесса").click();
  await press(set, "Вывести");
  await set.getByRole("heading", { name: /Эта доска была под процессом/ }).waitFor();
  await looked(page, "taken out");
  await press(set, "Вернуть как было");
  await set.getByRole("heading", { name: "На доске" }).waitFor();
  await press(set, "Ввести в действие");
  await set.getByRole("tab", { name: "Состояние" }).waitFor(WINDOW);
  await page.context().close();
});

for (const [what, options] of [
  ["in the dark", { colorScheme: "dark" }],
  ["on a small window", { viewport: { width: 390, height: 800 } }],
]) {
  test(`the settings ${what}`, async () => {
    const { page, set } = await as("denis_demo", options);
    for (const name of ["Состояние", "Версии", "Правила"]) {
      await tab(set, name);
      await looked(page, `${name} ${what}`);
    }
    await press(set.locator(".sections"), "Договор");
    await set.getByRole("heading", { name: "Этап «Договор»" }).waitFor();
    await looked(page, `a stage ${what}`);
    const out = await set.locator("html").evaluate((one) => one.scrollWidth - one.clientWidth);
    assert.equal(out, 0, "nothing sticks out");
    await shot(page, `settings-${what.replaceAll(" ", "-")}`);
    await page.context().close();
  });
}

test("the wizard speaks English, and makes a process of the board's own lists", async () => {
  const own = await play("en", "--bare");
  try {
    const page = await own.open({ as: "denis_demo", locale: "en-GB" });
    const set = await openSettings(page, "Settings");
    await set.getByRole("radio", { name: /own lists|this board/i }).check();
    await press(set, "Next");
    await set.getByText("matched by name").first().waitFor();
    await press(set, "Next");
    await set.getByRole("heading", { name: "On the board" }).waitFor();
    await looked(page, "the preview in English");
    await press(set, "Change the rules before you begin");
    await press(set.locator(".sections"), "Contract");
    await set.getByLabel("Ask for one more").first().selectOption({ label: "a file or link is attached" });
    await set.locator(".needs summary", { hasText: "attachment “contract”" }).waitFor();
    await looked(page, "the rules before the beginning");
    await press(set, "To the preview");
    await set.locator(".wanting").getByText("Kefir FM").click();
    await set.locator(".lacks").getByText("contract").first().waitFor();
    await press(set, "Next");
    await set.getByRole("radio", { name: /Hold the process/ }).check();
    await press(set, "Hold the process");
    await set.getByRole("status").getByText("The process is held from now on").waitFor();
  } finally {
    await own.stop();
  }
});
