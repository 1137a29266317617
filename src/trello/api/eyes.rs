//! What is read: who we are, a whole board, a card with its latest actions.

use super::*;
use crate::trello::{action, wire};

/// The kinds of action that `/actions` returns and the judge can learn from.
const TOLD: &str = "createCard,copyCard,convertToCardFromCheckItem,emailCard,moveCardToBoard,moveCardFromBoard,\
updateCard:idList,updateCard:closed,updateCard:name,updateCheckItemStateOnCard,commentCard,addMemberToCard,\
removeMemberFromCard,addAttachmentToCard,deleteAttachmentFromCard,updateCustomFieldItem,updateList,moveListToBoard,\
addChecklistToCard,removeChecklistFromCard,deleteCard,updateCard:desc";

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

    /// A thousand cards a request, from the newest back.
    async fn cards(
        &self,
        board: &BoardId,
        filter: &str,
        fields: &[CustomField],
    ) -> Outcome<Vec<Card>> {
        const PAGE: usize = 1000;
        let mut cards: Vec<Card> = Vec::new();
        let mut before = String::new();
        loop {
            let mut query = vec![
                ("filter", filter),
                ("limit", "1000"),
                ("checklists", "all"),
                ("attachments", "true"),
                ("customFieldItems", "true"),
            ];
            if !before.is_empty() {
                query.push(("before", &before));
            }
            let page = self.get(&format!("boards/{board}/cards"), &query).await?;
            let page = page.as_array().cloned().unwrap_or_default();
            let read: Vec<Card> = page.iter().map(|card| wire::card(card, fields)).collect();
            let fresh = read
                .iter()
                .filter(|card| !cards.iter().any(|known| known.id == card.id));
            let fresh: Vec<Card> = fresh.cloned().collect();
            let more = page.len() >= PAGE && !fresh.is_empty();
            before = read
                .iter()
                .map(|card| card.id.as_str())
                .min()
                .unwrap_or_default()
                .to_owned();
            cards.extend(fresh);
            if !more {
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
        let value = self.get(&format!("cards/{card}"), &query).await?;
        let actions = value
            .get("actions")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        Ok((wire::card(&value, fields), events(&actions)))
    }

    /// A card's description as people wrote it, for changing a line of it. It must not be kept.
    pub async fn description(&self, card: &CardId) -> Outcome<String> {
        let value = self
            .get(&format!("cards/{card}"), &[("fields", "desc")])
            .await?;
        let desc = value.get("desc").and_then(Value::as_str);
        Ok(desc.unwrap_or_default().to_owned())
    }

    /// The board's actions after one of them, oldest first; without one, its latest action alone.
    pub async fn board_actions(
        &self,
        board: &BoardId,
        since: Option<&ActionId>,
    ) -> Outcome<Vec<Event>> {
        match since {
            Some(since) => self.pages(board, ("since", since.as_str()), 50).await,
            None => self.page(board, &[("limit", "1")]).await,
        }
    }

    /// Who ticked what on a board, oldest first: the latest ten thousand ticks.
    pub async fn ticks(&self, board: &BoardId) -> Outcome<Vec<Event>> {
        let only = ("filter", "updateCheckItemStateOnCard");
        self.pages(board, only, 10).await
    }

    /// A board's actions paged backwards, 1,000 at a time, so many pages at most.
    async fn pages(
        &self,
        board: &BoardId,
        only: (&str, &str),
        pages: usize,
    ) -> Outcome<Vec<Event>> {
        let mut found: Vec<Event> = Vec::new();
        for _ in 0..pages {
            let before = found.first().map(|oldest| oldest.id.to_string());
            let mut query = vec![("limit", "1000"), only];
            query.extend(before.as_deref().map(|before| ("before", before)));
            let page = self.page(board, &query).await?;
            let full = page.len() >= 1000;
            found.splice(0..0, page);
            if !full {
                break;
            }
        }
        Ok(found)
    }

    async fn page(&self, board: &BoardId, query: &[(&str, &str)]) -> Outcome<Vec<Event>> {
        let page = self.get(&format!("boards/{board}/actions"), query).await?;
        Ok(events(page.as_array().map_or(&[][..], Vec::as_slice)))
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

/// Trello lists actions newest first.
fn events(actions: &[Value]) -> Vec<Event> {
    actions
        .iter()
        .rev()
        .filter_map(|value| action::event(value).ok())
        .collect()
}
