//! The sentences themselves, chapter by chapter, each with what it is told of.

use jiff::Timestamp;
use signalman::model::{Appeared, Left};
use signalman::process::facts::Problem;
use signalman::process::words::{
    Arrival, Fight, Foreign, Lapse, Lost, Named, Onward, Outlook, Refusal, Thing, Todo, Told, Words,
};
use signalman::process::{Check, file};
use std::fmt::Write;

struct Book {
    words: Words,
    russian: bool,
    text: String,
}

impl Book {
    fn t(&self, ru: &str, en: &str) -> String {
        (if self.russian { ru } else { en }).to_owned()
    }
    fn say(&mut self, title: &str, sentence: &str) {
        writeln!(self.text, "## {title}\n{sentence}\n").unwrap();
    }
    fn person(&self, who: &str, called: bool) -> Named {
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
    fn todo(&self, what: Thing, who: &[&str]) -> Todo {
        Todo {
            what,
            who: who.iter().map(|one| self.person(one, false).name).collect(),
        }
    }
    fn connect(&self) -> String {
        self.t("Подключение", "Connection")
    }
    fn paid(&self) -> Thing {
        Thing::Item(self.t("Первый платёж пришёл", "First payment received"))
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
fn noon() -> Timestamp {
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
        next: Some(Onward {
            stage: book.t("Проверка и передача", "Test and handover"),
            movers: None,
        }),
        wip: Some((5, 6)),
        owed: vec![book.todo(book.paid(), &["olga"])],
    };
    let sentence = book.words.arrival(&arrival);
    book.say("arrival", &sentence);
    arrival.again = true;
    (arrival.settled, arrival.work, arrival.checklists) = (None, None, Vec::new());
    (arrival.wip, arrival.owed) = (None, Vec::new());
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
    let letter = book.words.letter(&book.t(
        "Здравствуйте! Ваш эфир готов.",
        "Hello! Your stream is ready.",
    ));
    book.say("letter", &letter);
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

fn ticks(book: &mut Book) {
    let crm = book.todo(Thing::Item("CRM".into()), &["olga"]);
    let list = book.todo(
        Thing::Item(book.t("Общий список", "Common list")),
        &["olga"],
    );
    for (title, items) in [
        ("a foreign tick", vec![crm.clone()]),
        ("foreign ticks", vec![crm, list]),
    ] {
        let foreign = Foreign {
            people: vec![book.person("ilya", true)],
            items,
            ids: vec!["8A57M6".into()],
        };
        let sentence = book.words.foreign_ticks(&foreign);
        book.say(title, &sentence);
    }
    let ilya = book.person("ilya", false).name;
    let lapse = Lapse {
        stage: book.connect(),
        ticks: vec![(
            book.t("Поток шёл час", "The stream ran an hour"),
            ilya.clone(),
            noon(),
        )],
        id: "9B7WX0".into(),
    };
    let sentence = book.words.lapse(&lapse);
    book.say("lapse", &sentence);
    let (name, typed) = (
        book.t("Договор подписан", "Contract signed"),
        book.t("Договор потом", "Contract later"),
    );
    let sentence = book.words.item_name_back(&name, &typed);
    book.say("an item's name is back", &sentence);
    let maria = book.person("maria", false).name;
    let fee = book.t("Абонплата в месяц", "Monthly fee");
    let sentence = book
        .words
        .field_back(&fee, "12 900", "1 290", &[maria], Some(&ilya));
    book.say("a field is back", &sentence);
    for (title, held) in [
        ("a need was lost", false),
        ("a need was lost and the stage holds", true),
    ] {
        let lost = Lost {
            what: book.todo(book.paid(), &["olga"]),
            stage: book.connect(),
            held,
            by: Some(book.person("maria", false).name),
            call: vec![book.person("olga", true)],
            id: "9B7WX0".into(),
        };
        book.say(title, &book.words.lost(&lost));
    }
    let mover = book.person("maria", true);
    let may = [book.t("менеджер", "manager")];
    let before = [book.todo(
        Thing::Item(book.t("Доступы закрыты", "Access closed")),
        &["ilya"],
    )];
    let out = [book.t("Отключён", "Left")];
    for (title, may, todo, instead) in [
        ("back from the archive", &may[..], &[][..], &[][..]),
        (
            "back from the archive: something comes first",
            &[],
            &before[..],
            &[],
        ),
        ("back from the archive: another way out", &[], &[], &out[..]),
        ("back from the archive: nobody archives here", &[], &[], &[]),
    ] {
        let stage = book.connect();
        let sentence = book
            .words
            .archived_back(Some(&mover), &stage, may, todo, instead);
        book.say(title, &sentence);
    }
    let sentence = book.words.password();
    book.say("a password", &sentence);
}

fn commands(book: &mut Book) {
    let mut outlook = Outlook {
        stage: book.t("Договор", "Contract"),
        not_admitted: None,
        next: vec![
            (book.connect(), vec![book.todo(book.paid(), &["olga"])]),
            (book.t("Отказ", "Lost"), vec![]),
        ],
        decisions: vec![Told {
            id: "7K3FQ2".into(),
            at: noon(),
            what: book.words.audit("refused", Some(&book.connect()), None),
            lapsed: Vec::new(),
        }],
    };
    let why = book.words.why(&outlook);
    outlook.not_admitted = Some((book.connect(), at("2026-11-24T12:40:00Z")));
    outlook.decisions[0].lapsed.push((
        book.t(
            "Поток шёл час без обрывов",
            "The stream ran an hour unbroken",
        ),
        book.person("ilya", false).name,
        noon(),
    ));
    let owner = [book.person("denis", true)];
    let said = book.t(
        "оплата есть, отметки не видно",
        "paid, but the tick does not show",
    );
    let stages = [book.t("Договор", "Contract"), book.connect()];
    let words = &book.words;
    let told = [
        ("why", why),
        ("why: not admitted, ticks lapsed", words.why(&outlook)),
        ("help", words.help()),
        ("disputed", words.disputed("7K3FQ2", &said, &owner)),
        ("nothing to dispute", words.nothing_to_dispute()),
        (
            "not the owner",
            words.not_the_owner(Some(&book.person("maria", true)), &owner),
        ),
        (
            "no such stage",
            words.no_such_stage(&book.t("вчера", "yesterday"), &stages),
        ),
        ("no reason", words.no_reason(&book.connect())),
    ];
    for (title, sentence) in told {
        book.say(title, &sentence);
    }
}

fn news(book: &mut Book) {
    let owner = [book.person("denis", true)];
    let gleb = book.t("Глеб (гость)", "Glenn (guest)");
    let boot = book.t("Зелёный Валенок", "Green Felt Boot");
    let words = &book.words;
    let told = [
        (
            "deleted",
            words.gone(
                &boot,
                Some(&book.connect()),
                &Left::Deleted,
                Some(&gleb),
                &owner,
            ),
        ),
        (
            "moved to another board",
            words.gone(&boot, None, &Left::ToBoard("b".into()), None, &owner),
        ),
        (
            "a list was restored",
            words.list_restored(&book.connect(), Some(&gleb)),
        ),
        (
            "a stage's list went to another board",
            words.list_left(&book.connect(), &book.connect(), Some(&gleb)),
        ),
        (
            "several cards wait for the owner's word",
            words.bulk(&[boot.clone(), boot.clone()]),
        ),
        ("the board's own card", words.news_card()),
    ];
    for (title, sentence) in told {
        book.say(title, &sentence);
    }
}

fn problems(book: &mut Book) {
    use Problem::*;
    let choices = || vec!["MP3".to_owned(), "AAC-LC".to_owned()];
    let all = vec![
        Missing,
        TooShort { min: 2 },
        TooLong { max: 80 },
        NotANumber,
        NotWhole,
        OutOfRange {
            min: Some(24.0),
            max: Some(320.0),
        },
        OutOfRange {
            min: None,
            max: Some(5.0),
        },
        NotADate,
        NotAhead,
        TooFarAhead { days: 30 },
        Before {
            field: "contract_date".into(),
        },
        NotAChoice {
            of: choices(),
            nearest: Some("MP3".into()),
        },
        NotAChoice {
            of: choices(),
            nearest: None,
        },
        NotAnEmail,
        NotAPhone,
        NotAUrl {
            schemes: vec!["https".into()],
        },
        SecretInUrl,
        NotMoney,
        Pattern {
            example: Some("2026-041".into()),
        },
        Pattern { example: None },
        NotDigits { letter: 'O' },
        WrongLength {
            want: vec![10, 12],
            have: 9,
        },
        CheckDigit { check: Check::Inn },
        LooksLikePassword,
    ];
    for problem in all {
        let sentence = book.words.problem(&problem);
        book.say(&format!("{problem:?}"), &sentence);
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
    for chapter in [refusals, arrivals, fights, ticks, commands, news, problems] {
        chapter(&mut book);
    }
    book.text
}
