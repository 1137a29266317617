//! Where people see a record, as a section says it.

use super::letters::instead;
use super::place::Place;
use super::raw::RawTarget;
use super::resolve::Resolver;
use super::targets::template;
use super::values::LOST;
use crate::process::target::{Link, TargetKind};
use url::Url;

/// What can stand between braces in it besides a field's key.
const IN_A_LINK: [&str; 4] = ["id", "card", "card_name", "card_url"];

pub(super) fn link(resolver: &mut Resolver<'_>, raw: &RawTarget, section: &Place) -> Option<Link> {
    let text = raw.link.as_deref().filter(|text| *text != LOST)?.trim();
    address(resolver, raw.kind, text, section);
    let place = section.key("link");
    let pieces = text.split("{id}");
    let pieces = pieces.map(|piece| template(resolver, piece, &IN_A_LINK, &place));
    Some(Link::new(pieces.collect()))
}

fn address(resolver: &mut Resolver<'_>, kind: TargetKind, text: &str, section: &Place) {
    let place = section.key("link");
    // A page leads nobody into a file, but whoever pastes the address of a share gets there.
    let schemes: &[&str] = match kind {
        TargetKind::Table => &["https", "http", "file"],
        _ => &["https", "http"],
    };
    if text.contains(|one: char| one.is_whitespace() || one.is_control()) {
        let mend = "take the spaces out, or write `%20` for one";
        resolver.error(&place, "a space stands in the link", mend);
        return;
    }
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    if !schemes.contains(&scheme) {
        let what = format!("`{text}` is no address that people can open");
        let mend = match scheme {
            "" => "write it with `https://` in front".to_owned(),
            _ => instead(scheme, schemes.iter().copied()),
        };
        resolver.error(&place, what, mend);
        return;
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') {
        let mend = "take it out: the link stands on the card for all to see";
        // At the section's head, so that the line is not shown about.
        resolver.error(section, "a login stands in the link", mend);
    } else if host.contains('{') || Url::parse(&format!("{scheme}://{host}/")).is_err() {
        let mend = "write the host out; what is filled in stands behind the `/` that follows it";
        resolver.error(&place, "it is not said whose address that is", mend);
    }
}

/// A field of that name would never stand in a link.
pub(super) fn shadowed(resolver: &mut Resolver<'_>) {
    let file = resolver.raw;
    let at = file.field.iter().position(|field| field.key == "id");
    if let Some(nth) = at.filter(|_| file.target.iter().any(|target| target.link.is_some())) {
        let place = Place::item("field", nth).key("key");
        let what = "`{id}` stands for their name for the record in a `link`";
        resolver.error(&place, what, "give the field another key");
    }
}
