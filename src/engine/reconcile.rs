//! What stands in the outside places, read back and held against the cards: each night, and when it
//! is asked for. Nothing is written there; what differs is told, and moves no card. Places are read
//! side by side, each by one request after another; one that does not answer is left alone.

use super::mirror::{client, of_all, place_said};
use super::sweep::{by_card, found};
use super::{Engine, Held};
use crate::model::{Blind, BoardId, Card, CardId, Drift, Event, Lane, PlaceId, Said, Status};
use crate::process::target::{Client, Keyed, Target};
use crate::process::{Memory, Standings};
use crate::store::StoreError;
use crate::target::{Found, Outcome, System};
use futures::{StreamExt, stream};
use jiff::{Timestamp, civil::Date};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// So many places of a board are read at once.
const AT_ONCE: usize = 8;
/// A place that has not answered so often in a row is left for this reading.
const SILENT: u32 = 3;
/// One that has answered in this reading and asks for a pause is given it, up to so much.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// One client in one place, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub card: CardId,
    pub name: String,
    pub target: String,
    pub wanted: Status,
    pub state: State,
    /// What is wrong with the bill of the month before, where that was asked.
    pub bill: Option<Bill>,
}

/// Of a client who was active and charged all through a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bill {
    /// Neither charged nor invoiced.
    Missing { month: Date },
    /// The place could not be asked.
    Unknown { month: Date, why: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// As the card says.
    Same {
        id: String,
        link: Option<String>,
    },
    Drifted(Drift),
    Several {
        ids: Vec<String>,
    },
    /// It never was confirmed: what it waits for is on the card.
    Waiting,
    /// The card is gone or archived, and the record is open: told once, when that happened.
    NoCard {
        id: String,
        link: Option<String>,
    },
    Unreachable {
        why: String,
    },
}

impl State {
    /// What the card's lane is told of it.
    fn said(&self, known: &Standings, key: &str) -> Option<Said> {
        match self {
            State::Drifted(drift) => Some(Said::Drifted {
                drift: drift.clone(),
            }),
            State::Several { ids } => Some(Said::Several { ids: ids.clone() }),
            State::Same { id, link } => Some(Said::Confirmed {
                status: known.wanted,
                id: id.clone(),
                link: link.clone(),
                key: key.to_owned(),
            }),
            State::Waiting | State::NoCard { .. } | State::Unreachable { .. } => None,
        }
    }
}

/// Of whom it is asked whether they were billed.
pub(super) enum Bills<'b> {
    All,
    Of(&'b BTreeSet<PlaceId>),
}

impl Bills<'_> {
    fn asked(&self, place: &PlaceId) -> bool {
        match self {
            Self::All => true,
            Self::Of(places) => places.contains(place),
        }
    }
}

impl Engine {
    /// Reads every client of a board in every place. `tell`: what is other than it was last said goes
    /// to the card, and to whoever answers for the place.
    pub async fn reconcile(
        &self,
        board: &BoardId,
        tell: bool,
        now: Timestamp,
    ) -> Result<Vec<Standing>, String> {
        self.read_back(board, tell, &Bills::All, now).await
    }

