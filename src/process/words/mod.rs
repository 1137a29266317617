//! Every sentence that people read, by language: `ru.rs` and `en.rs`, a function a sentence.
//! The first line of a comment stands alone, for it is what a phone shows; it says what happened and
//! whose turn it is. Names are never bent, nobody is blamed, nothing is guessed.

mod clock;
mod en;
pub mod format;
mod post;
mod replies;
mod ru;
pub mod setup;
mod turns;

pub use clock::{DateTold, StepTold};
pub use format::Format;
pub use post::{Fees, Here, Link, Morning, Whole};
pub use replies::{Answer, TermsReply, VouchReply, WishReply};
pub use turns::{AbsenceReply, Handover, NotThere};

use super::facts::Problem;
use super::rules::{Language, Process, Test};
use super::target::Apart;
use super::verdict::{Note, WaitTrouble};
use crate::model::{Appeared, Blind, Drift, Left, Status};
use jiff::{Timestamp, civil::Date};

/// So many missing things are named of a gate.
const MOST_MISSING: usize = 5;

/// Who ticks what stands for an outside place.
pub const SIGNALMAN: &str = "Signalman";

/// A person as a comment names one: «Мария (менеджер)», and as @username where it calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub at: Option<String>,
}

impl Named {
    /// With an @ where the person is called, by name otherwise.
    pub fn called(&self) -> &str {
        self.at.as_deref().unwrap_or(&self.name)
    }
}

/// One line of a to-do list: the thing, and who can put it right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    pub what: Thing,
    pub who: Vec<String>,
}

/// What is missing, in the order a person would mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// As the file words it.
    Said(String),
    Pass {
        stage: String,
    },
    Fields(Vec<String>),
    Value {
        field: String,
        seen: String,
        why: String,
    },
    Item(String),
    /// The item is not on the card (any more).
    ItemAbsent(String),
    /// Ticked by somebody whose tick does not count, or by nobody who can be named.
    ItemForeign {
        item: String,
        by: Option<String>,
    },
    /// It is ticked by Signalman once the place confirms; and why it does not yet.
    ItemUnproved {
        item: String,
        why: Option<String>,
    },
    Label(String),
    Attachment(String),
    Member(String),
    FourEyes {
        item: String,
    },
    Wip {
        limit: u32,
        count: u32,
    },
    OneOf(Vec<Thing>),
    Mover(Vec<String>),
    NoRoute,
}

pub struct Refusal {
    pub mover: Option<Named>,
    /// The list it is back in.
    pub back: String,
    pub target: String,
    pub came: Option<Appeared>,
    /// Who moves cards there, where the mover is not one of them; and when.
    pub movers: Option<Vec<String>>,
    pub once: Option<String>,
    pub todo: Vec<Todo>,
    pub turn: Vec<Named>,
    /// The stages that the process leads to from here, where none of its steps leads to the target.
    pub routes: Option<Vec<String>>,
    /// A checklist that is partly done: its name, how many, of how many.
    pub progress: Option<(String, usize, usize)>,
    pub ids: Vec<String>,
    /// It was asked for in a comment: the card has not moved.
    pub asked: bool,
}

impl Refusal {
    /// It is the mover's own turn.
    fn mine(&self) -> bool {
        let mover = self.mover.as_ref();
        mover.is_some_and(|mover| self.turn.iter().any(|one| one.name == mover.name))
    }

    /// One thing alone is missing, and the mover is the right one.
    fn one_left(&self) -> Option<&Todo> {
        let plain = self.movers.is_none() && self.came.is_none();
        match self.todo.as_slice() {
            [one] if plain => Some(one),
            _ => None,
        }
    }
}

