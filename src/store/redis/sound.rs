//! What must be true of a server before anything is entrusted to it: it drops nothing by itself, it
//! is new enough, and what lies in it was not written by a newer program.

use super::Link;
use crate::store::{Result, StoreError};
use redis::Value;

/// `ZRANGE … BYSCORE` came with it.
const OLDEST: (u32, u32) = (6, 2);
const VERSION: u32 = 1;
const VERSION_KEY: &str = "signalman:version";

pub(super) async fn check(link: &Link) -> Result<()> {
    let told: Value = link.ask(&redis::cmd("INFO")).await.map_err(opening)?;
    let mut servers = Vec::new();
    texts(told, &mut servers);
    for server in &servers {
        new_enough(server)?;
        drops_nothing(server)?;
        keeps(server);
    }
    written_by(link).await
}

fn opening(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(what) => StoreError::Open(what),
        other => other,
    }
}

/// A cluster answers for each server.
fn texts(value: Value, into: &mut Vec<String>) {
    match value {
        Value::Map(pairs) => pairs.into_iter().for_each(|(_, value)| texts(value, into)),
        Value::Array(values) => values.into_iter().for_each(|value| texts(value, into)),
        Value::BulkString(text) => into.push(String::from_utf8_lossy(&text).into_owned()),
        Value::VerbatimString { text, .. } => into.push(text),
        Value::SimpleString(text) => into.push(text),
        _ => {}
    }
}

fn field<'t>(info: &'t str, name: &str) -> Option<&'t str> {
    info.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .map(str::trim)
}

fn new_enough(info: &str) -> Result<()> {
    let version = field(info, "redis_version").unwrap_or_default();
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let have = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if have >= OLDEST {
        return Ok(());
    }
    Err(StoreError::Open(format!(
        "this Redis is {version}: {}.{} or newer is needed",
        OLDEST.0, OLDEST.1
    )))
}

fn drops_nothing(info: &str) -> Result<()> {
    match field(info, "maxmemory_policy") {
        None | Some("noeviction") => Ok(()),
        Some(policy) => Err(StoreError::Open(format!(
            "this Redis may drop what it was given when memory is short (maxmemory-policy {policy}): \
             set `maxmemory-policy noeviction` in redis.conf, or by `CONFIG SET maxmemory-policy noeviction`"
        ))),
    }
}

fn keeps(info: &str) {
    if field(info, "aof_enabled") == Some("0") {
        tracing::warn!(
            "this Redis does not write what it is given to a disk at once: a restart of it loses the last minutes, or all. \
             Set `appendonly yes` in redis.conf, or by `CONFIG SET appendonly yes`"
        );
    }
}

async fn written_by(link: &Link) -> Result<()> {
    let mut first = redis::cmd("SET");
    first.arg(VERSION_KEY).arg(VERSION).arg("NX");
    link.ask::<Value>(&first).await.map_err(opening)?;
    let mut get = redis::cmd("GET");
    let have: u32 = link.ask(get.arg(VERSION_KEY)).await.map_err(opening)?;
    if have > VERSION {
        return Err(StoreError::Open(format!(
            "what lies in this Redis is of version {have} and this program knows {VERSION}: use the newer program that wrote it"
        )));
    }
    Ok(())
}
