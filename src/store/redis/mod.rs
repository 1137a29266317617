//! The store of several machines: Redis, alone, behind Sentinels or as a cluster. Boards fall into
//! partitions, each in one slot, so that one commit is one script there; a machine works only on the
//! partitions it holds (`lease.rs`). The lanes' events lie in sorted sets by their own time and not
//! in streams with consumer groups: order by the action's date, patience and burial are the lane's,
//! and a pending list knows none of them.

mod answers;
mod forget;
mod history;
mod lease;
mod link;
mod plan;
mod quiet;
mod scripts;
mod shared;
mod sound;

pub use link::SCHEMES;

use super::*;
use ::redis::{FromRedisValue, Script};
use answers::{Letter, Look, Record, Tally, Work};
use forget::SetAside;
use futures::future::try_join_all;
use lease::{Lease, partition};
use link::Link;
use quiet::Quiet;
use scripts::*;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// More machines than this share the work no further.
const PARTITIONS: u16 = 16;
/// Lanes that one look at a partition brings.
const LANES: usize = 256;
const KEPT_ASIDE: usize = 1_000;
/// How often a change of bindings is tried while others change them too.
const REBIND_TRIES: usize = 20;

fn key(partition: u16, name: &str) -> String {
    format!("signalman:{{{partition}}}:{name}")
}

pub struct Redis {
    link: Arc<Link>,
    lease: Arc<Lease>,
    quiet: Quiet,
    steps: AtomicU64,
    records: Records<String>,
}

impl Redis {
    /// Connects, and refuses a server that may drop what it was given. Works on no board yet.
    pub async fn open(address: &str) -> Result<Self> {
        let link = Arc::new(Link::new(address)?);
        sound::check(&link).await?;
        Ok(Self {
            link,
            lease: Arc::new(Lease::new()),
            quiet: Quiet::default(),
            steps: AtomicU64::new(0),
            records: Records::default(),
        })
    }

    /// From now on this machine works on its share of the boards.
    pub async fn join(&self) -> Result<()> {
        self.lease.join();
        self.lease.beat(&self.link).await?;
        let (lease, link) = (Arc::downgrade(&self.lease), Arc::clone(&self.link));
        tokio::spawn(lease::keep(lease, link));
        Ok(())
    }

    /// By which a script knows that it is sent again.
    fn step(&self) -> String {
        let nth = self.steps.fetch_add(1, Relaxed);
        format!("{}-{nth}", self.lease.machine())
    }

    fn at(&self, board: &BoardId, name: &str) -> String {
        key(partition(board), name)
    }

    async fn read<T: FromRedisValue>(
        &self,
        script: &Script,
        board: &BoardId,
        args: &[&str],
    ) -> Result<T> {
        self.link.run(script, &self.at(board, "lease"), args).await
    }

    async fn write<T: FromRedisValue>(
        &self,
        script: &Script,
        board: &BoardId,
        args: &[&str],
    ) -> Result<T> {
        let lease = self.at(board, "lease");
        let answer = self.link.write(script, &lease, args).await;
        self.quiet.wrote(partition(board));
        answer
    }

    async fn look(&self, partition: u16, now: i64, settle: i64) -> Result<Look> {
        if let Some(next) = self.quiet.until(partition, now, settle) {
            return Ok((Vec::new(), next));
        }
        let question = self.quiet.ask(partition, settle);
        let args = [now.to_string(), settle.to_string(), LANES.to_string()];
        let args = args.each_ref().map(String::as_str);
        let (lanes, next): Look = self.there(&DUE, partition, &args).await?;
        if lanes.is_empty() {
            self.quiet.answered(&question, next);
        }
        Ok((lanes, next))
    }

    /// The same of every partition in turn.
    async fn everywhere<T: FromRedisValue>(
        &self,
        script: &Script,
        args: &[&str],
    ) -> Result<Vec<T>> {
        let all = (0..PARTITIONS).map(|one| self.there(script, one, args));
        try_join_all(all).await
    }

    async fn there<T: FromRedisValue>(
        &self,
        script: &Script,
        partition: u16,
        args: &[&str],
    ) -> Result<T> {
        let lease = key(partition, "lease");
        self.link.run(script, &lease, args).await
    }

