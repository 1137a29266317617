//! Process files changed as a form changes them, over random files in which comments stand anywhere:
//! what was not asked for does not change, and no comment is lost.

#![allow(clippy::unwrap_used)]
use crate::rulebook::{Book, book};
use proptest::prelude::*;
use serde_json::{Value, json};
use signalman::process::edit::{Change, Refused, apply, diff, form};

#[derive(Clone, Debug)]
struct Wish {
    kind: u8,
    which: u8,
    to: u8,
}

fn wish() -> impl Strategy<Value = Wish> {
    (0..19_u8, any::<u8>(), any::<u8>()).prop_map(|(kind, which, to)| Wish { kind, which, to })
}

/// Comments above lines and behind them, each of its own number.
fn commented(text: &str, places: &[u16]) -> (String, Vec<String>) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let begins = |line: &str| line.starts_with('[') || line.starts_with("key = ");
    let good: Vec<usize> = (0..lines.len())
        .filter(|at| begins(lines[*at].trim_start()))
        .collect();
    let mut notes = Vec::new();
    let mut places: Vec<u16> = places.to_vec();
    places.sort_unstable_by_key(|place| usize::from(*place) / 2 % good.len());
    places.dedup_by_key(|place| usize::from(*place) / 2 % good.len());
    for (nth, place) in places.iter().enumerate().rev() {
        let at = good[usize::from(*place) / 2 % good.len()];
        let note = format!("# note {nth}.");
        match place % 2 {
            0 => lines.insert(at, note.clone()),
            _ => lines[at] = format!("{} {note}", lines[at]),
        }
        notes.push(note);
    }
    (lines.join("\n") + "\n", notes)
}

fn pick<'v>(all: &'v Value, key: &str, which: u8) -> &'v Value {
    let all = all[key].as_array().unwrap();
    &all[usize::from(which) % all.len()]
}

/// The changes, and whether something is to go by them.
fn changes(wish: &Wish, all: &Value) -> (Value, bool) {
    let Wish { kind, which, to } = *wish;
    let stage = pick(all, "stage", which)["key"].clone();
    let list = pick(all, "checklist", which);
    let (checklist, item) = (list["key"].clone(), pick(list, "item", to)["key"].clone());
    let of = |part: &str| json!({ "part": part, "key": pick(all, part, which)["key"] });
    let an_item = json!({ "part": "item", "checklist": checklist, "key": item });
    let set = |at: Value, key: &str, value: Value| json!({ "change": "set", "at": at, "key": key, "value": value });
    let rename = |at: Value| json!({ "change": "rename", "at": at, "to": "another" });
    let remove = |at: Value| json!({ "change": "remove", "at": at });
    let change = match kind {
        0 => set(of("stage"), "limit", json!("3h")),
        1 => {
            let keys = [
                "movers", "skip", "start", "back", "hold", "wip", "archive", "limit", "need",
            ];
            set(of("stage"), keys[usize::from(to) % keys.len()], Value::Null)
        }
        2 => rename(of("stage")),
        3 => rename(of("role")),
        4 => rename(of("field")),
        5 => rename(an_item),
        6 => rename(of("checklist")),
        7 => match pick(all, "stage", which)["need"].as_array().unwrap().len() {
            0 => return (json!([]), false),
            many => {
                remove(json!({ "part": "need", "stage": stage, "nth": usize::from(to) % many }))
            }
        },
        8 => {
            let after = match to % 4 {
                0 => Value::Null,
                _ => pick(all, "stage", to)["key"].clone(),
            };
            json!({ "change": "move", "at": of("stage"), "after": after })
        }
        9 => {
            let many = pick(all, "stage", which)["need"].as_array().unwrap().len();
            let after = if many > 0 && to % 2 == 0 {
                json!(usize::from(to) % many)
            } else {
                Value::Null
            };
            let what = json!({ "member": pick(all, "role", to)["key"] });
            json!({ "change": "add", "to": { "list": "need", "stage": stage }, "what": what, "after": after })
        }
        10 => {
            let what = json!({ "key": "another", "name": "Ещё пункт", "lapses": true });
            let after = if to % 3 == 0 { Value::Null } else { item };
            json!({ "change": "add", "to": { "list": "item", "checklist": checklist }, "what": what, "after": after })
        }
        11 => remove(match to % 5 {
            0 => of("stage"),
            1 => of("field"),
            2 => of("role"),
            3 => of("checklist"),
            _ => an_item,
        }),
        12 => {
            let roles =
                [pick(all, "role", which), pick(all, "role", to)].map(|role| role["key"].clone());
            set(of("stage"), "movers", json!(roles))
        }
        13 => set(
            json!({ "part": "file" }),
            "name",
            json!("Другой «процесс» \"\\"),
        ),
        14 => json!({ "change": "move", "at": an_item, "after": pick(list, "item", which)["key"] }),
        15 => set(
            json!({ "part": "seed", "stage": stage }),
            "letter",
            json!("Строка.\nЕщё строка."),
        ),
        16 => {
            let mut needs = pick(all, "stage", which)["need"].clone();
            needs.as_array_mut().unwrap().reverse();
            return (json!([set(of("stage"), "need", needs)]), true);
        }
        17 => {
            let what = json!({
                "key": "another", "name": "Ещё этап", "purpose": "Дело.", "owner": pick(all, "role", to)["key"],
                "seed": { "due": true }, "need": [{ "field": pick(all, "field", to)["key"] }],
            });
            let after = pick(all, "stage", to)["key"].clone();
            json!({ "change": "add", "to": { "list": "stage" }, "what": what, "after": after })
        }
        _ => {
            let parts = ["role", "field", "label", "checklist"];
            set(
                of(parts[usize::from(to) % parts.len()]),
                "name",
                json!("Иначе"),
            )
        }
    };
    (json!([change]), matches!(kind, 1 | 7 | 11))
}

