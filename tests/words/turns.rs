//! Whose turn it is while somebody is away.

use crate::book::Book;
use jiff::civil::date;
use signalman::process::words::{AbsenceReply, Arrival, Handover, NotThere, Onward};

pub(crate) fn turns(book: &mut Book) {
    let olga = book.person("olga", false).name;
    let away = |until| NotThere {
        name: olga.clone(),
        until,
    };
    let until = Some(date(2026, 12, 14));
    let mut arrival = Arrival {
        owners: vec![book.person("maria", true)],
        stage: book.connect(),
        card: book.t("Зелёный Валенок", "Green Felt Boot"),
        again: false,
        due: None,
        settled: None,
        work: None,
        checklists: Vec::new(),
        partners: Vec::new(),
        next: None,
        wip: None,
        owed: Vec::new(),
        absent: vec![away(until)],
        owner: Vec::new(),
    };
    let sentence = book.words.arrival(&arrival);
    book.say("arrival at a deputy", &sentence);
    (arrival.owners, arrival.owner) = (Vec::new(), vec![book.person("denis", true)]);
    arrival.absent.push(away(None));
    let sentence = book.words.arrival(&arrival);
    book.say("arrival where nobody is there", &sentence);

    let mut handover = Handover {
        to: vec![book.person("maria", true)],
        stage: book.connect(),
        card: book.t("Зелёный Валенок", "Green Felt Boot"),
        work: Some(book.t(
            "Поднимите вещание по чек-листу.",
            "Bring the stream up by the checklist.",
        )),
        next: Some(Onward {
            stage: book.t("Проверка и передача", "Test and handover"),
            movers: None,
        }),
        away: vec![away(until)],
        back: false,
        owner: Vec::new(),
    };
    let sentence = book.words.handover(&handover);
    book.say("a card goes to the deputy", &sentence);
    (handover.to, handover.owner) = (Vec::new(), vec![book.person("denis", true)]);
    let sentence = book.words.handover(&handover);
    book.say("a card goes to nobody", &sentence);
    (handover.to, handover.owner) = (vec![book.person("olga", true)], Vec::new());
    (handover.away, handover.back) = (Vec::new(), true);
    let sentence = book.words.handover(&handover);
    book.say("a card comes back", &sentence);

    let denis = book.person("denis", true);
    let told = |to, deputy| AbsenceReply::Told {
        name: olga.clone(),
        from: date(2026, 12, 1),
        to,
        deputy,
    };
    let replies = [
        told(date(2026, 12, 14), Some(book.person("maria", false).name)),
        told(date(2026, 12, 1), None),
        AbsenceReply::Back { name: olga.clone() },
        AbsenceReply::NotTheirs(vec![denis]),
        AbsenceReply::NoSuchPerson("olga".into()),
        AbsenceReply::NoDays(String::new()),
        AbsenceReply::NoDays(book.t("скоро", "soon")),
        AbsenceReply::OwnDeputy,
        AbsenceReply::NotAway(olga.clone()),
    ];
    for reply in &replies {
        let sentence = book
            .words
            .absence_reply(Some(&book.person("olga", true)), reply);
        book.say("an answer to /away", &sentence);
    }
}
