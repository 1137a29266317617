//! The API as a client meets it: who may ask, in which form, what is answered, how webhooks come.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use signalman::sandbox::radio;
use signalman::sandbox::world::SERVICE_APP;
use signalman::sandbox::{Fault, FaultKind, Options, Sandbox};
use std::sync::{Arc, Mutex};

struct Client {
    sandbox: Sandbox,
    demo: radio::Demo,
    key: String,
    token: String,
    http: reqwest::Client,
}

impl Client {
    async fn open(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let demo = radio::set_up(sandbox.world(), true).unwrap();
        let token = sandbox.world().token(&demo.bot, SERVICE_APP).unwrap();
        let key = sandbox.key();
        Self {
            sandbox,
            demo,
            key,
            token,
            http: reqwest::Client::new(),
        }
    }
    fn url(&self, path: &str) -> String {
        format!("{}/1/{path}", self.sandbox.url())
    }
    fn auth(&self) -> String {
        format!(
            "OAuth oauth_consumer_key=\"{}\", oauth_token=\"{}\"",
            self.key, self.token
        )
    }
    async fn get(&self, path: &str) -> Value {
        let request = self
            .http
            .get(self.url(path))
            .header("authorization", self.auth());
        request.send().await.unwrap().json().await.unwrap()
    }
    fn kefir(&self) -> &str {
        &self.demo.cards["kefir"]
    }
}

#[tokio::test]
async fn key_and_token_may_stand_in_header_query_or_form() {
    let client = Client::open(Options::default()).await;
    let (key, token) = (client.key.as_str(), client.token.as_str());
    let pairs = [("key", key), ("token", token)];
    let name = |value: Value| value["username"].clone();
    assert_eq!(name(client.get("members/me").await), "signalman");
    let query = client.http.get(client.url("members/me")).query(&pairs);
    assert_eq!(
        name(query.send().await.unwrap().json().await.unwrap()),
        "signalman"
    );
    let path = client.url(&format!("cards/{}/actions/comments", client.kefir()));
    let form =
        client
            .http
            .post(&path)
            .form(&[("key", key), ("token", token), ("text", "по форме")]);
    assert_eq!(form.send().await.unwrap().status(), 200);
    let body = client
        .http
        .post(&path)
        .header("authorization", client.auth())
        .json(&json!({ "text": "по JSON" }));
    assert_eq!(body.send().await.unwrap().status(), 200);
    let query = client
        .http
        .post(&path)
        .query(&pairs)
        .query(&[("text", "по адресу")]);
    let made: Value = query.send().await.unwrap().json().await.unwrap();
    assert_eq!(made["data"]["text"], "по адресу");
}

#[tokio::test]
async fn errors_are_plain_text_in_trellos_words() {
    let client = Client::open(Options::default()).await;
    let ask = |path: &str, auth: String| {
        client
            .http
            .get(client.url(path))
            .header("authorization", auth)
            .send()
    };
    let told = |response: reqwest::Response| async move {
        let kind = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(kind.starts_with("text/plain"), "{kind}");
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let wrong = |key: &str, token: &str| {
        format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"")
    };
    let answer = told(ask("members/me", wrong("x", &client.token)).await.unwrap()).await;
    assert_eq!(answer, (401, "invalid key".into()));
    let answer = told(ask("members/me", wrong(&client.key, "x")).await.unwrap()).await;
    assert_eq!(answer, (401, "invalid token".into()));
    let answer = told(
        ask("cards/000000000000000000000000", client.auth())
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        answer,
        (404, "The requested resource was not found.".into())
    );
}

#[tokio::test]
async fn windows_are_told_on_every_answer_and_end_in_429() {
    let client = Client::open(Options {
        rate_limits: true,
        ..Options::default()
    })
    .await;
    let mut last = None;
    for _ in 0..230 {
        let request = client
            .http
            .get(client.url("members/me"))
            .header("authorization", client.auth());
        let response = request.send().await.unwrap();
        let left = response.headers()["x-rate-limit-api-token-remaining"]
            .to_str()
            .unwrap()
            .to_owned();
        if response.status() == 429 {
            assert_eq!(left, "0");
            last = Some(response.json::<Value>().await.unwrap());
            break;
        }
    }
    assert_eq!(last.unwrap()["error"], "API_TOKEN_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn actions_are_paged_newest_first_and_filtered() {
    let client = Client::open(Options::default()).await;
    let board = &client.demo.board;
    let all = client
        .get(&format!("boards/{board}/actions?limit=1000"))
        .await;
    let ids: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    let page = client
        .get(&format!("boards/{board}/actions?limit=3&before={}", ids[4]))
        .await;
    let paged: Vec<&str> = page
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(paged, ids[5..8]);
    let newer = client
        .get(&format!("boards/{board}/actions?since={}", ids[4]))
        .await;
    assert_eq!(newer.as_array().unwrap().len(), 4);
    let ticks = client
        .get(&format!(
            "boards/{board}/actions?filter=updateCheckItemStateOnCard&limit=5"
        ))
        .await;
    assert!(
        ticks
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["type"] == "updateCheckItemStateOnCard")
    );
    assert!(
        !all.as_array()
            .unwrap()
            .iter()
            .any(|one| one["type"] == "createCheckItem"),
        "never listed"
    );
}

#[tokio::test]
async fn a_batch_answers_each_with_its_own_status() {
    let client = Client::open(Options::default()).await;
    let urls = format!("/cards/{},/cards/nowhere0", client.kefir());
    let answers = client.get(&format!("batch?urls={urls}")).await;
    assert_eq!(answers[0]["200"]["name"], "Кефир FM");
    assert_eq!(answers[1]["statusCode"], 404);
}

