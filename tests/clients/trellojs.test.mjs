// A Trello client library that knows nothing of the practice Trello, and checks every answer against
// the schemas it carries: an answer of another form is an error of its own.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { createTrelloClient } from "trello.js";
import { listener, start } from "./practice.mjs";

let practice, trello, bare;

// Another world for each test, as its windows let a token make a hundred requests in ten seconds.
beforeEach(async () => {
  practice = await start();
  const client = { apiKey: practice.key, apiToken: practice.token, host: practice.api };
  trello = createTrelloClient(client);
  // Its schema of a Custom Field has name and options within `display`, as the description has them
  // and Trello has not, so it drops both. What was really answered is seen without its schemas.
  bare = createTrelloClient({ ...client, skipParsing: true });
});

afterEach(() => practice?.stop());

const names = (all) => all.map((one) => one.name);
const first = async () => (await trello.boards.getBoardLists({ id: practice.board }))[0];
const newCard = async (more = {}) => trello.cards.createCard({ idList: (await first()).id, name: "Радио Примус", ...more });

test("boards", async () => {
  const id = practice.board;
  const board = await trello.boards.getBoard({ id, lists: "open", cards: "visible", actions: "all" });
  assert.equal(board.name, "Радиостанции");
  assert.equal(await trello.boards.getBoardField({ id, field: "name" }).then((field) => field._value), board.name);
  assert.equal((await trello.boards.getBoardLists({ id })).length, 13);
  assert.equal((await trello.boards.getBoardListsByFilter({ id, filter: "all" })).length, 13);
  assert.equal((await trello.boards.getBoardCards({ id })).length, 8);
  assert.equal((await trello.boards.getBoardCardsByFilter({ id, filter: "closed" })).length, 0);
  assert.ok((await trello.boards.getBoardMembers({ id })).length >= 7);
  assert.ok((await trello.boards.getBoardMemberships({ id })).length >= 7);
  assert.ok((await trello.boards.getBoardChecklists({ id })).length > 10);
  const own = await trello.boards.createBoard({ name: "Ещё", desc: "Для пробы" });
  assert.deepEqual(names(await trello.boards.getBoardLists({ id: own.id })), ["To Do", "Doing", "Done"]);
  assert.equal((await trello.boards.getBoardLabels({ id: own.id })).length, 6);
  assert.equal((await trello.boards.updateBoard({ id: own.id, name: "Другая" })).name, "Другая");
  const [person] = await trello.boards.getBoardMembers({ id });
  const joined = await trello.boards.updateBoardMember({ id: own.id, idMember: person.id, type: "normal" });
  assert.ok(joined.members.some((member) => member.id === person.id));
  const place = joined.memberships.find((one) => one.idMember === person.id);
  const changed = await trello.boards.updateBoardMembership({ id: own.id, idMembership: place.id, type: "observer" });
  assert.equal(changed.memberType, "observer");
  await trello.boards.removeBoardMember({ id: own.id, idMember: person.id });
  await trello.boards.deleteBoard({ id: own.id });
  await assert.rejects(trello.boards.getBoard({ id: own.id }), /404/);
});

test("lists, and all cards of one", async () => {
  const idBoard = practice.board;
  const list = await trello.lists.createList({ idBoard, name: "Новый" });
  const other = await trello.boards.createBoardList({ id: idBoard, name: "Рядом", pos: "bottom" });
  assert.equal((await trello.lists.updateList({ id: list.id, name: "Другой" })).name, "Другой");
  assert.equal((await trello.lists.updateListField({ id: list.id, field: "name", value: "Третий" })).name, "Третий");
  assert.equal((await trello.lists.getListBoard({ id: list.id })).id, idBoard);
  for (const name of ["А", "Б"]) await trello.cards.createCard({ idList: list.id, name });
  await trello.lists.moveAllListCards({ id: list.id, idBoard, idList: other.id });
  assert.deepEqual(await trello.lists.getListCards({ id: list.id }), []);
  assert.deepEqual(names(await trello.lists.getListCards({ id: other.id })), ["А", "Б"]);
  assert.ok((await trello.lists.getListActions({ id: other.id })).length >= 2);
  await trello.lists.archiveAllListCards({ id: other.id });
  assert.deepEqual(await trello.lists.getListCards({ id: other.id }), []);
  assert.equal((await trello.lists.archiveList({ id: list.id, value: true })).closed, true);
  assert.equal((await trello.lists.getList({ id: list.id })).closed, true);
  const board = await trello.boards.createBoard({ name: "Куда" });
  assert.equal((await trello.lists.moveListToBoard({ id: other.id, value: board.id })).idBoard, board.id);
});

