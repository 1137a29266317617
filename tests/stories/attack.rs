//! What hostile or hasty pages try, and what becomes of it: nothing that the board would not let them,
//! and nothing that keeps the process from being held.

use crate::firm::{Firm, says};
use crate::panel::Panel;
use jiff::SignedDuration;
use serde_json::json;
use signalman::sandbox::{Fault, FaultKind};
use std::time::Duration;

#[tokio::test]
async fn a_key_used_for_something_else_is_another_ask() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let set = |value: &str| json!({"act": "set", "fields": {"contract_no": value}});
    let first = maria.keyed("kefir", "k1", &set("2026-041")).await;
    let other = maria.keyed("kefir", "k1", &set("2026-042")).await;
    let elsewhere = maria.keyed("boot", "k1", &set("2026-043")).await;
    assert_eq!(
        (first.status, other.status, elsewhere.status),
        (202, 202, 202)
    );
    firm.settle().await;
    says(&firm.card("kefir").desc, &["2026-042"]);
    says(&firm.card("boot").desc, &["2026-043"]);
}

#[tokio::test]
async fn a_password_typed_on_a_page_is_kept_nowhere() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    for (field, value) in [
        ("options", "плеер, пароль: qweRty77zz"),
        ("pull_url", "https://dj:qweRty77zz@stream.example/live"),
    ] {
        let ask = json!({"act": "set", "fields": {field: value}});
        let answer = maria.act("kefir", ask).await;
        assert_eq!(answer.status, 422, "{:#}", answer.body);
        says(answer.say(), &["пароль"]);
    }
    firm.settle().await;
    assert!(!firm.card("kefir").desc.contains("qweRty77zz"));
    assert!(!firm.everything_stored().await.contains("qweRty77zz"));
}

/// Everybody's pages look at one card after another that nobody knows.
async fn look_about(firm: &Firm, people: &[Panel<'_>], second: usize) {
    for (nth, panel) in people.iter().cycle().take(48).enumerate() {
        let nth = second * 100 + nth;
        let path = format!("{}/cards/6b0811e05b00{nth:012x}", panel.board());
        panel.get(&path).await;
    }
    work(firm).await;
}

/// A second, and what is done in it.
async fn work(firm: &Firm) {
    firm.world().delivered().await;
    firm.world().advance(SignedDuration::from_secs(1));
    Box::pin(firm.engine.drain(firm.now())).await.unwrap();
    firm.world().delivered().await;
}

#[tokio::test]
async fn a_burst_of_pages_holds_up_neither_the_process_nor_what_is_asked_for() {
    let firm = Firm::limited().await;
    let people = ["olga_demo", "egor_demo", "ilya_demo", "denis_demo"];
    let people = people.map(|name| Panel::of(&firm, name));
    let maria = Panel::of(&firm, "maria_demo");
    let ask = json!({"act": "set", "fields": {"contract_no": "2026-041"}});
    let (mut asked, mut done, mut back) = (None, None, None);
    for second in 0..30 {
        if asked.is_none() && second > 6 {
            let answer = maria.act("kefir", ask.clone()).await;
            asked = (answer.status == 202).then_some(second);
            firm.push("egor_demo", "boot", "handover");
        }
        look_about(&firm, &people, second).await;
        let returned = firm.reversals("boot") > 0;
        back = back.or_else(|| returned.then_some(second));
        let written = firm.card("kefir").desc.contains("2026-041");
        done = done.or_else(|| written.then_some(second));
    }
    assert!(back.unwrap() < 10, "{back:?}");
    assert!(done.unwrap() <= asked.unwrap() + 2, "{asked:?} {done:?}");
    assert_eq!(firm.trello.figures().await.refused, 0);
}

#[tokio::test]
async fn whoever_has_no_token_makes_nobody_ask_trello_without_end() {
    let firm = Firm::open().await;
    let broken = Fault {
        times: None,
        ..Fault::next(FaultKind::Broken, 1).on("GET", "/resource")
    };
    firm.world().fault(broken);
    for _ in 0..20 {
        let url = format!("{}api/boards/{}", firm.url, firm.board());
        let answer = reqwest::Client::new().get(url).bearer_auth("x.y.z");
        assert_eq!(answer.send().await.unwrap().status(), 503);
    }
    let asked = firm.world().requests();
    let asked = asked.iter().filter(|one| one.path.contains("public-keys"));
    assert_eq!(asked.count(), 1);
}

#[tokio::test]
async fn whoever_is_taken_off_the_board_sees_nothing_more() {
    let firm = Firm::open().await;
    let gleb = Panel::of(&firm, "gleb_demo");
    gleb.card("kefir").await;
    let mut news = gleb.live().await;
    let path = format!("boards/{}/members/{}", firm.demo.board, gleb.id());
    firm.hand("denis_demo").delete(&path).unwrap();
    firm.settle().await;
    let answer = gleb.get(&gleb.board()).await;
    assert_eq!((answer.status, answer.code()), (403, "not_a_member"));
    let ends = async { while news.chunk().await.unwrap().is_some() {} };
    let ended = tokio::time::timeout(Duration::from_secs(20), ends).await;
    ended.expect("the news end");
}

#[tokio::test]
async fn the_boards_own_cards_are_no_clients() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let own = firm.world().with(|state| {
        let mut cards = state.cards.values();
        let card = cards.find(|card| card.name == "Signalman");
        card.unwrap().id.clone()
    });
    for ask in [
        json!({"act": "move", "stage": "invoice"}),
        json!({"act": "set", "fields": {"contract_no": "2026-041"}}),
        json!({"act": "tick", "item": "paid"}),
        json!({"act": "ask", "stage": "invoice", "of": "field:contract_no"}),
    ] {
        let answer = maria.act(&own, ask).await;
        assert_eq!((answer.status, answer.code()), (409, "own_card"));
    }
}

