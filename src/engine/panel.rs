//! What the Power-Up's pages ask for: a card or a board as it stands with what the judge makes of it,
//! and what somebody asks for to be done. Reads are shared by all who look and weigh least; nothing
//! is judged here that is kept.

use super::{Engine, Held};
use crate::figures::Walk;
use crate::model::{
    Actor, Ask, BoardId, Card, CardId, Event, EventKind, Lane, MemberId, Membership, Rank,
};
use crate::process::judge::{Case, Fresh, NO_STRANGERS, Outlook, asks_for_change, judge, outlook};
use crate::process::panel::Told;
use crate::process::{Bindings, Hand, Memory, Process, Ruling, Verdict, Version};
use crate::store::{BoardState, HistoryLine, StoreError};
use crate::trello::{BoardPart, Failure, Weight};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// A card that was read serves whoever looks at it within this time.
const CARD_KEPT: SignedDuration = SignedDuration::from_millis(800);
/// A board's cards serve at least so long, and while nothing happens on it so long.
const BOARD_KEPT: SignedDuration = SignedDuration::from_secs(5);
const QUIET_BOARD_KEPT: SignedDuration = SignedDuration::from_secs(120);
/// What a board's history comes to.
const WALKS_KEPT: SignedDuration = SignedDuration::from_secs(60);
/// Who is on a board is asked again after this time.
const PEOPLE_KEPT: SignedDuration = SignedDuration::from_secs(30);
/// So many who look may be behind with what changed before they are told to look at everything.
const NEWS: usize = 256;
const LINES: usize = 60;
/// Of the hundred calls that Trello takes in ten seconds, so many are for pages.
const LOOKS: usize = 40;
const LOOKS_WITHIN: SignedDuration = SignedDuration::from_secs(10);
/// Cards kept at once, over all boards.
const MOST_CARDS: usize = 1_000;

/// A board under a process, for those who look at it.
#[derive(Clone)]
pub struct Under(pub(super) Held);

impl Under {
    pub fn process(&self) -> &Process {
        &self.0.process
    }
    pub fn bindings(&self) -> &Bindings {
        self.0.bindings()
    }
    pub fn state(&self) -> BoardState {
        self.0.record.state
    }
}

/// Why something cannot be shown or done now.
#[derive(Debug, thiserror::Error)]
pub enum NotSeen {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Trello(#[from] Failure),
}

type Sought<T> = Result<T, NotSeen>;

/// Every open card of a board, and where each could go by the hand of whoever looks.
pub struct Sights {
    pub cards: Vec<(Card, Outlook)>,
    /// Something has happened since they were read: whoever shows them asks again soon, for no news
    /// comes of it a second time.
    pub behind: bool,
}

/// One thing read of Trello, shared by those who ask for it while it is young.
type Kept<T> = Arc<tokio::sync::Mutex<Option<(Timestamp, Arc<T>)>>>;
type Shelf<K, T> = Mutex<HashMap<K, Kept<T>>>;
/// The walks of a board's cards, and how many lines of its history could not be read.
type Walked = (Vec<Walk>, usize);

pub(super) struct Views {
    cards: Shelf<(BoardId, CardId), Fresh>,
    boards: Shelf<BoardId, Vec<Card>>,
    people: Shelf<BoardId, Vec<Membership>>,
    walks: Shelf<BoardId, Walked>,
    /// One history is read at a time: it may be long.
    reading: tokio::sync::Mutex<()>,
    /// When something last happened on a board.
    touched: Mutex<HashMap<BoardId, Timestamp>>,
    /// When pages last had something read.
    looks: Mutex<VecDeque<Timestamp>>,
    news: broadcast::Sender<(BoardId, Lane)>,
}

impl Default for Views {
    fn default() -> Self {
        Self {
            cards: Mutex::default(),
            boards: Mutex::default(),
            people: Mutex::default(),
            walks: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            touched: Mutex::default(),
            looks: Mutex::default(),
            news: broadcast::channel(NEWS).0,
        }
    }
}

impl Views {
    fn look(&self, now: Timestamp) -> Result<(), Failure> {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.retain(|at| now.duration_since(*at).abs() < LOOKS_WITHIN);
        match looks.front() {
            Some(first) if looks.len() >= LOOKS => Err(Failure::Full {
                until: first.saturating_add(LOOKS_WITHIN).unwrap_or(now),
            }),
            _ => {
                looks.push_back(now);
                Ok(())
            }
        }
    }
}

fn of<K: std::hash::Hash + Eq, T>(all: &Shelf<K, T>, key: K) -> Kept<T> {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_CARDS && !all.contains_key(&key) {
        // Who waits for one of these holds it.
        all.retain(|_, kept| Arc::strong_count(kept) > 1);
    }
    Arc::clone(all.entry(key).or_default())
}

impl Engine {
    /// None where the board is under no process.
    pub async fn under(&self, board: &BoardId) -> Result<Option<Under>, StoreError> {
        let held = self.held(board).await?.map(Under);
        Ok(held.filter(|under| under.state() != BoardState::Detached))
    }

