//! Why a change was not made, as a value and as a sentence for whoever fills in the form.

use super::draft::Entangled;
use super::refs::Where;
use crate::process::file::{Mistake, Severity};
use crate::process::rules::Language;
use serde::Serialize;

/// A mistake of the file's, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub error: bool,
    /// From 1; the column counts characters.
    pub line: usize,
    pub column: usize,
    pub what: String,
    pub mend: String,
    /// The line itself.
    pub shown: String,
}

impl Told {
    pub fn all(mistakes: &[Mistake], text: &str) -> Vec<Self> {
        let told = mistakes.iter().map(|one| {
            let (line, column) = one.place(text);
            Self {
                error: one.severity == Severity::Error,
                line,
                column,
                what: one.what.clone(),
                mend: one.mend.clone(),
                shown: text.lines().nth(line - 1).unwrap_or_default().to_owned(),
            }
        });
        told.collect()
    }

    /// What the reader takes and a form cannot show.
    pub(super) fn unforeseen(what: &str) -> Self {
        Self {
            error: true,
            line: 1,
            column: 1,
            what: what.to_owned(),
            mend: String::new(),
            shown: String::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum Refused {
    /// The file as it stands cannot be read.
    Unreadable {
        mistakes: Vec<Told>,
    },
    /// What would become of it has mistakes.
    Unsound {
        text: String,
        diff: String,
        mistakes: Vec<Told>,
    },
    /// Others name it.
    Named {
        name: String,
        by: Vec<Where>,
    },
    NoSuch {
        part: String,
        key: String,
    },
    Taken {
        key: String,
    },
    BadKey {
        key: String,
    },
    /// Not for the form to change.
    Fixed,
    /// It is written in a way that the form cannot change without harm.
    Entangled,
    TooMany {
        most: usize,
    },
}

impl From<Entangled> for Refused {
    fn from(_: Entangled) -> Self {
        Self::Entangled
    }
}

/// How many places a sentence names.
const NAMED: usize = 5;

impl Refused {
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::Ru => self.ru(),
            Language::En => self.en(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Unreadable { mistakes } => format!(
                "The process file cannot be read{}. Open it as text and mend it first.",
                first(mistakes, "line")
            ),
            Self::Unsound { mistakes, .. } => format!(
                "Not saved: with this change the process would have a mistake{}.",
                first(mistakes, "line")
            ),
            Self::Named { name, by } => format!(
                "“{name}” is still used: {}. Take it out there first.",
                places(by, language_en, "line")
            ),
            Self::NoSuch { part, key } => format!(
                "There is no {} “{key}” any more: somebody may have changed the file meanwhile. Open the form again.",
                language_en(part)
            ),
            Self::Taken { key } => format!("The key “{key}” is taken: choose another."),
            Self::BadKey { key } => format!(
                "“{key}” cannot be a key: use letters, digits, “_” and “-”."
            ),
            Self::Fixed => "This is changed in the file itself, not in the form.".into(),
            Self::Entangled => "This place of the file is written in a way the form cannot change without losing something. Change it in the text.".into(),
            Self::TooMany { most } => {
                format!("These are too many changes at once: save after {most}.")
            }
        }
    }

    fn ru(&self) -> String {
        match self {
            Self::Unreadable { mistakes } => format!(
                "Файл процесса не читается{}. Откройте его текстом и сначала поправьте.",
                first(mistakes, "строка")
            ),
            Self::Unsound { mistakes, .. } => format!(
                "Не сохранено: с этой правкой в процессе появится ошибка{}.",
                first(mistakes, "строка")
            ),
            Self::Named { name, by } => format!(
                "«{name}» ещё используется: {}. Сначала уберите оттуда.",
                places(by, language_ru, "строка")
            ),
            Self::NoSuch { part, key } => format!(
                "В файле уже нет части «{key}» ({}): возможно, файл тем временем изменили. Откройте форму заново.",
                language_ru(part)
            ),
            Self::Taken { key } => format!("Ключ «{key}» занят: выберите другой."),
            Self::BadKey { key } => {
                format!("«{key}» не может быть ключом: подойдут буквы, цифры, «_» и «-».")
            }
            Self::Fixed => "Это меняют в самом файле, не в форме.".into(),
            Self::Entangled => "Это место файла написано так, что форма не может изменить его без потерь. Поправьте его в тексте.".into(),
            Self::TooMany { most } => {
                format!("Слишком много правок за раз: сохраняйте не больше {most}.")
            }
        }
    }
}

fn first(mistakes: &[Told], line: &str) -> String {
    match mistakes.first() {
        Some(one) => format!(" ({line} {}: {})", one.line, one.what),
        None => String::new(),
    }
}

fn places(by: &[Where], part: fn(&str) -> &str, line: &str) -> String {
    let told = by.iter().take(NAMED).map(|one| {
        let name = if one.name.is_empty() {
            &one.key
        } else {
            &one.name
        };
        let through = match one.through.as_str() {
            "" => String::new(),
            through => format!("{through}, "),
        };
        match name.as_str() {
            "" => format!("{} ({through}{line} {})", part(&one.part), one.line),
            name => format!(
                "{} “{name}” ({through}{line} {})",
                part(&one.part),
                one.line
            ),
        }
    });
    let more = if by.len() > NAMED { "; …" } else { "" };
    let told = told.collect::<Vec<_>>().join("; ") + more;
    match line {
        "line" => told,
        _ => told.replace('“', "«").replace('”', "»"),
    }
}

fn language_en(part: &str) -> &str {
    part
}

fn language_ru(part: &str) -> &str {
    match part {
        "role" => "роль",
        "field" => "поле",
        "block" => "блок",
        "checklist" => "чек-лист",
        "item" => "пункт",
        "stage" => "этап",
        "side" => "список рядом с путём",
        "label" => "метка",
        "need" => "требование",
        "deadline" => "срок",
        "target" => "внешнее место",
        "person" => "человек",
        "way" => "способ связи",
        "ladder" => "ступень напоминаний",
        "owner" => "хозяин процесса",
        other => other,
    }
}
