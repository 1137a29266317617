//! E-mail, to aiosmtpd: what arrives is read by Python's parser.

use super::{firm, text};
use crate::firm::{Firm, says};
use crate::servers::Smtp;
use crate::service::program;
use serde_json::{Value, json};
use std::path::Path;

const MARIA: &str = ", to = \"maria@ether.example\"";

fn way(url: &str) -> String {
    format!("kind = \"smtp\"\nurl = \"{url}\"\nfrom = \"signalman@ether.example\"\n")
}

fn with_login(url: &str) -> String {
    way(url) + "user = \"signalman\"\nsecret_in = \"NOTIFY_MAIL_PASSWORD\"\n"
}

fn header<'l>(letter: &'l Value, name: &str) -> Vec<&'l str> {
    let headers = letter["headers"].as_array().unwrap().iter();
    let named = headers.filter(|header| header[0].as_str().unwrap().eq_ignore_ascii_case(name));
    named.map(|header| header[1].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_letter_is_read_as_it_was_written_and_a_cards_name_makes_no_header() {
    let smtp = Smtp::plain();
    let firm = firm(&way(&smtp.url()), MARIA).await;
    let name = "Кефир FM\r\nBcc: all@ether.example\r\n\r\nX";
    firm.change("gleb_demo", "kefir", json!({ "name": name }))
        .await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    let letters = smtp.letters();
    assert_eq!(letters.len(), 1, "{letters:#?}");
    let letter = &letters[0];
    assert_eq!(letter["to"], json!(["maria@ether.example"]));
    assert_eq!(letter["from"], "signalman@ether.example");
    assert_eq!(header(letter, "to"), ["maria@ether.example"]);
    assert_eq!(
        header(letter, "from"),
        ["Signalman <signalman@ether.example>"]
    );
    assert_eq!(
        header(letter, "subject"),
        ["Кефир FM Bcc: all@ether.example X"]
    );
    assert_eq!(header(letter, "auto-submitted"), ["auto-generated"]);
    assert_eq!(header(letter, "bcc"), Vec::<&str>::new());
    assert_eq!(header(letter, "x"), Vec::<&str>::new());
    assert_eq!(
        (
            header(letter, "date").len(),
            header(letter, "message-id").len()
        ),
        (1, 1)
    );
    assert_eq!(
        (&letter["kind"], &letter["charset"]),
        (&json!("text/plain"), &json!("utf-8"))
    );
    assert_eq!(letter["defects"], json!([]));
    assert!(letter["longest"].as_u64().unwrap() <= 998, "{letter:#}");
    let told = letter["text"].as_str().unwrap();
    says(
        told,
        &[
            "Илья (инженер)",
            "сейчас ход: Мария (менеджер)",
            "«Подключение»",
            "\nhttps://",
        ],
    );
    assert!(!told.contains('@'), "{told}");
}

#[tokio::test]
async fn a_server_that_was_away_gets_the_letter_when_it_is_back() {
    let mut smtp = Smtp::plain();
    let firm = firm(&way(&smtp.url()), MARIA).await;
    smtp.server().kill();
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
    firm.wait(60).await;
    smtp.server().restart();
    firm.wait(10).await;
    assert_eq!(smtp.letters().len(), 1);
    firm.wait(60).await;
    assert_eq!(smtp.letters().len(), 1);
}

#[tokio::test]
async fn an_address_that_is_none_is_told_of_at_once_and_one_that_is_busy_waits() {
    let smtp = Smtp::plain();
    let nobody = firm(&way(&smtp.url()), ", to = \"nobody@ether.example\"").await;
    nobody.drag("ilya_demo", "kefir", "connect").await;
    let said = nobody.said("kefir");
    says(
        said.last().unwrap(),
        &[
            "Письмо не дошло: Мария (менеджер)",
            "550",
            "no such user here",
        ],
    );
    let (all, stored) = (said.join("\n"), nobody.everything_stored().await);
    assert!(
        !all.contains("nobody@"),
        "the address is the person's own: {all}"
    );
    assert_eq!(stored.matches("<nobody@").count(), 0);
    let later = firm(&way(&smtp.url()), ", to = \"later@ether.example\"").await;
    later.drag("ilya_demo", "kefir", "connect").await;
    later.wait(30).await;
    assert_eq!(smtp.letters().len(), 0);
    std::fs::write(smtp.folder().join("open"), "").unwrap();
    later.wait(10).await;
    assert_eq!(smtp.letters().len(), 1);
    assert!(!later.said("kefir").join("\n").contains("не дошло"));
}

/// `signalman ways --try`, on a machine that trusts this certificate and no other.
fn tried(firm: &Firm, trusted: &Path, password: &str) -> (bool, String) {
    let environment = vec![
        ("STORE", firm.file().display().to_string()),
        ("NOTIFY_MAIL_PASSWORD", password.to_owned()),
        ("SSL_CERT_FILE", trusted.display().to_string()),
    ];
    let told = program(&environment)
        .args(["ways", "--try", "@maria_demo"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    let errors = String::from_utf8_lossy(&told.stderr);
    assert!(
        !format!("{said}{errors}").contains(password),
        "{said}{errors}"
    );
    (told.status.success(), said)
}

#[tokio::test]
async fn a_login_goes_only_to_who_proves_the_name_whichever_way_tls_begins() {
    let stranger = Smtp::tls();
    for smtp in [Smtp::starttls(), Smtp::tls()] {
        let firm = firm(&with_login(&smtp.url()), MARIA).await;
        let (well, said) = tried(&firm, &stranger.certificate(), Smtp::PASSWORD);
        assert!(!well, "{said}");
        says(&said, &["not sent", "certificate"]);
        assert_eq!(smtp.letters().len(), 0);
        let (well, said) = tried(&firm, &smtp.certificate(), "wrong-password");
        assert!(!well, "{said}");
        says(&said, &["does not accept the login"]);
        assert_eq!(smtp.letters().len(), 0);
        let (well, said) = tried(&firm, &smtp.certificate(), Smtp::PASSWORD);
        assert!(well, "{said}");
        let letters = smtp.letters();
        assert_eq!(letters.len(), 1, "{said}");
        assert_eq!(
            (&letters[0]["tls"], &letters[0]["login"]),
            (&json!(true), &json!(true))
        );
        says(letters[0]["text"].as_str().unwrap(), &["Проверка связи"]);
    }
}

/// Another spelling of this machine, which no rule takes for it.
#[tokio::test]
async fn elsewhere_nothing_is_sent_where_tls_is_not_offered() {
    let smtp = Smtp::plain();
    let url = format!("smtp://[::ffff:127.0.0.1]:{}", smtp.port());
    let firm = firm(&way(&url), MARIA).await;
    let (well, said) = tried(&firm, &smtp.certificate(), Smtp::PASSWORD);
    assert!(!well, "{said}");
    says(&said, &["not sent"]);
    assert_eq!(smtp.letters().len(), 0);
}

#[tokio::test]
async fn the_operator_sees_which_ways_are_open_and_no_address_of_anybody() {
    let mut smtp = Smtp::plain();
    let firm = Firm::with(text(&way(&smtp.url()), MARIA)).await;
    let look = || {
        let environment = vec![("STORE", firm.file().display().to_string())];
        let told = program(&environment).arg("ways").output().unwrap();
        (
            told.status.success(),
            String::from_utf8(told.stdout).unwrap(),
        )
    };
    let (well, said) = look();
    assert!(well, "{said}");
    says(&said, &["way  (e-mail): reachable", "@maria_demo"]);
    assert!(!said.contains("ether.example"), "{said}");
    smtp.server().kill();
    let (well, said) = look();
    assert!(!well, "{said}");
    says(&said, &["not reachable: no connection"]);
}
