//! A Power-Up on the practice Trello: which one is installed, what it keeps here, and the token by
//! which its own server learns who looks at which board. Its pages are opened by the board page alone;
//! nothing here fetches them.

use super::ask::{Answer, Params, Refusal, Who};
use super::model::{Board, Rank};
use super::server::Server;
use super::signer::Signer;
use super::state::{News, State};
use super::world::World;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{self, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerUp {
    /// `idPlugin` in its tokens.
    pub id: String,
    pub name: String,
    /// The page that the hidden frame of every board opens.
    pub connector: Url,
}

/// A token is good for a quarter of an hour.
const VALID: SignedDuration = SignedDuration::from_secs(900);
const STATE_LETTERS: usize = 2048;

impl World {
    /// Puts it on every board, in the place of the one before. A page that is open is to be loaded
    /// anew.
    pub fn install(&self, powerup: PowerUp) {
        self.with(|state| {
            state.powerup = Some(powerup);
            state.switched_off.clear();
        });
    }

    pub fn powerup(&self) -> Option<PowerUp> {
        self.with(|state| state.powerup.clone())
    }

    /// The token that a frame of the Power-Up's would be given for this member on this board.
    pub fn powerup_token(&self, member: &str, board: &str, card: Option<&str>) -> Option<String> {
        let who = Who {
            member: member.to_owned(),
            app: None,
            token: String::new(),
        };
        let wish = TokenWish {
            board: board.to_owned(),
            card: card.map(str::to_owned),
            state: None,
            include_card: card.is_some(),
        };
        let claims = self.with(|state| claims(state, &who, &wish)).ok()?;
        self.signer()?.token(&claims)
    }
}

impl Server {
    /// Only the board page may: with a person's token for the web app.
    fn viewer(&self, headers: &HeaderMap) -> Result<Who, Refusal> {
        let (who, ..) = self.who(headers, &mut Params::default())?;
        if who.app.is_some() {
            return Err(Refusal::forbidden());
        }
        Ok(who)
    }
}

fn shown(answer: Answer) -> Response {
    match answer {
        Ok(value) => Json(value).into_response(),
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, refusal.text).into_response()
        }
    }
}

fn read<T: for<'a> Deserialize<'a>>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(400, error.to_string()))
}

// What is installed -----------------------------------------------------------------------------

pub(super) fn installed(state: &State) -> Value {
    let Some(powerup) = &state.powerup else {
        return Value::Null;
    };
    let mut told = json!(powerup);
    told["off"] = json!(state.switched_off);
    told
}

/// Installs one, for whoever has the practice Trello as a process of its own.
pub(super) async fn install(
    extract::State(server): extract::State<Server>,
    Json(powerup): Json<PowerUp>,
) -> Json<PowerUp> {
    server.world.install(powerup.clone());
    Json(powerup)
}

#[derive(Deserialize)]
struct Switch {
    board: String,
    on: bool,
}

pub(super) async fn switch(
    extract::State(server): extract::State<Server>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let switch = || -> Answer {
        let who = server.viewer(&headers)?;
        let wish: Switch = read(&body)?;
        server.world.with(|state| {
            state.may_write(&who, &wish.board)?;
            let board = state.board(&who, &wish.board)?.id.clone();
            if wish.on {
                state.switched_off.remove(&board);
            } else {
                state.switched_off.insert(board);
            }
            Ok(installed(state))
        })
    };
    shown(switch())
}

// What it keeps ---------------------------------------------------------------------------------

/// Longest text for a scope and visibility, in letters.
const SCOPES: [(&str, usize); 4] = [
    ("board", 8192),
    ("card", 4096),
    ("member", 4096),
    ("organization", 8192),
];

#[derive(Deserialize)]
pub(super) struct Place {
    board: String,
    card: Option<String>,
}

/// The id of what a scope means here; none where there is no such thing.
fn subject(
    state: &State,
    who: &Who,
    place: &Place,
    scope: &str,
) -> Result<Option<String>, Refusal> {
    let board = state.board(who, &place.board)?;
    Ok(match scope {
        "board" => Some(board.id.clone()),
        "organization" => board.organization.clone(),
        "member" => Some(who.member.clone()),
        "card" => match &place.card {
            Some(card) => Some(on_board(state, who, board, card)?),
            None => None,
        },
        _ => return Err(Refusal::invalid("scope")),
    })
}

fn on_board(state: &State, who: &Who, board: &Board, card: &str) -> Result<String, Refusal> {
    let card = state.card(who, card)?;
    if card.board == board.id {
        Ok(card.id.clone())
    } else {
        Err(Refusal::missing())
    }
}

