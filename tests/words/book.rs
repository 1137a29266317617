//! The sentences themselves, chapter by chapter, each with what it is told of.

use jiff::Timestamp;
use signalman::model::Appeared;
use signalman::process::facts::Problem;
use signalman::process::words::{Arrival, Fight, Named, Onward, Refusal, Thing, Todo, Words};
use signalman::process::{Check, file};
use std::fmt::Write;

use crate::clock::clock;
use crate::more::{commands, news, problems, ticks, watching};
use crate::panel::panel;
use crate::post::post;
use crate::setup::setting_up;
use crate::turns::turns;

pub(crate) struct Book {
    pub(crate) words: Words,
    russian: bool,
    text: String,
}

impl Book {
    pub(crate) fn t(&self, ru: &str, en: &str) -> String {
        (if self.russian { ru } else { en }).to_owned()
    }
    pub(crate) fn say(&mut self, title: &str, sentence: &str) {
        writeln!(self.text, "## {title}\n{sentence}\n").unwrap();
    }
    pub(crate) fn person(&self, who: &str, called: bool) -> Named {
        let (name, at) = match who {
            "maria" => (self.t("Мария (менеджер)", "Mary (manager)"), "@maria_demo"),
            "ilya" => (self.t("Илья (инженер)", "Ian (engineer)"), "@ilya_demo"),
            "olga" => (
                self.t("Ольга (бухгалтер)", "Olive (accountant)"),
                "@olga_demo",
            ),
            _ => (
                self.t("Денис (директор)", "Dennis (director)"),
                "@denis_demo",
            ),
        };
        Named {
            name,
            at: called.then(|| at.to_owned()),
        }
    }
    pub(crate) fn todo(&self, what: Thing, who: &[&str]) -> Todo {
        Todo {
            what,
            who: who.iter().map(|one| self.person(one, false).name).collect(),
        }
    }
    pub(crate) fn connect(&self) -> String {
        self.t("Подключение", "Connection")
    }
    pub(crate) fn paid(&self) -> Thing {
        Thing::Item(self.t("Первый платёж пришёл", "First payment received"))
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
pub(crate) fn noon() -> Timestamp {
    at("2026-11-24T11:02:00Z")
}

fn refusals(book: &mut Book) {
    let things = vec![
        book.todo(
            Thing::Pass {
                stage: book.t("Счёт и оплата", "Invoice and payment"),
            },
            &["maria"],
        ),
        book.todo(
            Thing::Fields(vec![
                book.t("Номер договора", "Contract number"),
                book.t("Дата договора", "Contract date"),
            ]),
            &["maria"],
        ),
        book.todo(
            Thing::Value {
                field: book.t("ИНН", "VAT number"),
                seen: "9601000002".into(),
                why: book
                    .words
                    .problem(&Problem::CheckDigit { check: Check::Inn }),
            },
            &["maria"],
        ),
        book.todo(book.paid(), &["olga", "denis"]),
        book.todo(
            Thing::ItemAbsent(book.t("Договор подписан", "Contract signed")),
            &["maria"],
        ),
        book.todo(
            Thing::ItemForeign {
                item: "CRM".into(),
                by: Some(book.person("ilya", false).name),
            },
            &["olga"],
        ),
        book.todo(
            Thing::ItemForeign {
                item: "CRM".into(),
                by: None,
            },
            &["olga"],
        ),
        book.todo(Thing::Label(book.t("В эфире", "On air")), &["maria"]),
        book.todo(Thing::Attachment("договор|contract".into()), &["maria"]),
    ];
    let more = vec![
        book.todo(Thing::Member(book.t("инженер", "engineer")), &["maria"]),
        book.todo(Thing::FourEyes { item: "CRM".into() }, &["olga"]),
        book.todo(Thing::Wip { limit: 5, count: 5 }, &["ilya"]),
        book.todo(
            Thing::OneOf(vec![
                book.paid(),
                Thing::Said(book.t("телефон или почта", "phone or e-mail")),
            ]),
            &["maria"],
        ),
        book.todo(Thing::NoRoute, &[]),
    ];
    let refusal = |book: &Book, todo: Vec<Todo>, movers: bool, came| Refusal {
        mover: Some(book.person("ilya", true)),
        back: book.t("Договор", "Contract"),
        target: book.connect(),
        came,
        movers: movers.then(|| vec![book.t("менеджер", "manager")]),
        once: Some(book.t(
            "договор подписан и оплата улажена",
            "the contract is signed and the payment settled",
        )),
        todo,
        turn: vec![book.person("maria", true)],
        routes: None,
        progress: None,
        ids: vec!["7K3FQ2".into(), "8M1TC4".into()],
        asked: false,
    };
    for (title, todo, movers, came) in [
        (
            "refusal: not the mover, more than seven things missing",
            things.clone(),
            true,
            None,
        ),
        ("refusal: the rest of what can be missing", more, true, None),
        (
            "refusal: the right person, one thing missing",
            vec![book.todo(book.paid(), &["olga"])],
            false,
            None,
        ),
        (
            "refusal: nothing missing but the mover",
            vec![book.todo(
                Thing::Mover(vec![book.t("менеджер", "manager")]),
                &["maria"],
            )],
            true,
            None,
        ),
        (
            "refusal: created there",
            things[..2].to_vec(),
            true,
            Some(Appeared::Created),
        ),
        (
            "refusal: copied there",
            things[..2].to_vec(),
            true,
            Some(Appeared::Copied),
        ),
        (
            "refusal: came by mail",
            things[..2].to_vec(),
            true,
            Some(Appeared::Emailed),
        ),
        (
            "refusal: from another board",
            things[..2].to_vec(),
            true,
            Some(Appeared::FromBoard),
        ),
        (
            "refusal: unarchived there",
            things[..2].to_vec(),
            true,
            Some(Appeared::Unarchived),
        ),
    ] {
        let sentence = book.words.refusal(&refusal(book, todo, movers, came));
        book.say(title, &sentence);
    }
    let mut places = refusal(book, things[3..4].to_vec(), false, None);
    places.progress = Some((
        book.t("Регистрация: пять мест", "Registration: five places"),
        3,
        5,
    ));
    let sentence = book.words.refusal(&places);
    book.say("refusal: three of five places", &sentence);
    let mut mine = refusal(book, things[1..2].to_vec(), false, None);
    mine.mover = Some(book.person("maria", true));
    let sentence = book.words.refusal(&mine);
    book.say("refusal: one's own turn, lines left", &sentence);
    mine.asked = true;
    mine.todo.push(things[2].clone());
    let sentence = book.words.refusal(&mine);
    book.say("asked for in a comment: more is missing", &sentence);
    (mine.asked, mine.todo) = (false, things[1..2].to_vec());
    mine.todo.push(things[0].clone());
    let sentence = book.words.refusal(&mine);
    book.say("refusal: one's own turn, several things", &sentence);
    let mut unnamed = refusal(book, things[..1].to_vec(), true, None);
    unnamed.turn = vec![book.person("maria", false)];
    let sentence = book.words.refusal(&unnamed);
    book.say(
        "refusal: whose turn it is was called today already",
        &sentence,
    );
    for (title, routes) in [
        (
            "refusal: no step leads there",
            vec![book.t("Счёт и оплата", "Invoice")],
        ),
        ("refusal: no step leads anywhere", Vec::new()),
    ] {
        let mut nowhere = refusal(book, vec![book.todo(Thing::NoRoute, &[])], false, None);
        nowhere.routes = Some(routes);
        let sentence = book.words.refusal(&nowhere);
        book.say(title, &sentence);
    }
    let by = book.person("maria", false).name;
    let sentence = book
        .words
        .settled(&book.connect(), &["7K3FQ2".into()], noon(), Some(&by));
    book.say("settled", &sentence);
}

fn arrivals(book: &mut Book) {
    let mut arrival = Arrival {
        owners: vec![book.person("ilya", true)],
        stage: book.connect(),
        card: book.t("Зелёный Валенок", "Green Felt Boot"),
        again: false,
        due: Some(at("2026-11-25T13:00:00Z")),
        settled: Some(book.t(
            "договор подписан и оплата улажена",
            "the contract is signed and the payment settled",
        )),
        work: Some(book.t(
            "Поднимите вещание по чек-листу.",
            "Bring the stream up by the checklist.",
        )),
        checklists: vec![(book.connect(), 9)],
        partners: vec![book.person("maria", true)],
        next: Some(Onward {
            stage: book.t("Проверка и передача", "Test and handover"),
            movers: None,
        }),
        wip: Some((5, 6)),
        owed: vec![book.todo(book.paid(), &["olga"])],
        absent: Vec::new(),
        owner: Vec::new(),
    };
    let sentence = book.words.arrival(&arrival);
    book.say("arrival", &sentence);
    arrival.again = true;
    (arrival.settled, arrival.work, arrival.checklists) = (None, None, Vec::new());
    (arrival.wip, arrival.owed) = (None, Vec::new());
    arrival.partners = Vec::new();
    let mary = book.person("maria", false).name;
    arrival.next = Some(Onward {
        stage: book.t("Активный клиент", "Active client"),
        movers: Some(vec![mary]),
    });
    let sentence = book.words.arrival(&arrival);
    book.say("arrival once more, moved on by somebody else", &sentence);
    arrival.owners = Vec::new();
    let sentence = book.words.arrival(&arrival);
    book.say("arrival where nobody is to be told by name", &sentence);
    let movers = [book.person("maria", true)];
    let sentence = book.words.ready(&book.connect(), &movers);
    book.say("all is there for the next stage", &sentence);
    let letter = book.t(
        "Здравствуйте! Ваш эфир готов.",
        "Hello! Your stream is ready.",
    );
    let sentence = book.words.letter(&letter, &[]);
    book.say("letter", &sentence);
    let lacking = [book.t("Сервер", "Server"), book.t("Порт", "Port")].map(String::from);
    let sentence = book.words.letter(&letter, &lacking);
    book.say("letter that lacks something", &sentence);
    let reason = book.t("письмо о платеже есть", "payment letter received");
    let (by, owed) = (
        book.person("denis", false).name,
        [book.todo(book.paid(), &["olga"])],
    );
    let call = [book.person("olga", true)];
    let sentence = book
        .words
        .passed(&book.connect(), &by, &reason, &owed, &call);
    book.say("passed by decision", &sentence);
    let call = [book.person("maria", true)];
    let sentence = book.words.pass_given(&book.connect(), &by, &reason, &call);
    book.say("pass given", &sentence);
}

fn fights(book: &mut Book) {
    for (title, robot) in [("fight with a robot", true), ("fight with a person", false)] {
        let fight = Fight {
            owner: vec![book.person("denis", true)],
            target: book.connect(),
            times: 3,
            until: at("2026-11-24T12:40:00Z"),
            mover: Some(book.t("Глеб (гость)", "Glenn (guest)")),
            robot,
            id: "4QD8RA".into(),
        };
        let sentence = book.words.fight(&fight);
        book.say(title, &sentence);
    }
    let owner = [book.person("denis", true)];
    for (title, tried_on) in [("not returned yet", true), ("could not be returned", false)] {
        let stage = book.t("Договор", "Contract");
        let sentence = book.words.not_returned(&owner, noon(), &stage, tried_on);
        book.say(title, &sentence);
    }
}

/// All of them in one language.
pub(crate) fn book(russian: bool) -> String {
    let text = if russian {
        include_str!("../../radio.ru.toml")
    } else {
        include_str!("../../radio.en.toml")
    };
    let process = file::read(text).unwrap().process;
    let mut book = Book {
        words: Words::of(&process),
        russian,
        text: String::new(),
    };
    for chapter in [
        refusals, arrivals, turns, fights, ticks, commands, clock, panel, news, watching,
        setting_up, problems, post,
    ] {
        chapter(&mut book);
    }
    book.text
}
