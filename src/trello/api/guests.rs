//! Who somebody is, by a token that was made at Trello for this one question. It is asked with that
//! token and never with our own, and taken away at Trello whatever the answer; it is kept nowhere.

use super::calls::{bounded, failure, lost};
use super::*;

/// Somebody waits for each of the calls.
const WITHIN: Duration = Duration::from_secs(6);
const TOKEN_CHARS: usize = 256;
/// How long such a token would live if nobody took it away; and what it may.
const LIVES: &str = "1hour";
const MAY: &str = "read";

/// The application, as it asks people who they are.
pub struct Guests {
    http: Client,
    base: Url,
    authorize: Url,
    key: SecretString,
}

impl Guests {
    /// `base` is Trello's API root, `authorize` the page where people give an application a token.
    pub fn new(base: &Url, authorize: Url, key: SecretString) -> Outcome<Self> {
        let http = client(WITHIN)?;
        let base = root(base);
        Ok(Self {
            http,
            base,
            authorize,
            key,
        })
    }

    /// Where Trello asks a person, and sends them back from. The application's key is in it, which is
    /// no secret by Trello's own rules.
    pub fn authorize(&self, back: &str) -> Url {
        let mut url = self.authorize.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "token")
            .append_pair("scope", MAY)
            .append_pair("expiration", LIVES)
            .append_pair("callback_method", "fragment")
            .append_pair("name", "Signalman")
            .append_pair("key", self.key.expose_secret())
            .append_pair("return_url", back);
        url
    }

    /// None where the token is not one of this application.
    pub async fn who(&self, token: &SecretString) -> Outcome<Option<MemberId>> {
        let sound = token.expose_secret();
        let sound = (1..=TOKEN_CHARS).contains(&sound.len()) && sound.bytes().all(plain);
        if !sound {
            return Ok(None);
        }
        let asked = self.ask(Method::GET, "members/me?fields=id", token).await;
        self.take_away(token).await;
        match asked {
            Ok(me) => {
                let id = me.get("id").and_then(Value::as_str);
                Ok(id.map(MemberId::from))
            }
            Err(Failure::Forbidden { .. } | Failure::Missing) => Ok(None),
            Err(Failure::Refused { status: 400, .. }) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Whoever signs in does not wait for Trello's better days: the token ends by itself.
    async fn take_away(&self, token: &SecretString) {
        // Trello names a token by itself; this address is shown to nobody.
        let path = format!("tokens/{}", token.expose_secret());
        for last in [false, true] {
            match self.ask(Method::DELETE, &path, token).await {
                Ok(_) | Err(Failure::Missing | Failure::Forbidden { .. }) => return,
                Err(failure) if last => {
                    tracing::warn!(%failure, "a token that was made for signing in is still at Trello; it ends within the hour");
                }
                Err(_) => {}
            }
        }
    }

    async fn ask(&self, method: Method, path: &str, token: &SecretString) -> Outcome<Value> {
        let unsent = |message: &str| Failure::Refused {
            status: 0,
            message: message.to_owned(),
        };
        // The reason would tell the address.
        let url = self.base.join(path);
        let url = url.map_err(|_| unsent("no address can be made of this"))?;
        let (key, token) = (self.key.expose_secret(), token.expose_secret());
        let authorization = format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"");
        let mut authorization = header::HeaderValue::try_from(authorization)
            .map_err(|_| unsent("no header can be made of the key"))?;
        authorization.set_sensitive(true);
        let reads = method == Method::GET;
        let request = self.http.request(method, url);
        let request = request.header(header::AUTHORIZATION, authorization);
        let answer = request.send().await.map_err(|error| lost(error, reads))?;
        let status = answer.status();
        let text = bounded(answer, reads).await?;
        match status.is_success() {
            true => Ok(serde_json::from_str(&text).unwrap_or(Value::Null)),
            // What is between us and Trello may repeat the address in its answer.
            false => Err(failure(status, &text.replace(token, "•••"), reads)),
        }
    }
}

/// Of such signs alone an address or a header can be made.
fn plain(sign: u8) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_')
}

impl std::fmt::Debug for Guests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guests").finish_non_exhaustive()
    }
}
