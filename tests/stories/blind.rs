//! Boards that cannot be seen or written on: told once, by every way that is open, and nothing on
//! them is taken for empty or gone.

use crate::figures::{Lines, shown, value};
use crate::firm::{Firm, in_custom_fields, radio_text, says};
use crate::messages::{Hook, person};
use crate::panel::Panel;
use crate::sweeps::watched;
use axum::http::StatusCode;
use axum::{Json, Router, routing::post};
use jiff::SignedDuration;
use serde_json::{Value, json};
use signalman::engine::{Engine, Options, Watch};
use signalman::sandbox::Rank;
use signalman::store::{BoardState, Sqlite, Start, Store};
use signalman::target::Secrets;
use std::sync::{Arc, Mutex};
use url::Url;

/// What is posted to the owner's address.
#[derive(Clone, Default)]
struct Post(Arc<Mutex<Vec<String>>>);

impl Post {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
    async fn of(firm: &mut Firm) -> Self {
        let post_box = Self::default();
        let kept = post_box.clone();
        let hear = move |Json(body): Json<Value>| async move {
            let text = body["text"].as_str().unwrap().to_owned();
            kept.0.lock().unwrap().push(text);
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/news", listener.local_addr().unwrap());
        let router = Router::new().route("/news", post(hear));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let options = Options {
            news_url: Some(Url::parse(&url).unwrap()),
            ..Options::default()
        };
        let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
        firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
        post_box
    }
}

impl Firm {
    /// Several rounds over the boards, a few minutes in all.
    async fn rounds(&self, watch: &mut Watch) {
        for _ in 0..4 {
            self.world().delivered().await;
            self.world().advance(SignedDuration::from_secs(100));
            self.engine.look_round(self.now(), watch).await.unwrap();
            self.world().delivered().await;
            self.engine.drain(self.now()).await.unwrap();
        }
    }
    async fn blind_boards(&self, reason: &str) -> f64 {
        let (_, text) = shown(self, "/metrics").await;
        value(&text, "signalman_blind_boards", &[("reason", reason)]).unwrap()
    }
    /// Somebody, by id, or our own account.
    pub fn leaves(&self, member: &str) {
        self.world().with(|state| {
            let board = state.boards.get_mut(&self.demo.board).unwrap();
            board.people.retain(|place| place.member != member);
        });
    }
    fn rank(&self, rank: Rank) {
        let (board, bot) = (&self.demo.board, &self.demo.bot);
        self.world().join(board, bot, rank);
    }
    fn custom_fields(&self, on: bool) {
        let board = &self.demo.board;
        self.world()
            .with(|state| state.boards.get_mut(board).unwrap().custom_fields = on);
    }
}

#[tokio::test]
async fn a_revoked_token_is_told_once_outside_and_once_when_it_is_over() {
    let mut firm = Firm::open().await;
    let heard = Post::of(&mut firm).await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    let lines = Lines::taken();
    firm.push("gleb_demo", "boot", "left");
    firm.world().delivered().await;
    let tokens = firm.world().with(|state| std::mem::take(&mut state.tokens));
    firm.rounds(&mut watch).await;
    assert_eq!(heard.all().len(), 1, "{:?}", heard.all());
    says(&heard.all()[0], &["токен", "TRELLO_TOKEN"]);
    assert!((firm.blind_boards("token").await - 1.0).abs() < 0.1);
    let (status, body) = shown(&firm, "/readyz").await;
    assert_eq!(status, StatusCode::OK, "it holds up nobody");
    says(&body, &["blind", &firm.demo.board, "token"]);
    let log = lines.all();
    let errors = log.iter().filter(|line| line.field("reason") == "token");
    assert_eq!(errors.count(), 1);
    firm.push("gleb_demo", "kefir", "left");
    firm.world().delivered().await;
    for _ in 0..400 {
        firm.world().advance(SignedDuration::from_mins(6));
        firm.engine.drain(firm.now()).await.unwrap();
    }
    assert_eq!(firm.store.dead(None).await.unwrap().len(), 0, "it waits");
    firm.world().with(|state| state.tokens = tokens);
    firm.rounds(&mut watch).await;
    firm.settle().await;
    assert!(firm.blind_boards("token").await < 0.1);
    assert_eq!(firm.stands("kefir"), "contract", "caught up with");
    assert_eq!(
        firm.stands("boot"),
        "invoice",
        "told before, and not buried"
    );
    let seen = firm.news();
    let seen: Vec<_> = seen.iter().filter(|text| text.contains("снова")).collect();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(shown(&firm, "/readyz").await.1, "ready\n");
}

#[tokio::test]
async fn a_board_that_the_account_was_taken_off_is_blind_and_its_cards_are_not_gone() {
    let mut firm = Firm::open().await;
    let heard = Post::of(&mut firm).await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.leaves(&firm.demo.bot);
    firm.push("gleb_demo", "alarm", "lost");
    firm.rounds(&mut watch).await;
    assert!((firm.blind_boards("not_on_board").await - 1.0).abs() < 0.1);
    says(&heard.all().join("\n"), &["учётной записи на ней нет"]);
    assert!(!firm.memory("alarm").await.gone);
    firm.rank(Rank::Normal);
    firm.rounds(&mut watch).await;
    firm.settle().await;
    assert_eq!(firm.stands("alarm"), "connect");
    assert_eq!(
        firm.memory("alarm").await.standing.unwrap().stage,
        "connect".into()
    );
}

#[tokio::test]
async fn a_page_says_that_the_board_is_not_seen_any_more_and_comes_back() {
    let firm = Firm::open().await;
    let gleb = Panel::of(&firm, "gleb_demo");
    let page = format!("{}/cards/{}", gleb.board(), firm.demo.cards["kefir"]);
    assert_eq!(gleb.get(&page).await.status, 200);
    firm.leaves(&firm.demo.bot);
    firm.world().advance(SignedDuration::from_secs(60));
    let answer = gleb.get(&page).await;
    assert_eq!((answer.status, answer.code()), (503, "blind"));
    says(answer.say(), &["не видит эту доску", "пригласит её снова"]);
    firm.rank(Rank::Normal);
    firm.world().advance(SignedDuration::from_secs(60));
    assert_eq!(gleb.get(&page).await.status, 200);
}

#[tokio::test]
async fn one_blind_board_holds_up_no_other() {
    let firm = Firm::open().await;
    let mut active = firm
        .store
        .board(&firm.board())
        .await
        .unwrap()
        .unwrap()
        .active
        .clone();
    // It comes first in every round.
    let gone: signalman::model::BoardId = "000000000000000000000001".into();
    active.bindings.board = gone.clone();
    let start = Start::Afresh {
        cards: Vec::new(),
        after: None,
    };
    firm.store
        .activate(&gone, active, start, firm.now())
        .await
        .unwrap();
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.unheard(|firm| firm.push("gleb_demo", "kefir", "left"))
        .await;
    firm.world().advance(SignedDuration::from_secs(10));
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("kefir"), "contract");
    let blind = firm.engine.health().blind;
    assert_eq!(blind.keys().collect::<Vec<_>>(), [&gone]);
}

