//! Ways to a person besides the card: where they are, and who has chosen which.

use super::letters::instead;
use super::place::Place;
use super::raw::{RawReach, RawWay};
use super::resolve::Resolver;
use super::values::LOST;
use crate::process::checks;
use crate::process::notify::{Reach, To, Way, WayKind};
use url::{Host, Url};

/// Only what is meant for messages: a file must not send off another secret of the service.
const SECRET: &str = "NOTIFY_";

pub(super) fn way(resolver: &mut Resolver<'_>, raw: &RawWay, nth: usize) -> Way {
    let place = Place::item("way", nth);
    key(resolver, raw, nth, &place);
    address(resolver, raw, &place);
    of_kind(resolver, raw, &place);
    variable(resolver, raw.secret_in.as_deref(), &place.key("secret_in"));
    Way {
        key: raw.key.clone(),
        kind: raw.kind,
        url: raw.url.clone(),
        from: raw.from.clone(),
        user: raw.user.clone(),
        secret_in: raw.secret_in.clone(),
        allow_private: raw.allow_private,
    }
}

fn key(resolver: &mut Resolver<'_>, raw: &RawWay, nth: usize, place: &Place) {
    if raw.key == LOST {
        return;
    }
    let place = place.key("key");
    let mut above = resolver.raw.way.iter().take(nth);
    if above.any(|other| other.key == raw.key) {
        let what = format!("there is another way `{}` above", raw.key);
        resolver.error(&place, what, "give each a key of its own");
    }
    let plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
    if raw.key.is_empty() || !raw.key.chars().all(plain) {
        let what = format!("`{}` is no key of a way", raw.key);
        resolver.error(&place, what, "write it in small letters, digits and _");
    }
}

/// How the addresses of a kind begin; none: it has no address.
fn schemes(kind: WayKind) -> &'static [&'static str] {
    match kind {
        WayKind::Smtp => &["smtps", "smtp"],
        WayKind::Telegram | WayKind::Matrix => &["https", "http"],
        WayKind::Webhook => &[],
    }
}

fn address(resolver: &mut Resolver<'_>, raw: &RawWay, section: &Place) {
    let place = section.key("url");
    let Some(text) = raw.url.as_deref().filter(|url| *url != LOST) else {
        return;
    };
    let schemes = schemes(raw.kind);
    if schemes.is_empty() {
        let what = "a webhook's address is a secret: whoever knows it can write there";
        let mend = "take `url` out, and name the environment variable that holds it as `secret_in`";
        // At the section's head, so that the line is not shown about.
        return resolver.error(section, what, mend);
    }
    let url = Url::parse(text).ok();
    let url = url.filter(|url| schemes.contains(&url.scheme()) && url.host().is_some());
    let Some(url) = url else {
        let what = format!("`{text}` is no address for {}", raw.kind.word());
        let begins: Vec<_> = schemes.iter().map(|one| format!("`{one}://`")).collect();
        let mend = format!("write it with {} in front", begins.join(" or "));
        return resolver.error(&place, what, mend);
    };
    if !url.username().is_empty() || url.password().is_some() {
        let mend = "name the environment variable that holds the password as `secret_in`";
        resolver.error(section, "a login stands in the address", mend);
    } else if url.scheme() == "http" && !is_here(&url) {
        let what = "what is sent there could be read on the way";
        resolver.error(&place, what, "write https://");
    }
}

/// On this very machine nobody reads along.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn of_kind(resolver: &mut Resolver<'_>, raw: &RawWay, place: &Place) {
    let kind = raw.kind;
    let smtp = kind == WayKind::Smtp;
    let given = [
        ("url", raw.url.is_some(), smtp || kind == WayKind::Matrix),
        ("from", raw.from.is_some(), smtp),
        ("secret_in", raw.secret_in.is_some(), !smtp),
    ];
    for (key, _, _) in given
        .into_iter()
        .filter(|(_, given, needed)| *needed && !given)
    {
        let what = format!("{} cannot do without `{key}`", kind.word());
        let mend = match key {
            "url" if smtp => "add `url = \"smtps://…\"`",
            "url" => "add `url = \"https://…\"`, the home server",
            "from" => "add `from = \"…\"`, the address that it is sent from",
            _ => {
                "add `secret_in = \"NOTIFY_…\"`, the environment variable that holds its token or address"
            }
        };
        resolver.error(place, what, mend);
    }
    for (key, idle) in [("from", raw.from.is_some()), ("user", raw.user.is_some())] {
        if idle && !smtp {
            let what = format!("{} has no use for `{key}`", kind.word());
            resolver.error(&place.key(key), what, "take it out");
        }
    }
    if let Some(from) = raw.from.as_deref().filter(|from| smtp && *from != LOST) {
        mail(resolver, from, &place.key("from"));
    }
}

