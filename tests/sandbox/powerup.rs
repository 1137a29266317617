//! What a Power-Up's own server is told by Trello: by whom it is looked at, whose token it holds.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use signalman::sandbox::radio::{self, Demo};
use signalman::sandbox::world::{SERVICE_APP, WEB_APP};
use signalman::sandbox::{Fault, FaultKind, Options, PowerUp, Rank, Sandbox};

struct Scene {
    sandbox: Sandbox,
    demo: Demo,
    http: reqwest::Client,
}

async fn scene() -> Scene {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let demo = radio::set_up(sandbox.world(), true).unwrap();
    sandbox.world().install(PowerUp {
        id: "5f0000000000000000000042".into(),
        name: "Compass".into(),
        connector: "http://127.0.0.1:9/connector.html".parse().unwrap(),
    });
    let quiet = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().redirect(quiet).build().unwrap();
    Scene {
        sandbox,
        demo,
        http,
    }
}

impl Scene {
    fn auth(&self, username: &str, app: &str) -> String {
        let world = self.sandbox.world();
        let token = world.token(&self.demo.people[username], app).unwrap();
        let key = world.app(app).unwrap().key;
        format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"")
    }

    async fn send(&self, verb: &str, path: &str, who: &str, body: Value) -> (StatusCode, String) {
        let url = format!("{}/{path}", self.sandbox.url());
        let request = self
            .http
            .request(verb.parse().unwrap(), url)
            .header("authorization", self.auth(who, WEB_APP));
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn keys(&self) -> Vec<Vec<u8>> {
        let url = format!("{}/1/resource/jwt-public-keys", self.sandbox.url());
        let told: Value = self
            .http
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let der = |pem: &Value| {
            let lines: Vec<&str> = pem.as_str().unwrap().trim().lines().collect();
            assert_eq!(lines[0], "-----BEGIN PUBLIC KEY-----");
            STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap()
        };
        told["keys"].as_array().unwrap().iter().map(der).collect()
    }
}

fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