#[tokio::test]
async fn an_observer_is_told_of_and_what_it_could_not_do_is_done_afterwards() {
    let mut firm = Firm::open().await;
    let heard = Post::of(&mut firm).await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.rank(Rank::Observer);
    firm.push("gleb_demo", "kefir", "left");
    firm.rounds(&mut watch).await;
    assert_eq!(firm.stands("kefir"), "left");
    assert_eq!(heard.all().len(), 1, "{:?}", heard.all());
    says(&heard.all()[0], &["наблюдател"]);
    assert!((firm.blind_boards("observer").await - 1.0).abs() < 0.1);
    for _ in 0..60 {
        firm.world().advance(SignedDuration::from_mins(61));
        firm.rounds(&mut watch).await;
    }
    assert_eq!(heard.all().len(), 1, "once, and not each round");
    assert_eq!(firm.store.dead(None).await.unwrap().len(), 0, "it waits");
    firm.rank(Rank::Normal);
    firm.rounds(&mut watch).await;
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert!(firm.blind_boards("observer").await < 0.1);
}

/// The firm with its fields in Trello's Custom Fields and a webhook that is looked after.
async fn with_custom_fields() -> Firm {
    let mut firm = Firm::with(in_custom_fields()).await;
    let options = Options {
        public_url: Some(firm.url.clone()),
        ..Options::default()
    };
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
    firm
}

