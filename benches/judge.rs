//! How long one judgement of the nine-stage radio process takes: a refusal and an admission at the
//! first gate on a card read afresh, and a legal step that needs no card. Beside them, for
//! comparison, what merely parsing that card's JSON costs.

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use serde_json::json;
use signalman::model::{
    ActionId, Actor, Attachment, BoardId, Card, CardId, CheckItem, Checklist, Event, EventKind,
    ListId, Member, MemberId,
};
use signalman::process::judge::{Case, Fresh, NO_LOADS, NO_STRANGERS, judge};
use signalman::process::{
    Bindings, Holders, Memory, Process, Standing, Tick, Tracked, Verdict, file,
};
use std::collections::BTreeMap;
use std::hint::black_box;

const DESC: &str = "— Контакт —
Технический контакт: Тимофей, звукорежиссёр
Телефон контакта: +7 495 000-00-11
Почта контакта: air@kefir.example

— Поток —
Кто отдаёт поток: клиент нам (push)
Протокол: Icecast 2
Кодек: HE-AAC v1
Битрейт, кбит/с: 128
Опции по заказу: резервный поток, плеер для сайта

— Договор —
Тариф: Эфир
Абонплата в месяц: 12 900
Валюта: RUB
НДС: без НДС
Сторонний софт: нет
Условия старта: предоплата

— Организация —
Форма клиента: ООО/АО
Полное наименование: ООО «Кефир»
ИНН: 9601000001
КПП: 960101001
ОГРН / ОГРНИП: 1269600000010
Юридический адрес: 960000, г. Приозёрск-Выдуманный, ул. Эфирная, д. 1
Подписант и основание: директор, действует на основании устава
Почта для счетов: buh@kefir.example
Номер договора: 2026-042
Дата договора: 12.11.2026

— Счёт —
Номер счёта: 319";

fn now() -> Timestamp {
    "2026-11-24T08:00:00Z".parse().unwrap_or_default()
}

fn process() -> Process {
    match file::read(include_str!("../radio.ru.toml")) {
        Ok(checked) => checked.process,
        Err(mistakes) => panic!("{} mistakes", mistakes.len()),
    }
}