    /// What changes from now on: lanes whose cards may look otherwise.
    pub fn news(&self) -> broadcast::Receiver<(BoardId, Lane)> {
        self.views.news.subscribe()
    }

    /// Whether other machines work on boards too, so that not all news come by here.
    pub fn hears_all(&self) -> bool {
        !self.store.shared()
    }

    pub(super) fn changed(&self, (board, lane): &(BoardId, Lane), now: Timestamp) {
        let touched = self.views.touched.lock();
        let mut touched = touched.unwrap_or_else(PoisonError::into_inner);
        touched.insert(board.clone(), now);
        drop(touched);
        // News come once: whoever asks because of them is not shown the card of before.
        if let Lane::Card(card) = lane {
            let cards = self.views.cards.lock();
            let mut cards = cards.unwrap_or_else(PoisonError::into_inner);
            cards.remove(&(board.clone(), card.clone()));
        }
        // Nobody may be looking.
        let _ = self.views.news.send((board.clone(), lane.clone()));
    }

    /// Another process is in force on the board, or it was paused or resumed: whoever looks sees it, and
    /// what waited is done.
    pub fn renewed(&self, board: &BoardId, now: Timestamp) {
        let walks = self.views.walks.lock();
        walks.unwrap_or_else(PoisonError::into_inner).remove(board);
        self.changed(&(board.clone(), Lane::Board), now);
        self.nudge();
    }

    fn touched(&self, board: &BoardId) -> Option<Timestamp> {
        let touched = self.views.touched.lock();
        let touched = touched.unwrap_or_else(PoisonError::into_inner);
        touched.get(board).copied()
    }

    /// A person's place on a board, by what Trello says now.
    pub async fn membership(
        &self,
        board: &BoardId,
        member: &MemberId,
        now: Timestamp,
    ) -> Result<Option<Membership>, Failure> {
        let place = self.place(board, member, now, Some(Weight::Comment));
        place.await
    }

    /// `weight`: of a read, where it is not for what is under way already.
    async fn place(
        &self,
        board: &BoardId,
        member: &MemberId,
        now: Timestamp,
        weight: Option<Weight>,
    ) -> Result<Option<Membership>, Failure> {
        let kept = of(&self.views.people, board.clone());
        let mut kept = kept.lock().await;
        let young = |(at, _): &&(Timestamp, Arc<_>)| now.duration_since(*at).abs() < PEOPLE_KEPT;
        let people = match kept.as_ref().filter(young) {
            Some((_, people)) => Arc::clone(people),
            None => {
                let read = Box::pin(self.trello.board(board, BoardPart::WithoutCards));
                let read = match weight {
                    Some(weight) => self.looking(weight, read, now).await?,
                    None => read.await?,
                };
                let people = Arc::new(read.members);
                *kept = Some((now, Arc::clone(&people)));
                people
            }
        };
        let mut people = people.iter();
        let one = people.find(|one| one.member.id == *member && one.is_active());
        Ok(one.cloned())
    }

    /// Who is on a board by now: whoever has left it sees nothing more from here on.
    pub(super) async fn people_are(&self, board: &BoardId, people: &[Membership], now: Timestamp) {
        let kept = of(&self.views.people, board.clone());
        *kept.lock().await = Some((now, Arc::new(people.to_vec())));
    }

    /// A read for a page. There are so many in ten seconds and no more, also of those that Trello has
    /// no room for: each of these takes a turn that others then wait for.
    async fn looking<T>(
        &self,
        weight: Weight,
        read: impl Future<Output = Result<T, Failure>>,
        now: Timestamp,
    ) -> Result<T, Failure> {
        self.views.look(now)?;
        self.trello.weighing(weight, read).await
    }

