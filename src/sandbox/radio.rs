//! The radio firm's board, with its example stations and people, so that somebody can try the whole
//! process on it. It has a past: cards stand where they stand since some working hours or days.

use super::model::{Manners, Rank};
use super::world::{Hand, World};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// What was set up: ids by the names that the board's file uses.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    pub board: String,
    pub bot: String,
    pub people: BTreeMap<String, String>,
    pub lists: BTreeMap<String, String>,
    /// By the card's key, such as `kefir`.
    pub cards: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct File {
    board: String,
    language: String,
    zone: String,
    lists: Vec<Named>,
    labels: Vec<Label>,
    people: Vec<Person>,
    cards: Vec<Card>,
}

#[derive(Deserialize)]
struct Named {
    key: String,
    name: String,
    /// The page begins with it folded: it is read once, the stages are looked at all day.
    #[serde(default)]
    folded: bool,
}

#[derive(Deserialize)]
struct Label {
    key: String,
    name: String,
    color: String,
}

#[derive(Deserialize)]
struct Person {
    username: String,
    name: String,
}

#[derive(Deserialize)]
struct Card {
    key: String,
    name: String,
    list: String,
    /// How long it has stood there: `2h` or `3d` (working days).
    since: String,
    by: String,
    #[serde(default)]
    by_email: bool,
    desc: String,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    checklists: Vec<Checklist>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    notes: Vec<Note>,
}

#[derive(Deserialize)]
struct Checklist {
    name: String,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    name: String,
    #[serde(default)]
    by: Option<String>,
}

#[derive(Deserialize)]
struct Link {
    name: String,
    url: String,
    by: String,
}

#[derive(Deserialize)]
struct Note {
    by: String,
    text: String,
}

const RU: &str = include_str!("radio/board.ru.toml");
const EN: &str = include_str!("radio/board.en.toml");
const ZONE: &str = "Europe/Moscow";
/// The account the service acts by: a member of the board, but nobody to be on the page.
pub(super) const BOT: &str = "signalman";

/// Eleven in the morning of the latest working day, so that a demo is never at night.
pub fn opening(now: Timestamp) -> Timestamp {
    let zone = zone();
    let wall = zone.to_datetime(now);
    let mut day = wall.date();
    if wall.hour() < 11 {
        day = before(day);
    }
    while weekend(day) {
        day = before(day);
    }
    zone.to_timestamp(day.at(11, 0, 0, 0)).unwrap_or(now)
}

/// How long it is until a minute past ten on the next working day, when everybody is at work again.
pub(super) fn until_morning(now: Timestamp) -> SignedDuration {
    let zone = zone();
    let morning = |day: Date| zone.to_timestamp(day.at(10, 1, 0, 0)).unwrap_or(now);
    let mut day = zone.to_datetime(now).date();
    while weekend(day) || morning(day) <= now {
        day = match day.tomorrow() {
            Ok(next) => next,
            Err(_) => return SignedDuration::ZERO,
        };
    }
    morning(day).duration_since(now)
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

fn weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}

/// So many hours, or so many working days at the same time of day, before `now`.
fn ago(now: Timestamp, text: &str) -> Timestamp {
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let number: i64 = number.parse().unwrap_or(0);
    if unit == "h" {
        return now - SignedDuration::from_hours(number);
    }
    let wall = zone().to_datetime(now);
    let mut day = wall.date();
    for _ in 0..number {
        day = before(day);
        while weekend(day) {
            day = before(day);
        }
    }
    zone()
        .to_timestamp(day.to_datetime(wall.time()))
        .unwrap_or(now)
}

