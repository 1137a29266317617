//! Our own session of somebody who signed in: who it is, since when and until when, signed. It counts
//! for a card's page by itself and what that asks, and for nothing else; whether the person is on the
//! board is asked at each request.

use super::{Phone, signed::Seal};
use crate::model::MemberId;
use crate::web::api::{Proven, is_id};
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::{SignedDuration, Timestamp};

const COOKIE: &str = "signalman";
const LIVES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Machines that share the boards may differ by so much.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// A stream of news is opened again after this time, and then the board is asked again.
const STREAMS: SignedDuration = SignedDuration::from_mins(15);
/// Of one name: other paths of this host may have set some too.
const MOST_COOKIES: usize = 8;

impl Phone {
    /// Whose request it is, and that a page of ours made it: a page of somebody else's can send a
    /// cookie along, but no header of this name.
    pub(in crate::web) fn proven(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Proven, &'static str> {
        if !own(headers) {
            return Err("not_ours");
        }
        let (member, end) = self.session(headers, now).ok_or("no_session")?;
        Ok(Proven {
            member,
            board: None,
            until: end.min(now + STREAMS),
        })
    }

    /// Who is signed in, and until when.
    pub(super) fn session(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Option<(MemberId, Timestamp)> {
        cookies(headers, COOKIE).find_map(|value| opened(&self.sessions, value, now))
    }

    pub(super) fn session_begun(&self, member: &MemberId, now: Timestamp) -> Option<HeaderValue> {
        let end = now.saturating_add(LIVES).ok()?;
        let text = format!("{member}.{}.{}", now.as_second(), end.as_second());
        self.cookie(COOKIE, &self.sessions.sign(&text), LIVES)
    }

    pub(super) fn session_ended(&self) -> Option<HeaderValue> {
        self.cookie(COOKIE, "", SignedDuration::ZERO)
    }

    /// No script reads it, and no page elsewhere makes a browser send it but by a plain link.
    pub(super) fn cookie(
        &self,
        name: &str,
        value: &str,
        lives: SignedDuration,
    ) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let seconds = lives.as_secs();
        let text =
            format!("{name}={value}; Path=/c; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::try_from(text).ok()
    }
}

fn opened(sessions: &Seal, value: &str, now: Timestamp) -> Option<(MemberId, Timestamp)> {
    let text = sessions.open(value)?;
    let mut parts = text.split('.');
    let member = parts.next().filter(|member| is_id(member))?;
    let mut instant = || Timestamp::from_second(parts.next()?.parse().ok()?).ok();
    let (begun, end) = (instant()?, instant()?);
    let whole = parts.next().is_none();
    let lasts = begun <= now + SKEW && now < end && end.duration_since(begun) <= LIVES;
    (whole && lasts).then(|| (member.into(), end))
}

/// Made by a script of a page of this origin.
pub(super) fn own(headers: &HeaderMap) -> bool {
    let marked = headers.get("x-signalman").is_some_and(|mark| mark == "1");
    // Older browsers do not tell.
    let site = headers.get("sec-fetch-site");
    marked && site.is_none_or(|site| site == "same-origin")
}

pub(super) fn cookies<'h>(
    headers: &'h HeaderMap,
    name: &'static str,
) -> impl Iterator<Item = &'h str> {
    let all = headers.get_all(header::COOKIE).into_iter();
    let all = all.filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|value| value.split(';'));
    let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    let own = pairs.filter(move |(one, _)| *one == name);
    own.map(|(_, value)| value).take(MOST_COOKIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "5f00000000000000000000aa";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_session_counts_from_its_beginning_to_its_end_and_is_no_longer_than_ours() {
        let seal = Seal::new(&["secret".into()], "session").unwrap();
        let week = LIVES.as_secs();
        let is = |text: String, now| opened(&seal, &seal.sign(&text), at(now)).is_some();
        assert!(is(format!("{ANNA}.1000.{}", 1000 + week), 1000));
        assert!(is(format!("{ANNA}.1000.{}", 1000 + week), 999 + week));
        assert!(!is(format!("{ANNA}.1000.{}", 1000 + week), 1000 + week));
        assert!(!is(format!("{ANNA}.1000.{}", 1000 + week), 900));
        assert!(!is(format!("{ANNA}.1000.{}", 1001 + week), 1000));
        assert!(!is(format!("{ANNA}.1000.2000.3000"), 1000));
        assert!(!is(format!("{ANNA}.1000"), 1000));
        assert!(!is("../boards.1000.2000".into(), 1000));
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        let told = HeaderValue::from_static("theme=dark; signalman=1.a;xsignalman=no; signalman=2");
        headers.append(header::COOKIE, told);
        headers.append(header::COOKIE, HeaderValue::from_static("signalman=3"));
        let found: Vec<_> = cookies(&headers, COOKIE).collect();
        assert_eq!(found, ["1.a", "2", "3"]);
    }
}
