//! A board set up from inside Trello: looked at, a process proposed, corrected, previewed, put in force;
//! then its settings: another mode, a pause, the way back.

use crate::firm::{Firm, radio_text, says};
use crate::panel::{Answer, Panel};
use axum::{Json, Router, routing::post};
use jiff::SignedDuration;
use serde_json::{Value, json};
use signalman::attach::Attach;
use signalman::engine::{Engine, Options, Watch, Weeks};
use signalman::sandbox::Rank;
use signalman::store::{Sqlite, Store};
use signalman::web::callback_url;
use std::sync::{Arc, Mutex};
use url::Url;

/// A file as people write one by hand.
const SMALL: &str = include_str!("small.toml");

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
    fn wrote_nothing(&self) {
        let asked = self.requests();
        assert!(asked.iter().all(|one| one.starts_with("GET")), "{asked:?}");
    }
}

impl Panel<'_> {
    async fn setup(&self) -> Answer {
        self.get(&format!("{}/setup", self.board())).await
    }

    pub async fn post(&self, what: &str, body: Value) -> Answer {
        let path = format!("{}/setup/{what}", self.board());
        self.send(reqwest::Method::POST, &path, Some(&body), None)
            .await
    }

    async fn posted(&self, what: &str, body: Value) -> Value {
        let answer = self.post(what, body).await;
        assert_eq!(answer.status, 200, "{what}: {:#}", answer.body);
        answer.body
    }

    async fn in_force(&self) -> String {
        let setup = self.setup().await;
        setup.body["process"]["text"].as_str().unwrap().to_owned()
    }

    async fn version(&self) -> Value {
        self.setup().await.body["process"]["version"].clone()
    }

    async fn save(&self, text: &str) -> Answer {
        let over = self.version().await;
        self.post("activate", json!({ "text": text, "over": over }))
            .await
    }

    async fn saved(&self, text: &str) -> Value {
        let answer = self.save(text).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        answer.body["version"].clone()
    }
}

fn text(value: &Value) -> &str {
    value["text"].as_str().unwrap()
}

fn mode(mode: &str) -> Value {
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

#[tokio::test]
async fn each_monday_the_owner_hears_once_what_watching_let_through() {
    let mut firm = Firm::with(SMALL.to_owned()).await;
    let heard: Arc<Mutex<Vec<Value>>> = Arc::default();
    let kept = Arc::clone(&heard);
    let hear = move |Json(body): Json<Value>| async move { kept.lock().unwrap().push(body) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/news", listener.local_addr().unwrap());
    let router = Router::new().route("/news", post(hear));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let options = || Options {
        news_url: Some(Url::parse(&url).unwrap()),
        ..Options::default()
    };
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    let begin = || {
        Arc::new(Engine::new(
            Arc::clone(&store),
            Arc::clone(&firm.trello),
            options(),
        ))
    };
    let (engine, again) = (begin(), begin());
    firm.engine = engine;
    let count = || heard.lock().unwrap().len();
    let hours = async |count: i64| {
        firm.world().advance(SignedDuration::from_hours(count));
        firm.settle().await;
    };
    let mut weeks = Weeks::default();
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    assert_eq!(count(), 0, "it has watched for no week yet");
    firm.drag("gleb_demo", "kefir", "connect").await;
    let zone = firm.process.time_zone.clone();
    let local = || zone.to_datetime(firm.now());
    let monday = |hour: i8| {
        let local = local();
        local.date().weekday() == jiff::civil::Weekday::Monday && local.hour() == hour
    };
    hours(1).await;
    while !monday(8) {
        hours(1).await;
        firm.engine
            .tell_weeks(firm.now(), &mut weeks)
            .await
            .unwrap();
        assert_eq!(count(), 0, "{}", local());
    }
    hours(1).await;
    firm.world().forget_requests();
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    assert_eq!(count(), 1, "work begins at nine");
    let told = heard.lock().unwrap()[0]["text"]
        .as_str()
        .unwrap()
        .to_owned();
    says(&told, &["1 переход", "«Подключение»", "Номер договора (1)"]);
    // The service restarts, and so it does again on Wednesday.
    again
        .tell_weeks(firm.now(), &mut Weeks::default())
        .await
        .unwrap();
    hours(48).await;
    again
        .tell_weeks(firm.now(), &mut Weeks::default())
        .await
        .unwrap();
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    assert_eq!(count(), 1);
    hours(5 * 24).await;
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    again
        .tell_weeks(firm.now(), &mut Weeks::default())
        .await
        .unwrap();
    assert_eq!(count(), 2, "the next Monday");
    let told = heard.lock().unwrap()[1]["text"]
        .as_str()
        .unwrap()
        .to_owned();
    says(&told, &["ни одна карточка"]);
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
