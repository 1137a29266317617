//! Backups, taken while much goes on and put in place again.

use crate::firm::Firm;
use crate::service::{Practice, delivery, kept, said};
use signalman::engine::{Engine, Options, Watch};
use signalman::model::{Actor, Event, EventKind};
use signalman::store::{Sqlite, Store, restore};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

fn renamed(nth: usize, length: usize) -> Event {
    Event {
        id: format!("{nth:024x}").as_str().into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        actor: Actor::default(),
        kind: EventKind::CardRenamed {
            card: "card".into(),
            name: "x".repeat(length),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_ends_is_whole_and_has_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let store = Sqlite::open(&path).unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH;
    let board = "board".into();
    let many: Vec<_> = (0..400).map(|nth| renamed(nth, 50_000)).collect();
    store.append(&board, &many, now).await.unwrap();
    let written = Arc::new(AtomicUsize::new(many.len()));
    let over = Arc::new(AtomicBool::new(false));
    let writer = {
        let (store, written, over) = (store.clone(), Arc::clone(&written), Arc::clone(&over));
        tokio::spawn(async move {
            while !over.load(Ordering::SeqCst) {
                let nth = written.load(Ordering::SeqCst);
                store
                    .append(&"board".into(), &[renamed(nth, 50)], now)
                    .await
                    .unwrap();
                written.store(nth + 1, Ordering::SeqCst);
            }
        })
    };
    // Another program, as the command is.
    let other = Sqlite::open(&path).unwrap();
    for nth in 0..3 {
        let before = written.load(Ordering::SeqCst);
        let to = folder.path().join(format!("copy{nth}.db"));
        let backup = tokio::time::timeout(Duration::from_secs(60), other.backup(&to));
        backup.await.expect("it ends").unwrap();
        let copy = rusqlite::Connection::open(&to).unwrap();
        let whole: String = copy
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        let has: i64 = copy
            .query_row("SELECT COUNT(*) FROM events", [], |row| row.get(0))
            .unwrap();
        assert_eq!(whole, "ok");
        assert!(has >= i64::try_from(before).unwrap(), "{has} of {before}");
    }
    over.store(true, Ordering::SeqCst);
    writer.await.unwrap();
    assert!(
        written.load(Ordering::SeqCst) > many.len(),
        "there was load"
    );
}

#[tokio::test]
async fn a_card_moved_after_the_backup_was_taken_is_judged_once_it_is_restored() {
    let firm = Firm::open().await;
    let mut watch = Watch::default();
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    let folder = tempfile::tempdir().unwrap();
    let (copy, file) = (folder.path().join("copy.db"), folder.path().join("s.db"));
    firm.store.backup(&copy).await.unwrap();
    // One is judged after the backup was taken, another never by the store that goes.
    firm.drag("ilya_demo", "boot", "handover").await;
    let (said, reversals) = (firm.said("boot").len(), firm.reversals("boot"));
    assert_eq!(reversals, 1);
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().delivered().await;
    restore(&copy, &file, &folder.path().join("aside.db")).unwrap();
    let restored = Arc::new(Sqlite::open(&file).unwrap());
    let trello = Arc::clone(&firm.trello);
    let engine = Engine::new(restored, trello, Options::default());
    let mut watch = Watch::default();
    for _ in 0..6 {
        firm.world().advance(jiff::SignedDuration::from_secs(6));
        engine.look_round(firm.now(), &mut watch).await.unwrap();
        engine.drain(firm.now()).await.unwrap();
        firm.world().delivered().await;
    }
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.said("kefir").len(), 1);
    assert_eq!(
        firm.reversals("boot"),
        reversals,
        "what was done is not done again"
    );
    assert_eq!(firm.said("boot").len(), said);
}

fn before_restore(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.contains("before-restore") || name.contains("restoring"))
        .collect()
}

