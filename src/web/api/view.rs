//! What is shown: a card, a board, the fronts of its cards, a decision.

use super::error::ApiError;
use super::who::Asker;
use crate::figures::Figures;
use crate::model::CardId;
use crate::process::file;
use crate::process::panel::{self, BoardView, CardView, Detail, Sight};
use crate::web::Doors;
use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

type Answer<T> = Result<Json<T>, ApiError>;

/// As Trello writes an id. Nothing else goes into an address at Trello.
pub(crate) fn is_id(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 24 && text.bytes().all(hex)
}

pub(super) fn card_id(asker: &Asker, card: String) -> Result<CardId, ApiError> {
    match is_id(&card) {
        true => Ok(CardId::new(card)),
        false => Err(asker.reader.error("no_card")),
    }
}

pub(super) async fn card(
    State(doors): State<Doors>,
    asker: Asker,
    Path((_, card)): Path<(String, String)>,
) -> Answer<CardView> {
    let reader = asker.reader;
    let (card, sight) = sight(&doors, &asker, card).await?;
    let memory = &sight.outlook.memory;
    let told = doors.0.engine.told_of(&asker.board, &card, memory).await;
    let told = told.map_err(|error| reader.store(error))?;
    Ok(Json(panel::card(&asker.panel(), &sight, &told)))
}

/// The card as it stands, as whoever asks sees it.
pub(super) async fn sight(
    doors: &Doors,
    asker: &Asker,
    card: String,
) -> Result<(CardId, Sight), ApiError> {
    let reader = asker.reader;
    let card = card_id(asker, card)?;
    let (engine, hand) = (&doors.0.engine, asker.viewer.hand());
    let seen = engine.card_seen(&asker.board, &asker.under, &card, &hand, asker.now);
    let seen = seen.await.map_err(|error| reader.not_seen(error))?;
    let sight = seen.ok_or_else(|| reader.error("no_card"))?;
    Ok((card, sight))
}

pub(super) async fn board(State(doors): State<Doors>, asker: Asker) -> Answer<BoardView> {
    let seen = seen(&doors, &asker).await?;
    Ok(Json(panel::board(&asker.panel(), &seen.cards, seen.behind)))
}

pub(super) async fn badges(State(doors): State<Doors>, asker: Asker) -> Answer<Value> {
    let seen = seen(&doors, &asker).await?;
    let badges = panel::badges(&asker.panel(), &seen.cards);
    Ok(Json(json!({ "cards": badges, "at": asker.now })))
}

pub(super) async fn decision(
    State(doors): State<Doors>,
    asker: Asker,
    Path((_, id)): Path<(String, String)>,
) -> Answer<Detail> {
    let reader = asker.reader;
    let none = || reader.error("no_such");
    let named = (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !named {
        return Err(none());
    }
    let decided = doors
        .0
        .engine
        .decided(&asker.board, &id.to_uppercase())
        .await;
    let decided = decided.map_err(|error| reader.store(error))?;
    let (told, card, name, text) = decided.ok_or_else(none)?;
    let stage = told.ruling.what.stage().cloned();
    let rule = text.zip(stage);
    let rule = rule.and_then(|(text, stage)| file::excerpt(&text, stage.as_str()));
    Ok(Json(panel::detail(
        &asker.panel(),
        &told,
        (card, name),
        rule,
    )))
}

#[derive(Deserialize)]
pub(super) struct From {
    /// A day of the board's, `2026-01-31`; 90 days back unless told.
    since: Option<String>,
}

pub(super) async fn figures(
    State(doors): State<Doors>,
    asker: Asker,
    Query(from): Query<From>,
) -> Answer<Figures> {
    Ok(Json(counted(&doors, &asker, from).await?))
}

/// The figures of the board, of the time that is asked for.
pub(super) async fn counted(doors: &Doors, asker: &Asker, from: From) -> Result<Figures, ApiError> {
    const DAYS_BACK: i64 = 90;
    let reader = asker.reader;
    let process = asker.under.process();
    let since = match from.since {
        None => asker
            .now
            .saturating_sub(SignedDuration::from_hours(DAYS_BACK * 24))
            .ok(),
        Some(day) => day.parse().ok().and_then(|day| process.begins(day)),
    };
    let since = since.ok_or_else(|| reader.error("bad_request"))?;
    let walks = doors
        .0
        .engine
        .walks_seen(&asker.board, &asker.under, asker.now);
    let walks = walks.await.map_err(|error| reader.store(error))?;
    let record = asker.under.record(&walks, since, asker.now, reader.0);
    Ok(record.figures())
}

async fn seen(doors: &Doors, asker: &Asker) -> Result<crate::engine::Sights, ApiError> {
    let hand = asker.viewer.hand();
    let engine = &doors.0.engine;
    let seen = engine.board_seen(&asker.board, &asker.under, &hand, asker.now);
    seen.await.map_err(|error| asker.reader.not_seen(error))
}