fn mail(resolver: &mut Resolver<'_>, address: &str, place: &Place) {
    if !checks::is_email(address) {
        let what = format!("`{address}` is no e-mail address");
        resolver.error(place, what, "write it as anna@mail.example");
    }
}

fn variable(resolver: &mut Resolver<'_>, name: Option<&str>, place: &Place) {
    let Some(name) = name.filter(|name| *name != LOST) else {
        return;
    };
    let plain = |one: char| one.is_ascii_uppercase() || one.is_ascii_digit() || one == '_';
    let rest = name.strip_prefix(SECRET).unwrap_or_default();
    if rest.is_empty() || !rest.chars().all(plain) {
        let what = "no variable for messages is named so";
        let mend = format!(
            "write the name of an environment variable that begins with {SECRET}, such as {SECRET}MAIL_PASSWORD"
        );
        resolver.error(place, what, mend);
    }
}

/// The ways of one person.
pub(super) fn reaches(
    resolver: &mut Resolver<'_>,
    raw: &[RawReach],
    digest: bool,
    place: &Place,
) -> Vec<Reach> {
    if digest && raw.is_empty() {
        let what = "there is no way to send this person the morning's message";
        let mend = "add `notify = [{ way = \"…\", to = \"…\" }]`, or take `digest` out";
        resolver.error(&place.key("digest"), what, mend);
    }
    let mut reaches: Vec<Reach> = Vec::new();
    for (nth, one) in raw.iter().enumerate() {
        let place = place.key("notify").nth(nth);
        if reaches.iter().any(|other| other.way == one.way) && one.way != LOST {
            let what = format!("the way `{}` is chosen twice", one.way);
            resolver.error(&place.key("way"), what, "take one of them out");
        }
        reaches.extend(reach(resolver, one, &place));
    }
    reaches
}

fn reach(resolver: &mut Resolver<'_>, raw: &RawReach, place: &Place) -> Option<Reach> {
    let file = resolver.raw;
    variable(resolver, raw.to_in.as_deref(), &place.key("to_in"));
    let Some(way) = file.way.iter().find(|way| way.key == raw.way) else {
        let known = file.way.iter().map(|way| way.key.as_str());
        let mend = match file.way.is_empty() {
            true => "declare it: a section `[[way]]` with this key".to_owned(),
            false => instead(&raw.way, known),
        };
        if raw.way != LOST {
            let what = format!("there is no way `{}`", raw.way);
            resolver.error(&place.key("way"), what, mend);
        }
        return None;
    };
    let to = match (&raw.to, &raw.to_in) {
        (Some(_), Some(_)) => {
            let what = "where to is said twice";
            resolver.error(place, what, "write either `to` or `to_in`");
            return None;
        }
        (Some(to), None) => To::Told(to.trim().to_owned()),
        (None, Some(variable)) => To::In(variable.clone()),
        (None, None) if way.kind == WayKind::Telegram => To::Chat,
        (None, None) if way.kind == WayKind::Webhook => To::Way,
        (None, None) => {
            let what = format!("nothing says where to by {}", way.kind.word());
            let mend =
                "add `to = \"…\"`, or `to_in = \"NOTIFY_…\"` where the file is read by others";
            resolver.error(place, what, mend);
            return None;
        }
    };
    if let To::Told(told) = &to {
        fits(resolver, way.kind, told, &place.key("to"));
    }
    Some(Reach {
        way: raw.way.clone(),
        to,
    })
}

fn fits(resolver: &mut Resolver<'_>, kind: WayKind, to: &str, place: &Place) {
    if to == LOST {
        return;
    }
    let number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|sign| sign.is_ascii_digit())
    };
    match kind {
        WayKind::Smtp => mail(resolver, to, place),
        WayKind::Matrix if !to.starts_with('!') => {
            let what = format!("`{to}` is no room's id");
            let mend = "write it as !abc:matrix.example: it stands in the room's settings, below “Advanced”";
            resolver.error(place, what, mend);
        }
        WayKind::Telegram if !number(to) => {
            let what = format!("`{to}` is no chat's number");
            let mend =
                "take `to` out: `signalman invite` gives the person a link that opens the chat";
            resolver.error(place, what, mend);
        }
        WayKind::Webhook => {
            let what = "a webhook is all the address there is";
            resolver.error(place, what, "take `to` out");
        }
        _ => {}
    }
}