pub(super) type Heard = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A listener that refuses the first `refuse` deliveries.
pub(super) async fn listen(refuse: usize) -> (String, Heard) {
    let heard: Heard = Arc::default();
    let take = move |State(heard): State<Heard>, headers: HeaderMap, body: Bytes| async move {
        let mut heard = heard.lock().unwrap();
        heard.push((headers, body));
        if heard.len() <= refuse {
            StatusCode::INTERNAL_SERVER_ERROR
        } else {
            StatusCode::OK
        }
    };
    let router = Router::new()
        .route("/hook", get(|| async {}).post(take))
        .with_state(Arc::clone(&heard));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?a=б", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, heard)
}

async fn register(client: &Client, callback: &str) -> reqwest::Response {
    let wish = json!({ "callbackURL": callback, "idModel": client.demo.board });
    let request = client
        .http
        .post(client.url("webhooks"))
        .header("authorization", client.auth())
        .json(&wish);
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_delivery_is_signed_over_its_body_and_the_callback() {
    let client = Client::open(Options::default()).await;
    let (url, heard) = listen(0).await;
    assert_eq!(register(&client, &url).await.status(), 200);
    let again = register(&client, &url).await;
    assert!(again.text().await.unwrap().contains("already exists"));
    let maria = client
        .sandbox
        .world()
        .hand(&client.demo.people["maria_demo"]);
    let wish = json!({ "idList": client.demo.lists["invoice"] });
    maria
        .put(&format!("cards/{}", client.kefir()), wish)
        .unwrap();
    client.sandbox.world().delivered().await;
    let heard = heard.lock().unwrap();
    let (headers, body) = &heard[0];
    let mut mac = Hmac::<Sha1>::new_from_slice(client.sandbox.secret().as_bytes()).unwrap();
    mac.update(body);
    mac.update(url.as_bytes());
    assert_eq!(
        headers["x-trello-webhook"],
        STANDARD.encode(mac.finalize().into_bytes())
    );
    assert_eq!(headers["user-agent"], "Trello");
    let body: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(body["model"]["id"], client.demo.board.as_str());
    assert_eq!(body["webhook"]["callbackURL"], url);
    assert!(
        body["action"]["appCreator"].is_null(),
        "made in the web app"
    );
}

#[tokio::test]
async fn a_delivery_is_tried_four_times_and_then_lost() {
    let client = Client::open(Options::default()).await;
    let (url, heard) = listen(9).await;
    register(&client, &url).await;
    let maria = client
        .sandbox
        .world()
        .hand(&client.demo.people["maria_demo"]);
    maria
        .put(
            &format!("cards/{}", client.kefir()),
            json!({ "name": "Кефир" }),
        )
        .unwrap();
    client.sandbox.world().delivered().await;
    assert_eq!(heard.lock().unwrap().len(), 4);
    let hooks = client.get("members/me/tokens?webhooks=true").await;
    assert_eq!(hooks[0]["webhooks"][0]["consecutiveFailures"], 4);
}

#[tokio::test]
async fn a_callback_that_does_not_answer_is_refused() {
    let client = Client::open(Options::default()).await;
    let refused = register(&client, "http://127.0.0.1:9/nobody").await;
    assert_eq!(refused.status(), 400);
    let told: Value = refused.json().await.unwrap();
    assert_eq!(told["error"], "VALIDATOR_URL_RETURNED_ERROR");
}

/// Neither a whole answer nor an error of the server's.
async fn lost(answer: reqwest::Result<reqwest::Response>) -> bool {
    match answer {
        Ok(response) => response.text().await.is_err(),
        Err(_) => true,
    }
}

#[tokio::test]
async fn faults_strike_as_told() {
    let client = Client::open(Options::default()).await;
    let path = format!("cards/{}/actions/comments", client.kefir());
    let say = || {
        client
            .http
            .post(client.url(&path))
            .header("authorization", client.auth())
            .json(&json!({ "text": "x" }))
            .send()
    };
    let comments = || {
        client.sandbox.world().with(|state| {
            state
                .actions
                .iter()
                .filter(|one| one.kind == "commentCard")
                .count()
        })
    };
    let before = comments();
    for (kind, status, done) in [(FaultKind::TooMany, 429, 0), (FaultKind::Broken, 500, 0)] {
        client.sandbox.world().fault(Fault::next(kind, 1));
        assert_eq!(say().await.unwrap().status(), status);
        assert_eq!(comments() - before, done);
    }
    client
        .sandbox
        .world()
        .fault(Fault::next(FaultKind::LostBefore, 1));
    assert!(lost(say().await).await);
    assert_eq!(comments() - before, 0);
    client
        .sandbox
        .world()
        .fault(Fault::next(FaultKind::LostAfter, 1));
    assert!(lost(say().await).await);
    assert_eq!(comments() - before, 1, "done, and the answer lost");
    assert_eq!(say().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_observer_and_a_stranger_write_nothing() {
    let client = Client::open(Options::default()).await;
    let world = client.sandbox.world();
    let observer = world.add_member("watcher", "Watcher");
    world.join(
        &client.demo.board,
        &observer,
        signalman::sandbox::Rank::Observer,
    );
    let stranger = world.add_member("stranger", "Stranger");
    let wish = json!({ "name": "Моё" });
    let path = format!("cards/{}", client.kefir());
    assert_eq!(
        world
            .hand(&observer)
            .put(&path, wish.clone())
            .unwrap_err()
            .status,
        401
    );
    assert_eq!(
        world.hand(&stranger).put(&path, wish).unwrap_err().status,
        404
    );
}
