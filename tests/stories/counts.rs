//! What a judgement costs Trello, and what happens when Trello has a bad day.

use crate::firm::{Firm, says};
use signalman::sandbox::{Fault, FaultKind};

/// Three lists of the practice board without a gate.
const PLAIN: &str = r#"
name = "Без ворот"
language = "ru"
time_zone = "Europe/Moscow"
mode = "enforce"
owner = "boss"
[[role]]
key = "boss"
name = "директор"
people = ["denis_demo"]
[[stage]]
key = "request"
name = "Новый запрос"
purpose = "Ответить."
owner = "boss"
[[stage]]
key = "details"
name = "Сбор данных"
purpose = "Спросить."
owner = "boss"
[[stage]]
key = "quote"
name = "Расчёт и предложение"
purpose = "Посчитать."
owner = "boss"
final = true
"#;

#[tokio::test]
async fn a_legal_move_into_no_gate_costs_no_request() {
    let firm = Firm::with(PLAIN.to_owned()).await;
    for stage in ["details", "quote"] {
        firm.drag("gleb_demo", "teapot", stage).await;
        assert_eq!(firm.standing("teapot").await, stage);
    }
    firm.drag("gleb_demo", "tram", "how").await;
    firm.drag("gleb_demo", "tram", "quote").await;
    assert_eq!(
        firm.standing("tram").await,
        "quote",
        "by way of a free list"
    );
    assert_eq!(firm.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_refusal_costs_at_most_three_requests() {
    let firm = Firm::open().await;
    firm.world().forget_requests();
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
    let made = firm.requests();
    assert!(made.len() <= 3, "{made:?}");
    let verbs: Vec<_> = made
        .iter()
        .map(|one| one.split(' ').next().unwrap_or_default())
        .collect();
    assert_eq!(verbs, ["GET", "PUT", "POST"]);
}

#[tokio::test]
async fn a_burst_shares_its_read() {
    let firm = Firm::open().await;
    firm.world().forget_requests();
    for stage in ["connect", "handover", "register", "active"] {
        firm.push("ilya_demo", "kefir", stage);
    }
    firm.settle().await;
    assert!(firm.requests().len() <= 3, "{:?}", firm.requests());
}

#[tokio::test]
async fn a_comment_whose_answer_was_lost_is_looked_up_and_not_written_twice() {
    let firm = Firm::open().await;
    firm.world()
        .fault(Fault::next(FaultKind::LostAfter, 1).on("POST", "/cards"));
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.wait(5).await;
    assert_eq!(firm.said("kefir").len(), 1);
}

#[tokio::test]
async fn a_write_that_never_arrived_is_made_again() {
    let firm = Firm::open().await;
    firm.world()
        .fault(Fault::next(FaultKind::LostBefore, 1).on("POST", "/cards"));
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 1).on("PUT", "/cards"));
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.wait(5).await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.said("kefir").len(), 1);
}

#[tokio::test]
async fn seeding_that_was_cut_off_is_finished_and_not_doubled() {
    let firm = Firm::open().await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.world()
        .fault(Fault::next(FaultKind::LostAfter, 2).on("POST", "/checklists"));
    firm.drag("maria_demo", "boot", "connect").await;
    firm.wait(10).await;
    let named = firm
        .checklists("boot")
        .into_iter()
        .filter(|name| name == "Подключение")
        .count();
    assert_eq!(named, 1);
    let list = firm.process.checklist(&"connect".into()).unwrap();
    for item in &list.items {
        assert_eq!(
            firm.items("boot")
                .iter()
                .filter(|one| one.name == item.name)
                .count(),
            1,
            "{}",
            item.name
        );
    }
}

#[tokio::test]
async fn too_many_requests_only_make_it_late() {
    let firm = Firm::open().await;
    firm.world().fault(Fault::next(FaultKind::TooMany, 3));
    firm.drag("ilya_demo", "kefir", "connect").await;
    for _ in 0..4 {
        firm.wait(1).await;
    }
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.said("kefir").len(), 1);
}

/// Trello fails every write on cards, as long as this stands.
fn broken(verb: &str) -> Fault {
    Fault {
        times: None,
        ..Fault::next(FaultKind::Broken, 1).on(verb, "/cards")
    }
}

#[tokio::test]
async fn a_card_that_cannot_be_moved_back_is_told_of_once_and_comes_back_when_trello_does() {
    let firm = Firm::open().await;
    firm.world().fault(broken("PUT"));
    firm.drag("ilya_demo", "kefir", "connect").await;
    for _ in 0..40 {
        firm.wait(5).await;
    }
    assert_eq!(firm.stands("kefir"), "connect");
    let told = |firm: &Firm| {
        let said = firm.said("kefir");
        said.iter()
            .filter(|text| text.contains("вернуть не удалось"))
            .count()
    };
    assert_eq!(told(&firm), 1, "{:?}", firm.said("kefir"));
    says(
        &firm.said("kefir").join("\n"),
        &["@denis_demo", "Попытки продолжаются"],
    );
    firm.world().with(|state| state.faults.clear());
    firm.wait(6).await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(told(&firm), 1);
}

#[tokio::test]
async fn a_reversal_that_trello_refuses_for_good_is_said() {
    let firm = Firm::open().await;
    let list = firm.list("contract");
    firm.world().with(|state| state.lists.remove(&list));
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.wait(1).await;
    assert_eq!(firm.stands("kefir"), "connect");
    says(
        &firm.said("kefir").join("\n"),
        &[
            "@denis_demo",
            "вернуть не удалось",
            "Пожалуйста, переведите",
        ],
    );
}

#[tokio::test]
async fn an_outage_of_hours_loses_no_refusal() {
    let firm = Firm::open().await;
    firm.world().fault(broken(""));
    firm.drag("ilya_demo", "kefir", "connect").await;
    for _ in 0..50 {
        firm.wait(6).await;
    }
    assert_eq!(firm.stands("kefir"), "connect");
    firm.world().with(|state| state.faults.clear());
    firm.wait(6).await;
    firm.wait(6).await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.said("kefir").len(), 1, "{:?}", firm.said("kefir"));
}
