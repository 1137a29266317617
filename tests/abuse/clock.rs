//! A clock that jumps: nothing waits for an hour that comes twice, and what fell due is done once.

use crate::firm::Firm;
use jiff::{SignedDuration, Timestamp};
use signalman::engine::Watch;
use signalman::sandbox::{Fault, FaultKind};
use signalman::store::Store;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// The engine goes on from then, a second at a time.
async fn goes_on(firm: &Firm, from: Timestamp, seconds: i64) {
    for second in 0..seconds {
        firm.engine
            .drain(from + SECOND * second as i32)
            .await
            .unwrap();
        firm.world().delivered().await;
    }
}

#[tokio::test]
async fn a_clock_set_back_by_an_hour_holds_up_no_card() {
    let firm = Firm::open().await;
    let mut watch = Watch::default();
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    // One waits for its next attempt, another was just received.
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 1).on("GET", "/cards"));
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().delivered().await;
    goes_on(&firm, firm.now() + SECOND, 1).await;
    assert_eq!(firm.stands("kefir"), "connect");
    firm.push("ilya_demo", "boot", "handover");
    firm.world().delivered().await;
    let earlier = firm.now() - HOUR;
    goes_on(&firm, earlier, 5).await;
    let stands = (firm.stands("kefir"), firm.stands("boot"));
    assert_eq!(stands, ("connect".into(), "handover".into()), "not due yet");
    firm.engine.look_round(earlier, &mut watch).await.unwrap();
    goes_on(&firm, earlier, 15).await;
    assert_ne!(firm.stands("kefir"), "connect");
    assert_ne!(firm.stands("boot"), "handover");
}

#[tokio::test]
async fn a_clock_set_back_leaves_no_reversal_counted_for_longer_than_an_hour() {
    let firm = Firm::open().await;
    let mut watch = Watch::default();
    let ahead = firm.now() + HOUR;
    firm.engine.look_round(ahead, &mut watch).await.unwrap();
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().delivered().await;
    goes_on(&firm, ahead, 3).await;
    assert_eq!(firm.memory("kefir").await.returns.len(), 1);
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.drag("ilya_demo", "kefir", "connect").await;
    let returns = firm.memory("kefir").await.returns;
    assert_eq!(returns.len(), 1, "of what lay ahead nothing is left");
    assert!(returns[0].at <= firm.now());
}

#[tokio::test]
async fn a_jump_forward_fires_what_fell_due_once_and_a_correction_not_again() {
    let firm = Firm::open().await;
    let mut watch = Watch::default();
    firm.tick("ilya_demo", "airfield", "stable").await;
    firm.drag("ilya_demo", "airfield", "connect").await;
    let before = firm.said("airfield").len();
    let ahead = firm.now() + HOUR;
    firm.engine.look_round(ahead, &mut watch).await.unwrap();
    goes_on(&firm, ahead, 3).await;
    assert!(!firm.ticked("airfield", "stable"));
    assert_eq!(firm.said("airfield").len(), before + 1);
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.wait(61).await;
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.said("airfield").len(), before + 1, "and once alone");
}

#[tokio::test]
async fn history_is_in_the_order_of_what_was_decided_whatever_the_clock_said() {
    let firm = Firm::open().await;
    let mut watch = Watch::default();
    firm.engine
        .look_round(firm.now() + HOUR, &mut watch)
        .await
        .unwrap();
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().delivered().await;
    goes_on(&firm, firm.now() + HOUR, 3).await;
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.drag("ilya_demo", "kefir", "active").await;
    let lines = firm.store.history(&firm.board(), None, 9).await.unwrap();
    let refused = lines.iter().filter(|line| line.kind == "refused");
    let times: Vec<_> = refused.map(|line| line.at).collect();
    assert_eq!(times.len(), 2);
    assert!(times[0] > times[1], "by Trello's clock, the newest first");
    assert!(times[0] <= firm.now());
}
