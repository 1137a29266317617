//! The exits a firm needs: commands in a comment.

use crate::firm::{Firm, says};
use crate::setup::SMALL;
use signalman::model::Lane;
use signalman::store::Store;

#[tokio::test]
async fn the_owner_lets_a_card_pass_once_and_what_it_owes_stays_on_it() {
    let firm = Firm::open().await;
    firm.write(
        "denis_demo",
        "kefir",
        "/пропустить подключение клиент платит завтра, письмо есть",
    )
    .await;
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect", "{:?}", firm.said("kefir"));
    let said = firm.said("kefir").join("\n");
    says(
        &said,
        &[
            "«Подключение»",
            "Денис (директор)",
            "клиент платит завтра",
            "«Первый платёж пришёл»",
            "пройти колонку «Счёт и оплата»",
            "@olga_demo",
            "Переводит @maria_demo",
        ],
    );
    assert!(
        !said.contains("можно начинать"),
        "nothing is said to be settled: {said}"
    );
    assert!(!firm.memory("kefir").await.owed.is_empty());
    firm.drag("maria_demo", "kefir", "contract").await;
    firm.wait(11).await;
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_ne!(firm.stands("kefir"), "connect", "single use");
}

#[tokio::test]
async fn the_last_gate_asks_again_for_what_is_owed() {
    let firm = Firm::open().await;
    firm.untick("olga_demo", "whale", "paid").await;
    firm.write("denis_demo", "whale", "/allow active письмо о платеже есть")
        .await;
    firm.drag("olga_demo", "whale", "active").await;
    assert_eq!(firm.stands("whale"), "active", "{:?}", firm.said("whale"));
    says(&firm.said("whale").join("\n"), &["«Первый платёж пришёл»"]);
}

#[tokio::test]
async fn nobody_but_the_owner_lets_pass() {
    let firm = Firm::open().await;
    firm.write("maria_demo", "kefir", "/allow connect очень надо")
        .await;
    says(&firm.last("kefir"), &["@maria_demo", "@denis_demo"]);
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_pass_needs_a_stage_and_a_reason() {
    let firm = Firm::open().await;
    firm.write("denis_demo", "kefir", "/allow вчера").await;
    says(&firm.last("kefir"), &["Подключение"]);
    firm.write("denis_demo", "kefir", "/allow connect").await;
    says(&firm.last("kefir"), &["причин"]);
}

#[tokio::test]
async fn anyone_asks_why_in_either_language() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    for (asker, command) in [("gleb_demo", "/why"), ("olga_demo", "/почему")] {
        let before = firm.said("kefir").len();
        firm.write(asker, "kefir", command).await;
        assert_eq!(firm.said("kefir").len(), before + 1);
        says(
            &firm.last("kefir"),
            &["«Счёт и оплата»", "«Номер договора»"],
        );
    }
}

#[tokio::test]
async fn a_disputed_decision_is_marked_and_the_owner_called() {
    let firm = Firm::open().await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm.write(
        "maria_demo",
        "boot",
        "/неверно оплата есть, отметки не видно",
    )
    .await;
    says(
        &firm.last("boot"),
        &["@denis_demo", "оплата есть, отметки не видно"],
    );
    assert!(
        firm.memory("boot")
            .await
            .decisions
            .iter()
            .any(|one| one.disputed)
    );
    assert_eq!(firm.stands("boot"), "invoice");
}

#[tokio::test]
async fn help_is_given_and_other_text_is_left_alone() {
    let firm = Firm::open().await;
    firm.write("gleb_demo", "kefir", "Позвоню им завтра и/или в среду")
        .await;
    assert!(firm.said("kefir").is_empty());
    firm.write("gleb_demo", "kefir", "/помощь").await;
    says(&firm.last("kefir"), &["/почему", "/пропустить"]);
}

#[tokio::test]
async fn what_was_let_pass_is_asked_for_by_the_last_gate_though_it_asks_for_nothing_like_it() {
    let firm = Firm::open().await;
    firm.write(
        "denis_demo",
        "airfield",
        "/allow register клиент в отпуске, поток идёт",
    )
    .await;
    firm.drag("maria_demo", "airfield", "register").await;
    assert_eq!(
        firm.stands("airfield"),
        "register",
        "{:?}",
        firm.said("airfield")
    );
    let lines = [
        ("Где лежат доступы", "Сейф: станции / Запасной Аэродром"),
        ("Начислять с", &firm.day(0)),
        ("Согласие на рассылку", "да"),
    ];
    firm.fill("maria_demo", "airfield", &lines).await;
    for item in [
        "p_billing",
        "p_accounting",
        "p_royalty",
        "p_crm",
        "p_list",
        "all_checked",
    ] {
        firm.tick("olga_demo", "airfield", item).await;
    }
    firm.drag("olga_demo", "airfield", "active").await;
    assert_eq!(firm.stands("airfield"), "register");
    says(&firm.last("airfield"), &["«Поток шёл час без обрывов"]);
    for item in ["client_in", "stable", "heard"] {
        firm.tick("ilya_demo", "airfield", item).await;
    }
    firm.tick("maria_demo", "airfield", "start_agreed").await;
    firm.drag("olga_demo", "airfield", "active").await;
    assert_eq!(
        firm.stands("airfield"),
        "active",
        "{:?}",
        firm.said("airfield")
    );
}

#[tokio::test]
async fn what_is_owed_is_told_by_its_own_name() {
    let firm = Firm::open().await;
    firm.write("denis_demo", "boot", "/allow connect письмо о платеже есть")
        .await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.memory("boot").await.owed.len(), 1);
    firm.drag("olga_demo", "boot", "active").await;
    let lane = Lane::Card(firm.id("boot").as_str().into());
    let history = firm.store.history(&firm.board(), Some(&lane), 10).await;
    let history = history.unwrap();
    let refused = history.iter().find(|line| line.kind == "refused").unwrap();
    assert!(!refused.data.to_string().contains("\"say\":\"\""));
}

/// The last stage asks for nothing of its own: what an exception let pass is asked for all the same.
#[tokio::test]
async fn what_is_owed_is_asked_for_by_a_last_stage_that_is_no_gate() {
    let (path, _) = SMALL.split_once("\n  # Без номера").unwrap();
    let text = path.replace("mode = \"watch\"", "mode = \"enforce\"");
    let need = "purpose = \"Договариваемся.\"\nowner = \"boss\"\n";
    let asks = format!("{need}  [[stage.need]]\n  field = \"contract_no\"\n");
    let firm = Firm::with(text.replace(need, &asks)).await;
    firm.write("denis_demo", "teapot", "/allow contract номер будет завтра")
        .await;
    firm.drag("denis_demo", "teapot", "contract").await;
    assert_eq!(firm.stands("teapot"), "contract");
    firm.drag("denis_demo", "teapot", "connect").await;
    assert_eq!(firm.stands("teapot"), "contract");
    says(&firm.last("teapot"), &["«Номер договора»"]);
    firm.write("denis_demo", "teapot", "/set Номер договора = 2026-050")
        .await;
    firm.drag("denis_demo", "teapot", "connect").await;
    assert_eq!(firm.stands("teapot"), "connect");
}
