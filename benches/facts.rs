//! How long a card's fields take to read: a part of every judgement. A card of 47 fields, all
//! filled, each kind among them, and the same card as it is born.

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, civil::date, tz::TimeZone};
use signalman::model::{BoardId, Card, CardId, ListId, MemberId};
use signalman::process::{
    Bindings, Check, Field, FieldKind, Hours, KeepFields, Language, Limits, Mode, Process, RoleKey,
    Version, facts, lines,
};
use std::collections::BTreeMap;
use std::hint::black_box;

const FIELDS: usize = 47;

/// A label, an example and a kind for each of eleven shapes of field.
fn shapes() -> Vec<(&'static str, &'static str, FieldKind, Option<Check>)> {
    let (min, max) = (None, None);
    let text = || FieldKind::Text {
        min: Some(2),
        max: Some(300),
    };
    let of = ["MP3", "AAC-LC", "HE-AAC v1", "HE-AAC v2", "Opus", "FLAC"];
    let of = of.map(str::to_owned).to_vec();
    let number = FieldKind::Number {
        min: Some(24.0),
        max: Some(1500.0),
        whole: true,
    };
    let money = FieldKind::Money {
        min,
        above: Some(0.0),
        max,
    };
    let url = FieldKind::Url { schemes: vec![] };
    let date = FieldKind::Date { rule: None };
    vec![
        (
            "Технический контакт",
            "Тимофей, звукорежиссёр",
            text(),
            None,
        ),
        (
            "Телефон контакта",
            "+7 495 000-00-11",
            FieldKind::Phone,
            None,
        ),
        (
            "Почта контакта",
            "air@kefir.example",
            FieldKind::Email,
            None,
        ),
        (
            "Адрес для слушателей",
            "https://play.ether.example/kefir-128",
            url,
            None,
        ),
        ("Кодек", "HE-AAC v1", FieldKind::Choice { of }, None),
        ("Битрейт, кбит/с", "128", number, None),
        (
            "Опции по заказу",
            "резервный поток, плеер для сайта",
            text(),
            None,
        ),
        ("Абонплата в месяц", "12 900 ₽", money, None),
        ("Дата договора", "12.11.2026", date, None),
        ("ИНН", "9601000001", text(), Some(Check::Inn)),
        (
            "Юридический адрес",
            "960000, г. Приозёрск-Выдуманный, ул. Эфирная, д. 1",
            text(),
            None,
        ),
    ]
}

fn field(at: usize) -> (Field, &'static str) {
    let shapes = shapes();
    let (label, example, kind, check) = shapes[at % shapes.len()].clone();
    let name = format!("{label} {at}");
    let contract = example
        .starts_with("Тим")
        .then(|| regex::Regex::new("^Тим").ok());
    let field = Field {
        key: format!("field_{at}").as_str().into(),
        label_norm: lines::label_norm(&name),
        name,
        kind,
        pattern: contract.flatten(),
        example: None,
        check,
        from: None,
        when: None,
        by: vec![],
        asks: vec![],
        waits: false,
    };
    (field, example)
}

fn process(fields: Vec<Field>) -> Process {
    Process {
        version: Version(String::new()),
        name: String::new(),
        language: Language::Ru,
        time_zone: TimeZone::UTC,
        mode: Mode::Enforce,
        seed_in_watch: false,
        owner: RoleKey::from("director"),
        keep_fields: KeepFields::Description,
        roles: vec![],
        people: vec![],
        ways: vec![],
        fields,
        blocks: vec![],
        checklists: vec![],
        labels: vec![],
        stages: vec![],
        targets: vec![],
        deadlines: vec![],
        ladder: vec![],
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

fn bindings() -> Bindings {
    Bindings {
        board: BoardId::from("board"),
        bot: MemberId::from("bot"),
        app: None,
        shared_account: false,
        lists: BTreeMap::new(),
        roles: BTreeMap::new(),
        people: BTreeMap::new(),
        labels: BTreeMap::new(),
        fields: BTreeMap::new(),
        custom_fields: Vec::new(),
        news_list: None,
        news_card: None,
        guide_card: None,
        away: Vec::new(),
        not_here: std::collections::BTreeSet::new(),
        presence: 0,
    }
}

fn card(desc: String) -> Card {
    Card {
        id: CardId::from("card"),
        short_link: String::new(),
        url: String::new(),
        name: "Кефир FM".to_owned(),
        desc,
        list: ListId::from("list"),
        pos: 1.0,
        closed: false,
        due: None,
        members: vec![],
        labels: vec![],
        checklists: vec![],
        attachments: vec![],
        custom_values: vec![],
    }
}

fn reading(c: &mut Criterion) {
    let (fields, examples): (Vec<_>, Vec<_>) = (0..FIELDS).map(field).unzip();
    let lines_of = |value: fn(&'static str) -> &'static str| {
        let line = |(field, example): (&Field, &&'static str)| {
            format!("{}: {}", field.name, value(example))
        };
        let lines: Vec<String> = fields.iter().zip(&examples).map(line).collect();
        card(format!(
            "Хотим в интернет, сколько стоит?\n\n{}",
            lines.join("\n")
        ))
    };
    let (full, born) = (lines_of(|example| example), lines_of(|_| ""));
    let (process, bindings, today) = (process(fields.clone()), bindings(), date(2026, 11, 24));
    let norms: Vec<&str> = fields
        .iter()
        .map(|field| field.label_norm.as_str())
        .collect();

    let read = facts::read(&process, &bindings, &full, today);
    let good = process
        .fields
        .iter()
        .filter_map(|field| read.get(&field.key))
        .filter(|fact| fact.value.is_some());
    assert_eq!(good.count(), FIELDS, "every value of the bench is good");

    c.bench_function("facts: 47 filled fields", |b| {
        b.iter(|| facts::read(&process, &bindings, black_box(&full), today));
    });
    c.bench_function("facts: 47 empty fields", |b| {
        b.iter(|| facts::read(&process, &bindings, black_box(&born), today));
    });
    c.bench_function("lines: parse alone, 47 filled", |b| {
        b.iter(|| lines::parse(black_box(&full.desc), &norms));
    });
}

criterion_group!(benches, reading);
criterion_main!(benches);
