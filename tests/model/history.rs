//! Random histories: what people, machines and Trello do to the cards of a board, line by line, each
//! line to be read by a person when a property fails.

use super::rulebook::{BOT, Book, PEOPLE};
use super::world::Via;
use proptest::prelude::*;
use std::fmt;

pub const CARDS: u8 = 3;

/// Histories so many to a process: to read a file takes longer than to play one.
pub const TO_A_BOOK: usize = 10;

#[derive(Clone)]
pub struct Trial {
    pub book: Book,
    pub histories: Vec<History>,
}

#[derive(Clone)]
pub struct History {
    pub births: Vec<Birth>,
    pub lines: Vec<Line>,
}

/// How a card comes to be there.
#[derive(Clone, Copy, Debug)]
pub enum Birth {
    /// Created in the entry list.
    Born,
    /// It stood in that stage on the day the board was taken.
    Found { stage: u8 },
}

#[derive(Clone, Debug)]
pub struct Line {
    pub card: u8,
    /// One of the people; past the last: whoever it is for.
    pub who: u8,
    pub via: Via,
    pub deed: Deed,
    pub post: Post,
    pub then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    Prompt,
    Twice,
    /// Told only when somebody asks again, the newest first.
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The next line belongs to the same burst.
    Burst,
    /// Judged, but what was decided is not done yet.
    Judge,
    Settle,
    /// What was told late comes too.
    CatchUp,
}

#[derive(Clone, Debug)]
pub enum Deed {
    /// Into any list; past the last stage, one outside the process.
    Move {
        to: u8,
    },
    Forward,
    Back {
        by: u8,
    },
    /// All that the next stage asks for, but for one thing where the number falls on one.
    Prepare {
        but: u8,
    },
    Write {
        field: u8,
        value: u8,
    },
    Tick {
        item: u8,
        on: bool,
    },
    Rename {
        item: u8,
    },
    Drop {
        item: u8,
        whole_list: bool,
    },
    /// A checklist made by hand, its items ticked at birth or not.
    Fake {
        list: u8,
        ticked: bool,
    },
    Label {
        label: u8,
        on: bool,
    },
    File {
        on: bool,
        fits: bool,
    },
    Member {
        who: u8,
        on: bool,
    },
    Allow {
        stage: u8,
    },
    Say {
        what: u8,
    },
    /// To be moved into that stage; past the last one, into the next. In a comment or on a page.
    Ask {
        stage: u8,
        page: bool,
    },
    AskToWrite {
        field: u8,
        value: u8,
        page: bool,
    },
    /// On a page.
    AskToTick {
        item: u8,
    },
    Archive,
    Restore,
    Leave,
    Return {
        to: u8,
    },
    Wait {
        minutes: u8,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0..12_u8).prop_map(|to| Deed::Move { to }),
        8 => Just(Deed::Forward),
        2 => (0..4_u8).prop_map(|by| Deed::Back { by }),
        8 => (0..20_u8).prop_map(|but| Deed::Prepare { but }),
        3 => (any::<u8>(), 0..4_u8).prop_map(|(field, value)| Deed::Write { field, value }),
        5 => (any::<u8>(), prop::bool::weighted(0.7)).prop_map(|(item, on)| Deed::Tick { item, on }),
        1 => any::<u8>().prop_map(|item| Deed::Rename { item }),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(item, whole_list)| Deed::Drop { item, whole_list }),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(list, ticked)| Deed::Fake { list, ticked }),
        2 => (any::<u8>(), prop::bool::weighted(0.7)).prop_map(|(label, on)| Deed::Label { label, on }),
        1 => (prop::bool::weighted(0.7), any::<bool>()).prop_map(|(on, fits)| Deed::File { on, fits }),
        1 => (0..6_u8, any::<bool>()).prop_map(|(who, on)| Deed::Member { who, on }),
        1 => (0..12_u8).prop_map(|stage| Deed::Allow { stage }),
        1 => (0..5_u8).prop_map(|what| Deed::Say { what }),
        3 => (0..12_u8, any::<bool>()).prop_map(|(stage, page)| Deed::Ask { stage, page }),
        1 => (any::<u8>(), 1..4_u8, any::<bool>())
            .prop_map(|(field, value, page)| Deed::AskToWrite { field, value, page }),
        2 => any::<u8>().prop_map(|item| Deed::AskToTick { item }),
        1 => Just(Deed::Archive),
        1 => Just(Deed::Restore),
        1 => Just(Deed::Leave),
        1 => (0..12_u8).prop_map(|to| Deed::Return { to }),
        2 => (1..90_u8).prop_map(|minutes| Deed::Wait { minutes }),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    let via = prop_oneof![12 => Just(Via::Hand), 1 => Just(Via::Butler), 1 => Just(Via::Agent)];
    let who = prop_oneof![3 => 0..7_u8, 4 => Just(u8::MAX)];
    let post = prop_oneof![6 => Just(Post::Prompt), 1 => Just(Post::Twice), 2 => Just(Post::Late)];
    let then = prop_oneof![
        2 => Just(Then::Burst),
        1 => Just(Then::Judge),
        5 => Just(Then::Settle),
        1 => Just(Then::CatchUp)
    ];
    (0..CARDS, who, via, deed(), post, then).prop_map(|(card, who, via, deed, post, then)| Line {
        card,
        who,
        via,
        deed,
        post,
        then,
    })
}

