//! What the Power-Up's pages ask of the service: JSON, to people of whom Trello says who they are and
//! of whom the board says what they may. A page is told everything that is on the card, and decides
//! nothing: what is asked for here is judged as if it had been done by hand.

mod act;
mod error;
mod live;
mod pace;
mod setup;
mod view;
mod who;

pub(super) use pace::Pace;
pub(super) use setup::Desk;
pub(super) use who::Keys;

use super::Doors;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use error::{ApiError, Reader};

/// A form with every field of a long process filled in.
const BODY_BYTES: usize = 64 << 10;

pub(super) fn routes() -> Router<Doors> {
    Router::new()
        .route("/api/boards/{board}", get(view::board))
        .route("/api/boards/{board}/badges", get(view::badges))
        .route("/api/boards/{board}/figures", get(view::figures))
        .route("/api/boards/{board}/live", get(live::news))
        .route("/api/boards/{board}/decisions/{id}", get(view::decision))
        .route("/api/boards/{board}/cards/{card}", get(view::card))
        .route("/api/boards/{board}/cards/{card}/acts", post(act::ask))
        .merge(setup::routes())
        .route("/api/{*other}", get(nothing).post(nothing))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(axum::middleware::map_response(bare))
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
