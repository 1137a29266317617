//! A card's page by itself: people sign in by the practice Trello, and see and do there what they
//! would in Trello. Whoever comes with something else is sent to sign in.

use crate::figures::{Lines, shown};
use crate::firm::{Firm, says};
use crate::panel::Panel;
use crate::powerup::phone;
use jiff::SignedDuration;
use regex::Regex;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, redirect};
use secrecy::SecretString;
use serde_json::{Value, json};
use signalman::engine::Clock;
use signalman::sandbox::state::State;
use signalman::sandbox::world::SERVICE_APP;
use signalman::sandbox::{Fault, FaultKind};
use signalman::store::{Sqlite, Store};
use signalman::web::{Doors, Limits, PowerUp};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

mod forged;
mod links;

impl Firm {
    fn token(&self, username: &str, app: &str) -> String {
        let member = Panel::of(self, username).id().to_owned();
        self.world().token(&member, app).unwrap()
    }
    /// Whether Trello does.
    fn knows(&self, token: &str) -> bool {
        let known = |state: &mut State| state.tokens.iter().any(|one| one.token == token);
        self.world().with(known)
    }
}

/// A browser on a phone, as far as it matters: it keeps cookies and follows nothing by itself.
struct Browser<'f> {
    firm: &'f Firm,
    service: Url,
    http: Client,
    cookies: BTreeMap<String, String>,
}