/// A day with a sign, as dates in a card are written relative to the day of the demo.
fn dated(text: &str, now: Timestamp) -> String {
    let today = zone().to_datetime(now).date();
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{day") {
        out.push_str(before);
        let Some((number, tail)) = after.split_once('}') else {
            break;
        };
        let days: i64 = number.parse().unwrap_or(0);
        let date = today
            .checked_add(SignedDuration::from_hours(24 * days))
            .unwrap_or(today);
        out.push_str(&date.strftime("%d.%m.%Y").to_string());
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Sets up the board in Russian or English. An error names what the board's file gets wrong.
pub fn set_up(world: &World, russian: bool) -> Result<Demo, String> {
    let file: File = toml::from_str(if russian { RU } else { EN }).map_err(|e| e.to_string())?;
    let mut demo = Demo::default();
    for person in &file.people {
        let id = world.add_member(&person.username, &person.name);
        demo.people.insert(person.username.clone(), id);
    }
    demo.bot = world.add_member(BOT, "Signalman");
    let owner = demo.people.values().next().cloned().unwrap_or_default();
    demo.board = world.add_board(&file.board, &owner);
    for id in demo.people.values().filter(|id| **id != owner) {
        world.join(&demo.board, id, Rank::Normal);
    }
    world.join(&demo.board, &demo.bot, Rank::Normal);
    let folded = file.lists.iter().filter(|list| list.folded);
    let manners = Manners {
        language: file.language.clone(),
        zone: file.zone.clone(),
        folded: folded.map(|list| list.name.clone()).collect(),
    };
    world.with(|state| state.manners.insert(demo.board.clone(), manners));
    let now = world.now();
    let past = world
        .hand(&owner)
        .at(now - SignedDuration::from_hours(24 * 120));
    for list in &file.lists {
        let wish = json!({ "name": list.name, "idBoard": demo.board, "pos": "bottom" });
        let made = past.post("lists", wish).map_err(|refusal| refusal.text)?;
        demo.lists.insert(list.key.clone(), text(&made, "id"));
    }
    let mut labels = BTreeMap::new();
    for label in &file.labels {
        let wish = json!({ "name": label.name, "color": label.color, "idBoard": demo.board });
        let made = past.post("labels", wish).map_err(|refusal| refusal.text)?;
        labels.insert(label.key.clone(), text(&made, "id"));
    }
    for card in &file.cards {
        let id = add(world, &demo, &labels, card, now)?;
        demo.cards.insert(card.key.clone(), id);
    }
    Ok(demo)
}

fn text(value: &serde_json::Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn add(
    world: &World,
    demo: &Demo,
    labels: &BTreeMap<String, String>,
    card: &Card,
    now: Timestamp,
) -> Result<String, String> {
    let told = |refusal: super::ask::Refusal| format!("{}: {}", card.key, refusal.text);
    let since = ago(now, &card.since);
    let hand = |username: &str| -> Result<Hand, String> {
        let id = demo
            .people
            .get(username)
            .ok_or_else(|| format!("nobody is @{username}"))?;
        Ok(world.hand(id).at(since))
    };
    let list = demo
        .lists
        .get(&card.list)
        .ok_or_else(|| format!("no list {}", card.list))?;
    let author = hand(&card.by)?;
    let desc = dated(&card.desc, now);
    let id = if card.by_email {
        author.email(list, &card.name, &desc).map_err(told)?
    } else {
        let wish = json!({ "idList": list, "name": card.name, "desc": desc });
        text(&author.post("cards", wish).map_err(told)?, "id")
    };
    for username in &card.members {
        let wish = json!({ "value": hand(username)?.member() });
        author
            .post(&format!("cards/{id}/idMembers"), wish)
            .map_err(told)?;
    }
    for key in &card.labels {
        let label = labels.get(key).ok_or_else(|| format!("no label {key}"))?;
        let path = format!("cards/{id}/idLabels");
        author
            .post(&path, json!({ "value": label }))
            .map_err(told)?;
    }
    for checklist in &card.checklists {
        let wish = json!({ "idCard": id, "name": checklist.name });
        let made = text(&author.post("checklists", wish).map_err(told)?, "id");
        for item in &checklist.items {
            let wish = json!({ "name": item.name });
            let made = author.post(&format!("checklists/{made}/checkItems"), wish);
            let made = text(&made.map_err(told)?, "id");
            if let Some(by) = &item.by {
                let path = format!("cards/{id}/checkItem/{made}");
                hand(by)?
                    .put(&path, json!({ "state": "complete" }))
                    .map_err(told)?;
            }
        }
    }
    for link in &card.links {
        let wish = json!({ "name": link.name, "url": link.url });
        hand(&link.by)?
            .post(&format!("cards/{id}/attachments"), wish)
            .map_err(told)?;
    }
    for note in &card.notes {
        let wish = json!({ "text": dated(&note.text, now) });
        hand(&note.by)?
            .post(&format!("cards/{id}/actions/comments"), wish)
            .map_err(told)?;
    }
    Ok(id)
}
