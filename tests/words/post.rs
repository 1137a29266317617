//! What people read elsewhere than on the card, and on the card of what did not arrive there.

use crate::book::{Book, at, noon};
use signalman::model::Lost;
use signalman::process::Waiting;
use signalman::process::notify::WayKind;
use signalman::process::words::{Fees, Here, Link, Morning, Whole};

pub(crate) fn post(book: &mut Book) {
    let maria = book.person("maria", false).name;
    let refused = Lost::Refused {
        why: "550 5.1.1 no such user here".into(),
    };
    let down = Lost::Down {
        why: "no connection".into(),
    };
    let kinds = [
        Some(WayKind::Smtp),
        Some(WayKind::Telegram),
        Some(WayKind::Matrix),
        Some(WayKind::Webhook),
        None,
    ];
    for kind in kinds {
        for why in [&refused, &down] {
            let sentence = book.words.not_reached(&maria, kind, why);
            book.say("a message did not arrive", &sentence);
        }
    }
    let process = book.t("Подключение станций", "Stations");
    for link in [Link::Good, Link::Stale, Link::Foreign] {
        let sentence = book.words.chat(&process, link);
        book.say("whoever opens a chat is answered", &sentence);
    }
    let sentence = book.words.trial(&process);
    book.say("a way is tried", &sentence);
    mornings(book);
}

fn here(book: &Book, late: Option<i64>, who: &[&str]) -> Here {
    Here {
        card: book.t("Зелёный Валенок", "Green Felt Boot"),
        stage: book.connect(),
        since: Some(noon()),
        due: None,
        late,
        who: who.iter().map(|who| book.person(who, false).name).collect(),
        waits: None,
    }
}

fn mornings(book: &mut Book) {
    let soon = Here {
        due: Some(at("2026-11-27T13:30:00Z")),
        ..here(book, None, &[])
    };
    let logo = book.t("логотип", "the logo");
    let waits = |here: Here, reason: &str, until: Option<jiff::civil::Date>| Here {
        waits: Some(Waiting {
            since: noon(),
            by: None,
            reason: reason.to_owned(),
            until,
        }),
        ..here
    };
    let own = Morning {
        today: jiff::civil::date(2026, 11, 27),
        turn: vec![here(book, None, &[]), here(book, Some(2), &[])],
        others: vec![
            here(book, None, &["olga"]),
            here(book, Some(1), &["olga", "ilya"]),
            waits(here(book, None, &[]), "", None),
            waits(
                here(book, Some(1), &[]),
                &logo,
                Some(jiff::civil::date(2026, 11, 30)),
            ),
        ],
        soon: vec![soon],
        whole: None,
    };
    let fees = |amount: f64, cards: usize, currency: &str| Fees {
        amount,
        currency: Some(currency.into()),
        cards,
    };
    let owner = Morning {
        whole: Some(Whole {
            stuck: vec![here(book, Some(12), &["ilya"])],
            late: vec![here(book, Some(0), &["olga"])],
            since: jiff::civil::date(2026, 11, 26),
            refused: vec![(book.connect(), 1), (book.t("Счёт", "Invoice"), 5)],
            fees: vec![fees(1600.0, 1, "RUB"), fees(1_234_567.5, 3, "EUR")],
        }),
        ..own.clone()
    };
    let quiet = Morning {
        turn: Vec::new(),
        others: Vec::new(),
        soon: Vec::new(),
        ..owner.clone()
    };
    let many = Morning {
        turn: vec![here(book, None, &[]); 23],
        others: Vec::new(),
        soon: Vec::new(),
        ..own.clone()
    };
    let mornings = [
        ("a morning", own),
        ("the owner's morning", owner),
        ("the morning of an owner who does nothing else", quiet),
        ("a morning with very many", many),
    ];
    for (what, morning) in mornings {
        let subject = book.words.digest_subject(&morning);
        let text = book.words.digest(&morning);
        book.say(what, &format!("{subject}\n\n{text}"));
    }
}
