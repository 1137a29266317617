//! Setting a board up in the Power-Up, and what watch mode tells of a week.

use crate::book::Book;
use signalman::process::Language;
use signalman::process::words::Gate;
use signalman::process::words::setup::{
    New, Obstacle, Ready, SetupTrouble, new_in, obstacle_in, ready_in, setup_trouble_in,
};

pub(crate) fn setting_up(book: &mut Book) {
    let language = match book.t("ru", "en").as_str() {
        "ru" => Language::Ru,
        _ => Language::En,
    };
    let (stage, role) = (book.connect(), book.t("инженер", "engineer"));
    let username = || "ilya_demo".to_owned();
    let card = book.t("Как мы работаем", "How we work");
    for new in [
        New::List(stage.clone()),
        New::NewsList("Signalman".into()),
        New::Label(book.t("Не допущена", "Not admitted")),
        New::CustomField(book.t("Номер договора", "Contract number")),
        New::Card(card),
    ] {
        book.say("created", &new_in(language, &new));
    }
    for obstacle in [
        Obstacle::NotOnBoard {
            role: role.clone(),
            username: username(),
        },
        Obstacle::NoSuchRole { role: role.clone() },
        Obstacle::NobodyActs { role: role.clone() },
        Obstacle::BotHoldsRole {
            role: role.clone(),
            username: username(),
        },
        Obstacle::BotCannotWrite {
            username: username(),
        },
        Obstacle::TooManyCollaborators {
            count: 12,
            most: 10,
        },
        Obstacle::TwoLists {
            stage: stage.clone(),
            names: vec![stage.clone(), stage.to_uppercase()],
        },
        Obstacle::Orphan {
            stage: stage.clone(),
            cards: 1,
        },
        Obstacle::Orphan { stage, cards: 3 },
    ] {
        book.say("in the way", &obstacle_in(language, &obstacle));
    }
    let username = || "signalman".to_owned();
    for trouble in [
        SetupTrouble::NoBot {
            username: username(),
        },
        SetupTrouble::BotLooks {
            username: username(),
        },
        SetupTrouble::NotAdmin,
        SetupTrouble::Conflict,
        SetupTrouble::Mistakes(1),
        SetupTrouble::Mistakes(3),
        SetupTrouble::Refused("Custom Fields are off".into()),
        SetupTrouble::Detached,
        SetupTrouble::Busy,
    ] {
        book.say("set-up stops", &setup_trouble_in(language, &trouble));
    }
    for ready in [Ready::Shipped, Ready::Own] {
        let (name, say) = ready_in(language, ready);
        book.say(&format!("to begin with: {name}"), &say);
    }
    let gate = |name: String, missing: Vec<(String, usize)>| Gate {
        name,
        count: 4,
        missing,
    };
    let paid = book.t("Первый платёж пришёл", "First payment received");
    let number = book.t("Номер договора", "Contract number");
    let gates = [
        gate(book.connect(), vec![(paid, 4), (number, 2)]),
        gate(book.t("Счёт", "Invoice"), Vec::new()),
    ];
    book.say("a week of watching", &book.words.week(8, &gates));
    book.say(
        "a week of watching, one move",
        &book.words.week(1, &gates[..1]),
    );
    book.say("a quiet week of watching", &book.words.week(0, &[]));
}