pub struct Arrival {
    pub owners: Vec<Named>,
    pub stage: String,
    pub card: String,
    /// It has been here before.
    pub again: bool,
    pub due: Option<Timestamp>,
    /// What is settled, so that the work can begin: the stage's own clause.
    pub settled: Option<String>,
    pub work: Option<String>,
    pub checklists: Vec<(String, usize)>,
    /// Others who have items in them.
    pub partners: Vec<Named>,
    pub next: Option<Onward>,
    pub wip: Option<(u32, u32)>,
    pub owed: Vec<Todo>,
    /// For whom they stand in; with nobody else, all of the role.
    pub absent: Vec<NotThere>,
    /// Who finds somebody, where nobody of the role is there.
    pub owner: Vec<Named>,
}

/// Something that a passed gate rested on is gone.
pub struct Lost {
    pub what: Todo,
    pub stage: String,
    /// The card went back for it.
    pub held: bool,
    pub by: Option<String>,
    pub call: Vec<Named>,
    pub id: String,
}

/// Where a card goes when all is done.
pub struct Onward {
    pub stage: String,
    /// Who moves it there, where that is not whoever's turn it is now.
    pub movers: Option<Vec<String>>,
}

pub struct Fight {
    pub owner: Vec<Named>,
    pub target: String,
    pub times: u32,
    pub until: Timestamp,
    /// Whose moves they were: a name, and whether Trello's automation made them.
    pub mover: Option<String>,
    pub robot: bool,
    pub id: String,
}

pub struct Foreign {
    pub people: Vec<Named>,
    pub items: Vec<Todo>,
    /// All of them are ticked by Signalman alone, once a place confirms.
    pub proofs: bool,
    pub ids: Vec<String>,
}

/// The tick of an item that stands for a place, taken off by somebody else and given again.
pub struct TickBack {
    pub by: Option<Named>,
    /// The place's item.
    pub place: String,
    /// Theirs.
    pub number: String,
    /// Who vouches for it, where the place has not confirmed it.
    pub by_hand: Option<String>,
    /// Whose it is to take off.
    pub who: Vec<String>,
    pub id: String,
}

pub struct Lapse {
    pub stage: String,
    /// Item, who ticked it, when.
    pub ticks: Vec<(String, String, Timestamp)>,
    pub id: String,
}

pub struct Outlook {
    pub stage: String,
    /// The list it was left in without being admitted, and when it is looked at again.
    pub not_admitted: Option<(String, Timestamp)>,
    /// Whose turn it is.
    pub turn: Vec<Named>,
    /// Each stage the card can go to, and what is left.
    pub next: Vec<(String, Vec<Todo>)>,
    pub decisions: Vec<Told>,
}

/// A gate at which cards would have gone back: how many, and what was missing how often.
pub struct Gate {
    pub name: String,
    pub count: usize,
    pub missing: Vec<(String, usize)>,
}

/// A decision as `/why` tells it.
pub struct Told {
    pub id: String,
    pub at: Timestamp,
    pub what: String,
    /// Ticks that it took off: item, who gave it, when.
    pub lapsed: Vec<(String, String, Timestamp)>,
}

