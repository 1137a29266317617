//! A legal arrival prepares the stage, exactly once, and calls whose turn it is.

use crate::firm::{Firm, says};
use serde_json::json;

async fn connected() -> Firm {
    let firm = Firm::open().await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm
}

#[tokio::test]
async fn what_the_stage_declares_is_there() {
    let firm = connected().await;
    let items = firm
        .items("boot")
        .into_iter()
        .filter(|item| !item.complete)
        .count();
    assert!(items >= 9);
    assert!(firm.members("boot").contains(&"ilya_demo".to_owned()));
    let due = firm.card("boot").due.unwrap();
    let limit = jiff::SignedDuration::from_hours(16);
    let wanted = signalman::process::calendar::due(
        &firm.process.hours,
        &firm.process.time_zone,
        firm.now(),
        limit,
    );
    assert!(
        wanted.duration_since(due).as_secs().abs() < 60,
        "{due} is not {wanted}"
    );
    says(
        &firm.last("boot"),
        &["@ilya_demo", "ваш ход", "«Подключение»", "9 пунктов"],
    );
    says(
        &firm.card("boot").desc,
        &["— Вещание —", "Сервер для клиента:"],
    );
}

#[tokio::test]
async fn it_is_seeded_exactly_once_however_often_the_card_comes_back() {
    let firm = connected().await;
    for _ in 0..3 {
        firm.drag("maria_demo", "boot", "invoice").await;
        firm.drag("maria_demo", "boot", "connect").await;
    }
    let named = firm
        .checklists("boot")
        .into_iter()
        .filter(|name| name == "Подключение")
        .count();
    assert_eq!(named, 1);
    let first = firm.process.checklist(&"connect".into()).unwrap().items[0]
        .name
        .clone();
    assert_eq!(
        firm.items("boot")
            .iter()
            .filter(|item| item.name == first)
            .count(),
        1
    );
    assert_eq!(firm.card("boot").desc.matches("— Вещание —").count(), 1);
}

#[tokio::test]
async fn an_existing_checklist_of_that_name_is_completed_not_doubled() {
    let firm = Firm::open().await;
    let id = firm.id("boot");
    let made = firm
        .hand("maria_demo")
        .post("checklists", json!({ "idCard": id, "name": "Подключение" }))
        .unwrap();
    let first = firm.process.checklist(&"connect".into()).unwrap().items[0]
        .name
        .clone();
    let path = format!("checklists/{}/checkItems", made["id"].as_str().unwrap());
    firm.hand("maria_demo")
        .post(&path, json!({ "name": first }))
        .unwrap();
    firm.hand("maria_demo")
        .post(&path, json!({ "name": "Позвонить маме" }))
        .unwrap();
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let named = firm
        .checklists("boot")
        .into_iter()
        .filter(|name| name == "Подключение")
        .count();
    assert_eq!(named, 1);
    let items = firm.items("boot");
    assert_eq!(items.iter().filter(|item| item.name == first).count(), 1);
    assert!(items.iter().any(|item| item.name == "Позвонить маме"));
    assert!(firm.item("boot", "written").is_some());
}

#[tokio::test]
async fn nobody_is_told_what_he_did_himself() {
    let everything = "\"maria_demo\"";
    let mut text = include_str!("../../radio.ru.toml").to_owned();
    text = text.replace("people = []", &format!("people = [{everything}]"));
    let firm = Firm::with(text).await;
    firm.tick("maria_demo", "boot", "paid").await;
    let before = firm.said("boot").len();
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect", "{:?}", firm.said("boot"));
    let new: Vec<_> = firm.said("boot").split_off(before);
    assert!(
        new.iter().all(|text| !text.contains("@maria_demo")),
        "{new:?}"
    );
}

#[tokio::test]
async fn a_settled_refusal_is_edited_down_to_one_line() {
    let firm = Firm::open().await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let first = firm.said("boot").remove(0);
    assert_eq!(first.lines().count(), 1, "{first}");
    says(&first, &["✓", "«Подключение»", "Мария (менеджер)"]);
}

