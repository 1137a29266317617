//! The link by which a person opens a chat with the bot: who it is for and how long it is good are in
//! it, signed by what only the service knows. Telegram takes 64 letters, digits, - and _ there.

use crate::model::{BoardId, MemberId, hex};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// How long a link is good.
pub const GOOD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
const ID_BYTES: usize = 12;
const TOLD_BYTES: usize = 2 * ID_BYTES + 4;
const SIGNED_BYTES: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invited {
    Good { board: BoardId, member: MemberId },
    Stale,
    Foreign,
}

/// `secret`: the bot's token, from which the key is made. None where an id is none of Trello's.
pub fn code(
    secret: &SecretString,
    board: &BoardId,
    member: &MemberId,
    now: Timestamp,
) -> Option<String> {
    let ends = now.saturating_add(GOOD_FOR).ok()?.as_second();
    let mut told = Vec::with_capacity(TOLD_BYTES + SIGNED_BYTES);
    told.extend(bytes(board.as_str())?);
    told.extend(bytes(member.as_str())?);
    told.extend(u32::try_from(ends).ok()?.to_be_bytes());
    let signed = signed(secret, &told)?.finalize().into_bytes();
    told.extend(&signed[..SIGNED_BYTES]);
    Some(URL_SAFE_NO_PAD.encode(told))
}

pub fn read(secret: &SecretString, code: &str, now: Timestamp) -> Invited {
    let whole = URL_SAFE_NO_PAD.decode(code).unwrap_or_default();
    let Some((told, given)) = whole.split_at_checked(TOLD_BYTES) else {
        return Invited::Foreign;
    };
    let ours = given.len() == SIGNED_BYTES
        && signed(secret, told).is_some_and(|mac| mac.verify_truncated_left(given).is_ok());
    let ends = told.last_chunk().map(|ends| u32::from_be_bytes(*ends));
    let Some(ends) = ends.filter(|_| ours) else {
        return Invited::Foreign;
    };
    if now.as_second() > i64::from(ends) {
        return Invited::Stale;
    }
    Invited::Good {
        board: BoardId::new(hex(&told[..ID_BYTES])),
        member: MemberId::new(hex(&told[ID_BYTES..2 * ID_BYTES])),
    }
}

/// A key for this use alone: what is signed by it is worth nothing elsewhere.
fn signed(secret: &SecretString, told: &[u8]) -> Option<Hmac<Sha256>> {
    let mut key = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    key.update(b"signalman: a link that opens a chat");
    let key = key.finalize().into_bytes();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(told);
    Some(mac)
}

fn bytes(id: &str) -> Option<[u8; ID_BYTES]> {
    let mut bytes = [0; ID_BYTES];
    let plain = id.len() == 2 * ID_BYTES && id.is_ascii();
    for (nth, byte) in bytes.iter_mut().enumerate().filter(|_| plain) {
        *byte = u8::from_str_radix(&id[2 * nth..2 * nth + 2], 16).ok()?;
    }
    plain.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOARD: &str = "5b0000000000000000000001";
    const MARIA: &str = "5b00000000000000000000a1";

    fn link(secret: &str) -> String {
        let secret = SecretString::from(secret);
        code(&secret, &BOARD.into(), &MARIA.into(), Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_link_is_its_persons_for_a_week_and_nobody_elses() {
        let (secret, code) = (SecretString::from("1:a"), link("1:a"));
        let fits = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
        assert!(code.len() <= 64 && code.chars().all(fits), "{code}");
        let good = Invited::Good {
            board: BOARD.into(),
            member: MARIA.into(),
        };
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(read(&secret, &code, now), good);
        assert_eq!(read(&secret, &code, now + GOOD_FOR), good);
        let after = now + GOOD_FOR + SignedDuration::from_secs(1);
        assert_eq!(read(&secret, &code, after), Invited::Stale);
        assert_eq!(
            read(&SecretString::from("1:b"), &code, now),
            Invited::Foreign
        );
    }

    #[test]
    fn a_link_with_a_letter_changed_is_foreign() {
        let (secret, code) = (SecretString::from("1:a"), link("1:a"));
        for nth in 0..code.len() {
            let mut other: Vec<u8> = code.bytes().collect();
            other[nth] = if other[nth] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            let now = Timestamp::UNIX_EPOCH;
            assert_eq!(read(&secret, &other, now), Invited::Foreign, "{other}");
        }
        for none in ["", "привет", &code[..40], &format!("{code}AAAA")] {
            assert_eq!(read(&secret, none, Timestamp::UNIX_EPOCH), Invited::Foreign);
        }
    }
}