fn bindings(process: &Process) -> Bindings {
    let list = |key: &str| ListId::from(format!("list {key}").as_str());
    let person = |name: &str| Member {
        id: name.into(),
        username: name.to_owned(),
        full_name: name.to_owned(),
    };
    let holders = |people: &[&str]| Holders {
        people: people.iter().map(|name| MemberId::from(*name)).collect(),
        ..Holders::default()
    };
    let roles = [
        ("manager", holders(&["maria"])),
        ("engineer", holders(&["ilya", "egor"])),
        ("accountant", holders(&["olga"])),
        ("director", holders(&["denis"])),
    ];
    Bindings {
        board: BoardId::from("board"),
        bot: "bot".into(),
        app: None,
        shared_account: false,
        lists: process
            .stages
            .iter()
            .map(|stage| (stage.key.clone(), list(stage.key.as_str())))
            .collect(),
        roles: roles
            .into_iter()
            .map(|(key, holders)| (key.into(), holders))
            .collect(),
        people: ["maria", "ilya", "egor", "olga", "denis"]
            .map(|name| (name.into(), person(name)))
            .into(),
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

/// The card in «Подключение» with its deal's checklist; `paid` or not yet.
fn card(process: &Process, paid: bool) -> Card {
    let deal = process.checklist(&"deal".into());
    let items = deal.map_or(&[][..], |list| &list.items);
    let items = items
        .iter()
        .filter(|item| item.when.is_none())
        .map(|item| CheckItem {
            id: item.key.as_str().into(),
            name: item.name.clone(),
            complete: paid || item.key.as_str() != "paid",
        });
    Card {
        id: CardId::from("card"),
        short_link: "aBcDeFgH".into(),
        url: String::new(),
        name: "Кефир FM".into(),
        desc: DESC.into(),
        list: "list connect".into(),
        pos: 1.0,
        closed: false,
        due: None,
        members: vec!["olga".into()],
        labels: Vec::new(),
        checklists: vec![Checklist {
            id: "deal".into(),
            name: "Договор и оплата".into(),
            items: items.collect(),
        }],
        attachments: vec![Attachment {
            id: "file".into(),
            name: "Договор 2026-042.pdf".into(),
            by: None,
        }],
        custom_values: Vec::new(),
    }
}

fn memory(process: &Process, stage: &str) -> Memory {
    let tick = |by: &str| {
        Some(Tick {
            by: by.into(),
            at: now(),
        })
    };
    let tracked = |key: &str, by: &str| {
        (
            key.into(),
            Tracked {
                item: key.into(),
                checklist: "deal".into(),
                tick: tick(by),
            },
        )
    };
    Memory {
        name: "Кефир FM".into(),
        rests: Some(format!("list {stage}").as_str().into()),
        pos: Some(1.0),
        standing: Some(Standing {
            stage: stage.into(),
            since: now(),
            proved: true,
            stood: None,
        }),
        items: [
            ("signed", "maria"),
            ("paid", "olga"),
            ("sent", "maria"),
            ("invoiced", "olga"),
            ("told", "maria"),
        ]
        .map(|(key, by)| tracked(key, by))
        .into(),
        seeded: process.path().map(|stage| stage.key.clone()).collect(),
        ..Memory::default()
    }
}

fn moved(by: &str, from: &str, to: &str) -> Event {
    Event {
        id: ActionId::from("6b0000000000000000000001"),
        at: now(),
        actor: Actor {
            member: Some(by.into()),
            username: by.into(),
            name: by.into(),
            app: None,
            agent: false,
        },
        kind: EventKind::CardMoved {
            card: "card".into(),
            name: "Кефир FM".into(),
            from: format!("list {from}").as_str().into(),
            to: format!("list {to}").as_str().into(),
        },
    }
}

fn ruled(verdict: &Verdict) -> Vec<&'static str> {
    match verdict {
        Verdict::Ruled(ruled) => ruled
            .rulings
            .iter()
            .map(|ruling| ruling.what.kind())
            .collect(),
        _ => vec!["the card must be read"],
    }
}

fn judgements(criterion: &mut Criterion) {
    let process = process();
    let bindings = bindings(&process);
    let counts = BTreeMap::new();
    let fresh = |paid| Fresh {
        card: card(&process, paid),
        actions: Vec::new(),
    };
    let (unpaid, paid) = (fresh(false), fresh(true));
    let (invoice, request) = (memory(&process, "invoice"), memory(&process, "register"));
    let to_connect = [moved("maria", "invoice", "connect")];
    let back = [moved("olga", "register", "handover")];
    let mut group = criterion.benchmark_group("judge, nine stages");
    let mut measure =
        |name: &str, wanted: &str, memory: &Memory, fresh: Option<&Fresh>, events: &[Event]| {
            let case = Case {
                process: &process,
                bindings: &bindings,
                counts: &counts,
                loads: &NO_LOADS,
                memory,
                fresh,
                events,
                now: now(),
                strangers: &NO_STRANGERS,
                patient: false,
            };
            assert_eq!(ruled(&judge(&case)), [wanted], "{name}");
            group.bench_function(name, |bench| bench.iter(|| judge(black_box(&case))));
        };
    measure(
        "refused at gate 1",
        "refused",
        &invoice,
        Some(&unpaid),
        &to_connect,
    );
    measure(
        "admitted at gate 1",
        "admitted",
        &invoice,
        Some(&paid),
        &to_connect,
    );
    measure("a legal step back", "admitted", &request, None, &back);
    let card = &paid.card;
    let text = json!({ "id": card.id, "desc": card.desc, "name": card.name, "checklists": card.checklists.iter()
        .map(|list| json!({ "id": list.id, "checkItems": list.items.iter()
            .map(|item| json!({ "id": item.id, "name": item.name, "state": "complete" })).collect::<Vec<_>>() }))
        .collect::<Vec<_>>() })
    .to_string();
    group.bench_function("for comparison: parsing that card's JSON", |bench| {
        bench.iter(|| serde_json::from_str::<serde_json::Value>(black_box(&text)));
    });
    group.finish();
}

criterion_group!(benches, judgements);
criterion_main!(benches);
