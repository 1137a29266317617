//! The practice Trello's things as Trello shows them in JSON. It only shows; who may see what is
//! settled before.

use super::ask::{Params, Who};
use super::model::*;
use super::state::State;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(super) use super::telling::{action, brief_board, brief_card, brief_list};

/// Milliseconds, as in every date of Trello's.
pub(super) fn date(at: Timestamp) -> String {
    format!("{at:.3}")
}

fn due(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(date(at)))
}

/// Only what `fields` names, and always the id.
pub(super) fn fields(value: Value, params: &Params) -> Value {
    let Some(wanted) = params.ids("fields") else {
        return value;
    };
    if wanted.iter().any(|field| field == "all") {
        return value;
    }
    let Value::Object(all) = value else {
        return value;
    };
    let kept = all
        .into_iter()
        .filter(|(name, _)| name == "id" || wanted.contains(name));
    Value::Object(kept.collect::<Map<_, _>>())
}

pub(super) fn member(member: &Member) -> Value {
    let initials: String = member
        .full_name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()))
        .take(2)
        .collect();
    json!({
        "id": member.id,
        "activityBlocked": false,
        "avatarHash": format!("{:0>32}", member.id),
        "avatarUrl": format!("https://trello-members.example/{}", member.id),
        "fullName": member.full_name,
        "idMemberReferrer": null,
        "initials": initials.to_uppercase(),
        "nonPublic": {},
        "nonPublicAvailable": true,
        "username": member.username,
    })
}

pub(super) fn profile(state: &State, who: &Member) -> Value {
    let mut value = member(who);
    let boards: Vec<&str> = state
        .boards
        .values()
        .filter(|board| board.people.iter().any(|place| place.member == who.id))
        .map(|board| board.id.as_str())
        .collect();
    value["idBoards"] = json!(boards);
    value["confirmed"] = json!(true);
    value["memberType"] = json!("normal");
    value["url"] = json!(format!("https://trello.com/{}", who.username));
    value["bio"] = json!("");
    value
}

