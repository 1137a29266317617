use super::*;
use crate::model::{Board, List, Member, Membership, Rank};
use crate::process::file;

fn board(name: &str, lists: &[&str], people: &[(&str, &str, Rank)]) -> Board {
    let lists = lists.iter().enumerate().map(|(nth, name)| List {
        id: format!("list{nth}").as_str().into(),
        name: (*name).to_owned(),
        closed: false,
        pos: f64::from(u32::try_from(nth).unwrap()),
    });
    let members = people.iter().map(|(username, full_name, rank)| Membership {
        member: member(username, full_name),
        rank: *rank,
        deactivated: false,
        unconfirmed: false,
    });
    Board {
        id: "board".into(),
        name: name.to_owned(),
        url: String::new(),
        organization: None,
        lists: lists.collect(),
        members: members.collect(),
        labels: Vec::new(),
        custom_fields: Vec::new(),
        cards: Vec::new(),
    }
}

fn member(username: &str, full_name: &str) -> Member {
    Member {
        id: username.into(),
        username: username.to_owned(),
        full_name: full_name.to_owned(),
    }
}

fn radio() -> Process {
    file::read(shipped(Language::Ru)).unwrap().process
}

const PEOPLE: [(&str, &str, Rank); 4] = [
    ("olga", "Ольга (бухгалтерия)", Rank::Normal),
    ("ilya_engineer", "Илья", Rank::Normal),
    ("denis", "Денис", Rank::Admin),
    ("signalman", "Signalman", Rank::Normal),
];

fn found(lists: &[&str]) -> Vec<(String, Option<String>, bool)> {
    let board = board("Клиенты", lists, &PEOPLE);
    let me = member("signalman", "Signalman");
    let name = |id: &ListId| {
        board
            .lists
            .iter()
            .find(|one| one.id == *id)
            .unwrap()
            .name
            .clone()
    };
    let all = propose(&radio(), &board, &me).stages.into_iter();
    all.map(|one| (one.stage.to_string(), one.list.as_ref().map(name), one.sure))
        .collect()
}

#[test]
fn lists_of_other_names_are_found_by_likeness_and_by_place() {
    let found = found(&[
        "Входящие",
        "Собираем данные",
        "Предложение и расчёт",
        "Договоры",
        "Оплата счёта",
        "Запуск",
        "Передача",
        "Регистрация",
        "Активные клиенты",
        "Отказы",
        "Разное",
    ]);
    let wanted = [
        ("request", Some("Входящие"), false),
        ("details", Some("Собираем данные"), true),
        ("quote", Some("Предложение и расчёт"), true),
        ("contract", Some("Договоры"), true),
        ("invoice", Some("Оплата счёта"), true),
        ("connect", Some("Запуск"), false),
        ("handover", Some("Передача"), true),
        ("register", Some("Регистрация"), true),
        ("active", Some("Активные клиенты"), true),
        ("postponed", None, false),
        ("lost", Some("Отказы"), true),
        ("left", None, false),
    ];
    let wanted =
        wanted.map(|(stage, list, sure)| (stage.to_owned(), list.map(str::to_owned), sure));
    assert_eq!(found, wanted);
}

#[test]
fn where_nothing_tells_which_list_it_is_none_is_taken() {
    let found = found(&["To do", "Doing", "Done"]);
    assert!(found.iter().all(|(_, list, _)| list.is_none()), "{found:?}");
}

#[test]
fn the_proposal_becomes_the_file_with_its_comments() {
    let board = board("Клиенты", &["Входящие", "Договоры", "Отказы"], &PEOPLE);
    let me = member("signalman", "Signalman");
    let mut proposal = propose(&radio(), &board, &me);
    let people = |role: &str| {
        let held = proposal
            .roles
            .iter()
            .find(|held| held.role == role)
            .unwrap();
        held.people.clone()
    };
    assert_eq!(people("accountant"), ["olga"]);
    assert_eq!(people("engineer"), ["ilya_engineer"]);
    assert_eq!(people("director"), ["denis"], "the only admin");
    assert!(people("manager").is_empty());
    proposal.stages[0].list = Some("list0".into());
    let text = shipped(Language::Ru);
    let edited = written(text, &proposal, &board).unwrap();
    assert!(
        edited
            .text
            .contains("key = \"request\"\nname = \"Входящие\"\n")
    );
    assert!(
        edited
            .text
            .contains("key = \"contract\"\nname = \"Договоры\"\n")
    );
    assert!(
        edited
            .text
            .contains("people = [\"olga\"]\n# Постоянного заместителя нет нарочно")
    );
    assert_eq!(edited.text.lines().count(), text.lines().count());
}

#[test]
fn a_boards_own_lists_are_a_process_that_holds_nobody() {
    let me = member("signalman", "Signalman");
    let lists = [
        "Идеи 💡",
        "В работе",
        "в  работе",
        "«Готово» \\ \"сдано\"",
        "  ",
        "12",
        "Щи",
    ];
    let russian = board("Кухня\n2", &lists, &PEOPLE);
    assert_eq!(language_of(&russian), Language::Ru);
    let own = own(&russian, &me, Language::Ru, "Europe/Moscow");
    assert_eq!(own.left, [ListId::from("list2"), ListId::from("list4")]);
    let checked = file::read(&own.text).unwrap_or_else(|mistakes| {
        panic!("{}", file::render_all(&mistakes, "process.toml", &own.text))
    });
    assert!(checked.warnings.is_empty(), "{:?}", checked.warnings);
    let process = checked.process;
    let keys: Vec<_> = process
        .stages
        .iter()
        .map(|stage| stage.key.to_string())
        .collect();
    assert_eq!(keys, ["idei", "v_rabote", "gotovo_sdano", "12", "schi"]);
    assert!(process.stages.iter().all(|stage| !process.is_gate(stage)));
    assert_eq!(process.role(&"lead".into()).unwrap().people, ["denis"]);
    assert_eq!(
        process.role(&"team".into()).unwrap().people,
        ["olga", "ilya_engineer", "denis"]
    );
    let english = board("Kitchen", &["To do", "Doing", "Done"], &[]);
    assert_eq!(language_of(&english), Language::En);
    let text = super::own(&english, &me, Language::En, "Europe/London").text;
    assert!(file::read(&text).is_ok());
    assert!(text.starts_with("# The process of the board “Kitchen”"));
}
