//! The table as it is, and the statements that fit it.

use super::line::{Failed, Line};
use crate::model::Status;
use crate::process::target::Client;
use std::fmt::Write;

pub(super) const VERSION: &str = "version";

/// What is passed to every statement: our name, their name for the record, the version, the status,
/// then the values.
const KEY: usize = 1;
const KNOWN: usize = 2;
const AT: usize = 3;
const STATUS: usize = 4;
const FIRST: usize = 5;

pub(super) struct Names<'n> {
    pub(super) table: &'n str,
    pub(super) id: &'n str,
    pub(super) status: &'n str,
}

#[derive(Clone)]
struct Column {
    name: String,
    /// Its type without a length, for with one a cast would cut a value off in silence.
    kind: String,
    full: String,
    text: bool,
    primary: bool,
}

/// The table, as far as this client is concerned.
pub(super) struct Table {
    table: String,
    id: Column,
    status: Option<Column>,
    /// Each with the number of its value.
    put: Vec<(Column, usize)>,
    matching: Vec<usize>,
    primary: Vec<Column>,
    values: Vec<String>,
}

/// A row, without what people keep there.
pub(super) struct Stands {
    /// Our name, where it has one.
    pub(super) id: Option<String>,
    /// How people find it.
    pub(super) shown: String,
    pub(super) status: Option<Status>,
    pub(super) differs: Vec<String>,
}

/// What is wrong with the table, and the statement that mends it.
pub(super) enum Unread {
    Lacks(String),
    Failed(Failed),
}

impl Table {
    pub(super) async fn read(
        line: &Line,
        names: &Names<'_>,
        client: &Client,
    ) -> Result<Self, Unread> {
        let quoted: Vec<_> = names.table.split('.').map(quote).collect();
        let table = quoted.join(".");
        let catalogue = "SELECT a.attname::text, format_type(a.atttypid, -1), \
             format_type(a.atttypid, a.atttypmod), t.typcategory::text = 'S', \
             EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary \
                 AND a.attnum = ANY(i.indkey)) \
             FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
             WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped \
             ORDER BY a.attnum";
        let rows = line.ask(catalogue, &[&table], false).await;
        let rows = rows.map_err(Unread::Failed)?;
        let columns: Vec<Column> = rows
            .iter()
            .map(|row| Column {
                name: row.get(0),
                kind: row.get(1),
                full: row.get(2),
                text: row.get(3),
                primary: row.get(4),
            })
            .collect();
        if columns.is_empty() {
            return Err(Unread::Lacks(create(&table, names, client)));
        }
        let column = |name: &str| columns.iter().find(|column| column.name == name).cloned();
        let wanted = [names.id, VERSION].into_iter();
        let wanted = wanted.chain(client.values.keys().map(String::as_str));
        let missing: Vec<_> = wanted.filter(|name| column(name).is_none()).collect();
        let id = match column(names.id) {
            Some(id) if missing.is_empty() => id,
            _ => return Err(Unread::Lacks(add(&table, names, &missing))),
        };
        let version = column(VERSION).map(|version| version.kind);
        if version.as_deref() != Some("bigint") {
            let mend = format!("ALTER TABLE {table} ALTER COLUMN version TYPE bigint USING NULL");
            return Err(Unread::Lacks(format!(
                "`version` has to be a bigint: {mend}"
            )));
        }
        let known = client.known.as_ref().unwrap_or(&client.key);
        let mut values = vec![
            client.key.clone(),
            known.clone(),
            client.at.as_microsecond().to_string(),
            word(client.status).to_owned(),
        ];
        let (mut put, mut matching) = (Vec::new(), Vec::new());
        // What is empty on the card says nothing of what people filled in there.
        let filled = client.values.iter().filter(|(_, value)| !value.is_empty());
        for (name, value) in filled {
            if client.matching.iter().any(|(other, _)| other == name) {
                matching.push(put.len());
            }
            put.extend(column(name).map(|column| (column, FIRST + put.len())));
            values.push(value.clone());
        }
        Ok(Self {
            table,
            id,
            status: column(names.status),
            put,
            matching,
            primary: columns.iter().filter(|one| one.primary).cloned().collect(),
            values,
        })
    }

