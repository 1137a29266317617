//! Matrix, to Synapse: a message stands in the room once, whatever was lost on the way.

use super::firm;
use crate::between::{Between, Instead};
use crate::firm::{Firm, says};
use crate::servers::Synapse;
use jiff::SignedDuration;
use signalman::engine::{Engine, Options};
use signalman::store::{Sqlite, Store};
use signalman::target::Secrets;
use std::sync::Arc;
use std::time::Duration;

fn way(url: &str) -> String {
    format!("kind = \"matrix\"\nurl = \"{url}\"\nsecret_in = \"NOTIFY_MATRIX_TOKEN\"\n")
}

/// The firm, with the account's token.
async fn firm_of(synapse: &Synapse, url: &str, room: &str) -> Firm {
    let mut firm = firm(&way(url), &format!(", to = \"{room}\"")).await;
    let token = synapse.token();
    let options = Options {
        secrets: Secrets::new(move |_| Some(token.clone())),
        ..Options::default()
    };
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
    firm
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_stands_in_the_room_once_over_lost_answers_kills_and_a_kill_of_ours() {
    let mut synapse = Synapse::start().await;
    let room = synapse.room().await;
    let between = Between::before(&synapse.url()).await;
    let firm = firm_of(&synapse, &between.url(), &room).await;
    // It was taken, and we hear of an error.
    between.instead("m.room.message", Instead::Error);
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert!(between.is_done());
    firm.wait(5).await;
    let written = synapse.written(&room).await;
    assert_eq!(written.len(), 1, "{written:#?}");
    says(&written[0], &["Кефир FM", "Мария (менеджер)", "https://"]);
    assert!(between.written() >= 2, "it was sent again");
    // We are killed while the answer is awaited, and the server after it.
    between.instead("m.room.message", Instead::Silence);
    firm.push("maria_demo", "boot", "connect");
    let (engine, world) = (Arc::clone(&firm.engine), firm.world().clone());
    let working = tokio::spawn(async move {
        loop {
            world.delivered().await;
            world.advance(SignedDuration::from_millis(200));
            engine.drain(world.now()).await.unwrap();
        }
    });
    while synapse.written(&room).await.len() < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    working.abort();
    let _ = working.await;
    synapse.server().kill();
    synapse.server().restart();
    let before = between.written();
    firm.settle().await;
    firm.wait(10).await;
    assert!(between.written() > before, "it was sent again");
    let written = synapse.written(&room).await;
    assert_eq!(written.len(), 2, "{written:#?}");
}

#[tokio::test]
async fn a_room_that_we_are_not_in_is_told_of_at_once() {
    let synapse = Synapse::start().await;
    let firm = firm_of(&synapse, &synapse.url(), "!elsewhere:matrix.example").await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    says(
        &firm.last("kefir"),
        &["Сообщение в Matrix не дошло", "Мария (менеджер)"],
    );
}
