use super::*;
use crate::model::{BoardId, CardId, CustomFieldId, CustomValue, ListId, MemberId};
use crate::process::DateRule;
use crate::process::{Hours, Language, Limits, Mode, RoleKey, Version};
use jiff::SignedDuration;
use jiff::civil::date;
use jiff::tz::TimeZone;

const TEXT: FieldKind = FieldKind::Text {
    min: None,
    max: None,
};

fn field(key: &str, name: &str, kind: FieldKind) -> Field {
    Field {
        key: key.into(),
        name: name.to_owned(),
        label_norm: lines::label_norm(name),
        kind,
        pattern: None,
        example: None,
        check: None,
        from: None,
        when: None,
        by: vec![],
        asks: vec![],
        waits: false,
    }
}

fn process(keep_fields: KeepFields) -> Process {
    let of = vec![
        "ООО/АО".to_owned(),
        "ИП".to_owned(),
        "иностранная".to_owned(),
    ];
    let not_before = Some(DateRule::NotBefore("contract_date".into()));
    Process {
        version: Version(String::new()),
        name: String::new(),
        language: Language::Ru,
        time_zone: TimeZone::get("Europe/Moscow").unwrap(),
        mode: Mode::Enforce,
        seed_in_watch: false,
        owner: RoleKey::from("director"),
        keep_fields,
        roles: vec![],
        people: vec![],
        ways: vec![],
        fields: vec![
            field("org_kind", "Форма клиента", FieldKind::Choice { of }),
            field(
                "contract_date",
                "Дата договора",
                FieldKind::Date { rule: None },
            ),
            field(
                "billing_from",
                "Начислять с",
                FieldKind::Date { rule: not_before },
            ),
            field("options", "Опции по заказу", TEXT),
        ],
        blocks: vec![],
        checklists: vec![],
        labels: vec![],
        stages: vec![],
        deadlines: vec![],
        ladder: vec![],
        targets: vec![],
        counted: Default::default(),
        keeps_hours: false,
        hours: Hours {
            days: [true; 7],
            from_min: 0,
            to_min: 1440,
            lunch_min: None,
            off: vec![],
            on: vec![],
            short: vec![],
            production: None,
        },
        limits: Limits {
            reversals_per_hour: 3,
            grace: SignedDuration::ZERO,
            bulk: 3,
        },
        news_list: None,
        guide: None,
        trusted_apps: vec![],
    }
}

fn card(desc: &str, custom: &[(&str, &str)]) -> Card {
    let value = |(id, value): &(&str, &str)| CustomValue {
        field: CustomFieldId::from(*id),
        value: (*value).to_owned(),
    };
    Card {
        id: CardId::from("card"),
        short_link: String::new(),
        url: String::new(),
        name: "Кефир FM".to_owned(),
        desc: desc.to_owned(),
        list: ListId::from("list"),
        pos: 1.0,
        closed: false,
        due: None,
        members: vec![],
        labels: vec![],
        checklists: vec![],
        attachments: vec![],
        custom_values: custom.iter().map(value).collect(),
    }
}

fn bindings(fields: &[(&str, &str)]) -> Bindings {
    let bound = |(key, id): &(&str, &str)| (FieldKey::from(*key), CustomFieldId::from(*id));
    Bindings {
        board: BoardId::from("board"),
        bot: MemberId::from("bot"),
        app: None,
        shared_account: false,
        lists: BTreeMap::new(),
        roles: BTreeMap::new(),
        people: BTreeMap::new(),
        labels: BTreeMap::new(),
        fields: fields.iter().map(bound).collect(),
        custom_fields: Vec::new(),
        news_list: None,
        news_card: None,
        guide_card: None,
        away: Vec::new(),
        not_here: std::collections::BTreeSet::new(),
        presence: 0,
    }
}

fn of(desc: &str) -> Facts {
    let process = process(KeepFields::Description);
    read(
        &process,
        &bindings(&[]),
        &card(desc, &[]),
        date(2026, 11, 24),
    )
}

#[test]
fn the_description_says_what_the_fields_are() {
    let facts =
        of("Здравствуйте\nФорма клиента: ооо / ао\nДата договора: 12.11.26\nОПЦИИ по заказу: —\n");
    assert_eq!(facts.fields.len(), 4);
    let kind = Value::Text("ООО/АО".to_owned());
    assert_eq!(facts.value(&"org_kind".into()), Some(&kind));
    assert_eq!(facts.raw(&"org_kind".into()), "ооо / ао");
    let day = Value::Date(date(2026, 11, 12));
    assert_eq!(facts.value(&"contract_date".into()), Some(&day));
    assert_eq!(facts.problem(&"options".into()), Some(&Problem::Missing));
    assert!(facts.doubled.is_empty());
}

#[test]
fn one_field_is_checked_against_another() {
    let facts = of("Начислять с: 11.11.2026\nДата договора: 12.11.2026");
    let field = FieldKey::from("contract_date");
    let before = Problem::Before { field };
    assert_eq!(facts.problem(&"billing_from".into()), Some(&before));
}

#[test]
fn two_lines_that_differ_are_noted() {
    let facts = of("Форма клиента: ИП\nФорма клиента: иностранная");
    assert_eq!(facts.raw(&"org_kind".into()), "ИП");
    assert_eq!(facts.doubled, [FieldKey::from("org_kind")]);
}

#[test]
fn a_custom_date_is_the_day_it_was_in_the_boards_zone() {
    let process = process(KeepFields::CustomFields);
    let bound = bindings(&[
        ("contract_date", "f1"),
        ("org_kind", "f2"),
        ("options", "f3"),
    ]);
    let values = [
        ("f1", "2026-11-11T21:00:00.000Z"),
        ("f2", "ИП"),
        ("f9", "чужое"),
    ];
    let card = card("Опции по заказу: плеер", &values);
    let facts = read(&process, &bound, &card, date(2026, 11, 24));
    let day = Value::Date(date(2026, 11, 12));
    assert_eq!(facts.value(&"contract_date".into()), Some(&day));
    assert_eq!(facts.raw(&"contract_date".into()), "12.11.2026");
    assert_eq!(facts.raw(&"org_kind".into()), "ИП");
    assert!(
        !facts.filled(&"options".into()),
        "lines do not count in this mode"
    );
}

#[test]
fn a_condition_is_told_by_meaning_not_spelling() {
    let holds = |desc: &str, test: Test| {
        let field = "org_kind".into();
        of(desc).holds(&When { field, test })
    };
    let foreign = || vec!["Иностранная".to_owned()];
    let firm = || vec!["ИП".to_owned(), "ООО / АО".to_owned()];
    assert!(holds("форма клиента: ооо/ао", Test::Is(firm())));
    assert!(!holds("форма клиента: ооо/ао", Test::IsNot(firm())));
    assert!(!holds("форма клиента: ИНОСТРАННАЯ", Test::IsNot(foreign())));
    assert!(
        holds("", Test::IsNot(foreign())),
        "an emptied line opens no gate"
    );
    assert!(holds("", Test::Empty) && !holds("", Test::Filled));
    assert!(holds("Форма клиента: кооператив", Test::Filled));
    let field = FieldKey::from("unknown");
    assert!(!of("").holds(&When {
        field,
        test: Test::Filled
    }));
}
