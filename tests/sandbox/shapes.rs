//! Every action is compared, field by field, with a fixture: the same names and the same JSON types
//! at every depth. A fixture follows the shapes of recorded actions; UPDATE=1 writes what is missing.

#![allow(clippy::disallowed_methods)]

use super::openapi::{kind_of, table};
use serde_json::{Value, json};
use signalman::sandbox::model::Rank;
use signalman::sandbox::world::{Hand, World};
use signalman::sandbox::{Options, Sandbox};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Names and types: what stays of a JSON value when ids, dates and texts are left out.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("string"),
        Value::Array(all) => json!(all.first().map(shape).into_iter().collect::<Vec<_>>()),
        Value::Object(all) => {
            let sorted: BTreeMap<_, _> =
                all.iter().map(|(key, value)| (key, shape(value))).collect();
            json!(sorted)
        }
    }
}

struct Scene {
    hand: Hand,
    world: World,
    lists: [String; 2],
    card: String,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// Does everything once that an action tells of.
fn play(world: &World) -> Scene {
    let anna = world.add_member("anna", "Anna Ash");
    let boris = world.add_member("boris", "Boris Birch");
    let board = world.add_board("Board", &anna);
    world.join(&board, &boris, Rank::Normal);
    let hand = world.hand(&anna);
    let list = |name: &str| {
        id(&hand
            .post("lists", json!({ "idBoard": board, "name": name }))
            .unwrap())
    };
    let lists = [list("One"), list("Two")];
    let card = id(&hand
        .post("cards", json!({ "idList": lists[0], "name": "Card" }))
        .unwrap());
    let on = |path: &str| format!("cards/{card}/{path}");
    let put = |wish: Value| hand.put(&format!("cards/{card}"), wish).unwrap();
    put(json!({ "idList": lists[1], "pos": 5 }));
    put(json!({ "name": "Renamed" }));
    put(json!({ "desc": "Described" }));
    put(json!({ "due": "2026-12-01T12:00:00.000Z" }));
    put(json!({ "dueComplete": true }));
    put(json!({ "closed": true }));
    put(json!({ "closed": false }));
    hand.post(&on("idMembers"), json!({ "value": boris }))
        .unwrap();
    hand.delete(&on(&format!("idMembers/{boris}"))).unwrap();
    let label = id(&hand
        .post(
            "labels",
            json!({ "idBoard": board, "name": "L", "color": "red" }),
        )
        .unwrap());
    hand.post(&on("idLabels"), json!({ "value": label }))
        .unwrap();
    hand.delete(&on(&format!("idLabels/{label}"))).unwrap();
    let comment = id(&hand
        .post(&on("actions/comments"), json!({ "text": "Said" }))
        .unwrap());
    hand.put(
        &format!("actions/{comment}"),
        json!({ "text": "Said again" }),
    )
    .unwrap();
    hand.delete(&format!("actions/{comment}")).unwrap();
    hand.post(&on("actions/comments"), json!({ "text": "Said" }))
        .unwrap();
    let link = id(&hand
        .post(
            &on("attachments"),
            json!({ "url": "https://a.example/", "name": "A" }),
        )
        .unwrap());
    hand.delete(&on(&format!("attachments/{link}"))).unwrap();
    let checklist = id(&hand
        .post("checklists", json!({ "idCard": card, "name": "C" }))
        .unwrap());
    let item = |name: &str| {
        let path = format!("checklists/{checklist}/checkItems");
        id(&hand.post(&path, json!({ "name": name })).unwrap())
    };
    let (first, second) = (item("I"), item("J"));
    hand.put(
        &on(&format!("checkItem/{first}")),
        json!({ "state": "complete" }),
    )
    .unwrap();
    hand.put(&on(&format!("checkItem/{first}")), json!({ "name": "K" }))
        .unwrap();
    hand.delete(&format!("checklists/{checklist}/checkItems/{first}"))
        .unwrap();
    let convert = on(&format!(
        "checklist/{checklist}/checkItem/{second}/convertToCard"
    ));
    hand.post(&convert, json!({})).unwrap();
    hand.delete(&format!("checklists/{checklist}")).unwrap();
    for (kind, value) in [
        ("text", json!({ "text": "x" })),
        ("checkbox", json!({ "checked": "true" })),
    ] {
        let wish = json!({ "idModel": board, "modelType": "board", "name": kind, "type": kind });
        let field = id(&hand.post("customFields", wish).unwrap());
        hand.put(
            &on(&format!("customField/{field}/item")),
            json!({ "value": value }),
        )
        .unwrap();
    }
    let copy = json!({ "idList": lists[0], "idCardSource": card });
    let copy = id(&hand.post("cards", copy).unwrap());
    hand.email(&lists[0], "By mail", "Text").unwrap();
    hand.put(&format!("lists/{}", lists[1]), json!({ "name": "Zwei" }))
        .unwrap();
    hand.put(&format!("lists/{}", lists[1]), json!({ "closed": true }))
        .unwrap();
    hand.put(&format!("lists/{}", lists[1]), json!({ "closed": false }))
        .unwrap();
    let other = world.add_board("Other", &anna);
    hand.post("lists", json!({ "idBoard": other, "name": "There" }))
        .unwrap();
    hand.put(&format!("cards/{copy}"), json!({ "idBoard": other }))
        .unwrap();
    rarer(&hand, &board, &other, &card);
    Scene {
        hand,
        world: world.clone(),
        lists,
        card,
    }
}

/// What no card's ordinary life has: people of a board, labels, Custom Fields and lists changed.
fn rarer(hand: &Hand, board: &str, other: &str, card: &str) {
    let carol = hand.world().add_member("carol", "Carol Cedar");
    let place = format!("boards/{board}/members/{carol}");
    for rank in ["normal", "admin", "observer", "normal"] {
        hand.put(&place, json!({ "type": rank })).unwrap();
    }
    hand.delete(&place).unwrap();
    let put = |path: String, wish: Value| hand.put(&path, wish).unwrap();
    for wish in [
        json!({ "name": "Tafel" }),
        json!({ "desc": "What for" }),
        json!({ "closed": true }),
        json!({ "closed": false }),
    ] {
        put(format!("boards/{board}"), wish);
    }
    let label = json!({ "idBoard": board, "name": "M", "color": "sky" });
    let label = format!("labels/{}", id(&hand.post("labels", label).unwrap()));
    put(label.clone(), json!({ "name": "N" }));
    put(label.clone(), json!({ "color": "lime" }));
    hand.delete(&label).unwrap();
    let field = json!({
        "idModel": board, "modelType": "board", "name": "Choice", "type": "list",
        "options": [{ "value": { "text": "A" } }, { "value": { "text": "B" } }],
    });
    let field = hand.post("customFields", field).unwrap();
    let path = format!("customFields/{}", id(&field));
    for option in [&field["options"][0], &field["options"][1]] {
        let on = format!("cards/{card}/customField/{}/item", id(&field));
        put(on, json!({ "idValue": option["id"] }));
    }
    put(path.clone(), json!({ "name": "Pick" }));
    hand.delete(&path).unwrap();
    for who in [carol.as_str(), hand.member()] {
        let on = format!("cards/{card}/idMembers");
        hand.post(&on, json!({ "value": who })).unwrap();
        hand.delete(&format!("{on}/{who}")).unwrap();
    }
    put(
        format!("cards/{card}"),
        json!({ "start": "2026-11-01T12:00:00.000Z" }),
    );
    let checklist = json!({ "idCard": card, "name": "C" });
    let checklist = id(&hand.post("checklists", checklist).unwrap());
    put(format!("checklists/{checklist}"), json!({ "name": "D" }));
    let list = json!({ "idBoard": board, "name": "Travels" });
    let list = format!("lists/{}", id(&hand.post("lists", list).unwrap()));
    put(list.clone(), json!({ "pos": "bottom" }));
    put(list, json!({ "idBoard": other }));
}

/// What an action is called here: its type, and the field it changed. Who joins a card is told of
/// otherwise than whom another puts on it.
fn name(action: &Value) -> String {
    let kind = action["type"].as_str().unwrap();
    match action["data"]["old"]
        .as_object()
        .and_then(|old| old.keys().next())
    {
        Some(field) if kind.starts_with("update") => format!("{kind}-{field}"),
        _ if kind.contains("MemberToCard") || kind.contains("MemberFromCard") => {
            let own = action["data"]["idMember"] == action["idMemberCreator"];
            format!("{kind}{}", if own { "" } else { "-other" })
        }
        _ => kind.to_owned(),
    }
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sandbox/fixtures/{name}.json"))
}

#[tokio::test]
async fn every_action_has_the_shape_of_its_fixture() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let scene = play(sandbox.world());
    let mut actions = scene.world.with(|state| state.actions.clone());
    let path = format!("cards/{}", scene.card);
    scene.hand.delete(&path).unwrap();
    actions.extend(scene.world.with(|state| state.actions.clone()));
    let mut seen = BTreeMap::new();
    for action in actions {
        seen.entry(name(&action.value)).or_insert(action.value);
    }
    let update = std::env::var_os("UPDATE").is_some();
    for file in fs::read_dir(fixture("x").parent().unwrap()).unwrap() {
        let name = file
            .unwrap()
            .path()
            .file_stem()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        assert!(seen.contains_key(&name), "nothing plays the fixture {name}");
    }
    for (name, action) in seen {
        let path = fixture(&name);
        if update && !path.exists() {
            fs::write(&path, format!("{:#}\n", action)).unwrap();
        }
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no fixture {name}"));
        let wanted: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(shape(&action), shape(&wanted), "{name}");
    }
}

