//! Every operation of `openapi.tsv`, called with valid input, in an order in which it makes sense.

use super::judge::Judge;
use serde_json::{Value, json};

// The ids in a path are variables of the caller's. A wish is an object, or a value made before.
macro_rules! wish {
    () => { Value::Null };
    ({ $($wish:tt)* }) => { json!({ $($wish)* }) };
    ($wish:expr) => { $wish };
}
macro_rules! one {
    ($judge:ident, $schema:expr, $call:literal $(, $($wish:tt)*)?) => {
        $judge.one($schema, &format!($call), wish!($($($wish)*)?)).await
    };
}
macro_rules! many {
    ($judge:ident, $schema:expr, $call:literal $(, $($wish:tt)*)?) => {
        $judge.many($schema, &format!($call), wish!($($($wish)*)?)).await
    };
}
macro_rules! any {
    ($judge:ident, $call:literal $(, $($wish:tt)*)?) => {
        $judge.any(&format!($call), wish!($($($wish)*)?)).await
    };
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_default().to_owned()
}

fn names(value: &Value, field: &str) -> Vec<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|one| one[field].as_str().map(str::to_owned))
        .collect()
}

pub(super) async fn all(judge: &mut Judge) {
    let board = json!({ "name": "Radio", "desc": "On air", "defaultLists": false });
    let board = id(&one!(judge, "Board", "POST /boards", board));
    judge.join(&board);
    let list = json!({ "idBoard": board, "name": "One" });
    let one = id(&one!(judge, "List", "POST /lists", list));
    let list = json!({ "name": "Two", "pos": "bottom" });
    let two = one!(judge, "List", "POST /boards/{board}/lists", list);
    let two = id(&two);
    let card = json!({
        "idList": one, "name": "Kefir FM", "desc": "Text", "due": "2026-12-01T12:00:00.000Z",
        "start": "2026-11-01T12:00:00.000Z", "idMembers": [judge.boris],
    });
    let card = id(&one!(judge, "Card", "POST /cards", card));
    checklists(judge, &card).await;
    labels(judge, &board, &card).await;
    custom_fields(judge, &board, &card).await;
    parts_of_a_card(judge, &card).await;
    comments_and_actions(judge, &board, &one, &card).await;
    cards(judge, &card, &two).await;
    boards(judge, &board).await;
    lists(judge, &board, &one, &two).await;
    people(judge, &board).await;
    search_and_batch(judge, &board, &card).await;
    webhooks(judge, &board).await;
    any!(judge, "DELETE /cards/{card}");
    any!(judge, "DELETE /boards/{board}");
    let token = judge.token.clone();
    any!(judge, "DELETE /tokens/{token}");
}

async fn checklists(judge: &mut Judge, card: &str) {
    let wish = json!({ "idCard": card, "name": "To do" });
    let list = one!(judge, "Checklist", "POST /checklists", wish);
    let list = id(&list);
    let wish =
        json!({ "name": "Call", "due": "2026-12-01T12:00:00.000Z", "idMember": judge.boris });
    let item = id(&one!(
        judge,
        "CheckItem",
        "POST /checklists/{list}/checkItems",
        wish
    ));
    let wish = json!({ "name": "Sign", "checked": true });
    let done = id(&one!(
        judge,
        "CheckItem",
        "POST /checklists/{list}/checkItems",
        wish
    ));
    many!(judge, "CheckItem", "GET /checklists/{list}/checkItems");
    one!(
        judge,
        "CheckItem",
        "GET /checklists/{list}/checkItems/{item}"
    );
    one!(judge, "Checklist", "GET /checklists/{list}");
    let renamed = json!({ "name": "Before air" });
    one!(judge, "Checklist", "PUT /checklists/{list}", renamed);
    let renamed = json!({ "value": "Before that" });
    one!(judge, "Checklist", "PUT /checklists/{list}/name", renamed);
    let name = any!(judge, "GET /checklists/{list}/name");
    assert_eq!(name["_value"], "Before that");
    one!(judge, "Board", "GET /checklists/{list}/board");
    many!(judge, "Card", "GET /checklists/{list}/cards");
    let ticked =
        one!(judge, "CheckItem", "PUT /cards/{card}/checkItem/{item}", { "state": "complete" });
    assert_eq!(ticked["state"], "complete");
    one!(judge, "CheckItem", "GET /cards/{card}/checkItem/{item}");
    let states = any!(judge, "GET /cards/{card}/checkItemStates");
    assert_eq!(names(&states, "state"), ["complete", "complete"]);
    one!(judge, "CheckItem", "PUT /cards/{card}/checklist/{list}/checkItem/{item}", { "pos": 7 });
    any!(judge, "DELETE /cards/{card}/checkItem/{done}");
    many!(judge, "Checklist", "GET /cards/{card}/checklists");
    let copy = json!({ "name": "Copy", "idChecklistSource": list });
    let copy = one!(judge, "Checklist", "POST /cards/{card}/checklists", copy);
    assert_eq!(
        names(&copy["checkItems"], "state"),
        ["incomplete"],
        "a copy is not ticked"
    );
    let (copy, item) = (id(&copy), id(&copy["checkItems"][0]));
    any!(judge, "DELETE /checklists/{copy}/checkItems/{item}");
    any!(judge, "DELETE /checklists/{copy}");
    let more = id(&one!(judge, "Checklist", "POST /cards/{card}/checklists"));
    any!(judge, "DELETE /cards/{card}/checklists/{more}");
    let left = many!(judge, "Checklist", "GET /cards/{card}/checklists");
    assert_eq!(names(&left, "name"), ["Before that"]);
}

