//! Who acted: our own echoes, robots, agents, and those who push again and again.

use crate::firm::{Firm, says};
use serde_json::json;
use signalman::attach::{Attach, Options, plan};
use signalman::sandbox::world::SERVICE_APP;
use signalman::store::Store;

const BUTLER: &str = "56ff07afbc287582d36e19ac";

#[tokio::test]
async fn our_own_moves_are_echoes_and_judged_no_second_time() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.wait(30).await;
    assert_eq!((firm.reversals("kefir"), firm.said("kefir").len()), (1, 1));
}

#[tokio::test]
async fn the_application_of_our_own_actions_is_learnt() {
    let firm = Firm::open().await;
    firm.drag("gleb_demo", "kefir", "connect").await;
    let record = firm.store.board(&firm.board()).await.unwrap().unwrap();
    let app = record
        .active
        .bindings
        .app
        .clone()
        .expect("a comment's answer tells");
    let ours = firm.world().app(SERVICE_APP).unwrap();
    assert_eq!(app.as_str(), ours.id);
    firm.drag("gleb_demo", "kefir", "handover").await;
    assert_eq!(firm.reversals("kefir"), 2, "echoes are known all the same");
}

#[tokio::test]
async fn what_else_the_bot_does_is_judged_as_by_a_member_without_a_role() {
    let firm = Firm::open().await;
    let bot = firm.world().hand(&firm.demo.bot);
    let wish = json!({ "idList": firm.list("connect") });
    bot.put(&format!("cards/{}", firm.id("kefir")), wish)
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn an_automation_rule_of_the_manager_carries_no_role() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    let wish = json!({ "idList": firm.list("connect") });
    let rule = firm.hand("maria_demo").through(BUTLER);
    rule.put(&format!("cards/{}", firm.id("kefir")), wish)
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "invoice");
}

#[tokio::test]
async fn a_listed_application_carries_the_members_role() {
    let text = crate::firm::radio_text().replacen(
        "fields_in =",
        &format!("trusted_apps = [\"{BUTLER}\"]\nfields_in ="),
        1,
    );
    let firm = Firm::with(text).await;
    firm.ready_to_connect("kefir").await;
    let wish = json!({ "idList": firm.list("connect") });
    let rule = firm.hand("maria_demo").through(BUTLER);
    rule.put(&format!("cards/{}", firm.id("kefir")), wish)
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "connect");
}

#[tokio::test]
async fn setup_refuses_a_token_whose_owner_holds_a_role() {
    let text = crate::firm::radio_text().replacen(
        "[\"denis_demo\"]",
        "[\"denis_demo\", \"signalman\"]",
        1,
    );
    let firm = Firm::unattached(text).await;
    let me = firm.trello.me().await.unwrap();
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    let board = attach.read(&firm.board()).await.unwrap();
    let refused = plan(&firm.process, &board, &me, None, &Options::default());
    assert!(!refused.troubles.is_empty());
    let shared = Options {
        shared_account: true,
        ..Options::default()
    };
    let allowed = plan(&firm.process, &board, &me, None, &shared);
    assert!(allowed.troubles.is_empty(), "{:?}", allowed.troubles);
}

#[tokio::test]
async fn a_card_pushed_again_and_again_stays_not_admitted_and_the_owner_is_called() {
    let firm = Firm::open().await;
    for _ in 0..4 {
        firm.drag("gleb_demo", "kefir", "connect").await;
    }
    assert_eq!(firm.reversals("kefir"), 3, "three times within the hour");
    assert_eq!(
        firm.stands("kefir"),
        "connect",
        "it stays where it was pushed"
    );
    assert_eq!(
        firm.standing("kefir").await,
        "contract",
        "and is not admitted"
    );
    assert!(
        !firm.checklists("kefir").contains(&"Подключение".to_owned()),
        "nothing is seeded"
    );
    assert!(firm.labels("kefir").contains(&"Не допущена".to_owned()));
    says(
        &firm.last("kefir"),
        &["@denis_demo", "3 раза", "/пропустить"],
    );
    firm.wait(61).await;
    assert_eq!(
        firm.stands("kefir"),
        "contract",
        "after the hour it is tried again"
    );
    assert!(!firm.labels("kefir").contains(&"Не допущена".to_owned()));
}

#[tokio::test]
async fn a_robot_that_pushes_is_named_as_what_it_is() {
    let firm = Firm::open().await;
    let rule = firm.hand("gleb_demo").through(BUTLER);
    for _ in 0..4 {
        let wish = json!({ "idList": firm.list("connect") });
        rule.put(&format!("cards/{}", firm.id("kefir")), wish)
            .unwrap();
        firm.settle().await;
    }
    says(
        &firm.last("kefir"),
        &["правило автоматизации Trello", "Глеб (гость)"],
    );
}

#[tokio::test]
async fn honest_attempts_at_several_stages_are_no_fight() {
    let firm = Firm::open().await;
    for stage in ["handover", "register", "active", "connect"] {
        firm.drag("maria_demo", "kefir", stage).await;
        assert_eq!(firm.stands("kefir"), "contract", "from {stage}");
    }
    assert!(firm.labels("kefir").is_empty());
}

#[tokio::test]
async fn less_missing_than_the_last_time_is_no_fight() {
    let firm = Firm::open().await;
    firm.drag("maria_demo", "kefir", "connect").await;
    firm.to_invoice("kefir").await;
    for (who, item) in [("maria_demo", "signed"), ("olga_demo", "paid")] {
        firm.tick(who, "kefir", item).await;
        firm.drag("maria_demo", "kefir", "connect").await;
    }
    firm.fill("olga_demo", "kefir", &[("Номер счёта", "319")])
        .await;
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(firm.reversals("kefir"), 4, "{:?}", firm.said("kefir"));
    assert_eq!(firm.stands("kefir"), "invoice");
    assert!(firm.labels("kefir").is_empty());
}

#[tokio::test]
async fn pushed_on_from_where_it_was_left_it_is_told_of_and_tried_again_all_the_same() {
    let firm = Firm::open().await;
    for _ in 0..4 {
        firm.drag("gleb_demo", "kefir", "connect").await;
    }
    firm.drag("gleb_demo", "kefir", "handover").await;
    assert_eq!(firm.stands("kefir"), "handover");
    says(
        &firm.last("kefir"),
        &["«Проверка и передача»", "не допущенной"],
    );
    firm.wait(61).await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_robot_that_writes_a_line_again_and_again_is_not_fought_without_end() {
    let firm = Firm::open().await;
    for fee in 0..60 {
        let fee = format!("{fee}00");
        firm.fill("egor_demo", "boot", &[("Абонплата в месяц", &fee)])
            .await;
    }
    let told = firm.said("boot").len();
    assert_eq!(told, 1, "one comment tells of it: {:?}", firm.said("boot"));
    let put_right = firm
        .requests()
        .iter()
        .filter(|one| one.starts_with("PUT"))
        .count();
    assert!((10..=90).contains(&put_right), "{put_right}");
    assert!(firm.card("boot").desc.contains("Абонплата в месяц: 5900"));
    firm.wait(61).await;
    firm.fill("egor_demo", "boot", &[("Абонплата в месяц", "6000")])
        .await;
    assert!(
        firm.card("boot").desc.contains("Абонплата в месяц: 7 900"),
        "{}",
        firm.card("boot").desc
    );
}