/// A value that stands otherwise in its line than it was asked for would be nobody's, and would pass
/// over what others wrote.
#[tokio::test]
async fn a_value_with_signs_that_nobody_sees_is_its_askers() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let value = "плеер\u{0}для\u{2028}@board **сайта**\u{200b}";
    let ask = json!({"act": "set", "fields": {"options": value}});
    maria.done("kefir", ask).await;
    firm.settle().await;
    let memory = firm.memory("kefir").await;
    assert!(memory.wishes.is_empty(), "{:?}", memory.wishes);
    let options = &memory.fields[&"options".into()];
    assert_eq!(options.value, "плеер для @board **сайта**");
    assert_eq!(options.by.as_ref().unwrap().as_str(), maria.id());
    let said = firm.last("kefir");
    assert!(!said.contains("@board") && !said.contains("**"), "{said}");
}

/// Trello does not take the tick for a while, and its asker gives it by hand meanwhile.
#[tokio::test]
async fn a_tick_by_page_and_by_hand_is_told_once_and_stands() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    let olga = Panel::of(&firm, "olga_demo");
    let tick = json!({"act": "tick", "item": "paid"});
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 3).on("PUT", "/cards"));
    olga.done("kefir", tick.clone()).await;
    firm.world().advance(SignedDuration::from_secs(1));
    firm.engine.drain(firm.now()).await.unwrap();
    assert!(!firm.ticked("kefir", "paid"));
    firm.tick("olga_demo", "kefir", "paid").await;
    firm.wait(5).await;
    assert!(firm.ticked("kefir", "paid"));
    firm.untick("olga_demo", "kefir", "paid").await;
    let olga = Panel::of(&firm, "olga_demo");
    olga.done("kefir", tick).await;
    firm.settle().await;
    let memory = firm.memory("kefir").await;
    let tick = memory.items[&"paid".into()].tick.clone().unwrap();
    assert_eq!(tick.by.as_str(), olga.id());
    assert_eq!(firm.last("kefir").matches('✓').count(), 1);
}

#[tokio::test]
async fn a_card_that_goes_back_goes_before_those_that_are_asked_for() {
    let firm = Firm::limited().await;
    let maria = firm.hand("maria_demo");
    let desc = "Технический контакт: Зоя\nПочта контакта: air@radio.example";
    let cards = (0..80).map(|nth| {
        let list = firm.list("request");
        let wish = json!({ "idList": list, "name": format!("Радио {nth}"), "desc": desc });
        let made = maria.post("cards", wish).unwrap();
        made["id"].as_str().unwrap().to_owned()
    });
    let cards: Vec<_> = cards.collect();
    for _ in 0..120 {
        work(&firm).await;
    }
    for card in &cards {
        let path = format!("cards/{card}/actions/comments");
        maria
            .post(&path, json!({ "text": "/move Сбор данных" }))
            .unwrap();
    }
    work(&firm).await;
    let there = |firm: &Firm| {
        let there = cards.iter().filter(|card| firm.stands(card) == "details");
        there.count()
    };
    assert!(there(&firm) < cards.len(), "it is more than a window holds");
    firm.push("egor_demo", "boot", "handover");
    work(&firm).await;
    assert_eq!(firm.reversals("boot"), 1);
    for _ in 0..60 {
        work(&firm).await;
    }
    assert_eq!(there(&firm), cards.len());
}
