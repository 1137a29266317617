//! Ways to reach a person or a stream: e-mail, phone, address on the net.

use super::Judged;
use crate::process::facts::{Problem, Value};
use crate::process::rules::Language;
use crate::process::text::{is_blank, is_dash};

/// The longest e-mail address (RFC 5321) and the longest address on the net that is read at all.
const EMAIL_BYTES: usize = 254;
const URL_BYTES: usize = 2048;

pub(super) fn email(typed: &str) -> Judged {
    let address = typed.strip_prefix("mailto:").unwrap_or(typed);
    let good = address.len() <= EMAIL_BYTES
        && address
            .split_once('@')
            .is_some_and(|(local, domain)| is_local(local, domain) && is_domain(domain));
    if good {
        Ok(Value::Text(address.to_owned()))
    } else {
        Err(Problem::NotAnEmail)
    }
}

/// Letters beside ASCII are right only before a domain that has them too: elsewhere they are a
/// Russian «а» in a Latin address, which no eye sees.
fn is_local(local: &str, domain: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || !domain.is_ascii() && c.is_alphanumeric();
    local.len() <= 64
        && local
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|c| letter(c) || is_atom(c)))
}

fn is_atom(c: char) -> bool {
    "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let top = labels.last().copied().unwrap_or_default();
    labels.len() >= 2
        && labels.iter().all(|label| is_domain_label(label))
        && top.chars().count() >= 2
        && (top.chars().all(char::is_alphabetic) || top.starts_with("xn--"))
}

fn is_domain_label(label: &str) -> bool {
    let letters = |ascii| {
        label
            .chars()
            .any(|c| c.is_alphabetic() && c.is_ascii() == ascii)
    };
    let mixed = letters(true) && letters(false);
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        && !mixed
}

/// E.164. An extension stays in what was typed and out of the value.
pub(super) fn phone(typed: &str, language: Language) -> Judged {
    let typed = typed.strip_prefix("tel:").unwrap_or(typed);
    let number = before_extension(typed);
    // The (0) of "+44 (0)20" is dialled only at home.
    let abroad = number
        .starts_with('+')
        .then(|| number.replacen("(0)", "", 1));
    let number = abroad.as_deref().unwrap_or(number);
    let (plus, digits) = digits(number).ok_or(Problem::NotAPhone)?;
    let international = match digits.strip_prefix("00") {
        Some(rest) if !plus => Some(rest.to_owned()),
        _ if plus => Some(digits),
        _ if language == Language::Ru => russian(&digits),
        _ => None,
    };
    let good = international.filter(|digits| {
        let length = if digits.starts_with('7') {
            11..=11
        } else {
            8..=15
        };
        !digits.starts_with('0') && length.contains(&digits.len())
    });
    match good {
        Some(digits) => Ok(Value::Phone(format!("+{digits}"))),
        None => Err(Problem::NotAPhone),
    }
}

fn before_extension(typed: &str) -> &str {
    let words = ["доб", "вн", "ext", "Доб", "Вн", "Ext", "ДОБ", "#"];
    let ends = words.iter().filter_map(|word| typed.find(word));
    let end = ends.min().unwrap_or(typed.len());
    typed[..end].trim_end_matches(|c| is_blank(c) || matches!(c, ',' | ';' | '('))
}

/// Whether there is a plus, and the digits; none if anything else stands between them.
fn digits(number: &str) -> Option<(bool, String)> {
    let rest = number.strip_prefix('+');
    let (plus, rest) = (rest.is_some(), rest.unwrap_or(number));
    let known = |c| is_blank(c) || is_dash(c) || matches!(c, '(' | ')' | '.' | '0'..='9');
    let digits = || rest.chars().filter(char::is_ascii_digit).collect();
    rest.chars().all(known).then(|| (plus, digits()))
}

/// `8 (495) 000-00-11`, `7 495…`, `495…`. Ten digits that begin with 8 may as well be a number that
/// lost its last one.
fn russian(digits: &str) -> Option<String> {
    let national = match digits.len() {
        11 => digits.strip_prefix(['7', '8'])?,
        10 if digits.starts_with(['3', '4', '9']) => digits,
        _ => return None,
    };
    Some(format!("7{national}"))
}

/// The address as typed. Whoever may see the card would see a name and a password in it.
pub(super) fn url(typed: &str, schemes: &[String]) -> Judged {
    let wrong = || {
        let schemes = if schemes.is_empty() {
            vec!["https".to_owned(), "http".to_owned()]
        } else {
            schemes.to_vec()
        };
        Problem::NotAUrl { schemes }
    };
    if hides_secret(typed) {
        return Err(Problem::SecretInUrl);
    }
    if typed.len() > URL_BYTES || typed.contains(is_blank) {
        return Err(wrong());
    }
    let url = url::Url::parse(typed).map_err(|_| wrong())?;
    let allowed = if schemes.is_empty() {
        matches!(url.scheme(), "http" | "https")
    } else {
        let of = |scheme: &String| scheme.eq_ignore_ascii_case(url.scheme());
        schemes.iter().any(of)
    };
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    if allowed && has_host && typed.contains("://") {
        Ok(Value::Text(typed.to_owned()))
    } else {
        Err(wrong())
    }
}