async fn labels(judge: &mut Judge, board: &str, card: &str) {
    let wish = json!({ "idBoard": board, "name": "Late", "color": "red" });
    let late = id(&one!(judge, "Label", "POST /labels", wish));
    let wish = json!({ "name": "New", "color": "sky_dark" });
    let new = one!(judge, "Label", "POST /boards/{board}/labels", wish);
    one!(judge, "Label", "GET /labels/{late}");
    one!(judge, "Label", "PUT /labels/{late}", { "name": "Too late" });
    let changed = one!(judge, "Label", "PUT /labels/{late}/color", { "value": "black" });
    assert_eq!(changed["color"], "black");
    any!(judge, "POST /cards/{card}/idLabels", { "value": late });
    any!(judge, "POST /cards/{card}/idLabels", { "value": id(&new) });
    any!(judge, "DELETE /cards/{card}/idLabels/{late}");
    let wish = json!({ "name": "Its own", "color": null });
    let own = one!(judge, "Label", "POST /cards/{card}/labels", wish);
    let read = one!(judge, "Card", "GET /cards/{card}", { "fields": "labels" });
    assert_eq!(read["labels"][1]["id"], own["id"]);
    any!(judge, "DELETE /labels/{late}");
    many!(judge, "Label", "GET /boards/{board}/labels", { "limit": 1000 });
}

async fn custom_fields(judge: &mut Judge, board: &str, card: &str) {
    let field = |name: &str, kind: &str| json!({ "idModel": board, "modelType": "board", "name": name, "type": kind, "pos": "bottom" });
    let text = one!(
        judge,
        "CustomField",
        "POST /customFields",
        field("Stream", "text")
    );
    let text = id(&text);
    let mut wish = field("Codec", "list");
    wish["options"] = json!([{ "value": { "text": "MP3" }, "color": "none", "pos": 1024 }]);
    let choice = one!(judge, "CustomField", "POST /customFields", wish);
    let (choice, option) = (id(&choice), id(&choice["options"][0]));
    let wish = json!({ "value": { "text": "AAC" }, "color": "blue" });
    let added = any!(judge, "POST /customFields/{choice}/options", wish);
    let added = added["_id"].as_str().unwrap().to_owned();
    let options = any!(judge, "GET /customFields/{choice}/options");
    assert_eq!(names(&options, "_id"), [option.clone(), added.clone()]);
    let read = any!(judge, "GET /customFields/{choice}/options/{added}");
    assert_eq!(read["color"], "blue");
    any!(judge, "DELETE /customFields/{choice}/options/{added}");
    let wish = json!({ "name": "URL", "display/cardFront": false });
    let changed = one!(judge, "CustomField", "PUT /customFields/{text}", wish);
    assert_eq!(changed["display"]["cardFront"], false);
    one!(judge, "CustomField", "GET /customFields/{choice}");
    many!(judge, "CustomField", "GET /boards/{board}/customFields");
    let wish = json!({ "value": { "text": "https://air.example" } });
    one!(
        judge,
        "CustomFieldItem",
        "PUT /cards/{card}/customField/{text}/item",
        wish
    );
    one!(judge, "CustomFieldItem", "PUT /cards/{card}/customField/{choice}/item", { "idValue": option });
    let items = json!([{ "idCustomField": text, "value": { "text": "https://two.example" } }]);
    many!(judge, "CustomFieldItem", "PUT /cards/{card}/customFields", { "customFieldItems": items });
    let items = many!(
        judge,
        "CustomFieldItem",
        "GET /cards/{card}/customFieldItems"
    );
    assert_eq!(items[0]["value"]["text"], "https://two.example");
    assert_eq!(items[1]["idValue"], option);
    let wish = field("Gone", "date");
    let gone = id(&one!(judge, "CustomField", "POST /customFields", wish));
    any!(judge, "DELETE /customFields/{gone}");
}

