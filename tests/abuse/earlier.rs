//! What earlier and later versions of the program left: read, or refused with a sentence.

use crate::firm::Firm;
use crate::service::{Practice, said};
use signalman::process::{Version, file};
use signalman::store::{Active, Start, Store};

/// The first process file that was ever shipped, as a store may hold it.
const EARLIER: &str = include_str!("earlier.toml");

#[tokio::test]
async fn a_board_under_the_first_process_file_is_held_by_it() {
    assert!(file::in_force(EARLIER).is_some());
    let firm = Firm::open().await;
    let record = firm.store.board(&firm.board()).await.unwrap().unwrap();
    let active = Active {
        version: Version("first".into()),
        text: EARLIER.into(),
        bindings: record.active.bindings.clone(),
    };
    let start = Start::CarryOn(Vec::new());
    firm.store
        .activate(&firm.board(), active, start, firm.now())
        .await
        .unwrap();
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert!(
        firm.last("kefir").contains("договор"),
        "{}",
        firm.last("kefir")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_a_newer_version_is_refused_by_every_command_and_left_alone() {
    let practice = Practice::open().await;
    let store = practice.path("newer.db");
    let newer = rusqlite::Connection::open(&store).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = std::fs::read(&store).unwrap();
    let copy = practice.path("copy.db").display().to_string();
    for args in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["dead"],
        &["backup", &copy],
    ] {
        let output = practice.run(&store, args);
        let told = said(&output);
        assert!(!output.status.success(), "{args:?}");
        assert!(
            told.contains("newer program") && told.contains("newer.db"),
            "{told}"
        );
    }
    assert!(
        std::fs::read(&store).unwrap() == before,
        "it was written to"
    );
}
