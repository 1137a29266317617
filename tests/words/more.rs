//! Ticks and fields, answers to commands, news of the board, what a value gets wrong.

use crate::book::{Book, at, noon};
use signalman::model::{Blind, Drift, Left, Status};
use signalman::process::Check;
use signalman::process::facts::Problem;
use signalman::process::target::Apart;
use signalman::process::words::{
    Answer, Foreign, Lapse, Lost, Outlook, TermsReply, Thing, TickBack, Told, VouchReply, WishReply,
};

fn places(book: &mut Book) {
    let billing = book.t("Биллинг: тариф и сумма", "Billing: tariff and amount");
    let taken_off = Foreign {
        people: vec![book.person("olga", true)],
        items: vec![book.todo(Thing::Item(billing.clone()), &[])],
        proofs: true,
        ids: vec!["8A57M6".into()],
    };
    let sentence = book.words.foreign_ticks(&taken_off);
    book.say("a tick on what a place has to confirm", &sentence);
    for by_hand in [None, Some(book.person("olga", false).name)] {
        let back = TickBack {
            by: Some(book.person("ilya", true)),
            place: billing.clone(),
            number: "10442".into(),
            by_hand,
            who: vec![book.person("olga", false).name],
            id: "8A57M6".into(),
        };
        let sentence = book.words.tick_back(&back);
        book.say("a place's tick that somebody else took off", &sentence);
    }
    let (fee, tariff) = (book.t("Абонплата", "Fee"), book.t("Тариф", "Tariff"));
    let answers = [
        Answer::Confirmed {
            id: "10442".into(),
            link: Some("https://billing.example/10442".into()),
            status: Status::Pending,
        },
        Answer::Wanting(vec![fee, tariff]),
        Answer::Refused("Tariff “Gold” is unknown".into()),
        Answer::Several(vec!["17".into(), "204".into()]),
        Answer::Drifted(Drift::Missing),
        Answer::Drifted(Drift::Differs {
            fields: vec!["amount".into(), "currency".into()],
        }),
        Answer::Drifted(Drift::Closed),
        Answer::Drifted(Drift::Open),
        Answer::Down("no connection".into()),
    ];
    for answer in &answers {
        let call = match answer {
            Answer::Confirmed { .. } => vec![],
            _ => vec![book.person("olga", true)],
        };
        let sentence = book.words.place(&billing, answer, &call);
        book.say("a place has answered", &sentence);
        let sentence = book.words.place_trouble(answer);
        book.say("why a place has not confirmed", &sentence);
    }
}

fn terms(book: &mut Book) {
    let fee = book.t("Абонплата в месяц", "Monthly fee");
    let olga = [book.person("olga", true)];
    let sentence = book.words.terms_changed(&fee, "4 900", "5 900", &olga);
    book.say("an amount waits", &sentence);
    let agreed = |from| TermsReply::Agreed {
        fields: vec![(fee.clone(), "5 900".into())],
        from,
    };
    let replies = [
        agreed(None),
        agreed(Some(jiff::civil::date(2027, 1, 1))),
        TermsReply::Nothing,
        TermsReply::NotTheirs(olga.to_vec()),
        TermsReply::NoDay(book.t("скоро", "soon")),
    ];
    for reply in &replies {
        let sentence = book.words.terms_reply(Some(&olga[0]), reply);
        book.say("an answer to /confirm", &sentence);
    }
    let cards = [
        book.t("Кефир FM", "Kefir FM"),
        book.t("Ночной Автобус", "Night Bus"),
    ];
    let month = jiff::civil::date(2026, 12, 1);
    let sentence = book.words.unbilled(month, &cards, &[], &olga);
    book.say("active and not billed", &sentence);
    let (one, other) = cards.split_at(1);
    let sentence = book.words.unbilled(month, one, other, &olga);
    book.say("one not billed, one not known", &sentence);
    let place = book.t("Биллинг: тариф и сумма", "Billing: tariff and amount");
    let billing = (
        place.clone(),
        "10442".into(),
        Some("https://billing.example/10442".into()),
    );
    let list = (book.t("Общий список", "Common list"), "7".into(), None);
    let apart = [
        (Apart::Lacking(list.0.clone()), 12),
        (Apart::Unnamed("accounts".into()), 1),
    ];
    let sentence = book.words.apart(&apart, &olga);
    book.say("another file, and clients in places", &sentence);
    let open = [billing, list];
    for (title, archived) in [
        ("a card that is gone, and its records", false),
        ("an archived card, and its records", true),
    ] {
        let sentence = book.words.still_stands(&cards[0], &open, archived, &olga);
        book.say(title, &sentence);
    }
    let replies = [
        VouchReply::Vouched {
            place: place.clone(),
            number: "10442".into(),
        },
        VouchReply::NoSuchPlace(vec!["p_billing".into(), "p_crm".into()]),
        VouchReply::NoNumber(place.clone()),
        VouchReply::NotYet(place.clone()),
        VouchReply::Stands(place.clone()),
        VouchReply::NotTheirs {
            place,
            call: olga.to_vec(),
        },
    ];
    for reply in &replies {
        let sentence = book.words.vouch_reply(Some(&olga[0]), reply);
        book.say("an answer to /byhand", &sentence);
    }
}

