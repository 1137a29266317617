//! Where Trello's window is full: who is told so, and who waits.

use crate::firm::Firm;
use jiff::Timestamp;
use secrecy::SecretString;
use signalman::sandbox::world::SERVICE_APP;
use signalman::trello::{Credentials, Failure, Trello};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use url::Url;

/// Whoever waits at a page for what he asked for waits until there is room; whoever only looks is told.
#[tokio::test]
async fn a_full_window_is_waited_out_for_a_person_at_a_page() {
    let firm = Firm::open().await;
    let world = firm.world();
    let begun = world.now().as_millisecond();
    let at = Arc::new(AtomicI64::new(begun));
    let told = Arc::clone(&at);
    let credentials = Credentials {
        key: SecretString::from(firm.sandbox.key()),
        token: SecretString::from(world.token(&firm.demo.bot, SERVICE_APP).unwrap()),
    };
    let api = Url::parse(&format!("{}/1", firm.sandbox.url())).unwrap();
    let clock = move || Timestamp::from_millisecond(told.load(SeqCst)).unwrap();
    let trello = Trello::new(&api, &credentials, Arc::new(clock)).unwrap();
    let full = loop {
        match trello.me().await {
            Ok(_) => {}
            Err(Failure::Full { until }) => break until.as_millisecond(),
            Err(other) => panic!("{other}"),
        }
    };
    // It has a hundredth of a second to go; then there is room.
    at.store(full - 10, SeqCst);
    assert!(matches!(trello.me().await, Err(Failure::Full { .. })));
    let room = async {
        tokio::task::yield_now().await;
        at.store(full, SeqCst);
        world.advance(jiff::SignedDuration::from_secs(11));
    };
    let (me, ()) = tokio::join!(trello.awaited(trello.me()), room);
    assert_eq!(me.unwrap().id, firm.demo.bot.as_str().into());
}
