//! What the kinds of targets rely on in each system, shown by plain requests.

mod bottlecrm;
mod postgres;
mod radicale;
mod stripe;
mod tryton;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use std::time::Duration;

/// The status and what was said, as JSON where it is JSON.
struct Answer {
    status: u16,
    text: String,
    json: Value,
}

fn client() -> Client {
    let patience = Duration::from_secs(60);
    let builder = Client::builder().timeout(patience);
    // A connection kept open is none to a server that was killed meanwhile.
    builder.pool_max_idle_per_host(0).build().unwrap()
}

async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    Answer {
        status,
        json: serde_json::from_str(&text).unwrap_or_default(),
        text,
    }
}

/// The same at once, so many times: the statuses, sorted.
async fn at_once(times: usize, request: impl Fn() -> RequestBuilder) -> Vec<u16> {
    let all = (0..times).map(|_| send(request()));
    let answers = futures::future::join_all(all).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}
