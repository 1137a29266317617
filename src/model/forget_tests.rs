use super::*;
use serde_json::json;

const ID: &str = "5b00000000000000000000a1";

fn whom(username: &str, full_name: &str) -> Forget {
    let one = Member {
        id: ID.into(),
        username: username.into(),
        full_name: full_name.into(),
    };
    Forget::new(&"board".into(), &[one], &[], "somebody".into())
}

#[test]
fn words_by_which_the_program_steers_are_never_touched() {
    let unlucky = whom("refused", "contract");
    let told = json!({
        "what": "refused", "stage": "contract", "stages": ["contract", "refused"],
        "items": { "refused": { "tick": null } }, "said": "refused", "text": "contract signed",
    });
    let mut value = told.clone();
    assert!(unlucky.json(&mut value));
    for key in ["what", "stage", "stages", "items"] {
        assert_eq!(value[key], told[key], "{key}");
    }
    assert_eq!(value["said"], "somebody");
    assert_eq!(value["text"], "somebody signed");
}

#[test]
fn a_name_is_found_however_it_is_spaced_and_cased_and_as_a_whole_alone() {
    let anna = whom("anna_v", "Анна Ветрова");
    for (text, wanted) in [
        ("АННА ВЕТРОВА звонила", "somebody звонила"),
        ("«Анна\u{a0} Ветрова», @anna_v.", "«somebody», somebody."),
        ("Анна Ветрова (менеджер)", "somebody (менеджер)"),
        ("пишите @Anna_V!", "пишите somebody!"),
    ] {
        assert_eq!(anna.text(text).as_deref(), Some(wanted));
    }
    for text in [
        "Анна Ветровага",
        "Жанна Ветрова",
        "anna_vetrova",
        "anna_v2",
        "Анна",
    ] {
        assert_eq!(anna.text(text), None, "{text}");
    }
}

#[test]
fn names_with_signs_of_their_own_are_names() {
    for name in [
        "Мария (менеджер)",
        "J. R. O'Neil-Smith",
        "a+b [x]* \\d",
        "Пётр.",
        "李小龙",
    ] {
        let one = whom("", name);
        let text = format!("so said {name}, and went");
        assert_eq!(
            one.text(&text).as_deref(),
            Some("so said somebody, and went")
        );
    }
}

#[test]
fn ids_are_replaced_as_keys_values_and_inside_a_text_always_by_the_same() {
    let anna = whom("anna_v", "Anna");
    let instead = stand_in(&"board".into(), ID);
    let mut value = json!({ "called": { ID: "2026-11-24" }, "threads": { format!("untick x {ID}"): "1" }, "by": ID, "lane": format!("timer {ID} x") });
    assert!(anna.json(&mut value));
    let wanted = json!({ "called": { instead.as_str(): "2026-11-24" }, "threads": { format!("untick x {instead}"): "1" }, "by": instead, "lane": format!("timer {instead} x") });
    assert_eq!(value, wanted);
    assert!(forgotten(&instead) && !forgotten(&ID.into()));
    assert_ne!(instead, stand_in(&"other".into(), ID));
    assert!(!anna.json(&mut value), "again changes nothing");
}

#[test]
fn what_trello_says_of_a_person_goes_whole() {
    let anna = whom("anna_v", "Anna");
    let told = json!({ "action": { "memberCreator": {
        "id": ID, "username": "earlier", "fullName": "Earlier Name", "initials": "EN", "avatarUrl": "https://x/EN",
    }}});
    let body = anna.body(&told.to_string()).unwrap();
    for gone in [ID, "earlier", "Earlier", "EN"] {
        assert!(!body.contains(gone), "{gone} in {body}");
    }
}

#[test]
fn one_letter_is_no_name_and_nobody_is_everybody() {
    assert_eq!(whom("a", "Я").text("a я"), None);
    assert_eq!(whom("", "").text("anything"), None);
}
