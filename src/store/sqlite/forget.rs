//! Forgetting people in a file: row by row, some hundreds in one transaction so that intake gets its
//! turn, and then so that what stood there before is in no free page and no log either.

use super::{json, parsed};
use crate::model::forget::{Forget, Forgotten};
use crate::model::{BoardId, Member};
use rusqlite::types::Value;
use rusqlite::{Connection, Result, Transaction, params, params_from_iter};

const AT_ONCE: i64 = 500;

/// What a column holds.
#[derive(Clone, Copy)]
enum Form {
    /// Words for people.
    Text,
    /// JSON, or words that could not be read as such.
    Body,
    /// A member's id.
    Who,
    Memory,
}

/// One table's columns with people in them.
pub(super) struct Kept {
    table: &'static str,
    columns: &'static [(&'static str, Form)],
    /// By which column rows are of a span; none: they are always as they are now.
    at: Option<&'static str>,
    only: &'static str,
    also: &'static str,
    count: fn(&mut Forgotten) -> &mut u64,
}

const PLAIN: Kept = Kept {
    table: "",
    columns: &[],
    at: None,
    only: "",
    also: "",
    count: |told| &mut told.people,
};

pub(super) const ALL: &[Kept] = &[
    Kept {
        table: "boards",
        columns: &[("bindings", Form::Body)],
        ..PLAIN
    },
    Kept {
        table: "versions",
        columns: &[("bindings", Form::Body)],
        ..PLAIN
    },
    // The file in force is its author's to change.
    Kept {
        table: "versions",
        columns: &[("process", Form::Text)],
        only: "AND version NOT IN (SELECT b.version FROM boards b WHERE b.board = versions.board)",
        ..PLAIN
    },
    Kept {
        table: "events",
        columns: &[("body", Form::Body), ("dead", Form::Text)],
        at: Some("at"),
        count: |told| &mut told.events,
        ..PLAIN
    },
    // A step that rests on the memory as it was is judged again.
    Kept {
        table: "lanes",
        columns: &[("memory", Form::Memory)],
        also: ", edition = edition + 1",
        count: |told| &mut told.cards,
        ..PLAIN
    },
    Kept {
        table: "history",
        columns: &[
            ("who", Form::Who),
            ("line", Form::Text),
            ("data", Form::Body),
        ],
        at: Some("at"),
        count: |told| &mut told.history,
        ..PLAIN
    },
    Kept {
        table: "outbox",
        columns: &[("effect", Form::Body), ("dead", Form::Text)],
        count: |told| &mut told.effects,
        ..PLAIN
    },
    Kept {
        table: "aside",
        columns: &[("body", Form::Body), ("reason", Form::Text)],
        at: Some("at"),
        count: |told| &mut told.set_aside,
        ..PLAIN
    },
];

/// The next rows after `after`: the last one looked at, if there may be more.
pub(super) fn some(
    tx: &Transaction<'_>,
    kept: &Kept,
    board: &BoardId,
    forget: &Forget,
    after: i64,
    told: &mut Forgotten,
) -> Result<Option<i64>> {
    let (names, table) = (kept.names(), kept.table);
    let span = match (forget.span, kept.at) {
        (None, _) => String::new(),
        (Some(_), None) => return Ok(None),
        (Some(span), Some(at)) => {
            let (from, before) = (super::micros(span.from), super::micros(span.before));
            format!("AND {at} >= {from} AND {at} < {before}")
        }
    };
    let only = kept.only;
    let mut statement = tx.prepare(&format!(
        "SELECT rowid, {} FROM {table} WHERE board = ?1 AND rowid > ?2 {span} {only} ORDER BY rowid LIMIT ?3",
        names.join(", ")
    ))?;
    let mut rows = statement.query(params![board.as_str(), after, AT_ONCE])?;
    let mut seen = Vec::new();
    while let Some(row) = rows.next()? {
        let texts = (1..=names.len()).map(|nth| row.get::<_, Option<String>>(nth));
        seen.push((row.get::<_, i64>(0)?, texts.collect::<Result<Vec<_>>>()?));
    }
    let sets: Vec<_> = names.iter().map(|name| format!("{name} = ?")).collect();
    let update = format!(
        "UPDATE {table} SET {}{} WHERE rowid = ?",
        sets.join(", "),
        kept.also
    );
    for (row, texts) in &seen {
        if kept.moot(forget, texts) {
            tx.execute("DELETE FROM outbox WHERE id = ?1", [row])?;
            *(kept.count)(told) += 1;
            continue;
        }
        let Some(new) = kept.changed(forget, texts)? else {
            continue;
        };
        let values = new
            .into_iter()
            .map(|text| text.map_or(Value::Null, Value::Text));
        tx.execute(
            &update,
            params_from_iter(values.chain([Value::Integer(*row)])),
        )?;
        if kept.table == "lanes" {
            super::work::count_anew(tx, board, *row)?;
        }
        *(kept.count)(told) += 1;
    }
    let more = seen.len() as i64 == AT_ONCE;
    Ok(seen.last().filter(|_| more).map(|(row, _)| *row))
}