fn slug(name: &str) -> String {
    let dashed: String = name
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    dashed
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

const COLORS: [&str; 10] = [
    "green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink", "black",
];

/// A board as the `model` of a webhook shows it: no lists, no cards.
pub(super) fn board_model(state: &State, board: &Board) -> Value {
    let mut names = Map::new();
    for shade in ["", "_dark", "_light"] {
        for color in COLORS {
            names.insert(format!("{color}{shade}"), json!(""));
        }
    }
    for label in state.labels.values().filter(|l| l.board == board.id) {
        if let Some(color) = &label.color
            && names.get(color) == Some(&json!(""))
        {
            names.insert(color.clone(), json!(label.name));
        }
    }
    let short = format!("https://trello.com/b/{}", board.short_link);
    json!({
        "id": board.id,
        "name": board.name,
        "desc": board.desc,
        "descData": { "emoji": {} },
        "closed": board.closed,
        "idOrganization": board.organization,
        "idEnterprise": null,
        "pinned": false,
        "url": format!("{short}/{}", slug(&board.name)),
        "shortUrl": short,
        "prefs": {
            "permissionLevel": if board.organization.is_some() { "org" } else { "private" },
            "hideVotes": false,
            "voting": "disabled",
            "comments": "members",
            "invitations": "members",
            "selfJoin": false,
            "cardCovers": true,
            "isTemplate": false,
            "cardAging": "regular",
            "calendarFeedEnabled": false,
            "hiddenPluginBoardButtons": [],
            "switcherViews": [],
            "background": "blue",
            "backgroundColor": "#0079BF",
            "backgroundImage": null,
            "backgroundImageScaled": [],
            "backgroundTile": false,
            "backgroundBrightness": "dark",
            "backgroundBottomColor": "#0079BF",
            "backgroundTopColor": "#0079BF",
            "canBePublic": true,
            "canBeEnterprise": true,
            "canBeOrg": true,
            "canBePrivate": true,
            "canInvite": true,
        },
        "labelNames": names,
    })
}

pub(super) fn board(state: &State, board: &Board) -> Value {
    let mut value = board_model(state, board);
    let memberships: Vec<Value> = board.people.iter().map(membership).collect();
    value["shortLink"] = json!(board.short_link);
    value["starred"] = json!(false);
    value["memberships"] = json!(memberships);
    value["limits"] = json!({ "cards": { "openPerBoard": { "status": "ok", "disableAt": 5000, "warnAt": 4500 } } });
    value
}

pub(super) fn membership(place: &Place) -> Value {
    let kind = match place.rank {
        Rank::Admin => "admin",
        Rank::Normal => "normal",
        Rank::Observer => "observer",
    };
    json!({
        "id": place.id,
        "idMember": place.member,
        "memberType": kind,
        "unconfirmed": false,
        "deactivated": false,
    })
}

pub(super) fn list(list: &List, who: &Who) -> Value {
    json!({
        "id": list.id,
        "name": list.name,
        "closed": list.closed,
        "color": null,
        "idBoard": list.board,
        "pos": list.pos,
        "softLimit": null,
        "subscribed": list.subscribed.contains(&who.member),
        "type": null,
        "datasource": { "filter": false },
    })
}

pub(super) fn label(label: &Label) -> Value {
    json!({
        "id": label.id,
        "idBoard": label.board,
        "name": label.name,
        "color": label.color,
        "uses": 0,
    })
}

pub(super) fn card(state: &State, card: &Card, who: &Who) -> Value {
    let lists: Vec<&Checklist> = state
        .checklists
        .values()
        .filter(|l| l.card == card.id)
        .collect();
    let items = || lists.iter().flat_map(|list| &list.items);
    let comments = state
        .actions
        .iter()
        .filter(|action| action.kind == "commentCard" && action.card.as_deref() == Some(&card.id))
        .count();
    let labels: Vec<Value> = card
        .labels
        .iter()
        .filter_map(|id| state.labels.get(id))
        .map(label)
        .collect();
    let short = format!("https://trello.com/c/{}", card.short_link);
    let states: Vec<Value> = items()
        .filter(|item| item.complete)
        .map(|item| json!({ "idCheckItem": item.id, "state": "complete" }))
        .collect();
    json!({
        "id": card.id,
        "badges": {
            "attachmentsByType": { "trello": { "board": 0, "card": 0 } },
            "externalSource": null,
            "location": false,
            "votes": 0,
            "viewingMemberVoted": false,
            "subscribed": card.subscribed.contains(&who.member),
            "fogbugz": "",
            "checkItems": items().count(),
            "checkItemsChecked": items().filter(|item| item.complete).count(),
            "checkItemsEarliestDue": null,
            "comments": comments,
            "attachments": card.attachments.len(),
            "description": !card.desc.is_empty(),
            "due": due(card.due),
            "dueComplete": card.due_complete,
            "lastUpdatedByAi": false,
            "start": due(card.start),
        },
        "checkItemStates": states,
        "closed": card.closed,
        "dueComplete": card.due_complete,
        "dateLastActivity": date(card.touched),
        "desc": card.desc,
        "descData": { "emoji": {} },
        "due": due(card.due),
        "dueReminder": null,
        "email": null,
        "idBoard": card.board,
        "idChecklists": card.checklists,
        "idList": card.list,
        "idMembers": card.members,
        "idMembersVoted": [],
        "idShort": card.number,
        "idAttachmentCover": null,
        "labels": labels,
        "idLabels": card.labels,
        "manualCoverAttachment": false,
        "name": card.name,
        "pinned": false,
        "pos": card.pos,
        "shortLink": card.short_link,
        "shortUrl": short,
        "start": due(card.start),
        "subscribed": card.subscribed.contains(&who.member),
        "url": format!("{short}/{}-{}", card.number, slug(&card.name)),
        "cover": {
            "idAttachment": null, "color": null, "idUploadedBackground": null,
            "size": "normal", "brightness": "dark", "idPlugin": null,
        },
        "isTemplate": false,
        "cardRole": null,
        "mirrorSourceId": null,
    })
}

pub(super) fn checklist(checklist: &Checklist) -> Value {
    let items: Vec<Value> = checklist.items.iter().map(|i| item(checklist, i)).collect();
    json!({
        "id": checklist.id,
        "name": checklist.name,
        "idBoard": checklist.board,
        "idCard": checklist.card,
        "pos": checklist.pos,
        "checkItems": items,
    })
}

pub(super) fn item(checklist: &Checklist, item: &CheckItem) -> Value {
    json!({
        "id": item.id,
        "name": item.name,
        "nameData": { "emoji": {} },
        "pos": item.pos,
        "due": due(item.due),
        "dueReminder": null,
        "idMember": item.member,
        "idChecklist": checklist.id,
        "state": item_state(item.complete),
    })
}

pub(super) fn item_state(complete: bool) -> &'static str {
    if complete { "complete" } else { "incomplete" }
}

