//! The way to a PostgreSQL server: one connection for each client that is written, so that none is
//! found dead. Bounded like the door over HTTP, and with the same networks closed.

use super::super::door::{CONNECT, PAUSE, shown};
use super::super::{Outcome, Unfit};
use crate::network::{NOT_OPEN, addresses, is_public, literal, why_not};
use crate::process::target::Target;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;
use secrecy::{ExposeSecret, SecretString};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_postgres::config::{ChannelBinding, SslMode};
use tokio_postgres::error::DbError;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Connection, Error, NoTls, Row};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

const PORT: u16 = 5432;
/// The server gives up first, so that mostly it is known what became of a statement.
const STATEMENT: Duration = Duration::from_secs(20);
/// Days are told apart from months whatever the server's habit: 31.12.2026 and 2026-12-31.
const MANNERS: &str = "SET statement_timeout = '15s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET datestyle = 'ISO, DMY'";

pub(super) struct Address {
    config: Config,
    host: String,
    port: u16,
    /// None: in the clear.
    tls: Option<MakeRustlsConnect>,
    allow_private: bool,
}

impl Address {
    pub(super) fn new(target: &Target, secret: Option<&SecretString>) -> Result<Self, Unfit> {
        let unfit = |why: &str| Unfit::Address(why.to_owned());
        let mut url = Url::parse(&target.url).map_err(|error| unfit(&error.to_string()))?;
        let mode = url.query_pairs().find(|(name, _)| name == "sslmode");
        let mode = mode.map(|(_, mode)| mode.into_owned());
        url.set_query(None);
        let mut config = Config::from_str(url.as_str())
            .map_err(|_| unfit("it is not of the form postgres://user@host/database"))?;
        let host = url.host_str().unwrap_or_default();
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        if !target.allow_private && literal(&url).is_some_and(|ip| !is_public(ip)) {
            return Err(unfit(NOT_OPEN));
        }
        if let Some(secret) = secret {
            config.password(secret.expose_secret());
        }
        config.application_name("signalman");
        let tls = match mode.as_deref() {
            Some("disable") if target.allow_private => {
                config.ssl_mode(SslMode::Disable);
                None
            }
            mode => {
                config.ssl_mode(SslMode::Require);
                let any = mode == Some("require");
                if any {
                    // Whoever answers has to show that they know the password, over this very line.
                    config.channel_binding(ChannelBinding::Require);
                }
                Some(MakeRustlsConnect::new(tls(any).map_err(|why| unfit(&why))?))
            }
        };
        Ok(Self {
            config,
            host,
            port: url.port().unwrap_or(PORT),
            tls,
            allow_private: target.allow_private,
        })
    }

    pub(super) async fn connect(&self) -> Result<Line, Outcome> {
        let line = timeout(CONNECT + CONNECT, self.connected()).await;
        line.unwrap_or_else(|_| Err(retry("no connection in time")))
    }

    async fn connected(&self) -> Result<Line, Outcome> {
        let found = addresses(&self.host, self.port, self.allow_private).await;
        let found = found.map_err(|error| retry(why_not(&error)))?;
        let stream = TcpStream::connect(&found[..]).await;
        let stream = stream.map_err(|_| retry("no connection"))?;
        let refused = |error: Error| trouble(&error, false);
        let client = match &self.tls {
            None => {
                let pair = self.config.connect_raw(stream, NoTls).await;
                let (client, connection) = pair.map_err(refused)?;
                drive(connection);
                client
            }
            Some(tls) => {
                let mut tls = tls.clone();
                let tls = MakeTlsConnect::<TcpStream>::make_tls_connect(&mut tls, &self.host);
                let tls = tls.map_err(|_| retry("its name cannot stand in a certificate"))?;
                let pair = self.config.connect_raw(stream, tls).await;
                let (client, connection) = pair.map_err(refused)?;
                drive(connection);
                client
            }
        };
        client.batch_execute(MANNERS).await.map_err(refused)?;
        Ok(Line { client })
    }
}

/// It ends with its client.
fn drive<S>(connection: Connection<TcpStream, S>)
where
    S: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
{
    tokio::spawn(timeout(6 * STATEMENT, connection));
}

pub(super) struct Line {
    client: Client,
}

/// Why a statement brought nothing.
pub(super) enum Failed {
    Said(Box<DbError>),
    Broken(Outcome),
}

impl Line {
    /// Every value goes as text and is cast by the statement.
    pub(super) async fn ask(
        &self,
        sql: &str,
        values: &[&str],
        writes: bool,
    ) -> Result<Vec<Row>, Failed> {
        let values: Vec<_> = values
            .iter()
            .map(|value| (value as &(dyn ToSql + Sync), Type::TEXT))
            .collect();
        match timeout(STATEMENT, self.client.query_typed(sql, &values)).await {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(error)) => Err(match error.as_db_error() {
                Some(said) if !is_trouble(said) => Failed::Said(Box::new(said.clone())),
                _ => Failed::Broken(trouble(&error, writes)),
            }),
            Err(_) if writes => Err(Failed::Broken(Outcome::Unknown {
                why: "no answer in time".into(),
            })),
            Err(_) => Err(Failed::Broken(retry("no answer in time"))),
        }
    }
}

/// Of the server's and the moment's, and not of what was asked: classes of SQLSTATE.
fn is_trouble(said: &DbError) -> bool {
    ["08", "28", "3D", "40", "53", "55", "57", "58", "XX"].contains(&&said.code().code()[..2])
}

fn trouble(error: &Error, writes: bool) -> Outcome {
    let Some(said) = error.as_db_error() else {
        let why = match error.is_closed() || writes {
            true => "the connection broke".to_owned(),
            false => shown(&cause(error)),
        };
        return match writes {
            true => Outcome::Unknown { why },
            false => retry(&why),
        };
    };
    let code = said.code().code();
    let why = shown(said.message());
    // A statement that was cut short for its time or its locks has done nothing.
    let undone = ["28", "3D", "40", "53", "55"].contains(&&code[..2]) || code == "57014";
    match writes && !undone {
        true => Outcome::Unknown { why },
        false => retry(&why),
    }
}

/// What lies behind a failed handshake; nothing of ours is in it.
fn cause(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

pub(super) fn retry(why: &str) -> Outcome {
    Outcome::Retry {
        after: PAUSE,
        why: why.to_owned(),
    }
}

fn tls(any: bool) -> Result<ClientConfig, String> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match any {
        true => Arc::new(Any(Arc::clone(&provider))),
        false => Arc::new(Verifier::new(Arc::clone(&provider)).map_err(|error| error.to_string())?),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

/// `sslmode=require`: the certificate may be anybody's, for it is the password that tells them apart.
#[derive(Debug)]
struct Any(Arc<CryptoProvider>);

impl ServerCertVerifier for Any {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
