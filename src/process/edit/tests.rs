mod parts;

use super::*;
use crate::process::rules::Language;
use serde_json::{Value as Json, json};

const RADIO: &str = include_str!("../../../radio.ru.toml");
const RADIO_EN: &str = include_str!("../../../radio.en.toml");
const GOOD: &str = include_str!("../../../tests/check/good.toml");

fn changes(all: &Json) -> Vec<Change> {
    serde_json::from_value(all.clone()).unwrap()
}

fn edited(text: &str, all: &Json) -> String {
    match apply(text, &changes(all)) {
        Ok(edited) => edited.text,
        Err(Refused::Unsound { diff, mistakes, .. }) => panic!("{mistakes:#?}\n{diff}"),
        Err(refused) => panic!("{refused:#?}"),
    }
}

fn refused(text: &str, all: &Json) -> Refused {
    apply(text, &changes(all)).unwrap_err()
}

/// The lines that went and came.
fn lines(before: &str, after: &str) -> Vec<String> {
    let told = diff(before, after);
    let lines = told.lines().filter(|line| !line.starts_with("@@"));
    let changed = lines.filter(|line| line.starts_with(['+', '-']) && line.len() > 1);
    changed.map(str::to_owned).collect()
}

fn set(part: &Json, key: &str, value: &Json) -> Json {
    json!([{ "change": "set", "at": part, "key": key, "value": value }])
}

fn stage(key: &str) -> Json {
    json!({ "part": "stage", "key": key })
}

#[test]
fn without_changes_nothing_changes() {
    for text in [RADIO, RADIO_EN, GOOD] {
        let same = apply(text, &[]).unwrap();
        assert_eq!((same.text.as_str(), same.diff.as_str()), (text, ""));
    }
}

#[test]
fn one_value_is_one_line() {
    for text in [RADIO, RADIO_EN] {
        let after = edited(text, &set(&stage("connect"), "limit", &json!("20h")));
        assert_eq!(
            lines(text, &after),
            ["-limit = \"16h\"", "+limit = \"20h\""]
        );
    }
    let after = edited(RADIO, &set(&json!({ "part": "limits" }), "bulk", &json!(7)));
    assert_eq!(lines(RADIO, &after), ["-bulk = 5", "+bulk = 7"]);
    let after = edited(
        RADIO,
        &set(&json!({ "part": "file" }), "mode", &json!("watch")),
    );
    assert_eq!(
        lines(RADIO, &after),
        ["-mode = \"enforce\"", "+mode = \"watch\""]
    );
}

#[test]
fn a_key_that_was_not_there_stands_where_it_belongs() {
    let after = edited(
        RADIO,
        &set(
            &stage("contract"),
            "wip",
            &json!({ "refuse": true, "limit": 9 }),
        ),
    );
    assert_eq!(
        lines(RADIO, &after),
        ["+wip = { limit = 9, refuse = true }"]
    );
    assert!(
        after.contains("limit = \"40h\"\nwip = { limit = 9, refuse = true }\nphase = \"sale\"\n")
    );
    let seed = json!({ "part": "seed", "stage": "postponed" });
    let after = edited(RADIO, &set(&seed, "members", &json!(true)));
    assert_eq!(
        lines(RADIO, &after),
        ["+  [side.seed]", "+  members = true"]
    );
}

#[test]
fn a_key_goes_and_the_comment_above_stays() {
    let after = edited(RADIO, &set(&stage("invoice"), "once", &Json::Null));
    assert_eq!(
        lines(RADIO, &after),
        ["-once = \"реквизиты и договор готовы\""]
    );
    assert!(after.contains("стоил фирме 2 % оборота.\nwork ="));
}

#[test]
fn quotes_stay_as_they_were() {
    let field = json!({ "part": "field", "key": "mount" });
    let after = edited(
        RADIO,
        &set(&field, "pattern", &json!(r"^/[A-Za-z0-9._-]{1,31}$")),
    );
    assert!(lines(RADIO, &after)[1].starts_with("+pattern = '^/"));
    let guide = json!({ "part": "guide" });
    let text = "Первая строка.\n\nПуть C:\\air и \"кавычки\"\"\" подряд\"";
    let after = edited(RADIO, &set(&guide, "text", &json!(text)));
    assert_eq!(form(&after).unwrap().guide.unwrap().text, text);
    assert!(after.contains("text = \"\"\"\nПервая строка.\n\nПуть"));
}

