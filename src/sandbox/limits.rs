//! Trello's request windows: so many in ten seconds for each key and each token.

use jiff::Timestamp;
use std::collections::HashMap;

const WINDOW_MS: i64 = 10_000;
const PER_KEY: u32 = 300;
const PER_TOKEN: u32 = 100;

#[derive(Default)]
pub(super) struct Limits {
    used: HashMap<String, (i64, u32)>,
}

/// What is left after this request, and which window is full.
pub(super) struct Left {
    pub(super) key: u32,
    pub(super) token: u32,
    pub(super) full: Option<&'static str>,
}

impl Limits {
    pub(super) fn take(&mut self, key: &str, token: &str, now: Timestamp) -> Left {
        let window = now.as_millisecond() / WINDOW_MS;
        let mut used = |name: &str| {
            let count = self.used.entry(name.to_owned()).or_insert((window, 0));
            if count.0 != window {
                *count = (window, 0);
            }
            count.1 += 1;
            count.1
        };
        let (by_key, by_token) = (used(key), used(token));
        let full = if by_token > PER_TOKEN {
            Some("API_TOKEN_LIMIT_EXCEEDED")
        } else if by_key > PER_KEY {
            Some("API_KEY_LIMIT_EXCEEDED")
        } else {
            None
        };
        Left {
            key: PER_KEY.saturating_sub(by_key),
            token: PER_TOKEN.saturating_sub(by_token),
            full,
        }
    }

    pub(super) const HEADERS: [(&'static str, u32); 4] = [
        ("x-rate-limit-api-key-interval-ms", 10_000),
        ("x-rate-limit-api-key-max", PER_KEY),
        ("x-rate-limit-api-token-interval-ms", 10_000),
        ("x-rate-limit-api-token-max", PER_TOKEN),
    ];
}