struct Shown {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Shown {
    fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
    fn code(&self) -> String {
        let code = self.body()["error"]["code"].as_str().map(str::to_owned);
        code.unwrap_or_default()
    }
    /// What the page is told on its first element.
    fn told(&self, name: &str) -> String {
        let found = Regex::new(&format!("<html[^>]* data-{name}=\"([^\"]*)\"")).unwrap();
        let found = found.captures(&self.text);
        let found = found.unwrap_or_else(|| panic!("no data-{name}:\n{}", self.text));
        found[1].replace("&amp;", "&")
    }
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl<'f> Browser<'f> {
    fn of(firm: &'f Firm) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none());
        Self {
            firm,
            service: firm.url.clone(),
            http: http.build().unwrap(),
            cookies: BTreeMap::new(),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.service.join(path).unwrap();
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self
            .http
            .request(method, url)
            .header(ACCEPT_LANGUAGE, "ru-RU,ru;q=0.9");
        request.header(COOKIE, pairs.join("; "))
    }

    /// As a page's own script asks.
    fn script(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.request(method, path).header("x-signalman", "1");
        request.header("sec-fetch-site", "same-origin")
    }

    async fn send(&mut self, request: RequestBuilder) -> Shown {
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        Shown {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            text: answer.text().await.unwrap(),
        }
    }

    async fn open(&mut self, path: &str) -> Shown {
        let request = self.request(Method::GET, path);
        self.send(request).await
    }

    /// Trello's own page, where somebody says yes; the token that it sends back with.
    async fn allowed(&self, authorize: &str, username: &str) -> String {
        let url = Url::parse(authorize).unwrap();
        let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        form.push((
            "member".into(),
            Panel::of(self.firm, username).id().to_owned(),
        ));
        form.push(("answer".into(), "allow".into()));
        let answer = self.http.post(url).form(&form).send().await.unwrap();
        let to = answer.headers()[LOCATION].to_str().unwrap().to_owned();
        let (page, token) = to.split_once("#token=").unwrap();
        assert_eq!(page, self.service.join("c/signed-in").unwrap().as_str());
        token.to_owned()
    }

    async fn bring(&mut self, token: &str, state: &str) -> Shown {
        let request = self.script(Method::POST, "/c/session");
        let request = request.json(&json!({ "token": token, "state": state }));
        self.send(request).await
    }

    /// The whole way; the token that was made for it.
    async fn sign_in(&mut self, username: &str) -> String {
        let page = page(self.firm, "kefir");
        let shown = self.open(&page).await;
        let token = self.allowed(&shown.told("authorize"), username).await;
        let signed = self.bring(&token, &shown.told("state")).await;
        assert_eq!(
            (signed.status, &signed.body()["go"]),
            (200, &json!(page)),
            "{}",
            signed.text
        );
        token
    }

    async fn ask(&mut self, path: &str) -> Shown {
        let request = self.script(Method::GET, path);
        self.send(request).await
    }
}

fn page(firm: &Firm, card: &str) -> String {
    format!("/c/{}/{}", firm.board(), firm.id(card))
}

fn api(firm: &Firm, card: &str) -> String {
    format!("/c/api/boards/{}/cards/{}", firm.board(), firm.id(card))
}

/// Every route that there is for a session.
fn routes(firm: &Firm) -> Vec<(Method, String)> {
    let board = format!("/c/api/boards/{}", firm.board());
    vec![
        (Method::GET, board.clone()),
        (Method::GET, format!("{board}/badges")),
        (Method::GET, format!("{board}/live")),
        (Method::GET, format!("{board}/decisions/ABCDEF")),
        (Method::GET, format!("{board}/report")),
        (Method::GET, api(firm, "kefir")),
        (Method::GET, format!("{}/dossier", api(firm, "kefir"))),
        (Method::POST, format!("{}/acts", api(firm, "kefir"))),
    ]
}

/// The service once more, on this store, with these secrets.
async fn serve(firm: &Firm, secrets: &[&str], public: Option<&str>) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let public = public.map_or(url.clone(), |public| Url::parse(public).unwrap());
    let secrets: Vec<SecretString> = secrets.iter().map(|one| (*one).into()).collect();
    let host = Url::parse(&firm.sandbox.url()).unwrap();
    let powerup = PowerUp::new(
        "plugin".into(),
        host.clone(),
        host,
        Arc::clone(&firm.trello),
    );
    let powerup = powerup.with_phone(phone(&firm.sandbox, &public, &secrets));
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    let (world, engine) = (firm.world().clone(), Arc::clone(&firm.engine));
    let clock: Clock = Arc::new(move || world.now());
    let doors = Doors::new(store, engine, clock, secrets, public, Some(powerup));
    let never = tokio_util::sync::CancellationToken::new();
    tokio::spawn(doors.serve(listener, Limits::default(), never));
    url
}

#[tokio::test]
async fn somebody_signs_in_by_trello_sees_the_card_and_moves_it() {
    let lines = Lines::down_to(tracing::Level::TRACE);
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    let first = maria.open(&page(&firm, "kefir")).await;
    assert_eq!(first.status, 200);
    let asked: BTreeMap<_, _> = Url::parse(&first.told("authorize"))
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect();
    assert_eq!(
        (asked["scope"].as_str(), asked["expiration"].as_str()),
        ("read", "1hour")
    );
    assert_eq!(
        asked["return_url"],
        firm.url.join("c/signed-in").unwrap().as_str()
    );
    assert_eq!(maria.open("/c/signed-in").await.status, 200);
    let token = maria.sign_in("maria_demo").await;

    let card = maria.open(&page(&firm, "kefir")).await;
    assert!(
        card.text.contains("<html lang=\"ru\" data-plain "),
        "{}",
        card.text
    );
    assert_eq!(card.told("board"), firm.board().to_string());
    assert_eq!(card.told("card"), firm.id("kefir"));
    assert_eq!(card.told("sign-in"), page(&firm, "kefir"));
    assert!(
        !card.text.contains("powerup-client") && !card.text.contains('%'),
        "{}",
        card.text
    );
    let view = maria.ask(&api(&firm, "kefir")).await;
    assert_eq!(view.status, 200, "{}", view.text);
    assert_eq!(
        view.body()["you"]["id"],
        Panel::of(&firm, "maria_demo").id()
    );

    let acts = format!("{}/acts", api(&firm, "kefir"));
    let day = firm.day(-2);
    for ask in [
        json!({"act": "set", "fields": {"contract_no": "2026-042", "contract_date": day}}),
        json!({"act": "move", "stage": "invoice"}),
    ] {
        // What was read a moment ago would do for a page.
        firm.world().advance(SignedDuration::from_secs(1));
        let request = maria.script(Method::POST, &acts).json(&ask);
        let done = maria.send(request).await;
        assert_eq!(done.status, 202, "{}", done.text);
        firm.settle().await;
    }
    assert_eq!(firm.stands("kefir"), "invoice");

    assert!(!firm.knows(&token), "the token is still at Trello");
    let metrics = shown(&firm, "/metrics").await.1;
    for (place, text) in [
        ("log", lines.text()),
        ("store", firm.everything_stored().await),
        ("metrics", metrics),
        ("cookies", format!("{:?}", maria.cookies)),
    ] {
        assert!(!text.contains(&token), "the token is in the {place}");
    }
    assert!(!lines.text().is_empty());
}

#[tokio::test]
async fn no_script_and_no_other_site_gets_at_the_cookies() {
    let firm = Firm::open().await;
    for (public, username, secure) in [
        (None, "olga_demo", false),
        (Some("https://signalman.example/"), "maria_demo", true),
    ] {
        let mut browser = Browser::of(&firm);
        browser.service = serve(&firm, &["new"], public).await;
        let shown = browser.open(&page(&firm, "kefir")).await;
        let token = firm.token(username, SERVICE_APP);
        let signed = browser.bring(&token, &shown.told("state")).await;
        let begun = [&shown, &signed].map(|shown| shown.header("set-cookie"));
        for cookie in begun {
            for part in ["; Path=/c;", "; Max-Age=", "; HttpOnly", "; SameSite=Lax"] {
                assert!(cookie.contains(part), "{cookie}");
            }
            assert_eq!(cookie.ends_with("; Secure"), secure, "{cookie}");
        }
        assert!(begun[1].contains("Max-Age=604800"), "{}", begun[1]);
    }
}

#[tokio::test]
async fn a_session_lasts_seven_days_and_ends_when_one_signs_out() {
    let firm = Firm::open().await;
    let mut olga = Browser::of(&firm);
    olga.sign_in("olga_demo").await;
    let kept = olga.cookies.clone();
    firm.world().advance(SignedDuration::from_hours(7 * 24 - 1));
    assert_eq!(olga.ask(&api(&firm, "kefir")).await.status, 200);
    firm.world().advance(SignedDuration::from_hours(1));
    let over = olga.ask(&api(&firm, "kefir")).await;
    assert_eq!((over.status, over.code().as_str()), (401, "no_session"));
    assert!(
        !olga
            .open(&page(&firm, "kefir"))
            .await
            .told("state")
            .is_empty()
    );

    olga.sign_in("olga_demo").await;
    assert_ne!(olga.cookies, kept);
    let request = olga.request(Method::POST, "/c/session/end");
    assert_eq!(olga.send(request).await.status, 403, "no page asked for it");
    let request = olga.script(Method::POST, "/c/session/end");
    assert_eq!(olga.send(request).await.status, 204);
    assert_eq!(olga.ask(&api(&firm, "kefir")).await.code(), "no_session");
}

#[tokio::test]
async fn a_secret_that_is_replaced_signs_nobody_out() {
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    maria.service = serve(&firm, &["old"], None).await;
    maria.sign_in("maria_demo").await;
    for (secrets, status) in [
        (vec!["new", "old"], 200),
        (vec!["newest", "new"], 401),
        (vec!["old"], 200),
    ] {
        maria.service = serve(&firm, &secrets, None).await;
        let view = maria.ask(&api(&firm, "kefir")).await;
        assert_eq!(view.status, status, "{secrets:?}");
    }
    // The newest one signs.
    maria.cookies.clear();
    maria.service = serve(&firm, &["new", "old"], None).await;
    maria.sign_in("maria_demo").await;
    maria.service = serve(&firm, &["newest", "new"], None).await;
    assert_eq!(maria.ask(&api(&firm, "kefir")).await.status, 200);
}

#[tokio::test]
async fn a_sign_in_goes_on_where_trello_is_slow_to_take_its_token_back() {
    let firm = Firm::open().await;
    let lines = Lines::taken();
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 1).on("DELETE", "/tokens"));
    let mut olga = Browser::of(&firm);
    let token = olga.sign_in("olga_demo").await;
    assert!(!firm.knows(&token), "it is tried twice");
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 2).on("DELETE", "/tokens"));
    let mut maria = Browser::of(&firm);
    let token = maria.sign_in("maria_demo").await;
    assert!(firm.knows(&token));
    says(&lines.text(), &["ends within the hour"]);
    assert!(!lines.text().contains(&token));
}
