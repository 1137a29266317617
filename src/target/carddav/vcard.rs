//! A contact as its text: properties that are not ours stay as they are, folds and all.

use crate::model::Status;
use crate::process::target::Client;

/// Our name for a contact, whatever its file is called.
pub(super) const OURS: &str = "X-SIGNALMAN";
/// Before the address, number or page that is ours, so that it is told from those of people's.
const GROUP: &str = "signalman";
const LINE_BYTES: usize = 75;

#[derive(Clone, Debug)]
pub(super) struct Card(Vec<Line>);

#[derive(Clone, Debug, PartialEq)]
struct Line {
    /// As it came, with its folds; nothing where it is written anew.
    raw: String,
    group: String,
    /// In capitals.
    name: String,
    /// With the semicolon before it.
    params: String,
    value: String,
}

impl Line {
    fn new(name: &str, params: &str, value: String) -> Self {
        Self {
            raw: String::new(),
            group: String::new(),
            name: name.to_owned(),
            params: params.to_owned(),
            value,
        }
    }

    fn set(&mut self, value: String) {
        self.raw.clear();
        self.value = value;
    }

    fn read(raw: &str) -> Option<Self> {
        let whole = raw.replace("\r\n ", "").replace("\r\n\t", "");
        // A colon between quotation marks belongs to a parameter.
        let mut quoted = false;
        let colon = whole.char_indices().find(|(_, one)| {
            quoted ^= *one == '"';
            *one == ':' && !quoted
        });
        let (head, value) = whole.split_at(colon?.0);
        let (name, params) = head.split_at(head.find(';').unwrap_or(head.len()));
        let (group, name) = name.rsplit_once('.').unwrap_or(("", name));
        Some(Self {
            raw: raw.to_owned(),
            group: group.to_owned(),
            name: name.to_ascii_uppercase(),
            params: params.to_owned(),
            value: value[1..].to_owned(),
        })
    }

    fn write(&self, into: &mut String) {
        if !self.raw.is_empty() {
            into.push_str(&self.raw);
            into.push_str("\r\n");
            return;
        }
        let dot = if self.group.is_empty() { "" } else { "." };
        let whole = format!(
            "{}{dot}{}{}:{}",
            self.group, self.name, self.params, self.value
        );
        let mut bytes = 0;
        for one in whole.chars() {
            if bytes + one.len_utf8() > LINE_BYTES {
                into.push_str("\r\n ");
                bytes = 1;
            }
            into.push(one);
            bytes += one.len_utf8();
        }
        into.push_str("\r\n");
    }
}

impl Card {
    pub(super) fn new(key: &str) -> Self {
        Self(vec![
            Line::new("BEGIN", "", "VCARD".into()),
            Line::new("VERSION", "", "3.0".into()),
            Line::new("UID", "", escaped(key)),
            Line::new("END", "", "VCARD".into()),
        ])
    }