#[tokio::test]
async fn what_waited_in_the_backup_and_was_done_since_is_not_done_again() {
    let firm = Firm::open().await;
    let mut watch = Watch::default();
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().delivered().await;
    firm.world().advance(jiff::SignedDuration::from_secs(1));
    firm.engine.step(firm.now()).await.unwrap();
    let lane = signalman::model::Lane::Card(firm.id("kefir").as_str().into());
    let work = firm.store.load(&firm.board(), &lane).await.unwrap();
    assert!(work.outbox.len() >= 2, "a move and a word wait: {work:?}");
    let folder = tempfile::tempdir().unwrap();
    let (copy, file) = (folder.path().join("copy.db"), folder.path().join("s.db"));
    firm.store.backup(&copy).await.unwrap();
    firm.settle().await;
    assert_eq!((firm.said("kefir").len(), firm.reversals("kefir")), (1, 1));
    restore(&copy, &file, &folder.path().join("aside.db")).unwrap();
    let restored = Arc::new(Sqlite::open(&file).unwrap());
    let engine = Engine::new(restored, Arc::clone(&firm.trello), Options::default());
    let mut watch = Watch::default();
    for _ in 0..6 {
        firm.world().advance(jiff::SignedDuration::from_secs(6));
        engine.look_round(firm.now(), &mut watch).await.unwrap();
        engine.drain(firm.now()).await.unwrap();
        firm.world().delivered().await;
    }
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!((firm.said("kefir").len(), firm.reversals("kefir")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn restore_waits_for_the_service_to_end_and_keeps_what_stood_there() {
    let practice = Practice::open().await;
    let store = practice.path("s.db");
    let copy = practice.path("copy.db").display().to_string();
    let service = practice.serve(&store, "");
    let at = service.ready();
    let card = practice.demo.cards["kefir"].clone();
    assert_eq!(service.deliver(&at, delivery(1, &card)).await, 200);
    assert!(practice.run(&store, &["backup", &copy]).status.success());
    assert_eq!(service.deliver(&at, delivery(2, &card)).await, 200);
    let refused = practice.run(&store, &["restore", &copy]);
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("end it first"),
        "{}",
        said(&refused)
    );
    // Killed: its log lies beside the file, and must not be read into the backup.
    drop(service);
    assert!(practice.path("s.db-wal").exists());
    let done = practice.run(&store, &["restore", &copy]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(said(&done).contains("boards in it: 1"), "{}", said(&done));
    let (now, aside) = (kept(&store), before_restore(practice.folder.path()));
    assert_eq!(
        (&now["deliveries"], &now["whole"]),
        (&1.into(), &"ok".into())
    );
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert_eq!(kept(&practice.path(&aside[0]))["deliveries"], 2);
    let again = practice.serve(&store, "");
    again.until("It acts as");
    assert!(again.stop());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_backup_is_refused_and_the_store_stays_as_it_is() {
    let practice = Practice::open().await;
    let store = practice.path("s.db");
    drop(Sqlite::open(&store).unwrap());
    let stood = std::fs::read(&store).unwrap();
    let whole = practice.path("whole.db");
    Sqlite::open(&store).unwrap().backup(&whole).await.unwrap();
    let (text, newer, empty, torn) = (
        practice.path("text.db"),
        practice.path("newer.db"),
        practice.path("empty.db"),
        practice.path("torn.db"),
    );
    std::fs::write(&text, "x".repeat(10_000)).unwrap();
    std::fs::write(&empty, "").unwrap();
    std::fs::copy(&whole, &newer).unwrap();
    let file = rusqlite::Connection::open(&newer).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    let mut bytes = std::fs::read(&whole).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&torn, bytes).unwrap();
    for bad in [&text, &newer, &empty, &torn, &practice.path("nowhere.db")] {
        let bad = bad.display().to_string();
        let output = practice.run(&store, &["restore", &bad]);
        let told = said(&output);
        assert!(!output.status.success(), "{bad}: {told}");
        assert!(
            told.contains("nothing was copied") && told.contains(&bad),
            "{told}"
        );
    }
    assert!(std::fs::read(&store).unwrap() == stood, "it was written to");
    assert!(before_restore(practice.folder.path()).is_empty());
    let there = practice.run(
        &practice.path("new/s.db"),
        &["restore", &whole.display().to_string()],
    );
    assert!(there.status.success(), "{}", said(&there));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_store_is_refused_by_serve_and_replaced_by_a_backup() {
    let practice = Practice::open().await;
    let store = practice.path("s.db");
    let whole = practice.path("whole.db");
    Sqlite::open(&store).unwrap().backup(&whole).await.unwrap();
    std::fs::write(&store, "x".repeat(50_000)).unwrap();
    let mut service = practice.serve(&store, "");
    assert!(!service.ended());
    let done = practice.run(&store, &["restore", &whole.display().to_string()]);
    assert!(done.status.success(), "{}", said(&done));
    let aside = before_restore(practice.folder.path());
    assert_eq!(
        std::fs::read(practice.path(&aside[0])).unwrap().len(),
        50_000
    );
    assert_eq!(kept(&store)["whole"], "ok");
}
