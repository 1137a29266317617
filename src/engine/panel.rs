//! What the Power-Up's pages ask for: a card or a board as it stands with what the judge makes of it,
//! and what somebody asks for to be done. Reads are shared by all who look and weigh least; nothing
//! is judged here that is kept.

use super::views::{For, Walked, of, young};
use super::{Engine, Held};
use crate::figures::Record;
use crate::model::{
    Actor, Ask, BoardId, Card, CardId, Event, EventKind, Lane, MemberId, Membership, Rank,
};
use crate::process::judge::{
    Case, Fresh, NO_LOADS, NO_STRANGERS, Outlook, asks_for_change, judge, outlook,
};
use crate::process::panel::{Sight, Told};
use crate::process::{
    Bindings, Hand, Language, Memory, Process, Ruling, StageKey, Verdict, Version,
};
use crate::store::{BoardState, HistoryLine, StoreError};
use crate::trello::{BoardPart, Failure, Weight};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A card that was read serves whoever looks at it within this time.
const CARD_KEPT: SignedDuration = SignedDuration::from_millis(800);
/// A board's cards serve at least so long, and while nothing happens on it so long.
const BOARD_KEPT: SignedDuration = SignedDuration::from_secs(5);
const QUIET_BOARD_KEPT: SignedDuration = SignedDuration::from_secs(120);
/// What a board's history comes to.
const WALKS_KEPT: SignedDuration = SignedDuration::from_secs(60);
/// Who is on a board is asked again after this time.
const PEOPLE_KEPT: SignedDuration = SignedDuration::from_secs(30);
const LINES: usize = 60;
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
    /// What its figures are made of.
    pub fn record<'a>(
        &'a self,
        walked: &'a Walked,
        since: Timestamp,
        now: Timestamp,
        language: Language,
    ) -> Record<'a> {
        Record {
            process: self.process(),
            bindings: self.bindings(),
            walks: &walked.0,
            unread: walked.1,
            since,
            now,
            language,
        }
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
    pub cards: Vec<Sight>,
    /// Something has happened since they were read: whoever shows them asks again soon, for no news
    /// comes of it a second time.
    pub behind: bool,
}