fn birth() -> impl Strategy<Value = Birth> {
    prop_oneof![
        2 => Just(Birth::Born),
        1 => (0..10_u8).prop_map(|stage| Birth::Found { stage })
    ]
}

fn history(most: usize) -> impl Strategy<Value = History> {
    let births = prop::collection::vec(birth(), usize::from(CARDS));
    let lines = prop::collection::vec(line(), 1..=most);
    (births, lines).prop_map(|(births, lines)| History { births, lines })
}

pub fn trial(book: impl Strategy<Value = Book>, most: usize) -> impl Strategy<Value = Trial> {
    let histories = prop::collection::vec(history(most), 1..=TO_A_BOOK);
    (book, histories).prop_map(|(book, histories)| Trial { book, histories })
}

/// Cards born in the entry list that are mostly carried forward by whoever may.
pub fn careers(book: Book, most: usize) -> impl Strategy<Value = Trial> {
    let onward = prop_oneof![
        5 => Just(vec![Deed::Prepare { but: u8::MAX }, Deed::Forward]),
        2 => (0..20_u8).prop_map(|but| vec![Deed::Prepare { but }, Deed::Forward]),
        3 => deed().prop_map(|deed| vec![deed]),
    ];
    // The first card has most of it, so that it comes far.
    let card = prop_oneof![3 => Just(0), 1 => 0..CARDS];
    let step = (card, onward, line()).prop_map(|(card, deeds, like)| {
        let onward = deeds.len() > 1;
        let line = |deed: &Deed| Line {
            card,
            who: if onward { u8::MAX } else { like.who },
            via: if onward { Via::Hand } else { like.via },
            deed: deed.clone(),
            post: like.post,
            then: like.then,
        };
        deeds.iter().map(line).collect::<Vec<_>>()
    });
    let history = prop::collection::vec(step, 7..=most).prop_map(|steps| History {
        births: vec![Birth::Born; usize::from(CARDS)],
        lines: steps.concat(),
    });
    let histories = prop::collection::vec(history, 1..=TO_A_BOOK);
    histories.prop_map(move |histories| Trial {
        book: book.clone(),
        histories,
    })
}

/// Whose name the line is in, if it names anybody.
pub fn named(who: u8) -> Option<&'static str> {
    match usize::from(who) {
        nth if nth < PEOPLE.len() => Some(PEOPLE[nth]),
        nth if nth == PEOPLE.len() => Some(BOT),
        _ => None,
    }
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.book {
            Book::Radio => writeln!(f, "radio.ru.toml")?,
            Book::Made(_) | Book::Text(_) => writeln!(f, "\n{}", self.book.text())?,
        }
        self.histories
            .iter()
            .try_for_each(|history| write!(f, "{history:?}"))
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "--- history ---")?;
        for (nth, birth) in self.births.iter().enumerate() {
            writeln!(f, "card{nth} {birth:?}")?;
        }
        for (nth, line) in self.lines.iter().enumerate() {
            let who = named(line.who).unwrap_or("whoever may");
            write!(f, "{nth:3}. card{} {who}", line.card)?;
            if line.via != Via::Hand {
                write!(f, " through {:?}", line.via)?;
            }
            writeln!(f, ": {:?}, {:?}, {:?}", line.deed, line.post, line.then)?;
        }
        Ok(())
    }
}
