//! `/1/authorize`: where an app sends a person for a token. On the practice Trello nobody has a
//! password, so that one chooses who one is. A token goes nowhere but to an address of the app's own,
//! which here is loopback alone.

use super::model::{App, Member, Token};
use super::radio;
use super::server::Server;
use super::state::State;
use super::world::hex;
use axum::Form;
use axum::extract::{self, Query};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::{Host, Url};

#[derive(Clone, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    key: String,
    #[serde(default)]
    response_type: String,
    #[serde(default = "read")]
    scope: String,
    #[serde(default = "month")]
    expiration: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    return_url: String,
    #[serde(default = "fragment")]
    callback_method: String,
}

fn read() -> String {
    "read".into()
}
fn month() -> String {
    "30days".into()
}
fn fragment() -> String {
    "fragment".into()
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(flatten)]
    wish: Wish,
    #[serde(default)]
    member: String,
    #[serde(default)]
    answer: String,
}

/// A wish that can be granted.
struct Sound {
    app: App,
    back: Url,
    write: bool,
    expires: Option<Timestamp>,
}

fn sound(state: &State, wish: &Wish) -> Result<Sound, &'static str> {
    let app = state.apps.values().find(|app| app.key == wish.key);
    let app = app.ok_or("App not found")?.clone();
    if wish.response_type != "token" || wish.callback_method != "fragment" {
        return Err("Only response_type=token with callback_method=fragment is known here");
    }
    let scopes: Vec<&str> = wish.scope.split(',').collect();
    if !scopes
        .iter()
        .all(|one| ["read", "write", "account"].contains(one))
    {
        return Err("Invalid scope");
    }
    let days = match wish.expiration.as_str() {
        "never" => None,
        "1hour" => Some(SignedDuration::from_hours(1)),
        "1day" => Some(SignedDuration::from_hours(24)),
        "30days" => Some(SignedDuration::from_hours(24 * 30)),
        _ => return Err("Invalid expiration"),
    };
    let back = Url::parse(&wish.return_url).ok().filter(is_loopback);
    let wrong =
        "Invalid return_url. The return URL should match the application's allowed origins.";
    Ok(Sound {
        app,
        back: back.ok_or(wrong)?,
        write: scopes.contains(&"write"),
        expires: days.map(|valid| state.now + valid),
    })
}

fn is_loopback(url: &Url) -> bool {
    let own = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    own && matches!(url.scheme(), "http" | "https")
}

fn people(state: &State) -> Vec<Member> {
    let all = state.members.values();
    all.filter(|member| member.username != radio::BOT)
        .cloned()
        .collect()
}

/// The page where one chooses.
pub(super) async fn ask(
    extract::State(server): extract::State<Server>,
    Query(wish): Query<Wish>,
) -> Response {
    let page = server.world.with(|state| -> Result<String, &'static str> {
        let sound = sound(state, &wish)?;
        let russian = state.manners.values().next();
        let russian = russian.is_some_and(|known| known.language == "ru");
        Ok(page(&wish, &sound, &people(state), russian))
    });
    match page {
        Ok(page) => {
            let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
        }
        Err(wrong) => refused(wrong),
    }
}

pub(super) async fn answer(
    extract::State(server): extract::State<Server>,
    Form(chosen): Form<Chosen>,
) -> Response {
    let back = server.world.with(|state| -> Result<Url, &'static str> {
        let Sound {
            app,
            mut back,
            write,
            expires,
        } = sound(state, &chosen.wish)?;
        if chosen.answer != "allow" {
            back.set_fragment(Some("error=Token%20request%20rejected"));
            return Ok(back);
        }
        if !people(state).iter().any(|one| one.id == chosen.member) {
            return Err("Choose who you are");
        }
        let token = Token {
            id: state.id(),
            token: hex(64),
            member: chosen.member.clone(),
            app: app.id,
            created: state.now,
            write,
            expires,
        };
        back.set_fragment(Some(&format!("token={}", token.token)));
        state.tokens.push(token);
        Ok(back)
    });
    match back {
        Ok(back) => Redirect::to(back.as_str()).into_response(),
        Err(wrong) => refused(wrong),
    }
}