#[test]
fn one_line_becomes_many_whatever_letters_it_had() {
    let text = GOOD.replace("purpose = \"Сделать.\"", "purpose = \"aé\"");
    let after = edited(&text, &set(&stage("work"), "purpose", &json!("Раз.\nДва.")));
    assert!(after.contains("purpose = \"\"\"\nРаз.\nДва.\"\"\"\n"));
}

#[test]
fn parts_with_blank_lines_between_them_go_together() {
    let needs =
        "\n[[side.need]]\nfield = \"inn\"\n\n\n# о дате\n[[side.need]]\nfield = \"due\"\n\n\n";
    let (before, _) = GOOD.split_once("\n[[deadline]]").unwrap();
    let text = format!("{before}{needs}");
    let after = edited(&text, &set(&stage("lost"), "need", &Json::Null));
    assert_eq!(after.trim_end(), before.trim_end());
}

#[test]
fn people_come_and_go_beside_their_comments() {
    let text = GOOD.replace(
        "people = [\"anna\"]",
        "people = [\n  \"anna\", # до мая\n  # её заместитель\n  \"boris\"\n]",
    );
    let role = json!({ "part": "role", "key": "boss" });
    let after = edited(&text, &set(&role, "people", &json!(["boris", "clara"])));
    assert!(
        after.contains("people = [\n  # её заместитель\n  \"boris\",\n  \"clara\",\n]"),
        "{after}"
    );
    let after = edited(
        &text,
        &set(&role, "people", &json!(["zoe", "anna", "boris"])),
    );
    assert!(
        after.contains("[\n  \"zoe\",\n  \"anna\", # до мая\n"),
        "{after}"
    );
    let after = edited(
        RADIO,
        &set(
            &json!({ "part": "role", "key": "director" }),
            "people",
            &json!(["denis"]),
        ),
    );
    assert_eq!(
        lines(RADIO, &after),
        ["-people = []", "+people = [\"denis\"]"]
    );
}

#[test]
fn windows_lines_and_a_mark_at_the_beginning_stay() {
    let text = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert!(file::read(&text).is_ok());
    let all = json!([
        { "change": "set", "at": stage("pay"), "key": "limit", "value": "8h" },
        { "change": "add", "to": { "list": "need", "stage": "pay" }, "what": { "field": "inn" }, "after": 0 },
    ]);
    let after = edited(&text, &all);
    assert!(after.starts_with('\u{feff}'));
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    assert_eq!(after.lines().count(), text.lines().count() + 2);
}

#[test]
fn a_renamed_key_is_renamed_wherever_it_is_named() {
    let all = json!([{ "change": "rename", "at": { "part": "field", "key": "contract_no" }, "to": "deal_no" }]);
    let after = edited(RADIO, &all);
    let comments = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(comments(&after), comments(RADIO));
    assert!(after.contains("work = \"Договор {deal_no}, заказанные опции: {options}."));
    assert_eq!(lines(RADIO, &after).len(), 6, "{:?}", lines(RADIO, &after));
    let all =
        json!([{ "change": "rename", "at": { "part": "role", "key": "engineer" }, "to": "tech" }]);
    let after = edited(RADIO, &all);
    assert!(!after.contains("\"engineer\""));
    assert_eq!(after.replace("\"tech\"", "\"engineer\""), RADIO);
    let all = json!([{ "change": "rename", "at": { "part": "field", "key": "source_port" }, "to": "port" }]);
    assert!(edited(RADIO, &all).contains("порт: {port} (SHOUTcast 1: в кодере порт {port+1})"));
}

#[test]
fn a_renamed_stage_says_what_it_was() {
    let rename = |from: &str, to: &str| json!({ "change": "rename", "at": stage(from), "to": to });
    let once = edited(RADIO, &json!([rename("connect", "launch")]));
    assert!(once.contains("key = \"launch\"\nname = \"Подключение\"\nwas = \"connect\"\n"));
    assert!(once.contains("to = [\"handover\", \"launch\"]"));
    let twice = edited(
        RADIO,
        &json!([rename("connect", "launch"), rename("launch", "start")]),
    );
    assert!(twice.contains("key = \"start\"\nname = \"Подключение\"\nwas = \"connect\"\n"));
    let back = edited(
        RADIO,
        &json!([rename("connect", "launch"), rename("launch", "connect")]),
    );
    assert_eq!(back, RADIO);
    let later = edited(&once, &json!([rename("launch", "start")]));
    assert!(later.contains("was = \"launch\""));
}

