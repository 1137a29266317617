//! What the Power-Up's pages are told, and whom: each route's JSON, and every token that is no good.

use crate::firm::{Firm, radio_text, says};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use signalman::sandbox::{PowerUp, Rank};

impl Firm {
    pub fn remove(&self, username: &str) {
        self.leaves(&Panel::of(self, username).member);
    }

    pub fn observes(&self, username: &str) {
        self.ranks(username, Rank::Observer);
    }

    pub fn ranks(&self, username: &str, rank: Rank) {
        let member = Panel::of(self, username).member;
        self.world().with(|state| {
            let board = state.boards.get_mut(&self.demo.board).unwrap();
            let mut people = board.people.iter_mut();
            let place = people.find(|place| place.member == member);
            place.unwrap().rank = rank;
        });
    }
}

/// One person with the Power-Up open.
pub struct Panel<'f> {
    firm: &'f Firm,
    member: String,
    token: String,
    language: &'static str,
    client: reqwest::Client,
}

pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
    pub fn say(&self) -> &str {
        self.body["error"]["say"].as_str().unwrap_or_default()
    }
    pub fn way(&self, stage: &str) -> Value {
        let ways = self.body["moves"].as_array().unwrap();
        let way = ways.iter().find(|way| way["stage"] == stage);
        way.unwrap_or_else(|| panic!("no way to {stage}: {:#}", self.body))
            .clone()
    }
    pub fn finding(&self, stage: &str, id: &str) -> Value {
        fn find(tree: &Value, id: &str) -> Option<Value> {
            if tree["id"] == id {
                return Some(tree.clone());
            }
            tree["parts"]
                .as_array()?
                .iter()
                .find_map(|part| find(part, id))
        }
        let way = self.way(stage);
        find(&way["finding"], id).unwrap_or_else(|| panic!("no {id}: {way:#}"))
    }
    pub fn missing(&self, stage: &str, id: &str) -> Value {
        let finding = self.finding(stage, id);
        assert_eq!(finding["ok"], false, "{finding:#}");
        finding
    }
    pub fn decision(&self, kind: &str) -> Value {
        let decisions = self.body["decisions"].as_array().unwrap();
        let one = decisions.iter().find(|one| one["kind"] == kind);
        one.unwrap_or_else(|| panic!("no {kind}: {decisions:#?}"))
            .clone()
    }
}

impl<'f> Panel<'f> {
    pub fn of(firm: &'f Firm, username: &str) -> Self {
        let member = firm.world().with(|state| {
            let mut members = state.members.values();
            let one = members.find(|member| member.username == username);
            one.unwrap().id.clone()
        });
        let board = firm.board().to_string();
        let token = firm.world().powerup_token(&member, &board, None).unwrap();
        Self {
            firm,
            member,
            token,
            language: "ru-RU",
            client: reqwest::Client::new(),
        }
    }
    pub fn id(&self) -> &str {
        &self.member
    }
    pub fn in_english(mut self) -> Self {
        self.language = "en-GB";
        self
    }
    pub async fn get(&self, path: &str) -> Answer {
        self.send(reqwest::Method::GET, path, None, None).await
    }
    /// In this person's name, for whoever wants more than JSON.
    pub fn request(&self, path: &str) -> reqwest::RequestBuilder {
        let url = self.firm.url.join(path).unwrap();
        let request = self
            .client
            .get(url)
            .header("accept-language", self.language);
        request.bearer_auth(&self.token)
    }
    pub async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Answer {
        let url = self.firm.url.join(path).unwrap();
        let mut request = self
            .client
            .request(method, url)
            .header("accept-language", self.language);
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.json().await.unwrap_or(Value::Null);
        Answer { status, body }
    }
    pub fn board(&self) -> String {
        format!("/api/boards/{}", self.firm.board())
    }
    pub async fn card(&self, card: &str) -> Answer {
        // What was read a moment ago would do for a page.
        self.firm
            .world()
            .advance(jiff::SignedDuration::from_secs(1));
        self.card_by_id(&self.firm.id(card)).await
    }
    pub async fn card_by_id(&self, id: &str) -> Answer {
        let path = format!("{}/cards/{id}", self.board());
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        answer
    }
    pub async fn live(&self) -> reqwest::Response {
        let url = self
            .firm
            .url
            .join(&format!("{}/live", self.board()))
            .unwrap();
        let request = reqwest::Client::new().get(url).bearer_auth(&self.token);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        answer
    }
    pub async fn act(&self, card: &str, ask: Value) -> Answer {
        self.acted(card, &ask, None).await
    }
    pub async fn keyed(&self, card: &str, key: &str, ask: &Value) -> Answer {
        self.acted(card, ask, Some(key)).await
    }
    async fn acted(&self, card: &str, ask: &Value, key: Option<&str>) -> Answer {
        self.firm
            .world()
            .advance(jiff::SignedDuration::from_secs(1));
        let path = format!("{}/cards/{}/acts", self.board(), self.firm.id(card));
        self.send(reqwest::Method::POST, &path, Some(ask), key)
            .await
    }
    pub async fn done(&self, card: &str, ask: Value) {
        let answer = self.act(card, ask).await;
        assert_eq!(answer.status, 202, "{:#}", answer.body);
    }
}