async fn parts_of_a_card(judge: &mut Judge, card: &str) {
    let wish = json!({ "url": "https://files.example/1.pdf", "name": "Contract" });
    let link = one!(judge, "Attachment", "POST /cards/{card}/attachments", wish);
    let link = id(&link);
    many!(judge, "Attachment", "GET /cards/{card}/attachments");
    one!(judge, "Attachment", "GET /cards/{card}/attachments/{link}");
    let (anna, boris) = (judge.anna.clone(), judge.boris.clone());
    many!(judge, "Member", "POST /cards/{card}/idMembers", { "value": anna });
    many!(judge, "Member", "GET /cards/{card}/members");
    many!(judge, "Member", "DELETE /cards/{card}/idMembers/{boris}");
    any!(judge, "GET /cards/{card}/membersVoted");
    any!(judge, "GET /cards/{card}/pluginData");
    one!(judge, "List", "GET /cards/{card}/list");
    one!(judge, "Board", "GET /cards/{card}/board");
    let wish = json!({ "url": "https://x.example" });
    let gone = id(&one!(
        judge,
        "Attachment",
        "POST /cards/{card}/attachments",
        wish
    ));
    any!(judge, "DELETE /cards/{card}/attachments/{gone}");
}

async fn comments_and_actions(judge: &mut Judge, board: &str, list: &str, card: &str) {
    let said =
        id(&one!(judge, "Action", "POST /cards/{card}/actions/comments", { "text": "Hello" }));
    let gone =
        id(&one!(judge, "Action", "POST /cards/{card}/actions/comments", { "text": "Gone" }));
    one!(judge, "Action", "PUT /cards/{card}/actions/{said}/comments", { "text": "Hi" });
    any!(judge, "DELETE /cards/{card}/actions/{gone}/comments");
    one!(judge, "Action", "PUT /actions/{said}", { "text": "Good day" });
    one!(judge, "Action", "PUT /actions/{said}/text", { "value": "Good morning" });
    let read = one!(judge, "Action", "GET /actions/{said}");
    assert_eq!(read["data"]["text"], "Good morning");
    let kind = any!(judge, "GET /actions/{said}/type");
    assert_eq!(kind["_value"], "commentCard");
    for (part, schema) in [
        ("board", "Board"),
        ("card", "Card"),
        ("list", "List"),
        ("memberCreator", "Member"),
        ("organization", "Organization"),
    ] {
        one!(judge, schema, "GET /actions/{said}/{part}");
    }
    let joined =
        many!(judge, "Action", "GET /boards/{board}/actions", { "filter": "addMemberToCard" });
    let joined = id(&joined[0]);
    one!(judge, "Member", "GET /actions/{joined}/member");
    many!(judge, "Action", "GET /cards/{card}/actions", { "filter": "all" });
    many!(judge, "Action", "GET /lists/{list}/actions");
    let me = many!(judge, "Action", "GET /members/me/actions");
    // Newest first; since and before shut out the action they name.
    let all = many!(judge, "Action", "GET /boards/{board}/actions", { "limit": 1000 });
    let ids = names(&all, "id");
    assert_eq!(names(&me, "id"), ids[..ids.len().min(50)]);
    let dates = names(&all, "date");
    assert!(dates.windows(2).all(|pair| pair[0] >= pair[1]), "{dates:?}");
    let wish = json!({ "since": ids[4], "before": ids[1], "limit": 2 });
    let page = many!(judge, "Action", "GET /boards/{board}/actions", wish);
    assert_eq!(names(&page, "id"), ids[2..4]);
    let wish = json!({ "since": dates[3], "limit": 1000 });
    let page = many!(judge, "Action", "GET /boards/{board}/actions", wish);
    assert_eq!(names(&page, "id"), ids[..3]);
    any!(judge, "DELETE /actions/{said}");
}