#[test]
fn an_item_without_a_key_is_followed_by_its_name() {
    let text = GOOD
        .replace("  key = \"signed\"\n", "")
        .replace("item = \"signed\"", "item = \"deal: Договор подписан\"");
    let item = json!({ "part": "item", "checklist": "deal", "key": "Договор подписан" });
    let after = edited(&text, &set(&item, "name", &json!("Подписан")));
    assert!(after.contains("item = \"deal: Подписан\""));
    let all =
        json!([{ "change": "rename", "at": { "part": "checklist", "key": "deal" }, "to": "sale" }]);
    let after = edited(&text, &all);
    assert!(
        after.contains("item = \"sale: Договор подписан\"")
            && after.contains("checklists = [\"sale\"]")
    );
}

#[test]
fn what_others_name_is_not_taken_out() {
    let all = json!([{ "change": "remove", "at": { "part": "item", "checklist": "deal", "key": "signed" } }]);
    let refused = refused(GOOD, &all);
    let line = GOOD
        .lines()
        .position(|line| line == "  item = \"signed\"")
        .unwrap()
        + 1;
    let Refused::Named { by, .. } = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        by[..],
        [Where {
            part: "stage".into(),
            key: "pay".into(),
            name: "Оплата".into(),
            through: "need.item".into(),
            line,
        }]
    );
    assert_eq!(
        refused.say(Language::Ru),
        format!(
            "«Договор подписан» ещё используется: этап «Оплата» (need.item, строка {line}). Сначала уберите оттуда."
        )
    );
    assert_eq!(
        refused.say(Language::En),
        format!(
            "“Договор подписан” is still used: stage “Оплата” (need.item, line {line}). Take it out there first."
        )
    );
}

#[test]
fn mistakes_are_told_with_line_and_column() {
    let refused = refused(
        RADIO,
        &set(&stage("details"), "movers", &json!(["manager", "enginer"])),
    );
    let Refused::Unsound {
        text,
        mistakes,
        diff,
    } = &refused
    else {
        panic!("{refused:?}")
    };
    let [one] = &mistakes[..] else {
        panic!("{mistakes:?}")
    };
    assert_eq!(one.shown, "movers = [\"manager\", \"enginer\"]");
    assert_eq!((one.error, one.column), (true, 22));
    assert_eq!(text.lines().nth(one.line - 1), Some(one.shown.as_str()));
    assert_eq!(one.mend, "did you mean `engineer`?");
    assert!(diff.contains("+movers = [\"manager\", \"enginer\"]\n"));
    let unread = apply("name = \"a\nkey", &[]).unwrap_err();
    let Refused::Unreadable { mistakes } = unread else {
        panic!("{unread:?}")
    };
    assert_eq!(mistakes[0].line, 1);
}

#[test]
fn a_file_in_another_hand_is_changed_in_its_own_way() {
    let text = GOOD
        .replace("  [[stage.need]]\n  item = \"signed\"\n", "")
        .replace(
            "limit = \"16h\"\n",
            "limit = \"16h\"\nneed = [{ item = \"signed\" }]\n",
        )
        .replace(
            "  [stage.seed]\n  checklists = [\"deal\"]\n",
            "seed.checklists = [\"deal\"] # сразу\n",
        )
        .replace("[[label]]\nkey = \"done\"\nname = \"Готово\"\n", "")
        .replace(
            "owner = \"boss\"\n\n",
            "owner = \"boss\"\nlabel = [{ key = \"done\", name = \"Готово\" }]\n\n",
        );
    assert!(file::read(&text).is_ok());
    let after = edited(
        &text,
        &json!([
            { "change": "add", "to": { "list": "need", "stage": "pay" }, "after": 0, "what": { "field": "inn" } },
            { "change": "set", "at": { "part": "seed", "stage": "new" }, "key": "members", "value": true },
            { "change": "set", "at": { "part": "label", "key": "done" }, "key": "color", "value": "green" },
            { "change": "add", "to": { "list": "label" }, "after": "done", "what": { "key": "late", "name": "Поздно" } },
        ]),
    );
    assert!(after.contains("need = [{ item = \"signed\" }, { field = \"inn\" }]\n"));
    assert!(
        after.contains("seed.checklists = [\"deal\"] # сразу\nseed.members = true\n"),
        "{after}"
    );
    assert!(after.contains("label = [{ key = \"done\", name = \"Готово\", color = \"green\" }, { key = \"late\", name = \"Поздно\" }]\n"));
    let torn = GOOD.replace("  [stage.seed]\n  labels", "[[deadline]]\nfield = \"due\"\ntell = [{ on_the_day = true, who = [\"boss\"] }]\n  [stage.seed]\n  labels");
    let remove = json!([{ "change": "move", "at": stage("work"), "after": "new" }]);
    assert_eq!(refused(&torn, &remove), Refused::Entangled);
}

