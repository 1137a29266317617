//! The command line: what is wrong is one sentence that says which and how to get it right.

#![cfg(feature = "practice")]
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

fn signalman(args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signalman"));
    for name in [
        "TRELLO_KEY",
        "TRELLO_TOKEN",
        "TRELLO_SECRET",
        "TRELLO_API_URL",
        "PUBLIC_URL",
        "STORE",
        "PROCESS",
    ] {
        command.env_remove(name);
    }
    command
        .args(args)
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

const ROLES: [&str; 4] = [
    "manager=@maria_demo",
    "engineer=@ilya_demo",
    "accountant=@olga_demo",
    "director=@denis_demo",
];

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// A practice Trello in a process of its own, and what it printed.
struct Practice {
    child: Child,
    told: serde_json::Value,
}

impl Practice {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_signalman"))
            .args(["sandbox", "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told = serde_json::from_str(&line).unwrap();
        Self { child, told }
    }
    fn text(&self, key: &str) -> &str {
        self.told[key].as_str().unwrap()
    }

    fn ask(&self, method: reqwest::Method, path: &str, more: &[(&str, &str)]) -> serde_json::Value {
        let keys = [("key", self.text("key")), ("token", self.text("token"))];
        let url = format!("{}/{path}", self.text("api"));
        let request = reqwest::Client::new().request(method, url);
        let asked = async {
            let answer = request.query(&keys).query(more).send().await.unwrap();
            answer.error_for_status().unwrap().json().await.unwrap()
        };
        tokio::runtime::Runtime::new().unwrap().block_on(asked)
    }

    fn made(&self, path: &str, more: &[(&str, &str)]) -> String {
        let made = self.ask(reqwest::Method::POST, path, more);
        made["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn check_ends_with_zero_or_one() {
    let root = env!("CARGO_MANIFEST_DIR");
    let good = signalman(&["check", &format!("{root}/radio.ru.toml")], &[]);
    assert!(good.status.success());
    let bad = signalman(
        &[
            "check",
            &format!("{root}/tests/check/broken/unknown_role.toml"),
        ],
        &[],
    );
    assert_eq!(bad.status.code(), Some(1));
    let none = signalman(&["check", "/nowhere.toml"], &[]);
    assert_eq!(none.status.code(), Some(1));
    assert!(said(&none).contains("/nowhere.toml"));
}

/// What is in force is one text: the days of a calendar that stands beside the file are in it.
#[test]
fn a_calendar_may_stand_beside_the_file() {
    let root = env!("CARGO_MANIFEST_DIR");
    let radio = std::fs::read_to_string(format!("{root}/radio.en.toml")).unwrap();
    let hours = "off = [\"2026-12-25\", \"2027-01-01\"]";
    assert!(radio.contains(hours));
    let text = radio.replacen(hours, "calendar = \"holidays.ics\"", 1);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my.toml");
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let lacking = signalman(&["check", file], &[]);
    assert_eq!(lacking.status.code(), Some(1));
    assert!(
        said(&lacking).contains("cannot read holidays.ics"),
        "{}",
        said(&lacking)
    );
    let day = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270104\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    std::fs::write(folder.path().join("holidays.ics"), day).unwrap();
    let good = signalman(&["check", file], &[]);
    assert!(good.status.success(), "{}", said(&good));
}

#[test]
fn the_schema_is_json() {
    let schema = signalman(&["schema"], &[]);
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert!(schema["properties"]["stage"].is_object());
}

#[test]
fn a_missing_or_wrong_key_token_or_secret_is_one_sentence_that_says_which() {
    let practice = Practice::start();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db").display().to_string();
    let api = practice.text("api");
    let (key, token) = (practice.text("key"), practice.text("token"));
    let serve = |env: &[(&str, &str)]| {
        let mut all = vec![("TRELLO_API_URL", api), ("STORE", &store)];
        all.extend_from_slice(env);
        let output = signalman(&["serve", "--listen", "127.0.0.1:0"], &all);
        assert!(!output.status.success());
        let said = said(&output);
        assert!(
            !said.contains(key) && !said.contains(token),
            "no secret is printed: {said}"
        );
        said
    };
    assert!(serve(&[]).contains("TRELLO_KEY is not set"));
    assert!(serve(&[("TRELLO_KEY", key)]).contains("TRELLO_TOKEN is not set"));
    assert!(serve(&[("TRELLO_KEY", "wrong"), ("TRELLO_TOKEN", token)]).contains("TRELLO_KEY"));
    assert!(serve(&[("TRELLO_KEY", key), ("TRELLO_TOKEN", "wrong")]).contains("TRELLO_TOKEN"));
    let public = ("PUBLIC_URL", "http://127.0.0.1:9");
    assert!(
        serve(&[("TRELLO_KEY", key), ("TRELLO_TOKEN", token), public])
            .contains("TRELLO_SECRET is not set")
    );
}

#[test]
fn setup_apply_explain_pause_and_backup_work_on_a_practice_board() {
    let practice = Practice::start();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db").display().to_string();
    let process = folder.path().join("mine.toml");
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::copy(format!("{root}/radio.ru.toml"), &process).unwrap();
    let process = process.display().to_string();
    let board = practice.text("board");
    let env = [
        ("TRELLO_API_URL", practice.text("api")),
        ("TRELLO_KEY", practice.text("key")),
        ("TRELLO_TOKEN", practice.text("token")),
        ("STORE", store.as_str()),
    ];
    let run = |args: &[&str]| {
        let output = signalman(args, &env);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    };
    let refused = signalman(&["setup", board, "--process", &process], &env);
    assert!(
        said(&refused).contains("nobody holds") || said(&refused).contains("--role"),
        "{}",
        said(&refused)
    );
    let mut setup = vec!["setup", board, "--process", &process, "--yes"];
    for role in ROLES {
        setup.extend(["--role", role]);
    }
    let told = run(&setup);
    assert!(
        told.contains("is attached") && told.contains("No card was moved"),
        "{told}"
    );
    assert!(
        run(&setup).contains("goes by version"),
        "again changes nothing and works"
    );
    run(&["apply", board, &process, "--yes"]);
    run(&["pause", board]);
    run(&["resume", board]);
    run(&["dead"]);
    assert!(run(&["report", board]).contains("Цена задержки"));
    assert!(run(&["report", "-", "--lang", "en"]).contains("Cost of delay"));
    let figures = run(&["report", board, "--since", "2026-01-01", "--json"]);
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    assert_eq!(figures["cards"]["open"], 8);
    assert!(run(&["report", board, "--csv"]).starts_with("\u{feff}card_id,"));
    assert!(run(&["report", board, "--xes"]).contains("xes.version"));
    let away = run(&[
        "away",
        "olga_demo",
        "2999-12-01..12-14",
        "--to",
        "@vera_demo",
    ]);
    assert!(
        away.contains("@olga_demo 2999-12-01 to 2999-12-14, stands in: @vera_demo"),
        "{away}"
    );
    assert!(run(&["away"]).contains("@olga_demo 2999-12-01"));
    let unknown = signalman(&["away", "nobody", "2999-12-01"], &env);
    assert!(said(&unknown).contains("@olga_demo"), "{}", said(&unknown));
    let over = signalman(&["away", "olga_demo", "2001-12-01"], &env);
    assert!(said(&over).contains("2026-12-01..12-14"), "{}", said(&over));
    run(&["away", "olga_demo", "--back"]);
    assert!(run(&["away"]).contains("Nobody is away"));
    assert!(run(&["check", &process, "--board", board]).contains("everybody is on the board"));
    let named = std::fs::read_to_string(&process).unwrap();
    let named = named.replacen("people = []", "people = [\"gone_demo\"]", 1);
    let other = folder.path().join("other.toml").display().to_string();
    std::fs::write(&other, named).unwrap();
    let missing = signalman(&["check", &other, "--board", board], &env);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        said(&missing).contains("@gone_demo is not a member of the board"),
        "{}",
        said(&missing)
    );
    let printed = folder.path().join("report.html");
    run(&["report", board, "--html", &printed.display().to_string()]);
    let printed = std::fs::read_to_string(&printed).unwrap();
    assert!(printed.contains("Цена задержки") && printed.contains("<svg"));
    let cards = practice.ask(reqwest::Method::GET, &format!("boards/{board}/cards"), &[]);
    let name = "Кефир FM";
    let mut cards = cards.as_array().unwrap().iter();
    let card = cards.find(|card| card["name"] == name).unwrap();
    let link = card["shortLink"].as_str().unwrap();
    let told = run(&["dossier", link, "--board", board]);
    assert!(told.contains(name) && told.contains("Чей ход"), "{told}");
    let file = folder.path().join("client.html").display().to_string();
    run(&[
        "dossier",
        card["id"].as_str().unwrap(),
        "--lang",
        "en",
        "--html",
        &file,
    ]);
    let file = std::fs::read_to_string(&file).unwrap();
    assert!(file.contains("Whose turn") && file.contains(name));
    let id = card["id"].as_str().unwrap();
    practice.ask(reqwest::Method::DELETE, &format!("cards/{id}"), &[]);
    let gone = run(&["dossier", id]);
    assert!(gone.contains(name) && gone.contains("Тимофей"), "{gone}");
    let unknown = signalman(&["dossier", "nothing1"], &env);
    assert!(said(&unknown).contains("no attached board remembers"));
    let copy = folder.path().join("copy.db").display().to_string();
    run(&["backup", &copy]);
    assert!(std::fs::metadata(&copy).unwrap().len() > 0);
    run(&["detach", board]);
}

#[test]
fn a_place_on_trello_is_tried_with_the_keys_that_the_service_has() {
    let practice = Practice::start();
    let other = practice.made("boards", &[("name", "Заказчики")]);
    let wish = [("idBoard", other.as_str()), ("name", "Станции")];
    let list = practice.made("lists", &wish);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db").display().to_string();
    let process = folder.path().join("mine.toml");
    let root = env!("CARGO_MANIFEST_DIR");
    let radio = std::fs::read_to_string(format!("{root}/radio.ru.toml")).unwrap();
    let section = format!(
        "\n[[target]]\nkey = \"list\"\nkind = \"trello_list\"\nurl = \"trello:{list}\"\n\
         put = [{{ name = \"name\", value = \"{{card_name}}\" }}]\n"
    );
    std::fs::write(&process, radio + &section).unwrap();
    let process = process.display().to_string();
    let board = practice.text("board");
    let env = [
        ("TRELLO_API_URL", practice.text("api")),
        ("TRELLO_KEY", practice.text("key")),
        ("TRELLO_TOKEN", practice.text("token")),
        ("STORE", store.as_str()),
    ];
    let mut setup = vec!["setup", board, "--process", &process, "--yes"];
    for role in ROLES {
        setup.extend(["--role", role]);
    }
    let attached = signalman(&setup, &env);
    assert!(attached.status.success(), "{}", said(&attached));
    let tried = signalman(&["target", "test", "list"], &env);
    assert!(tried.status.success(), "{}", said(&tried));
    assert!(said(&tried).contains("The place works"), "{}", said(&tried));
    let cards = practice.ask(
        reqwest::Method::GET,
        &format!("boards/{other}/cards/all"),
        &[],
    );
    let cards: Vec<_> = cards.as_array().unwrap().iter().collect();
    assert_eq!(cards.len(), 1, "{cards:?}");
    assert_eq!(cards[0]["closed"], true);
    let reached = said(&signalman(&["targets"], &env));
    assert!(
        reached.contains("list  (trello_list): reachable"),
        "{reached}"
    );
    let without = &env[3..];
    let tried = signalman(&["target", "test", "list"], without);
    assert!(said(&tried).contains("TRELLO_KEY is not set"));
}

#[test]
fn the_headless_demo_fails_with_the_judge_switched_off() {
    let watched = signalman(
        &[
            "demo",
            "--headless",
            "--mode",
            "watch",
            "--listen",
            "127.0.0.1:0",
        ],
        &[],
    );
    assert_eq!(watched.status.code(), Some(1), "{}", said(&watched));
    let held = signalman(&["demo", "--headless", "--listen", "127.0.0.1:0"], &[]);
    assert!(held.status.success(), "{}", said(&held));
}
