// What people see and press on the practice Trello's board with the Power-Up on it.

export const iAm = (page, username) => page.locator(".me select").selectOption(username);
export const list = (page, name) => page.locator(`.list[data-list="${name}"]`);
export const tile = (page, name) => page.locator(`.tile[data-card="${name}"]`);
export const stands = (page, card, where) => list(page, where).locator(`.tile[data-card="${card}"]`).waitFor();
export const said = (page, text) => page.locator("dialog .said", { hasText: text });

/** The section of the opened card; it is there when its page has something to show. */
export const section = (page) => page.frameLocator(".pu-section iframe");
export const modal = (page) => page.frameLocator(".pu-modal iframe");
export const popup = (page) => page.frameLocator(".pu-popup:not(.under) iframe");

export async function openCard(page, name) {
  // A card that goes back to its list at that moment takes no click: one would click again.
  for (let tries = 0; tries < 5 && !(await page.locator("dialog").count()); tries++) {
    await tile(page, name).locator(".name").click();
    await page.locator("dialog").waitFor({ timeout: 2_000 }).catch(() => {});
  }
  await section(page).locator("main").waitFor();
  return section(page);
}

export async function shutCard(page) {
  await page.locator("dialog header .close").first().click();
  await page.locator("dialog").waitFor({ state: "detached" });
}

export async function openBoard(page, name = "Процесс") {
  await page.getByRole("button", { name, exact: true }).click();
  await modal(page).locator("main").waitFor();
  return modal(page);
}

/** From the Power-Up's menu on the board, as an admin opens them. */
export async function openSettings(page, name = "Настройки") {
  await page.getByRole("button", { name: /Signalman/ }).click();
  await page.getByRole("menuitem", { name }).click();
  await modal(page).locator("main h1").waitFor();
  return modal(page);
}

/** A board that people have worked on for years calls its lists in its own way. */
export async function rename(demo, called) {
  const [board] = await demo.api("denis_demo", "GET", "members/me/boards");
  for (const { id, name } of await demo.api("denis_demo", "GET", `boards/${board.id}/lists`)) {
    if (called[name]) await demo.api("denis_demo", "PUT", `lists/${id}`, { name: called[name] });
  }
  return board;
}

/** The frame itself, to run something in. */
export const frameOf = async (page, where) => (await page.locator(`${where} iframe`).last().elementHandle()).contentFrame();

export const finding = (frame, name) => frame.locator(".leaf", { hasText: name });
export const way = (frame, stage, verb = "Перевести в") => frame.getByRole("button", { name: `${verb} «${stage}»` });
