//! A client as a contact in an address book, in Radicale.

use crate::client::{client, confirmed, known_by, refused, retired, several, system};
use crate::cut::Cut;
use crate::servers::Radicale;
use futures::future::join_all;
use signalman::model::Status;
use signalman::process::target::Client;
use signalman::target::{Found, Outcome, System};

const FILE: &str = "5f00000000000000000000a1.vcf";

fn section(url: &str) -> String {
    format!(
        r#"
[[target]]
key = "list"
kind = "carddav"
url = "{url}"
user = "{}"
key_in = "TARGET_LIST_KEY"
allow_private = true
match = ["email"]
  [[target.put]]
  name = "name"
  value = "{{card_name}}"
  [[target.put]]
  name = "org"
  value = "{{legal_name}}"
  [[target.put]]
  name = "email"
  value = "{{contact_email}}"
  [[target.put]]
  name = "phone"
  value = "{{contact_phone}}"
  [[target.put]]
  name = "note"
  value = "{{tariff}}"
"#,
        Radicale::USER
    )
}

fn of(radicale: &Radicale) -> Box<dyn System> {
    system(&section(&radicale.url()), Some(Radicale::PASSWORD))
}

fn teapot() -> Client {
    client(
        "5f00000000000000000000a1",
        &[
            (
                "name",
                "Радио «Чайник», главное; с очень длинным названием, которое складывается",
            ),
            ("org", "ООО «Чайник; и K°»"),
            ("email", "info@teapot.example"),
            ("phone", "+79991234567"),
            ("note", "Тариф «Эфир»\nс декабря"),
        ],
    )
}

/// The contact in unfolded lines.
fn lines(radicale: &Radicale, file: &str) -> Vec<String> {
    let text = radicale
        .contact(file)
        .replace("\r\n", "\n")
        .replace("\n ", "");
    text.lines().map(str::to_owned).collect()
}

#[track_caller]
fn has(radicale: &Radicale, file: &str, line: &str) {
    let lines = lines(radicale, file);
    assert!(lines.iter().any(|one| one == line), "{line}: {lines:#?}");
}

#[tokio::test]
async fn a_client_is_a_contact_that_is_written_when_it_changes() {
    let radicale = Radicale::start();
    let place = of(&radicale);
    assert_eq!(place.look(&teapot()).await, Ok(Found::Nothing));
    let Outcome::Confirmed { id, link } = place.upsert(&teapot()).await else {
        panic!("not confirmed");
    };
    assert_eq!(id, FILE);
    assert_eq!(link, Some(radicale.url() + FILE));
    assert_eq!(radicale.contacts(), [FILE]);
    for line in [
        "FN:Радио «Чайник»\\, главное\\; с очень длинным названием\\, которое складывается",
        "ORG:ООО «Чайник\\; и K°»",
        "signalman.EMAIL;TYPE=INTERNET:info@teapot.example",
        "NOTE:Тариф «Эфир»\\nс декабря",
        "CATEGORIES:active",
        "X-SIGNALMAN:5f00000000000000000000a1",
    ] {
        has(&radicale, FILE, line);
    }
    // The same again is not sent.
    let before = radicale.contact(FILE);
    confirmed(&place.upsert(&teapot()).await);
    assert_eq!(radicale.contact(FILE), before);

    // What people added stays, also a second number.
    let added = "TEL;TYPE=HOME:+7 495 000-00-12\r\nX-ICQ:12345\r\nBDAY:1990-01-01\r\nEND:VCARD";
    radicale.enter(FILE, &before.replace("END:VCARD", added));
    let mut changed = teapot();
    changed.known = Some(id);
    changed.values.insert("phone".into(), "+79990000000".into());
    changed.values.insert("org".into(), "ООО «Самовар»".into());
    let found = place.look(&changed).await.unwrap();
    let Found::One {
        differs, status, ..
    } = found
    else {
        panic!("{found:?}");
    };
    assert_eq!(
        (differs, status),
        (
            vec!["org".to_owned(), "phone".to_owned()],
            Some(Status::Active)
        )
    );
    confirmed(&place.upsert(&changed).await);
    for line in [
        "signalman.TEL;TYPE=WORK:+79990000000",
        "TEL;TYPE=HOME:+7 495 000-00-12",
        "X-ICQ:12345",
        "BDAY:1990-01-01",
        "ORG:ООО «Самовар»",
    ] {
        has(&radicale, FILE, line);
    }

    confirmed(&place.upsert(&retired(changed.clone())).await);
    has(&radicale, FILE, "CATEGORIES:retired");
    has(&radicale, FILE, "NOTE:Тариф «Эфир»\\nс декабря\\nretired");
    confirmed(&place.upsert(&changed).await);
    has(&radicale, FILE, "NOTE:Тариф «Эфир»\\nс декабря");
    assert_eq!(radicale.contacts(), [FILE]);
}

