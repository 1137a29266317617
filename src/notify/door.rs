//! The way to a service over HTTP. Its address is another person's word, or a secret: private
//! networks are closed unless the file opens them, nothing is followed elsewhere, what comes back is
//! bounded, and no error repeats an address.

use super::{Outcome, Unfit};
use crate::model::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

pub(super) const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(15);
const BODY_BYTES: usize = 256 << 10;
/// Of what a way says in refusing, people are shown so much.
const SHOWN_CHARS: usize = 200;
/// Before a way that took nothing is tried again.
pub const PAUSE: Duration = Duration::from_secs(15);
/// Whatever a service says of when to come again.
const LONGEST: Duration = Duration::from_secs(3600);
pub(super) const PRIVATE: &str =
    "its address is in a private network, which the process file does not allow";

pub(super) struct Door {
    pub(super) http: Client,
    hidden: Option<SecretString>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Null where it is no JSON.
    pub(super) body: Value,
    text: String,
    after: Option<Duration>,
}

impl Door {
    /// `hidden`: what no answer may repeat.
    pub(super) fn new(allow_private: bool, hidden: Option<SecretString>) -> Result<Self, Unfit> {
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Resolver { allow_private }))
            .pool_max_idle_per_host(0)
            .user_agent(concat!("signalman/", env!("CARGO_PKG_VERSION")));
        let http = http.build().map_err(|_| {
            let why = "nothing can be asked over HTTPS on this machine".to_owned();
            Unfit::Address(why)
        })?;
        Ok(Self { http, hidden })
    }

    /// What is said, whatever that is; an outcome where nothing is, or nothing more.
    pub(super) async fn ask(&self, request: RequestBuilder) -> Result<Answer, Outcome> {
        let mut response = request.send().await.map_err(|error| lost(&error))?;
        let status = response.status();
        let after = response.headers().get(RETRY_AFTER);
        let after = after.and_then(|after| after.to_str().ok()?.parse().ok());
        let after = after.map(Duration::from_secs);
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + part.len() > BODY_BYTES {
                let why = "its answer is longer than any that is known".to_owned();
                return Err(Outcome::Unknown { why });
            }
            body.extend_from_slice(&part);
        }
        let mut text = String::from_utf8_lossy(&body).into_owned();
        if let Some(hidden) = &self.hidden {
            text = without(text, hidden);
        }
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer {
            status,
            body,
            text,
            after,
        })
    }
}

impl Answer {
    /// What it comes to, where the service says nothing of its own. A secret that is not accepted is
    /// the operator's to mend: until then messages wait.
    pub(super) fn outcome(&self, said: Option<&str>) -> Outcome {
        let status = self.status.as_u16();
        let answered = format!("it answered {status}");
        match status {
            200..300 => Outcome::Sent,
            401 => Outcome::Retry {
                after: PAUSE,
                why: format!("{answered}: its secret is not accepted"),
            },
            408 | 429 => self.later(None),
            500.. => Outcome::Unknown { why: answered },
            _ => {
                let said = shown(said.unwrap_or(&self.text));
                let why = match said.is_empty() {
                    true => answered,
                    false => said,
                };
                Outcome::Refused { why }
            }
        }
    }

    /// `after`: what the service says in a way of its own.
    pub(super) fn later(&self, after: Option<Duration>) -> Outcome {
        let after = after.or(self.after).unwrap_or(PAUSE).min(LONGEST);
        let why = format!("it answered {}", self.status.as_u16());
        Outcome::Retry { after, why }
    }
}

/// As much of it as people are shown.
pub(super) fn shown(said: &str) -> String {
    let line: Vec<_> = said.split_whitespace().collect();
    line.join(" ").chars().take(SHOWN_CHARS).collect()
}

pub(super) fn without(text: String, secret: &SecretString) -> String {
    match secret.expose_secret() {
        "" => text,
        secret => text.replace(secret, "…"),
    }
}

/// Never the error's own words: they repeat the address, and that may be the secret.
fn lost(error: &reqwest::Error) -> Outcome {
    let why = if source_says(error, PRIVATE) {
        PRIVATE
    } else if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_builder() {
        "a value cannot stand in a request"
    } else {
        "the connection broke"
    };
    let why = why.to_owned();
    match error.is_connect() || error.is_builder() {
        true => Outcome::Retry { after: PAUSE, why },
        false => Outcome::Unknown { why },
    }
}

fn source_says(error: &dyn std::error::Error, what: &str) -> bool {
    let mut at = error.source();
    while let Some(source) = at {
        if source.to_string().contains(what) {
            return true;
        }
        at = source.source();
    }
    false
}

/// A literal address of a private network is refused when the way is opened.
pub(super) fn open_to(url: &Url, allow_private: bool) -> Result<(), Unfit> {
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => name.parse().ok(),
        None => return Err(Unfit::Address("it names no host".to_owned())),
    };
    if !allow_private && literal.is_some_and(|ip| !is_public(ip)) {
        let why = "it is in a private network; write `allow_private = true` if that is meant";
        return Err(Unfit::Address(why.to_owned()));
    }
    Ok(())
}

/// Names are looked up here, so that what is checked is what is connected to.
struct Resolver {
    allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = addresses(name.as_str(), 0, allow_private).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What a name stands for, as far as it may be gone to.
pub(super) async fn addresses(
    host: &str,
    port: u16,
    allow_private: bool,
) -> io::Result<Vec<SocketAddr>> {
    let found = tokio::net::lookup_host((host, port)).await?;
    let (open, closed): (Vec<SocketAddr>, Vec<_>) =
        found.partition(|found| allow_private || is_public(found.ip()));
    match open.is_empty() && !closed.is_empty() {
        true => Err(io::Error::other(PRIVATE)),
        false => Ok(open),
    }
}
