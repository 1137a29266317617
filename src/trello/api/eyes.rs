//! What is read: who we are, a whole board, a card with its latest actions.

use super::pages::{Page, Pages};
use super::*;
use crate::trello::{action, wire};
use std::collections::HashSet;

/// Of a thousand actions each, when catching up.
const MOST_PAGES: usize = 50;

/// The kinds of action that `/actions` returns and the judge can learn from.
const TOLD: &str = "createCard,copyCard,convertToCardFromCheckItem,emailCard,moveCardToBoard,moveCardFromBoard,\
updateCard:idList,updateCard:closed,updateCard:name,updateCheckItemStateOnCard,commentCard,addMemberToCard,\
removeMemberFromCard,addAttachmentToCard,deleteAttachmentFromCard,updateCustomFieldItem,updateList,moveListToBoard,\
addChecklistToCard,removeChecklistFromCard,deleteCard,updateCard:desc";

const ARRIVALS: &str =
    "createCard,copyCard,convertToCardFromCheckItem,emailCard,moveCardToBoard,updateCard:idList";

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
        let (value, actions) = self.whole(card).await?;
        Ok((wire::card(&value, fields), actions))
    }

    /// The same where it is on that board, and missing where it is on another.
    pub async fn card_of(
        &self,
        board: &BoardId,
        card: &CardId,
        fields: &[CustomField],
    ) -> Outcome<(Card, Vec<Event>)> {
        let (value, actions) = self.whole(card).await?;
        let of = value.get("idBoard").and_then(Value::as_str);
        if of != Some(board.as_str()) {
            return Err(Failure::Missing);
        }
        Ok((wire::card(&value, fields), actions))
    }

    async fn whole(&self, card: &CardId) -> Outcome<(Value, Vec<Event>)> {
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
        Ok((value, actions))
    }

    /// The keys by which Trello signs who looks at a Power-Up, as PEM.
    pub async fn public_keys(&self) -> Outcome<Vec<String>> {
        let value = self.get("resource/jwt-public-keys", &[]).await?;
        let keys = value.get("keys").and_then(Value::as_array);
        let keys = keys.into_iter().flatten().filter_map(Value::as_str);
        Ok(keys.map(str::to_owned).collect())
    }

    /// A card's description as people wrote it, for changing a line of it. It must not be kept.
    pub async fn description(&self, card: &CardId) -> Outcome<String> {
        let value = self
            .get(&format!("cards/{card}"), &[("fields", "desc")])
            .await?;
        let desc = value.get("desc").and_then(Value::as_str);
        Ok(desc.unwrap_or_default().to_owned())
    }

    /// The board's actions after one of them, from the newest page back.
    pub(crate) fn actions_since(&self, board: &BoardId, since: &ActionId) -> Pages<'_> {
        Pages::of(self, board, &[("since", since.as_str())], MOST_PAGES)
    }

    /// A board's newest action.
    pub async fn newest_action(&self, board: &BoardId) -> Outcome<Option<Event>> {
        let path = format!("boards/{board}/actions");
        let page = self.get_text(&path, &[("limit", "1")]).await?;
        Ok(Page(page).read_here(|event| event)?.pop())
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
        let (found, whole) = Pages::of(self, board, &only, pages).all().await?;
        Ok(whole.then_some(found))
    }

    /// Who ticked what on a board, oldest first: the latest ten thousand ticks.
    pub async fn ticks(&self, board: &BoardId) -> Outcome<Vec<Event>> {
        let only = [("filter", "updateCheckItemStateOnCard")];
        Ok(Pages::of(self, board, &only, 10).all().await?.0)
    }

    /// How cards came to be on a board, and went from list to list on it, oldest first: the latest ten
    /// thousand times.
    pub async fn arrivals(&self, board: &BoardId) -> Outcome<Vec<Event>> {
        let only = [("filter", ARRIVALS)];
        Ok(Pages::of(self, board, &only, 10).all().await?.0)
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
                at: text(action, "/date").and_then(|date| date.parse().ok()),
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

/// Trello lists actions newest first.
pub(super) fn events(
    actions: impl DoubleEndedIterator<Item = Value>,
) -> impl Iterator<Item = Event> {
    let oldest_first = actions.rev();
    oldest_first.filter_map(|action| action::event(action).ok())
}

/// Asked for in smaller parts, it may be had.
fn too_large(failure: &Failure) -> bool {
    match failure {
        Failure::Refused { message, .. } => message == calls::TOO_LARGE,
        Failure::Retry { why, .. } => why.contains(calls::TOO_MANY_CARDS),
        _ => false,
    }
}
