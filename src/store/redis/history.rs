//! Lines of history: one hash a board, numbered from nought on, and a list of its numbers for each lane.
//! Nothing is ever taken out of it, so that its length is the next number.

use super::{Redis, answers};
use crate::model::{BoardId, Lane};
use crate::store::{HistoryLine, HistoryPage, Result};
use jiff::Timestamp;

const AT_ONCE: usize = 1_000;

impl Redis {
    pub(super) async fn lines(
        &self,
        board: &BoardId,
        numbers: &[String],
    ) -> Result<Vec<(Lane, HistoryLine)>> {
        let key = self.at(board, &format!("history:{board}"));
        let mut lines = Vec::new();
        for some in numbers.chunks(AT_ONCE) {
            let args: Vec<&str> = [key.as_str()]
                .into_iter()
                .chain(some.iter().map(String::as_str))
                .collect();
            let kept: Vec<Option<String>> = self.command("HMGET", &args).await?;
            let read = kept.iter().flatten().map(|kept| answers::line(kept));
            lines.extend(read.collect::<Result<Vec<_>>>()?);
        }
        Ok(lines)
    }

    pub(super) async fn latest(
        &self,
        board: &BoardId,
        lane: Option<&Lane>,
        limit: usize,
    ) -> Result<Vec<HistoryLine>> {
        let all = self.at(board, &format!("history:{board}"));
        let mut numbers: Vec<String> = match lane {
            Some(lane) => {
                let key = format!("{all}:{}", lane.as_str());
                let from = format!("-{}", limit.clamp(1, i32::MAX as usize));
                self.command("LRANGE", &[&key, &from, "-1"]).await?
            }
            None => {
                let count: usize = self.command("HLEN", &[&all]).await?;
                let first = count.saturating_sub(limit);
                (first..count).map(|n| n.to_string()).collect()
            }
        };
        numbers.reverse();
        let lines = self.lines(board, &numbers).await?;
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }

    pub(super) async fn page(
        &self,
        board: &BoardId,
        since: Timestamp,
        from: u64,
        limit: usize,
    ) -> Result<HistoryPage> {
        let all = self.at(board, &format!("history:{board}"));
        let count: u64 = self.command("HLEN", &[&all]).await?;
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let end = from.saturating_add(limit).min(count);
        let numbers: Vec<String> = (from..end).map(|n| n.to_string()).collect();
        let mut lines = self.lines(board, &numbers).await?;
        lines.retain(|(_, line)| line.at >= since);
        let next = (end < count).then_some(end);
        Ok(HistoryPage { lines, next })
    }
}