#[tokio::test]
async fn others_are_mentioned_once_per_card_and_day() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.drag("egor_demo", "kefir", "connect").await;
    let said = firm.said("kefir");
    says(&said[0], &["@maria_demo"]);
    assert!(!said[1].contains("@maria_demo"), "{}", said[1]);
    says(&said[1], &["Мария (менеджер)"]);
}

#[tokio::test]
async fn the_client_manager_is_filled_with_whoever_takes_the_request() {
    let firm = Firm::open().await;
    let wish = json!({ "desc": "Технический контакт: Зоя\nПочта контакта: zoya@chainik.example" });
    firm.change("maria_demo", "teapot", wish).await;
    firm.drag("maria_demo", "teapot", "details").await;
    assert_eq!(
        firm.stands("teapot"),
        "details",
        "{:?}",
        firm.said("teapot")
    );
    says(
        &firm.card("teapot").desc,
        &["Ведёт клиента: @maria_demo", "Технический контакт: Зоя"],
    );
    says(
        &firm.said("teapot").join("\n"),
        &["Пароли в письмах не присылайте"],
    );
}

#[tokio::test]
async fn the_letter_is_filled_from_the_card() {
    let firm = Firm::open().await;
    let keys: Vec<String> = firm
        .process
        .checklist(&"connect".into())
        .unwrap()
        .items
        .iter()
        .map(|item| item.key.to_string())
        .collect();
    for key in &keys {
        if !firm.ticked("alarm", key) {
            firm.tick("egor_demo", "alarm", key).await;
        }
    }
    let lines = [
        ("Сервер для клиента", "in7.ether.example"),
        ("Порт", "8010"),
        ("Номер потока (SID)", "1"),
        ("Адрес для слушателей", "https://play.ether.example/alarm"),
    ];
    firm.fill("egor_demo", "alarm", &lines).await;
    firm.drag("egor_demo", "alarm", "handover").await;
    assert_eq!(firm.stands("alarm"), "handover", "{:?}", firm.said("alarm"));
    says(
        &firm.said("alarm").join("\n"),
        &[
            "in7.ether.example",
            "8011",
            "https://play.ether.example/alarm",
        ],
    );
}

#[tokio::test]
async fn a_card_that_leaves_stages_out_is_given_the_lines_they_would_have_brought() {
    let firm = Firm::open().await;
    let id = firm.create("maria_demo", "request", "Радио Примус").await;
    firm.fill(
        "maria_demo",
        &id,
        &[
            ("Технический контакт", "Зоя"),
            ("Почта контакта", "zoya@primus.example"),
            ("Кто отдаёт поток", "клиент нам (push)"),
            ("Протокол", "Icecast 2"),
            ("Кодек", "MP3"),
            ("Битрейт, кбит/с", "128"),
            ("Опции по заказу", "нет"),
        ],
    )
    .await;
    firm.drag("maria_demo", &id, "quote").await;
    assert_eq!(firm.standing(&id).await, "quote", "{:?}", firm.said(&id));
    let desc = firm.card(&id).desc;
    says(
        &desc,
        &[
            "Тариф:",
            "Слушателей одновременно:",
            "Ведёт клиента: @maria_demo",
        ],
    );
    assert!(
        !firm
            .checklists(&id)
            .contains(&"Данные для расчёта".to_owned()),
        "nothing ahead rests on it"
    );
}

