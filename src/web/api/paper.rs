//! What is printed, as pages inside Trello and a card's own page ask for it: HTML that is whole in
//! itself. Whoever may not see the card or the board is told the same as on the other routes.

use super::error::ApiError;
use super::view::{From, counted, sight};
use super::who::Asker;
use crate::paper::{self, Sheet};
use crate::process::panel;
use crate::web::Doors;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

/// All that is known of one client.
pub(super) async fn dossier(
    State(doors): State<Doors>,
    asker: Asker,
    Path((_, card)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let (card, sight) = sight(&doors, &asker, card).await?;
    let memory = &sight.outlook.memory;
    let engine = &doors.0.engine;
    let kept = engine
        .kept_of(&asker.board, &asker.under, &card, memory)
        .await;
    let kept = kept.map_err(|error| asker.reader.store(error))?;
    let dossier = panel::dossier(&asker.panel(), &sight, &kept.told);
    let file = paper::dossier::File {
        process: asker.under.process(),
        bindings: asker.under.bindings(),
        dossier: &dossier,
        stays: &kept.stays,
        cut: kept.cut,
        language: asker.reader.0,
    };
    Ok(page(&file.sheet()))
}

/// The board's figures.
pub(super) async fn report(
    State(doors): State<Doors>,
    asker: Asker,
    Query(from): Query<From>,
) -> Result<Response, ApiError> {
    let figures = counted(&doors, &asker, from).await?;
    let zone = asker.under.process().time_zone.clone();
    Ok(page(&paper::report::sheet(&figures, zone)))
}

fn page(sheet: &Sheet) -> Response {
    let policy = format!("{}; frame-ancestors 'none'", paper::policy());
    let policy = HeaderValue::try_from(policy).ok();
    let referrer = HeaderValue::from_static("no-referrer");
    let headers: Vec<(HeaderName, HeaderValue)> = policy
        .map(|policy| (header::CONTENT_SECURITY_POLICY, policy))
        .into_iter()
        .chain([(header::REFERRER_POLICY, referrer)])
        .collect();
    let mut response = Html(paper::html(sheet)).into_response();
    response.headers_mut().extend(headers);
    response
}
