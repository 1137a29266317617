//! What stands in the outside places, read back and held against the cards: each night, and when it
//! is asked for. Nothing is written there; what differs is told, and moves no card.

use super::mirror::{client, of_all, place_said};
use super::sweep::by_card;
use super::{Clock, Engine, Held};
use crate::model::{Blind, BoardId, Card, CardId, Drift, Lane, PlaceId, Said, Status};
use crate::process::target::{Client, Keyed, Target};
use crate::process::{Memory, Standings, calendar, react};
use crate::store::StoreError;
use crate::target::{Found, Outcome, System};
use jiff::{Timestamp, ToSpan, civil::Date};
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One client in one place, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub card: CardId,
    pub name: String,
    pub target: String,
    pub wanted: Status,
    pub state: State,
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
    /// As the card says, and yet nothing was charged or invoiced in the month before.
    Unbilled {
        month: Date,
    },
    /// It never was confirmed: what it waits for is on the card.
    Waiting,
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
            State::Unbilled { .. } | State::Waiting | State::Unreachable { .. } => None,
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
        let (mut report, mut told) = (Vec::new(), Vec::new());
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
                let (state, key) = self.stands(&here, now).await;
                let said = state.said(known, &key);
                let news = said.filter(|said| known.said.as_ref() != Some(said));
                let place = PlaceId::new(&card.id, &target.key);
                if let Some(said) = news.filter(|_| tell)
                    && self.still(board, &place, known).await.map_err(text)?
                {
                    let id = format!("read {} {} {now}", card.id, target.key);
                    told.push(place_said(id, &place, said, now));
                }
                report.push(Standing {
                    card: card.id.clone(),
                    name: card.name.clone(),
                    target: target.key.clone(),
                    wanted: known.wanted,
                    state,
                });
            }
        }
        if !told.is_empty() {
            self.store.append(board, &told, now).await.map_err(text)?;
            self.nudge();
        }
        Ok(report)
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

    async fn stands(&self, here: &Here<'_>, now: Timestamp) -> (State, String) {
        let Here {
            held,
            memory,
            card,
            target,
            known,
            ..
        } = here;
        let nowhere = known
            .proof
            .as_ref()
            .is_none_or(|proof| proof.by_hand.is_some());
        let mut client = match client(held, memory, card, target, known.wanted, now) {
            Ok(client) => client,
            Err(_) => return (State::Waiting, String::new()),
        };
        if target.keyed == Keyed::Organisation {
            let place = PlaceId::new(&card.id, &target.key);
            client.status = of_all(here.memories, &place, &client.key, known.wanted);
        }
        let key = client.key.clone();
        let system = match self.systems.open(target, &self.options.secrets) {
            Ok(system) => system,
            Err(unfit) => {
                let why = unfit.to_string();
                return (State::Unreachable { why }, key);
            }
        };
        let state = match system.look(&client).await {
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
                _ if !differs.is_empty() && client.status != Status::Retired => {
                    State::Drifted(Drift::Differs { fields: differs })
                }
                _ => match self.unbilled(here, &*system, &client, now).await {
                    Some(month) => State::Unbilled { month },
                    None => State::Same { id, link },
                },
            },
            Err(
                Outcome::Refused { why } | Outcome::Retry { why, .. } | Outcome::Unknown { why },
            ) => State::Unreachable { why },
            Err(Outcome::Several { ids }) => State::Several { ids },
            Err(Outcome::Confirmed { id, link }) => State::Same { id, link },
        };
        (state, key)
    }

    /// The month before, where a client who was active and charged all through it has no charge and no
    /// invoice of it.
    async fn unbilled(
        &self,
        here: &Here<'_>,
        system: &dyn System,
        client: &Client,
        now: Timestamp,
    ) -> Option<Date> {
        let process = &here.held.process;
        let before = process.today(now).first_of_month();
        let month = before.yesterday().ok()?.first_of_month();
        let standing = here.memory.standing.as_ref()?;
        let stage = process.stage(&standing.stage)?;
        let all_through = process
            .begins(month)
            .is_some_and(|begins| standing.since < begins);
        let charged = client
            .value("charge_from")
            .and_then(|day| day.parse::<Date>().ok());
        if !stage.is_final() || !all_through || charged.is_some_and(|day| day > month) {
            return None;
        }
        let billed = system.billed(client, month, before).await;
        matches!(billed, Ok(Some(false))).then_some(month)
    }

    /// On the first working day of a month: who was active and was not billed.
    async fn tell_unbilled(
        &self,
        board: &BoardId,
        held: &Held,
        read: &[Standing],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let process = &held.process;
        let today = process.today(now);
        let mut days = today.first_of_month().series(1.day());
        let first = days.find(|day| calendar::is_working_day(&process.hours, *day));
        if first != Some(today) {
            return Ok(());
        }
        let unbilled = read.iter().filter_map(|one| match one.state {
            State::Unbilled { month } => Some((month, one.name.clone())),
            _ => None,
        });
        let mut cards: Vec<_> = unbilled.collect();
        cards.dedup();
        let Some((month, _)) = cards.first().cloned() else {
            return Ok(());
        };
        let names: Vec<_> = cards.into_iter().map(|(_, name)| name).collect();
        tracing::warn!(%board, %month, clients = names.join(", "), "active, and neither charged nor invoiced");
        let text = react::unbilled(process, held.bindings(), month, &names);
        self.tell_board(board, held, "unbilled", text, now).await
    }
}

/// The day on which each board's places were read last.
#[derive(Default)]
pub struct Nights(HashMap<BoardId, Date>);

/// When nobody works, at the board's place.
const HOUR: i8 = 3;
const GLANCE: Duration = Duration::from_secs(60);

impl Engine {
    pub(super) async fn read_each_night(&self, clock: Clock, stop: CancellationToken) {
        let mut nights = Nights::default();
        while !stop.is_cancelled() {
            if let Err(error) = self.read_places(clock(), &mut nights).await {
                tracing::error!(%error, "the store cannot be used; trying again");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(GLANCE) => {}
            }
        }
    }

    /// Reads the places of each board whose night it is. A board that is seen for the first time waits
    /// for the next.
    pub async fn read_places(&self, now: Timestamp, nights: &mut Nights) -> Result<(), StoreError> {
        for board in self.store.running().await? {
            let held = self.held(&board).await?;
            let Some(held) = held.filter(|held| !held.process.targets.is_empty()) else {
                continue;
            };
            let local = held.process.time_zone.to_datetime(now);
            let night = match local.hour() < HOUR {
                true => local.date().yesterday().unwrap_or(local.date()),
                false => local.date(),
            };
            let before = nights.0.insert(board.clone(), night);
            if before.is_none_or(|before| before == night) {
                continue;
            }
            match self.reconcile(&board, true, now).await {
                Ok(read) => {
                    tracing::info!(%board, places = read.len(), "read back what stands in the outside places");
                    self.tell_unbilled(&board, &held, &read, now).await?;
                }
                Err(why) => {
                    tracing::warn!(%board, why, "the outside places could not be read back; tried again in a minute");
                    nights.0.extend(before.map(|before| (board, before)));
                }
            }
        }
        Ok(())
    }
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