async fn cards(judge: &mut Judge, card: &str, list: &str) {
    let wish = json!({ "idList": list, "pos": "top", "dueComplete": true, "name": "Kefir" });
    let moved = one!(judge, "Card", "PUT /cards/{card}", wish);
    assert_eq!(moved["idList"], list);
    let wish = json!({
        "checklists": "all", "attachments": "true", "customFieldItems": "true", "members": "true",
        "list": "true", "board": "true", "actions": "all",
    });
    let whole = one!(judge, "Card", "GET /cards/{card}", wish);
    for part in [
        "checklists",
        "attachments",
        "customFieldItems",
        "members",
        "actions",
    ] {
        assert!(
            whole[part].as_array().is_some_and(|all| !all.is_empty()),
            "{part}"
        );
    }
    let short = whole["shortLink"].as_str().unwrap();
    let name = any!(judge, "GET /cards/{short}/name");
    assert_eq!(name["_value"], "Kefir");
    let few = one!(judge, "Card", "GET /cards/{card}", { "fields": "name,idList" });
    assert_eq!(few.as_object().unwrap().len(), 3);
}

async fn boards(judge: &mut Judge, board: &str) {
    let wish = json!({
        "lists": "open", "cards": "open", "labels": "all", "members": "all", "checklists": "all",
        "customFields": "true", "actions": "all", "memberships": "all", "card_checklists": "all",
    });
    let whole = one!(judge, "Board", "GET /boards/{board}", wish);
    for part in [
        "lists",
        "cards",
        "labels",
        "members",
        "checklists",
        "customFields",
        "actions",
    ] {
        assert!(
            whole[part].as_array().is_some_and(|all| !all.is_empty()),
            "{part}"
        );
    }
    one!(judge, "Board", "PUT /boards/{board}", { "name": "Radios" });
    let wish = json!({ "cards": "open", "fields": "name" });
    let lists = many!(judge, "List", "GET /boards/{board}/lists", wish);
    assert!(lists[0].get("pos").is_none() && lists[1]["cards"][0]["name"] == "Kefir");
    many!(judge, "List", "GET /boards/{board}/lists/all");
    let wish = json!({ "customFieldItems": "true", "limit": 10 });
    many!(judge, "Card", "GET /boards/{board}/cards", wish);
    many!(judge, "Card", "GET /boards/{board}/cards/all");
    many!(judge, "Checklist", "GET /boards/{board}/checklists");
    let name = any!(judge, "GET /boards/{board}/name");
    assert_eq!(name["_value"], "Radios");
    let prefs = any!(judge, "GET /boards/{board}/prefs");
    assert_eq!(prefs["cardAging"], "regular");
}

async fn lists(judge: &mut Judge, board: &str, one: &str, two: &str) {
    one!(judge, "List", "GET /lists/{one}");
    one!(judge, "Board", "GET /lists/{one}/board");
    one!(judge, "List", "PUT /lists/{one}", { "name": "First" });
    one!(judge, "List", "PUT /lists/{one}/pos", { "value": "bottom" });
    one!(judge, "List", "PUT /lists/{one}/closed", { "value": true });
    one!(judge, "List", "PUT /lists/{one}/closed", { "value": false });
    for name in ["A", "B"] {
        one!(judge, "Card", "POST /cards", { "idList": one, "name": name });
    }
    let wish = json!({ "idBoard": board, "idList": two });
    any!(judge, "POST /lists/{one}/moveAllCards", wish);
    let there = many!(judge, "Card", "GET /lists/{two}/cards");
    assert_eq!(names(&there, "name"), ["Kefir", "A", "B"]);
    let gone = one!(judge, "List", "POST /boards/{board}/lists", { "name": "Gone" });
    let gone = id(&gone);
    one!(judge, "Card", "POST /cards", { "idList": gone, "name": "C" });
    any!(judge, "POST /lists/{gone}/archiveAllCards");
    let left = any!(judge, "GET /lists/{gone}/cards");
    assert_eq!(left, json!([]));
    let other = one!(judge, "Board", "POST /boards", { "name": "Other" });
    let sent = one!(judge, "List", "PUT /lists/{gone}/idBoard", { "value": id(&other) });
    assert_eq!(sent["idBoard"], other["id"]);
}