#[tokio::test]
async fn while_custom_fields_are_off_nothing_is_judged_empty() {
    let firm = with_custom_fields().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    let field = |name: &str| {
        firm.world().with(|state| {
            let mut fields = state.fields.values();
            fields.find(|field| field.name == name).unwrap().id.clone()
        })
    };
    for (name, value) in [
        ("Технический контакт", "Зоя"),
        ("Почта контакта", "zoya@chainik.example"),
    ] {
        let path = format!(
            "cards/{}/customField/{}/item",
            firm.id("teapot"),
            field(name)
        );
        let value = json!({ "value": { "text": value } });
        firm.hand("maria_demo").put(&path, value).unwrap();
    }
    firm.settle().await;
    let new = firm.create("maria_demo", "request", "Радио Примус").await;
    firm.custom_fields(false);
    firm.push("maria_demo", "teapot", "details");
    firm.push("maria_demo", &new, "details");
    firm.rounds(&mut watch).await;
    for card in ["teapot", new.as_str()] {
        assert_eq!(firm.stands(card), "details", "it waits where it is");
        assert_eq!(firm.said(card), [""; 0]);
        assert_eq!(firm.standing(card).await, "request");
    }
    let news = firm.news();
    assert_eq!(news.len(), 1, "{news:?}");
    says(&news[0], &["@denis_demo", "Custom Fields", "ждут"]);
    assert!((firm.blind_boards("custom_fields").await - 1.0).abs() < 0.1);
    firm.custom_fields(true);
    firm.rounds(&mut watch).await;
    firm.settle().await;
    assert_eq!(firm.stands("teapot"), "details", "its fields are filled");
    assert_eq!(firm.standing("teapot").await, "details");
    assert_eq!(firm.stands(&new), "request", "its fields are empty indeed");
    says(&firm.news().join("\n"), &["снова на доске"]);
}

#[tokio::test]
async fn a_push_is_not_judged_by_fields_that_went_off_a_moment_ago() {
    let firm = with_custom_fields().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.custom_fields(false);
    firm.push("maria_demo", "teapot", "details");
    firm.world().delivered().await;
    firm.world().advance(SignedDuration::from_secs(1));
    firm.engine.drain(firm.now()).await.unwrap();
    assert_eq!(firm.stands("teapot"), "details");
    assert_eq!(firm.said("teapot"), [""; 0]);
    firm.custom_fields(true);
    firm.world().advance(SignedDuration::from_secs(61));
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("teapot"), "request", "judged within a minute");
}

#[tokio::test]
async fn a_sweep_asks_nobody_about_cards_whose_fields_are_off() {
    let firm = with_custom_fields().await;
    let mut cards = Vec::new();
    for number in 0..7 {
        let name = format!("Станция {number}");
        cards.push(firm.create("maria_demo", "request", &name).await);
    }
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.custom_fields(false);
    let details = firm.list("details");
    firm.world().with(|state| {
        for card in &cards {
            state.cards.get_mut(card).unwrap().list.clone_from(&details);
        }
    });
    firm.world().advance(SignedDuration::from_mins(20));
    firm.rounds(&mut watch).await;
    let news = firm.news();
    assert_eq!(news.len(), 1, "that the fields are off: {news:?}");
}

