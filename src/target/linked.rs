//! A place to whose records the process file has a link of its own: it stands in place of what the
//! kind says.

use super::{Found, Outcome, System};
use crate::process::target::Client;
use async_trait::async_trait;
use jiff::civil::Date;

pub(super) struct Linked(pub(super) Box<dyn System>);

fn instead(client: &Client, id: &str, link: &mut Option<String>) {
    if let Some(own) = &client.link {
        *link = Some(own.to(id));
    }
}

#[async_trait]
impl System for Linked {
    async fn upsert(&self, client: &Client) -> Outcome {
        let mut outcome = self.0.upsert(client).await;
        if let Outcome::Confirmed { id, link } = &mut outcome {
            instead(client, id, link);
        }
        outcome
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        let mut found = self.0.looked(client).await;
        if let Ok(Found::One { id, link, .. }) = &mut found {
            instead(client, id, link);
        }
        found
    }

    async fn billed(
        &self,
        client: &Client,
        from: Date,
        before: Date,
    ) -> Result<Option<bool>, Outcome> {
        self.0.billed(client, from, before).await
    }
}
