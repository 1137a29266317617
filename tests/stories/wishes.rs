//! What people ask for in a comment, from a phone say, is done in their name and judged as theirs.

use crate::firm::{Firm, in_custom_fields, says};
use crate::sweeps::watched;
use signalman::engine::Watch;
use signalman::process::Accepted;
use signalman::sandbox::faults::{Fault, FaultKind};
use signalman::store::Store;

impl Firm {
    fn ask(&self, username: &str, card: &str, text: &str) {
        let path = format!("cards/{}/actions/comments", self.id(card));
        let wish = serde_json::json!({ "text": text });
        self.hand(username).post(&path, wish).unwrap();
    }

    fn of(&self, username: &str) -> String {
        let state = |state: &signalman::sandbox::state::State| {
            let mut members = state.members.values();
            let one = members.find(|member| member.username == username);
            one.unwrap().id.clone()
        };
        self.world().with(|all| state(all))
    }

    /// Whose hand the card was last admitted by.
    async fn admitted_by(&self, card: &str) -> Option<String> {
        let lane = signalman::model::Lane::Card(self.id(card).as_str().into());
        let lines = self.store.history(&self.board(), Some(&lane), 50).await;
        let mut lines = lines.unwrap().into_iter();
        lines.find(|line| line.kind == "admitted")?.who
    }

    async fn accepted(&self, card: &str, field: &str) -> Accepted {
        let memory = self.memory(card).await;
        memory.fields[&field.into()].clone()
    }
}

#[tokio::test]
async fn a_move_that_would_go_back_is_not_made() {
    let firm = Firm::open().await;
    let order = firm.card("kefir").pos;
    for command in ["/move connect", "/перевести «Подключение»"] {
        firm.write("egor_demo", "kefir", command).await;
        assert_eq!(firm.stands("kefir"), "contract");
        says(
            &firm.last("kefir"),
            &[
                "карточка остаётся в колонке «Договор»",
                "пройти колонку «Счёт и оплата»",
                "Мария (менеджер)",
            ],
        );
    }
    assert_eq!(firm.reversals("kefir"), 0);
    assert!((firm.card("kefir").pos - order).abs() < f64::EPSILON);
}

#[tokio::test]
async fn a_card_goes_where_the_asker_might_have_dragged_it() {
    let firm = Firm::open().await;
    firm.fill(
        "maria_demo",
        "kefir",
        &[
            ("Номер договора", "2026-042"),
            ("Дата договора", &firm.day(-2)),
        ],
    )
    .await;
    firm.write("maria_demo", "kefir", "/next").await;
    assert_eq!(firm.stands("kefir"), "invoice", "{}", firm.last("kefir"));
    assert_eq!(firm.admitted_by("kefir").await, Some(firm.of("maria_demo")));
    assert!(firm.memory("kefir").await.wishes.is_empty());
    let said = firm.said("kefir").join("\n");
    says(&said, &["по просьбе: Мария (менеджер)"]);

    // Back again, which has its roles as well.
    firm.write("gleb_demo", "kefir", "/move contract").await;
    assert_eq!(firm.stands("kefir"), "invoice");
    firm.write("maria_demo", "kefir", "/move contract").await;
    assert_eq!(firm.stands("kefir"), "contract", "{}", firm.last("kefir"));
}

#[tokio::test]
async fn the_gate_knows_the_asker_and_not_the_hand_that_does_it() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    firm.write("ilya_demo", "kefir", "/далее").await;
    assert_eq!(firm.stands("kefir"), "invoice");
    says(&firm.last("kefir"), &["остаётся", "менеджер"]);
    firm.write("maria_demo", "kefir", "/далее").await;
    assert_eq!(firm.stands("kefir"), "connect", "{}", firm.last("kefir"));
    assert_eq!(firm.standing("kefir").await, "connect");
    assert_eq!(firm.admitted_by("kefir").await, Some(firm.of("maria_demo")));
    let seeded = firm.checklists("kefir");
    assert_eq!(
        seeded.iter().filter(|name| *name == "Подключение").count(),
        1,
        "{seeded:?}"
    );
}

