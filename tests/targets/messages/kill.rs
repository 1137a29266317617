//! The real program, killed when a mail server has taken a letter and before that is marked: the letter
//! is sent again, and known by its name.

use super::text;
use crate::cut::{Cut, Then};
use crate::firm::Firm;
use crate::servers::Smtp;
use crate::service::Service;
use serde_json::Value;
use signalman::sandbox::world::SERVICE_APP;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const WITHIN: Duration = Duration::from_secs(60);

async fn letters(smtp: &Smtp, wanted: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let letters = smtp.letters();
        if letters.len() >= wanted {
            return letters;
        }
        assert!(begun.elapsed() < WITHIN, "{letters:#?}");
        sleep(Duration::from_millis(200)).await;
    }
}

fn name(letter: &Value) -> &Value {
    let mut headers = letter["headers"].as_array().unwrap().iter();
    let named = headers.find(|header| {
        header[0]
            .as_str()
            .unwrap()
            .eq_ignore_ascii_case("message-id")
    });
    &named.unwrap()[1]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_taken_when_we_were_killed_comes_twice_and_under_one_name() {
    let smtp = Smtp::plain();
    let road = Cut::before(smtp.port());
    let way = format!(
        "kind = \"smtp\"\nurl = \"smtp://127.0.0.1:{}\"\nfrom = \"signalman@ether.example\"\n",
        road.port()
    );
    let text = text(&way, ", to = \"maria@ether.example\"");
    let firm = Firm::unattached_now(text).await;
    firm.attach().await;
    let token = firm.world().token(&firm.demo.bot, SERVICE_APP).unwrap();
    let environment = vec![
        ("TRELLO_API_URL", format!("{}/1", firm.sandbox.url())),
        ("TRELLO_KEY", firm.sandbox.key().to_owned()),
        ("TRELLO_TOKEN", token),
        ("STORE", firm.file().display().to_string()),
        ("POLL_SECONDS", "1".to_owned()),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), "serve", &environment);
    service.listens().await;
    road.when("\r\n.\r\n", Then::Silence);
    firm.push("maria_demo", "kefir", "connect");
    letters(&smtp, 1).await;
    assert!(road.done(), "the answer was kept back");
    service.kill();
    let mut service = Service::start(folder.path(), "serve", &environment);
    service.listens().await;
    let twice = letters(&smtp, 2).await;
    assert_eq!(name(&twice[0]), name(&twice[1]));
    assert_eq!(twice[0]["text"], twice[1]["text"]);
    sleep(Duration::from_secs(3)).await;
    assert_eq!(smtp.letters().len(), 2, "and no third time");
}