/// Shared with everybody who sees the thing, or one member's own.
fn shelf(who: &Who, scope: &str, id: &str, visibility: &str) -> Result<String, Refusal> {
    match visibility {
        "shared" => Ok(format!("{scope}/{id}")),
        "private" => Ok(format!("{scope}/{id}/{}", who.member)),
        _ => Err(Refusal::invalid("visibility")),
    }
}

pub(super) async fn kept(
    extract::State(server): extract::State<Server>,
    headers: HeaderMap,
    Query(place): Query<Place>,
) -> Response {
    let read = || -> Answer {
        let who = server.viewer(&headers)?;
        server.world.with(|state| {
            let mut all = json!({});
            for (scope, _) in SCOPES {
                all[scope] = json!({});
                let Some(id) = subject(state, &who, &place, scope)? else {
                    continue;
                };
                for visibility in ["shared", "private"] {
                    if let Some(text) = state.kept.get(&shelf(&who, scope, &id, visibility)?) {
                        all[scope][visibility] = json!(text);
                    }
                }
            }
            Ok(all)
        })
    };
    shown(read())
}

#[derive(Deserialize)]
struct Keep {
    #[serde(flatten)]
    place: Place,
    scope: String,
    visibility: String,
    /// A JSON object as text; the whole of it.
    data: String,
}

pub(super) async fn keep(
    extract::State(server): extract::State<Server>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let keep = || -> Answer {
        let who = server.viewer(&headers)?;
        let wish: Keep = read(&body)?;
        let most = SCOPES.iter().find(|(scope, _)| *scope == wish.scope);
        let most = most.ok_or_else(|| Refusal::invalid("scope"))?.1;
        let fits = wish.data.encode_utf16().count() <= most;
        if !fits || !matches!(serde_json::from_str(&wish.data), Ok(Value::Object(_))) {
            return Err(Refusal::invalid("data"));
        }
        server.world.with(|state| {
            let id =
                subject(state, &who, &wish.place, &wish.scope)?.ok_or_else(Refusal::missing)?;
            if wish.visibility == "shared" && wish.scope != "member" {
                state.may_write(&who, &wish.place.board)?;
            }
            let board = state.board(&who, &wish.place.board)?.id.clone();
            let shelf = shelf(&who, &wish.scope, &id, &wish.visibility)?;
            state.kept.insert(shelf, wish.data.clone());
            state.news.push(News {
                board,
                event: "kept",
                text: json!({ "scope": wish.scope }).to_string(),
            });
            Ok(json!({}))
        })
    };
    shown(keep())
}

// Who looks -------------------------------------------------------------------------------------

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenWish {
    board: String,
    card: Option<String>,
    state: Option<String>,
    #[serde(default)]
    include_card: bool,
}

pub(super) async fn token(
    extract::State(server): extract::State<Server>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sign = || -> Answer {
        let who = server.viewer(&headers)?;
        let wish: TokenWish = read(&body)?;
        let claims = server.world.with(|state| claims(state, &who, &wish))?;
        let token = server.world.signer().and_then(|own| own.token(&claims));
        let token = token.ok_or_else(|| Refusal::new(500, "no key to sign with"))?;
        Ok(json!({ "jwt": token }))
    };
    shown(sign())
}

fn claims(state: &State, who: &Who, wish: &TokenWish) -> Answer {
    let powerup = state.powerup.as_ref().ok_or_else(Refusal::missing)?;
    let board = state.board(who, &wish.board)?;
    if state.switched_off.contains(&board.id) {
        return Err(Refusal::new(400, "plugin disabled"));
    }
    let told = wish.state.as_deref().unwrap_or_default();
    if told.chars().count() > STATE_LETTERS {
        return Err(Refusal::invalid("state"));
    }
    let place = board.people.iter().find(|one| one.member == who.member);
    let rank = match place.map(|place| place.rank) {
        Some(Rank::Admin) => "admin",
        Some(Rank::Observer) => "observer",
        _ => "normal",
    };
    let mut claims = json!({
        "idPlugin": powerup.id,
        "idBoard": board.id,
        "idMember": who.member,
        "state": told,
        "boardMembership": rank,
        "iat": state.now.as_second(),
        "exp": (state.now + VALID).as_second(),
        "iss": "trello",
    });
    if let Some(organization) = &board.organization {
        claims["idOrganization"] = json!(organization);
        claims["organizationMembership"] = json!("normal");
    }
    if let (true, Some(card)) = (wish.include_card, &wish.card) {
        claims["idCard"] = json!(on_board(state, who, board, card)?);
    }
    Ok(claims)
}

/// `GET /1/resource/jwt-public-keys`: anybody may read them.
pub(super) async fn keys(extract::State(server): extract::State<Server>) -> Response {
    let keys = server.world.signer().map(Signer::keys);
    let answer = keys
        .map(|keys| json!({ "keys": keys }))
        .ok_or_else(|| Refusal::new(500, "no key to sign with"));
    server.open("/resource/jwt-public-keys", answer)
}
