//! The embedded store: the contract, and what a file adds to it.

use crate::contract::{active, at, board, lane, moved, news, promises};
use signalman::model::Member;
use signalman::model::forget::Forget;
use signalman::store::{Commit, Sqlite, Start, Store};
use tempfile::TempDir;

async fn open() -> (Sqlite, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (
        Sqlite::open(&folder.path().join("new/store.db")).unwrap(),
        folder,
    )
}

promises!(open);

#[tokio::test]
async fn what_was_appended_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = Sqlite::open(&path).unwrap();
    store
        .activate(&board(), active("v"), Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    store
        .append(&board(), &[moved("1", "card", 1)], at(2))
        .await
        .unwrap();
    let said = Commit {
        effects: vec![news("say", None)],
        ..Commit::new(lane("card"), at(2))
    };
    store.commit(&board(), said).await.unwrap();
    // As after a kill: nothing is closed, the files are taken as they lie.
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let from = entry.unwrap().path();
        std::fs::copy(&from, copy.path().join(from.file_name().unwrap())).unwrap();
    }
    let again = Sqlite::open(&copy.path().join("store.db")).unwrap();
    let left = again.load(&board(), &lane("card")).await.unwrap();
    assert_eq!((left.events.len(), left.outbox.len()), (1, 1));
}

#[tokio::test]
async fn two_programs_share_one_file() {
    let (store, folder) = open().await;
    let other = Sqlite::open(&folder.path().join("new/store.db")).unwrap();
    store
        .activate(&board(), active("v"), Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    store
        .append(&board(), &[moved("1", "card", 1)], at(2))
        .await
        .unwrap();
    assert_eq!(
        other
            .append(&board(), &[moved("1", "card", 1)], at(2))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        other
            .load(&board(), &lane("card"))
            .await
            .unwrap()
            .events
            .len(),
        1
    );
}

#[tokio::test]
async fn a_backup_opens_and_says_the_same_and_overwrites_nothing() {
    let (store, folder) = open().await;
    store
        .activate(&board(), active("v"), Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    store
        .append(&board(), &[moved("1", "card", 1)], at(2))
        .await
        .unwrap();
    let to = folder.path().join("copy.db");
    store.backup(&to).await.unwrap();
    let copy = Sqlite::open(&to).unwrap();
    assert_eq!(
        copy.load(&board(), &lane("card"))
            .await
            .unwrap()
            .events
            .len(),
        1
    );
    assert!(store.backup(&to).await.is_err());
}

#[tokio::test]
async fn what_was_forgotten_is_in_none_of_the_files() {
    let (store, folder) = open().await;
    let file = folder.path().join("new/store.db");
    let other = Sqlite::open(&file).unwrap();
    let mut active = active("v");
    let member = Member {
        id: "5b00000000000000000000a1".into(),
        username: "vetrova_a".into(),
        full_name: "Anna Vetrova".into(),
    };
    active
        .bindings
        .people
        .insert(member.id.clone(), member.clone());
    store
        .activate(&board(), active, Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    let said = Commit {
        effects: vec![news("@vetrova_a (Anna Vetrova), it is yours", None)],
        ..Commit::new(lane("card"), at(1))
    };
    store.commit(&board(), said).await.unwrap();
    // What an earlier program left in a page that is free now.
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.execute_batch(
        "PRAGMA secure_delete = OFF; CREATE TABLE left_over (body TEXT);
         INSERT INTO left_over VALUES (printf('%s%.9000c', 'Anna Vetrova', 'x')); DROP TABLE left_over;",
    )
    .unwrap();
    drop(raw);
    let names = ["Vetrova", "vetrova_a", "5b00000000000000000000a1"];
    let found = || {
        let files = std::fs::read_dir(file.parent().unwrap()).unwrap();
        let mut all = Vec::new();
        files.for_each(|file| all.extend(std::fs::read(file.unwrap().path()).unwrap()));
        let text = String::from_utf8_lossy(&all).into_owned();
        names.map(|name| text.matches(name).count())
    };
    assert!(found().iter().all(|times| *times > 0));
    let whom = Forget::new(&board(), &[member], &[], "a person who left".into());
    store.forget(&board(), &whom).await.unwrap();
    assert_eq!(found(), [0, 0, 0]);
    assert_eq!(other.boards().await.unwrap(), [board()], "others go on");
}

#[tokio::test]
async fn a_file_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("v1.sql")).unwrap();
    drop(old);
    let store = Sqlite::open(&path).unwrap();
    let memory = store
        .memory(&board(), &lane("card"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(memory.name, "Кефир FM");
    assert_eq!(
        store
            .counts(&board())
            .await
            .unwrap()
            .get(&"contract".into()),
        Some(&1)
    );
    assert!(store.board(&board()).await.unwrap().is_some());
}

#[test]
fn a_file_of_a_newer_version_or_no_store_at_all_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.db");
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let said = Sqlite::open(&path).err().unwrap().to_string();
    assert!(said.contains("99"), "{said}");
    let text = folder.path().join("text.db");
    std::fs::write(
        &text,
        "not a database, and long enough to be looked at by anybody who opens it as one",
    )
    .unwrap();
    assert!(Sqlite::open(&text).is_err());
}
