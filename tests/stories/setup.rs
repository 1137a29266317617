//! A board set up from inside Trello: looked at, a process proposed, corrected, previewed, put in force;
//! then its settings: another mode, a pause, the way back.

use crate::firm::{Firm, radio_text, says};
use crate::panel::{Answer, Panel};
use jiff::SignedDuration;
use serde_json::{Value, json};
use signalman::attach::Attach;
use signalman::engine::Watch;
use signalman::store::Store;
use signalman::web::callback_url;

/// A file as people write one by hand.
pub const SMALL: &str = include_str!("small.toml");

/// What the firm's lists are called where nobody has heard of the process.
const LISTS: [(&str, &str); 5] = [
    ("request", "Входящие"),
    ("invoice", "Счета и оплаты"),
    ("connect", "Запуск"),
    ("register", "Регистрация"),
    ("lost", "Отказы"),
];

impl Firm {
    /// The firm's board before anybody has heard of the process: its lists have names of their own.
    async fn of_old() -> Self {
        let firm = Self::unattached(radio_text()).await;
        for (stage, name) in LISTS {
            let list = firm.list(stage);
            firm.world()
                .with(|state| state.lists.get_mut(&list).unwrap().name = name.to_owned());
        }
        firm.world().forget_requests();
        firm
    }

    /// What the service sees to by itself twice a second.
    async fn looked_after(&self) {
        let mut watch = Watch::default();
        let looked = self.engine.look_round(self.now(), &mut watch);
        looked.await.unwrap();
        self.settle().await;
    }

    /// Nothing but reads was asked of Trello.
    pub fn wrote_nothing(&self) {
        let asked = self.requests();
        assert!(asked.iter().all(|one| one.starts_with("GET")), "{asked:?}");
    }
}

impl Panel<'_> {
    pub async fn setup(&self) -> Answer {
        self.get(&format!("{}/setup", self.board())).await
    }

    pub async fn post(&self, what: &str, body: Value) -> Answer {
        let path = format!("{}/setup/{what}", self.board());
        self.send(reqwest::Method::POST, &path, Some(&body), None)
            .await
    }

    pub async fn posted(&self, what: &str, body: Value) -> Value {
        let answer = self.post(what, body).await;
        assert_eq!(answer.status, 200, "{what}: {:#}", answer.body);
        answer.body
    }

    pub async fn in_force(&self) -> String {
        let setup = self.setup().await;
        setup.body["process"]["text"].as_str().unwrap().to_owned()
    }

    pub async fn version(&self) -> Value {
        self.setup().await.body["process"]["version"].clone()
    }

    pub async fn save(&self, text: &str) -> Answer {
        let over = self.version().await;
        self.post("activate", json!({ "text": text, "over": over }))
            .await
    }

    pub async fn saved(&self, text: &str) -> Value {
        let answer = self.save(text).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        answer.body["version"].clone()
    }
}

pub fn text(value: &Value) -> &str {
    value["text"].as_str().unwrap()
}

pub fn mode(mode: &str) -> Value {
    json!([{ "change": "set", "at": { "part": "file" }, "key": "mode", "value": mode }])
}

/// The proposal as the firm corrects it: who is who.
fn corrected(mut proposal: Value) -> Value {
    let people = [
        ("manager", json!(["maria_demo"])),
        ("engineer", json!(["ilya_demo", "egor_demo"])),
        ("accountant", json!(["olga_demo"])),
        ("director", json!(["denis_demo"])),
    ];
    for role in proposal["roles"].as_array_mut().unwrap() {
        let own = people.iter().find(|(key, _)| role["role"] == *key);
        role["people"] = own.unwrap().1.clone();
    }
    proposal
}