    pub(super) fn values(&self) -> Vec<&str> {
        self.values.iter().map(String::as_str).collect()
    }

    pub(super) fn says_status(&self) -> bool {
        self.status.is_some()
    }

    /// What has our name for it, or had.
    pub(super) fn ours(&self) -> String {
        let (id, kind) = (quote(&self.id.name), &self.id.kind);
        format!("{id} IN (${KEY}::{kind}, ${KNOWN}::{kind})")
    }

    /// What was entered by hand and could be this client; none where nothing would tell.
    pub(super) fn by_hand(&self) -> Option<String> {
        if self.matching.is_empty() {
            return None;
        }
        let id = quote(&self.id.name);
        let mut sql = format!("coalesce({id}::text, '') = ''");
        for (column, number) in self.matching.iter().filter_map(|nth| self.put.get(*nth)) {
            let _ = write!(sql, " AND {}", same(column, *number));
        }
        Some(sql)
    }

    pub(super) fn select(&self, which: &str) -> String {
        let columns = self.columns();
        format!("SELECT {columns} FROM {} WHERE {which} LIMIT 5", self.table)
    }

    /// Nothing is answered where the row is newer, or gone. What was read at the same time may follow:
    /// a clock may stand still, and of one client there is one write at a time.
    pub(super) fn update(&self, which: &str) -> String {
        let version = quote(VERSION);
        let (set, table) = (self.set().join(", "), &self.table);
        format!(
            "UPDATE {table} SET {set} WHERE ({which}) AND coalesce({version}, 0) <= ${AT}::bigint \
             RETURNING {}",
            self.columns()
        )
    }

    pub(super) fn insert(&self) -> String {
        let (table, id, version) = (&self.table, quote(&self.id.name), quote(VERSION));
        let written = self.written();
        let names: Vec<_> = written
            .iter()
            .map(|(column, _)| quote(&column.name))
            .collect();
        let values: Vec<_> = written.iter().map(|(column, n)| cast(column, *n)).collect();
        format!(
            "INSERT INTO {table} AS stands ({version}, {}) VALUES (${AT}::bigint, {}) \
             ON CONFLICT ({id}) DO UPDATE SET {} \
             WHERE coalesce(stands.{version}, 0) <= excluded.{version} RETURNING {}",
            names.join(", "),
            values.join(", "),
            self.set().join(", "),
            self.columns(),
        )
    }

    pub(super) fn unique(&self) -> String {
        let (table, id) = (&self.table, quote(&self.id.name));
        format!(
            "`{}` has to be unique: ALTER TABLE {table} ADD UNIQUE ({id})",
            self.id.name
        )
    }

    pub(super) fn stands(&self, row: &tokio_postgres::Row) -> Stands {
        let mut differs = Vec::new();
        for (nth, (column, _)) in self.compared().into_iter().enumerate() {
            if row.get::<_, Option<bool>>(3 + nth) != Some(true) {
                differs.push(column.name.clone());
            }
        }
        let status: Option<String> = row.get(2);
        let known = [Status::Pending, Status::Active, Status::Retired];
        Stands {
            id: row.get::<_, Option<String>>(0).filter(|id| !id.is_empty()),
            shown: row.get(1),
            status: known
                .into_iter()
                .find(|known| status.as_deref() == Some(word(*known))),
            differs,
        }
    }

