//! Several machines at once: whose a board is while it goes from one to another, and what becomes of
//! what is sent again when somebody else wrote in between.

use crate::contract::{active, at, board, lane, line, moved, news};
use crate::redis::{boards, held, machine, soon};
use crate::servers::{Server, free_port};
use crate::wire::Wire;
use rustix::process::{Pid, Signal, kill_process};
use signalman::model::forget::Forget;
use signalman::model::{Lane, Member};
use signalman::process::Memory;
use signalman::store::{Commit, Committed, Redis, Start, Store, StoreError};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Longer than two beats of a machine.
const BEATS: Duration = Duration::from_millis(2_000);

fn leases() -> impl Iterator<Item = String> {
    (0..16).map(|one| format!("signalman:{{{one}}}:lease"))
}

fn says(text: &str) -> Commit {
    Commit {
        effects: vec![news(text, None)],
        history: vec![line(text, 1)],
        ..Commit::new(Lane::Board, at(1))
    }
}

async fn attached(store: &Redis) {
    let start = Start::CarryOn(Vec::new());
    let here = board();
    let active = store.activate(&here, active("v"), start, at(0));
    active.await.unwrap();
}

/// A machine over a wire that loses answers, and another.
async fn two(server: &Server) -> (Arc<Wire>, Redis, Redis) {
    let (wire, address) = Wire::to(server).await;
    let open = async |url: &str| Redis::open(url).await.unwrap();
    (wire, open(&address).await, open(&server.url()).await)
}

#[tokio::test]
async fn what_is_under_way_is_ended_before_its_board_is_given_away() {
    let server = Server::start();
    let first = machine(&server.url()).await;
    let boards = boards();
    let under_way: Vec<_> = boards.iter().map(|board| first.enter(board)).collect();
    assert!(under_way.iter().all(Option::is_some));
    let second = machine(&server.url()).await;
    sleep(BEATS).await;
    assert!(boards.iter().all(|board| first.holds(board)));
    assert!(boards.iter().all(|board| second.enter(board).is_none()));
    drop(under_way);
    soon(|| held(&second) > 0 && held(&first) + held(&second) == 40).await;
}

#[tokio::test]
async fn whoever_ends_gives_away_what_is_idle_at_once_and_the_rest_when_it_is() {
    let server = Server::start();
    let first = machine(&server.url()).await;
    let busy = board();
    let under_way = first.enter(&busy);
    let second = machine(&server.url()).await;
    first.retire().await.unwrap();
    soon(|| held(&second) > 30 && held(&first) + held(&second) == 40).await;
    sleep(BEATS).await;
    assert!(first.holds(&busy) && !second.holds(&busy));
    let done = first.commit(&busy, says("ended")).await.unwrap();
    assert_eq!(done, Committed::Done);
    drop(under_way);
    soon(|| held(&second) == 40 && second.holds(&busy)).await;
}

#[tokio::test]
async fn what_was_begun_under_a_lost_lease_is_not_ended_under_the_next() {
    let server = Server::start();
    let store = machine(&server.url()).await;
    attached(&store).await;
    let under_way = store.enter(&board()).unwrap();
    // Another machine had them meanwhile, and is gone.
    for lease in leases() {
        server.says(&["HINCRBY", &lease, "fence", "1"]);
        server.says(&["HSET", &lease, "owner", "other", "until", "1"]);
    }
    soon(|| !store.holds(&board())).await;
    sleep(BEATS).await;
    assert!(!store.holds(&board()) && store.enter(&board()).is_none());
    let late = store.commit(&board(), says("late")).await;
    assert!(matches!(late, Err(StoreError::Elsewhere)), "{late:?}");
    drop(under_way);
    soon(|| store.holds(&board())).await;
    let done = store.commit(&board(), says("anew")).await.unwrap();
    assert_eq!(done, Committed::Done);
}

#[tokio::test]
async fn whoever_died_before_the_clock_was_set_back_is_not_waited_for() {
    let server = Server::start();
    let later = (server.now_ms() + 3_600_000).to_string();
    for lease in leases() {
        server.says(&[
            "HSET", &lease, "owner", "gone", "until", &later, "fence", "1",
        ]);
    }
    server.says(&["ZADD", "signalman:machines", &later, "gone"]);
    let store = machine(&server.url()).await;
    soon(|| boards().iter().all(|board| store.holds(board))).await;
}

#[tokio::test]
async fn whoever_leaves_takes_nothing_more() {
    let server = Server::start();
    let held = || leases().filter(|lease| !server.says(&["HGET", lease, "owner"]).is_empty());
    for pause in 0..12 {
        let store = Redis::open(&server.url()).await.unwrap();
        let leaves = async {
            sleep(Duration::from_micros(pause * 300)).await;
            store.leave().await
        };
        let (joined, left) = tokio::join!(store.join(), leaves);
        joined.and(left).unwrap();
        assert_eq!(held().count(), 0);
        assert_eq!(server.says(&["zcard", "signalman:machines"]), "0");
    }
}