#[tokio::test]
async fn a_board_is_set_up_watched_held_paused_and_brought_back() {
    let firm = Firm::of_old().await;
    // Nobody holds the board yet.
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().forget_requests();
    let denis = Panel::of(&firm, "denis_demo");
    let setup = denis.setup().await.body;
    assert_eq!(
        (&setup["state"], &setup["mode"], &setup["process"]),
        (&json!("none"), &Value::Null, &Value::Null)
    );
    let proposed = denis.posted("propose", json!({ "ready": "shipped" })).await;
    for stage in proposed["proposal"]["stages"].as_array().unwrap() {
        let list = firm.list(stage["stage"].as_str().unwrap());
        assert_eq!(stage["list"], list, "{stage:#}");
    }
    let proposal = corrected(proposed["proposal"].clone());
    let wish = json!({ "ready": "shipped", "proposal": proposal });
    let draft = denis.posted("draft", wish).await;
    assert_eq!(draft["form"]["mode"], "watch", "it begins by watching");
    let preview = denis
        .posted("preview", json!({ "text": text(&draft) }))
        .await;
    assert_eq!(preview["troubles"], json!([]));
    let lists: Vec<_> = preview["creates"].as_array().unwrap().iter().collect();
    assert!(
        lists
            .iter()
            .all(|one| !one.as_str().unwrap().starts_with("колонка «Счёт")),
        "{lists:?}"
    );
    let cards = &preview["cards"];
    let kefir = |cards: &Value| {
        let mut wanting = cards["wanting"].as_array().unwrap().iter();
        wanting.find(|card| card["name"] == "Кефир FM").cloned()
    };
    let found = kefir(cards).unwrap();
    assert_eq!(found["stage_name"], "Запуск");
    assert_eq!(found["finding"]["ok"], false);
    says(
        &found["finding"].to_string(),
        &["item:paid", "field:contract_no"],
    );
    assert_eq!(cards["count"], cards["wanting"].as_array().unwrap().len());
    assert!(cards["of"].as_u64() > cards["count"].as_u64(), "{cards:#}");
    firm.wrote_nothing();
    assert!(firm.store.boards().await.unwrap().is_empty());

    let over = json!({ "text": text(&draft), "over": null });
    let first = denis.posted("activate", over).await["version"].clone();
    assert_eq!(first, preview["version"]);
    firm.looked_after().await;
    assert_eq!(firm.stands("kefir"), "connect", "taken as it stands");
    assert!(firm.said("kefir").is_empty());
    let setup = denis.setup().await.body;
    assert_eq!(
        (&setup["state"], &setup["mode"]),
        (&json!("active"), &json!("watch"))
    );
    assert_eq!(setup["watched"]["count"], 0);
    let hook = callback_url(&firm.url, &firm.board());
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    attach.webhook(&firm.board(), &hook).await.unwrap();
    firm.drag("gleb_demo", "kefir", "handover").await;
    assert_eq!(firm.stands("kefir"), "handover", "it only watches");
    firm.world().advance(SignedDuration::from_mins(2));
    let watched = &denis.setup().await.body["watched"];
    assert_eq!(watched["count"], 1, "{watched:#}");
    says(&watched["gates"][0]["missing"].to_string(), &["item:plays"]);

    let now = denis.in_force().await;
    let wish = json!({ "text": now, "changes": mode("enforce") });
    let change = denis.posted("change", wish).await;
    says(
        change["diff"].as_str().unwrap(),
        &["-mode = \"watch\"", "+mode = \"enforce\""],
    );
    let second = denis.saved(text(&change)).await;
    assert_ne!(first, second);
    firm.settle().await;
    firm.drag("gleb_demo", "kefir", "register").await;
    assert_eq!(firm.stands("kefir"), "handover", "now it holds");

    denis.posted("state", json!({ "state": "paused" })).await;
    firm.drag("gleb_demo", "kefir", "register").await;
    assert_eq!(
        firm.stands("kefir"),
        "register",
        "nothing is done in a pause"
    );
    assert_eq!(denis.setup().await.body["state"], "paused");
    let paused = denis
        .saved(&format!("{}\n# в паузе\n", denis.in_force().await))
        .await;
    assert_eq!(
        denis.setup().await.body["state"],
        "paused",
        "saving wakes nothing"
    );
    denis.posted("state", json!({ "state": "active" })).await;
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "handover");

    let versions = denis.setup().await.body["versions"].clone();
    let kept: Vec<_> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["version"])
        .collect();
    assert_eq!(kept, [&paused, &second, &first]);
    let path = format!(
        "{}/setup/versions/{}",
        denis.board(),
        first.as_str().unwrap()
    );
    let earlier = denis.get(&path).await.body;
    says(earlier["diff"].as_str().unwrap(), &["+mode = \"enforce\""]);
    assert_eq!(denis.saved(text(&earlier)).await, first);
    let setup = denis.setup().await.body;
    assert_eq!(
        (&setup["mode"], &setup["process"]["version"]),
        (&json!("watch"), &first)
    );
    firm.drag("gleb_demo", "kefir", "register").await;
    assert_eq!(firm.stands("kefir"), "register", "it watches again");

    denis.posted("state", json!({ "state": "detached" })).await;
    assert!(firm.world().with(|state| state.webhooks.is_empty()));
    let resumed = denis.post("state", json!({ "state": "active" })).await;
    assert_eq!((resumed.status, resumed.code()), (422, "refused"));
    denis.saved(text(&draft)).await;
    assert_eq!(
        denis.setup().await.body["state"],
        "active",
        "attached again"
    );
}

