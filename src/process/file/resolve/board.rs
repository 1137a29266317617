//! What Trello knows by its own words: usernames, colours of labels, the labels the service puts.

use super::*;
use crate::process::rules::labels::{LATE, NOT_ADMITTED, WAITING};

const COLORS: [&str; 10] = [
    "green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink", "black",
];
/// As like a reserved key as this, another is taken for a slip of the pen.
const SLIP: f64 = 0.75;

impl Resolver<'_> {
    pub(super) fn board(&mut self) {
        let raw = self.raw;
        for (nth, role) in raw.role.iter().enumerate() {
            let place = Place::item("role", nth);
            self.usernames(&role.people, &place.key("people"));
            self.usernames(&role.deputies, &place.key("deputies"));
            self.in_turn(role, &place.key("turn"));
        }
        for (nth, person) in raw.person.iter().enumerate() {
            let login = std::slice::from_ref(&person.login);
            self.usernames(login, &Place::item("person", nth).key("login"));
        }
        for (nth, person) in raw.person.iter().enumerate() {
            let login = std::slice::from_ref(&person.login);
            self.usernames(login, &Place::item("person", nth).key("login"));
        }
        for (nth, label) in raw.label.iter().enumerate() {
            let place = Place::item("label", nth);
            if let Some(color) = &label.color {
                self.color(color, &place.key("color"));
            }
            self.reserved(&label.key, &place.key("key"));
        }
        self.blocks();
        if raw.guide.is_some() && raw.news_list.is_none() {
            self.warn(
                &Place::default().key("guide"),
                "the guide has no list to stand in",
                "name a free list of the board: `news_list = \"…\"` above the first `[`",
            );
        }
    }

    /// People without a stage of theirs are never given a card.
    fn in_turn(&mut self, role: &RawRole, place: &Place) {
        let stages = self.raw.stage.iter().map(|stage| &stage.owner);
        let mut owners = stages.chain(self.raw.side.iter().map(|side| &side.owner));
        let order = role.turn.is_some_and(|turn| turn != TurnOrder::All);
        if order && !owners.any(|owner| *owner == role.key) {
            let what = format!(
                "no stage has the owner `{}`, so its people take no turns",
                role.key
            );
            let mend = "name the role as `owner` of a stage, or take `turn` out";
            self.warn(place, what, mend);
        }
    }

    fn usernames(&mut self, names: &[String], place: &Place) {
        for (nth, name) in names.iter().enumerate() {
            let bare = name.strip_prefix('@').unwrap_or(name);
            let plain = |sign: char| sign.is_ascii_alphanumeric() || "_-.".contains(sign);
            if bare.is_empty() || !bare.chars().all(plain) {
                let what = format!("`{name}` is no Trello username");
                let mend =
                    "write what stands after `@` on the person's Trello page, such as \"mary\"";
                self.error(&place.nth(nth), what, mend);
            }
        }
    }

    fn color(&mut self, color: &str, place: &Place) {
        let base = color.strip_suffix("_dark").or(color.strip_suffix("_light"));
        if !COLORS.contains(&base.unwrap_or(color)) {
            let what = format!("Trello has no label colour `{color}`");
            self.error(place, what, instead(color, COLORS));
        }
    }

    /// A key that is nearly one of those the service looks for is nearly surely meant to be it.
    fn reserved(&mut self, key: &str, place: &Place) {
        let taken = |one: &str| self.raw.label.iter().any(|label| label.key == one);
        let like = |one: &&str| {
            let near = strsim::normalized_damerau_levenshtein(key, one);
            near > SLIP || key.chars().count() > 2 && one.starts_with(key)
        };
        let free = [NOT_ADMITTED, LATE, WAITING]
            .into_iter()
            .filter(|one| !taken(one));
        if let Some(meant) = free.clone().find(like) {
            let what = format!("the service puts and takes off `{meant}`; `{key}` it leaves alone");
            self.warn(
                place,
                what,
                format!("if that label is meant, write `key = \"{meant}\"`"),
            );
        }
    }

    /// Each field's line comes with one block.
    fn blocks(&mut self) {
        let raw = self.raw;
        let mut seen: Vec<&str> = Vec::new();
        for (nth, block) in raw.block.iter().enumerate() {
            let place = Place::item("block", nth).key("fields");
            for (nth, field) in block.fields.iter().enumerate() {
                if seen.contains(&field.as_str()) {
                    let what = format!("the field `{field}` stands in the blocks twice");
                    self.error(&place.nth(nth), what, "take one of the two out");
                }
                seen.push(field);
            }
        }
        let lines = raw.fields_in == KeepFields::Description && !raw.block.is_empty();
        let left =
            raw.field.iter().enumerate().filter(|(_, field)| {
                lines && !seen.contains(&field.key.as_str()) && field.key != LOST
            });
        for (nth, field) in left {
            let what = format!("no block brings the line of the field `{}`", field.key);
            let mend =
                "add it to the `fields` of a `[[block]]`, or people write its line themselves";
            self.warn(&Place::item("field", nth).key("key"), what, mend);
        }
    }
}
