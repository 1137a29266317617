//! What is due is kept: SQLite's in memory, Redis' in sets of its own. Here it is what one question to
//! the whole file says, whatever is done to the file and whichever of two programs does it; and what
//! the one store says, the other says too.

use crate::contract::{active, at, lane, line, moved, news};
use crate::servers::Server;
use crate::wire::twice;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use signalman::model::forget::Forget;
use signalman::model::{BoardId, Lane, Member};
use signalman::process::{DecisionId, Deed, Effect, Memory};
use signalman::store::{BoardState, Commit, Due, Redis, RowChange, Sqlite, Start, Store};
use std::collections::BTreeSet;
use tokio::runtime::Runtime;

const BOARDS: [&str; 2] = ["here", "there"];
const CARDS: [&str; 3] = ["one", "two", "three"];
/// What another program writes into a Redis may go unseen for so long.
const UNSEEN: std::time::Duration = std::time::Duration::from_millis(45);
const SLOTS: [Option<&str>; 4] = [None, Some("label"), Some("place"), Some("stuck")];

#[derive(Clone, Copy, Debug)]
enum Act {
    Append {
        card: usize,
        of: u8,
    },
    /// Judges what waits on the lane, and an action of any lane of the board's.
    Judge {
        stray: u8,
    },
    Effect {
        slot: usize,
    },
    Leave {
        member: bool,
    },
    Row {
        change: u8,
        until: i64,
    },
    Timer {
        name: u8,
        until: Option<i64>,
    },
    BackOff {
        until: i64,
    },
    Wait {
        until: i64,
    },
    Bury,
    Pass {
        card: usize,
        of: u8,
    },
    Retry,
    Hurry,
    State {
        state: u8,
    },
    Activate {
        afresh: bool,
    },
    Forget,
    Settle {
        seconds: i64,
    },
}

#[derive(Clone, Copy, Debug)]
struct Deal {
    act: Act,
    board: usize,
    card: usize,
    /// Whether the other program does it.
    other: bool,
    later: i64,
    asked: bool,
}

fn deal() -> impl Strategy<Value = Deal> {
    let (card, until) = (0..CARDS.len(), 0..30_i64);
    let act = prop_oneof![
        6 => (card.clone(), 0..12_u8).prop_map(|(card, of)| Act::Append { card, of }),
        4 => (0..12_u8).prop_map(|stray| Act::Judge { stray }),
        4 => (0..SLOTS.len()).prop_map(|slot| Act::Effect { slot }),
        1 => any::<bool>().prop_map(|member| Act::Leave { member }),
        4 => (0..5_u8, until.clone()).prop_map(|(change, until)| Act::Row { change, until }),
        3 => (0..2_u8, prop::option::of(until.clone())).prop_map(|(name, until)| Act::Timer { name, until }),
        1 => until.clone().prop_map(|until| Act::BackOff { until }),
        1 => until.prop_map(|until| Act::Wait { until }),
        1 => Just(Act::Bury),
        2 => (card, 0..12_u8).prop_map(|(card, of)| Act::Pass { card, of }),
        1 => Just(Act::Retry),
        1 => Just(Act::Hurry),
        2 => (0..3_u8).prop_map(|state| Act::State { state }),
        1 => any::<bool>().prop_map(|afresh| Act::Activate { afresh }),
        1 => Just(Act::Forget),
        1 => (0..3_i64).prop_map(|seconds| Act::Settle { seconds }),
    ];
    let rest = (
        0..BOARDS.len(),
        0..CARDS.len(),
        prop::bool::weighted(0.2),
        -1..4_i64,
        prop::bool::weighted(0.7),
    );
    (act, rest).prop_map(|(act, (board, card, other, later, asked))| Deal {
        act,
        board,
        card,
        other,
        later,
        asked,
    })
}

fn leaver() -> Member {
    Member {
        id: "5b00000000000000000000a1".into(),
        username: "vetrova_a".into(),
        full_name: "Anna Vetrova".into(),
    }
}