#[tokio::test]
async fn items_that_hang_on_a_field_come_when_the_field_says_so() {
    let firm = Firm::open().await;
    assert!(firm.item("boot", "early").is_none());
    firm.fill("maria_demo", "boot", &[("Условия старта", "отсрочка")])
        .await;
    assert!(firm.item("boot", "early").is_some());
    firm.fill("maria_demo", "boot", &[("Условия старта", "предоплата")])
        .await;
    firm.fill("maria_demo", "boot", &[("Условия старта", "тест")])
        .await;
    let items = firm.items("boot");
    let name = firm.item_name("early");
    assert_eq!(items.iter().filter(|item| item.name == name).count(), 1);
    firm.tick("denis_demo", "boot", "early").await;
    firm.fill("maria_demo", "boot", &[("Оплатить до", &firm.day(20))])
        .await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect", "{:?}", firm.said("boot"));
}

#[tokio::test]
async fn asking_why_adds_the_lines_it_names_where_they_do_not_stand() {
    let firm = Firm::open().await;
    firm.change(
        "maria_demo",
        "teapot",
        json!({ "desc": "Хотим в интернет." }),
    )
    .await;
    firm.drag("maria_demo", "teapot", "details").await;
    assert_eq!(firm.stands("teapot"), "request");
    assert_eq!(firm.card("teapot").desc, "Хотим в интернет.");
    firm.write("maria_demo", "teapot", "/почему").await;
    let desc = firm.card("teapot").desc;
    assert!(desc.starts_with("Хотим в интернет."), "{desc}");
    says(&desc, &["Технический контакт:", "Почта контакта:"]);
    assert!(!desc.contains("Номер лицензии"), "no forty lines: {desc}");
}

#[tokio::test]
async fn the_accountant_is_told_who_moves_the_card_on() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    says(
        &firm.last("kefir"),
        &[
            "@olga_demo",
            "в колонку «Подключение» её переводит Мария (менеджер)",
        ],
    );
}

#[tokio::test]
async fn whoever_moves_the_card_on_is_called_when_the_last_thing_is_there() {
    let firm = Firm::open().await;
    firm.tick("olga_demo", "boot", "paid").await;
    says(
        &firm.last("boot"),
        &["@maria_demo", "«Подключение»", "всё готово"],
    );
    let said = firm.said("boot").len();
    firm.untick("olga_demo", "boot", "paid").await;
    firm.tick("olga_demo", "boot", "paid").await;
    let ready = |text: &String| text.contains("карточку можно переводить");
    let told = firm.said("boot").iter().filter(|text| ready(text)).count();
    assert_eq!(told, 1, "once: {:?}", &firm.said("boot")[said - 1..]);
    firm.to_invoice("kefir").await;
    firm.tick("olga_demo", "kefir", "paid").await;
    assert!(
        !firm.said("kefir").iter().any(ready),
        "something is still missing: {:?}",
        firm.said("kefir")
    );
    firm.tick("maria_demo", "kefir", "signed").await;
    assert!(!firm.said("kefir").iter().any(ready));
}

#[tokio::test]
async fn everybody_with_work_in_a_side_stages_checklist_is_called() {
    let firm = Firm::open().await;
    firm.fill("maria_demo", "airfield", &[("Причина отказа", "передумал")])
        .await;
    firm.drag("maria_demo", "airfield", "lost").await;
    assert_eq!(
        firm.stands("airfield"),
        "lost",
        "{:?}",
        firm.said("airfield")
    );
    says(
        &firm.last("airfield"),
        &[
            "«Откат подключения»",
            "пункты и у других",
            "@olga_demo",
            "@ilya_demo",
        ],
    );
    assert!(!firm.last("airfield").contains("@maria_demo"));
}

#[tokio::test]
async fn a_full_description_is_told_of_at_the_card() {
    let firm = Firm::open().await;
    let before = firm.card("boot").desc;
    let room = 16_384 - before.chars().count() - 1;
    let desc = format!("{before}\n{}", "я".repeat(room));
    firm.change("maria_demo", "boot", json!({ "desc": desc }))
        .await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect", "{:?}", firm.said("boot"));
    says(
        &firm.said("boot").join("\n"),
        &["Описание карточки заполнено", "«Порт»"],
    );
    assert_eq!(firm.card("boot").desc, desc, "nothing of it is lost");
}