#[tokio::test]
async fn who_was_entered_by_hand_is_found_and_linked() {
    let radicale = Radicale::start();
    let by_hand = |uid: &str, email: &str| {
        format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:Пётр Чайников\r\nN:Чайников;Пётр;;;\r\n\
             EMAIL;TYPE=HOME:{email}\r\nTEL:8 (999) 000-00-00\r\nNOTE:давний друг\r\nEND:VCARD\r\n"
        )
    };
    radicale.enter("peter.vcf", &by_hand("peter", "Info@Teapot.example"));
    radicale.enter("other.vcf", &by_hand("other", "other@teapot.example"));
    let place = of(&radicale);
    let mut teapot = known_by(teapot(), "email");
    teapot.values.remove("note");
    assert_eq!(confirmed(&place.upsert(&teapot).await), "peter.vcf");
    assert_eq!(radicale.contacts(), ["other.vcf", "peter.vcf"]);
    for line in [
        "N:Чайников;Пётр;;;",
        "EMAIL;TYPE=HOME:Info@Teapot.example",
        "TEL:8 (999) 000-00-00",
        "signalman.TEL;TYPE=WORK:+79991234567",
        "NOTE:давний друг",
        "X-SIGNALMAN:5f00000000000000000000a1",
    ] {
        has(&radicale, "peter.vcf", line);
    }
    // Found again by our name in it, though it is called otherwise.
    let before = radicale.contact("peter.vcf");
    assert_eq!(confirmed(&place.upsert(&teapot).await), "peter.vcf");
    assert_eq!(radicale.contact("peter.vcf"), before);

    radicale.enter("third.vcf", &by_hand("third", "other@teapot.example"));
    let mut other = teapot.clone();
    other.key = "5f00000000000000000000a2".into();
    other
        .values
        .insert("email".into(), "other@teapot.example".into());
    let ids = several(&place.upsert(&known_by(other, "email")).await);
    assert_eq!(
        ids,
        ["Пётр Чайников (other.vcf)", "Пётр Чайников (third.vcf)"]
    );
    assert_eq!(radicale.contacts().len(), 3);
}

#[tokio::test]
async fn twelve_at_once_leave_one_contact() {
    let radicale = Radicale::start();
    let write = async |client: Client| confirmed(&of(&radicale).upsert(&client).await);
    let same = teapot();
    join_all((0..12).map(|_| write(same.clone()))).await;
    assert_eq!(radicale.contacts(), [FILE]);
    let by_hand = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:k\r\nFN:Кефир\r\nN:Кефир;;;;\r\nEMAIL:k@k.example\r\nEND:VCARD\r\n";
    radicale.enter("k.vcf", by_hand);
    let kefir = client(
        "5f00000000000000000000b1",
        &[("name", "Кефир FM"), ("email", "k@k.example")],
    );
    let kefir = known_by(kefir, "email");
    join_all((0..12).map(|_| write(kefir.clone()))).await;
    assert_eq!(radicale.contacts(), [FILE, "k.vcf"]);
}

#[tokio::test]
async fn an_answer_that_is_lost_and_a_server_that_dies_leave_one_contact() {
    let mut radicale = Radicale::start();
    let cut = Cut::before(radicale.server().port());
    let through = format!("http://127.0.0.1:{}/signalman/clients/", cut.port());
    let place = system(&section(&through), Some(Radicale::PASSWORD));
    cut.at("PUT /");
    let outcome = place.upsert(&teapot()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert!(cut.done());
    assert_eq!(radicale.contacts(), [FILE]);
    confirmed(&place.upsert(&teapot()).await);

    radicale.server().kill();
    let outcome = of(&radicale).upsert(&teapot()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    radicale.server().restart();
    let mut changed = teapot();
    changed.values.insert("name".into(), "Чайник".into());
    confirmed(&place.upsert(&changed).await);
    has(&radicale, FILE, "N:Чайник;;;;");
    assert_eq!(radicale.contacts(), [FILE]);
}

#[tokio::test]
async fn what_cannot_be_written_is_told() {
    let radicale = Radicale::start();
    let wrong = system(&section(&radicale.url()), Some("wrong"));
    let outcome = wrong.upsert(&teapot()).await;
    assert!(
        matches!(&outcome, Outcome::Retry { why, .. } if why.contains("not accepted")),
        "{outcome:?}"
    );
    let nowhere = radicale.url().replace("clients", "nowhere");
    let nowhere = system(&section(&nowhere), Some(Radicale::PASSWORD));
    let why = refused(&nowhere.upsert(&teapot()).await);
    assert_eq!(why, "there is no address book at this address");
    let why = refused(&of(&radicale).upsert(&retired(teapot())).await);
    assert_eq!(why, "there is no such contact to retire");
    assert_eq!(radicale.contacts(), Vec::<String>::new());
}
