//! One run: people act without a pause, faults strike, and the processes are killed, frozen or
//! replaced at random instants; then all is quiet, one of them finishes, and the verdict is given.

use crate::player::Player;
use crate::report::{self, Row};
use crate::scene::{Kind, Scene};
use crate::{WORLDS, verdict};
use fastrand::Rng;
use serde_json::json;
use signalman::sandbox::world::World;
use signalman::sandbox::{Fault, FaultKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// A board sees so many kills at most; then another run begins with another seed.
const KILLS_A_RUN: u32 = 25;
/// Longer than a card may be held by a process that gives no sign of life.
const FREEZE: Duration = Duration::from_millis(4500);
/// Over Redis a process works on the board only when its killed predecessor's hold of it is over.
const WORKS_WITHIN: Duration = Duration::from_secs(5);
/// Counted down by each strike, and never used up.
const FOR_EVER: u32 = 1_000_000;

/// All the runs of one world.
pub async fn weather(kind: Kind) {
    let kills = (setting("CRASH_KILLS").unwrap_or(20) as u32).div_ceil(WORLDS.len() as u32);
    let seed = setting("SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
    let mut broken = Vec::new();
    for run in 0..kills.div_ceil(KILLS_A_RUN) {
        let kills = KILLS_A_RUN.min(kills - run * KILLS_A_RUN);
        broken.extend(storm(kind, seed + u64::from(run), kills).await);
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[expect(
    clippy::disallowed_methods,
    reason = "how often and with which seed is said from outside"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// One run; sentences on what is not as it must be.
async fn storm(kind: Kind, seed: u64, kills: u32) -> Vec<String> {
    let begun = Instant::now();
    report::say(&format!("{}: seed {seed}, {kills} kills\n", kind.name()));
    let mut scene = Scene::open(kind).await;
    let player = Player::new(scene.world(), &scene.demo, &scene.process, seed);
    let player = Arc::new(Mutex::new(player));
    for fault in faults() {
        scene.world().fault(fault);
    }
    let people = tokio::spawn(play(Arc::clone(&player), Rng::with_seed(seed ^ 1)));
    let mut blows = Blows {
        rng: Rng::with_seed(seed ^ 2),
        player: Arc::clone(&player),
    };
    for process in 0..kind.processes() {
        scene.start(process);
        scene.listens(process).await;
    }
    for _ in 0..kills {
        blows.strike(&mut scene, kind).await;
    }
    people.abort();
    let _ = people.await;
    let (mut broken, faults) = calm(&mut scene, kind).await;
    let record = player.lock().unwrap().record.clone();
    let seen = verdict::give(&scene, &record).await;
    broken.extend(seen.broken);
    report::add(Row {
        world: kind.name(),
        kills,
        freezes: scene.freezes.len(),
        rolls: scene.rolls,
        acts: record.acts,
        refusals: seen.refusals,
        comments: seen.comments,
        faults,
        seconds: begun.elapsed().as_secs(),
        seed,
        sound: broken.is_empty(),
    });
    if !broken.is_empty() {
        let kept = scene.keep();
        broken.push(format!("logs and store: {}", kept.display()));
    }
    let told = |what: String| format!("{}, seed {seed}: {what}", kind.name());
    broken.into_iter().map(told).collect()
}

fn faults() -> Vec<Fault> {
    use FaultKind::*;
    let chances = [
        (TooMany, 0.003),
        (Broken, 0.02),
        (LostBefore, 0.02),
        (LostAfter, 0.04),
        (DeliveredTwice, 0.05),
        (DeliveredSwapped, 0.05),
        (DeliveryLost, 0.03),
    ];
    let fault = |(kind, chance)| Fault {
        chance,
        ..Fault::next(kind, FOR_EVER)
    };
    chances.into_iter().map(fault).collect()
}

/// Somebody does something a few times a second.
async fn play(player: Arc<Mutex<Player>>, mut rng: Rng) {
    loop {
        player.lock().unwrap().act();
        sleep(Duration::from_millis(rng.u64(40..240))).await;
    }
}

struct Blows {
    rng: Rng,
    player: Arc<Mutex<Player>>,
}

impl Blows {
    /// One kill, and the process that takes over.
    async fn strike(&mut self, scene: &mut Scene, kind: Kind) {
        let process = self.rng.usize(..kind.processes());
        if self
            .rng
            .u32(..if kind == Kind::TwoOnRedis { 3 } else { 10 })
            == 0
        {
            scene.freeze(process, FREEZE).await;
        }
        if self.rng.u32(..4) == 0 {
            scene.replace(process).await;
        }
        match self.rng.u32(..3) {
            0 => self.while_it_starts(scene, process).await,
            1 => self.after_a_push().await,
            _ => self.after_a_refusal(scene.world()).await,
        }
        scene.kill(process);
        sleep(Duration::from_millis(self.rng.u64(..250))).await;
        scene.start(process);
        scene.listens(process).await;
    }

    /// Killed once before, at any instant of its first 800 ms: before it listens, while it catches up.
    async fn while_it_starts(&mut self, scene: &mut Scene, process: usize) {
        scene.kill(process);
        scene.start(process);
        let long = Duration::from_millis(self.rng.u64(..800));
        let begun = Instant::now();
        let _ = timeout(long, scene.listens(process)).await;
        sleep(long.saturating_sub(begun.elapsed())).await;
    }

    async fn after_a_push(&mut self) {
        self.player.lock().unwrap().push_illegally();
        sleep(Duration::from_millis(self.rng.u64(..800))).await;
    }

    /// In the middle of what a refusal does: some requests are made, and some are not.
    async fn after_a_refusal(&mut self, world: &World) {
        let written = || {
            let writes = |state: &mut signalman::sandbox::state::State| {
                state
                    .requests
                    .iter()
                    .filter(|made| made.verb != "GET")
                    .count()
            };
            world.with(writes)
        };
        let before = written();
        self.player.lock().unwrap().push_illegally();
        let begun = Instant::now();
        while written() == before && begun.elapsed() < WORKS_WITHIN {
            sleep(Duration::from_millis(5)).await;
        }
        sleep(Duration::from_millis(self.rng.u64(..40))).await;
    }
}

/// No more faults, and processes that nobody kills until nothing is left to do.
async fn calm(scene: &mut Scene, kind: Kind) -> (Vec<String>, usize) {
    let world = scene.world().clone();
    let struck = world.with(|state| {
        let left = std::mem::take(&mut state.faults);
        let struck = left
            .iter()
            .map(|fault| FOR_EVER - fault.times.unwrap_or(FOR_EVER));
        struck.sum::<u32>()
    });
    // A delivery that waits to change places with the next one needs a next one.
    let (maria, card) = (&scene.demo.people["maria_demo"], &scene.demo.cards["kefir"]);
    let told = world
        .hand(maria)
        .put(&format!("cards/{card}"), json!({ "name": "Кефир ФМ" }));
    told.unwrap();
    for process in 0..kind.processes() {
        scene.kill(process);
    }
    let mut at = Vec::new();
    for process in 0..kind.processes() {
        scene.start(process);
        at.push(scene.listens(process).await);
    }
    let rested = scene.rests(&at).await;
    for process in 0..kind.processes() {
        scene.kill(process);
    }
    (rested.err().into_iter().collect(), struck as usize)
}
