//! What people read elsewhere than on the card: a morning's message, answers in a chat; and on the
//! card, that something did not arrive there.

use super::{Format, Language, Words, en, ru};
use crate::model::Lost;
use crate::process::memory::Waiting;
use crate::process::notify::WayKind;
use jiff::{Timestamp, civil::Date};

/// No list in a morning's message is longer.
pub(super) const LINES: usize = 20;

/// How things stand for one person on a working morning.
#[derive(Clone, Debug, PartialEq)]
pub struct Morning {
    pub today: Date,
    /// The person's turn, the oldest first.
    pub turn: Vec<Here>,
    /// The person's cards that wait for others, outside or on the board.
    pub others: Vec<Here>,
    /// Of the person's turn: little time is left.
    pub soon: Vec<Here>,
    /// For the process owner.
    pub whole: Option<Whole>,
}

/// The board as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// Late by so much that somebody has to step in, and merely late.
    pub stuck: Vec<Here>,
    pub late: Vec<Here>,
    /// Since that day, by stage.
    pub since: Date,
    pub refused: Vec<(String, usize)>,
    /// What the days over the limit cost.
    pub fees: Vec<Fees>,
}

/// A card in its stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Here {
    pub card: String,
    pub stage: String,
    pub since: Option<Timestamp>,
    /// The end of its time there.
    pub due: Option<Timestamp>,
    /// Calendar days over it.
    pub late: Option<i64>,
    /// Whose turn it is, where that is not the reader's.
    pub who: Vec<String>,
    /// It waits for somebody outside.
    pub waits: Option<Waiting>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fees {
    pub amount: f64,
    pub currency: Option<String>,
    pub cards: usize,
}

/// What a link that opens a chat turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Good,
    Stale,
    Foreign,
}

impl Morning {
    /// Nobody is written to for this.
    pub fn is_empty(&self) -> bool {
        let whole = self.whole.as_ref();
        let quiet = whole.is_none_or(|whole| {
            whole.stuck.is_empty() && whole.late.is_empty() && whole.refused.is_empty()
        });
        quiet && self.turn.is_empty() && self.others.is_empty() && self.soon.is_empty()
    }
}

impl Words {
    /// A message to a person did not arrive by this way, and will not.
    pub fn not_reached(&self, person: &str, kind: Option<WayKind>, why: &Lost) -> String {
        match self.language {
            Language::Ru => ru::post::not_reached(person, kind, why),
            Language::En => en::post::not_reached(person, kind, why),
        }
    }

    pub fn digest(&self, morning: &Morning) -> String {
        match self.language {
            Language::Ru => ru::post::morning(&self.format, morning),
            Language::En => en::post::morning(&self.format, morning),
        }
    }

    pub fn digest_subject(&self, morning: &Morning) -> String {
        match self.language {
            Language::Ru => ru::post::subject(&self.format, morning),
            Language::En => en::post::subject(&self.format, morning),
        }
    }

    /// The answer to whoever opens a chat by a link.
    pub fn chat(&self, process: &str, link: Link) -> String {
        match self.language {
            Language::Ru => ru::post::chat(&self.format, process, link),
            Language::En => en::post::chat(&self.format, process, link),
        }
    }

    /// What is sent where an operator tries a way.
    pub fn trial(&self, process: &str) -> String {
        match self.language {
            Language::Ru => ru::post::trial(&self.format, process),
            Language::En => en::post::trial(&self.format, process),
        }
    }
}

/// A heading and its lines, with a word for those that are left out; nothing where there is none.
pub(super) fn section<T>(
    heading: &str,
    all: &[T],
    line: impl Fn(&T) -> String,
    more: impl Fn(usize) -> String,
) -> Option<String> {
    if all.is_empty() {
        return None;
    }
    let lines = all
        .iter()
        .take(LINES)
        .map(|one| format!("\n- {}", line(one)));
    let over = all.len().saturating_sub(LINES);
    let more = (over > 0).then(|| format!("\n- {}", more(over)));
    Some(format!(
        "{heading}{}",
        lines.chain(more).collect::<String>()
    ))
}

pub(super) fn money(format: &Format, fees: &Fees) -> String {
    let hundredths = (fees.amount * 100.0).round() as i64;
    format.money(hundredths, fees.currency.as_deref())
}