    /// None: no contact, or one of a time when letters were written otherwise.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        let mut raw: Vec<String> = Vec::new();
        for line in text.split("\r\n").filter(|line| !line.is_empty()) {
            match raw.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
                Some(last) => {
                    last.push_str("\r\n");
                    last.push_str(line);
                }
                None => raw.push(line.to_owned()),
            }
        }
        let lines: Option<Vec<_>> = raw.iter().map(|raw| Line::read(raw)).collect();
        let card = Self(lines?);
        let is = |name: &str, values: &[&str]| {
            let value = card
                .first(name)
                .map(|line| line.value.trim().to_ascii_uppercase());
            value.is_some_and(|value| values.contains(&value.as_str()))
        };
        (is("BEGIN", &["VCARD"]) && is("END", &["VCARD"]) && is("VERSION", &["3.0", "4.0"]))
            .then_some(card)
    }

    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        self.0.iter().for_each(|line| line.write(&mut text));
        text
    }

    pub(super) fn key(&self) -> Option<String> {
        self.first(OURS).map(|line| plain(&line.value))
    }

    /// How people call it.
    pub(super) fn name(&self) -> String {
        self.first("FN")
            .map(|line| plain(&line.value))
            .unwrap_or_default()
    }

    pub(super) fn status(&self) -> Option<Status> {
        let words = self.categories();
        let known = [Status::Retired, Status::Pending, Status::Active];
        known
            .into_iter()
            .find(|known| words.iter().any(|one| one == word(*known)))
    }

    /// Whether it has that value under one of our names for fields.
    pub(super) fn has(&self, field: &str, wanted: &str) -> bool {
        let lines = self.0.iter().filter(|line| line.name == property(field));
        lines.map(|line| &line.value).any(|value| match field {
            "org" => parts(value, ';')
                .first()
                .is_some_and(|firm| plain(firm) == wanted),
            _ => same(field, &plain(value), wanted),
        })
    }

    /// The contact as the client is to stand there, and the names of what that changes.
    pub(super) fn with(&self, client: &Client) -> (Self, Vec<String>) {
        let (mut card, mut changed) = (self.clone(), Vec::new());
        let ours = self.key().is_some();
        for (field, wanted) in &client.values {
            if wanted.is_empty() || field == "note" || self.has(field, wanted) {
                continue;
            }
            changed.push(field.clone());
            match field.as_str() {
                "name" => card.called(wanted),
                "org" => {
                    let units = card.first("ORG").map(|line| line.value.clone());
                    let units = units.unwrap_or_default();
                    let rest = parts(&units, ';').split_off(1);
                    let rest: String = rest.iter().map(|unit| format!(";{unit}")).collect();
                    card.only("ORG", escaped(wanted) + &rest);
                }
                "title" => card.only("TITLE", escaped(wanted)),
                "email" => card.own("EMAIL", ";TYPE=INTERNET", escaped(wanted), ours),
                "phone" => card.own("TEL", ";TYPE=WORK", escaped(wanted), ours),
                // An address on the web is written as it is.
                "url" => card.own("URL", "", wanted.clone(), ours),
                _ => {}
            }
        }
        let note = self.first("NOTE").map(|line| plain(&line.value));
        let wanted = noted(note.as_deref().unwrap_or_default(), client);
        if note.unwrap_or_default() != wanted {
            changed.push("note".into());
            card.only("NOTE", escaped(&wanted));
        }
        let categories = self.categories();
        let of_status = |one: &String| STATUSES.iter().any(|status| one == word(*status));
        let mut marked: Vec<_> = categories
            .iter()
            .filter(|one| !of_status(one))
            .cloned()
            .collect();
        marked.push(word(client.status).to_owned());
        if self.status() != Some(client.status) {
            changed.push("status".into());
            let marked: Vec<_> = marked.iter().map(|one| escaped(one)).collect();
            card.only("CATEGORIES", marked.join(","));
        }
        if self.key().as_deref() != Some(&client.key) {
            card.only(OURS, escaped(&client.key));
        }
        (card, changed)
    }

    fn categories(&self) -> Vec<String> {
        let first = self.first("CATEGORIES").map_or("", |line| &line.value);
        let words = parts(first, ',').into_iter().map(plain);
        words.filter(|word| !word.is_empty()).collect()
    }

    fn first(&self, name: &str) -> Option<&Line> {
        self.0.iter().find(|line| line.name == name)
    }

    /// A person's name in its parts stays with a person; a firm is called as it is called.
    fn called(&mut self, name: &str) {
        let plainly = format!("{};;;;", self.first("FN").map_or("", |line| &line.value));
        if self.first("N").is_none_or(|line| line.value == plainly) {
            self.only("N", format!("{};;;;", escaped(name)));
        }
        self.only("FN", escaped(name));
    }

    /// The one property of its kind.
    fn only(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|line| line.name == name) {
            Some(line) => line.set(value),
            None => self.add(Line::new(name, "", value)),
        }
    }

    /// Ours among others of people's: known by its group, or by being alone in a contact of ours.
    fn own(&mut self, name: &str, params: &str, value: String, ours: bool) {
        let of_kind: Vec<_> = (0..self.0.len())
            .filter(|nth| self.0[*nth].name == name)
            .collect();
        let grouped = |nth: &&usize| self.0[**nth].group.eq_ignore_ascii_case(GROUP);
        let own = of_kind.iter().find(grouped).copied();
        match own.or(of_kind
            .first()
            .copied()
            .filter(|_| ours && of_kind.len() == 1))
        {
            Some(nth) => self.0[nth].set(value),
            None => {
                let mut line = Line::new(name, params, value);
                line.group = GROUP.to_owned();
                self.add(line);
            }
        }
    }

    fn add(&mut self, line: Line) {
        self.0.insert(self.0.len().saturating_sub(1), line);
    }
}

