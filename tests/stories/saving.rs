//! A process file changed from inside Trello: what is kept of it, who may save, and when nothing is saved.

use crate::firm::{Firm, says};
use crate::panel::Panel;
use crate::setup::{SMALL, mode, text};
use serde_json::json;
use signalman::sandbox::Rank;
use signalman::store::Store;

#[tokio::test]
async fn a_hand_written_file_keeps_every_comment() {
    let firm = Firm::with(SMALL.to_owned()).await;
    let denis = Panel::of(&firm, "denis_demo");
    let changes = json!([
        { "change": "set", "at": { "part": "stage", "key": "contract" }, "key": "limit", "value": "16h" },
        { "change": "set", "at": { "part": "seed", "stage": "contract" }, "key": "checklists", "value": ["deal"] },
        { "change": "add", "to": { "list": "need", "stage": "connect" }, "what": { "item": "paid" } },
        { "change": "rename", "at": { "part": "role", "key": "boss" }, "to": "head" },
    ]);
    let wish = json!({ "text": denis.in_force().await, "changes": changes });
    let change = denis.posted("change", wish).await;
    assert_eq!(change["mistakes"], json!([]));
    denis.saved(text(&change)).await;
    let saved = denis.in_force().await;
    for line in SMALL.lines().filter(|line| line.contains('#')) {
        let comment = &line[line.find('#').unwrap()..];
        assert!(saved.contains(comment), "{comment}\n{saved}");
    }
    says(
        &saved,
        &["limit = \"16h\"", "item = \"paid\"", "owner = \"head\""],
    );
    assert!(!saved.contains("\"boss\""), "{saved}");
}

#[tokio::test]
async fn whoever_is_no_admin_looks_and_tries_and_saves_nothing() {
    let firm = Firm::with(SMALL.to_owned()).await;
    let gleb = Panel::of(&firm, "gleb_demo");
    let setup = gleb.setup().await.body;
    assert_eq!(setup["you"]["admin"], false);
    let wish = json!({ "text": SMALL, "changes": mode("enforce") });
    let change = gleb.posted("change", wish).await;
    gleb.posted("preview", json!({ "text": text(&change) }))
        .await;
    let before = firm.store.board(&firm.board()).await.unwrap();
    let lists = || firm.world().with(|state| state.lists.len());
    let there = lists();
    for (what, body) in [
        (
            "activate",
            json!({ "text": text(&change), "over": setup["process"]["version"] }),
        ),
        ("state", json!({ "state": "paused" })),
        ("state", json!({ "state": "detached" })),
    ] {
        let refused = gleb.post(what, body).await;
        assert_eq!((refused.status, refused.code()), (403, "may_not"), "{what}");
        says(refused.say(), &["администратор"]);
    }
    assert_eq!(firm.store.board(&firm.board()).await.unwrap(), before);
    assert_eq!(lists(), there);
    firm.wrote_nothing();
    // Whoever was an admin a moment ago saves no more either.
    let denis = Panel::of(&firm, "denis_demo");
    assert_eq!(denis.setup().await.body["you"]["admin"], true);
    firm.ranks("denis_demo", Rank::Normal);
    let refused = denis.save(text(&change)).await;
    assert_eq!((refused.status, refused.code()), (403, "may_not"));
    assert_eq!(firm.store.board(&firm.board()).await.unwrap(), before);
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    let firm = Firm::with(SMALL.to_owned()).await;
    firm.ranks("gleb_demo", Rank::Admin);
    let (denis, gleb) = (
        Panel::of(&firm, "denis_demo"),
        Panel::of(&firm, "gleb_demo"),
    );
    let over = denis.version().await;
    let list = |name: &str| {
        let text = SMALL.replace("name = \"Договор\"", &format!("name = \"{name}\""));
        json!({ "text": text, "over": over })
    };
    firm.world().forget_requests();
    let (one, other) = tokio::join!(
        denis.post("activate", list("Счёт и оплата")),
        gleb.post("activate", list("Подписываем договор"))
    );
    let (won, lost) = match one.status {
        200 => (one, other),
        _ => (other, one),
    };
    assert_eq!(
        (won.status, lost.status, lost.code()),
        (200, 409, "conflict")
    );
    says(lost.say(), &["кто-то другой"]);
    assert_eq!(denis.version().await, won.body["version"]);
    assert_eq!(firm.store.versions(&firm.board()).await.unwrap().len(), 2);
    // And whoever comes an hour later with what he saw then.
    let late = gleb.post("activate", list("Подписываем договор")).await;
    let same = won.body["version"] == denis.version().await;
    assert!(
        late.status == 409 && same || late.status == 200,
        "{:#}",
        late.body
    );
}