    fn wrote_everywhere(&self) {
        for partition in 0..PARTITIONS {
            self.quiet.wrote(partition);
        }
    }

    async fn command<T: FromRedisValue>(&self, name: &str, args: &[&str]) -> Result<T> {
        let mut command = ::redis::cmd(name);
        for arg in args {
            command.arg(arg);
        }
        self.link.ask(&command).await
    }

    async fn field(&self, key: &str, field: &str) -> Result<Option<String>> {
        self.command("HGET", &[key, field]).await
    }

    async fn rebind(
        &self,
        board: &BoardId,
        change: impl Fn(&mut Bindings) + Send + Sync,
    ) -> Result<()> {
        let key = self.at(board, &format!("board:{board}"));
        for _ in 0..REBIND_TRIES {
            let kept: (Option<String>, Option<String>) = self
                .command("HMGET", &[&key, "revision", "bindings"])
                .await?;
            let (Some(revision), Some(kept)) = kept else {
                return Ok(());
            };
            let mut bindings: Bindings = answers::parsed(&kept)?;
            change(&mut bindings);
            let args = [board.as_str(), &revision, &json(&bindings)];
            if self.write::<bool>(&REBIND, board, &args).await? {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable(
            "the board's bindings keep changing".to_owned(),
        ))
    }

    async fn remembered(&self, board: &BoardId, lane: &str) -> Result<Option<(Lane, Memory)>> {
        let lane = Lane::from_name(lane);
        let memory = self.memory(board, &lane).await?;
        Ok(memory.map(|memory| (lane, memory)))
    }

    async fn boards_of(&self, partition: u16) -> Result<Vec<String>> {
        self.command("SMEMBERS", &[&key(partition, "boards")]).await
    }
}

#[async_trait]
impl Store for Redis {
    async fn append_written(
        &self,
        board: &BoardId,
        events: Vec<Written>,
        now: Timestamp,
    ) -> Result<usize> {
        if events.is_empty() {
            return Ok(0);
        }
        let events: Vec<_> = events.into_iter().map(plan::Taken::from).collect();
        let events = json(&events);
        let args = [board.as_str(), &micros(now).to_string(), &events];
        let lease = self.at(board, "lease");
        let new = self.link.write(&APPEND, &lease, &args).await;
        self.quiet.heard(partition(board), micros(now));
        new
    }

    async fn set_aside(
        &self,
        board: &BoardId,
        body: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        let aside = SetAside {
            board: board.clone(),
            at: now,
            body: body.to_owned(),
            reason: reason.to_owned(),
        };
        let args = [json(&aside), KEPT_ASIDE.to_string()];
        self.write::<i64>(&ASIDE, board, &[&args[0], &args[1]])
            .await
            .map(drop)
    }

    async fn last_seen(&self, board: &BoardId) -> Result<Option<(ActionId, Timestamp)>> {
        let key = self.at(board, &format!("board:{board}"));
        let seen: (Option<String>, Option<i64>) =
            self.command("HMGET", &[&key, "seen", "seen_at"]).await?;
        Ok(match seen {
            (Some(action), Some(at)) => Some((ActionId::new(action), instant(at))),
            _ => None,
        })
    }

    async fn set_last_seen(&self, board: &BoardId, action: &ActionId, at: Timestamp) -> Result<()> {
        let args = [board.as_str(), action.as_str(), &micros(at).to_string()];
        self.write::<i64>(&SEEN, board, &args).await.map(drop)
    }

    async fn due(&self, now: Timestamp, settle: jiff::SignedDuration) -> Result<Due> {
        let settle = i64::try_from(settle.as_micros()).unwrap_or(i64::MAX);
        let working = self.lease.working().into_iter();
        let looks = working.map(|partition| self.look(partition, micros(now), settle));
        Ok(answers::due(try_join_all(looks).await?, LANES))
    }

    async fn load(&self, board: &BoardId, lane: &Lane) -> Result<LaneWork> {
        let args = [board.as_str(), lane.as_str()];
        let work: Work = self.read(&LOAD, board, &args).await?;
        answers::work(work)
    }