fn signed_by(key: &[u8], token: &str) -> bool {
    let (told, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(told.as_bytes(), &signature)
        .is_ok()
}

#[tokio::test]
async fn a_token_says_who_looks_and_only_the_second_key_opens_it() {
    let scene = scene().await;
    let (board, card) = (&scene.demo.board, &scene.demo.cards["kefir"]);
    let wish = json!({ "board": board, "card": card, "state": "abc", "includeCard": true });
    let (status, told) = scene.send("POST", "powerup/jwt", "ilya_demo", wish).await;
    assert_eq!(status, 200);
    let told: Value = serde_json::from_str(&told).unwrap();
    let token = told["jwt"].as_str().unwrap();
    let keys = scene.keys().await;
    let opens: Vec<bool> = keys.iter().map(|key| signed_by(key, token)).collect();
    assert_eq!(opens, [false, true]);
    let other = self::scene().await;
    for key in other.keys().await {
        assert!(!signed_by(&key, token), "each world has keys of its own");
    }
    let said = claims(token);
    assert_eq!(said["idMember"], json!(scene.demo.people["ilya_demo"]));
    assert_eq!(said["idBoard"], json!(board));
    assert_eq!(said["idCard"], json!(card));
    assert_eq!(said["state"], "abc");
    assert_eq!(said["iss"], "trello");
    assert_eq!(said["boardMembership"], "normal");
    assert_eq!(said["idPlugin"], "5f0000000000000000000042");
    let now = scene.sandbox.world().now().as_second();
    let (made, ends) = (said["iat"].as_i64().unwrap(), said["exp"].as_i64().unwrap());
    assert!((now - 60..=now).contains(&made), "by the world's clock");
    assert_eq!(ends - made, 900);
}

#[tokio::test]
async fn only_the_page_in_the_hand_of_a_member_gets_a_token() {
    let scene = scene().await;
    let world = scene.sandbox.world();
    let stranger = world.add_member("stranger", "A Stranger");
    let watcher = world.add_member("watcher", "A Watcher");
    world.join(&scene.demo.board, &watcher, Rank::Observer);
    assert_eq!(
        world.powerup_token(&stranger, &scene.demo.board, None),
        None
    );
    let seen = world
        .powerup_token(&watcher, &scene.demo.board, None)
        .unwrap();
    assert_eq!(claims(&seen)["boardMembership"], "observer");
    let url = format!("{}/powerup/jwt", scene.sandbox.url());
    let wish = json!({ "board": scene.demo.board });
    let service = scene.auth("ilya_demo", SERVICE_APP);
    for auth in ["", service.as_str()] {
        let request = scene.http.post(&url).header("authorization", auth);
        assert_eq!(request.json(&wish).send().await.unwrap().status(), 401);
    }
    let elsewhere = world.add_board("Elsewhere", &stranger);
    let other = json!({ "board": elsewhere });
    assert_eq!(
        scene
            .send("POST", "powerup/jwt", "ilya_demo", other)
            .await
            .0,
        404
    );
    let off = json!({ "board": scene.demo.board, "on": false });
    scene
        .send("PUT", "powerup/installed", "ilya_demo", off)
        .await;
    let (status, told) = scene.send("POST", "powerup/jwt", "ilya_demo", wish).await;
    assert_eq!((status.as_u16(), told.as_str()), (400, "plugin disabled"));
}

#[tokio::test]
async fn the_keys_are_anybodys_and_can_be_out_of_reach() {
    let scene = scene().await;
    assert_eq!(scene.keys().await.len(), 2);
    let fault = Fault::next(FaultKind::Broken, 1).on("GET", "/resource");
    scene.sandbox.world().with(|state| state.faults.push(fault));
    let url = format!("{}/1/resource/jwt-public-keys", scene.sandbox.url());
    assert_eq!(scene.http.get(url).send().await.unwrap().status(), 500);
    let asked = scene.sandbox.world().requests();
    let statuses: Vec<u16> = asked
        .iter()
        .filter(|one| one.path == "/resource/jwt-public-keys")
        .map(|one| one.status)
        .collect();
    assert_eq!(statuses, [200, 500]);
}

#[tokio::test]
async fn what_is_kept_is_whole_texts_within_trellos_limits() {
    let scene = scene().await;
    let (board, card) = (&scene.demo.board, &scene.demo.cards["kefir"]);
    let keep = |scope: &str, visibility: &str, data: String| json!({ "board": board, "card": card, "scope": scope, "visibility": visibility, "data": data });
    let sized = |letters: usize| format!("{{\"a\":\"{}\"}}", "ё".repeat(letters - 8));
    for (scope, most) in [("board", 8192), ("card", 4096), ("member", 4096)] {
        let fits = keep(scope, "shared", sized(most));
        assert_eq!(
            scene.send("PUT", "powerup/data", "ilya_demo", fits).await.0,
            200
        );
        let over = keep(scope, "shared", sized(most + 1));
        assert_eq!(
            scene.send("PUT", "powerup/data", "ilya_demo", over).await.0,
            400
        );
    }
    let own = keep("card", "private", "{\"mine\":1}".into());
    scene.send("PUT", "powerup/data", "ilya_demo", own).await;
    let path = format!("powerup/data?board={board}&card={card}");
    let read = async |who: &str| -> Value {
        let (_, told) = scene.send("GET", &path, who, Value::Null).await;
        serde_json::from_str(&told).unwrap()
    };
    assert_eq!(read("ilya_demo").await["card"]["private"], "{\"mine\":1}");
    let hers = read("olga_demo").await;
    assert_eq!(hers["card"]["private"], Value::Null);
    assert_eq!(hers["card"]["shared"], json!(sized(4096)));
    assert_eq!(
        hers["member"]["shared"],
        Value::Null,
        "another member's shelf"
    );
}

async fn authorize(scene: &Scene, other: &[(&str, &str)]) -> reqwest::Response {
    let key = scene.sandbox.key();
    let person = scene.demo.people["maria_demo"].clone();
    let mut wish = vec![
        ("key", key.as_str()),
        ("response_type", "token"),
        ("scope", "read"),
        ("expiration", "1hour"),
        ("return_url", "http://127.0.0.1:4000/powerup/back?card=1"),
        ("member", person.as_str()),
        ("answer", "allow"),
    ];
    wish.retain(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
    wish.extend_from_slice(other);
    let url = format!("{}/1/authorize", scene.sandbox.url());
    scene.http.post(url).form(&wish).send().await.unwrap()
}

#[tokio::test]
async fn a_token_for_an_hour_reads_writes_nothing_and_ends() {
    let scene = scene().await;
    let answer = authorize(&scene, &[]).await;
    assert_eq!(answer.status(), 303);
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    let token = back
        .strip_prefix("http://127.0.0.1:4000/powerup/back?card=1#token=")
        .unwrap();
    let key = scene.sandbox.key();
    let call = async |verb: &str, path: &str| {
        let url = format!("{}/1/{path}", scene.sandbox.url());
        let pairs = [("key", key.as_str()), ("token", token)];
        let request = scene.http.request(verb.parse().unwrap(), url).query(&pairs);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, me) = call("GET", &format!("tokens/{token}/member")).await;
    assert!(status == 200 && me.contains("maria_demo"), "{me}");
    let path = format!("cards/{}?name=x", scene.demo.cards["kefir"]);
    assert_eq!(
        call("PUT", &path).await,
        (401, "unauthorized permission requested".into())
    );
    let later = SignedDuration::from_mins(61);
    scene.sandbox.world().advance(later);
    assert_eq!(
        call("GET", "members/me").await,
        (401, "expired token".into())
    );
}

#[tokio::test]
async fn a_token_goes_to_loopback_alone_and_only_for_what_is_known() {
    let scene = scene().await;
    for wrong in [
        ("return_url", "https://elsewhere.example/"),
        ("return_url", "http://127.0.0.1.elsewhere.example/"),
        ("return_url", "javascript:alert(1)"),
        ("key", "nobody"),
        ("scope", "read,everything"),
        ("expiration", "1year"),
        ("callback_method", "postMessage"),
        ("member", "nobody"),
    ] {
        let answer = authorize(&scene, &[wrong]).await;
        assert_eq!(answer.status(), 400, "{wrong:?}");
    }
    let denied = authorize(&scene, &[("answer", "deny")]).await;
    let back = denied.headers()["location"].to_str().unwrap();
    assert!(
        back.ends_with("#error=Token%20request%20rejected"),
        "{back}"
    );
    let name = [("name", "<script>alert(1)</script>")];
    let key = scene.sandbox.key();
    let url = format!("{}/1/authorize", scene.sandbox.url());
    let asked = scene.http.get(url).query(&name).query(&[
        ("key", key.as_str()),
        ("response_type", "token"),
        ("return_url", "http://localhost/"),
    ]);
    let page = asked.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    assert!(
        !page.contains("@signalman"),
        "the service's own account is nobody to be"
    );
}