#[tokio::test]
async fn a_file_with_mistakes_is_shown_where_they_are_and_never_saved() {
    let firm = Firm::with(SMALL.to_owned()).await;
    let denis = Panel::of(&firm, "denis_demo");
    let owner = |owner: &str| {
        format!(
            "Договариваемся.\"
owner = \"{owner}\""
        )
    };
    let broken = SMALL.replace(&owner("boss"), &owner("bos"));
    assert_ne!(broken, SMALL);
    let line = broken
        .lines()
        .position(|line| line.contains("\"bos\""))
        .unwrap()
        + 1;
    let over = denis.version().await;
    for (what, body) in [
        ("preview", json!({ "text": broken })),
        ("activate", json!({ "text": broken, "over": over })),
        ("change", json!({ "text": "name = ", "changes": [] })),
    ] {
        let answer = denis.post(what, body).await;
        assert_eq!((answer.status, answer.code()), (422, "mistakes"), "{what}");
        let mistake = &answer.body["error"]["mistakes"][0];
        assert_eq!(mistake["warning"], false);
        if what == "change" {
            assert_eq!(mistake["line"], 1, "{mistake:#}");
            continue;
        }
        assert_eq!(
            (&mistake["line"], &mistake["column"]),
            (&json!(line), &json!(9)),
            "{mistake:#}"
        );
        says(mistake["mend"].as_str().unwrap(), &["boss"]);
    }
    assert_eq!(denis.version().await, over);
    // In the middle of a form it is shown with what is left to do.
    let gone = json!([{ "change": "set", "at": { "part": "stage", "key": "contract" }, "key": "owner", "value": "bos" }]);
    let change = denis
        .posted("change", json!({ "text": SMALL, "changes": gone }))
        .await;
    assert_eq!(change["form"]["stage"][1]["owner"], "bos");
    assert_eq!(change["mistakes"][0]["line"], line);
    // What cannot be done is told as such.
    let role = json!([{ "change": "remove", "at": { "part": "role", "key": "boss" } }]);
    let refused = denis
        .post("change", json!({ "text": SMALL, "changes": role }))
        .await;
    assert_eq!((refused.status, refused.code()), (422, "refused"));
    says(refused.say(), &["директор", "используется"]);
}

#[tokio::test]
async fn what_is_in_the_way_is_told_before_anything_is_created() {
    let firm = Firm::with(SMALL.to_owned()).await;
    firm.drag("gleb_demo", "kefir", "contract").await;
    firm.world().forget_requests();
    let denis = Panel::of(&firm, "denis_demo");
    let gone = SMALL
        .replace("\"contract\"", "\"deal\"")
        .replace("name = \"Договор\"", "name = \"Сделка\"");
    let held = gone
        .replace("mode = \"watch\"", "mode = \"enforce\"")
        .replace("people = [\"denis_demo\"]", "people = [\"nobody_here\"]");
    let preview = denis.posted("preview", json!({ "text": held })).await;
    assert_eq!(preview["orphans"][0]["stage"], "Договор", "{preview:#}");
    let told = preview["troubles"].to_string();
    says(&told, &["@nobody_here", "«директор»"]);
    says(&preview["creates"].to_string(), &["колонка «Сделка»"]);
    let refused = denis.save(&held).await;
    assert_eq!((refused.status, refused.code()), (422, "refused"));
    let told = refused.body["error"]["troubles"].to_string();
    says(
        &told,
        &["@nobody_here", "«директор»", "«Договор» 1 карточка"],
    );
    firm.wrote_nothing();
}

#[tokio::test]
async fn what_is_too_long_is_not_read() {
    let firm = Firm::with(SMALL.to_owned()).await;
    let denis = Panel::of(&firm, "denis_demo");
    let long = format!("{SMALL}# {}\n", "я".repeat(400_000));
    denis.posted("preview", json!({ "text": long })).await;
    let longer = format!("{SMALL}# {}\n", "я".repeat(600_000));
    for what in ["change", "preview", "activate"] {
        let body = json!({ "text": longer, "changes": [], "over": null });
        let answer = denis.post(what, body).await;
        assert_eq!((answer.status, answer.code()), (413, "too_large"), "{what}");
    }
    let answer = denis.post("state", json!({ "state": "asleep" })).await;
    assert_eq!((answer.status, answer.code()), (400, "bad_request"));
}
