//! `signalman demo`: the practice Trello with the radio board, and the service that holds it, in one
//! process on loopback. `--headless` plays the three things to try and says how they ended.

use super::connect::clock_with;
use super::serve::{Service, card_pages};
use super::story;
use super::terminal::{line, log, until_told};
use crate::attach::{Attach, Options as AttachOptions, plan};
use crate::engine::{Clock, Options};
use crate::process::Process;
use crate::process::file;
use crate::sandbox::radio::{self, Demo};
use crate::sandbox::world::SERVICE_APP;
use crate::sandbox::{self, PowerUp as Installed, Sandbox};
use crate::store::{Sqlite, Store};
use crate::trello::{Credentials, Guests, Trello};
use crate::web::{Phone, PowerUp};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

#[derive(Args)]
pub(super) struct Play {
    /// Where the board page listens
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Play the three things to try, tell them as a story, and exit 0 only if each ended as it should
    #[arg(long)]
    headless: bool,
    /// Language of the board and of the sentences
    #[arg(long, default_value = "ru")]
    lang: Language,
    /// watch: nothing goes back, it is only recorded
    #[arg(long, default_value = "enforce")]
    mode: Mode,
    /// Leave the board without a process: the Power-Up's settings lead it to one
    #[arg(long, conflicts_with_all = ["headless", "mode"])]
    bare: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Language {
    Ru,
    En,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Mode {
    Enforce,
    Watch,
}

const PEOPLE: [(&str, &str, &str); 4] = [
    ("manager", r#""maria_demo""#, r#""vera_demo""#),
    ("engineer", r#""ilya_demo", "egor_demo""#, ""),
    ("accountant", r#""olga_demo""#, ""),
    ("director", r#""denis_demo""#, ""),
];

/// Where the practice board's people read what they are told besides on the card.
const MAILBOXES: &str = "ether.example";

/// The whole story has this long.
const PATIENCE: Duration = Duration::from_secs(50);

pub(super) async fn run(args: Play) -> anyhow::Result<ExitCode> {
    log("warn", false);
    let real = clock_with(SignedDuration::ZERO)();
    let offset = radio::opening(real).duration_since(real);
    let sandbox = Sandbox::start(sandbox::Options {
        listen: args.listen,
        clock_offset: offset,
        retry_scale: 1.0,
        rate_limits: true,
    });
    let sandbox = sandbox.await.with_context(|| {
        format!("cannot listen on {}: is another demo running? --listen 127.0.0.1:0 takes any free port", args.listen)
    })?;
    // One clock for both: time that is made to pass there has passed here.
    let world = sandbox.world().clone();
    let clock: Clock = Arc::new(move || world.now());
    let russian = args.lang == Language::Ru;
    let demo = radio::set_up(sandbox.world(), russian).map_err(anyhow::Error::msg)?;
    // The board page shows what comes there.
    let post = sandbox.mail().await?;
    let text = process_text(russian, args.mode) + &mailed(post);
    let process = match file::read(&text) {
        Ok(checked) => checked.process,
        Err(mistakes) => bail!("the built-in process file has {} mistakes", mistakes.len()),
    };
    let folder = tempfile::tempdir()?;
    let store = Arc::new(Sqlite::open(&folder.path().join("demo.db"))?);
    let stop = CancellationToken::new();
    let trello = connect(&sandbox, &demo, &clock)?;
    if !args.bare {
        attach(&trello, &store, &demo, &process, &text, &clock).await?;
    }
    let service = serve(&sandbox, trello, store, clock, stop.clone()).await?;
    let code = if args.headless {
        let told = tokio::time::timeout(PATIENCE, story::play(sandbox.world(), &demo, &process));
        match told.await {
            Ok(Ok(())) => ExitCode::SUCCESS,
            Ok(Err(unlike)) => {
                line(format!("✗ {unlike}"));
                ExitCode::FAILURE
            }
            Err(_) => {
                line("✗ The story took longer than 50 seconds.");
                ExitCode::FAILURE
            }
        }
    } else {
        match args.bare {
            true => line(bare(&sandbox.url(), russian)),
            false => invite(&sandbox.url(), russian),
        }
        until_told(CancellationToken::new()).await;
        ExitCode::SUCCESS
    };
    stop.cancel();
    let _ = service.await;
    Ok(code)
}

/// The shipped file with the practice board's people in its roles.
fn process_text(russian: bool, mode: Mode) -> String {
    let shipped = if russian {
        include_str!("../../radio.ru.toml")
    } else {
        include_str!("../../radio.en.toml")
    };
    let mut text = shipped.to_owned();
    for (role, people, deputies) in PEOPLE {
        let section = format!("[[role]]\nkey = \"{role}\"");
        if let Some(start) = text.find(&section) {
            let rest = text.split_off(start);
            let rest = rest.replacen("people = []", &format!("people = [{people}]"), 1);
            text += &rest.replacen("deputies = []", &format!("deputies = [{deputies}]"), 1);
        }
    }
    if mode == Mode::Watch {
        text = text.replacen("mode = \"enforce\"", "mode = \"watch\"", 1);
    }
    text
}

/// The part of a process file by which each of the people is written to at the practice world's post.
fn mailed(post: SocketAddr) -> String {
    let mut text = format!(
        "\n[[way]]\nkey = \"mail\"\nkind = \"smtp\"\nurl = \"smtp://{post}\"\nfrom = \"signalman@{MAILBOXES}\"\nallow_private = true\n"
    );
    let named = PEOPLE
        .iter()
        .flat_map(|(_, people, deputies)| [people, deputies]);
    let logins = named.flat_map(|list| list.split(','));
    for login in logins.map(|login| login.trim().trim_matches('"')) {
        let name = login.trim_end_matches("_demo");
        if !name.is_empty() {
            text += &format!(
                "\n[[person]]\nlogin = \"{login}\"\nnotify = [{{ way = \"mail\", to = \"{name}@{MAILBOXES}\" }}]\ndigest = true\n"
            );
        }
    }
    text
}

fn connect(sandbox: &Sandbox, demo: &Demo, clock: &Clock) -> anyhow::Result<Arc<Trello>> {
    let token = sandbox
        .world()
        .token(&demo.bot, SERVICE_APP)
        .unwrap_or_default();
    let credentials = Credentials {
        key: SecretString::from(sandbox.key()),
        token: SecretString::from(token),
    };
    let api = Url::parse(&format!("{}/1", sandbox.url()))?;
    Ok(Arc::new(Trello::new(
        &api,
        &credentials,
        Arc::clone(clock),
    )?))
}

async fn attach(
    trello: &Trello,
    store: &Sqlite,
    demo: &Demo,
    process: &Process,
    text: &str,
    clock: &Clock,
) -> anyhow::Result<()> {
    let me = trello.me().await?;
    let attach = Attach { trello, store };
    let board = attach.read(&demo.board.as_str().into()).await?;
    let plan = plan(process, &board, &me, None, &AttachOptions::default());
    if let Some(trouble) = plan.troubles.first() {
        bail!("the practice board cannot be attached: {trouble}");
    }
    let bindings = attach.create(process, &board, &plan, |_| {}).await?;
    attach
        .activate(process, text, &board.id, bindings, clock())
        .await?;
    Ok(())
}

async fn serve(
    sandbox: &Sandbox,
    trello: Arc<Trello>,
    store: Arc<Sqlite>,
    clock: Clock,
    stop: CancellationToken,
) -> anyhow::Result<tokio::task::JoinHandle<anyhow::Result<()>>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let public_url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    let secrets = vec![SecretString::from(sandbox.secret())];
    let powerup = powerup(sandbox, &public_url, &trello, &secrets)?;
    let service = Service {
        store: store as Arc<dyn Store>,
        trello,
        clock,
        secrets,
        options: Options {
            card_pages: card_pages(Some(&public_url), Some(&powerup))?,
            public_url: Some(public_url),
            secrets: super::connect::keys_of_places(),
            ..Options::default()
        },
        limits: crate::web::Limits::default(),
        powerup: Some(powerup),
    };
    Ok(tokio::spawn(service.run(listener, stop)))
}

/// The Power-Up, installed on the practice Trello and served by the service beside it.
fn powerup(
    sandbox: &Sandbox,
    service: &Url,
    trello: &Arc<Trello>,
    secrets: &[SecretString],
) -> anyhow::Result<PowerUp> {
    let id = "6b0811e05b00000000515151";
    let host = Url::parse(&sandbox.url())?;
    sandbox.world().install(Installed {
        id: id.to_owned(),
        name: "Signalman".to_owned(),
        connector: service.join("powerup/connector.html")?,
    });
    let client = host.join("powerup-client.js")?;
    let api = host.join("1")?;
    let guests = Guests::new(&api, host.join("1/authorize")?, sandbox.key().into())?;
    let powerup = PowerUp::new(id.to_owned(), client, host, Arc::clone(trello));
    let phone = Phone::new(guests, service, secrets);
    Ok(powerup.with_phone(phone.context("the practice Trello has no secret")?))
}

fn bare(url: &str, russian: bool) -> String {
    if russian {
        format!(
            "\nОткройте {url}\n\n\
             Доска ещё без процесса. Выберите вверху Дениса, он администратор: «Signalman ▾» → «Настройки».\n\n\
             Ctrl-C — закончить."
        )
    } else {
        format!(
            "\nOpen {url}\n\n\
             The board has no process yet. Choose Dennis at the top, he is its admin: “Signalman ▾” → “Settings”.\n\n\
             Ctrl-C ends it."
        )
    }
}

fn invite(url: &str, russian: bool) {
    let text = if russian {
        format!(
            "\nОткройте {url}\n\n\
             Что попробовать (вверху страницы выберите, кто вы):\n\
             1. Илья: перетащите «Кефир FM» в «Подключение». Через секунду карточка вернётся с комментарием, чего не хватает и чей ход.\n\
             2. Ольга: отметьте на карточке «Зелёный Валенок» пункт «Первый платёж пришёл»; Мария: переведите её в «Подключение». Карточка останется, появится чек-лист инженера.\n\
             3. Егор: отметьте на карточке «Бумажный Кит» пункт «CRM…» и перетащите её в «Активный клиент». Отметка снимется, карточка вернётся.\n\n\
             Ctrl-C — закончить."
        )
    } else {
        format!(
            "\nOpen {url}\n\n\
             Three things to try (choose who you are at the top of the page):\n\
             1. Ian: drag “Kefir FM” into “Connection”. Within a second it is back, with a comment on what is missing and whose turn it is.\n\
             2. Olive: tick “First payment received” on “Green Felt Boot”; Mary: move it into “Connection”. It stays, and the engineer's checklist appears.\n\
             3. Eddie: tick “CRM…” on “Paper Whale” and drag it into “Active client”. The tick is taken off and the card comes back.\n\n\
             Ctrl-C ends it."
        )
    };
    line(text);
}