#[tokio::test]
async fn a_step_that_is_sent_again_happens_once_whoever_wrote_there_since() {
    let server = Server::start();
    let (wire, store, other) = two(&server).await;
    attached(&other).await;
    store.commit(&board(), says("first")).await.unwrap();
    let others = async || {
        for n in 0..3 {
            let says = says(&format!("other {n}"));
            other.commit(&board(), says).await.unwrap();
        }
    };
    let here = board();
    let done = wire.meanwhile(store.commit(&here, says("twice")), others);
    assert_eq!(done.await.unwrap(), Committed::Done);
    let told = store.history(&board(), None, 9).await.unwrap();
    let told: Vec<_> = told.iter().rev().map(|line| line.text.as_str()).collect();
    assert_eq!(told, ["first", "twice", "other 0", "other 1", "other 2"]);
    let left = store.load(&board(), &Lane::Board).await.unwrap();
    assert_eq!(left.outbox.len(), 5);
}

#[tokio::test]
async fn a_board_that_is_taken_afresh_again_keeps_what_came_since() {
    let server = Server::start();
    let (wire, store, other) = two(&server).await;
    attached(&store).await;
    let start = Start::Afresh {
        cards: vec![(lane("card"), Memory::default())],
        after: None,
    };
    let judged = Memory {
        name: "judged since".into(),
        ..Memory::default()
    };
    let meanwhile = async || {
        let told = [moved("1", "other", 1)];
        other.append(&board(), &told, at(1)).await.unwrap();
        let judged = Commit {
            memory: Some(judged.clone()),
            ..Commit::new(lane("card"), at(1))
        };
        other.commit(&board(), judged).await.unwrap();
    };
    let here = board();
    let taken = store.activate(&here, active("v"), start, at(1));
    wire.meanwhile(taken, meanwhile).await.unwrap();
    let waits = store.load(&board(), &lane("other")).await.unwrap();
    assert_eq!(waits.events.len(), 1, "what was acknowledged is judged");
    let kept = store.memory(&board(), &lane("card")).await.unwrap();
    assert_eq!(kept, Some(judged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_forgotten_while_the_cards_are_judged() {
    const NAME: &str = "Anna Vetrova";
    let server = Server::start();
    let store = Redis::open(&server.url()).await.unwrap();
    attached(&store).await;
    let cards: Vec<_> = (0..12).map(|n| lane(&format!("card{n}"))).collect();
    for card in &cards {
        let known = Memory {
            desc: format!("told by {NAME}"),
            ..Memory::default()
        };
        let knows = Commit {
            memory: Some(known),
            ..Commit::new(card.clone(), at(1))
        };
        store.commit(&board(), knows).await.unwrap();
    }
    let (other, ended) = (
        Redis::open(&server.url()).await.unwrap(),
        Arc::<AtomicBool>::default(),
    );
    let (all, until) = (cards.clone(), Arc::clone(&ended));
    let judging = tokio::spawn(async move {
        let judge = async |card: &Lane| {
            for n in 0.. {
                if until.load(Relaxed) {
                    break;
                }
                let work = other.load(&board(), card).await.unwrap();
                let mut memory = work.memory.unwrap();
                memory.name = format!("judged {n} times");
                let step = Commit {
                    memory: Some(memory),
                    edition: Some(work.edition),
                    ..Commit::new(card.clone(), at(2))
                };
                other.commit(&board(), step).await.unwrap();
            }
        };
        futures::future::join_all(all.iter().map(judge)).await;
    });
    let anna = Member {
        id: "5b00000000000000000000a1".into(),
        username: "vetrova_a".into(),
        full_name: NAME.into(),
    };
    let whom = Forget::new(&board(), &[anna], &[], "a person who left".into());
    let told = store.forget(&board(), &whom).await.unwrap();
    ended.store(true, Relaxed);
    judging.await.unwrap();
    assert_eq!(told.cards, 12);
    for card in &cards {
        let memory = store.memory(&board(), card).await.unwrap().unwrap();
        assert_eq!(memory.desc, "told by a person who left");
    }
}

/// A store that is away keeps nobody from ending: whoever is told to end by a deployment is killed
/// when that takes too long, and one that ends with an error is taken for broken.
#[tokio::test]
async fn told_to_end_while_the_store_is_away_a_service_ends_well_and_in_time() {
    for frozen in [false, true] {
        let mut server = Server::start();
        let mut service = Command::new(env!("CARGO_BIN_EXE_signalman"))
            .arg("serve")
            .env_clear()
            .env("STORE", server.url())
            .env("LISTEN", "127.0.0.1:0")
            .env(
                "TRELLO_API_URL",
                format!("http://127.0.0.1:{}/1", free_port()),
            )
            .env("TRELLO_KEY", "0".repeat(32))
            .env("TRELLO_TOKEN", "0".repeat(64))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut out = BufReader::new(service.stdout.take().unwrap());
        out.read_line(&mut said).unwrap();
        assert!(said.contains("listens on"), "{said}");
        match frozen {
            true => server.freeze(),
            false => server.kill(),
        }
        let told = Instant::now();
        kill_process(Pid::from_child(&service), Signal::TERM).unwrap();
        let status = service.wait().unwrap();
        assert!(status.success(), "{status}");
        assert!(
            told.elapsed() < Duration::from_secs(12),
            "{:?}",
            told.elapsed()
        );
    }
}