    pub(super) async fn read_back(
        &self,
        board: &BoardId,
        tell: bool,
        bills: &Bills<'_>,
        now: Timestamp,
    ) -> Result<Vec<Standing>, String> {
        let text = |error: StoreError| error.to_string();
        let Some(held) = self.held(board).await.map_err(text)? else {
            return Ok(Vec::new());
        };
        if held.process.targets.is_empty() || self.blind(board) == Some(Blind::CustomFields) {
            return Ok(Vec::new());
        }
        let fields = &held.bindings().custom_fields;
        let cards = self.trello.open_cards(board, fields).await;
        let cards = cards.map_err(|failure| failure.to_string())?;
        let memories = self.store.memories(board).await.map_err(text)?;
        let known_cards = by_card(&memories);
        // Targets at one address are one place.
        let mut places: BTreeMap<&str, Vec<(usize, Here<'_>)>> = BTreeMap::new();
        let mut nth = 0;
        for card in &cards {
            let Some(memory) = known_cards.get(&card.id).copied() else {
                continue;
            };
            for target in &held.process.targets {
                let Some(known) = memory.places.get(&target.key) else {
                    continue;
                };
                let here = Here {
                    held: &held,
                    memories: &memories,
                    memory,
                    card,
                    target,
                    known,
                };
                places.entry(&target.url).or_default().push((nth, here));
                nth += 1;
            }
        }
        let reads = places
            .into_values()
            .map(|clients| self.read_place(board, clients, tell, bills, now));
        let reads: Vec<_> = reads.collect();
        let mut reads = stream::iter(reads).buffer_unordered(AT_ONCE);
        let mut report = Vec::new();
        while let Some(read) = reads.next().await {
            report.extend(read.map_err(text)?);
        }
        report.sort_unstable_by_key(|(nth, _)| *nth);
        let mut report: Vec<_> = report.into_iter().map(|(_, standing)| standing).collect();
        let there: BTreeSet<_> = cards.iter().map(|card| &card.id).collect();
        let mut missed = Vec::new();
        for (card, memory) in &known_cards {
            let open = open_without(&held, card, memory);
            if open.is_empty() || there.contains(card) {
                continue;
            }
            if !memory.gone && !memory.closed {
                missed.push(found(card, now)); // nobody has told of it yet
            }
            report.extend(open);
        }
        if tell {
            self.pass_on(board, &missed, now).await.map_err(text)?;
        }
        Ok(report)
    }

    /// One client after another. What is to be told is told when all of them are read.
    async fn read_place(
        &self,
        board: &BoardId,
        clients: Vec<(usize, Here<'_>)>,
        tell: bool,
        bills: &Bills<'_>,
        now: Timestamp,
    ) -> Result<Vec<(usize, Standing)>, StoreError> {
        let (mut report, mut told) = (Vec::new(), Vec::new());
        let mut silences: BTreeMap<&str, [Silence; 2]> = BTreeMap::new();
        for (nth, here) in clients {
            let Here {
                card,
                target,
                known,
                ..
            } = here;
            let place = PlaceId::new(&card.id, &target.key);
            let silence = silences.entry(&target.key).or_default();
            let asked = bills.asked(&place);
            let read = self.stands(&here, &place, asked, silence, now).await;
            let said = read.state.said(known, &read.key);
            let news = said.filter(|said| known.said.as_ref() != Some(said));
            if let Some(said) = news.filter(|_| tell)
                && self.still(board, &place, known).await?
            {
                let id = format!("read {} {} {now}", card.id, target.key);
                told.push(place_said(id, &place, said, now));
            }
            let standing = Standing {
                card: card.id.clone(),
                name: card.name.clone(),
                target: target.key.clone(),
                wanted: known.wanted,
                state: read.state,
                bill: read.bill,
            };
            report.push((nth, standing));
        }
        self.pass_on(board, &told, now).await?;
        Ok(report)
    }

    pub(super) async fn pass_on(
        &self,
        board: &BoardId,
        told: &[Event],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if !told.is_empty() {
            self.store.append(board, told, now).await?;
            self.nudge();
        }
        Ok(())
    }

    /// Whether nothing was written there while it was read: what was read then says nothing.
    async fn still(
        &self,
        board: &BoardId,
        place: &PlaceId,
        known: &Standings,
    ) -> Result<bool, StoreError> {
        let lane = Lane::Card(place.card());
        let memory = self.store.memory(board, &lane).await?.unwrap_or_default();
        let waits = self.store.load(board, &Lane::Place(place.clone())).await?;
        let same = memory.places.get(place.target()) == Some(known);
        Ok(same && waits.events.is_empty())
    }

    async fn stands(
        &self,
        here: &Here<'_>,
        place: &PlaceId,
        asked: bool,
        [looks, bills]: &mut [Silence; 2],
        now: Timestamp,
    ) -> Read {
        let Here {
            held,
            memory,
            card,
            target,
            known,
            ..
        } = here;
        let proof = known.proof.as_ref();
        let nowhere = proof.is_none_or(|proof| proof.by_hand.is_some());
        let month = here.billed_month(now).filter(|_| asked);
        let unknown = |why: &str| {
            let why = why.to_owned();
            month.map(|month| Bill::Unknown { month, why })
        };
        let mut client = match client(held, memory, card, target, known.wanted, now) {
            Ok(client) => client,
            Err(_) => {
                return Read {
                    state: State::Waiting,
                    key: String::new(),
                    bill: unknown("something is missing on the card"),
                };
            }
        };
        if target.keyed == Keyed::Organisation {
            client.status = of_all(here.memories, place, &client.key, known.wanted);
        }
        let key = client.key.clone();
        let month = month.filter(|month| is_charged(&client, *month));
        let unknown = |why: &str| {
            let why = why.to_owned();
            month.map(|month| Bill::Unknown { month, why })
        };
        let system = match self.systems.open(target, &self.options.secrets) {
            Ok(system) => system,
            Err(unfit) => {
                let why = unfit.to_string();
                let bill = unknown(&why);
                let state = State::Unreachable { why };
                return Read { state, key, bill };
            }
        };
        let looked = self.ask(target, looks, || system.look(&client)).await;
        let bill = match (&looked, month) {
            (_, None) => None,
            (Err(outcome), _) => unknown(why(outcome)),
            (Ok(Found::Several { .. }), _) => unknown("several records could be it"),
            (Ok(Found::Nothing), _) if proof.is_some() && nowhere => {
                unknown("it was recorded by hand")
            }
            (Ok(_), Some(month)) => self.bill(target, bills, &*system, &client, month).await,
        };
        let state = match looked {
            Ok(Found::Nothing) if nowhere => State::Waiting,
            Ok(Found::Nothing) => State::Drifted(Drift::Missing),
            Ok(Found::Several { ids }) => State::Several { ids },
            Ok(Found::One {
                id,
                link,
                status,
                differs,
            }) => match status {
                Some(Status::Retired) if client.status != Status::Retired => {
                    State::Drifted(Drift::Closed)
                }
                Some(Status::Pending | Status::Active) if client.status == Status::Retired => {
                    State::Drifted(Drift::Open)
                }
                Some(Status::Pending) if client.own == Status::Active => {
                    let fields = vec!["status".to_owned()];
                    State::Drifted(Drift::Differs { fields })
                }
                _ if !differs.is_empty() && client.status != Status::Retired => {
                    State::Drifted(Drift::Differs { fields: differs })
                }
                _ => State::Same { id, link },
            },
            Err(
                Outcome::Refused { why } | Outcome::Retry { why, .. } | Outcome::Unknown { why },
            ) => State::Unreachable { why },
            Err(Outcome::Several { ids }) => State::Several { ids },
            Err(Outcome::Confirmed { id, link }) => State::Same { id, link },
        };
        Read { state, key, bill }
    }

    /// Whether a client has a charge or an invoice of that month.
    async fn bill(
        &self,
        target: &Target,
        silence: &mut Silence,
        system: &dyn System,
        client: &Client,
        month: Date,
    ) -> Option<Bill> {
        let before = month.last_of_month().tomorrow().ok()?;
        let billed = self.ask(target, silence, || system.billed(client, month, before));
        match billed.await {
            Ok(Some(true) | None) => None,
            Ok(Some(false)) => Some(Bill::Missing { month }),
            Err(outcome) => {
                let why = why(&outcome).to_owned();
                Some(Bill::Unknown { month, why })
            }
        }
    }

    /// Asks a place: one request at a time over all boards. One that answers and has enough for the
    /// moment is given a pause; one that does not answer is not asked for ever.
    async fn ask<T, F>(
        &self,
        target: &Target,
        silence: &mut Silence,
        question: impl Fn() -> F,
    ) -> Result<T, Outcome>
    where
        F: Future<Output = Result<T, Outcome>>,
    {
        if silence.times >= SILENT {
            let why = format!("not asked again in this reading: {}", silence.why);
            return Err(Outcome::Unknown { why });
        }
        let once = async || {
            let _one = self.systems.reading(target).await;
            question().await
        };
        let mut answer = once().await;
        if let Err(Outcome::Retry { after, .. }) = &answer
            && silence.answers
        {
            tokio::time::sleep((*after).min(LONGEST_PAUSE)).await;
            answer = once().await;
        }
        match &answer {
            Err(Outcome::Retry { why, .. } | Outcome::Unknown { why }) => {
                silence.times += 1;
                silence.why.clone_from(why);
            }
            _ => (silence.times, silence.answers) = (0, true),
        }
        answer
    }
}

/// How often in a row a place has not answered.
#[derive(Default)]
struct Silence {
    times: u32,
    /// It has answered in this reading.
    answers: bool,
    why: String,
}

/// What was read of a client, and our name for it there.
struct Read {
    state: State,
    key: String,
    bill: Option<Bill>,
}

/// Where the client of a card that is no longer on the board still stands. One who is leaving is
/// closed there on the day, card or archived card.
fn open_without(held: &Held, card: &CardId, memory: &Memory) -> Vec<Standing> {
    let standing = memory.standing.as_ref();
    let stage = standing.and_then(|standing| held.process.stage(&standing.stage));
    let leaves = stage.is_some_and(|stage| stage.leaves_on().is_some());
    if memory.closed && !memory.gone && leaves {
        return Vec::new();
    }
    let open = memory.places.iter().filter_map(|(target, known)| {
        let proof = known.open()?;
        Some(Standing {
            card: card.clone(),
            name: memory.name.clone(),
            target: target.clone(),
            wanted: known.wanted,
            state: State::NoCard {
                id: proof.id.clone(),
                link: proof.link.clone(),
            },
            bill: None,
        })
    });
    open.collect()
}

fn why(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { why } | Outcome::Retry { why, .. } | Outcome::Unknown { why } => why,
        Outcome::Confirmed { .. } | Outcome::Several { .. } => "several records could be it",
    }
}

/// Whether anything was to be charged in that month.
fn is_charged(client: &Client, month: Date) -> bool {
    let from = client.value("charge_from");
    let from = from.and_then(|day| day.parse::<Date>().ok());
    client.value("amount").is_some() && from.is_none_or(|day| day <= month)
}

/// One card and one place of it.
struct Here<'h> {
    held: &'h Held,
    memories: &'h [(Lane, Memory)],
    memory: &'h Memory,
    card: &'h Card,
    target: &'h Target,
    known: &'h Standings,
}

impl Here<'_> {
    /// The month before, if the client was active all through it, and the place can tell of bills.
    fn billed_month(&self, now: Timestamp) -> Option<Date> {
        let process = &self.held.process;
        let month = process.today(now).first_of_month().yesterday().ok()?;
        let month = month.first_of_month();
        let standing = self.memory.standing.as_ref()?;
        let active = process.stage(&standing.stage)?.is_final();
        let begins = process.begins(month)?;
        let told = self.target.kind.traits().bills;
        (active && told && standing.since < begins).then_some(month)
    }
}