async fn people(judge: &mut Judge, board: &str) {
    let me = one!(judge, "Member", "GET /members/me");
    assert_eq!(me["username"], "anna");
    let name = any!(judge, "GET /members/me/username");
    assert_eq!(name["_value"], "anna");
    many!(judge, "Board", "GET /members/me/boards");
    many!(judge, "Card", "GET /members/me/cards");
    let organization = many!(judge, "Organization", "GET /members/me/organizations");
    let organization = id(&organization[0]);
    many!(judge, "Member", "GET /boards/{board}/members");
    let places = many!(judge, "Membership", "GET /boards/{board}/memberships");
    let place = id(&places[1]);
    let changed = one!(judge, "Membership", "PUT /boards/{board}/memberships/{place}", { "type": "observer" });
    assert_eq!(
        (&changed["memberType"], id(&changed)),
        (&json!("observer"), place)
    );
    one!(judge, "Organization", "GET /organizations/{organization}");
    many!(judge, "Board", "GET /organizations/{organization}/boards");
    many!(judge, "Member", "GET /organizations/{organization}/members");
    let all = many!(
        judge,
        "Membership",
        "GET /organizations/{organization}/memberships"
    );
    let place = id(&all[0]);
    one!(
        judge,
        "Membership",
        "GET /organizations/{organization}/memberships/{place}"
    );
    let name = any!(judge, "GET /organizations/{organization}/name");
    assert_eq!(name["_value"], "practice");
    let boris = judge.boris.clone();
    any!(judge, "DELETE /boards/{board}/members/{boris}");
    let people = any!(judge, "PUT /boards/{board}/members/{boris}", { "type": "normal" });
    assert_eq!(people["memberships"].as_array().map(Vec::len), Some(2));
}

async fn search_and_batch(judge: &mut Judge, board: &str, card: &str) {
    let wish = json!({ "query": "kefir", "modelTypes": "cards", "idBoards": board });
    let found = any!(judge, "GET /search", wish);
    assert_eq!(names(&found["cards"], "id"), [card]);
    let faults = judge.table.faults("Card", &found["cards"][0], true);
    judge.note("GET /search", faults);
    let found = any!(judge, "GET /search", { "query": "Radios" });
    assert_eq!(names(&found["boards"], "id"), [board]);
    let found = many!(judge, "Member", "GET /search/members", { "query": "bor" });
    assert_eq!(names(&found, "username"), ["boris"]);
    let urls = format!("/cards/{card}?fields=name,/boards/{board},/cards/none");
    let answers = any!(judge, "GET /batch", { "urls": urls });
    assert_eq!(answers[0]["200"]["name"], "Kefir");
    assert_eq!(answers[1]["200"]["id"], board);
    assert_eq!(answers[2]["statusCode"], 404);
}

async fn webhooks(judge: &mut Judge, board: &str) {
    let url = super::api::listen(0).await.0;
    let wish = |path: &str| json!({ "callbackURL": format!("{url}&{path}"), "idModel": board, "description": "Ours" });
    let hook = id(&one!(judge, "Webhook", "POST /webhooks", wish("1")));
    one!(judge, "Webhook", "GET /webhooks/{hook}");
    let changed = one!(judge, "Webhook", "PUT /webhooks/{hook}", { "active": false });
    assert_eq!(changed["active"], false);
    let model = any!(judge, "GET /webhooks/{hook}/idModel");
    assert_eq!(model["_value"], board);
    let token = judge.token.clone();
    let own = one!(judge, "Webhook", "POST /tokens/{token}/webhooks", wish("2"));
    let own = id(&own);
    many!(judge, "Webhook", "GET /tokens/{token}/webhooks");
    one!(judge, "Webhook", "GET /tokens/{token}/webhooks/{own}");
    one!(judge, "Webhook", "PUT /tokens/{token}/webhooks/{own}", { "description": "Theirs" });
    one!(judge, "Token", "GET /tokens/{token}", { "webhooks": "true" });
    one!(judge, "Member", "GET /tokens/{token}/member");
    many!(judge, "Token", "GET /members/me/tokens", { "webhooks": "true" });
    any!(judge, "DELETE /tokens/{token}/webhooks/{own}");
    any!(judge, "DELETE /webhooks/{hook}");
    let left = any!(judge, "GET /tokens/{token}/webhooks");
    assert_eq!(left, json!([]));
}