    async fn commit(&self, board: &BoardId, commit: Commit) -> Result<Committed> {
        let partition = partition(board);
        let fence = self.lease.fence(partition)?;
        let step = self.step();
        let ours = plan::Ours {
            owner: self.lease.machine(),
            fence: fence.as_deref(),
            step: &step,
        };
        let step = json(&plan::step(board, &commit, &ours));
        let answer: String = self.write(&COMMIT, board, &[&step]).await?;
        match answer.as_str() {
            "done" => Ok(Committed::Done),
            "conflict" => Ok(Committed::Conflict),
            _ => {
                self.lease.lost(partition);
                Err(StoreError::Elsewhere)
            }
        }
    }

    async fn counts(&self, board: &BoardId) -> Result<BTreeMap<StageKey, u32>> {
        let key = self.at(board, &format!("count:{board}"));
        let counts: BTreeMap<String, u32> = self.command("HGETALL", &[&key]).await?;
        let standing = counts.into_iter().filter(|(_, count)| *count > 0);
        Ok(standing
            .map(|(stage, count)| (StageKey::from(stage.as_str()), count))
            .collect())
    }

    async fn loads(&self, board: &BoardId) -> Result<Loads> {
        let key = self.at(board, &format!("loads:{board}"));
        let kept = self.command("HGETALL", &[&key]).await?;
        Ok(answers::loads(kept))
    }

    async fn memory(&self, board: &BoardId, lane: &Lane) -> Result<Option<Memory>> {
        let key = self.at(board, &format!("lane:{board}:{}", lane.as_str()));
        let kept = self.field(&key, "memory").await?;
        kept.map(|kept| answers::parsed(&kept)).transpose()
    }

    async fn memories(&self, board: &BoardId) -> Result<Vec<(Lane, Memory)>> {
        let key = self.at(board, &format!("lanes:{board}"));
        let mut lanes: Vec<String> = self.command("SMEMBERS", &[&key]).await?;
        lanes.retain(|lane| lane != Lane::Board.as_str() && !lane.starts_with('@'));
        lanes.sort_unstable();
        let read = lanes.iter().map(|name| self.remembered(board, name));
        Ok(try_join_all(read).await?.into_iter().flatten().collect())
    }

    async fn history(
        &self,
        board: &BoardId,
        lane: Option<&Lane>,
        limit: usize,
    ) -> Result<Vec<HistoryLine>> {
        self.latest(board, lane, limit).await
    }

    async fn history_page(
        &self,
        board: &BoardId,
        since: Timestamp,
        from: u64,
        limit: usize,
    ) -> Result<HistoryPage> {
        self.page(board, since, from, limit).await
    }

    async fn decision(&self, board: &BoardId, id: &str) -> Result<Option<(Lane, HistoryLine)>> {
        let key = self.at(board, &format!("decisions:{board}"));
        let Some(id) = self.field(&key, id).await? else {
            return Ok(None);
        };
        Ok(self.lines(board, &[id]).await?.pop())
    }

    async fn dead(&self, board: Option<&BoardId>) -> Result<Vec<DeadLetter>> {
        let all: Vec<Vec<Letter>> = self.everywhere(&DEAD, &[]).await?;
        let letters = all.into_iter().flatten().map(answers::letter);
        let mut letters: Vec<_> = letters.collect();
        letters.retain(|letter| board.is_none_or(|board| letter.board == *board));
        letters.sort_by_key(|letter| letter.at);
        Ok(letters)
    }

    async fn retry(&self, ids: &[i64], now: Timestamp) -> Result<usize> {
        let now = micros(now).to_string();
        if ids.is_empty() {
            let again: Vec<usize> = self.everywhere(&RETRY, &[&now]).await?;
            self.wrote_everywhere();
            return Ok(again.into_iter().sum());
        }
        let mut again = 0;
        for id in ids {
            // A letter's number tells its partition, and whether it is an event's or an effect's.
            let partition = u16::try_from((id / 2).rem_euclid(64)).unwrap_or(0);
            let (lease, id) = (key(partition, "lease"), id.to_string());
            again += self
                .link
                .write::<usize>(&RETRY, &lease, &[&now, &id])
                .await?;
            self.quiet.wrote(partition);
        }
        Ok(again)
    }