test("a card's whole life", async () => {
  const [, second] = await trello.boards.getBoardLists({ id: practice.board });
  const card = await newCard({ desc: "Текст", due: "2026-12-01T12:00:00.000Z" });
  const id = card.id;
  const moved = await trello.cards.updateCard({ id, idList: second.id, pos: "top", dueComplete: true });
  assert.equal(moved.idList, second.id);
  assert.equal((await trello.cards.getCardField({ id, field: "name" }))._value, "Радио Примус");
  assert.equal((await trello.cards.getCardList({ id })).id, second.id);
  assert.equal((await trello.cards.getCardBoard({ id })).id, practice.board);
  const [person] = await trello.boards.getBoardMembers({ id: practice.board });
  await trello.cards.addCardMember({ id, value: person.id });
  assert.equal((await trello.cards.getCardMembers({ id }))[0].id, person.id);
  assert.deepEqual((await trello.cards.getCard({ id: card.shortLink })).idMembers, [person.id]);
  await trello.cards.removeCardMember({ id, idMember: person.id });
  const link = await trello.cards.createCardAttachment({ id, url: "https://files.ether.example/1.pdf", name: "Договор" });
  assert.equal((await trello.cards.getCardAttachment({ id, idAttachment: link.id })).name, "Договор");
  assert.equal((await trello.cards.getCardAttachments({ id })).length, 1);
  await trello.cards.deleteCardAttachment({ id, idAttachment: link.id });
  assert.deepEqual(await trello.cards.getCardAttachments({ id }), []);
  assert.deepEqual(await trello.cards.getCardPluginData({ id }), []);
  const copy = await trello.cards.createCard({ idList: second.id, idCardSource: id, keepFromSource: "all" });
  assert.equal(copy.desc, "Текст");
  await trello.cards.deleteCard({ id });
  await assert.rejects(trello.cards.getCard({ id }), /404/);
});

test("comments and actions", async () => {
  const { id } = await newCard();
  const said = await trello.cards.createCardComment({ id, text: "Здравствуйте" });
  assert.equal(said.data.text, "Здравствуйте");
  await trello.cards.updateCardComment({ id, idAction: said.id, text: "Добрый день" });
  await trello.actions.updateAction({ id: said.id, text: "Добрый вечер" });
  await trello.actions.updateActionText({ id: said.id, value: "Доброе утро" });
  const read = await trello.actions.getAction({ id: said.id });
  assert.equal(read.data.text, "Доброе утро");
  assert.equal((await trello.actions.getActionField({ id: said.id, field: "type" }))._value, "commentCard");
  assert.equal((await trello.actions.getActionCard({ id: said.id })).id, id);
  assert.equal((await trello.actions.getActionBoard({ id: said.id })).id, practice.board);
  assert.equal((await trello.actions.getActionCreator({ id: said.id })).username, "signalman");
  await trello.actions.getActionList({ id: said.id });
  await trello.actions.getActionOrganization({ id: said.id });
  await trello.cards.updateCard({ id, name: "Другое" });
  const kinds = (await trello.cards.getCardActions({ id, filter: "all" })).map((action) => action.type);
  assert.deepEqual(kinds, ["updateCard", "commentCard", "createCard"]);
  const board = (more) => trello.boards.getBoardActions({ boardId: practice.board, ...more });
  const all = await board({ limit: 8 });
  assert.equal(all.length, 8);
  const ids = (actions) => actions.map((action) => action.id);
  assert.deepEqual(ids(await board({ before: all[3].id, limit: 2 })), ids(all).slice(4, 6));
  assert.deepEqual(ids(await board({ since: all[3].id })), ids(all).slice(0, 3));
  assert.deepEqual(ids(await board({ since: all[2].date.toISOString() })), ids(all).slice(0, 2));
  const comments = await board({ filter: "commentCard", limit: 5 });
  assert.ok(comments.every((action) => action.type === "commentCard"));
  const [, second] = await trello.boards.getBoardLists({ id: practice.board });
  await trello.cards.updateCard({ id, idList: second.id });
  const moves = await board({ filter: "updateCard:idList", limit: 5 });
  assert.deepEqual(moves.map((action) => action.data.listAfter.id), [second.id]);
  await trello.cards.deleteCardComment({ id, idAction: said.id });
  await assert.rejects(trello.actions.getAction({ id: said.id }), /404/);
  const again = await trello.cards.createCardComment({ id, text: "Снова" });
  await trello.actions.deleteAction({ id: again.id });
});