impl Engine {
    /// None where the board is under no process.
    pub async fn under(&self, board: &BoardId) -> Result<Option<Under>, StoreError> {
        let held = self.held(board).await?.map(Under);
        Ok(held.filter(|under| under.state() != BoardState::Detached))
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
        let people = match young(&kept, PEOPLE_KEPT, now) {
            Some(people) => people,
            None => {
                let read = Box::pin(self.trello.board(board, BoardPart::WithoutCards));
                let read = match weight {
                    Some(weight) => self.looking(For::Act, weight, read, now).await?,
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
        what_for: For,
        now: Timestamp,
    ) -> Sought<Arc<Fresh>> {
        let kept = of(&self.views.cards, (board.clone(), card.clone()));
        let mut kept = kept.lock().await;
        if let Some(fresh) = young(&kept, CARD_KEPT, now) {
            return Ok(fresh);
        }
        let read = self
            .trello
            .card_of(board, card, &held.bindings().custom_fields);
        let (card, actions) = self.looking(what_for, Weight::Comment, read, now).await?;
        let fresh = Arc::new(Fresh { card, actions });
        *kept = Some((now, Arc::clone(&fresh)));
        Ok(fresh)
    }

    /// All that the judge looks at of a card; none where it is not on the board.
    async fn read_for(
        &self,
        board: &BoardId,
        held: &Held,
        card: &CardId,
        what_for: For,
        now: Timestamp,
    ) -> Sought<Option<ReadFor>> {
        let fresh = match self.card_read(board, held, card, what_for, now).await {
            Err(NotSeen::Trello(Failure::Missing)) => return Ok(None),
            fresh => fresh?,
        };
        let memory = self.store.memory(board, &Lane::Card(card.clone())).await?;
        Ok(Some(ReadFor {
            fresh,
            memory: memory.unwrap_or_default(),
            counts: self.counts(board, held).await?,
        }))
    }

    /// A card as it stands, and where it could go by this hand; none where it is not on the board.
    pub async fn card_seen(
        &self,
        board: &BoardId,
        under: &Under,
        card: &CardId,
        hand: &Hand,
        now: Timestamp,
    ) -> Sought<Option<Sight>> {
        let read = self.read_for(board, &under.0, card, For::Show, now);
        let Some(read) = read.await? else {
            return Ok(None);
        };
        let outlook = outlook(&read.case(&under.0, now), hand);
        let card = read.fresh.card.clone();
        Ok(outlook.map(|outlook| Sight { card, outlook }))
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
            let card = fresh.card;
            Some(Sight { card, outlook })
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
        let cards = Arc::new(self.looking(For::Show, Weight::Sweep, read, now).await?);
        *kept = Some((now, Arc::clone(&cards)));
        Ok((cards, false))
    }

    /// What was decided of a card, the newest first.
    pub async fn told_of(
        &self,
        board: &BoardId,
        card: &CardId,
        memory: &Memory,
    ) -> Result<Vec<Told>, StoreError> {
        let lane = Lane::Card(card.clone());
        let lines = self.store.history(board, Some(&lane), LINES).await?;
        let told = lines.into_iter();
        Ok(told.filter_map(|line| told_by(line, memory)).collect())
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
        if let Some(walks) = young(&kept, WALKS_KEPT, now) {
            return Ok(walks);
        }
        *kept = None;
        let _one = self.views.reading.lock().await;
        let walks = super::walks(&*self.store, board, under.process()).await?;
        let walks = Arc::new(walks);
        *kept = Some((now, Arc::clone(&walks)));
        Ok(walks)
    }

    /// What the judge would say of it now, and the card as this hand sees it: nothing is kept.
    pub async fn weigh_ask(
        &self,
        under: &Under,
        event: &Event,
        hand: &Hand,
        now: Timestamp,
    ) -> Sought<Option<(Vec<Ruling>, Outlook)>> {
        let (held, EventKind::Asked { card, .. }) = (&under.0, &event.kind) else {
            return Ok(None);
        };
        let read = self.read_for(&held.bindings().board, held, card, For::Act, now);
        let Some(read) = read.await? else {
            return Ok(None);
        };
        let case = read.case(held, now);
        let events = std::slice::from_ref(event);
        let rulings = match judge(&Case { events, ..case }) {
            Verdict::Ruled(ruled) => ruled.rulings,
            _ => Vec::new(),
        };
        Ok(outlook(&case, hand).map(|outlook| (rulings, outlook)))
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

/// What one look at a card takes.
struct ReadFor {
    fresh: Arc<Fresh>,
    memory: Memory,
    counts: BTreeMap<StageKey, u32>,
}

impl ReadFor {
    fn case<'a>(&'a self, held: &'a Held, now: Timestamp) -> Case<'a> {
        case(held, &self.counts, &self.memory, &self.fresh, now)
    }
}

fn case<'a>(
    held: &'a Held,
    counts: &'a BTreeMap<StageKey, u32>,
    memory: &'a Memory,
    fresh: &'a Fresh,
    now: Timestamp,
) -> Case<'a> {
    Case {
        process: &held.process,
        bindings: held.bindings(),
        counts,
        loads: &NO_LOADS,
        memory,
        fresh: Some(fresh),
        events: &[],
        now,
        strangers: &NO_STRANGERS,
        patient: false,
    }
}

pub(super) fn told_by(line: HistoryLine, memory: &Memory) -> Option<Told> {
    let ruling: Ruling = serde_json::from_value(line.data).ok()?;
    let disputed = |one: &&crate::process::Remembered| one.id == ruling.id;
    let disputed = memory.decisions.iter().find(disputed);
    Some(Told {
        disputed: disputed.is_some_and(|one| one.disputed),
        version: line.version,
        ruling,
    })
}
