//! A card's page by itself, for phones: Power-Ups do not run in Trello's apps, so comments lead here.
//! It is known who looks by a session of our own, which counts here alone; the page and what it asks
//! are those of the Power-Up. Nothing is shown and nothing is done here that could not be there.

mod page;
mod session;
mod sign_in;
mod signed;

use super::Doors;
use super::api::{self, Pace, Proof};
use crate::trello::Guests;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};
use secrecy::SecretString;
use signed::Seal;
use std::net::IpAddr;
use std::sync::Arc;
use url::{Host, Url};

/// Pages that are served here alone.
pub(super) const OWN: [&str; 2] = ["sign-in.html", "signed-in.html"];
/// A token and a state.
const BODY_BYTES: usize = 4 << 10;

/// The pages of cards outside of Trello, and who is signed in there.
pub struct Phone {
    guests: Guests,
    sessions: Seal,
    states: Seal,
    /// Of one address, and of all together.
    pace: Pace<Option<IpAddr>>,
    /// The cookies go by TLS alone.
    secure: bool,
}

impl Phone {
    /// None without a secret to sign with: the first of them is the newest.
    pub fn new(guests: Guests, public_url: &Url, secrets: &[SecretString]) -> Option<Self> {
        Some(Self {
            guests,
            sessions: Seal::new(secrets, "session")?,
            states: Seal::new(secrets, "sign-in")?,
            pace: Pace::within(sign_in::WITHIN),
            secure: !(public_url.scheme() == "http" && is_loopback(public_url)),
        })
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn of(doors: &Doors) -> Option<Arc<Phone>> {
    doors.0.powerup.as_ref()?.phone.clone()
}

pub(super) fn routes() -> Router<Doors> {
    Router::new()
        .route("/c/{board}/{card}", get(page::card))
        .route("/c/{board}/{card}/file", get(page::file))
        .route("/c/signed-in", get(page::signed_in))
        .route("/c/session", post(sign_in::sign_in))
        .route("/c/session/end", post(sign_in::sign_out))
        .route("/c/{other}", get(page::nothing))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .nest("/c/api", api::routes(Proof::Session))
}

/// Every answer below `/c`, whoever gives it: kept by nobody, shown in no frame, and its address is
/// told to nobody.
pub(super) async fn guarded(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ours = path == "/c" || path.starts_with("/c/");
    let mut response = next.run(request).await;
    if ours {
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(NOTHING);
    }
    response
}

const NOTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::VARY, "Cookie, Accept-Language"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];