/// Every route that there is, for one board and card.
fn routes(firm: &Firm) -> Vec<(reqwest::Method, String, Option<Value>)> {
    let board = format!("/api/boards/{}", firm.board());
    let card = format!("{board}/cards/{}", firm.id("kefir"));
    let get = |path: String| (reqwest::Method::GET, path, None);
    let ask = json!({"act": "move", "stage": "invoice"});
    let set_up = |what: &str| {
        let all = json!({"state": "detached", "text": radio_text(), "over": null});
        (
            reqwest::Method::POST,
            format!("{board}/setup/{what}"),
            Some(all),
        )
    };
    vec![
        get(board.clone()),
        get(format!("{board}/badges")),
        get(format!("{board}/figures")),
        get(format!("{board}/live")),
        get(format!("{board}/decisions/ABCDEF")),
        get(card.clone()),
        (reqwest::Method::POST, format!("{card}/acts"), Some(ask)),
        get(format!("{board}/setup")),
        get(format!("{board}/setup/versions/0123456789ab")),
        set_up("propose"),
        set_up("draft"),
        set_up("change"),
        set_up("preview"),
        set_up("activate"),
        set_up("state"),
    ]
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_that_is_not_trellos_for_this_power_up_and_now_opens_nothing() {
    let firm = Firm::open().await;
    let good = Panel::of(&firm, "maria_demo");
    let (head, rest) = good.token.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let mut raised = claims(&good.token);
    raised["idMember"] = json!(Panel::of(&firm, "denis_demo").member);
    let forged = format!("{head}.{}.{signature}", part(&raised));
    let none = part(&json!({"alg": "none", "typ": "JWT"}));
    let unsigned = format!("{none}.{}.", part(&claims(&good.token)));
    // The public key as a shared secret: what a careless checker takes.
    let keys = firm.trello.public_keys().await.unwrap();
    let symmetric = {
        use hmac::{Hmac, KeyInit, Mac};
        let head = part(&json!({"alg": "HS256", "typ": "JWT"}));
        let text = format!("{head}.{}", part(&claims(&good.token)));
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(keys[1].as_bytes()).unwrap();
        mac.update(text.as_bytes());
        format!(
            "{text}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    };
    let foreign = {
        let own = firm.world().powerup().unwrap();
        firm.world().install(PowerUp {
            id: "foreign".into(),
            ..own.clone()
        });
        let token = Panel::of(&firm, "maria_demo").token;
        firm.world().install(own);
        token
    };
    let tokens = [
        forged,
        unsigned,
        symmetric,
        foreign,
        "x.y.z".into(),
        "é".repeat(9_000),
    ];
    for token in tokens {
        let panel = Panel {
            token,
            ..Panel::of(&firm, "maria_demo")
        };
        for (method, path, body) in routes(&firm) {
            let answer = panel.send(method, &path, body.as_ref(), None).await;
            assert_eq!(answer.status, 401, "{path} {:#}", answer.body);
        }
    }
    let nobody = Panel {
        token: String::new(),
        ..Panel::of(&firm, "maria_demo")
    };
    for (method, path, body) in routes(&firm) {
        let answer = nobody.send(method, &path, body.as_ref(), None).await;
        assert_eq!((answer.status, answer.code()), (401, "no_token"), "{path}");
    }
    firm.wait(16).await;
    for (method, path, body) in routes(&firm) {
        let answer = good.send(method, &path, body.as_ref(), None).await;
        assert_eq!((answer.status, answer.code()), (401, "bad_token"), "{path}");
    }
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn another_boards_token_and_a_stranger_see_nothing() {
    let firm = Firm::open().await;
    let panel = Panel::of(&firm, "maria_demo");
    let own = firm.board().to_string();
    for (method, path, body) in routes(&firm) {
        let path = path.replace(&own, "6b0811e05b00000000000999");
        let answer = panel.send(method, &path, body.as_ref(), None).await;
        assert_eq!(
            (answer.status, answer.code()),
            (403, "other_board"),
            "{path}"
        );
    }
    let gleb = Panel::of(&firm, "gleb_demo");
    firm.remove("gleb_demo");
    for (method, path, body) in routes(&firm) {
        let answer = gleb.send(method, &path, body.as_ref(), None).await;
        assert_eq!(
            (answer.status, answer.code()),
            (403, "not_a_member"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told_so() {
    let firm = Firm::open().await;
    let panel = Panel::of(&firm, "maria_demo");
    let board = panel.board();
    let card = firm.id("kefir");
    let other = "6b0811e05b00000000000998";
    let post = |path: String, body: Value| (reqwest::Method::POST, path, Some(body));
    let get = |path: String| (reqwest::Method::GET, path, None);
    let long = "я".repeat(40_000);
    for ((method, path, body), status, code) in [
        (get(format!("{board}/cards/{other}")), 404, "no_card"),
        (get(format!("{board}/cards/..%2Fboards")), 404, "no_card"),
        (get(format!("{board}/decisions/%27%20OR")), 404, "no_such"),
        (get(format!("{board}/decisions/ZZZZZZ")), 404, "no_such"),
        (get(format!("{board}/nothing")), 404, "no_such"),
        (
            get(format!("{board}/figures?since=soon")),
            400,
            "bad_request",
        ),
        (
            post(format!("{board}/cards/{card}/acts"), json!({"act": "fly"})),
            400,
            "bad_request",
        ),
        (
            post(
                format!("{board}/cards/{card}/acts"),
                json!({"act": "move", "stage": "moon"}),
            ),
            404,
            "no_such",
        ),
        (
            post(
                format!("{board}/cards/{card}/acts"),
                json!({"act": "set", "fields": {"fee": long}}),
            ),
            413,
            "too_large",
        ),
    ] {
        let answer = panel.send(method, &path, body.as_ref(), None).await;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{path} {:#}",
            answer.body
        );
        assert!(!answer.say().is_empty(), "{path}");
    }
}

/// Without what changes from run to run.
pub fn steady(mut answer: Answer) -> String {
    fn clean(value: &mut Value) {
        match value {
            Value::Object(all) => all.iter_mut().for_each(|(key, value)| {
                let varies = [
                    "at",
                    "since",
                    "url",
                    "version",
                    "list",
                    "refused_at",
                    "so_far_minutes",
                ];
                let id = key == "id" && value.as_str().is_some_and(|id| !id.contains(':'));
                if id && value != "mover" || varies.contains(&key.as_str()) && !value.is_null() {
                    *value = json!(format!("({key})"));
                } else if key == "why" {
                    // «Ольга, пт 27.11, 15:00»: the name alone.
                    let told = value.as_str().and_then(|why| why.split_once(')'));
                    if let Some((name, _)) = told {
                        *value = json!(format!("{name}) …"));
                    }
                } else {
                    clean(value);
                }
            }),
            Value::Array(all) => all.iter_mut().for_each(clean),
            _ => {}
        }
    }
    clean(&mut answer.body);
    serde_json::to_string_pretty(&answer.body).unwrap()
}

#[tokio::test]
async fn each_route_tells_this() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    firm.drag("egor_demo", "kefir", "connect").await;
    let panel = Panel::of(&firm, "olga_demo");
    let card = panel.card("kefir").await;
    let refused = card.decision("refused")["id"].as_str().unwrap().to_owned();
    insta::assert_snapshot!("card", steady(card));
    let detail = panel
        .get(&format!("{}/decisions/{refused}", panel.board()))
        .await;
    assert_eq!(detail.status, 200);
    insta::assert_snapshot!("decision", steady(detail));
    let board = panel.get(&panel.board()).await;
    assert_eq!(board.status, 200, "{:#}", board.body);
    insta::assert_snapshot!("board", steady(board));
    let figures = panel.get(&format!("{}/figures", panel.board())).await;
    assert_eq!(figures.status, 200, "{:#}", figures.body);
    let missing = &figures.body["refusals"]["gates"][0]["missing"];
    assert!(missing.to_string().contains("item:paid"), "{missing:#}");
    let badges = panel.get(&format!("{}/badges", panel.board())).await;
    let told = badges.body["cards"][firm.id("kefir")].clone();
    assert!(told["missing"].as_u64().unwrap() > 0, "{told:#}");
    assert!(told["refused_at"].is_string(), "{told:#}");
}

/// A busy board is not read for each who looks. News come once, so whoever looked too early is told.
#[tokio::test]
async fn a_board_that_was_read_a_moment_ago_says_that_it_is_behind() {
    let firm = Firm::open().await;
    let panel = Panel::of(&firm, "denis_demo");
    let looks = || async {
        let board = panel.get(&panel.board()).await.body;
        let cards = board["cards"].as_array().unwrap();
        let row = cards.iter().find(|card| card["id"] == firm.id("teapot"));
        let first = row.unwrap()["todo"][0].as_str().unwrap().to_owned();
        (board["behind"].as_bool().unwrap(), first)
    };
    let contact = "Технический контакт";
    assert_eq!(looks().await, (false, contact.to_owned()));
    firm.fill("maria_demo", "teapot", &[(contact, "Зоя")]).await;
    assert_eq!(looks().await, (true, contact.to_owned()));
    firm.wait(1).await;
    let (behind, first) = looks().await;
    assert!(!behind && first != contact, "{first}");
}

/// A card is read for all who look within a moment, but not for those who have heard of a change since.
#[tokio::test]
async fn news_of_a_card_are_never_answered_with_the_card_of_before() {
    let firm = Firm::open().await;
    let panel = Panel::of(&firm, "ilya_demo");
    let path = format!("{}/cards/{}", panel.board(), firm.id("boot"));
    let before = panel.get(&path).await;
    before.missing("connect", "item:paid");
    firm.mark("olga_demo", "boot", "paid", true);
    firm.world().delivered().await;
    firm.world().advance(jiff::SignedDuration::from_millis(200));
    Box::pin(firm.engine.drain(firm.now())).await.unwrap();
    let paid = panel.get(&path).await.finding("connect", "item:paid");
    assert_eq!(paid["ok"], true, "{paid:#}");
}

/// What a newcomer reads of a stage is about no card in particular, and says what depends on what.
#[tokio::test]
async fn a_stage_is_told_without_blanks_and_with_its_conditions() {
    let firm = Firm::open().await;
    let panel = Panel::of(&firm, "gleb_demo");
    let board = panel.get(&panel.board()).await.body;
    let mut stages = board["stages"].as_array().unwrap().iter();
    let connect = stages.find(|stage| stage["key"] == "connect").unwrap();
    let work = connect["work"].as_str().unwrap();
    says(work, &["«Номер договора»", "«Опции по заказу»"]);
    assert!(!work.contains('{'), "{work}");
    let early = "Начать до оплаты разрешено (если «Условия старта»: отсрочка или тест)";
    says(&connect["needs"].to_string(), &[early]);
}
