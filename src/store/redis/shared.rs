//! Small values that machines share, each changed only where it is still what was read. No board rests
//! on them: they are gone within the hour.

use super::Redis;
use super::scripts::SWAP;
use crate::store::{Result, instant};
use jiff::Timestamp;

impl Redis {
    /// A small value that machines share, with the server's own time.
    pub async fn shared_value(&self, name: &str) -> Result<(Option<String>, Timestamp)> {
        let (seconds, micros): (i64, i64) = self.link.ask(&::redis::cmd("TIME")).await?;
        let mut get = ::redis::cmd("GET");
        get.arg(format!("signalman:shared:{name}"));
        let value = self.link.ask(&get).await?;
        Ok((value, instant(seconds * 1_000_000 + micros)))
    }

    /// Changes it if it is still what it was; false where it is not. It is kept for an hour.
    pub async fn swap(&self, name: &str, before: Option<&str>, after: &str) -> Result<bool> {
        let key = format!("signalman:shared:{name}");
        let args = [before.unwrap_or_default(), after, "3600"];
        self.link.run(&SWAP, &key, &args).await
    }
}
