//! Trello's action, as a webhook or an action list tells it, to an event. Unknown types and missing
//! fields are normal and become `Other`; only an action without an id or a date is an error.

use super::pick::Picked;
use crate::model::{
    ActionId, Actor, AppId, Appeared, BoardId, CardId, CheckItemId, ChecklistId, CustomFieldId,
    Event, EventKind, LabelId, Left, ListId, MemberId, redact,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Delivery {
    action: Option<Picked>,
}

/// The event in a webhook's delivery.
pub fn delivered(body: &[u8]) -> Result<Event, String> {
    let delivery: Delivery =
        serde_json::from_slice(body).map_err(|error| format!("not JSON: {error}"))?;
    event(delivery.action.ok_or("no action in it")?.0)
}

/// What looks like a password is cut out here, for every event there is comes this way.
pub fn event(mut action: Value) -> Result<Event, String> {
    redact::cut_json(&mut action);
    let action = &action;
    let id = text(action, &["id"]).ok_or("an action without an id")?;
    let date = text(action, &["date"]).ok_or_else(|| format!("action {id} has no date"))?;
    let at: Timestamp = date
        .parse()
        .map_err(|_| format!("action {id} has a date that is none: {date}"))?;
    Ok(Event {
        id: ActionId::new(id),
        at,
        actor: actor(action),
        kind: kind(action),
    })
}

fn actor(action: &Value) -> Actor {
    let own = |name: &str| {
        text(action, &["memberCreator", name])
            .unwrap_or_default()
            .to_owned()
    };
    let present = |name: &str| action.get(name).is_some_and(|value| !value.is_null());
    Actor {
        member: text(action, &["idMemberCreator"]).map(MemberId::from),
        username: own("username"),
        name: own("fullName"),
        app: text(action, &["appCreator", "id"]).map(AppId::from),
        agent: present("agenticIdentity"),
    }
}

/// The kind of event, or `Other` where the type is not known or what it needs is not there.
fn kind(action: &Value) -> EventKind {
    let name = text(action, &["type"]).unwrap_or("unknown");
    let data = Data(action.get("data").unwrap_or(&Value::Null));
    const MEMBERS: [&str; 6] = [
        "addMemberToBoard",
        "removeMemberFromBoard",
        "makeObserverOfBoard",
        "makeNormalMemberOfBoard",
        "makeAdminOfBoard",
        "deactivatedMemberInBoard",
    ];
    if MEMBERS.contains(&name) {
        return EventKind::MembersChanged;
    }
    let known = match name {
        "updateCard" => card_updated(data),
        "updateCheckItemStateOnCard"
        | "createCheckItem"
        | "updateCheckItem"
        | "deleteCheckItem" => item(name, data),
        "updateList" | "moveListToBoard" | "moveListFromBoard" => list(name, data),
        _ => card(name, data),
    };
    known.unwrap_or_else(|| EventKind::Other {
        card: data.card(),
        action: name.to_owned(),
    })
}

#[derive(Clone, Copy)]
struct Data<'a>(&'a Value);

impl<'a> Data<'a> {
    fn text(self, path: &[&str]) -> Option<&'a str> {
        text(self.0, path)
    }
    fn owned(self, path: &[&str]) -> String {
        self.text(path).unwrap_or_default().to_owned()
    }
    fn card(self) -> Option<CardId> {
        self.text(&["card", "id"]).map(CardId::from)
    }
    fn list(self) -> Option<ListId> {
        self.text(&["list", "id"])
            .or_else(|| self.text(&["card", "idList"]))
            .map(ListId::from)
    }
    fn old(self, field: &str) -> Option<&'a Value> {
        self.0.get("old")?.get(field)
    }
}

/// Trello tells one action for each changed field, and puts the earlier value into `old`.
fn card_updated(data: Data) -> Option<EventKind> {
    let card = data.card()?;
    let name = data.owned(&["card", "name"]);
    if let Some(from) = data.old("idList").and_then(Value::as_str) {
        let to = data
            .text(&["listAfter", "id"])
            .or_else(|| data.text(&["card", "idList"]))?;
        return Some(EventKind::CardMoved {
            card,
            name,
            from: from.into(),
            to: to.into(),
        });
    }
    if let Some(closed) = data.old("closed").and_then(Value::as_bool) {
        let list = data.list();
        let how = Appeared::Unarchived;
        return Some(if closed {
            EventKind::CardAppeared {
                card,
                name,
                list,
                how,
            }
        } else {
            EventKind::CardArchived { card, name, list }
        });
    }
    if let Some(old_pos) = data.old("pos").and_then(Value::as_f64) {
        let pos = data.0.get("card")?.get("pos")?.as_f64()?;
        return Some(EventKind::CardPlaced {
            card,
            list: data.list()?,
            old_pos,
            pos,
        });
    }
    if let Some(old) = data.old("desc") {
        let desc = data.owned(&["card", "desc"]);
        return Some(EventKind::CardDescribed {
            card,
            old: old.as_str().map(str::to_owned),
            desc,
        });
    }
    data.old("name")
        .map(|_| EventKind::CardRenamed { card, name })
}