#[tokio::test]
async fn what_is_meanwhile_no_longer_true_is_judged_as_it_is_when_it_is_told() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    firm.ask("maria_demo", "kefir", "/move connect");
    // Before anything is done of it the tick is taken back.
    firm.mark("olga_demo", "kefir", "paid", false);
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "invoice", "{:#?}", firm.said("kefir"));
    assert_eq!(firm.standing("kefir").await, "invoice");
}

#[tokio::test]
async fn where_it_could_go_is_said_where_that_is_not_plain() {
    let firm = Firm::open().await;
    for (card, command, parts) in [
        (
            "kefir",
            "/move вчера",
            &["«вчера»", "«Подключение»", "/перевести"][..],
        ),
        ("kefir", "/move contract", &["уже стоит", "«Договор»"]),
        ("cellar", "/next", &["дальше не ведёт"]),
    ] {
        firm.write("maria_demo", card, command).await;
        says(&firm.last(card), parts);
    }
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_line_is_filled_in_in_the_askers_name() {
    let firm = Firm::open().await;
    let before = firm.card("kefir").desc;
    firm.write("maria_demo", "kefir", "/set Номер договора = 2026-042")
        .await;
    let after = firm.card("kefir").desc;
    says(&after, &["Номер договора: 2026-042"]);
    assert_eq!(before.lines().count(), after.lines().count(), "{after}");
    says(
        &firm.last("kefir"),
        &["«Номер договора» — 2026-042", "Мария (менеджер)"],
    );
    let accepted = firm.accepted("kefir", "contract_no").await;
    assert_eq!(accepted.by.unwrap().to_string(), firm.of("maria_demo"));
    assert!(firm.memory("kefir").await.wishes.is_empty());

    // What is filled is changed by those who may.
    firm.write("ilya_demo", "kefir", "/поле Номер договора = 1")
        .await;
    says(&firm.last("kefir"), &["осталась прежней", "менеджер"]);
    says(&firm.card("kefir").desc, &["Номер договора: 2026-042"]);
    firm.write("maria_demo", "kefir", "/поле contract_no = 2026-043")
        .await;
    says(&firm.card("kefir").desc, &["Номер договора: 2026-043"]);
}

#[tokio::test]
async fn a_value_that_is_no_good_is_not_written() {
    let firm = Firm::open().await;
    let before = firm.card("kefir").desc;
    for (command, parts) in [
        (
            "/set ИНН = 9601000002",
            &["«ИНН»", "9601000002", "/поле ИНН"][..],
        ),
        ("/set Дата договора = вчера", &["«Дата договора»"]),
        ("/set Номер догавора = 5", &["«Номер договора»", "/поле"]),
        ("/set Номер договора", &["не написано значение"]),
        ("/set", &["/поле"]),
    ] {
        firm.write("maria_demo", "kefir", command).await;
        says(&firm.last("kefir"), parts);
    }
    assert_eq!(firm.card("kefir").desc, before);
}

#[tokio::test]
async fn an_amount_asked_for_waits_for_the_accountant_like_one_typed() {
    let firm = Firm::open().await;
    firm.write("maria_demo", "cellar", "/set Абонплата в месяц = 15 000")
        .await;
    says(&firm.card("cellar").desc, &["Абонплата в месяц: 15 000"]);
    let accepted = firm.accepted("cellar", "fee").await;
    assert_eq!(accepted.by.unwrap().to_string(), firm.of("maria_demo"));
}

#[tokio::test]
async fn with_custom_fields_a_date_and_a_choice_are_written_as_trello_keeps_them() {
    let firm = Firm::with(in_custom_fields()).await;
    let day = firm.day(-2);
    firm.write("maria_demo", "tram", &format!("/set Дата договора = {day}"))
        .await;
    firm.write("maria_demo", "tram", "/set Кодек = mp3").await;
    let accepted = firm.accepted("tram", "contract_date").await;
    assert_eq!(accepted.by.unwrap().to_string(), firm.of("maria_demo"));
    let values = firm.card("tram").values;
    assert_eq!(values.len(), 2, "{values:?} {:#?}", firm.said("tram"));
    assert!(firm.memory("tram").await.wishes.is_empty());
}

#[tokio::test]
async fn with_custom_fields_a_choice_that_is_another_persons_to_change_comes_back() {
    let firm = Firm::with(in_custom_fields()).await;
    firm.write("maria_demo", "tram", "/set Тариф = Эфир").await;
    let (field, chosen, other) = firm.world().with(|state| {
        let mut fields = state.fields.values();
        let field = fields.find(|field| field.name == "Тариф").unwrap();
        let id = |text: &str| {
            let mut options = field.options.iter();
            options.find(|one| one.text == text).unwrap().id.clone()
        };
        (field.id.clone(), id("Эфир"), id("Сеть"))
    });
    let path = format!("cards/{}/customField/{field}/item", firm.id("tram"));
    let wish = serde_json::json!({ "idValue": other });
    firm.hand("ilya_demo").put(&path, wish).unwrap();
    firm.settle().await;
    let value = format!("{:?}", firm.card("tram").values[&field]);
    assert!(value.contains(&chosen), "{value} {:#?}", firm.said("tram"));
}

#[tokio::test]
async fn what_was_asked_long_ago_is_not_done_any_more() {
    let firm = watched().await;
    firm.to_invoice("kefir").await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.unheard(|firm| {
        firm.ask("maria_demo", "kefir", "/move contract");
        firm.ask("maria_demo", "kefir", "/set Номер договора = 2026-001");
    })
    .await;
    firm.wait(180).await;
    firm.look_after(&mut watch).await;
    firm.wait(1).await;
    assert_eq!(firm.stands("kefir"), "invoice");
    says(&firm.card("kefir").desc, &["Номер договора: 2026-042"]);
    says(&firm.last("kefir"), &["с опозданием"]);
}

#[tokio::test]
async fn whoever_does_something_else_in_the_same_breath_is_not_undone() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    firm.ask("maria_demo", "kefir", "/move contract");
    let archived = serde_json::json!({ "closed": true });
    let path = format!("cards/{}", firm.id("kefir"));
    firm.hand("denis_demo").put(&path, archived).unwrap();
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "invoice", "{:#?}", firm.said("kefir"));

    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    firm.ask("maria_demo", "kefir", "/move contract");
    firm.push("maria_demo", "kefir", "contract");
    firm.push("maria_demo", "kefir", "invoice");
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "invoice", "{:#?}", firm.said("kefir"));
    assert_eq!(firm.standing("kefir").await, "invoice");
}