pub(crate) fn ticks(book: &mut Book) {
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
            proofs: false,
            ids: vec!["8A57M6".into()],
        };
        let sentence = book.words.foreign_ticks(&foreign);
        book.say(title, &sentence);
    }
    places(book);
    terms(book);
    wishes(book);
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
    let labels = [book.t("Тариф", "Tariff"), book.t("Валюта", "Currency")];
    let sentence = book.words.no_room(&labels);
    book.say("no room in the description", &sentence);
    let sentence = book.words.password();
    book.say("a password", &sentence);
}

pub(crate) fn commands(book: &mut Book) {
    let mut outlook = Outlook {
        stage: book.t("Договор", "Contract"),
        not_admitted: None,
        turn: vec![book.person("maria", false)],
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
        (
            "where the card has a page of its own",
            words.page(
                "https://signalman.example/c/5f0000000000000000000001/5f0000000000000000000002",
            ),
        ),
        ("help", words.help(false)),
        ("help with outside places", words.help(true)),
        ("disputed", words.disputed("7K3FQ2", &said, &owner)),
        ("nothing to dispute", words.nothing_to_dispute()),
        ("in place of a name that was forgotten", words.who_left()),
        (
            "in place of a name older than names are kept",
            words.one_of_the_board(),
        ),
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

fn wishes(book: &mut Book) {
    let maria = Some(book.t("Мария (менеджер)", "Mary (manager)"));
    let (number, connect) = (book.t("Номер договора", "Contract number"), book.connect());
    let stages = vec![book.t("Договор", "Contract"), connect.clone()];
    let replies = [
        WishReply::Goes {
            stage: connect.clone(),
            by: maria.clone(),
        },
        WishReply::Says {
            field: number.clone(),
            value: "2026-041".into(),
            by: maria.clone(),
        },
        WishReply::NoSuchStage {
            said: book.t("вчера", "yesterday"),
            stages: stages.clone(),
        },
        WishReply::Which(stages),
        WishReply::Which(Vec::new()),
        WishReply::Already(connect),
        WishReply::Elsewhere,
        WishReply::Meanwhile,
        WishReply::NoSuchField {
            said: book.t("Номер догавора", "Contrat number"),
            nearest: Some(number.clone()),
        },
        WishReply::NoValue(number.clone()),
        WishReply::NotTheirs {
            field: number.clone(),
            who: maria.into_iter().collect(),
        },
        WishReply::NoGood {
            field: number,
            seen: "5".into(),
            why: book.words.problem(&Problem::TooShort { min: 3 }),
        },
    ];
    for reply in &replies {
        let sentence = book.words.wish(reply);
        book.say("asked for in a comment", &sentence);
    }
}

pub(crate) fn news(book: &mut Book) {
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
            words.bulk(&[boot.clone(), boot.clone()], &owner),
        ),
        ("the owner says yes", words.word_heard(true)),
        ("the owner says no", words.word_heard(false)),
        ("the board's own card", words.news_card()),
    ];
    for (title, sentence) in told {
        book.say(title, &sentence);
    }
}

pub(crate) fn watching(book: &mut Book) {
    let owner = [book.person("denis", true)];
    let words = &book.words;
    let (same, later, next) = (
        noon(),
        at("2026-11-24T12:40:00Z"),
        at("2026-11-25T09:05:00Z"),
    );
    let mut told = vec![
        ("a gap of one event", words.gap(1, same, same)),
        ("a gap of some events", words.gap(3, same, later)),
        ("a gap over night", words.gap(27, same, next)),
        ("deliveries fail", words.not_delivered(3)),
        ("many deliveries fail", words.not_delivered(21)),
        (
            "blind, nobody answers",
            words.blind(Blind::CustomFields, &[]),
        ),
    ];
    for why in Blind::ALL {
        told.push(("blind", words.blind(why, &owner)));
        told.push(("seen again", words.sees_again(why, same)));
    }
    for (title, sentence) in told {
        book.say(title, &sentence);
    }
}

pub(crate) fn problems(book: &mut Book) {
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
