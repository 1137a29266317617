//! What is read: who we are, a whole board, a card with its latest actions.

use super::*;
use crate::trello::pick::Picked;
use crate::trello::{action, wire};
use memchr::memchr2;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// Of a thousand actions each, when catching up.
const MOST_PAGES: usize = 50;

/// The kinds of action that `/actions` returns and the judge can learn from.
const TOLD: &str = "createCard,copyCard,convertToCardFromCheckItem,emailCard,moveCardToBoard,moveCardFromBoard,\
updateCard:idList,updateCard:closed,updateCard:name,updateCheckItemStateOnCard,commentCard,addMemberToCard,\
removeMemberFromCard,addAttachmentToCard,deleteAttachmentFromCard,updateCustomFieldItem,updateList,moveListToBoard,\
addChecklistToCard,removeChecklistFromCard,deleteCard,updateCard:desc";

/// What we know of a card by.
const CARD: &str = "name,shortLink,shortUrl,desc,idList,pos,closed,due,idMembers,idLabels";

impl Trello {
    // Who we are -----------------------------------------------------------------------------

    pub async fn me(&self) -> Outcome<Member> {
        Ok(wire::member(
            &self
                .get("members/me", &[("fields", "id,username,fullName")])
                .await?,
        ))
    }

    /// How many people work in a workspace, guests and invitations included, and whether it is free.
    pub async fn workspace(&self, organization: &str) -> Outcome<(usize, bool)> {
        let query = [
            ("fields", "products,premiumFeatures"),
            ("memberships", "all"),
        ];
        let value = self
            .get(&format!("organizations/{organization}"), &query)
            .await?;
        let count = value
            .get("memberships")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let paid = value
            .get("products")
            .and_then(Value::as_array)
            .is_some_and(|products| !products.is_empty());
        Ok((count, !paid))
    }

    // Reading --------------------------------------------------------------------------------

    pub async fn board(&self, board: &BoardId, part: BoardPart) -> Outcome<Board> {
        let query = [
            ("fields", "id,name,url,idOrganization"),
            ("lists", "all"),
            ("members", "all"),
            ("memberships", "all"),
            ("labels", "all"),
            ("labels_limit", "1000"),
            ("customFields", "true"),
        ];
        let value = self.get(&format!("boards/{board}"), &query).await?;
        let text = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let each = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let custom_fields: Vec<_> = each("customFields")
            .iter()
            .map(wire::custom_field)
            .collect();
        let id = BoardId::new(text("id"));
        let mut lists: Vec<_> = each("lists").iter().map(wire::list).collect();
        lists.sort_by(|a, b| a.pos.total_cmp(&b.pos));
        let cards = match part {
            BoardPart::WithoutCards => Vec::new(),
            BoardPart::OpenCards => self.cards(&id, "open", &custom_fields).await?,
            BoardPart::AllCards => self.cards(&id, "all", &custom_fields).await?,
        };
        Ok(Board {
            id,
            name: text("name"),
            url: text("url"),
            organization: Some(text("idOrganization")).filter(|id| !id.is_empty()),
            lists,
            members: wire::memberships(&value),
            labels: each("labels").iter().map(wire::label).collect(),
            custom_fields,
            cards,
        })
    }

    /// The board that a list is on.
    pub async fn board_of(&self, list: &ListId) -> Outcome<BoardId> {
        let path = format!("lists/{list}");
        let value = self.get(&path, &[("fields", "idBoard")]).await?;
        let board = value.get("idBoard").and_then(Value::as_str);
        board.map(BoardId::new).ok_or(Failure::Missing)
    }

    /// Every card of the board that is not archived.
    pub async fn open_cards(&self, board: &BoardId, fields: &[CustomField]) -> Outcome<Vec<Card>> {
        self.cards(board, "open", fields).await
    }

    /// A thousand cards a request, from the newest back; fewer where so many are too much for an
    /// answer.
    async fn cards(
        &self,
        board: &BoardId,
        filter: &str,
        fields: &[CustomField],
    ) -> Outcome<Vec<Card>> {
        const FEWEST: usize = 60;
        let (mut cards, mut known) = (Vec::new(), HashSet::new());
        let (mut before, mut limit) = (String::new(), 1000);
        loop {
            let most = limit.to_string();
            let mut query = vec![
                ("filter", filter),
                ("limit", &most),
                ("fields", CARD),
                ("checklists", "all"),
                ("attachments", "true"),
                ("customFieldItems", "true"),
            ];
            if !before.is_empty() {
                query.push(("before", &before));
            }
            let page = match self.get(&format!("boards/{board}/cards"), &query).await {
                Err(failure) if too_large(&failure) && limit > FEWEST => {
                    limit /= 2;
                    continue;
                }
                other => other?,
            };
            let page = page.as_array().map_or(&[][..], Vec::as_slice);
            let read: Vec<Card> = page.iter().map(|card| wire::card(card, fields)).collect();
            let oldest = read.iter().map(|card| card.id.as_str()).min();
            before = oldest.unwrap_or_default().to_owned();
            let had = cards.len();
            cards.extend(
                read.into_iter()
                    .filter(|card| known.insert(card.id.clone())),
            );
            if page.len() < limit || cards.len() == had {
                return Ok(cards);
            }
        }
    }

    /// The card as it stands and its latest actions, oldest first, in one request.
    pub async fn card(&self, card: &CardId, fields: &[CustomField]) -> Outcome<(Card, Vec<Event>)> {
        let query = [
            ("checklists", "all"),
            ("attachments", "true"),
            ("customFieldItems", "true"),
            ("actions", TOLD),
            ("actions_limit", "200"),
        ];
        let mut value = self.get(&format!("cards/{card}"), &query).await?;
        let actions = match value.get_mut("actions").map(Value::take) {
            Some(Value::Array(actions)) => events(actions.into_iter()).collect(),
            _ => Vec::new(),
        };
        Ok((wire::card(&value, fields), actions))
    }

