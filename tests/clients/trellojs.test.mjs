// A Trello client library that knows nothing of the practice Trello, and checks every answer against
// the schemas it carries. SIGNALMAN names the program.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { createTrelloClient } from "trello.js";

const program = process.env.SIGNALMAN ?? "../../target/release/signalman";
let child, told, trello;

before(async () => {
  child = spawn(program, ["sandbox", "--listen", "127.0.0.1:0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  told = await new Promise((found) => child.stdout.once("data", (line) => found(JSON.parse(line))));
  trello = createTrelloClient({ apiKey: told.key, apiToken: told.token, host: told.api });
});

after(() => child?.kill("SIGTERM"));

test("the board and what stands on it", async () => {
  const board = await trello.boards.getBoard({ id: told.board });
  assert.equal(board.name, "Радиостанции");
  const lists = await trello.boards.getBoardLists({ id: told.board });
  assert.equal(lists.length, 13);
  const cards = await trello.boards.getBoardCards({ id: told.board });
  assert.equal(cards.length, 8);
  assert.ok((await trello.boards.getBoardMembers({ id: told.board })).length >= 7);
  assert.ok((await trello.boards.getBoardMemberships({ id: told.board })).length >= 7);
  assert.ok((await trello.boards.getBoardChecklists({ id: told.board })).length > 10);
  assert.ok((await trello.boards.getBoardActions({ boardId: told.board, id: told.board })).length > 10);
  assert.deepEqual(await trello.boards.getBoardCustomFields({ id: told.board }), []);
});

test("a card's whole life", async () => {
  const [first, second] = await trello.boards.getBoardLists({ id: told.board });
  const card = await trello.cards.createCard({ idList: first.id, name: "Радио Примус", desc: "Текст" });
  const moved = await trello.cards.updateCard({ id: card.id, idList: second.id, pos: "top" });
  assert.equal(moved.idList, second.id);
  const said = await trello.cards.createCardComment({ id: card.id, text: "Здравствуйте" });
  assert.equal(said.data.text, "Здравствуйте");
  await trello.cards.updateCardComment({ id: card.id, idAction: said.id, text: "Добрый день" });
  const checklist = await trello.checklists.createChecklist({ idCard: card.id, name: "Дела" });
  const item = await trello.checklists.createChecklistItem({ id: checklist.id, name: "Позвонить" });
  const ticked = await trello.cards.updateCardCheckItem({ id: card.id, idCheckItem: item.id, state: "complete" });
  assert.equal(ticked.state, "complete");
  const label = await trello.labels.createLabel({ idBoard: told.board, name: "Срочно", color: "red" });
  await trello.cards.addCardLabel({ id: card.id, value: label.id });
  const [person] = await trello.boards.getBoardMembers({ id: told.board });
  await trello.cards.addCardMember({ id: card.id, value: person.id });
  await trello.cards.createCardAttachment({ id: card.id, url: "https://files.ether.example/1.pdf", name: "Договор" });
  const read = await trello.cards.getCard({ id: card.id });
  assert.deepEqual([read.idLabels, read.idMembers], [[label.id], [person.id]]);
  assert.equal((await trello.cards.getCardAttachments({ id: card.id }))[0].name, "Договор");
  assert.equal((await trello.cards.getCardChecklists({ id: card.id }))[0].checkItems.length, 1);
  const kinds = (await trello.cards.getCardActions({ id: card.id, filter: "all" })).map((action) => action.type);
  for (const kind of ["createCard", "updateCard", "commentCard", "addMemberToCard", "updateCheckItemStateOnCard"]) {
    assert.ok(kinds.includes(kind), kind);
  }
  await trello.cards.deleteCard({ id: card.id });
  await assert.rejects(trello.cards.getCard({ id: card.id }), /404/);
});

test("lists, labels, Custom Fields", async () => {
  const list = await trello.lists.createList({ idBoard: told.board, name: "Новый" });
  assert.equal((await trello.lists.updateList({ id: list.id, name: "Другой" })).name, "Другой");
  const field = await trello.customFields.createCustomField({
    idModel: told.board, modelType: "board", name: "Кодек", type: "list", pos: "bottom",
    options: [{ value: { text: "MP3" }, color: "none", pos: 1 }], display_cardFront: false,
  });
  assert.equal(field.name, "Кодек");
  const [card] = await trello.boards.getBoardCards({ id: told.board });
  await trello.cards.updateCardCustomFieldItem({ idCard: card.id, idCustomField: field.id, idValue: field.options[0].id });
  assert.equal((await trello.cards.getCardCustomFieldItems({ id: card.id }))[0].idValue, field.options[0].id);
});

test("webhooks", async () => {
  const listener = createServer((request, response) => response.end()).listen(0, "127.0.0.1");
  await new Promise((done) => listener.once("listening", done));
  const callbackURL = `http://127.0.0.1:${listener.address().port}/`;
  const hook = await trello.webhooks.createWebhook({ callbackURL, idModel: told.board });
  assert.equal((await trello.webhooks.getWebhook({ id: hook.id })).active, true);
  await trello.webhooks.deleteWebhook({ id: hook.id });
  await assert.rejects(trello.webhooks.createWebhook({ callbackURL: "http://127.0.0.1:9/", idModel: told.board }), /VALIDATOR_URL/);
  listener.close();
});