const STATUSES: [Status; 3] = [Status::Pending, Status::Active, Status::Retired];

fn word(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Active => "active",
        Status::Retired => "retired",
    }
}

pub(super) fn property(field: &str) -> &'static str {
    match field {
        "name" => "FN",
        "org" => "ORG",
        "title" => "TITLE",
        "email" => "EMAIL",
        "phone" => "TEL",
        "url" => "URL",
        _ => "NOTE",
    }
}

/// Telephones show no categories: whoever has left is marked in the last line of the note, too.
fn noted(stands: &str, client: &Client) -> String {
    let retired = word(Status::Retired);
    let text = client.value("note").unwrap_or(stands);
    let mut lines: Vec<_> = text.lines().collect();
    if lines.last() == Some(&retired) {
        lines.pop();
    }
    if client.status == Status::Retired {
        lines.push(retired);
    }
    lines.join("\n")
}

fn same(field: &str, stands: &str, wanted: &str) -> bool {
    match field {
        "email" => stands.eq_ignore_ascii_case(wanted),
        "phone" => {
            let digits = |text: &str| -> String {
                text.chars()
                    .filter(|one| one.is_ascii_digit() || *one == '+')
                    .collect()
            };
            digits(stands) == digits(wanted)
        }
        _ => stands == wanted,
    }
}

fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for one in text.replace("\r\n", "\n").chars() {
        match one {
            '\\' | ';' | ',' => {
                value.push('\\');
                value.push(one);
            }
            '\n' => value.push_str("\\n"),
            '\t' => value.push(one),
            one if one.is_control() => {}
            one => value.push(one),
        }
    }
    value
}

fn plain(value: &str) -> String {
    let (mut text, mut escapes) = (String::with_capacity(value.len()), false);
    for one in value.trim().chars() {
        match (escapes, one) {
            (false, '\\') => escapes = true,
            (true, 'n' | 'N') => {
                text.push('\n');
                escapes = false;
            }
            (_, one) => {
                text.push(one);
                escapes = false;
            }
        }
    }
    text
}

/// What stands between separators that are not escaped.
fn parts(value: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut from, mut escapes) = (Vec::new(), 0, false);
    for (at, one) in value.char_indices() {
        if !escapes && one == separator {
            parts.push(&value[from..at]);
            from = at + one.len_utf8();
        }
        escapes = !escapes && one == '\\';
    }
    parts.push(&value[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CardId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_contact_takes_what_is_put_and_keeps_all_else(
            name in "[aя\\\\,;:\n\" ]{1,90}",
            org in "[aя\\\\,;:]{0,9}",
            kept in "[aя\\\\,;:\"= ]{0,90}",
            has_org in any::<bool>(),
        ) {
            let theirs = format!("item1.X-KEPT;A=\"b:c\":{kept}");
            let theirs_org = if has_org { "ORG:a\\;b;c;d\r\n" } else { "" };
            let text = format!(
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nN:y;z;;;\r\n{theirs_org}{theirs}\r\nEND:VCARD\r\n"
            );
            let name = name.trim().to_owned();
            let client = Client {
                key: "k".into(),
                card: CardId::new("k"),
                status: Status::Active,
                own: Status::Active,
                at: jiff::Timestamp::UNIX_EPOCH,
                known: None,
                values: [("name".into(), name.clone()), ("org".into(), org.clone())].into(),
                matching: Vec::new(),
                link: None,
            };
            let card = Card::read(&text).unwrap();
            let written = card.with(&client).0.write();
            prop_assert!(written.contains(&theirs), "{written}");
            prop_assert!(written.contains("N:y;z;;;"), "{written}");
            prop_assert!(written.split("\r\n").all(|line| line == theirs || line.len() <= LINE_BYTES));
            let read = Card::read(&written).unwrap();
            prop_assert!(name.is_empty() || read.name() == name, "{written}");
            if has_org && !org.is_empty() {
                prop_assert!(written.replace("\r\n ", "").contains(";c;d\r\n"), "{written}");
            }
            let (_, changed) = read.with(&client);
            prop_assert!(changed.is_empty(), "{changed:?} {written}");
        }
    }
}
