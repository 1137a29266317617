//! The crash run: the real binary against the practice Trello, killed with SIGKILL at random instants,
//! frozen, or replaced as by a deployment, while people go on working and the network misbehaves;
//! afterwards the board must be as if nothing had happened. Unlike the stories it runs in real time,
//! for a kill cannot be handed in. `SEED=` repeats what is played and when it is killed, not how the
//! machine schedules it; `CRASH_KILLS=` says how many kills there are in all.

#![cfg(feature = "practice")]
#![allow(clippy::unwrap_used, unreachable_pub)]

mod desk;
mod player;
#[path = "../stories/radio.rs"]
mod radio;
mod report;
mod scene;
#[allow(
    dead_code,
    reason = "the store's tests and the crash run use parts of it each"
)]
#[path = "../store/servers.rs"]
mod servers;
mod service;
mod storm;
mod verdict;

use scene::Kind;

/// The worlds that are run: the kills are shared out among them.
const WORLDS: [Kind; 3] = [Kind::Sqlite, Kind::Redis, Kind::TwoOnRedis];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_over_sqlite() {
    storm::weather(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_over_redis() {
    storm::weather(Kind::Redis).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_over_one_redis() {
    storm::weather(Kind::TwoOnRedis).await;
}
