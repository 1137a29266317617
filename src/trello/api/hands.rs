//! What is written: on a card, on a board, to the list of webhooks. Each write says how it ended; a
//! wish that was true already is done.

use super::*;

impl Trello {
    // Writing on a card ----------------------------------------------------------------------

    /// List and position in one PUT.
    pub async fn move_card(&self, card: &CardId, list: &ListId, pos: Option<f64>) -> Outcome<()> {
        let mut body = json!({ "idList": list });
        if let Some(pos) = pos {
            body["pos"] = json!(pos);
        }
        self.put(&format!("cards/{card}"), body).await.map(drop)
    }

    pub async fn close_card(&self, card: &CardId, closed: bool) -> Outcome<()> {
        let body = json!({ "closed": closed });
        self.put(&format!("cards/{card}"), body).await.map(drop)
    }

    pub async fn describe_card(&self, card: &CardId, desc: &str) -> Outcome<()> {
        self.put(&format!("cards/{card}"), json!({ "desc": desc }))
            .await
            .map(drop)
    }

    /// What is none stays as it is.
    pub async fn change_card(
        &self,
        card: &CardId,
        name: Option<&str>,
        desc: Option<&str>,
        due: Option<Timestamp>,
        closed: Option<bool>,
    ) -> Outcome<()> {
        let due = due.map(|due| due.to_string());
        let parts = [
            ("name", name.map(|name| json!(clip(name)))),
            ("desc", desc.map(|desc| json!(desc))),
            ("due", due.map(|due| json!(due))),
            ("closed", closed.map(|closed| json!(closed))),
        ];
        let parts = parts.into_iter();
        let body = parts.filter_map(|(part, value)| Some((part.to_owned(), value?)));
        let body = Value::Object(body.collect());
        self.put(&format!("cards/{card}"), body).await.map(drop)
    }

    pub async fn set_due(&self, card: &CardId, due: Option<Timestamp>) -> Outcome<()> {
        let due = due.map(|due| due.to_string());
        self.put(&format!("cards/{card}"), json!({ "due": due }))
            .await
            .map(drop)
    }

    /// The comment's id, and the application that Trello has it from: ours.
    pub async fn comment(&self, card: &CardId, text: &str) -> Outcome<(ActionId, Option<AppId>)> {
        let value = self
            .post(
                &format!("cards/{card}/actions/comments"),
                json!({ "text": clip(text) }),
            )
            .await?;
        let app = value.pointer("/appCreator/id").and_then(Value::as_str);
        Ok((ActionId::new(made(&value)?), app.map(AppId::from)))
    }

    pub async fn edit_comment(&self, card: &CardId, comment: &ActionId, text: &str) -> Outcome<()> {
        let path = format!("cards/{card}/actions/{comment}/comments");
        self.put(&path, json!({ "text": clip(text) }))
            .await
            .map(drop)
    }

    pub async fn add_member(&self, card: &CardId, member: &MemberId) -> Outcome<()> {
        already(
            self.post(
                &format!("cards/{card}/idMembers"),
                json!({ "value": member }),
            )
            .await,
        )
    }

