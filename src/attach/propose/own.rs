//! A board's own lists as a process: each a stage, in order, that asks for nothing and lets everyone
//! through; a file to begin with, with words on what comes next.

use super::open;
use crate::model::{Board, ListId, Member, Rank};
use crate::process::edit::quoted;
use crate::process::{Language, normal};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The file, and the lists that are in no stage: nameless ones, and those named as another is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub text: String,
    pub left: Vec<ListId>,
}

pub fn own(board: &Board, me: &Member, language: Language, time_zone: &str) -> Own {
    let words = Words::of(language);
    let (mut names, mut left, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for list in open(board) {
        let name = plain(&list.name);
        match !name.is_empty() && seen.insert(normal(&name)) {
            true => names.push(name),
            false => left.push(list.id.clone()),
        }
    }
    let name = match plain(&board.name) {
        name if name.is_empty() => words.process.to_owned(),
        name => name,
    };
    let mut text = words.head.replace("{board}", &name);
    let language = match language {
        Language::Ru => "ru",
        Language::En => "en",
    };
    let _ = write!(
        text,
        "name = {}\nlanguage = \"{language}\"\ntime_zone = {}\n{}mode = \"watch\"\n{}owner = \"lead\"\n",
        quoted(&name),
        quoted(time_zone),
        words.mode,
        words.owner,
    );
    let people = |lead: bool| {
        let members = board.members.iter().filter(|one| {
            one.is_active()
                && one.rank != Rank::Observer
                && one.member.id != me.id
                && (!lead || one.rank == Rank::Admin)
        });
        let names: Vec<_> = members.map(|one| quoted(&one.member.username)).collect();
        names.join(", ")
    };
    let _ = write!(
        text,
        "\n{}[[role]]\nkey = \"lead\"\nname = {}\npeople = [{}]\n\n[[role]]\nkey = \"team\"\nname = {}\npeople = [{}]\n",
        words.roles,
        quoted(words.lead),
        people(true),
        quoted(words.team),
        people(false),
    );
    let mut keys = BTreeSet::new();
    for (nth, name) in names.iter().enumerate() {
        let (first, last) = (nth == 0, nth + 1 == names.len());
        let comment = if first { words.stages } else { "" };
        let purpose = words.purpose.replace("{name}", name);
        let _ = write!(
            text,
            "\n{comment}[[stage]]\nkey = \"{}\"\nname = {}\npurpose = {}\nowner = \"team\"\n",
            key(name, nth, &mut keys),
            quoted(name),
            quoted(&purpose),
        );
        if !first {
            text.push_str("skip = [\"team\"]\nstart = [\"team\"]\n");
        }
        text.push_str("archive = { anyone = true }\n");
        if last {
            text.push_str("final = true\n");
        }
        if nth == 1 || last && first {
            text.push_str(words.gate);
        }
    }
    Own { text, left }
}

/// On one line, without what cannot be seen.
fn plain(name: &str) -> String {
    let words = name.split(|sign: char| sign.is_whitespace() || sign.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A key that can be read: `schet_i_oplata`.
fn key(name: &str, nth: usize, taken: &mut BTreeSet<String>) -> String {
    let mut key = String::new();
    for sign in name.to_lowercase().chars() {
        match sign {
            'a'..='z' | '0'..='9' => key.push(sign),
            sign => match latin(sign) {
                Some(letters) => key.push_str(letters),
                None if !key.is_empty() && !key.ends_with('_') => key.push('_'),
                None => {}
            },
        }
    }
    let key = key.trim_matches('_');
    let key = key
        .get(..key.len().min(40))
        .unwrap_or(key)
        .trim_matches('_');
    let plain = match key.is_empty() {
        true => format!("stage_{}", nth + 1),
        false => key.to_owned(),
    };
    let mut key = plain.clone();
    let mut more = 2;
    while !taken.insert(key.clone()) {
        key = format!("{plain}_{more}");
        more += 1;
    }
    key
}

fn latin(letter: char) -> Option<&'static str> {
    const FROM_A: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s",
        "t", "u", "f", "h", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya",
    ];
    if letter == 'ё' {
        return Some("e");
    }
    let nth = u32::from(letter).checked_sub(u32::from('а'))?;
    FROM_A.get(usize::try_from(nth).ok()?).copied()
}

struct Words {
    process: &'static str,
    head: &'static str,
    mode: &'static str,
    owner: &'static str,
    roles: &'static str,
    lead: &'static str,
    team: &'static str,
    stages: &'static str,
    purpose: &'static str,
    gate: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::Ru => Self {
                process: "Процесс",
                head: "# Процесс доски «{board}»: её списки слева направо. Пока ничего не требуется, и двигать\n\
                       # карточки может каждый. Требования добавляйте по одному: в форме или здесь.\n\
                       #\n\
                       # Ключи (key) нужны только этому файлу, людям они не показываются.\n",
                mode: "# watch: ничего не двигать, только записывать, что вернулось бы. enforce: держать процесс.\n",
                owner: "# Кто разбирает исключения: /пропустить этап причина.\n",
                roles: "# Роли: кто за что отвечает. Люди — логинами Trello.\n",
                lead: "ведущий",
                team: "команда",
                stages: "# Этапы по порядку. purpose: зачем этап, одной фразой. skip и start: кто может пропустить этап и\n\
                         # завести карточку сразу в нём. limit = \"16h\": сколько рабочих часов он длится.\n",
                purpose: "Карточки этапа «{name}».",
                gate: "# Так этап начинает требовать (уберите решётки):\n\
                       # movers = [\"lead\"]\n\
                       #   [[stage.need]]\n\
                       #   attachment = \"договор\"\n",
            },
            Language::En => Self {
                process: "Process",
                head: "# The process of the board “{board}”: its lists from left to right. Nothing is asked yet, and\n\
                       # everyone may move cards. Add what is needed one by one: in the form or here.\n\
                       #\n\
                       # A key is for this file alone; people are not shown it.\n",
                mode: "# watch: nothing is moved, what would be is recorded. enforce: hold the process.\n",
                owner: "# Who decides exceptions: /allow stage reason.\n",
                roles: "# Roles: who answers for what. People are Trello usernames.\n",
                lead: "lead",
                team: "team",
                stages: "# Stages in order. purpose: what the stage is for, in one sentence. skip and start: who may leave\n\
                         # it out, and start a card in it. limit = \"16h\": how many working hours it takes.\n",
                purpose: "Cards in “{name}”.",
                gate: "# A stage begins to ask like this (take off the signs in front):\n\
                       # movers = [\"lead\"]\n\
                       #   [[stage.need]]\n\
                       #   attachment = \"contract\"\n",
            },
        }
    }
}