    /// Of those who ask for the card to be changed, who may not change cards on the board.
    pub(super) async fn strangers(
        &self,
        board: &BoardId,
        events: &[Event],
        now: Timestamp,
    ) -> Result<BTreeSet<MemberId>, Failure> {
        let mut strangers = BTreeSet::new();
        for event in events.iter().filter(|event| asks_for_change(event)) {
            let Some(member) = &event.actor.member else {
                continue;
            };
            // What else is to be judged of the card waits for this. Seldom, so it need not make every
            // step's future as large.
            let place = Box::pin(self.place(board, member, now, None)).await?;
            if !place.as_ref().is_some_and(may_write) {
                strangers.insert(member.clone());
            }
        }
        Ok(strangers)
    }

    async fn card_read(
        &self,
        board: &BoardId,
        held: &Held,
        card: &CardId,
        now: Timestamp,
    ) -> Sought<Arc<Fresh>> {
        let kept = of(&self.views.cards, (board.clone(), card.clone()));
        let mut kept = kept.lock().await;
        let young = |(at, _): &&(Timestamp, Arc<_>)| now.duration_since(*at).abs() < CARD_KEPT;
        if let Some((_, fresh)) = kept.as_ref().filter(young) {
            return Ok(Arc::clone(fresh));
        }
        let read = self
            .trello
            .card_of(board, card, &held.bindings().custom_fields);
        let (card, actions) = self.looking(Weight::Comment, read, now).await?;
        let fresh = Arc::new(Fresh { card, actions });
        *kept = Some((now, Arc::clone(&fresh)));
        Ok(fresh)
    }

    /// A card as it stands, and where it could go by this hand; none where it is not on the board.
    pub async fn card_seen(
        &self,
        board: &BoardId,
        under: &Under,
        card: &CardId,
        hand: &Hand,
        now: Timestamp,
    ) -> Sought<Option<(Card, Outlook)>> {
        let held = &under.0;
        let fresh = match self.card_read(board, held, card, now).await {
            Err(NotSeen::Trello(Failure::Missing)) => return Ok(None),
            fresh => fresh?,
        };
        let memory = self.store.memory(board, &Lane::Card(card.clone())).await?;
        let counts = self.counts(board, held).await?;
        let memory = memory.unwrap_or_default();
        let case = case(held, &counts, &memory, &fresh, now);
        Ok(outlook(&case, hand).map(|outlook| (fresh.card.clone(), outlook)))
    }

    pub async fn board_seen(
        &self,
        board: &BoardId,
        under: &Under,
        hand: &Hand,
        now: Timestamp,
    ) -> Sought<Sights> {
        let held = &under.0;
        let (cards, behind) = self.cards_read(board, held, now).await?;
        let memories = self.store.memories(board).await?;
        let mut memories: HashMap<_, _> = memories.into_iter().collect();
        let counts = self.counts(board, held).await?;
        let clients = cards.iter();
        let clients = clients.filter(|card| !held.bindings().is_own(&card.id));
        let seen = clients.filter_map(|card| {
            let memory = memories.remove(&Lane::Card(card.id.clone()));
            let memory = memory.unwrap_or_default();
            let fresh = Fresh {
                card: card.clone(),
                actions: Vec::new(),
            };
            let outlook = outlook(&case(held, &counts, &memory, &fresh, now), hand)?;
            Some((fresh.card, outlook))
        });
        let cards = seen.collect();
        Ok(Sights { cards, behind })
    }

    /// The board's open cards, and whether something has happened since they were read.
    async fn cards_read(
        &self,
        board: &BoardId,
        held: &Held,
        now: Timestamp,
    ) -> Sought<(Arc<Vec<Card>>, bool)> {
        let kept = of(&self.views.boards, board.clone());
        let mut kept = kept.lock().await;
        let touched = self.touched(board);
        let still = |at: &Timestamp| touched.is_none_or(|touched| touched < *at);
        let serves = |(at, _): &&(Timestamp, _)| {
            let age = now.duration_since(*at).abs();
            age < BOARD_KEPT || self.hears_all() && still(at) && age < QUIET_BOARD_KEPT
        };
        if let Some((at, cards)) = kept.as_ref().filter(serves) {
            return Ok((Arc::clone(cards), !still(at)));
        }
        let fields = &held.bindings().custom_fields;
        let read = self.trello.open_cards(board, fields);
        let cards = Arc::new(self.looking(Weight::Sweep, read, now).await?);
        *kept = Some((now, Arc::clone(&cards)));
        Ok((cards, false))
    }