    /// The value that a column refuses, by trying each alone: the server says what was wrong, but
    /// not where.
    pub(super) async fn culprit(&self, line: &Line, said: &str) -> Option<String> {
        for (column, number) in self.written() {
            let sql = format!("SELECT ({})::text", cast(column, number));
            if let Err(Failed::Said(_)) = line.ask(&sql, &self.values(), false).await {
                return Some(column.name.clone());
            }
        }
        let of_type = self
            .written()
            .into_iter()
            .filter(|(column, _)| said.contains(&column.full));
        let of_type: Vec<_> = of_type.map(|(column, _)| column.name.as_str()).collect();
        (!of_type.is_empty()).then(|| of_type.join(", "))
    }

    fn columns(&self) -> String {
        let id = quote(&self.id.name);
        let shown = self.primary.iter().map(|one| {
            let name = quote(&one.name);
            format!(
                "'{} ' || left({name}::text, 100)",
                one.name.replace('\'', "''")
            )
        });
        let shown: Vec<_> = shown.collect();
        let shown = match shown.is_empty() {
            true => "'row ' || ctid::text".to_owned(),
            false => format!("concat_ws(', ', {})", shown.join(", ")),
        };
        let status = self.status.as_ref();
        let status = status.map_or("NULL".to_owned(), |status| quote(&status.name));
        let mut sql = format!("left({id}::text, 300), {shown}, {status}::text");
        for (column, number) in self.compared() {
            let _ = write!(sql, ", {}", same(column, number));
        }
        sql
    }

    fn compared(&self) -> Vec<(&Column, usize)> {
        let put = self.put.iter().map(|(column, number)| (column, *number));
        let status = self.status.iter().map(|status| (status, STATUS));
        status.chain(put).collect()
    }

    fn written(&self) -> Vec<(&Column, usize)> {
        let mut written = vec![(&self.id, KEY)];
        written.extend(self.compared());
        written
    }

    fn set(&self) -> Vec<String> {
        let mut set = vec![format!("{} = ${AT}::bigint", quote(VERSION))];
        let written = self.written().into_iter();
        set.extend(
            written.map(|(column, n)| format!("{} = {}", quote(&column.name), cast(column, n))),
        );
        set
    }
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn cast(column: &Column, number: usize) -> String {
    format!("${number}::{}", column.kind)
}

/// Whether a column has that value already.
fn same(column: &Column, number: usize) -> String {
    let name = quote(&column.name);
    match column.kind.as_str() {
        _ if column.text => format!("{name}::text IS NOT DISTINCT FROM ${number}"),
        // These cannot be compared as they are.
        "json" | "xml" | "point" => {
            format!(
                "{name}::text IS NOT DISTINCT FROM ({})::text",
                cast(column, number)
            )
        }
        _ => format!("{name} IS NOT DISTINCT FROM {}", cast(column, number)),
    }
}

pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Active => "active",
        Status::Retired => "retired",
    }
}

fn create(table: &str, names: &Names<'_>, client: &Client) -> String {
    let mut sql = format!(
        "there is no table {table}, or it may not be read. To make one: CREATE TABLE {table} ("
    );
    let _ = write!(
        sql,
        "{} text PRIMARY KEY, version bigint NOT NULL, ",
        quote(names.id)
    );
    let _ = write!(sql, "{} text", quote(names.status));
    for name in client.values.keys() {
        let _ = write!(sql, ", {} text", quote(name));
    }
    sql.push(')');
    sql
}

fn add(table: &str, names: &Names<'_>, missing: &[&str]) -> String {
    let columns = missing.iter().map(|name| match *name {
        VERSION => "ADD COLUMN version bigint".to_owned(),
        name if name == names.id => format!("ADD COLUMN {} text UNIQUE", quote(name)),
        name => format!("ADD COLUMN {} text", quote(name)),
    });
    let columns: Vec<_> = columns.collect();
    let missing: Vec<_> = missing.iter().map(|name| quote(name)).collect();
    format!(
        "{table} has no column {}. To add it: ALTER TABLE {table} {}",
        missing.join(", "),
        columns.join(", ")
    )
}