    pub async fn drop_member(&self, card: &CardId, member: &MemberId) -> Outcome<()> {
        let path = format!("cards/{card}/idMembers/{member}");
        match self.delete(&path).await {
            Err(Failure::Missing | Failure::Refused { status: 400, .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    pub async fn put_label(&self, card: &CardId, label: &LabelId, on: bool) -> Outcome<()> {
        if on {
            return already(
                self.post(&format!("cards/{card}/idLabels"), json!({ "value": label }))
                    .await,
            );
        }
        let path = format!("cards/{card}/idLabels/{label}");
        match self.delete(&path).await {
            Err(Failure::Missing | Failure::Refused { status: 400, .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    pub async fn create_checklist(&self, card: &CardId, name: &str) -> Outcome<ChecklistId> {
        let value = self
            .post("checklists", json!({ "idCard": card, "name": name }))
            .await?;
        made(&value).map(ChecklistId::new)
    }

    pub async fn add_item(&self, checklist: &ChecklistId, name: &str) -> Outcome<CheckItemId> {
        let value = self
            .post(
                &format!("checklists/{checklist}/checkItems"),
                json!({ "name": name, "pos": "bottom" }),
            )
            .await?;
        made(&value).map(CheckItemId::new)
    }

    pub async fn tick(&self, card: &CardId, item: &CheckItemId, complete: bool) -> Outcome<()> {
        let state = if complete { "complete" } else { "incomplete" };
        self.put(
            &format!("cards/{card}/checkItem/{item}"),
            json!({ "state": state }),
        )
        .await
        .map(drop)
    }

    pub async fn rename_item(&self, card: &CardId, item: &CheckItemId, name: &str) -> Outcome<()> {
        self.put(
            &format!("cards/{card}/checkItem/{item}"),
            json!({ "name": name }),
        )
        .await
        .map(drop)
    }

    /// Values are strings for Trello whatever the field's type; none clears it.
    pub async fn set_custom_field(
        &self,
        card: &CardId,
        field: &CustomField,
        value: Option<&str>,
    ) -> Outcome<()> {
        let option = |value: &str| {
            field
                .options
                .iter()
                .find(|(_, text)| text == value)
                .map(|(id, _)| id.clone())
        };
        let body = match (value, field.kind.as_str()) {
            (None, _) => json!({ "value": "", "idValue": "" }),
            (Some(value), "list") => json!({ "idValue": option(value) }),
            (Some(value), "checkbox") => json!({ "value": { "checked": value } }),
            (Some(value), kind) => json!({ "value": { kind: value } }),
        };
        self.put(&format!("cards/{card}/customField/{}/item", field.id), body)
            .await
            .map(drop)
    }

    // Writing on a board ---------------------------------------------------------------------

    pub async fn close_list(&self, list: &ListId, closed: bool) -> Outcome<()> {
        self.put(&format!("lists/{list}"), json!({ "closed": closed }))
            .await
            .map(drop)
    }

    pub async fn create_list(
        &self,
        board: &BoardId,
        name: &str,
        pos: Option<f64>,
    ) -> Outcome<ListId> {
        let pos = pos.map_or(json!("bottom"), |pos| json!(pos));
        let value = self
            .post(
                "lists",
                json!({ "idBoard": board, "name": name, "pos": pos }),
            )
            .await?;
        made(&value).map(ListId::new)
    }

    pub async fn create_label(
        &self,
        board: &BoardId,
        name: &str,
        color: Option<&str>,
    ) -> Outcome<LabelId> {
        let value = self
            .post(
                "labels",
                json!({ "idBoard": board, "name": name, "color": color }),
            )
            .await?;
        made(&value).map(LabelId::new)
    }

    pub async fn create_card(&self, list: &ListId, name: &str, desc: &str) -> Outcome<CardId> {
        let body = json!({ "idList": list, "name": name, "desc": clip(desc), "pos": "top" });
        made(&self.post("cards", body).await?).map(CardId::new)
    }

    pub async fn create_custom_field(
        &self,
        board: &BoardId,
        name: &str,
        kind: &str,
        options: &[String],
    ) -> Outcome<CustomFieldId> {
        let options: Vec<_> = options
            .iter()
            .map(|text| json!({ "value": { "text": text }, "pos": "bottom" }))
            .collect();
        let mut body = json!({ "idModel": board, "modelType": "board", "name": name, "type": kind, "pos": "bottom",
            "display_cardFront": false });
        if kind == "list" {
            body["options"] = json!(options);
        }
        made(&self.post("customFields", body).await?).map(CustomFieldId::new)
    }

    // Webhooks -------------------------------------------------------------------------------

    /// The webhooks of our account's tokens. Asked of the member, so that no token stands in a URL.
    pub async fn webhooks(&self) -> Outcome<Vec<Webhook>> {
        let value = self
            .get("members/me/tokens", &[("webhooks", "true")])
            .await?;
        let tokens = value.as_array().into_iter().flatten();
        let hooks = tokens
            .filter_map(|token| token.get("webhooks")?.as_array())
            .flatten();
        Ok(hooks.map(webhook).collect())
    }

    /// False where it stands already.
    pub async fn create_webhook(&self, board: &BoardId, callback: &str) -> Outcome<bool> {
        let body =
            json!({ "callbackURL": callback, "idModel": board, "description": Webhook::OURS });
        match self.post("webhooks", body).await {
            Err(Failure::Refused { message, .. }) if message.contains("already exists") => {
                Ok(false)
            }
            other => other.map(|_| true),
        }
    }

    pub async fn activate_webhook(&self, id: &str) -> Outcome<()> {
        self.put(&format!("webhooks/{id}"), json!({ "active": true }))
            .await
            .map(drop)
    }

    pub async fn delete_webhook(&self, id: &str) -> Outcome<()> {
        match self.delete(&format!("webhooks/{id}")).await {
            Err(Failure::Missing) => Ok(()),
            other => other.map(drop),
        }
    }
}

fn webhook(value: &Value) -> Webhook {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    Webhook {
        id: text("id").to_owned(),
        board: text("idModel").into(),
        callback: text("callbackURL").to_owned(),
        description: text("description").to_owned(),
        active: value
            .get("active")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        failures: value
            .get("consecutiveFailures")
            .and_then(Value::as_u64)
            .unwrap_or(0),
    }
}

fn made(value: &Value) -> Outcome<String> {
    let id = value.get("id").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| Failure::Unknown {
        why: "an answer without an id".into(),
    })
}

/// The wish was true already.
fn already(outcome: Outcome<Value>) -> Outcome<()> {
    match outcome {
        Err(Failure::Refused {
            status: 400,
            message,
        }) if message.contains("already") => Ok(()),
        other => other.map(drop),
    }
}

fn clip(text: &str) -> String {
    text.chars().take(TEXT_CHARS).collect()
}
