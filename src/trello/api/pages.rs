//! A board's actions, a thousand at a time, from the newest back. One page can be read while Trello is
//! at the next: what asking for that takes is skimmed.

use super::eyes::events;
use super::{BoardId, Event, Failure, Outcome, Trello};
use crate::trello::pick::Picked;
use memchr::memchr2;
use serde::Deserialize;
use std::borrow::Cow;
use std::time::Duration;

const PAGE: usize = 1_000;

pub(crate) struct Pages<'t> {
    trello: &'t Trello,
    path: String,
    only: Vec<(String, String)>,
    before: Option<String>,
    /// Pages that may still be asked for.
    left: usize,
    whole: bool,
}

/// One page as it came.
pub(crate) struct Page(pub(super) String);

impl<'t> Pages<'t> {
    pub(super) fn of(
        trello: &'t Trello,
        board: &BoardId,
        only: &[(&str, &str)],
        most: usize,
    ) -> Self {
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        Self {
            trello,
            path: format!("boards/{board}/actions"),
            only: only.iter().map(own).collect(),
            before: None,
            left: most,
            whole: false,
        }
    }

    /// The next page back, none after the last.
    pub(crate) async fn next(&mut self) -> Outcome<Option<Page>> {
        if self.whole || self.left == 0 {
            return Ok(None);
        }
        let most = PAGE.to_string();
        let only = self.only.iter();
        let mut query: Vec<_> = only
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        query.push(("limit", &most));
        query.extend(self.before.as_deref().map(|before| ("before", before)));
        let page = self.trello.get_text(&self.path, &query).await?;
        let (length, oldest) = listed(&page)?;
        (self.whole, self.before) = (length < PAGE, oldest);
        self.left -= 1;
        Ok(Some(Page(page)))
    }

    /// Whether nothing is left to be asked for.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// All of them, oldest first, and whether that is all there was.
    pub(super) async fn all(mut self) -> Outcome<(Vec<Event>, bool)> {
        let mut found = Vec::new();
        let mut page = self.next().await?;
        while let Some(one) = page {
            let (next, read) = tokio::join!(self.next(), one.read(|event| event));
            found.push(read?);
            page = next?;
        }
        Ok((found.into_iter().rev().flatten().collect(), self.whole))
    }
}

impl Page {
    /// What is made of each event, oldest first: in a thread of its own, once what was asked for
    /// meanwhile is on its way.
    pub(crate) async fn read<T: Send + 'static>(
        self,
        each: impl Fn(Event) -> T + Send + 'static,
    ) -> Outcome<Vec<T>> {
        tokio::task::yield_now().await;
        let read = tokio::task::spawn_blocking(move || self.read_here(each)).await;
        read.map_err(|error| Failure::Retry {
            after: Duration::from_secs(1),
            why: format!("a page was not read: {error}"),
        })?
    }

    pub(super) fn read_here<T>(&self, each: impl Fn(Event) -> T) -> Outcome<Vec<T>> {
        let page: Vec<Picked> = serde_json::from_str(&self.0).map_err(no_list)?;
        let events = events(page.into_iter().map(|Picked(action)| action));
        Ok(events.map(each).collect())
    }
}

/// How many actions are on a page, and the id of the oldest: all that asking for the next one takes,
/// so it is skimmed; it is read while Trello is at the next. What is no page must not pass for the
/// last one: what is older would never be asked for.
fn listed(page: &str) -> Outcome<(usize, Option<String>)> {
    #[derive(Deserialize)]
    struct Listed<'a> {
        #[serde(borrow)]
        id: Option<Cow<'a, str>>,
    }
    let (length, oldest) = skimmed(page);
    if oldest.is_empty() {
        let page: Vec<Listed<'_>> = serde_json::from_str(page).map_err(no_list)?;
        return Ok((page.len(), None));
    }
    let oldest: Listed<'_> = serde_json::from_str(oldest).map_err(no_list)?;
    Ok((length, oldest.id.map(Cow::into_owned)))
}

/// How many objects a list holds, and the last of them.
fn skimmed(list: &str) -> (usize, &str) {
    let bytes = list.as_bytes();
    let (mut length, mut depth, mut last, mut at) = (0, 0_usize, 0..0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = closing_quote(bytes, at),
            b'{' | b'[' => {
                if depth == 1 {
                    (length, last) = (length + 1, at..at);
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    last.end = at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let whole = depth == 0 && list.trim_start().starts_with('[');
    let last = list.get(last).filter(|_| whole);
    (length, last.unwrap_or_default())
}

fn closing_quote(bytes: &[u8], opening: usize) -> usize {
    let mut at = opening + 1;
    while let Some(found) = memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes[at] == b'"' {
            return at;
        }
        at += 2; // whatever is escaped
    }
    bytes.len()
}

fn no_list(error: serde_json::Error) -> Failure {
    Failure::Retry {
        after: Duration::from_secs(1),
        why: format!("an answer that is no list of actions: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_is_known_by_its_length_and_its_oldest_action() {
        let page = r#"[{"id":"b","data":{"id":"x"}},
            {"text":"\\\"}] and {\\", "list":[{"id":"y"}], "id":"a","type":"updateCard"}]"#;
        assert_eq!(listed(page).unwrap(), (2, Some("a".to_owned())));
        assert_eq!(listed("[]").unwrap(), (0, None));
    }

    #[test]
    fn what_is_no_page_is_not_the_last_one() {
        for answer in ["", "null", "{}", "<html>", r#"[{"id":"a"}"#] {
            assert!(matches!(listed(answer), Err(Failure::Retry { .. })));
        }
    }

    #[test]
    fn what_is_read_over_in_an_action_changes_no_event() {
        let action = json!({
            "id": "a", "type": "commentCard", "date": "2026-03-02T09:00:00.000Z", "idMemberCreator": "m",
            "memberCreator": { "id": "m", "username": "user", "fullName": "Name" },
            "appCreator": { "id": "app" }, "agenticIdentity": { "id": "agent" },
            "data": { "card": { "id": "c" }, "text": "said" },
            "display": { "entities": { "comment": { "text": "said" } } }, "limits": null,
        });
        let page = json!([action]).to_string();
        let read = Page(page).read_here(|event| event).unwrap();
        assert_eq!(read, events([action].into_iter()).collect::<Vec<_>>());
    }
}