async fn put(store: &dyn Store, deal: Deal, now: Timestamp) {
    let (board, own) = (BoardId::from(BOARDS[deal.board]), lane(CARDS[deal.card]));
    let board = &board;
    let event = |card: usize, of: u8| moved(&format!("{of}"), CARDS[card], i64::from(of));
    let until = |seconds| now + SignedDuration::from_secs(seconds);
    let work = store.load(board, &own).await.unwrap();
    let mut commit = Commit::new(own.clone(), now);
    match deal.act {
        Act::Append { card, of } => {
            store.append(board, &[event(card, of)], now).await.unwrap();
        }
        Act::Judge { stray } => {
            commit.judged = work.events.iter().map(|event| event.id.clone()).collect();
            commit.judged.push(stray.to_string().as_str().into());
            commit.memory = Some(Memory::default());
            commit.history.push(line("judged", 1));
        }
        Act::Effect { slot } => commit.effects.push(news("said", SLOTS[slot])),
        Act::Leave { member } => {
            let member = if member { leaver().id } else { "boris".into() };
            commit.effects.push(Effect {
                decision: DecisionId("ABC123".into()),
                slot: None,
                deed: Deed::AddMember { member },
            });
        }
        Act::Row { change, until: at } => {
            let (not_before, doubt) = (until(at), false);
            let why = "told".to_owned();
            let change = match change {
                0 => RowChange::Done,
                1 => RowChange::Begun,
                2 => RowChange::Later { not_before, doubt },
                3 => RowChange::Again {
                    not_before,
                    doubt,
                    why,
                },
                _ => RowChange::Dead { why },
            };
            commit
                .outbox
                .extend(work.outbox.first().map(|row| (row.id, change)));
        }
        Act::Timer { name, until: at } => commit.timers.push((name.to_string(), at.map(until))),
        Act::BackOff { until: at } => commit.back_off = Some(until(at)),
        Act::Wait { until: at } => commit.wait = Some(until(at)),
        Act::Bury => commit.bury = Some("poison".into()),
        Act::Pass { card, of } => commit.append.push(event(card, of)),
        Act::Retry => {
            store.retry(&[], now).await.unwrap();
        }
        Act::Hurry => store.hurry(now).await.unwrap(),
        Act::State { state } => {
            let state = match state {
                0 => BoardState::Paused,
                1 => BoardState::Detached,
                _ => BoardState::Running,
            };
            store.set_state(board, state, now).await.unwrap();
        }
        Act::Activate { afresh } => {
            let cards = vec![(own, Memory::default())];
            let start = if afresh {
                Start::Afresh { cards, after: None }
            } else {
                Start::CarryOn(cards)
            };
            store
                .activate(board, active("v"), start, now)
                .await
                .unwrap();
        }
        Act::Forget => {
            let whom = Forget::new(board, &[leaver()], &[], "a person who left".into());
            store.forget(board, &whom).await.unwrap();
        }
        Act::Settle { .. } => {}
    }
    store.commit(board, commit).await.unwrap();
}

/// One question over all that waits, as a store would ask that keeps nothing in memory.
fn asked(file: &rusqlite::Connection, now: Timestamp, settle: SignedDuration) -> Due {
    const ALL: &str = "
        SELECT w.board, w.lane, MIN(w.due), MIN(CASE WHEN w.due <= ?2 THEN w.rest ELSE 2 END) FROM (
            SELECT e.board, e.lane, MAX(MIN(e.received_at) + ?1, COALESCE(l.not_before, 0)) AS due, 0 AS rest
              FROM events e LEFT JOIN lanes l ON l.board = e.board AND l.lane = e.lane
             WHERE e.judged_at IS NULL AND e.dead IS NULL GROUP BY e.board, e.lane
            UNION ALL
            SELECT o.board, o.lane, o.not_before, o.slot IS NOT 'stuck' AND o.slot IS NOT 'place' FROM outbox o
             WHERE o.dead IS NULL AND o.id = (SELECT f.id FROM outbox f
                   WHERE f.board = o.board AND f.lane = o.lane AND f.dead IS NULL
                   ORDER BY f.slot IS NOT 'stuck', f.slot IS NOT 'place', f.id LIMIT 1)
            UNION ALL
            SELECT t.board, t.lane, MAX(t.at, COALESCE(l.not_before, 0)), 0 FROM timers t
              LEFT JOIN lanes l ON l.board = t.board AND l.lane = t.lane
             WHERE t.at <= COALESCE((SELECT MIN(n.at) FROM timers n WHERE n.at > ?2), ?2)
        ) w JOIN boards b ON b.board = w.board AND b.state = 'running'
        GROUP BY w.board, w.lane ORDER BY 4, 3, 1, 2";
    let mut statement = file.prepare_cached(ALL).unwrap();
    let (settle, micros) = (settle.as_micros() as i64, now.as_microsecond());
    let rows = statement.query_map([settle, micros], |row| {
        let (board, lane): (String, String) = (row.get(0)?, row.get(1)?);
        let at = Timestamp::from_microsecond(row.get(2)?).unwrap();
        Ok((BoardId::new(board), Lane::from_name(&lane), at))
    });
    let all: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    Due {
        next: all.iter().map(|(.., at)| *at).find(|at| *at > now),
        lanes: all
            .into_iter()
            .filter(|(.., at)| *at <= now)
            .map(|(board, lane, _)| (board, lane))
            .collect(),
    }
}

