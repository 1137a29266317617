//! Signing in by Trello: a token that may read and lives an hour is asked once whose it is, and taken
//! away; then the person has a session of ours. The token comes in a request's body, after the # of
//! an address no server sees, and is never kept, told or put into an address. A sign-in is ended where it was
//! begun: half of its state is in the page, half in a cookie that no script reads.

use super::session::{cookies, own};
use super::{Phone, page};
use crate::model::{MemberId, hex};
use crate::trello::Failure;
use crate::web::Doors;
use crate::web::api::{ApiError, Reader};
use crate::web::connections::Peer;
use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::sync::Arc;

/// A sign-in takes no longer, a forgotten password included.
const LASTS: SignedDuration = SignedDuration::from_mins(15);
const COOKIE: &str = "signalman-sign-in";
const NONCE_BYTES: usize = 16;

/// Sign-ins within a minute: from one address, behind which may be a whole office; and from all, for
/// Trello counts them with everything else that the application asks.
pub(super) const WITHIN: SignedDuration = SignedDuration::from_mins(1);
const MOST_FROM_ONE: u32 = 20;
const MOST_FROM_ALL: u32 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brought {
    token: String,
    state: String,
}

/// What a page needs to begin.
pub(super) struct Begun {
    pub(super) state: String,
    pub(super) cookie: HeaderValue,
}

impl Phone {
    /// The state of a sign-in that leads back to this path. One that another window has begun goes on.
    pub(super) fn begin(&self, path: &str, headers: &HeaderMap, now: Timestamp) -> Option<Begun> {
        let known = cookies(headers, COOKIE).find(|nonce| is_nonce(nonce));
        let nonce = match known {
            Some(nonce) => nonce.to_owned(),
            None => {
                let mut bytes = [0; NONCE_BYTES];
                getrandom::fill(&mut bytes).ok()?;
                hex(&bytes)
            }
        };
        let end = now.saturating_add(LASTS).ok()?.as_second();
        let state = self.states.sign(&format!("{path}.{end}.{}", half(&nonce)));
        let cookie = self.cookie(COOKIE, &nonce, LASTS)?;
        Some(Begun { state, cookie })
    }

    /// Where the sign-in that was begun in this browser leads back to.
    fn back<'s>(&self, state: &'s str, headers: &HeaderMap, now: Timestamp) -> Option<&'s str> {
        let mut parts = self.states.open(state)?.split('.');
        let (path, end, wanted) = (parts.next()?, parts.next()?, parts.next()?);
        let end = Timestamp::from_second(end.parse().ok()?).ok()?;
        let mut nonces = cookies(headers, COOKIE).filter(|nonce| is_nonce(nonce));
        let here = nonces.any(|nonce| half(nonce) == wanted);
        (here && now < end && page::is_own(path)).then_some(path)
    }

    fn may(&self, address: IpAddr, now: Timestamp) -> bool {
        self.pace.may(&Some(address), MOST_FROM_ONE, now)
            && self.pace.may(&None, MOST_FROM_ALL, now)
    }
}

fn is_nonce(text: &str) -> bool {
    text.len() == 2 * NONCE_BYTES && text.bytes().all(|sign| sign.is_ascii_hexdigit())
}

/// What of the cookie's half may be shown.
fn half(nonce: &str) -> String {
    hex(&Sha256::digest(nonce)[..NONCE_BYTES])
}

pub(super) async fn sign_in(
    State(doors): State<Doors>,
    reader: Reader,
    headers: HeaderMap,
    peer: Option<Extension<Peer>>,
    body: Result<Json<Brought>, JsonRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let no = |code| reader.error(code);
    let phone = super::of(&doors).ok_or_else(|| no("no_phone"))?;
    if !own(&headers) {
        return Err(no("not_ours"));
    }
    let Json(brought) = body.map_err(|refused| reader.body(&refused))?;
    let now = (doors.0.clock)();
    let back = phone.back(&brought.state, &headers, now);
    let back = back.ok_or_else(|| no("bad_state"))?;
    if !phone.may(address(&headers, peer), now) {
        return Err(no("too_many"));
    }
    let member = who(&phone, brought.token.into()).await;
    let member = member.map_err(|failure| reader.not_seen(failure.into()))?;
    let member = member.ok_or_else(|| no("bad_sign_in"))?;
    let begun = phone.session_begun(&member, now);
    let over = phone.cookie(COOKIE, "", SignedDuration::ZERO);
    let cookies = begun.zip(over).ok_or_else(|| no("busy"))?;
    let cookies = [cookies.0, cookies.1].map(|cookie| (header::SET_COOKIE, cookie));
    let told: Json<Value> = Json(json!({ "go": back }));
    Ok((AppendHeaders(cookies), told))
}

/// To its end, also where nobody waits for it any more: the token must go.
async fn who(phone: &Arc<Phone>, token: SecretString) -> Result<Option<MemberId>, Failure> {
    let phone = Arc::clone(phone);
    let asked = tokio::spawn(async move { phone.guests.who(&token).await });
    asked.await.unwrap_or_else(|_| {
        Err(Failure::Unknown {
            why: "asking was broken off".into(),
        })
    })
}

pub(super) async fn sign_out(
    State(doors): State<Doors>,
    reader: Reader,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let phone = super::of(&doors).ok_or_else(|| reader.error("no_phone"))?;
    if !own(&headers) {
        return Err(reader.error("not_ours"));
    }
    let ended = phone.session_ended().ok_or_else(|| reader.error("busy"))?;
    let ended = AppendHeaders([(header::SET_COOKIE, ended)]);
    Ok((StatusCode::NO_CONTENT, ended))
}

/// Whoever asks; behind a proxy of our own, whom that names last. What it names before that, anybody
/// may have written. Of IPv6, the network: its holder has all of its addresses.
fn address(headers: &HeaderMap, peer: Option<Extension<Peer>>) -> IpAddr {
    let unknown = IpAddr::from([0; 4]);
    let peer = peer.map_or(unknown, |Extension(Peer(peer))| peer.to_canonical());
    let near = match peer {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    let told = headers.get_all("x-forwarded-for").into_iter().next_back();
    let told = told.and_then(|value| value.to_str().ok()).filter(|_| near);
    let told = told.and_then(|value| value.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    match told.map_or(peer, |told| told.to_canonical()) {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, told: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for told in told {
            headers.append("x-forwarded-for", HeaderValue::from_static(told));
        }
        let peer = Extension(Peer(peer.parse().unwrap()));
        address(&headers, Some(peer)).to_string()
    }

    #[test]
    fn an_address_is_a_proxys_last_word_and_a_strangers_word_is_nothing() {
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(seen("172.17.0.2", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            seen("::ffff:127.0.0.1", &["1.1.1.1, 198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(
            seen("127.0.0.1", &["1.1.1.1", "198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(seen("127.0.0.1", &["somebody"]), "127.0.0.1");
        assert_eq!(seen("2001:db8:1:2:3::4", &[]), "2001:db8:1:2::");
    }
}
