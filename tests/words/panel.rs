//! What the Power-Up says, and what is said on the card of what was done in it.

use crate::book::{Book, noon};
use signalman::process::Test;
use signalman::process::facts::Problem;
use signalman::process::words::{Thing, WishReply};

pub(crate) fn panel(book: &mut Book) {
    let olga = book.person("olga", false).name;
    let number = book.t("Номер договора", "Contract number");
    let billing = book.t("Биллинг: тариф и сумма", "Billing: tariff and amount");
    let lines = [
        (number.clone(), Some("2026-042".to_owned())),
        (billing.clone(), None),
    ];
    let sentence = book.words.entered(Some(&olga), &lines);
    book.say("entered in the Power-Up", &sentence);
    let todo = [book.todo(book.paid(), &["olga"])];
    let called = [book.person("olga", true)];
    let by = book.person("maria", false).name;
    let sentence = book
        .words
        .called(Some(&by), &called, &todo, &book.connect());
    book.say("called in the Power-Up", &sentence);
    let replies = [
        WishReply::Ticks {
            item: billing.clone(),
            by: Some(olga.clone()),
        },
        WishReply::NoItem(billing.clone()),
        WishReply::NotTheirTick {
            item: billing.clone(),
            who: vec![olga.clone()],
            proof: false,
        },
        WishReply::NotTheirTick {
            item: billing.clone(),
            who: vec![olga.clone()],
            proof: true,
        },
        WishReply::Unsigned(billing),
        WishReply::Stranger,
        WishReply::NobodyToCall,
        WishReply::CalledToday(vec![olga.clone()]),
    ];
    for reply in &replies {
        let sentence = book.words.wish(reply);
        book.say("asked for in the Power-Up", &sentence);
    }
    let here = [
        WishReply::NoValue(number.clone()),
        WishReply::NoGood {
            field: number,
            seen: "5".into(),
            why: book.words.problem(&Problem::TooShort { min: 3 }),
        },
        WishReply::Elsewhere,
        WishReply::Meanwhile,
        WishReply::NoSuchStage {
            said: "moon".into(),
            stages: Vec::new(),
        },
    ];
    for reply in &here {
        let sentence = book.words.refused_here(reply);
        book.say("not done, said on the page", &sentence);
    }
    looked_at(book);
    for code in [
        "no_token",
        "bad_token",
        "other_board",
        "not_a_member",
        "may_not",
        "not_attached",
        "no_powerup",
        "no_card",
        "no_such",
        "bad_request",
        "too_large",
        "password",
        "own_card",
        "too_many",
        "watching",
        "paused",
        "blind",
        "busy",
    ] {
        let sentence = book.words.page_trouble(code);
        book.say(&format!("a page in trouble: {code}"), &sentence);
    }
}

fn looked_at(book: &mut Book) {
    let manager = [book.t("менеджер", "manager")];
    let signed = book.t("Договор подписан", "Contract signed");
    let (tariff, gold) = (book.t("Тариф", "Tariff"), vec![book.t("Эфир", "On air")]);
    let told = [
        book.words.movers(&manager),
        book.words.movers(&[]),
        book.words.one_of(),
        book.words.thing(&Thing::Label(book.connect())),
        book.words
            .foreign_tick(Some(&book.person("ilya", false).name)),
        book.words.foreign_tick(None),
        book.words.item_absent(),
        book.words.ticked_by_itself(),
        book.words.done_of(2, 5),
        book.words.reason(Some(&manager), 2),
        book.words.reason(Some(&manager), 0),
        book.words.reason(None, 1),
        book.words.reason(None, 5),
        book.words.reason(None, 0),
        book.words.only_if(&signed, &tariff, &Test::Filled),
        book.words.only_if(&signed, &tariff, &Test::Empty),
        book.words
            .only_if(&signed, &tariff, &Test::Is(gold.clone())),
        book.words.only_if(&signed, &tariff, &Test::IsNot(gold)),
    ];
    for sentence in &told {
        book.say("looked at", sentence);
    }
    let left = (book.connect(), noon());
    for kind in [
        "gone",
        "closed",
        "not_admitted",
        "waits",
        "aside",
        "unknown",
    ] {
        let left = Some(&left).filter(|_| kind == "not_admitted");
        let sentence = book.words.trouble(kind, left);
        book.say(&format!("where the card stands: {kind}"), &sentence);
    }
}
