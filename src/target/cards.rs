//! A card in a list of another board, kept up to date. A card of ours is known by a line of its
//! description: what stands above that line is written by us, what stands below is people's. Leaving
//! archives it. Trello has nothing that keeps a card single: whoever made a second one at the same
//! moment finds the first, and archives its own.

use super::{Found, Outcome, System};
use crate::model::{BoardId, Card, CardId, Label, LabelId, ListId, Status};
use crate::process::target::Client;
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;
use tokio::sync::OnceCell;

const MARK: &str = "Signalman:";
/// A day is due at noon, so that it is the same day for most of the world.
const HOUR: i8 = 12;

/// Cards of other boards, by whoever keeps Trello's request windows.
#[async_trait]
pub trait Cards: Send + Sync {
    /// None: it is not there, or cannot be seen.
    async fn card(&self, card: &CardId) -> Result<Option<Card>, Outcome>;

    /// The board that a list is on, as far as it can be seen.
    async fn board_of(&self, list: &ListId) -> Result<Option<BoardId>, Outcome>;

    /// Archived ones too.
    async fn on(&self, board: &BoardId) -> Result<Vec<Card>, Outcome>;

    async fn labels(&self, board: &BoardId) -> Result<Vec<Label>, Outcome>;

    async fn make(&self, list: &ListId, name: &str, desc: &str) -> Result<CardId, Outcome>;

    async fn write(&self, card: &CardId, set: &Set) -> Result<(), Outcome>;

    async fn label(&self, card: &CardId, label: &LabelId) -> Result<(), Outcome>;
}

/// What is to be other on a card; none: as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set {
    pub name: Option<String>,
    pub desc: Option<String>,
    pub due: Option<Timestamp>,
    pub closed: Option<bool>,
}

pub(super) struct TrelloList {
    cards: Arc<dyn Cards>,
    list: ListId,
    board: OnceCell<BoardId>,
}

impl TrelloList {
    /// `address` is `trello:` and the list's id.
    pub(super) fn new(cards: Arc<dyn Cards>, address: &str) -> Self {
        let list = address.split_once(':').map_or(address, |(_, list)| list);
        Self {
            cards,
            list: ListId::new(list),
            board: OnceCell::new(),
        }
    }

    async fn board(&self) -> Result<&BoardId, Outcome> {
        let read = async || {
            let board = self.cards.board_of(&self.list).await?;
            let why = "there is no such list, or Signalman's account does not see its board";
            board.ok_or_else(|| refused(why))
        };
        self.board.get_or_try_init(read).await
    }

    async fn find(&self, client: &Client) -> Result<Option<Card>, Outcome> {
        if let Some(known) = &client.known
            && let Some(card) = self.cards.card(&CardId::new(known)).await?
        {
            return Ok(Some(card));
        }
        let cards = self.cards.on(self.board().await?).await?;
        let (ours, others): (Vec<_>, Vec<_>) =
            cards.into_iter().partition(|card| is_ours(card, client));
        let (mut archived, open): (Vec<_>, Vec<_>) = ours.into_iter().partition(|card| card.closed);
        if !open.is_empty() {
            return one_of(open);
        }
        // People may have archived it, as who has left is.
        archived.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(latest) = archived.pop() {
            return Ok(Some(latest));
        }
        let named = client.matching.iter().find(|(name, _)| name == "name");
        let Some((_, name)) = named else {
            return Ok(None);
        };
        // What bears another's line is another's.
        let alike = |card: &Card| {
            !card.closed && card.name.trim() == name && mark_at(&card.desc, None).is_none()
        };
        one_of(others.into_iter().filter(alike).collect())
    }

    /// None: somebody else made one at the same moment.
    async fn make(&self, client: &Client) -> Result<Option<Card>, Outcome> {
        let name = client.value("name").unwrap_or_default();
        let desc = described("", client);
        let made = self.cards.make(&self.list, name, &desc).await?;
        let cards = self.cards.on(self.board().await?).await?;
        let ours = cards.iter().filter(|card| is_ours(card, client));
        let first = ours
            .filter(|card| !card.closed)
            .map(|card| &card.id)
            .min()
            .unwrap_or(&made);
        if *first != made {
            let away = Set {
                closed: Some(true),
                ..Set::default()
            };
            self.cards.write(&made, &away).await?;
            return Ok(cards.iter().find(|card| card.id == *first).cloned());
        }
        Ok(cards.into_iter().find(|card| card.id == made))
    }

    /// The label of that name, where the card has none of it yet.
    async fn label(&self, card: &Card, client: &Client) -> Result<Option<LabelId>, Outcome> {
        let Some(name) = client.value("label") else {
            return Ok(None);
        };
        let labels = self.cards.labels(self.board().await?).await?;
        let of_name = |label: &&Label| label.name.trim() == name;
        if labels
            .iter()
            .filter(of_name)
            .any(|label| card.labels.contains(&label.id))
        {
            return Ok(None);
        }
        match labels.iter().find(of_name) {
            Some(label) => Ok(Some(label.id.clone())),
            None => Err(refused(&format!("there is no label “{name}” on its board"))),
        }
    }