/// Every field below a value, but not of arrays, with its type.
fn fields(value: &Value, path: &str, found: &mut BTreeMap<String, &'static str>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}").trim_start_matches('.').to_owned();
        fields(value, &path, found);
        found.insert(path, kind_of(value));
    }
}

/// The fixtures are ours; what was recorded is not.
#[test]
fn fixtures_have_what_recorded_actions_have() {
    let told = table().told;
    assert!(told.len() >= 12);
    for (name, recorded) in told {
        let text = fs::read_to_string(fixture(&name)).unwrap();
        let mut ours = BTreeMap::new();
        fields(&serde_json::from_str(&text).unwrap(), "", &mut ours);
        for (path, types) in &recorded {
            let kind = ours.get(path);
            let fits = kind.is_some_and(|kind| types.contains(*kind));
            assert!(fits, "{name}: {path} is {kind:?}, not {types:?}");
        }
        // Bodies of before 2017 have no display and lack more; of later ones nothing may be invented.
        if recorded.contains_key("display") {
            for path in ours.keys() {
                assert!(
                    recorded.contains_key(path),
                    "{name}: {path} was never recorded"
                );
            }
        }
    }
}

/// Reads in the sources what can be told of, so that no kind stays without a fixture.
#[test]
fn every_kind_that_can_be_told_has_a_fixture() {
    const VERBS: [&str; 11] = [
        "add", "comment", "convert", "copy", "create", "delete", "email", "make", "move", "remove",
        "update",
    ];
    // Parts of paths.
    const NO_KINDS: [&str; 2] = ["convertToCard", "moveAllCards"];
    let kind = |word: &&str| {
        let rest = VERBS.iter().find_map(|verb| word.strip_prefix(verb));
        rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
            && word.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !NO_KINDS.contains(word)
    };
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/rest");
    let played: Vec<String> = fs::read_dir(fixture("x").parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let mut kinds = 0;
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for word in text.split('"').skip(1).step_by(2).filter(kind) {
            let known = |name: &String| name.split(['-', '.']).next() == Some(word);
            assert!(played.iter().any(known), "no fixture of {word}");
            kinds += 1;
        }
    }
    assert!(kinds > 40, "{kinds}");
}

#[tokio::test]
async fn a_drag_tells_the_list_and_then_the_position() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let scene = play(sandbox.world());
    let before = scene.world.with(|state| state.actions.len());
    let wish = json!({ "idList": scene.lists[0], "pos": "top" });
    scene
        .hand
        .put(&format!("cards/{}", scene.card), wish)
        .unwrap();
    let new = scene.world.with(|state| state.actions.split_off(before));
    let told: Vec<_> = new.iter().map(|action| name(&action.value)).collect();
    assert_eq!(told, ["updateCard-idList", "updateCard-pos"]);
    let apart = new[1].at.duration_since(new[0].at).as_millis();
    assert!((10..60).contains(&apart), "{apart} ms");
}