/// Before the address is read at all: one that is otherwise wrong hides its secret as well.
fn hides_secret(typed: &str) -> bool {
    let after_scheme = typed.split_once("//").map_or(typed, |(_, rest)| rest);
    let host = after_scheme
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::Language::{En, Ru};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn emails() {
        for typed in [
            "air@kefir.example",
            "mailto:air@kefir.example",
            "first.last+radio@mail.kefir.example",
            "a_b@xn--80ak6aa92e.xn--p1ai",
            "эфир@кефир.рф",
            "info@кефир.рф",
        ] {
            let want = typed.trim_start_matches("mailto:").to_owned();
            assert_eq!(email(typed), Ok(Value::Text(want)));
        }
        for typed in [
            "air",
            "air@kefir",
            "@kefir.example",
            "air@@kefir.example",
            "a@x.example, b@x.example",
            "a b@x.example",
            "аir@kefir.example",
            "air@кefir.example",
            "air.@kefir.example",
            "air@-kefir.example",
            "air@kefir.e1",
            "air@kefir..example",
            "Тимофей <air@kefir.example>",
        ] {
            assert_eq!(email(typed), Err(Problem::NotAnEmail), "{typed}");
        }
    }

    #[test]
    fn phones() {
        for (typed, language) in [
            ("+7 495 000-00-11", En),
            ("8 (495) 000-00-11", Ru),
            ("84950000011", Ru),
            ("7 495 000 00 11", Ru),
            ("495 000-00-11", Ru),
            ("+7(495)000–00–11 доб. 12", Ru),
            ("+7 495 000-00-11, доб 12", Ru),
            ("+7 495 000-00-11 ext. 12", En),
            ("+7 495 000-00-11 #12", En),
            ("007 495 000 00 11", En),
            ("tel:+74950000011", Ru),
        ] {
            let want = Value::Phone("+74950000011".to_owned());
            assert_eq!(phone(typed, language), Ok(want), "{typed}");
        }
        let london = Value::Phone("+442000000011".to_owned());
        assert_eq!(phone("+44 (0)20 0000 0011", En), Ok(london));
        for (typed, language) in [
            ("000-00-11", Ru),
            ("8 495 000-00-1", Ru),
            ("8 495 000-00-11", En),
            ("+7 495 000-00-1", Ru),
            ("+7 495 000-00-11, +7 495 000-00-12", Ru),
            ("нет", Ru),
            ("+0 495 000 00 11", Ru),
            ("доб. 12", Ru),
        ] {
            assert_eq!(phone(typed, language), Err(Problem::NotAPhone), "{typed}");
        }
    }

    #[test]
    fn addresses() {
        let rtmp = ["rtmp".to_owned(), "https".to_owned()];
        for (typed, schemes) in [
            ("https://studio.kefir.example:8443/live", &[][..]),
            ("http://кефир.рф/", &[]),
            ("https://play.ether.example/a.m3u8?x=1@2", &[]),
            ("RTMP://live.kefir.example/app", &rtmp),
        ] {
            assert_eq!(url(typed, schemes), Ok(Value::Text(typed.to_owned())));
        }
        for (typed, schemes) in [
            ("play.ether.example/kefir", &[][..]),
            ("ftp://play.ether.example", &[]),
            ("http://play.ether.example", &rtmp),
            ("https://", &[]),
            ("https://a.example, https://b.example", &[]),
            ("javascript:alert(1)", &[]),
            ("https:play.example", &[]),
        ] {
            let read = url(typed, schemes);
            assert!(matches!(read, Err(Problem::NotAUrl { .. })), "{typed}");
        }
        for typed in [
            "https://air:secret@kefir.example/live",
            "rtmp://air@kefir.example",
            "source:secret@kefir.example:8000",
            "ftp://air:secret@kefir.example",
        ] {
            assert_eq!(url(typed, &[]), Err(Problem::SecretInUrl), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_phone_is_e164(typed in "[+8]?[0-9 ()-]{8,16}") {
            if let Ok(Value::Phone(phone)) = phone(&typed, Ru) {
                prop_assert!(phone.starts_with('+') && (9..=16).contains(&phone.len()));
                prop_assert!(phone[1..].bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
        #[test]
        fn nothing_typed_breaks_it(typed in "\\PC{0,30}") {
            let _ = (email(&typed), phone(&typed, Ru), url(&typed, &[]));
        }
    }
}