    async fn bring_about(&self, client: &Client) -> Result<Outcome, Outcome> {
        let found = self.find(client).await?;
        if client.status == Status::Retired {
            let Some(card) = found else {
                return Err(refused("there is no such card to archive"));
            };
            if !card.closed {
                let away = Set {
                    closed: Some(true),
                    ..Set::default()
                };
                self.cards.write(&card.id, &away).await?;
            }
            return Ok(confirmed(&card));
        }
        due(client)?;
        let card = match found {
            Some(card) => card,
            None => self.make(client).await?.ok_or_else(|| Outcome::Unknown {
                why: "the card is not there after it was made".into(),
            })?,
        };
        let mut set = changes(&card, client)?;
        set.closed = card.closed.then_some(false);
        if set != Set::default() {
            self.cards.write(&card.id, &set).await?;
        }
        if let Some(label) = self.label(&card, client).await? {
            self.cards.label(&card.id, &label).await?;
        }
        Ok(confirmed(&card))
    }
}

#[async_trait]
impl System for TrelloList {
    async fn upsert(&self, client: &Client) -> Outcome {
        self.bring_about(client)
            .await
            .unwrap_or_else(|outcome| outcome)
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        let Some(card) = self.find(client).await? else {
            return Ok(Found::Nothing);
        };
        let set = changes(&card, client)?;
        let mut differs = Vec::new();
        for (name, other) in [
            ("name", set.name.is_some()),
            ("desc", set.desc.is_some()),
            ("due", set.due.is_some()),
            ("label", self.label(&card, client).await?.is_some()),
        ] {
            differs.extend(other.then(|| name.to_owned()));
        }
        Ok(Found::One {
            id: card.id.to_string(),
            link: Some(card.url),
            status: Some(match card.closed {
                true => Status::Retired,
                false => Status::Active,
            }),
            differs,
        })
    }
}

fn refused(why: &str) -> Outcome {
    Outcome::Refused { why: why.into() }
}

fn confirmed(card: &Card) -> Outcome {
    Outcome::Confirmed {
        id: card.id.to_string(),
        link: Some(card.url.clone()),
    }
}

fn one_of(mut found: Vec<Card>) -> Result<Option<Card>, Outcome> {
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => Err(Outcome::Several {
            ids: found.into_iter().map(|card| card.id.to_string()).collect(),
        }),
    }
}

fn is_ours(card: &Card, client: &Client) -> bool {
    mark_at(&card.desc, Some(&client.key)).is_some()
}

/// Where the line stands by which a card is known: that of a key, or anybody's. Trello's editor may
/// have put signs of its own before signs.
fn mark_at(desc: &str, key: Option<&str>) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for line in desc.split_inclusive('\n') {
        let plain = line.replace('\\', "");
        let marked = plain.trim().strip_prefix(MARK).map(str::trim);
        if marked.is_some_and(|marked| key.is_none_or(|key| key == marked)) {
            return Some(at..at + line.len());
        }
        at += line.len();
    }
    None
}

/// Ours above the line, people's below it.
fn described(stands: &str, client: &Client) -> String {
    let ours = client.value("desc").unwrap_or("").trim();
    let theirs = match mark_at(stands, Some(&client.key)) {
        Some(line) => stands.get(line.end..).unwrap_or(""),
        // The line was taken out, or there never was one.
        None => stands.trim_start().strip_prefix(ours).unwrap_or(stands),
    };
    let line = format!("{MARK} {}", client.key);
    let parts = [ours, &line, theirs.trim()].into_iter();
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn changes(card: &Card, client: &Client) -> Result<Set, Outcome> {
    let name = client.value("name").filter(|name| *name != card.name);
    let desc = described(&card.desc, client);
    // Blank lines are nobody's.
    let words = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| line.trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    };
    let due = due(client)?.filter(|due| {
        let on = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
        card.due.map(on) != Some(on(*due))
    });
    Ok(Set {
        name: name.map(str::to_owned),
        desc: (words(&desc) != words(&card.desc)).then_some(desc),
        due,
        closed: None,
    })
}

fn due(client: &Client) -> Result<Option<Timestamp>, Outcome> {
    let Some(given) = client.value("due") else {
        return Ok(None);
    };
    let day = given.parse::<Date>().ok();
    let noon = day.and_then(|day| TimeZone::UTC.to_timestamp(day.at(HOUR, 0, 0, 0)).ok());
    match noon {
        Some(noon) => Ok(Some(noon)),
        None => Err(refused(&format!("“{given}” is no date"))),
    }
}