#[tokio::test]
async fn of_two_who_ask_at_once_the_one_whose_it_is_stands() {
    let firm = Firm::open().await;
    firm.ask("maria_demo", "kefir", "/set Номер договора = 2026-042");
    firm.ask("ilya_demo", "kefir", "/set Номер договора = 2026-666");
    firm.settle().await;
    says(&firm.card("kefir").desc, &["Номер договора: 2026-042"]);
    let accepted = firm.accepted("kefir", "contract_no").await;
    assert_eq!(accepted.by.unwrap().to_string(), firm.of("maria_demo"));
}

#[tokio::test]
async fn an_answer_that_is_lost_does_not_make_it_somebody_elses() {
    let firm = Firm::open().await;
    firm.fill("maria_demo", "kefir", &[("Номер договора", "2026-042")])
        .await;
    let lost = Fault::next(FaultKind::LostAfter, 1).on("PUT", "/cards");
    firm.world().fault(lost);
    firm.write(
        "maria_demo",
        "kefir",
        "/set «номер договора» = 2026-043\nСпасибо",
    )
    .await;
    firm.wait(10).await;
    says(&firm.card("kefir").desc, &["Номер договора: 2026-043"]);
    let accepted = firm.accepted("kefir", "contract_no").await;
    assert_eq!(accepted.by.unwrap().to_string(), firm.of("maria_demo"));
    let said = firm.said("kefir").join("\n");
    assert!(!said.contains("снова"), "{said}");
}

/// What may not be done by hand any more is not done for the asking either.
#[tokio::test]
async fn who_may_not_change_cards_by_hand_changes_none_by_a_comment() {
    for command in ["/set Номер договора = 2026-042", "/move details"] {
        let firm = Firm::open().await;
        let before = firm.card("kefir").desc;
        firm.ask("maria_demo", "kefir", command);
        firm.observes("maria_demo");
        firm.settle().await;
        says(&firm.last("kefir"), &["участники"]);
        assert_eq!(firm.card("kefir").desc, before);
        assert_eq!(firm.stands("kefir"), "contract");
    }
}
