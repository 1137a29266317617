//! Matrix, to Synapse: a message stands in the room once, whatever was lost on the way.

use super::firm;
use crate::between::{Between, Instead};
use crate::firm::says;
use crate::servers::Synapse;
use std::sync::Arc;

fn way(url: &str) -> String {
    format!("kind = \"matrix\"\nurl = \"{url}\"\nsecret_in = \"NOTIFY_MATRIX_PASSWORD\"\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_stands_in_the_room_once_over_lost_answers_kills_and_a_kill_of_ours() {
    let mut synapse = Synapse::start();
    let room = synapse.room().await;
    let between = Between::before(&synapse.url()).await;
    let firm = firm(&way(&between.url()), &format!(", to = \"{room}\"")).await;
    // It was taken, and we hear of an error.
    between.instead("m.room.message", Instead::Error);
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert!(between.is_done());
    let written = synapse.written(&room).await;
    assert_eq!(written.len(), 1, "{written:#?}");
    says(&written[0], &["Кефир FM", "Мария (менеджер)", "https://"]);
    assert!(between.written() >= 2, "it was sent again");
    // We are killed while the answer is awaited, and the server after it.
    between.instead("m.room.message", Instead::Silence);
    firm.push("gleb_demo", "boot", "connect");
    firm.world().delivered().await;
    firm.world().advance(jiff::SignedDuration::from_secs(1));
    let (engine, now) = (Arc::clone(&firm.engine), firm.now());
    let working = tokio::spawn(async move { engine.drain(now).await });
    while synapse.written(&room).await.len() < 2 {
        tokio::task::yield_now().await;
        firm.world().delivered().await;
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
    let synapse = Synapse::start();
    let firm = firm(&way(&synapse.url()), ", to = \"!elsewhere:matrix.example\"").await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    says(
        &firm.last("kefir"),
        &["Сообщение в Matrix не дошло", "Мария (менеджер)"],
    );
}
