//! PostgreSQL: a client is a row of a table that the firm keeps, known by a column that is unique
//! there. A version in each row, which is the time its card was read, keeps an older write from
//! coming over a newer one, however late it arrives. A row entered by hand is one whose column for
//! our name is empty.

mod line;
mod table;

use super::door::shown;
use super::{Found, Outcome, System, Unfit, cleaned};
use crate::model::Status;
use crate::process::target::{Client, Target};
use async_trait::async_trait;
use line::{Address, Failed, Line, retry};
use secrecy::SecretString;
use table::{Names, Stands, Table, Unread};
use tokio_postgres::error::{DbError, SqlState};

/// So often it is looked again after somebody else was faster.
const ROUNDS: usize = 3;
/// A statement that makes the table is shown whole, as long as it is not absurd.
const MEND_CHARS: usize = 1_500;

pub(super) struct Postgres {
    address: Address,
    table: String,
    id: String,
    status: String,
}

/// What there is of a client, and which rows a statement would have to name.
enum Row {
    Ours(Stands),
    ByHand(Stands, String),
}

impl Postgres {
    pub(super) fn new(target: &Target, secret: Option<SecretString>) -> Result<Self, Unfit> {
        let or = |name: &Option<String>, usual: &str| name.as_deref().unwrap_or(usual).to_owned();
        Ok(Self {
            address: Address::new(target, secret.as_ref())?,
            table: or(&target.table, ""),
            id: or(&target.id_column, "external_id"),
            status: or(&target.status_column, "status"),
        })
    }

    async fn open(&self, client: &Client) -> Result<(Line, Table), Outcome> {
        let line = self.address.connect().await?;
        let names = Names {
            table: &self.table,
            id: &self.id,
            status: &self.status,
        };
        match Table::read(&line, &names, client).await {
            Ok(table) => Ok((line, table)),
            Err(Unread::Lacks(why)) => Err(Outcome::Refused {
                why: why.chars().take(MEND_CHARS).collect(),
            }),
            Err(Unread::Failed(Failed::Broken(outcome))) => Err(outcome),
            Err(Unread::Failed(Failed::Said(said))) => Err(refused(&said, None)),
        }
    }

    async fn rows(line: &Line, table: &Table, sql: &str) -> Result<Vec<Stands>, Outcome> {
        match line.ask(sql, &table.values(), false).await {
            Ok(rows) => Ok(rows.iter().map(|row| table.stands(row)).collect()),
            Err(Failed::Broken(outcome)) => Err(outcome),
            Err(Failed::Said(said)) => Err(Self::refuse(line, table, &said).await),
        }
    }

    async fn refuse(line: &Line, table: &Table, said: &DbError) -> Outcome {
        let column = match said.code().code().starts_with("22") {
            true => table.culprit(line, said.message()).await,
            false => None,
        };
        refused(said, column.as_deref())
    }

    async fn find(line: &Line, table: &Table) -> Result<Option<Row>, Outcome> {
        let mut ours = Self::rows(line, table, &table.select(&table.ours())).await?;
        let ids = |rows: Vec<Stands>| rows.into_iter().map(|row| row.shown).collect();
        match (ours.pop(), ours.is_empty()) {
            (Some(row), true) => return Ok(Some(Row::Ours(row))),
            (Some(row), false) => {
                ours.push(row);
                return Err(Outcome::Several { ids: ids(ours) });
            }
            (None, _) => {}
        }
        let Some(which) = table.by_hand() else {
            return Ok(None);
        };
        let mut found = Self::rows(line, table, &table.select(&which)).await?;
        match found.len() {
            0 => Ok(None),
            1 => Ok(found.pop().map(|row| Row::ByHand(row, which))),
            _ => Err(Outcome::Several { ids: ids(found) }),
        }
    }

    async fn bring_about(&self, client: &Client) -> Result<Outcome, Outcome> {
        let (line, table) = self.open(client).await?;
        let mut taken = None;
        for _ in 0..ROUNDS {
            let found = Self::find(&line, &table).await?;
            if client.status == Status::Retired {
                let why = match (&found, table.says_status()) {
                    (None, _) => "there is no such row to retire".to_owned(),
                    (_, false) => format!(
                        "nothing can be marked as retired there: the table has no column `{}`",
                        self.status
                    ),
                    _ => String::new(),
                };
                if !why.is_empty() {
                    return Err(Outcome::Refused { why });
                }
            }
            let sql = match &found {
                Some(Row::Ours(row)) if row.is(client) => return Ok(confirmed(client)),
                Some(Row::Ours(_)) => table.update(&table.ours()),
                Some(Row::ByHand(_, which)) => table.update(which),
                None => table.insert(),
            };
            match line.ask(&sql, &table.values(), true).await {
                Ok(rows) => {
                    if let Some(row) = rows.first().map(|row| table.stands(row)) {
                        return row.kept(client);
                    }
                }
                Err(Failed::Broken(outcome)) => return Err(outcome),
                Err(Failed::Said(said)) if *said.code() == SqlState::UNIQUE_VIOLATION => {
                    taken = Some(said);
                }
                Err(Failed::Said(said)) if said.code().code() == "42P10" => {
                    return Err(Outcome::Refused {
                        why: table.unique(),
                    });
                }
                Err(Failed::Said(said)) => return Err(Self::refuse(&line, &table, &said).await),
            }
        }
        Err(match taken {
            Some(said) => refused(&said, None),
            None => retry("a newer write stands there"),
        })
    }
}

impl Stands {
    fn is(&self, client: &Client) -> bool {
        self.id.as_deref() == Some(&client.key) && self.differs.is_empty()
    }

    /// What a trigger or a narrow column made of it is not what was to stand there.
    fn kept(&self, client: &Client) -> Result<Outcome, Outcome> {
        match self.is(client) {
            true => Ok(confirmed(client)),
            false => Err(Outcome::Refused {
                why: format!(
                    "written, but the table does not keep it as it is in {}",
                    self.differs.join(", ")
                ),
            }),
        }
    }
}

fn confirmed(client: &Client) -> Outcome {
    Outcome::Confirmed {
        id: client.key.clone(),
        link: None,
    }
}

fn refused(said: &DbError, column: Option<&str>) -> Outcome {
    let why = shown(said.message());
    Outcome::Refused {
        why: match column {
            Some(column) => format!("{column}: {why}"),
            None => why,
        },
    }
}

#[async_trait]
impl System for Postgres {
    async fn upsert(&self, client: &Client) -> Outcome {
        let ended = self.bring_about(&cleaned(client)).await;
        ended.unwrap_or_else(|outcome| outcome)
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        let (line, table) = self.open(&cleaned(client)).await?;
        let Some(Row::Ours(row) | Row::ByHand(row, _)) = Self::find(&line, &table).await? else {
            return Ok(Found::Nothing);
        };
        Ok(Found::One {
            id: row.id.unwrap_or(row.shown),
            link: None,
            status: row.status,
            differs: row.differs,
        })
    }
}