fn card(action: &str, data: Data) -> Option<EventKind> {
    let card = data.card()?;
    let appeared = |how| {
        let name = data.owned(&["card", "name"]);
        Some(EventKind::CardAppeared {
            card: card.clone(),
            name,
            list: data.list(),
            how,
        })
    };
    match action {
        "createCard" => appeared(Appeared::Created),
        "copyCard" => appeared(Appeared::Copied),
        "convertToCardFromCheckItem" => appeared(Appeared::ConvertedFromItem),
        "emailCard" => appeared(Appeared::Emailed),
        "moveCardToBoard" => appeared(Appeared::FromBoard),
        "moveCardFromBoard" => {
            let to = data
                .text(&["boardTarget", "id"])
                .map_or_else(|| BoardId::new(""), BoardId::from);
            Some(EventKind::CardLeft {
                card,
                how: Left::ToBoard(to),
            })
        }
        "deleteCard" => Some(EventKind::CardLeft {
            card,
            how: Left::Deleted,
        }),
        "commentCard" => Some(EventKind::Commented {
            card,
            text: data.text(&["text"])?.to_owned(),
        }),
        "addChecklistToCard" | "removeChecklistFromCard" => {
            let (checklist, name) = checklist(data)?;
            Some(if action == "addChecklistToCard" {
                EventKind::ChecklistAdded {
                    card,
                    checklist,
                    name,
                }
            } else {
                EventKind::ChecklistRemoved {
                    card,
                    checklist,
                    name,
                }
            })
        }
        "addLabelToCard" | "removeLabelFromCard" => {
            let label = LabelId::from(
                data.text(&["label", "id"])
                    .or_else(|| data.text(&["idLabel"]))?,
            );
            Some(EventKind::LabelPut {
                card,
                label,
                on: action == "addLabelToCard",
            })
        }
        "addMemberToCard" | "removeMemberFromCard" => {
            let member = data
                .text(&["idMember"])
                .or_else(|| data.text(&["member", "id"]))?;
            Some(EventKind::MemberPut {
                card,
                member: member.into(),
                on: action == "addMemberToCard",
            })
        }
        "addAttachmentToCard" | "deleteAttachmentFromCard" => {
            let attachment = data.text(&["attachment", "id"])?.into();
            let name = data.owned(&["attachment", "name"]);
            Some(EventKind::Attached {
                card,
                attachment,
                name,
                on: action == "addAttachmentToCard",
            })
        }
        "updateCustomFieldItem" => {
            let field = CustomFieldId::from(data.text(&["customField", "id"])?);
            let name = data.owned(&["customField", "name"]);
            let item = data.0.get("customFieldItem")?;
            let value = custom_value(item);
            let old = data.0.get("old").and_then(custom_value);
            Some(EventKind::CustomFieldSet {
                card,
                field,
                name,
                old,
                value,
            })
        }
        _ => None,
    }
}

/// The text of a Custom Field's value; a list's value is its option's id.
fn custom_value(item: &Value) -> Option<String> {
    let value = item.get("value").and_then(Value::as_object);
    let typed = value.and_then(|value| value.values().find_map(Value::as_str));
    typed
        .or_else(|| item.get("idValue").and_then(Value::as_str))
        .map(str::to_owned)
}

fn checklist(data: Data) -> Option<(ChecklistId, String)> {
    Some((
        data.text(&["checklist", "id"])?.into(),
        data.owned(&["checklist", "name"]),
    ))
}

fn item(action: &str, data: Data) -> Option<EventKind> {
    let card = data.card()?;
    let (checklist, _) = checklist(data)?;
    let item = CheckItemId::from(data.text(&["checkItem", "id"])?);
    let name = data.owned(&["checkItem", "name"]);
    let complete = data.text(&["checkItem", "state"]) == Some("complete");
    Some(match action {
        "updateCheckItemStateOnCard" => EventKind::ItemTicked {
            card,
            checklist,
            item,
            name,
            complete,
        },
        "createCheckItem" => EventKind::ItemAdded {
            card,
            checklist,
            item,
            name,
            complete,
        },
        "deleteCheckItem" => EventKind::ItemDeleted {
            card,
            checklist,
            item,
            name,
        },
        _ => {
            let old = data.old("name")?.as_str()?.to_owned();
            EventKind::ItemRenamed {
                card,
                checklist,
                item,
                old,
                name,
            }
        }
    })
}

fn list(action: &str, data: Data) -> Option<EventKind> {
    let list = ListId::from(data.text(&["list", "id"])?);
    let name = data.owned(&["list", "name"]);
    match action {
        "moveListToBoard" => Some(EventKind::ListArrived { list, name }),
        "moveListFromBoard" => {
            let to = data.owned(&["boardTarget", "id"]).as_str().into();
            Some(EventKind::ListLeft { list, name, to })
        }
        _ => match (
            data.old("closed").and_then(Value::as_bool),
            data.old("name"),
        ) {
            (Some(true), _) => Some(EventKind::ListRestored { list, name }),
            (Some(false), _) => Some(EventKind::ListArchived { list, name }),
            (None, Some(_)) => Some(EventKind::ListRenamed { list, name }),
            (None, None) => None,
        },
    }
}

fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter()
        .try_fold(value, |value, key| value.get(key))?
        .as_str()
        .filter(|text| !text.is_empty())
}
