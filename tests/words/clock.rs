//! What is said of time: waiting, the limit, the morning, dates.

use crate::book::{Book, at};
use jiff::civil::date;
use signalman::process::WaitTrouble;
use signalman::process::words::{DateTold, StepTold};

pub(crate) fn clock(book: &mut Book) {
    let until = date(2026, 11, 27);
    let due = Some(at("2026-11-30T12:00:00Z"));
    let reason = book.t("логотип и ИНН", "logo and tax number");
    let maria = [book.person("maria", true)];
    let words = &book.words;
    let mut told = vec![
        ("waiting", words.waits(&reason, None)),
        ("waiting until a day", words.waits(&reason, Some(until))),
        ("waiting, by the label", words.waits("", None)),
        ("no longer waiting", words.goes_on(due)),
        ("no longer waiting, without a limit", words.goes_on(None)),
        (
            "the day has come",
            words.waited(&maria, until, &reason, due),
        ),
        (
            "the day has come, nobody to call",
            words.waited(&[], until, "", None),
        ),
    ];
    let troubles = [
        WaitTrouble::NotTheirs { by_label: false },
        WaitTrouble::NotTheirs { by_label: true },
        WaitTrouble::FieldNotTheirs,
        WaitTrouble::NoDay {
            said: "32.11".into(),
        },
        WaitTrouble::Past { day: until },
        WaitTrouble::Nowhere,
        WaitTrouble::Goes,
    ];
    for trouble in &troubles {
        let gleb = book.person("maria", true);
        told.push(("no wait", words.no_wait(Some(&gleb), trouble)));
    }
    steps(book, &mut told);
    dates(book, &mut told);
    for (title, sentence) in told {
        book.say(title, &sentence);
    }
}

fn steps(book: &Book, told: &mut Vec<(&'static str, String)>) {
    let words = &book.words;
    let card = book.t("Тихий Будильник", "Quiet Alarm Clock");
    let step = |over, days, turn: bool, cost: Option<i64>| StepTold {
        people: vec![book.person(if turn { "denis" } else { "ilya" }, true)],
        turn: turn
            .then(|| book.person("ilya", false).name)
            .into_iter()
            .collect(),
        stage: book.connect(),
        card: card.clone(),
        over,
        due: at("2026-11-25T13:00:00Z"),
        days,
        cost: cost.map(|cost| words.format().money(cost, Some("RUB"))),
    };
    told.push(("a step: soon", words.step(&step(false, 0, false, None))));
    told.push(("a step: over", words.step(&step(true, 0, false, None))));
    told.push((
        "a step: days over",
        words.step(&step(true, 2, false, Some(160_000))),
    ));
    told.push((
        "a step: for the director",
        words.step(&step(true, 5, true, Some(215_050))),
    ));
    let (ilya, egor) = ([book.person("ilya", true)], [book.person("denis", true)]);
    let at_card = (book.connect(), card);
    let at_card = (at_card.0.as_str(), at_card.1.as_str());
    let due = Some(at("2026-11-25T13:00:00Z"));
    told.push(("a morning", words.morning(&ilya, &[], at_card, due)));
    told.push((
        "a morning, and others",
        words.morning(&ilya, &egor, at_card, None),
    ));
    told.push((
        "a morning for others",
        words.morning(&[], &egor, at_card, None),
    ));
}

fn dates(book: &Book, told: &mut Vec<(&'static str, String)>) {
    let words = &book.words;
    let date = |days, item: bool, cost: Option<i64>| DateTold {
        people: vec![book.person("olga", true), book.person("maria", true)],
        field: book.t("Оплатить до", "Pay by"),
        card: book.t("Тихий Будильник", "Quiet Alarm Clock"),
        date: date(2026, 11, 27),
        days,
        item: item.then(|| book.t("Первый платёж пришёл", "First payment received")),
        cost: cost.map(|cost| words.format().money(cost, Some("EUR"))),
    };
    told.push(("a date ahead", words.dated(&date(3, true, None))));
    told.push(("a date today", words.dated(&date(0, false, None))));
    told.push((
        "a date that is over",
        words.dated(&date(-1, true, Some(43_000))),
    ));
}