/// The lanes of messages to them, with the chats they have opened: nothing of these stays.
pub(super) fn posts(
    tx: &Transaction<'_>,
    board: &BoardId,
    forget: &Forget,
    told: &mut Forgotten,
) -> Result<()> {
    const OF_LANE: &str = "WHERE board = ?1 AND substr(lane, 1, length(?2)) = ?2";
    for lane in forget.posts() {
        let lanes = format!(
            "SELECT COUNT(*) FROM (SELECT lane FROM lanes {OF_LANE} UNION SELECT lane FROM events {OF_LANE})"
        );
        let theirs = params![board.as_str(), lane];
        told.people += u64::from(tx.query_row(&lanes, theirs, |row| row.get::<_, u32>(0))?);
        for table in ["events", "outbox", "timers", "history", "lanes"] {
            tx.execute(&format!("DELETE FROM {table} {OF_LANE}"), theirs)?;
        }
    }
    Ok(())
}

impl Kept {
    fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }

    /// Nobody is put on a card any more who was forgotten.
    fn moot(&self, forget: &Forget, texts: &[Option<String>]) -> bool {
        use crate::process::{Deed, Effect};
        let effect = texts.first().and_then(Option::as_ref);
        self.table == "outbox"
            && effect.is_some_and(|text| match serde_json::from_str::<Effect>(text) {
                Ok(effect) => {
                    matches!(&effect.deed, Deed::AddMember { member } | Deed::DropMember { member } if forget.is_about(member))
                }
                Err(_) => false,
            })
    }

    /// The row's columns without the people; none: they were not in it.
    fn changed(
        &self,
        forget: &Forget,
        texts: &[Option<String>],
    ) -> Result<Option<Vec<Option<String>>>> {
        let mut any = false;
        let mut new = Vec::new();
        for ((_, form), text) in self.columns.iter().zip(texts) {
            let text = text.as_deref();
            let other = text.map(|text| form.without(forget, text)).transpose()?;
            let other = other.flatten();
            any |= other.is_some();
            new.push(other.or(text.map(str::to_owned)));
        }
        Ok(any.then_some(new))
    }
}

impl Form {
    fn without(self, forget: &Forget, text: &str) -> Result<Option<String>> {
        Ok(match self {
            Form::Text => forget.text(text),
            Form::Body => forget.body(text),
            Form::Who => forget.id(text).map(ToString::to_string),
            Form::Memory => {
                let mut memory = parsed(text)?;
                forget.memory(&mut memory).then(|| json(&memory))
            }
        })
    }
}

/// Those who go by the name in what was told, and are on no list.
pub(super) fn found(
    connection: &Connection,
    board: &BoardId,
    forget: &Forget,
) -> Result<Vec<Member>> {
    let mut all = Vec::new();
    let mut bodies = connection.prepare(
        "SELECT body FROM events WHERE board = ?1 AND body IS NOT NULL
         UNION ALL SELECT body FROM aside WHERE board = ?1",
    )?;
    let mut rows = bodies.query([board.as_str()])?;
    while let Some(row) = rows.next()? {
        forget.find(&row.get::<_, String>(0)?, &mut all);
    }
    Ok(all)
}

/// Free pages are zeroed and the log is emptied; `all` writes the whole file anew besides, for what
/// earlier programs left in it.
pub(super) fn leave_no_trace(connection: &Connection, all: bool) -> Result<()> {
    if all {
        connection.execute_batch("VACUUM")?;
    }
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
