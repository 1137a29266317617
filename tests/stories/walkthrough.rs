//! A client from the first letter to the accounts, as the people of the firm take it there.

use crate::firm::Firm;

/// From the first letter to the accounts, all nine stages, each thing by whose it is.
pub async fn whole_way(firm: &Firm) -> String {
    let card = firm.create("gleb_demo", "request", "Ночной Чайник").await;
    let fill = async |lines: &[(&str, &str)]| firm.fill("maria_demo", &card, lines).await;
    let go = async |who: &str, stage: &str| {
        firm.wait(60).await;
        firm.drag(who, &card, stage).await;
        assert_eq!(firm.stands(&card), stage, "{}", firm.last(&card));
    };
    fill(&[
        ("Технический контакт", "Тимофей"),
        ("Почта контакта", "air@kettle.example"),
    ])
    .await;
    go("maria_demo", "details").await;
    fill(&[
        ("Кто отдаёт поток", "клиент нам (push)"),
        ("Протокол", "HLS"),
        ("Кодек", "AAC-LC"),
        ("Битрейт, кбит/с", "256"),
        ("Опции по заказу", "нет"),
    ])
    .await;
    go("maria_demo", "quote").await;
    fill(&[
        ("Тариф", "Эфир"),
        ("Абонплата в месяц", "9 000"),
        ("Валюта", "RUB"),
        ("НДС", "без НДС"),
        ("Сторонний софт", "нет"),
        ("Условия старта", "предоплата"),
    ])
    .await;
    go("maria_demo", "contract").await;
    fill(&[
        ("Форма клиента", "ООО/АО"),
        ("Полное наименование", "ООО «Чайник»"),
        ("ИНН", "9605000002"),
        ("КПП", "960501001"),
        ("ОГРН / ОГРНИП", "1269600000010"),
        (
            "Юридический адрес",
            "960000, г. Приозёрск-Выдуманный, ул. Эфирная, д. 2",
        ),
        ("Подписант и основание", "директор, устав"),
        ("Почта для счетов", "buh@kettle.example"),
    ])
    .await;
    firm.ready_to_connect(&card).await;
    go("maria_demo", "connect").await;
    fill(&[
        ("Сервер для клиента", "in7.ether.example"),
        ("Порт", "8010"),
        (
            "Адрес для слушателей",
            "https://play.ether.example/kettle.m3u8",
        ),
        ("Где лежат доступы", "Сейф: станции / Ночной Чайник"),
    ])
    .await;
    let connect = firm.process.checklist(&"connect".into()).unwrap();
    for item in &connect.items {
        firm.mark("ilya_demo", &card, item.key.as_str(), true);
    }
    go("ilya_demo", "handover").await;
    firm.tick("ilya_demo", &card, "access_given").await;
    firm.to_register(&card).await;
    let places = ["p_billing", "p_accounting", "p_royalty", "p_crm", "p_list"];
    for item in places.iter().chain(&["all_checked"]) {
        firm.mark("olga_demo", &card, item, true);
    }
    fill(&[("Согласие на рассылку", "нет")]).await;
    go("olga_demo", "active").await;
    card
}