    /// A card's description as people wrote it, for changing a line of it. It must not be kept.
    pub async fn description(&self, card: &CardId) -> Outcome<String> {
        let value = self
            .get(&format!("cards/{card}"), &[("fields", "desc")])
            .await?;
        let desc = value.get("desc").and_then(Value::as_str);
        Ok(desc.unwrap_or_default().to_owned())
    }

    /// The board's actions after one of them, oldest first. What is made of each is made while Trello
    /// is at the next page.
    pub async fn actions_since<T: Send + 'static>(
        &self,
        board: &BoardId,
        since: &ActionId,
        each: impl Fn(Event) -> T + Clone + Send + 'static,
    ) -> Outcome<Vec<T>> {
        let only = [("since", since.as_str())];
        let (told, whole) = self.pages(board, &only, MOST_PAGES, each).await?;
        if !whole {
            tracing::error!(%board, actions = told.len(), "more was missed than is asked for: what is older is judged by where the cards stand");
        }
        Ok(told)
    }

    /// A board's newest action.
    pub async fn newest_action(&self, board: &BoardId) -> Outcome<Option<Event>> {
        let path = format!("boards/{board}/actions");
        let page = self.get_text(&path, &[("limit", "1")]).await?;
        Ok(on_page(&page, |event| event)?.pop())
    }

    /// What the judge can learn from of all that happened on a board after one action, oldest first;
    /// none where that is more than so many pages.
    pub async fn told_since(
        &self,
        board: &BoardId,
        since: &ActionId,
        pages: usize,
    ) -> Outcome<Option<Vec<Event>>> {
        let only = [("since", since.as_str()), ("filter", TOLD)];
        let (found, whole) = self.pages(board, &only, pages, |event| event).await?;
        Ok(whole.then_some(found))
    }

    /// Who ticked what on a board, oldest first: the latest ten thousand ticks.
    pub async fn ticks(&self, board: &BoardId) -> Outcome<Vec<Event>> {
        let only = [("filter", "updateCheckItemStateOnCard")];
        Ok(self.pages(board, &only, 10, |event| event).await?.0)
    }

    /// A board's actions paged backwards, 1,000 at a time, so many pages at most, and whether that was
    /// all of them. One page is read while Trello is at the next.
    async fn pages<T: Send + 'static>(
        &self,
        board: &BoardId,
        only: &[(&str, &str)],
        pages: usize,
        each: impl Fn(Event) -> T + Clone + Send + 'static,
    ) -> Outcome<(Vec<T>, bool)> {
        let path = format!("boards/{board}/actions");
        let (mut found, mut page, mut before) = (Vec::new(), String::new(), None::<String>);
        let mut whole = false;
        for _ in 0..pages {
            let mut query = [only, &[("limit", "1000")]].concat();
            query.extend(before.as_deref().map(|before| ("before", before)));
            let (next, read) = tokio::join!(self.get_text(&path, &query), read(page, each.clone()));
            found.push(read?);
            page = next?;
            let (length, oldest) = listed(&page)?;
            (whole, before) = (length < 1000, oldest);
            if whole {
                break;
            }
        }
        found.push(read(page, each).await?);
        Ok((found.into_iter().rev().flatten().collect(), whole))
    }

    pub async fn comments(&self, card: &CardId) -> Outcome<Vec<Comment>> {
        let query = [("filter", "commentCard"), ("limit", "50")];
        let value = self.get(&format!("cards/{card}/actions"), &query).await?;
        let text = |action: &Value, path: &str| {
            action
                .pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let comment = |action: &Value| {
            Some(Comment {
                id: ActionId::new(text(action, "/id")?),
                by: text(action, "/idMemberCreator").map(MemberId::new),
                text: text(action, "/data/text")?,
            })
        };
        Ok(value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(comment)
            .collect())
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

fn on_page<T>(page: &str, each: impl Fn(Event) -> T) -> Outcome<Vec<T>> {
    let page: Vec<Picked> = serde_json::from_str(page).map_err(no_list)?;
    let events = events(page.into_iter().map(|Picked(action)| action));
    Ok(events.map(each).collect())
}

/// Trello lists actions newest first.
fn events(actions: impl DoubleEndedIterator<Item = Value>) -> impl Iterator<Item = Event> {
    let oldest_first = actions.rev();
    oldest_first.filter_map(|action| action::event(action).ok())
}

/// In a thread of its own, once what was asked for meanwhile is on its way.
async fn read<T: Send + 'static>(
    page: String,
    each: impl Fn(Event) -> T + Send + 'static,
) -> Outcome<Vec<T>> {
    if page.is_empty() {
        return Ok(Vec::new());
    }
    tokio::task::yield_now().await;
    let read = tokio::task::spawn_blocking(move || on_page(&page, each)).await;
    read.map_err(|error| Failure::Retry {
        after: Duration::from_secs(1),
        why: format!("a page was not read: {error}"),
    })?
}

/// Asked for in smaller parts, it may be had.
fn too_large(failure: &Failure) -> bool {
    match failure {
        Failure::Refused { message, .. } => message == calls::TOO_LARGE,
        Failure::Retry { why, .. } => why.contains(calls::TOO_MANY_CARDS),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let read = on_page(&page, |event| event).unwrap();
        assert_eq!(read, events([action].into_iter()).collect::<Vec<_>>());
    }
}
