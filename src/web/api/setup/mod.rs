//! Setting a board up and its settings, as the Power-Up's pages ask for them: what stands on the board,
//! a process proposed, changed and previewed, put in force, paused. Everyone on the board may look and
//! try; a board admin saves. Here identity is looked after, and who waits for whom: what a file says is
//! `process::edit`'s business, what it comes to on a board is `attach`'s. The text of a file is never
//! logged. What the reader of files finds wrong with one is told in English, as it is on the command
//! line; every other sentence is in the language of whoever asks.

mod compose;
mod desk;
mod save;
mod show;
mod told;
mod who;

pub(in crate::web) use desk::Desk;

use crate::web::Doors;
use axum::Router;
use axum::routing::{get, post};

pub(super) fn routes() -> Router<Doors> {
    Router::new()
        .route("/boards/{board}/setup", get(show::setup))
        .route(
            "/boards/{board}/setup/versions/{version}",
            get(show::version),
        )
        .route("/boards/{board}/setup/propose", post(compose::propose))
        .route("/boards/{board}/setup/draft", post(compose::draft))
        .route("/boards/{board}/setup/change", post(compose::change))
        .route("/boards/{board}/setup/preview", post(compose::preview))
        .route("/boards/{board}/setup/activate", post(save::activate))
        .route("/boards/{board}/setup/state", post(save::state))
}