    async fn hurry(&self, now: Timestamp) -> Result<()> {
        let now = micros(now).to_string();
        let hurried = self.everywhere::<i64>(&HURRY, &[&now]).await;
        self.wrote_everywhere();
        hurried.map(drop)
    }

    async fn boards(&self) -> Result<Vec<BoardId>> {
        let read = (0..PARTITIONS).map(|one| self.boards_of(one));
        let mut boards: Vec<_> = try_join_all(read).await?.into_iter().flatten().collect();
        boards.sort_unstable();
        Ok(boards.into_iter().map(BoardId::new).collect())
    }

    /// Read anew only where it was changed, by whatever machine.
    async fn board(&self, board: &BoardId) -> Result<Option<Arc<BoardRecord>>> {
        let key = self.at(board, &format!("board:{board}"));
        let Some(revision) = self.field(&key, "revision").await? else {
            return Ok(None);
        };
        if let Some(record) = self.records.known(board, &revision) {
            return Ok(Some(record));
        }
        let args = [&key, "version", "process", "bindings", "state", "revision"];
        let kept: Record = self.command("HMGET", &args).await?;
        let (revision, record) = answers::record(kept)?;
        Ok(Some(self.records.keep(board, revision, record)))
    }

    async fn activate_over(
        &self,
        board: &BoardId,
        active: Active,
        start: Start,
        over: Over,
        now: Timestamp,
    ) -> Result<Committed> {
        let id = self.step();
        let plan = json(&plan::activation(&id, board, &active, &start, &over, now));
        let done: bool = self.write(&ACTIVATE, board, &[&plan]).await?;
        Ok(match done {
            true => Committed::Done,
            false => Committed::Conflict,
        })
    }

    async fn meet(&self, board: &BoardId, people: Vec<Member>) -> Result<()> {
        self.rebind(board, |bindings| {
            let met = people.iter().cloned().map(|one| (one.id.clone(), one));
            bindings.people.extend(met);
        })
        .await
    }

    async fn presence(&self, board: &BoardId, presence: Presence) -> Result<()> {
        self.rebind(board, |bindings| {
            bindings.change(&presence);
        })
        .await
    }

    async fn own_app(&self, board: &BoardId, app: AppId) -> Result<()> {
        self.rebind(board, |bindings| bindings.app = Some(app.clone()))
            .await
    }

    async fn set_state(&self, board: &BoardId, state: BoardState, _now: Timestamp) -> Result<()> {
        let args = [board.as_str(), state.word()];
        self.write::<i64>(&STATE, board, &args).await.map(drop)
    }

    async fn process_text(&self, board: &BoardId, version: &Version) -> Result<Option<String>> {
        let key = self.at(board, &format!("versions:{board}"));
        self.field(&key, &version.0).await
    }

    async fn versions(&self, board: &BoardId) -> Result<Vec<KeptVersion>> {
        let at = |one| self.at(board, &format!("{one}:{board}"));
        let kept = self.command("HKEYS", &[&at("versions")]).await?;
        let dates = self.command("HGETALL", &[&at("dates")]).await?;
        Ok(answers::versions(kept, &dates))
    }

    async fn forget(&self, board: &BoardId, whom: &Forget) -> Result<Forgotten> {
        forget::forget(self, board, whom).await
    }

    async fn counters(&self) -> Result<Counters> {
        let all: Vec<Tally> = self.everywhere(&COUNTERS, &[]).await?;
        Ok(answers::counters(&all))
    }

    fn holds(&self, board: &BoardId) -> bool {
        self.lease.holds(partition(board))
    }

    fn enter(&self, board: &BoardId) -> Option<UnderWay> {
        self.lease.enter(partition(board))
    }

    fn shared(&self) -> bool {
        true
    }

    async fn retire(&self) -> Result<()> {
        self.lease.retire(&self.link).await
    }

    async fn leave(&self) -> Result<()> {
        self.lease.leave(&self.link).await
    }
}
