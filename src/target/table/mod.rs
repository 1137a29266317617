//! A CSV or XLSX file that people open: a client is a row, known by a column for our name. The file
//! is replaced whole, by one writer at a time, and never while somebody has it open. Only the cells
//! that differ are written: whatever else people keep there stays, byte for byte.

mod csv;
mod disk;
mod plan;
mod xlsx;

use super::door::PAUSE;
use super::{Found, Outcome, System, Unfit, cleaned};
use crate::model::Status;
use crate::process::target::{Client, Target};
use async_trait::async_trait;
use disk::Held;
use plan::{Edit, Grid, Names, Plan, Stands, plan};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use url::Url;

/// A share on another machine may hang.
const TOTAL: Duration = Duration::from_secs(60);

pub(super) struct Table(Arc<File>);

struct File {
    path: PathBuf,
    /// Where it is by the file: people who have the share know it by that.
    address: String,
    sheet: Option<String>,
    names: Names,
}

/// What a file holds, in the way it is written.
enum Book {
    Csv(csv::Csv),
    Xlsx(Box<xlsx::Xlsx>),
}

impl Table {
    pub(super) fn new(target: &Target) -> Result<Self, Unfit> {
        let path = Url::parse(&target.url).ok();
        let path = path.and_then(|url| url.to_file_path().ok());
        let path = path.ok_or_else(|| Unfit::Address("it is no path of a file".into()))?;
        let or = |name: &Option<String>, usual: &str| name.as_deref().unwrap_or(usual).to_owned();
        let put = target.put.iter().map(|put| (put.name.clone(), put.money));
        Ok(Self(Arc::new(File {
            path,
            address: target.url.clone(),
            sheet: target.table.clone(),
            names: Names {
                id: or(&target.id_column, "signalman"),
                status: or(&target.status_column, "status"),
                put: put.collect(),
            },
        })))
    }

    /// Files are read and written where nobody else waits.
    async fn aside<T: Send + 'static>(
        &self,
        client: &Client,
        work: fn(&File, &Client) -> Result<T, Outcome>,
    ) -> Result<T, Outcome> {
        let (file, client) = (Arc::clone(&self.0), cleaned(client));
        let ended = timeout(TOTAL, spawn_blocking(move || work(&file, &client))).await;
        match ended {
            Ok(Ok(ended)) => ended,
            Ok(Err(_)) => Err(refused("the file could not be understood")),
            Err(_) => Err(Outcome::Unknown {
                why: "the disk does not answer".into(),
            }),
        }
    }
}

#[async_trait]
impl System for Table {
    async fn upsert(&self, client: &Client) -> Outcome {
        let ended = self.aside(client, File::bring_about).await;
        ended.unwrap_or_else(|outcome| outcome)
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        self.aside(client, File::look).await
    }
}

impl File {
    fn book(&self, bytes: Vec<u8>) -> Result<Book, Outcome> {
        let ending = self.path.extension().and_then(|ending| ending.to_str());
        match ending.is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
            true => {
                let book = xlsx::Xlsx::read(bytes, self.sheet.as_deref())?;
                Ok(Book::Xlsx(Box::new(book)))
            }
            false => Ok(Book::Csv(csv::Csv::read(bytes, &self.names)?)),
        }
    }

    fn look(&self, client: &Client) -> Result<Found, Outcome> {
        let book = self.book(disk::read(&self.path)?)?;
        let plan = plan(book.grid(), &self.names, client)?;
        Ok(match plan.stands {
            None => Found::Nothing,
            Some(Stands { id, status }) => Found::One {
                id,
                link: Some(self.address.clone()),
                status,
                differs: plan.differs,
            },
        })
    }

    fn bring_about(&self, client: &Client) -> Result<Outcome, Outcome> {
        let held = Held::take(&self.path)?;
        let book = self.book(held.read()?)?;
        let Plan { stands, edits, .. } = plan(book.grid(), &self.names, client)?;
        if stands.is_none() && client.status == Status::Retired {
            return Err(refused("there is no such row to retire"));
        }
        if !edits.is_empty() {
            let bytes = book.with(&edits)?;
            // What is about to replace people's file is read as they will read it.
            let again = self.book(bytes.clone())?;
            if !plan(again.grid(), &self.names, client)?.edits.is_empty() {
                return Err(refused(
                    "the file cannot be written so that it is read back",
                ));
            }
            held.replace(&bytes)?;
        }
        Ok(Outcome::Confirmed {
            id: client.key.clone(),
            link: Some(self.address.clone()),
        })
    }
}

impl Book {
    fn grid(&self) -> &Grid {
        match self {
            Self::Csv(csv) => csv.grid(),
            Self::Xlsx(xlsx) => xlsx.grid(),
        }
    }

    fn with(&self, edits: &[Edit]) -> Result<Vec<u8>, Outcome> {
        match self {
            Self::Csv(csv) => csv.with(edits),
            Self::Xlsx(xlsx) => xlsx.with(edits),
        }
    }
}

fn refused(why: impl Into<String>) -> Outcome {
    Outcome::Refused { why: why.into() }
}

fn retry(why: impl Into<String>) -> Outcome {
    Outcome::Retry {
        after: PAUSE,
        why: why.into(),
    }
}
