// An older library of another author. It asks by query where the other sends JSON, posts forms, writes
// some paths in the singular and in small letters, and takes whatever is answered.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import Trello from "trello";
import { listener, start } from "./practice.mjs";

let practice, trello, lists;

// Another world for each test, as its windows let a token make a hundred requests in ten seconds.
beforeEach(async () => {
  practice = await start();
  trello = new Trello(practice.key, practice.token);
  trello.uri = practice.url;
  lists = await trello.getListsOnBoard(practice.board);
});

afterEach(() => practice?.stop());

test("boards and lists", async () => {
  assert.equal(lists.length, 13);
  assert.deepEqual(Object.keys((await trello.getListsOnBoard(practice.board, "name"))[0]).sort(), ["id", "name"]);
  assert.equal((await trello.getCardsOnBoard(practice.board)).length, 8);
  assert.equal((await trello.getCardsOnBoardWithExtraParams(practice.board, { limit: 3 })).length, 3);
  const board = await trello.addBoard("Новая", "Для пробы", null);
  assert.deepEqual([board.name, board.desc], ["Новая", "Для пробы"]);
  const list = await trello.addListToBoard(board.id, "Свой");
  assert.equal((await trello.renameList(list.id, "Иной")).name, "Иной");
  assert.ok((await trello.getListsOnBoardByFilter(board.id, "open")).some((one) => one.name === "Иной"));
  const [person] = await trello.getBoardMembers(practice.board);
  const joined = await trello.addMemberToBoard(board.id, person.id, "observer");
  assert.equal(joined.memberships.at(-1).memberType, "observer");
  assert.ok((await trello.getBoards("me")).some((one) => one.id === board.id));
  const [organization] = await trello.makeRequest("get", "/1/members/me/organizations");
  assert.ok((await trello.getOrgBoards(organization.id)).length >= 2);
  assert.ok((await trello.getOrgMembers(organization.id)).length >= 7);
});

test("cards and what hangs on them", async () => {
  const { id } = await trello.addCardWithExtraParams("Радио", { pos: "top", desc: "Текст" }, lists[0].id);
  assert.equal((await trello.updateCardName(id, "Радио Два")).name, "Радио Два");
  assert.equal((await trello.updateCardDescription(id, "Иной текст")).desc, "Иной текст");
  assert.equal((await trello.updateCardList(id, lists[1].id)).idList, lists[1].id);
  assert.equal((await trello.addDueDateToCard(id, "2026-12-01T12:00:00.000Z")).due, "2026-12-01T12:00:00.000Z");
  await trello.updateCardPos(id, "bottom");
  const [person] = await trello.getBoardMembers(practice.board);
  assert.equal((await trello.addMemberToCard(id, person.id))[0].username, person.username);
  assert.deepEqual((await trello.getCard(practice.board, id)).idMembers, [person.id]);
  assert.ok((await trello.getMemberCards(person.id)).some((card) => card.id === id));
  await trello.delMemberFromCard(id, person.id);
  await trello.addAttachmentToCard(id, "https://files.ether.example/1.pdf");
  assert.equal((await trello.getAttachmentsOnCard(id))[0].url, "https://files.ether.example/1.pdf");
  await trello.addCommentToCard(id, "Здравствуйте");
  const said = (await trello.getActionsOnCard(id)).map((action) => action.type);
  assert.deepEqual(said, ["commentCard", "updateCard"], "comments and moves, unless asked for more");
  const list = await trello.addChecklistToCard(id, "Дела");
  const item = await trello.addItemToChecklist(list.id, "Позвонить", "bottom");
  assert.equal(item.state, "incomplete");
  assert.equal((await trello.updateChecklist(list.id, "name", "Иные")).name, "Иные");
  assert.equal((await trello.addExistingChecklistToCard(id, list.id)).checkItems.length, 1);
  assert.equal((await trello.getChecklistsOnCard(id)).length, 2);
  assert.ok((await trello.getCardsOnList(lists[1].id)).some((card) => card.id === id));
  await trello.deleteCard(id);
  await assert.rejects(trello.getCardById(id), (error) => error.response.statusCode === 404);
});

test("labels, Custom Fields, members, webhooks, actions", async () => {
  const { id } = await trello.addCard("Радио", null, lists[0].id);
  const before = await trello.getLabelsForBoard(practice.board);
  const label = await trello.addLabelOnBoard(practice.board, "Срочно", "red");
  await trello.addLabelToCard(id, label.id);
  assert.equal((await trello.updateLabelColor(label.id, "sky")).color, "sky");
  assert.deepEqual((await trello.getCardById(id)).labels.map((one) => one.color), ["sky"]);
  await trello.deleteLabelFromCard(id, label.id);
  await trello.deleteLabel(label.id);
  assert.deepEqual(await trello.getLabelsForBoard(practice.board), before);
  assert.deepEqual(await trello.getCustomFieldsOnBoard(practice.board), []);
  const field = await trello.addCustomField(practice.board, "Кодек");
  // Values go in a JSON body only, and this library sends a form.
  const wish = trello.setCustomFieldOnCard(id, field.id, { value: { text: "MP3" } });
  await assert.rejects(wish, (error) => error.response.statusCode === 400);
  assert.deepEqual(await trello.getCustomFieldsOnCard(id), []);
  assert.equal((await trello.getMember("me")).username, "signalman");
  const callback = await listener();
  const hook = await trello.addWebhook("Проба", callback.url, practice.board);
  assert.equal(hook.callbackURL, callback.url);
  await trello.deleteWebhook(hook.id);
  callback.close();
  assert.equal((await trello.getActionsOnBoard(practice.board)).length, 50);
});
