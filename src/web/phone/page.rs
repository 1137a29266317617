//! The pages themselves, as they were built: the card's without anything of Trello's, and the two of
//! signing in. They hold no secret, no name and nothing of the card.

use super::{OWN, Phone};
use crate::process::Language;
use crate::web::Doors;
use crate::web::api::{Reader, is_id};
use crate::web::pages::{Built, CLIENT, missing};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

const CARD: &str = "card.html";
const FILE: &str = "paper.html";
/// Faces are Trello's.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; \
     connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

fn path(board: &str, card: &str) -> String {
    format!("/c/{board}/{card}")
}

/// Where a sign-in may lead back to: the page of a card, and nowhere else.
pub(super) fn is_own(path: &str) -> bool {
    let ids = path.strip_prefix("/c/").and_then(|ids| ids.split_once('/'));
    ids.is_some_and(|(board, card)| is_id(board) && is_id(card))
}

/// The phone's door and the way to a card's page, where there are such.
fn page_of(
    doors: &Doors,
    reader: Reader,
    board: &str,
    card: &str,
) -> Result<(Arc<Phone>, String), Box<Response>> {
    let none = |code| Box::new(sentence(reader, StatusCode::NOT_FOUND, code));
    let phone = super::of(doors).ok_or_else(|| none("no_phone"))?;
    let here = path(board, card);
    match is_own(&here) {
        true => Ok((phone, here)),
        false => Err(none("no_such")),
    }
}

/// What a page of a card's is told of itself.
fn told<'t>(board: &'t str, card: &'t str, here: &'t str) -> [(&'t str, &'t str); 3] {
    [("board", board), ("card", card), ("sign-in", here)]
}

pub(super) async fn card(
    State(doors): State<Doors>,
    reader: Reader,
    Path((board, card)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (phone, here) = match page_of(&doors, reader, &board, &card) {
        Ok(found) => found,
        Err(none) => return *none,
    };
    let now = (doors.0.clock)();
    if phone.session(&headers, now).is_some() {
        return built(CARD, reader, &told(&board, &card, &here));
    }
    let back = doors.0.public_url.as_str().trim_end_matches('/');
    let authorize = phone.guests.authorize(&format!("{back}/c/signed-in"));
    let Some(begun) = phone.begin(&here, &headers, now) else {
        return sentence(reader, StatusCode::SERVICE_UNAVAILABLE, "busy");
    };
    let told = [
        ("authorize", authorize.as_str()),
        ("state", &begun.state),
        ("back", &here),
    ];
    let mut page = built(OWN[0], reader, &told);
    page.headers_mut().append(header::SET_COOKIE, begun.cookie);
    page
}

/// The client's file, to be printed from here. Whoever is not signed in is led to the card, where that is
/// done.
pub(super) async fn file(
    State(doors): State<Doors>,
    reader: Reader,
    Path((board, card)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (phone, here) = match page_of(&doors, reader, &board, &card) {
        Ok(found) => found,
        Err(none) => return *none,
    };
    let now = (doors.0.clock)();
    if phone.session(&headers, now).is_none() {
        return Redirect::to(&here).into_response();
    }
    built(FILE, reader, &told(&board, &card, &here))
}

pub(super) async fn signed_in(State(doors): State<Doors>, reader: Reader) -> Response {
    match super::of(&doors) {
        Some(_) => built(OWN[1], reader, &[]),
        None => sentence(reader, StatusCode::NOT_FOUND, "no_phone"),
    }
}

pub(super) async fn nothing(reader: Reader) -> Response {
    sentence(reader, StatusCode::NOT_FOUND, "no_such")
}

fn sentence(reader: Reader, status: StatusCode, code: &'static str) -> Response {
    let say = crate::process::words::page_trouble_in(reader.0, code);
    (status, format!("{say}\n")).into_response()
}

fn built(name: &str, reader: Reader, told: &[(&str, &str)]) -> Response {
    let Some(found) = Built::get(name) else {
        return missing();
    };
    let text = String::from_utf8_lossy(&found.data);
    let Some(text) = plain(&text, reader.0, told) else {
        return missing();
    };
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, text).into_response()
}

/// With what the page is told on its first element, and without Trello's client script.
fn plain(text: &str, language: Language, told: &[(&str, &str)]) -> Option<String> {
    let (before, rest) = text.split_once("<html")?;
    let (_, rest) = rest.split_once('>')?;
    let lang = match language {
        Language::Ru => "ru",
        Language::En => "en",
    };
    let told = told.iter();
    let told = told.map(|(name, value)| format!(" data-{name}=\"{}\"", escaped(value)));
    let told: String = told.collect();
    let rest = rest.lines().filter(|line| !line.contains(CLIENT));
    let rest: Vec<_> = rest.collect();
    let rest = rest.join("\n");
    Some(format!(
        "{before}<html lang=\"{lang}\" data-plain{told}>{rest}\n"
    ))
}

fn escaped(value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('"', "&quot;");
    value.replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_by_itself_has_its_own_first_element_and_no_client_script() {
        let page = "<!doctype html>\n<html lang=\"en\" data-host=\"%HOST%\">\n<body>\n<script src=\"%CLIENT%\"></script>\n</body>\n</html>\n";
        let told = [("board", "b\"<1>&"), ("card", "c")];
        assert_eq!(
            plain(page, Language::Ru, &told).unwrap(),
            "<!doctype html>\n<html lang=\"ru\" data-plain data-board=\"b&quot;&lt;1&gt;&amp;\" data-card=\"c\">\n<body>\n</body>\n</html>\n"
        );
        assert_eq!(plain("nothing", Language::En, &[]), None);
    }

    #[test]
    fn a_sign_in_leads_back_to_a_card_and_nowhere_else() {
        let id = "5f00000000000000000000aa";
        assert!(is_own(&format!("/c/{id}/{id}")));
        for path in [
            format!("/c/{id}/{id}/"),
            format!("/c/{id}/{id}?x"),
            format!("//elsewhere.example/c/{id}/{id}"),
            format!("https://elsewhere.example/c/{id}/{id}"),
            format!("/c/../{id}"),
            format!("/c/{id}"),
            format!("/c/{}/{id}", id.to_uppercase()),
            "/c/signed-in".to_owned(),
            String::new(),
        ] {
            assert!(!is_own(&path), "{path}");
        }
    }
}