pub(super) fn attachment(attachment: &Attachment) -> Value {
    json!({
        "id": attachment.id,
        "bytes": null,
        "date": date(attachment.at),
        "edgeColor": null,
        "idMember": attachment.member,
        "isMalicious": false,
        "isUpload": false,
        "mimeType": "",
        "name": attachment.name,
        "previews": [],
        "url": attachment.url,
        "pos": attachment.pos,
        "fileName": null,
    })
}

pub(super) fn custom_field(field: &CustomField) -> Value {
    let mut value = json!({
        "id": field.id,
        "idModel": field.board,
        "modelType": "board",
        "fieldGroup": format!("{:0>64}", field.id),
        "display": { "cardFront": field.card_front },
        "name": field.name,
        "pos": field.pos,
        "type": field.kind,
        "isSuggestedField": false,
    });
    if field.kind == "list" {
        let options: Vec<Value> = field.options.iter().map(|o| option(field, o)).collect();
        value["options"] = json!(options);
    }
    value
}

pub(super) fn option(field: &CustomField, option: &CustomOption) -> Value {
    json!({
        "id": option.id,
        "idCustomField": field.id,
        "value": { "text": option.text },
        "color": option.color,
        "pos": option.pos,
    })
}

/// As it is read. A chosen option stands alone, without a `value`.
pub(super) fn custom_value(card: &str, field: &str, value: &CustomValue) -> Value {
    let mut shown = json!({
        "id": value.id,
        "idCustomField": field,
        "idModel": card,
        "modelType": "card",
    });
    match &value.option {
        Some(option) => shown["idValue"] = json!(option),
        None => shown["value"] = value.value.clone(),
    }
    shown
}

pub(super) fn webhook(hook: &Webhook) -> Value {
    json!({
        "id": hook.id,
        "description": hook.description,
        "idModel": hook.model,
        "callbackURL": hook.callback,
        "active": hook.active,
        "consecutiveFailures": hook.failures,
        "firstConsecutiveFailDate": due(hook.first_failure),
    })
}

pub(super) fn token(state: &State, token: &Token, with_webhooks: bool) -> Value {
    let app = state.apps.get(&token.app);
    let mut value = json!({
        "id": token.id,
        "identifier": app.map(|app| app.name.clone()),
        "idMember": token.member,
        "dateCreated": date(token.created),
        "dateExpires": due(token.expires),
        "permissions": [
            { "idModel": token.member, "modelType": "Member", "read": true, "write": token.write },
            { "idModel": "*", "modelType": "Board", "read": true, "write": token.write },
        ],
    });
    if with_webhooks {
        value["webhooks"] = json!(webhooks_of(state, token));
    }
    value
}

pub(super) fn webhooks_of(state: &State, token: &Token) -> Vec<Value> {
    state
        .webhooks
        .values()
        .filter(|hook| hook.token == token.token)
        .map(webhook)
        .collect()
}