    /// What was decided of a card, the newest first.
    pub async fn told_of(&self, board: &BoardId, card: &CardId) -> Result<Vec<Told>, StoreError> {
        let lane = Lane::Card(card.clone());
        let memory = self.store.memory(board, &lane).await?.unwrap_or_default();
        let lines = self.store.history(board, Some(&lane), LINES).await?;
        let told = lines.into_iter();
        Ok(told.filter_map(|line| told_by(line, &memory)).collect())
    }

    /// One decision, its card, and the file that was in force.
    pub async fn decided(
        &self,
        board: &BoardId,
        id: &str,
    ) -> Result<Option<(Told, CardId, String, Option<String>)>, StoreError> {
        let Some((lane, line)) = self.store.decision(board, id).await? else {
            return Ok(None);
        };
        let memory = self.store.memory(board, &lane).await?.unwrap_or_default();
        let version: Version = line.version.clone();
        let Some((told, card)) = told_by(line, &memory).zip(lane.card().cloned()) else {
            return Ok(None);
        };
        let text = self.store.process_text(board, &version).await?;
        Ok(Some((told, card, memory.name, text)))
    }

    pub async fn walks_seen(
        &self,
        board: &BoardId,
        under: &Under,
        now: Timestamp,
    ) -> Result<Arc<Walked>, StoreError> {
        let kept = of(&self.views.walks, board.clone());
        let mut kept = kept.lock().await;
        let young = |(at, _): &&(Timestamp, Arc<_>)| now.duration_since(*at).abs() < WALKS_KEPT;
        if let Some((_, walks)) = kept.as_ref().filter(young) {
            return Ok(Arc::clone(walks));
        }
        *kept = None;
        let _one = self.views.reading.lock().await;
        let walks = super::walks(&*self.store, board, under.process()).await?;
        let walks = Arc::new(walks);
        *kept = Some((now, Arc::clone(&walks)));
        Ok(walks)
    }

    /// What the judge would say of it now: nothing is kept.
    pub async fn weigh_ask(
        &self,
        under: &Under,
        event: &Event,
        now: Timestamp,
    ) -> Sought<Option<Vec<Ruling>>> {
        let (held, EventKind::Asked { card, .. }) = (&under.0, &event.kind) else {
            return Ok(None);
        };
        let board = &held.bindings().board;
        let fresh = match self.card_read(board, held, card, now).await {
            Err(NotSeen::Trello(Failure::Missing)) => return Ok(None),
            fresh => fresh?,
        };
        let memory = self.store.memory(board, &Lane::Card(card.clone())).await?;
        let memory = memory.unwrap_or_default();
        let counts = self.counts(board, held).await?;
        let events = [event.clone()];
        let case = Case {
            events: &events,
            ..case(held, &counts, &memory, &fresh, now)
        };
        Ok(match judge(&case) {
            Verdict::Ruled(ruled) => Some(ruled.rulings),
            _ => Some(Vec::new()),
        })
    }

    /// Written down: judged with all else that happens to the card, and done in the asker's name.
    pub async fn take_ask(
        &self,
        board: &BoardId,
        event: Event,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.store.append(board, &[event], now).await?;
        self.nudge();
        Ok(())
    }
}

/// What a person asks for, as an event of its own.
pub fn asked(id: &str, at: Timestamp, who: &Membership, card: CardId, ask: Ask) -> Event {
    let member = &who.member;
    Event {
        id: id.into(),
        at,
        actor: Actor {
            member: Some(member.id.clone()),
            username: member.username.clone(),
            name: member.full_name.clone(),
            app: None,
            agent: false,
        },
        kind: EventKind::Asked { card, ask },
    }
}

/// Whether somebody of this rank may change cards.
pub fn may_write(who: &Membership) -> bool {
    who.rank != Rank::Observer
}

fn case<'a>(
    held: &'a Held,
    counts: &'a BTreeMap<crate::process::StageKey, u32>,
    memory: &'a Memory,
    fresh: &'a Fresh,
    now: Timestamp,
) -> Case<'a> {
    Case {
        process: &held.process,
        bindings: held.bindings(),
        counts,
        memory,
        fresh: Some(fresh),
        events: &[],
        now,
        strangers: &NO_STRANGERS,
        patient: false,
    }
}

fn told_by(line: HistoryLine, memory: &Memory) -> Option<Told> {
    let ruling: Ruling = serde_json::from_value(line.data).ok()?;
    let disputed = |one: &&crate::process::Remembered| one.id == ruling.id;
    let disputed = memory.decisions.iter().find(disputed);
    Some(Told {
        disputed: disputed.is_some_and(|one| one.disputed),
        version: line.version,
        ruling,
    })
}