test("checklists and their items", async () => {
  const { id } = await newCard();
  const list = await trello.checklists.createChecklist({ idCard: id, name: "Дела" });
  const item = await trello.checklists.createChecklistItem({ id: list.id, name: "Позвонить" });
  const idCheckItem = item.id;
  const ticked = await trello.cards.updateCardCheckItem({ id, idCheckItem, state: "complete", name: "Написать" });
  assert.deepEqual([ticked.state, ticked.name], ["complete", "Написать"]);
  assert.equal((await trello.cards.getCardCheckItemStates({ id }))[0].idCheckItem, idCheckItem);
  assert.equal((await trello.cards.getCardCheckItem({ id, idCheckItem })).state, "complete");
  assert.equal((await trello.checklists.getChecklistItem({ id: list.id, idCheckItem })).id, idCheckItem);
  await trello.cards.updateCardChecklistItem({ idCard: id, idChecklist: list.id, idCheckItem, pos: "top" });
  assert.equal((await trello.checklists.getChecklistItems({ id: list.id })).length, 1);
  assert.equal((await trello.checklists.getChecklistCards({ id: list.id }))[0].id, id);
  assert.equal((await trello.checklists.getChecklistBoard({ id: list.id })).id, practice.board);
  assert.equal((await trello.checklists.updateChecklist({ id: list.id, name: "Два" })).name, "Два");
  assert.equal((await trello.checklists.updateChecklistField({ id: list.id, field: "name", value: "Три" })).name, "Три");
  assert.equal((await trello.checklists.getChecklistField({ id: list.id, field: "name" }))._value, "Три");
  const copy = await trello.cards.createCardChecklist({ id, name: "Копия", idChecklistSource: list.id });
  assert.deepEqual(copy.checkItems.map((one) => one.state), ["incomplete"]);
  await trello.checklists.deleteChecklistItem({ id: copy.id, idCheckItem: copy.checkItems[0].id });
  await trello.cards.removeCardChecklist({ id, idChecklist: copy.id });
  await trello.cards.deleteCardCheckItem({ id, idCheckItem });
  assert.deepEqual((await trello.cards.getCardChecklists({ id })).map((one) => one.checkItems), [[]]);
  await trello.checklists.deleteChecklist({ id: list.id });
  await assert.rejects(trello.checklists.getChecklist({ id: list.id }), /404/);
});

test("labels", async () => {
  const { id } = await newCard();
  const label = await trello.labels.createLabel({ idBoard: practice.board, name: "Срочно", color: "red" });
  const other = await trello.boards.createBoardLabel({ id: practice.board, name: "Потом", color: "sky" });
  assert.equal((await trello.labels.updateLabel({ id: label.id, name: "Очень срочно" })).name, "Очень срочно");
  assert.equal((await trello.labels.updateLabelField({ id: label.id, field: "color", value: "lime" })).color, "lime");
  await trello.cards.addCardLabel({ id, value: label.id });
  await trello.cards.addCardLabel({ id, value: other.id });
  await trello.cards.removeCardLabel({ id, idLabel: other.id });
  const own = await trello.cards.createCardLabel({ id, name: "Своя", color: "pink" });
  assert.deepEqual((await trello.cards.getCard({ id })).labels.map((one) => one.id), [label.id, own.id]);
  assert.equal((await trello.labels.getLabel({ id: label.id })).color, "lime");
  await trello.labels.deleteLabel({ id: label.id });
  assert.deepEqual((await trello.cards.getCard({ id })).idLabels, [own.id]);
});

test("Custom Fields", async () => {
  const { id } = await newCard();
  const wish = { idModel: practice.board, modelType: "board", pos: "bottom", display_cardFront: false };
  const text = await trello.customFields.createCustomField({ ...wish, name: "Поток", type: "text" });
  const options = [{ value: { text: "MP3" }, color: "none", pos: 1 }];
  const codec = await trello.customFields.createCustomField({ ...wish, name: "Кодек", type: "list", options });
  assert.equal(codec.display.cardFront, false);
  const read = await bare.customFields.getCustomField({ id: codec.id });
  assert.deepEqual([read.name, read.options[0].value], ["Кодек", { text: "MP3" }]);
  const added = await trello.customFields.createCustomFieldOption({ id: codec.id, value: { text: "AAC" }, pos: "bottom" });
  const all = await trello.customFields.getCustomFieldOptions({ id: codec.id });
  assert.deepEqual(all.map((one) => one._id), [read.options[0].id, added._id]);
  const item = (field, body) => trello.cards.updateCardCustomFieldItem({ idCard: id, idCustomField: field, body });
  await item(text.id, { value: { text: "https://ether.example" } });
  await item(codec.id, { idValue: added._id });
  assert.equal((await trello.cards.getCardCustomFieldItems({ id })).length, 2);
  const [first, second] = await bare.cards.getCardCustomFieldItems({ id });
  assert.deepEqual([first.value.text, second.idValue], ["https://ether.example", added._id]);
  const customFieldItems = [{ idCustomField: text.id, value: { text: "Нет" } }];
  await trello.cards.updateCardCustomFields({ idCard: id, customFieldItems });
  await item(codec.id, { value: "", idValue: "" });
  assert.equal((await trello.cards.getCardCustomFieldItems({ id })).length, 1);
  const idCustomFieldOption = added._id;
  await trello.customFields.getCustomFieldOption({ id: codec.id, idCustomFieldOption });
  await trello.customFields.deleteCustomFieldOption({ id: codec.id, idCustomFieldOption });
  await trello.customFields.updateCustomField({ id: text.id, name: "Адрес" });
  await trello.customFields.deleteCustomField({ id: codec.id });
  assert.deepEqual(names(await bare.boards.getBoardCustomFields({ id: practice.board })), ["Адрес"]);
});

