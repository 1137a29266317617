//! The Power-Up's pages as they were built, with the headers that keep them to themselves. They hold
//! no secret: whatever they show they ask for with their reader's token.

use super::{Doors, phone};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use url::Url;

#[derive(RustEmbed)]
#[folder = "powerup/dist"]
#[allow_missing = true]
pub(super) struct Built;

/// In a page's text they stand for the client library's address and the host page's origin.
pub(super) const CLIENT: &str = "%CLIENT%";
const HOST: &str = "%HOST%";

pub(super) async fn page(State(doors): State<Doors>, Path(path): Path<String>) -> Response {
    let Some(powerup) = doors.0.powerup.as_ref() else {
        let text = "The Power-Up is not set up: set POWERUP_ID.\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let Some(found) = Built::get(&path).filter(|_| !phone::OWN.contains(&path.as_str())) else {
        return missing();
    };
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::from_str(found.metadata.mimetype());
    headers.extend(kind.map(|kind| (header::CONTENT_TYPE, kind)));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if !path.ends_with(".html") {
        // Their names change with what is in them.
        let kept = match path.starts_with("assets/") {
            true => "public, max-age=31536000, immutable",
            false => "public, max-age=3600",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        return (headers, found.data.into_owned()).into_response();
    }
    let host = origin(&powerup.host);
    let text = String::from_utf8_lossy(&found.data);
    let text = text
        .replace(CLIENT, powerup.client.as_str())
        .replace(HOST, &host);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // What is behind the # of a page's address is its reader's.
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    let policy = HeaderValue::from_str(&policy(&origin(&powerup.client), &host));
    headers.extend(policy.map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    (headers, text).into_response()
}

pub(super) fn missing() -> Response {
    let text = match Built::iter().next() {
        None => "The pages are not built in: `make pages` builds them, then build again.\n",
        Some(_) => "There is no such page.\n",
    };
    (StatusCode::NOT_FOUND, text).into_response()
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn policy(client: &str, host: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' {client}; style-src 'self' {client}; \
         img-src 'self' https: data:; connect-src 'self'; font-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors {host}"
    )
}