#[tokio::test]
async fn deliveries_that_fail_are_told_once_an_episode_and_the_board_is_polled() {
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    let failures = |count| {
        firm.world().with(|state| {
            state
                .webhooks
                .values_mut()
                .for_each(|hook| hook.failures = count);
        });
    };
    failures(2);
    firm.wait(6).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.news(), [""; 0], "a restart of ours makes as many");
    failures(9);
    firm.wait(6).await;
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    failures(9);
    firm.settle().await;
    failures(9);
    let news = firm.news();
    assert_eq!(news.len(), 1, "{news:?}");
    says(&news[0], &["PUBLIC_URL", "9 попыток"]);
    firm.unheard(|firm| firm.push("gleb_demo", "kefir", "left"))
        .await;
    firm.world().advance(SignedDuration::from_secs(6));
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "contract", "found within seconds");
    failures(12);
    firm.world().advance(SignedDuration::from_secs(61));
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.news().len(), 1, "once an episode");
    failures(0);
    firm.wait(2).await;
    firm.look_after(&mut watch).await;
    failures(5);
    firm.wait(6).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.news().len(), 2, "another episode");
}

#[tokio::test]
async fn the_owner_is_told_by_a_way_that_needs_no_board() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let firm = Firm::with(text).await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    let tokens = firm.world().with(|state| std::mem::take(&mut state.tokens));
    firm.rounds(&mut watch).await;
    firm.settle().await;
    assert_eq!(hook.said().len(), 1, "{:?}", hook.said());
    says(&hook.said()[0], &["токен", "TRELLO_TOKEN"]);
    firm.world().with(|state| state.tokens = tokens);
}

#[tokio::test]
async fn a_blind_board_is_told_of_once_however_often_the_service_starts() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let mut firm = Firm::at("2027-01-26T11:00", text).await;
    firm.look_round().await;
    let tokens = firm.world().with(|state| std::mem::take(&mut state.tokens));
    let port = hook.port;
    for _ in 0..3 {
        let options = Options {
            secrets: Secrets::new(move |_: &str| {
                Some(format!("http://127.0.0.1:{port}/hook").into())
            }),
            ..Options::default()
        };
        let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
        firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
        let mut watch = Watch::default();
        for _ in 0..4 {
            firm.world().advance(SignedDuration::from_secs(100));
            firm.engine
                .look_round(firm.now(), &mut watch)
                .await
                .unwrap();
            firm.engine.drain(firm.now()).await.unwrap();
        }
    }
    assert_eq!(hook.said().len(), 1, "{:#?}", hook.said());
    firm.world().with(|state| state.tokens = tokens);
}

#[tokio::test]
async fn what_was_told_of_a_board_is_known_when_it_is_held_again() {
    let mut firm = Firm::open().await;
    let heard = Post::of(&mut firm).await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.rank(Rank::Observer);
    Box::pin(firm.rounds(&mut watch)).await;
    let told = heard.all();
    assert_eq!(told.len(), 1, "{told:?}");
    let held = async |firm: &Firm, watch: &mut Watch, state| {
        let board = firm.board();
        let set = firm.store.set_state(&board, state, firm.now());
        set.await.unwrap();
        Box::pin(firm.rounds(watch)).await;
    };
    held(&firm, &mut watch, BoardState::Paused).await;
    held(&firm, &mut watch, BoardState::Running).await;
    assert_eq!(heard.all(), told, "once, and not whenever it is held");
    held(&firm, &mut watch, BoardState::Paused).await;
    firm.rank(Rank::Normal);
    held(&firm, &mut watch, BoardState::Running).await;
    let news = firm.news();
    let seen: Vec<_> = news.iter().filter(|text| text.contains("снова")).collect();
    assert_eq!(seen.len(), 1, "{news:?}");
}
