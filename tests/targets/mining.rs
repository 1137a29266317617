//! The event log of `signalman report --xes`, read by a tool that is not ours: PM4Py finds the process
//! in it that the file describes.

use crate::firm::Firm;
use crate::servers::{SCRIPTS, installed};
use crate::walkthrough::whole_way;
use jiff::Timestamp;
use serde_json::{Value, json};
use signalman::engine::walks;
use signalman::figures::{Record, xes};
use signalman::store::Store;
use std::process::Command;

async fn log(firm: &Firm) -> String {
    let board = firm.store.board(&firm.board()).await.unwrap().unwrap();
    let read = walks(&*firm.store, &firm.board(), &firm.process).await;
    let (walks, unread) = read.unwrap();
    xes::log(&Record {
        process: &firm.process,
        bindings: &board.active.bindings,
        walks: &walks,
        unread,
        since: Timestamp::MIN,
        now: firm.now(),
        language: firm.process.language,
    })
}

fn mined(log: &str) -> Value {
    let python = installed("pm4py").unwrap().join("bin/python");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.xes");
    std::fs::write(&path, log).unwrap();
    let mut mine = Command::new(python);
    let found = folder.path().join("found.json");
    mine.arg(format!("{SCRIPTS}/pm4py/mine.py"));
    mine.args([&path, &found]);
    // It keeps what it draws with in the home folder.
    let told = mine.env("MPLCONFIGDIR", folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{said}");
    serde_json::from_slice(&std::fs::read(found).unwrap()).unwrap()
}

#[tokio::test]
async fn pm4py_reads_the_event_log_and_finds_the_nine_stages_in_order() {
    let firm = Firm::open().await;
    let card = whole_way(&firm).await;
    // Two of those that were there before move on, and one is refused: that is no step.
    firm.to_invoice("kefir").await;
    firm.drag("egor_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "invoice");
    let path: Vec<String> = firm
        .process
        .path()
        .map(|stage| stage.name.clone())
        .collect();
    assert_eq!(path.len(), 9);
    let found = mined(&log(&firm).await);
    assert!(found["traces"].as_u64() >= Some(2), "{found:#}");
    let follows = found["follows"].as_array().unwrap();
    let edge = |from: &str, to: &str| {
        let mut edges = follows.iter();
        edges.any(|edge| edge[0] == from && edge[1] == to)
    };
    for step in path.windows(2) {
        assert!(edge(&step[0], &step[1]), "{step:?}: {found:#}");
    }
    // Nothing leads past a stage or back.
    assert_eq!(follows.len(), path.len() - 1, "{found:#}");
    assert_eq!(found["begin"][&path[0]], 1, "{found:#}");
    assert_eq!(found["end"][&path[8]], 1, "{card}: {found:#}");
    assert_eq!(found["tree"], json!(path), "{found:#}");
    assert_eq!(found["operator"], "SEQUENCE");
}
