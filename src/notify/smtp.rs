//! E-mail. TLS from the first byte (`smtps:`) or by STARTTLS (`smtp:`), and never without, but for a
//! server on this very machine that offers none. Sent at least once: a server has no key by which it
//! would know a message again; its `Message-ID` stays the same, so that some programs show it once.

use super::door::{PAUSE, open_to, shown, without};
use super::{Carrier, Letter, Outcome, Unfit};
use crate::network::{addresses, literal, why_not};
use crate::process::notify::Way;
use async_trait::async_trait;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{Address, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use std::error::Error as _;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// For one answer of the server's, and for all of them together.
const ANSWER: Duration = Duration::from_secs(15);
const TOTAL: Duration = Duration::from_secs(60);
/// A name may stand for many addresses.
const ADDRESSES: usize = 3;
/// Longer ones are folded into lines; a card's name may be 16,384 characters.
const SUBJECT_CHARS: usize = 150;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

pub(super) struct Smtp {
    host: String,
    port: u16,
    encrypted: Encrypted,
    /// The server's name as its certificate has to have it.
    tls: TlsParameters,
    from: Address,
    credentials: Option<Credentials>,
    hidden: Option<SecretString>,
    allow_private: bool,
}

#[derive(Clone, Copy)]
enum Encrypted {
    FromTheFirstByte,
    ByStartTls,
    IfOffered,
}

impl Smtp {
    pub(super) fn new(way: &Way, secret: Option<SecretString>) -> Result<Self, Unfit> {
        let unfit = |why: &str| Unfit::Address(why.to_owned());
        let url = way.address().ok_or_else(|| unfit("it is none"))?;
        open_to(&url, way.allow_private)?;
        let host = url.host_str().ok_or_else(|| unfit("it names no host"))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let encrypted = match url.scheme() {
            "smtps" => Encrypted::FromTheFirstByte,
            _ if is_here(&url) => Encrypted::IfOffered,
            _ => Encrypted::ByStartTls,
        };
        let usual = match encrypted {
            Encrypted::FromTheFirstByte => 465,
            Encrypted::ByStartTls => 587,
            Encrypted::IfOffered => 25,
        };
        let tls = TlsParameters::new(host.clone());
        let from = way.from.as_deref().unwrap_or_default();
        let user = way.user.clone().unwrap_or_else(|| from.to_owned());
        let password = secret
            .as_ref()
            .map(|secret| secret.expose_secret().to_owned());
        Ok(Self {
            port: url.port().unwrap_or(usual),
            encrypted,
            tls: tls.map_err(|_| unfit("this machine knows no certificates to check it by"))?,
            from: from
                .parse()
                .map_err(|_| unfit("`from` is no address that e-mail can bear"))?,
            credentials: password.map(|password| Credentials::new(user, password)),
            hidden: secret,
            allow_private: way.allow_private,
            host,
        })
    }

    fn message(&self, letter: &Letter<'_>) -> Result<Message, Outcome> {
        let refused = |why: &str| Outcome::Refused { why: why.into() };
        let to: Address = letter
            .to
            .and_then(|to| to.parse().ok())
            .ok_or_else(|| refused("this is no e-mail address"))?;
        let told = letter.message;
        // A card's name is anybody's to type: a line break in it would begin a header of its own.
        let subject = told
            .subject
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let subject = subject.chars().filter(|one| !one.is_control());
        let subject: String = subject.take(SUBJECT_CHARS).collect();
        let link = told.link.as_ref();
        let link = link.filter(|link| !told.text.contains(link.as_str()));
        let link = link.map(|link| format!("\n\n{link}")).unwrap_or_default();
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let automatic = HeaderValue::new(automatic, "auto-generated".to_owned());
        Message::builder()
            .from(Mailbox::new(
                Some("Signalman".to_owned()),
                self.from.clone(),
            ))
            .to(Mailbox::new(None, to))
            .subject(subject)
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.domain())))
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(format!("{}{link}\n", told.text.trim()))
            .map_err(|_| refused("this cannot be put into an e-mail"))
    }

    /// To an address that was looked up and looked at, whatever the name stands for a moment later.
    fn transport(&self, ip: IpAddr) -> Transport {
        let tls = self.tls.clone();
        let tls = match self.encrypted {
            Encrypted::FromTheFirstByte => Tls::Wrapper(tls),
            Encrypted::ByStartTls => Tls::Required(tls),
            Encrypted::IfOffered => Tls::Opportunistic(tls),
        };
        let mut builder = Transport::builder_dangerous(ip.to_string())
            .port(self.port)
            .timeout(Some(ANSWER))
            .hello_name(ClientId::Domain(self.from.domain().to_owned()))
            .tls(tls);
        if let Some(credentials) = &self.credentials {
            builder = builder.credentials(credentials.clone());
        }
        builder.build()
    }

    async fn found(&self) -> Result<Vec<IpAddr>, Outcome> {
        let retry = |why: &str| Outcome::Retry {
            after: PAUSE,
            why: why.to_owned(),
        };
        let found = addresses(&self.host, self.port, self.allow_private).await;
        let found = found.map_err(|error| retry(why_not(&error)))?;
        let mut found: Vec<_> = found.into_iter().map(|found| found.ip()).collect();
        found.dedup();
        found.truncate(ADDRESSES);
        match found.is_empty() {
            true => Err(retry("its name is not known")),
            false => Ok(found),
        }
    }

    /// At the first of its addresses where somebody is there; without a message it only logs in.
    async fn at_one(&self, message: Option<&Message>) -> Result<(), Outcome> {
        let mut last = None;
        for ip in self.found().await? {
            let transport = self.transport(ip);
            let done = match message {
                Some(message) => transport.send(message.clone()).await.map(drop),
                None => transport.test_connection().await.map(drop),
            };
            match done {
                Ok(()) => return Ok(()),
                Err(error) if nobody_there(&error) => last = Some(error),
                Err(error) => return Err(self.trouble(&error)),
            }
        }
        Err(match last {
            Some(error) => self.trouble(&error),
            None => Outcome::Unknown {
                why: "no connection".to_owned(),
            },
        })
    }

    async fn in_time(&self, message: Option<&Message>) -> Result<(), Outcome> {
        let why = "no answer in time".to_owned();
        let done = tokio::time::timeout(TOTAL, self.at_one(message)).await;
        done.unwrap_or(Err(Outcome::Unknown { why }))
    }

    fn trouble(&self, error: &Error) -> Outcome {
        let retry = |why: String| Outcome::Retry { after: PAUSE, why };
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        let said = match &self.hidden {
            Some(hidden) => shown(&without(said, hidden)),
            None => shown(&said),
        };
        let code = error.status().map(|code| code.to_string());
        let code = code.unwrap_or_default();
        if error.is_permanent() {
            // These are of our login and of nobody's address: the operator has to mend them.
            return match matches!(code.as_str(), "530" | "534" | "535" | "538") {
                true => retry(format!("it does not accept the login ({code})")),
                false => Outcome::Refused {
                    why: format!("{code} {said}"),
                },
            };
        }
        if error.is_transient() {
            return retry(format!("{code} {said}"));
        }
        if nobody_there(error) {
            return retry("no connection".to_owned());
        }
        if is_stranger(error) {
            return retry(
                "its certificate does not prove its name, or TLS cannot begin".to_owned(),
            );
        }
        if error.is_client() {
            // Before anything was sent: STARTTLS is not offered, no way to log in is known.
            return retry(said);
        }
        let why = match error.is_timeout() {
            true => "no answer in time",
            false => "the connection broke",
        };
        Outcome::Unknown {
            why: why.to_owned(),
        }
    }
}

/// The library says it in no other way; where it words it otherwise, the outcome is unknown.
fn nobody_there(error: &Error) -> bool {
    error.to_string().starts_with("Connection error") && !is_stranger(error)
}

/// Somebody is there, and TLS with them did not begin.
fn is_stranger(error: &Error) -> bool {
    let mut at = error.source();
    while let Some(source) = at {
        let inner = source.downcast_ref::<std::io::Error>();
        let inner = inner.and_then(std::io::Error::get_ref);
        if source.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        at = source.source();
    }
    error.is_tls()
}

fn is_here(url: &Url) -> bool {
    literal(url).is_some_and(|ip| ip.is_loopback()) || url.host_str() == Some("localhost")
}

#[async_trait]
impl Carrier for Smtp {
    async fn send(&self, letter: &Letter<'_>) -> Outcome {
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(refused) => return refused,
        };
        match self.in_time(Some(&message)).await {
            Ok(()) => Outcome::Sent,
            Err(outcome) => outcome,
        }
    }

    async fn look(&self) -> Result<(), Outcome> {
        self.in_time(None).await
    }
}
