//! What the Power-Up's pages ask of the service: JSON, to people of whom Trello says who they are and
//! of whom the board says what they may. A page is told everything that is on the card, and decides
//! nothing: what is asked for here is judged as if it had been done by hand.

mod act;
mod error;
mod live;
mod pace;
mod paper;
mod setup;
mod token;
mod view;
mod who;

pub(super) use error::{ApiError, Reader};
pub(super) use pace::Pace;
pub(super) use setup::Desk;
pub(super) use token::Keys;
pub(super) use view::is_id;
pub(super) use who::{Proof, Proven};

use super::Doors;
use crate::model::MemberId;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};

/// A form with every field of a long process filled in.
const BODY_BYTES: usize = 64 << 10;

/// Below a path of their own for each proof. A board is set up inside Trello alone.
pub(super) fn routes(proof: Proof) -> Router<Doors> {
    let setup = match proof {
        Proof::Token => setup::routes(),
        Proof::Session => Router::new(),
    };
    Router::new()
        .route("/boards/{board}", get(view::board))
        .route("/boards/{board}/badges", get(view::badges))
        .route("/boards/{board}/figures", get(view::figures))
        .route("/boards/{board}/report", get(paper::report))
        .route("/boards/{board}/live", get(live::news))
        .route("/boards/{board}/decisions/{id}", get(view::decision))
        .route("/boards/{board}/cards/{card}", get(view::card))
        .route("/boards/{board}/cards/{card}/dossier", get(paper::dossier))
        .route("/boards/{board}/cards/{card}/acts", post(act::ask))
        .merge(setup)
        .route("/{*other}", get(nothing).post(nothing))
        .layer(Extension(proof))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(axum::middleware::map_response(bare))
}

/// For each person, what is looked at and what is asked to be done.
pub(super) fn pace() -> Pace<(MemberId, bool)> {
    Pace::within(who::WITHIN)
}

async fn nothing(reader: Reader) -> ApiError {
    reader.error("no_such")
}

/// What is told here is one person's, of this moment.
async fn bare(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
