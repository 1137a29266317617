//! The store of several machines: the contract over one server, and what several machines, Sentinels
//! and a cluster add to it.

use crate::contract::{active, at, board, lane, line, moved, news, promises};
use crate::servers::Server;
use jiff::SignedDuration;
use signalman::engine::SharedWindows;
use signalman::model::BoardId;
use signalman::store::{Commit, Committed, Redis, Start, Store, StoreError};
use signalman::trello::budget::Ask;
use signalman::trello::{Budget, Weight, Windows};
use std::sync::Arc;
use std::time::Duration;

async fn open() -> (Redis, Server) {
    let server = Server::start();
    (machine(&server.url()).await, server)
}

pub(crate) async fn machine(url: &str) -> Redis {
    let store = Redis::open(url).await.unwrap();
    store.join().await.unwrap();
    store
}

promises!(open);

pub(crate) fn boards() -> Vec<BoardId> {
    (0..40).map(|n| BoardId::new(format!("board{n}"))).collect()
}

/// How many of these boards are the machine's.
pub(crate) fn held(store: &Redis) -> usize {
    let boards = boards();
    boards.iter().filter(|board| store.holds(board)).count()
}

/// Waits for what machines agree on in their own time.
pub(crate) async fn soon(reached: impl Fn() -> bool) {
    let begun = tokio::time::Instant::now();
    while !reached() {
        assert!(begun.elapsed() < Duration::from_secs(15), "not reached");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn says(text: &str) -> Commit {
    Commit {
        effects: vec![news(text, None)],
        history: vec![line(text, 1)],
        ..Commit::new(lane("card"), at(1))
    }
}

#[tokio::test]
async fn machines_share_the_boards_and_take_over_from_one_that_is_gone() {
    let server = Server::start();
    let (first, second) = (machine(&server.url()).await, machine(&server.url()).await);
    assert_eq!(held(&first), 40, "the first holds all of them");
    soon(|| held(&first) < 40 && held(&first) + held(&second) == 40).await;
    let both = boards();
    let both = both
        .iter()
        .filter(|board| first.holds(board) && second.holds(board));
    assert_eq!(both.count(), 0, "no board is worked on twice");
    drop(first); // as a kill: it says nothing
    soon(|| held(&second) == 40).await;
    let third = machine(&server.url()).await;
    second.leave().await.unwrap();
    soon(|| held(&third) == 40).await;
}

#[tokio::test]
async fn a_machine_asks_again_for_what_it_or_another_wrote_and_for_what_came_due() {
    let (store, server) = open().await;
    let start = Start::CarryOn(Vec::new());
    let active = active("v");
    store
        .activate(&board(), active, start, at(0))
        .await
        .unwrap();
    let settle = SignedDuration::from_secs(1);
    let due = async |second| store.due(at(second), settle).await.unwrap();
    assert_eq!(due(1).await.next, None);
    let told = [moved("1", "own", 1)];
    store.append(&board(), &told, at(2)).await.unwrap();
    assert_eq!(due(2).await.next, Some(at(3)), "known without asking");
    assert_eq!(due(3).await.lanes, [(board(), lane("own"))]);
    let judged = Commit {
        judged: vec!["1".into()],
        timers: vec![("idle".to_owned(), Some(at(5)))],
        ..Commit::new(lane("own"), at(3))
    };
    store.commit(&board(), judged).await.unwrap();
    assert_eq!(due(4).await.next, Some(at(5)));
    assert_eq!(due(5).await.lanes, [(board(), lane("own"))]);
    let asked = || {
        let told = server.says(&["info", "commandstats"]);
        let calls = told
            .lines()
            .find_map(|line| line.strip_prefix("cmdstat_evalsha:calls="));
        calls
            .unwrap()
            .split(',')
            .next()
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let before = asked();
    for _ in 0..100 {
        due(4).await;
    }
    let asked = asked() - before;
    assert!(asked < 1_000, "{asked} times of 1,600");
    let other = Redis::open(&server.url()).await.unwrap();
    let told = [moved("2", "other", 1)];
    other.append(&board(), &told, at(3)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await; // until its writes are looked for
    assert_eq!(due(4).await.lanes, [(board(), lane("other"))]);
}

#[tokio::test]
async fn a_machine_that_was_paused_writes_nothing_on_waking() {
    let (store, server) = open().await;
    store
        .activate(&board(), active("v"), Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    assert_eq!(
        store.commit(&board(), says("before")).await.unwrap(),
        Committed::Done
    );
    // What another machine does when this one has not renewed its leases.
    let until = (server.now_ms() + 3_000).to_string();
    for partition in 0..16 {
        let lease = format!("signalman:{{{partition}}}:lease");
        server.says(&["HINCRBY", &lease, "fence", "1"]);
        server.says(&["HSET", &lease, "owner", "other", "until", &until]);
    }
    let late = store.commit(&board(), says("after")).await;
    assert!(matches!(late, Err(StoreError::Elsewhere)), "{late:?}");
    assert!(!store.holds(&board()));
    let left = store.load(&board(), &lane("card")).await.unwrap();
    assert_eq!(left.outbox.len(), 1);
    let due = store.due(at(9), SignedDuration::ZERO).await.unwrap();
    assert!(due.lanes.is_empty(), "its work is another's");
}

#[tokio::test]
async fn what_is_sent_again_because_its_answer_was_lost_happens_once() {
    let (store, server) = open().await;
    store
        .activate(&board(), active("v"), Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    let port = server.port.to_string();
    let mut cut = std::process::Command::new("redis-cli")
        .args(["-p", &port, "-r", "100000", "-i", "0.003"])
        .args(["client", "kill", "type", "normal", "skipme", "yes"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut events = 0;
    for n in 0..60 {
        let event = moved(&format!("{n}"), "other", n);
        events += store.append(&board(), &[event], at(n)).await.unwrap();
        let said = store.commit(&board(), says(&format!("say {n}"))).await;
        assert_eq!(said.unwrap(), Committed::Done);
    }
    cut.kill().unwrap();
    cut.wait().unwrap();
    assert!(events <= 60);
    let other = store.load(&board(), &lane("other")).await.unwrap();
    assert_eq!(other.events.len(), 60, "each once");
    let left = store.load(&board(), &lane("card")).await.unwrap();
    assert_eq!(left.outbox.len(), 60, "each once");
    let told = store.history(&board(), None, 1_000).await.unwrap();
    assert_eq!(told.len(), 60, "each once");
    let cuts = server.says(&["info", "stats"]);
    let connections = cuts
        .lines()
        .find_map(|line| line.strip_prefix("total_connections_received:"));
    let connections: usize = connections.unwrap().trim().parse().unwrap();
    assert!(connections > 10, "the connection was cut: {connections}");
}

#[tokio::test]
async fn a_server_that_may_drop_what_it_was_given_is_refused() {
    let server = Server::with(&["maxmemory-policy allkeys-lru"]);
    let said = Redis::open(&server.url()).await.err().unwrap().to_string();
    assert!(said.contains("maxmemory-policy noeviction"), "{said}");
    server.says(&["config", "set", "maxmemory-policy", "noeviction"]);
    assert!(Redis::open(&server.url()).await.is_ok());
    server.says(&["set", "signalman:version", "99"]);
    let said = Redis::open(&server.url()).await.err().unwrap().to_string();
    assert!(said.contains("99") && said.contains("newer"), "{said}");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_repeated() {
    let server = Server::with(&["requirepass right"]);
    let address = format!("redis://:wrong-one@127.0.0.1:{}", server.port);
    let said = Redis::open(&address).await.err().unwrap().to_string();
    assert!(
        said.contains("password") && !said.contains("wrong-one"),
        "{said}"
    );
    let address = format!("redis://:right@127.0.0.1:{}", server.port);
    assert!(Redis::open(&address).await.is_ok());
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_sentinels_named_another_master() {
    let mut master = Server::start();
    let replica = Server::with(&[&format!("replicaof 127.0.0.1 {}", master.port)]);
    replica.until(|replica| {
        replica
            .says(&["info", "replication"])
            .contains("master_link_status:up")
    });
    let sentinels: Vec<_> = (0..3).map(|_| Server::sentinel(master.port, 2)).collect();
    for sentinel in &sentinels {
        sentinel.until(|sentinel| {
            let told = sentinel.says(&["sentinel", "master", "board"]);
            let words: Vec<_> = told.split_whitespace().collect();
            let number = |name: &str| {
                words
                    .windows(2)
                    .find(|two| two[0] == name)
                    .map(|two| two[1])
            };
            number("num-slaves") == Some("1") && number("num-other-sentinels") == Some("2")
        });
    }
    let hosts: Vec<_> = sentinels
        .iter()
        .map(|one| format!("127.0.0.1:{}", one.port))
        .collect();
    let store = machine(&format!("redis+sentinel://{}/board", hosts.join(","))).await;
    store
        .activate(&board(), active("v"), Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    for n in 0..50 {
        let event = moved(&format!("{n}"), "card", n);
        assert_eq!(store.append(&board(), &[event], at(n)).await.unwrap(), 1);
    }
    master.kill();
    for n in 50..100 {
        let event = moved(&format!("{n}"), "card", n);
        let sent = tokio::time::Instant::now();
        store.append(&board(), &[event], at(n)).await.unwrap();
        assert!(sent.elapsed() < Duration::from_secs(10));
    }
    assert!(
        replica
            .says(&["info", "replication"])
            .contains("role:master")
    );
    let work = store.load(&board(), &lane("card")).await.unwrap();
    assert_eq!(work.events.len(), 100, "none was lost, none came twice");
    assert_eq!(
        store.commit(&board(), says("on")).await.unwrap(),
        Committed::Done
    );
}

#[tokio::test]
async fn a_cluster_keeps_every_board_in_one_slot() {
    let node = |_| Server::with(&["cluster-enabled yes", "cluster-node-timeout 2000"]);
    let masters: Vec<Server> = (0..3).map(node).collect();
    let hosts: Vec<_> = masters
        .iter()
        .map(|one| format!("127.0.0.1:{}", one.port))
        .collect();
    let mut create = vec!["--cluster", "create"];
    create.extend(hosts.iter().map(String::as_str));
    create.push("--cluster-yes");
    masters[0].says(&create);
    for master in &masters {
        master.until(|one| one.says(&["cluster", "info"]).contains("cluster_state:ok"));
    }
    let store = machine(&format!("redis+cluster://{}", hosts.join(","))).await;
    for (n, board) in (0..).zip(boards()) {
        let start = Start::CarryOn(Vec::new());
        store
            .activate(&board, active("v"), start, at(0))
            .await
            .unwrap();
        let event = moved(&format!("{n}"), "card", n);
        assert_eq!(store.append(&board, &[event], at(n)).await.unwrap(), 1);
        assert_eq!(
            store.commit(&board, says("on")).await.unwrap(),
            Committed::Done
        );
    }
    assert_eq!(store.boards().await.unwrap().len(), 40);
    let due = store.due(at(900), SignedDuration::ZERO).await.unwrap();
    assert_eq!(due.lanes.len(), 40);
    let used = masters.iter().filter(|one| one.says(&["dbsize"]) != "0");
    assert_eq!(used.count(), 3, "every master has its part");
    let counters = store.counters().await.unwrap();
    assert_eq!(
        (counters.events_waiting, counters.effects_waiting),
        (40, 40)
    );
}

#[test]
fn over_tls_the_server_must_prove_who_it_is() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let port = crate::servers::free_port();
    let _server = Server::with(&[
        &format!("tls-port {port}"),
        &format!("tls-cert-file {}", path("cert.pem")),
        &format!("tls-key-file {}", path("key.pem")),
        "tls-auth-clients no",
    ]);
    let dead = |trusted: &str| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_signalman"));
        let told = program
            .arg("dead")
            .env("STORE", format!("rediss://:@localhost:{port}"))
            .env("SSL_CERT_FILE", trusted)
            .output()
            .unwrap();
        let said = [told.stdout, told.stderr].concat();
        (told.status.success(), String::from_utf8(said).unwrap())
    };
    let (well, said) = dead(&path("cert.pem"));
    assert!(well && said.contains("Nothing was given up"), "{said}");
    let (well, said) = dead("/dev/null");
    assert!(!well && said.contains("certificate"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_share_what_trello_lets_one_token_ask() {
    let server = Server::start();
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let redis = Arc::new(Redis::open(&server.url()).await.unwrap());
        let windows = Arc::new(SharedWindows::new(redis, "one-token"));
        for _ in 0..8 {
            let windows = Arc::clone(&windows);
            asking.spawn(async move { granted(&*windows, 20).await });
        }
    }
    let mut all = 0;
    while let Some(granted) = asking.join_next().await {
        all += granted.unwrap();
    }
    assert_eq!(all, 100, "of 320, in ten seconds");
    let kept = server.says(&["keys", "signalman:shared:*"]);
    assert_eq!(kept, "signalman:shared:windows:one-token");
}

async fn granted(windows: &dyn Windows, asked: usize) -> usize {
    let ask = Ask {
        weight: Weight::Reversal,
        calls: 1,
        writes: true,
    };
    let mut granted = 0;
    for _ in 0..asked {
        let mut answer = None;
        let change = &mut |budget: &mut Budget, now| answer = Some(budget.take(now, ask));
        windows.change(change).await.unwrap();
        granted += usize::from(matches!(answer, Some(Ok(()))));
    }
    granted
}

#[tokio::test]
async fn a_server_that_keeps_nothing_on_a_disk_is_warned_of() {
    let said = |server: Server| async move {
        let log = server.folder().join("said");
        let file = std::fs::File::create(&log).unwrap();
        let subscriber = tracing_subscriber::fmt().with_writer(file).finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        Redis::open(&server.url()).await.unwrap();
        std::fs::read_to_string(log).unwrap()
    };
    let forgets = said(Server::with(&["appendonly no"])).await;
    assert!(forgets.contains("appendonly yes"), "{forgets}");
    assert_eq!(said(Server::start()).await, "");
}