test("members, organizations, tokens", async () => {
  const me = await trello.members.getMember({ id: "me" });
  assert.equal(me.username, "signalman");
  assert.equal((await trello.members.getMemberField({ id: "me", field: "username" }))._value, "signalman");
  assert.ok((await trello.members.getMemberBoards({ id: "me" })).some((board) => board.id === practice.board));
  const [maria] = await trello.search.searchMembers({ query: "maria_demo" });
  assert.ok((await trello.members.getMemberCards({ id: maria.id })).length > 0);
  assert.ok((await trello.members.getMemberActions({ id: maria.id, limit: 5 })).length > 0);
  const [organization] = await trello.members.getMemberOrganizations({ id: "me" });
  const { id } = await trello.organizations.getOrganization({ id: organization.id });
  assert.equal((await trello.organizations.getOrganizationField({ id, field: "name" }))._value, organization.name);
  assert.ok((await trello.organizations.getOrganizationBoards({ id })).length > 0);
  assert.ok((await trello.organizations.getOrganizationMembers({ id })).length >= 7);
  const [place] = await trello.organizations.getOrganizationMemberships({ id });
  await trello.organizations.getOrganizationMembership({ id, idMembership: place.id });
  const token = practice.token;
  assert.equal((await trello.tokens.getToken({ token })).idMember, me.id);
  assert.equal((await trello.tokens.getTokenMember({ token })).id, me.id);
  assert.equal((await trello.members.getMemberTokens({ id: "me", webhooks: true }))[0].webhooks.length, 0);
  const theirs = practice.members.maria_demo;
  const client = createTrelloClient({ apiKey: practice.key, apiToken: theirs, host: practice.api });
  await client.tokens.deleteToken({ token: theirs });
  await assert.rejects(client.members.getMember({ id: "me" }), /401.*invalid token/);
});

test("search and batch", async () => {
  const { id, name } = await newCard({ name: "Неповторимое радио" });
  const found = await trello.search.search({ query: "неповторимое", modelTypes: "cards", idBoards: [practice.board] });
  assert.deepEqual(names(found.cards), [name]);
  const everything = await trello.search.search({ query: "Радиостанции", cardsLimit: 1 });
  assert.equal(everything.boards[0].id, practice.board);
  const [card, board] = await trello.batch.run((batch) => [
    batch.cards.getCard({ id }), batch.boards.getBoard({ id: practice.board }),
  ]);
  assert.deepEqual([card.name, board.id], [name, practice.board]);
  await assert.rejects(trello.batch.run((batch) => [batch.cards.getCard({ id: "nowhere0" })]), /404/);
});

test("webhooks", async () => {
  const callback = await listener();
  const idModel = practice.board;
  const hook = await trello.webhooks.createWebhook({ callbackURL: callback.url, idModel, description: "Проба" });
  const { id } = hook;
  await assert.rejects(trello.webhooks.createWebhook({ callbackURL: callback.url, idModel }), /already exists/);
  assert.equal((await trello.webhooks.getWebhook({ id })).active, true);
  assert.equal((await trello.webhooks.updateWebhook({ id, active: false })).active, false);
  assert.equal((await trello.webhooks.getWebhookField({ id, field: "idModel" }))._value, idModel);
  const token = practice.token;
  const own = await trello.tokens.createTokenWebhook({ token, callbackURL: `${callback.url}own`, idModel });
  await trello.tokens.updateTokenWebhook({ token, idWebhook: own.id, description: "Другое" });
  assert.equal((await trello.tokens.getTokenWebhook({ token, idWebhook: own.id })).description, "Другое");
  assert.equal((await trello.tokens.getTokenWebhooks({ token })).length, 2);
  await trello.tokens.deleteTokenWebhook({ token, idWebhook: own.id });
  await trello.webhooks.deleteWebhook({ id });
  await assert.rejects(trello.webhooks.getWebhook({ id }), /404/);
  const nobody = trello.webhooks.createWebhook({ callbackURL: "http://127.0.0.1:9/", idModel });
  await assert.rejects(nobody, /VALIDATOR_URL_RETURNED_ERROR/);
  callback.close();
});