macro_rules! sentences {
    ($($(#[$doc:meta])* fn $name:ident(&self $(, $arg:ident : $ty:ty)*);)+) => {
        /// The sentences of one process: its language and its clock.
        impl Words {
            $($(#[$doc])* pub fn $name(&self $(, $arg: $ty)*) -> String {
                match self.language {
                    Language::Ru => ru::$name(&self.format, $($arg),*),
                    Language::En => en::$name(&self.format, $($arg),*),
                }
            })+
        }
    };
}

pub struct Words {
    language: Language,
    format: Format,
}

impl Words {
    pub fn of(process: &Process) -> Self {
        Self::in_language(process, process.language)
    }
    /// For a reader of another language than the board's; the clock is the board's.
    pub fn in_language(process: &Process, language: Language) -> Self {
        Self {
            language,
            format: Format::new(language, process.time_zone.clone()),
        }
    }
    fn without_clock(language: Language) -> Self {
        Self {
            language,
            format: Format::new(language, jiff::tz::TimeZone::UTC),
        }
    }
    pub fn format(&self) -> &Format {
        &self.format
    }
}

sentences! {
    fn refusal(&self, refusal: &Refusal);
    /// A refusal that has been settled, edited down to one line.
    fn settled(&self, target: &str, ids: &[String], at: Timestamp, by: Option<&str>);
    fn arrival(&self, arrival: &Arrival);
    /// All that a stage asks for is there, and these people move cards into it.
    fn ready(&self, stage: &str, people: &[Named]);
    fn letter(&self, text: &str, lacking: &[String]);
    fn fight(&self, fight: &Fight);
    /// `tried_on`: Signalman goes on trying.
    fn not_returned(&self, owner: &[Named], since: Timestamp, stage: &str, tried_on: bool);
    fn foreign_ticks(&self, foreign: &Foreign);
    fn tick_back(&self, back: &TickBack);
    /// `place`: the item that stands for it.
    fn place(&self, place: &str, answer: &Answer, call: &[Named]);
    /// An amount that is charged was changed on the card, and waits.
    fn terms_changed(&self, field: &str, was: &str, now: &str, call: &[Named]);
    fn terms_reply(&self, asker: Option<&Named>, reply: &TermsReply);
    fn vouch_reply(&self, asker: Option<&Named>, reply: &VouchReply);
    /// Cards that were active all through a month, and nothing was charged or invoiced; and those of
    /// which it is not known.
    fn unbilled(&self, month: Date, cards: &[String], unknown: &[String], call: &[Named]);
    /// A card that is gone or archived: the places where its client still stands, each with their
    /// number and link.
    fn still_stands(&self, card: &str, places: &[(String, String, Option<String>)], archived: bool, call: &[Named]);
    /// Where the file and the clients have grown apart, and of how many: the place's item where it
    /// lacks them, its key where the file does not name it.
    fn apart(&self, apart: &[(Apart, usize)], call: &[Named]);
    /// Why a place has not confirmed, as a clause.
    fn place_trouble(&self, answer: &Answer);
    fn item_name_back(&self, name: &str, typed: &str);
    fn field_back(&self, field: &str, was: &str, typed: &str, who: &[String], by: Option<&str>);
    fn lost(&self, lost: &Lost);
    fn lapse(&self, lapse: &Lapse);
    /// `may`: whose archiving it is; `todo`: what comes before; `instead`: the lists that lead out.
    fn archived_back(&self, mover: Option<&Named>, stage: &str, may: &[String], todo: &[Todo], instead: &[String]);
    fn passed(&self, stage: &str, by: &str, reason: &str, owed: &[Todo], call: &[Named]);
    /// `call`: whoever moves cards there.
    fn pass_given(&self, stage: &str, by: &str, reason: &str, call: &[Named]);
    fn not_the_owner(&self, asker: Option<&Named>, owner: &[Named]);
    fn no_such_stage(&self, said: &str, stages: &[String]);
    fn no_reason(&self, stage: &str);
    fn why(&self, outlook: &Outlook);
    /// Somebody is away or back: it is another's turn.
    fn handover(&self, handover: &Handover);
    fn absence_reply(&self, asker: Option<&Named>, reply: &AbsenceReply);
    fn wish(&self, reply: &WishReply);
    /// What one person entered in the Power-Up: lines with their values, items without.
    fn entered(&self, by: Option<&str>, lines: &[(String, Option<String>)]);
    /// Somebody calls those who can put these right, without which a stage stays shut.
    fn called(&self, by: Option<&str>, people: &[Named], todo: &[Todo], stage: &str);
    fn thing(&self, thing: &Thing);
    /// Who moves cards there, as a thing that is looked at.
    fn movers(&self, roles: &[String]);
    fn one_of(&self);
    /// A tick that does not count, and whose it is.
    fn foreign_tick(&self, by: Option<&str>);
    fn item_absent(&self);
    /// Once the outside place confirms.
    fn ticked_by_itself(&self);
    fn done_of(&self, done: usize, of: usize);
    /// A thing that is asked for only where another field says so.
    fn only_if(&self, thing: &str, field: &str, test: &Test);
    /// Why a move is not to be made: whose it is, if not the reader's, and how much is missing.
    fn reason(&self, movers: Option<&[String]>, missing: usize);
    /// Why nothing is done of what is asked for on a page, where a command would be answered so.
    fn refused_here(&self, reply: &WishReply);
    /// Why a page cannot be shown, or nothing can be done there, by the error's code.
    fn page_trouble(&self, code: &str);
    /// Why a card does not simply stand in its stage; where it was left, and until when.
    fn trouble(&self, kind: &str, left: Option<&(String, Timestamp)>);
    /// Where the card has a page of its own; the last line of a comment.
    fn page(&self, address: &str);
    /// The stage's clock stands still: what is waited for, and until when.
    fn waits(&self, reason: &str, until: Option<Date>);
    /// It runs again, up to then.
    fn goes_on(&self, due: Option<Timestamp>);
    /// The day has come, and nobody said that the wait is over.
    fn waited(&self, call: &[Named], until: Date, reason: &str, due: Option<Timestamp>);
    fn no_wait(&self, asker: Option<&Named>, trouble: &WaitTrouble);
    /// A step of the ladder.
    fn step(&self, step: &StepTold);
    /// Who was named at night: whose turn it is, and others; the stage and the card.
    fn morning(&self, turn: &[Named], others: &[Named], at: (&str, &str), due: Option<Timestamp>);
    fn dated(&self, told: &DateTold);
    fn disputed(&self, id: &str, said: &str, owner: &[Named]);
    fn nothing_to_dispute(&self);
    /// What stands for the name of somebody who asked to be forgotten.
    fn who_left(&self);
    /// What stands for any name in what is older than names are kept.
    fn one_of_the_board(&self);
    /// `places`: the process has outside places.
    fn help(&self, places: bool);
    fn password(&self);
    /// The description is full, and these lines are not in it.
    fn no_room(&self, labels: &[String]);
    fn gone(&self, name: &str, stage: Option<&str>, how: &Left, by: Option<&str>, owner: &[Named]);
    fn list_restored(&self, list: &str, by: Option<&str>);
    fn list_left(&self, list: &str, stage: &str, by: Option<&str>);
    fn bulk(&self, cards: &[String], owner: &[Named]);
    /// The owner's word has been heard.
    fn word_heard(&self, yes: bool);
    /// `events` that no webhook told of, from the first to the last of them.
    fn gap(&self, events: usize, from: Timestamp, to: Timestamp);
    fn blind(&self, why: Blind, owner: &[Named]);
    /// What could not be seen since then is seen again.
    fn sees_again(&self, why: Blind, since: Timestamp);
    /// Trello has tried so many times in a row to deliver, in vain.
    fn not_delivered(&self, times: u64);
    /// Watch mode: what would have gone back in a week, by gate, and what was missing how often.
    fn week(&self, count: usize, gates: &[Gate]);
    fn news_card(&self);
    /// Why a field's value is no good, after its name.
    fn problem(&self, problem: &Problem);
    /// One line for the history.
    fn audit(&self, kind: &str, stage: Option<&str>, by: Option<&str>);
    /// What somebody noted, after what kind of note it is.
    fn noted(&self, note: Note, text: &str);
}

/// Why a value is no good, for whoever writes a process file.
pub fn problem_in(language: Language, problem: &Problem) -> String {
    Words::without_clock(language).problem(problem)
}

/// Why a page cannot be shown, to somebody of whom the language alone is known.
pub fn page_trouble_in(language: Language, code: &str) -> String {
    Words::without_clock(language).page_trouble(code)
}