/// A form sends back what it shows, what is not written among it.
#[test]
fn what_is_shown_and_not_written_is_not_written() {
    let all = form(RADIO).unwrap();
    let shown = serde_json::to_value(&all.stage[6]).unwrap();
    let changes = shown.as_object().unwrap().iter().map(|(key, value)| {
        json!({ "change": "set", "at": stage("handover"), "key": key, "value": value })
    });
    assert_eq!(edited(RADIO, &changes.collect()), RADIO);
    let nowhere = refused(GOOD, &set(&stage("new"), "next", &json!([])));
    let said = matches!(&nowhere, Refused::Unsound { text, .. } if text.contains("\nnext = []\n"));
    assert!(said, "an empty list that says something: {nowhere:?}");
}

#[test]
fn what_is_not_for_the_form_is_left_alone() {
    let file = json!({ "part": "file" });
    assert_eq!(
        refused(RADIO, &set(&file, "target", &json!([]))),
        Refused::Fixed
    );
    assert_eq!(
        refused(RADIO, &set(&file, "stage", &json!([]))),
        Refused::Fixed
    );
    let gone = refused(RADIO, &set(&stage("gone"), "limit", &json!("1h")));
    assert_eq!(
        gone,
        Refused::NoSuch {
            part: "stage".into(),
            key: "gone".into()
        }
    );
    let taken = json!([{ "change": "rename", "at": stage("quote"), "to": "lost" }]);
    assert_eq!(
        refused(RADIO, &taken),
        Refused::Taken { key: "lost".into() }
    );
    let bad = json!([{ "change": "rename", "at": stage("quote"), "to": "a b" }]);
    assert_eq!(refused(RADIO, &bad), Refused::BadKey { key: "a b".into() });
}

/// A key that the schema gets and the form forgets would never be seen there.
#[test]
fn the_form_shows_every_key_of_the_schema() {
    fn shown(path: &[&str], value: &Json) {
        let Some(table) = value.as_object() else {
            return;
        };
        let keys = file::keys(path);
        let missing: Vec<_> = keys
            .iter()
            .filter(|key| !table.contains_key(**key))
            .collect();
        assert!(
            missing.is_empty() && !keys.is_empty(),
            "{path:?} lacks {missing:?}"
        );
    }
    let all = serde_json::to_value(form(RADIO).unwrap()).unwrap();
    shown(&[], &all);
    for key in ["guide", "hours", "limits", "figures"] {
        shown(&[key], &all[key]);
    }
    for key in [
        "label",
        "role",
        "field",
        "block",
        "checklist",
        "stage",
        "side",
        "deadline",
    ] {
        shown(&[key], &all[key][0]);
    }
    shown(&["checklist", "item"], &all["checklist"][0]["item"][0]);
    shown(&["stage", "seed"], &all["stage"][0]["seed"]);
    shown(&["stage", "need"], &all["stage"][1]["need"][0]);
    shown(&["stage", "back"], &all["stage"][4]["back"][0]);
    shown(&["stage", "archive"], &all["stage"][0]["archive"]);
    shown(&["side", "return"], &all["side"][0]["return"][0]);
    shown(&["deadline", "tell"], &all["deadline"][0]["tell"][0]);
}