fn refused(wrong: &'static str) -> Response {
    (StatusCode::BAD_REQUEST, wrong).into_response()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

fn page(wish: &Wish, sound: &Sound, people: &[Member], russian: bool) -> String {
    let words = if russian { &RU } else { &EN };
    let hidden: String = [
        ("key", &wish.key),
        ("response_type", &wish.response_type),
        ("scope", &wish.scope),
        ("expiration", &wish.expiration),
        ("name", &wish.name),
        ("return_url", &wish.return_url),
        ("callback_method", &wish.callback_method),
    ]
    .iter()
    .map(|(name, value)| {
        let value = escaped(value);
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
    })
    .collect();
    let choices: String = people
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let (id, name, username) = (
                escaped(&one.id),
                escaped(&one.full_name),
                escaped(&one.username),
            );
            let checked = if at == 0 { " checked" } else { "" };
            format!(
                "<label><input type=\"radio\" name=\"member\" value=\"{id}\"{checked}> {name} <small>@{username}</small></label>"
            )
        })
        .collect();
    let asker = if wish.name.trim().is_empty() {
        &sound.app.name
    } else {
        &wish.name
    };
    let may = if sound.write { words.write } else { words.read };
    FRAME
        .replace("{lang}", if russian { "ru" } else { "en" })
        .replace("{style}", STYLE)
        .replace("{title}", words.title)
        .replace("{may}", may)
        .replace("{who}", words.who)
        .replace("{allow}", words.allow)
        .replace("{deny}", words.deny)
        .replace("{hidden}", &hidden)
        .replace("{choices}", &choices)
        .replace("{asker}", &escaped(asker))
}

struct Words {
    title: &'static str,
    read: &'static str,
    write: &'static str,
    who: &'static str,
    allow: &'static str,
    deny: &'static str,
}

const EN: Words = Words {
    title: "{asker} asks to look into your account",
    read: "It will be able to read your name and your boards. It cannot change anything.",
    write: "It will be able to read your boards and to change them.",
    who: "On this practice Trello there are no passwords. Who are you?",
    allow: "Allow",
    deny: "Deny",
};

const RU: Words = Words {
    title: "{asker} просит доступ к вашей учётной записи",
    read: "Можно будет прочитать ваше имя и ваши доски. Менять ничего нельзя.",
    write: "Можно будет читать и менять ваши доски.",
    who: "В учебном Trello нет паролей. Кто вы?",
    allow: "Разрешить",
    deny: "Отказать",
};

const FRAME: &str = "<!doctype html>
<html lang=\"{lang}\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{may}</p>
<form method=\"post\" action=\"/1/authorize\">
{hidden}
<fieldset><legend>{who}</legend>{choices}</fieldset>
<button name=\"answer\" value=\"allow\">{allow}</button>
<button class=\"quiet\" name=\"answer\" value=\"deny\">{deny}</button>
</form>
</main>
</body>
</html>
";

const STYLE: &str = "
body { font: 16px/1.5 system-ui, 'DejaVu Sans', sans-serif; margin: 0; padding: 24px 16px; }
main { max-width: 26rem; margin: auto; }
h1 { font-size: 1.3rem; line-height: 1.3; }
fieldset { border: 1px solid #8886; border-radius: 10px; margin: 0 0 16px; padding: 8px 12px 12px; }
label { display: block; padding: 10px 6px; border-radius: 6px; }
label:hover { background: #8882; }
small { opacity: .7; }
button { font: inherit; width: 100%; padding: 12px; margin-bottom: 8px; border: 0; border-radius: 8px; background: #0b6e99; color: #fff; cursor: pointer; }
button.quiet { background: #8883; color: inherit; }
:focus-visible { outline: 3px solid #3a8afd; outline-offset: 1px; }
";
