//! Parts that come, go and move.

use super::*;

#[test]
fn a_stage_comes_moves_and_goes() {
    let add = json!({ "change": "add", "to": { "list": "stage" }, "after": "quote", "what": {
        "name": "Согласование", "key": "agree", "purpose": "Условия согласованы.", "owner": "manager",
        "movers": ["manager"], "limit": "8h",
        "need": [{ "label": "debt" }], "seed": { "members": true },
    } });
    let after = edited(RADIO, &json!([add]));
    let block = "\n\n[[stage]]\nkey = \"agree\"\nname = \"Согласование\"\npurpose = \"Условия согласованы.\"\n\
        owner = \"manager\"\nmovers = [\"manager\"]\nlimit = \"8h\"\n  [stage.seed]\n  members = true\n  \
        [[stage.need]]\n  label = \"debt\"\n\n[[stage]]\nkey = \"contract\"\n";
    assert!(after.contains(block), "{after}");
    let remove = json!({ "change": "remove", "at": stage("agree") });
    assert_eq!(edited(&after, &json!([remove])), RADIO);
    let go = |after: &str| json!({ "change": "move", "at": stage("agree"), "after": after });
    let moved = edited(&after, &json!([go("details")]));
    let keys: Vec<_> = form(&moved)
        .unwrap()
        .stage
        .into_iter()
        .map(|one| one.key)
        .collect();
    assert_eq!(keys[1..4], ["details", "agree", "quote"]);
    assert_eq!(edited(&moved, &json!([go("quote")])), after);
}

#[test]
fn the_comment_of_a_section_stays_when_its_first_part_goes() {
    let remove = |key: &str| {
        json!([
            { "change": "set", "at": { "part": "block", "name": "Организация" }, "key": "fields",
              "value": ["org_kind", "legal_name", "inn", "ogrn", "foreign_no", "address", "signatory", "invoice_email", "docs_by", "contract_no", "contract_date"] },
            { "change": "remove", "at": { "part": "field", "key": key } },
        ])
    };
    let after = edited(RADIO, &remove("kpp"));
    assert!(
        !after.contains("# У ИП нет КПП"),
        "it spoke of that field alone"
    );
    assert!(after.contains("# — Организация —"));
    let label = json!([{ "change": "remove", "at": { "part": "label", "key": "waiting" } }]);
    let after = edited(RADIO, &label);
    assert!(
        after.contains("пока оно заполнено, время стоит.\n[[label]]\nkey = \"late\""),
        "{after}"
    );
}

#[test]
fn needs_and_items_come_move_and_go() {
    let need = |nth: usize| json!({ "part": "need", "stage": "connect", "nth": nth });
    let after = edited(
        RADIO,
        &json!([
            { "change": "add", "to": { "list": "need", "stage": "connect" }, "after": 0, "what": { "label": "debt" } },
        ]),
    );
    assert_eq!(
        lines(RADIO, &after),
        ["+  label = \"debt\"", "+  [[stage.need]]"]
    );
    assert!(after.contains(
        "item = \"signed\"\n  [[stage.need]]\n  label = \"debt\"\n  [[stage.need]]\n  attachment"
    ));
    assert_eq!(
        edited(&after, &json!([{ "change": "remove", "at": need(1) }])),
        RADIO
    );
    let moved = edited(
        RADIO,
        &json!([{ "change": "move", "at": need(0), "after": 1 }]),
    );
    assert_eq!(
        edited(&moved, &json!([{ "change": "move", "at": need(1) }])),
        RADIO
    );
    let first = edited(
        RADIO,
        &json!([
            { "change": "add", "to": { "list": "need", "stage": "quote" }, "what": { "checklist": "details" } },
        ]),
    );
    assert!(first.contains("  fill_mover = [\"client_manager\"]\n  [[stage.need]]\n  checklist = \"details\"\n\n[[stage]]"));
    let item = edited(
        RADIO,
        &json!([
            { "change": "add", "to": { "list": "item", "checklist": "first" }, "after": "answered",
              "what": { "key": "who", "name": "Узнали, кто решает" } },
        ]),
    );
    assert!(item.contains("name = \"Клиенту ответили\"\n  [[checklist.item]]\n  key = \"who\"\n"));
    let long = json!({ "any": [{ "field": "contact_phone" }, { "field": "contact_chat" }], "say": "связь" });
    let after = edited(RADIO, &set(&stage("details"), "need", &json!([long])));
    let want = [
        "-  any = [{ field = \"contact_phone\" }, { field = \"contact_email\" }]",
        "-  say = \"телефон или почта контакта\"",
        "+  any = [{ field = \"contact_phone\" }, { field = \"contact_chat\" }]",
        "+  say = \"связь\"",
    ];
    assert_eq!(lines(RADIO, &after), want);
}

#[test]
fn a_ladder_and_hours_of_ones_own_keep_to_what_is_renamed_and_are_not_lost() {
    let own = "lead = \"director\"\nhours = { days = [\"tue\"], from = \"10:00\", to = \"14:00\" } # вторник\n";
    let person = "[[person]]\nlogin = \"olga\" # наша Ольга\n\n";
    let text = RADIO
        .replacen(
            "name = \"бухгалтер\"\n",
            &format!("name = \"бухгалтер\"\n{own}"),
            1,
        )
        .replacen("[[field]]", &format!("{person}[[field]]"), 1);
    let rename = |part: &str, from: &str, to: &str| json!({ "change": "rename", "at": { "part": part, "key": from }, "to": to });
    let after = edited(
        &text,
        &json!([
            rename("role", "director", "chief"),
            rename("stage", "handover", "passing")
        ]),
    );
    assert!(after.contains("lead = \"chief\"") && after.contains("tell = [\"chief\"]"));
    assert!(after.contains("stages = [\"connect\", \"passing\", \"register\"]"));
    assert!(
        after.contains(person) && after.contains("# вторник"),
        "{after}"
    );
    let ladder =
        json!([{ "change": "set", "at": { "part": "file" }, "key": "ladder", "value": [] }]);
    assert_eq!(refused(&text, &ladder), Refused::Fixed);
}