fn try_deals(cases: u32, case: impl Fn(Vec<Deal>) -> Result<(), TestCaseError>) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let deals = prop::collection::vec(deal(), 1..60);
    if let Err(failed) = TestRunner::new(config).run(&deals, case) {
        panic!("{failed}");
    }
}

async fn begin(store: &dyn Store, board: &str) {
    let (board, start) = (board.into(), Start::CarryOn(Vec::new()));
    let active = store.activate(&board, active("v"), start, at(0));
    active.await.unwrap();
}

#[test]
fn what_is_kept_in_memory_is_what_the_whole_file_says() {
    let runtime = Runtime::new().unwrap();
    try_deals(96, |deals| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let (store, other) = (Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap());
        let file = rusqlite::Connection::open(&path).unwrap();
        let (mut second, mut settle) = (0, SignedDuration::from_secs(1));
        runtime.block_on(begin(&store, BOARDS[0]));
        for deal in deals {
            second += deal.later;
            if let Act::Settle { seconds } = deal.act {
                settle = SignedDuration::from_secs(seconds);
            }
            let by = if deal.other { &other } else { &store };
            runtime.block_on(put(by, deal, at(second)));
            if deal.asked {
                let kept = runtime.block_on(store.due(at(second), settle)).unwrap();
                prop_assert_eq!(kept, asked(&file, at(second), settle), "after {:?}", deal);
            }
        }
        Ok(())
    });
}

/// All that there is of a store, but for the numbers that rows are given.
async fn all(store: &dyn Store) -> Vec<String> {
    let mut all = Vec::new();
    for board in BOARDS {
        let board = BoardId::from(board);
        for card in CARDS {
            let mut work = store.load(&board, &lane(card)).await.unwrap();
            work.outbox.iter_mut().for_each(|row| row.id = 0);
            all.push(format!("{board} {card}: {work:?}"));
        }
        let history = store.history(&board, None, 100).await.unwrap();
        all.push(format!("{board}: {history:?}"));
        let record = store.board(&board).await.unwrap();
        all.push(format!("{record:?}"));
        all.push(format!("{:?}", store.counts(&board).await.unwrap()));
    }
    let mut dead = store.dead(None).await.unwrap();
    dead.iter_mut().for_each(|letter| letter.id %= 2);
    dead.sort_by_key(|letter| format!("{letter:?}"));
    all.push(format!("{dead:?}"));
    all.push(format!("{:?}", store.counters().await.unwrap()));
    all
}

#[test]
fn redis_says_what_sqlite_says() {
    let runtime = Runtime::new().unwrap();
    try_deals(24, |deals| {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::start());
        let file = Sqlite::open(&folder.path().join("store.db")).unwrap();
        runtime.block_on(async {
            // Every script comes twice, as where an answer was lost.
            let redis = Redis::open(&twice(&server).await).await.unwrap();
            redis.join().await.unwrap();
            let other = Redis::open(&server.url()).await.unwrap();
            let (mut second, settle) = (0, SignedDuration::ZERO);
            for store in [&file as &dyn Store, &redis] {
                for board in BOARDS {
                    begin(store, board).await;
                }
            }
            for mut deal in deals {
                second += deal.later;
                // Redis takes an action for the lane's that judged it; no card judges another's.
                if let Act::Judge { stray } = &mut deal.act {
                    *stray += 100;
                }
                let by = if deal.other { &other } else { &redis };
                for store in [&file as &dyn Store, by] {
                    put(store, deal, at(second)).await;
                }
                if deal.other {
                    tokio::time::sleep(UNSEEN).await;
                }
                let both: [&dyn Store; 2] = [&file, &redis];
                let [kept, shared] = both.map(|store| store.due(at(second), settle));
                let (kept, shared) = (kept.await.unwrap(), shared.await.unwrap());
                // Redis may also name when a lane that is due already has more to do.
                let sooner = |next| shared.next.is_some_and(|shared| shared <= next);
                let sooner = kept.next.is_none_or(sooner);
                prop_assert!(
                    sooner,
                    "{:?}, {:?} after {:?}",
                    kept.next,
                    shared.next,
                    deal
                );
                let [kept, shared] = [kept, shared].map(|due| BTreeSet::from_iter(due.lanes));
                prop_assert_eq!(kept, shared, "after {:?}", deal);
                if deal.other || !deal.asked {
                    let [kept, shared] = [all(&file).await, all(&redis).await];
                    prop_assert_eq!(kept, shared, "after {:?}", deal);
                }
            }
            Ok(())
        })
    });
}