fn made(text: &str, all: &Value) -> Result<String, TestCaseError> {
    let changes: Vec<Change> = serde_json::from_value(all.clone()).unwrap();
    match apply(text, &changes) {
        Ok(edited) => Ok(edited.text),
        Err(Refused::Unsound { text, .. }) => Ok(text),
        Err(Refused::Named { by, .. }) if !by.is_empty() => Ok(text.to_owned()),
        Err(refused) => Err(TestCaseError::fail(format!("{refused:?}"))),
    }
}

fn shown(text: &str) -> Value {
    serde_json::to_value(form(text).unwrap()).unwrap()
}

/// Each is a file read some hundred times.
fn config() -> ProptestConfig {
    const FILES: u32 = 48;
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: if asked.cases == 256 {
            FILES
        } else {
            asked.cases / 8
        },
        failure_persistence: None,
        ..asked
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_comment_is_lost(
        book in book(),
        places in prop::collection::vec(any::<u16>(), 0..12),
        wishes in prop::collection::vec(wish(), 1..4),
    ) {
        let (mut text, notes) = commented(&book.text(), &places);
        let mut goes = false;
        for wish in &wishes {
            let (changes, gone) = changes(wish, &shown(&text));
            goes |= gone;
            // A second part under a key that was given before is refused, and nothing else.
            let fresh = !text.contains("\"another\"") || ![2, 3, 4, 5, 6, 10, 17].contains(&wish.kind);
            if fresh {
                text = made(&text, &changes)?;
            }
        }
        for note in &notes {
            let times = text.matches(note.as_str()).count();
            prop_assert!(times == 1 || goes && times == 0, "{note} stands {times} times in\n{text}");
        }
    }

    /// Everything that a form shows, said once more.
    #[test]
    fn what_is_set_to_what_it_was_changes_nothing(
        book in book(),
        places in prop::collection::vec(any::<u16>(), 0..12),
        from in any::<u16>(),
    ) {
        let (text, _) = commented(&book.text(), &places);
        let all = shown(&text);
        let mut changes = Vec::new();
        let mut say = |at: Value, part: &Value| {
            for (key, value) in part.as_object().unwrap() {
                let value = value.clone();
                changes.push(json!({ "change": "set", "at": at, "key": key, "value": value }));
            }
        };
        for part in ["label", "role", "field", "checklist", "stage"] {
            for one in all[part].as_array().unwrap() {
                say(json!({ "part": part, "key": one["key"] }), one);
            }
        }
        for one in all["side"].as_array().unwrap() {
            say(json!({ "part": "stage", "key": one["key"] }), one);
        }
        say(json!({ "part": "limits" }), &all["limits"]);
        // Some of them: a large file shows a thousand.
        let step = changes.len() / 50 + 1;
        let some: Vec<_> = changes.into_iter().skip(usize::from(from) % step).step_by(step).collect();
        let after = made(&text, &json!(some))?;
        prop_assert!(after == text, "{}", diff(&text, &after));
    }

    #[test]
    fn there_and_back_is_where_it_was(which in any::<u8>(), to in any::<u8>()) {
        let text = Book::Radio.text();
        let all = shown(&text);
        let part = ["stage", "role", "field", "checklist", "label"][usize::from(to) % 5];
        let key = &pick(&all, part, which)["key"];
        let rename = |from: &Value, to: &Value| {
            json!({ "change": "rename", "at": { "part": part, "key": from }, "to": to })
        };
        let new = json!("another");
        let changes = json!([rename(key, &new), rename(&new, key)]);
        let after = made(&text, &changes)?;
        prop_assert!(after == text, "{}", diff(&text, &after));
    }
}