#[tokio::test]
async fn a_board_without_our_account_is_told_whom_to_add() {
    let firm = Firm::unattached(SMALL.to_owned()).await;
    let denis = Panel::of(&firm, "denis_demo");
    assert_eq!(denis.setup().await.status, 200);
    firm.observes("signalman");
    firm.world().advance(SignedDuration::from_mins(1));
    let looks = denis.setup().await;
    assert_eq!((looks.status, looks.code()), (403, "no_bot"));
    says(looks.say(), &["@signalman", "обычным участником"]);
    firm.remove("signalman");
    firm.world().advance(SignedDuration::from_mins(1));
    let english = Panel::of(&firm, "denis_demo").in_english();
    for (what, body) in [
        ("propose", json!({ "ready": "own" })),
        ("preview", json!({ "text": SMALL })),
        ("activate", json!({ "text": SMALL, "over": null })),
    ] {
        let answer = english.post(what, body).await;
        assert_eq!((answer.status, answer.code()), (403, "no_bot"), "{what}");
        says(answer.say(), &["add @signalman"]);
    }
}

#[tokio::test]
async fn a_boards_own_lists_become_a_process_that_asks_for_nothing() {
    let firm = Firm::of_old().await;
    let denis = Panel::of(&firm, "denis_demo");
    let begin = json!({ "ready": "own", "time_zone": "Asia/Yekaterinburg" });
    let proposed = denis.posted("propose", begin.clone()).await;
    let stages = proposed["proposal"]["stages"].as_array().unwrap();
    assert!(stages.iter().all(|one| one["sure"] == true), "{stages:#?}");
    let mut wish = begin;
    wish["proposal"] = proposed["proposal"].clone();
    let draft = denis.posted("draft", wish).await;
    assert_eq!(draft["text"], proposed["text"], "nothing was corrected");
    assert_eq!(draft["form"]["time_zone"], "Asia/Yekaterinburg");
    let preview = denis
        .posted("preview", json!({ "text": text(&draft) }))
        .await;
    assert_eq!(
        (
            &preview["creates"],
            &preview["troubles"],
            &preview["cards"]["wanting"]
        ),
        (&json!([]), &json!([]), &json!([]))
    );
    denis.saved(text(&draft)).await;
    firm.wrote_nothing();
}

/// Without what changes from run to run, and without the file's own text.
fn steady(answer: Answer) -> String {
    fn clean(value: &mut Value) {
        match value {
            Value::Object(all) => all.iter_mut().for_each(|(key, value)| {
                if key == "text" && value.is_string() {
                    *value = json!("(text)");
                } else if key == "list" && value.is_string() {
                    *value = json!("(list)");
                } else {
                    clean(value);
                }
            }),
            Value::Array(all) => all.iter_mut().for_each(clean),
            _ => {}
        }
    }
    let mut answer = answer;
    clean(&mut answer.body);
    crate::panel::steady(answer)
}

#[tokio::test]
async fn each_route_of_set_up_tells_this() {
    let firm = Firm::with(SMALL.to_owned()).await;
    firm.drag("gleb_demo", "kefir", "connect").await;
    let denis = Panel::of(&firm, "denis_demo");
    insta::assert_snapshot!("setup", steady(denis.setup().await));
    let changes = json!([{ "change": "set", "at": { "part": "stage", "key": "connect" }, "key": "purpose", "value": "Клиент в эфире." }]);
    let change = denis
        .post("change", json!({ "text": SMALL, "changes": changes }))
        .await;
    let changed = text(&change.body).to_owned();
    insta::assert_snapshot!("change", steady(change));
    let proposed = denis.post("propose", json!({ "ready": "shipped" })).await;
    insta::assert_snapshot!("propose", steady(proposed));
    let preview = denis.post("preview", json!({ "text": changed })).await;
    insta::assert_snapshot!("preview", steady(preview));
    insta::assert_snapshot!("activate", steady(denis.save(&changed).await));
    insta::assert_snapshot!(
        "state",
        steady(denis.post("state", json!({ "state": "paused" })).await)
    );
    let first = &firm.store.versions(&firm.board()).await.unwrap()[1]
        .version
        .0;
    let path = format!("{}/setup/versions/{first}", denis.board());
    insta::assert_snapshot!("version", steady(denis.get(&path).await));
    let missing = denis
        .get(&format!("{}/setup/versions/nothing", denis.board()))
        .await;
    assert_eq!((missing.status, missing.code()), (404, "no_such"));
}
