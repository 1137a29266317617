//! The post of the practice world: an SMTP server on loopback that takes whatever is sent, delivers
//! nothing and shows it on the board page, as text. It keeps so many mails, each of so many bytes, and
//! whoever is slow or says too much is shown the door.

use super::state::News;
use super::world::World;
use jiff::Timestamp;
use mail_parser::{Address, MessageParser};
use serde::Serialize;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

const MOST_MAILS: usize = 200;
const MAIL_BYTES: usize = 256 << 10;
const LINE_BYTES: usize = 4 << 10;
const TEXT_CHARS: usize = 20_000;
const MOST_RECIPIENTS: usize = 50;
const MOST_CALLERS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Counted from one.
    pub n: u64,
    pub at: Timestamp,
    pub from: String,
    /// Whom it was handed over for.
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
}

/// What has come, the oldest first.
#[derive(Debug, Default)]
pub struct Post {
    /// Where it is sent to; none while nobody has asked for it.
    pub listens: Option<SocketAddr>,
    mails: VecDeque<Mail>,
    came: u64,
}

impl Post {
    pub fn newest_first(&self) -> Vec<Mail> {
        self.mails.iter().rev().cloned().collect()
    }

    fn put(&mut self, mail: Mail) {
        self.came += 1;
        self.mails.push_back(Mail {
            n: self.came,
            ..mail
        });
        if self.mails.len() > MOST_MAILS {
            self.mails.pop_front();
        }
    }
}

/// Opens the server on any free port of loopback and says where it listens.
pub(super) async fn open(world: World, stop: CancellationToken) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    world.with(|state| state.post.listens = Some(address));
    let room = Arc::new(Semaphore::new(MOST_CALLERS));
    tokio::spawn(async move {
        loop {
            let caller = tokio::select! {
                caller = listener.accept() => caller,
                () = stop.cancelled() => return,
            };
            let Ok((stream, _)) = caller else { continue };
            let Ok(place) = Arc::clone(&room).acquire_owned().await else {
                return;
            };
            let (world, stop) = (world.clone(), stop.clone());
            tokio::spawn(async move {
                tokio::select! {
                    _ = Call::new(stream).serve(&world) => {}
                    () = stop.cancelled() => {}
                }
                drop(place);
            });
        }
    });
    Ok(address)
}

/// One conversation. An error ends it.
struct Call {
    stream: BufReader<TcpStream>,
    from: Option<String>,
    to: Vec<String>,
}

type Ends = std::io::Result<()>;

fn over() -> std::io::Error {
    std::io::ErrorKind::ConnectionAborted.into()
}

impl Call {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream: BufReader::new(stream),
            from: None,
            to: Vec::new(),
        }
    }

    async fn say(&mut self, line: &str) -> Ends {
        let line = format!("{line}\r\n");
        let said = self.stream.write_all(line.as_bytes());
        tokio::time::timeout(PATIENCE, said)
            .await
            .map_err(|_| over())?
    }

    /// A line without its end; one that is too long ends the conversation.
    async fn line(&mut self) -> std::io::Result<Vec<u8>> {
        let mut line = Vec::new();
        let mut some = (&mut self.stream).take(LINE_BYTES as u64);
        let read = some.read_until(b'\n', &mut line);
        tokio::time::timeout(PATIENCE, read)
            .await
            .map_err(|_| over())??;
        if line.pop() != Some(b'\n') {
            return Err(over());
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    async fn serve(mut self, world: &World) -> Ends {
        self.say("220 practice ESMTP: nothing leaves this machine")
            .await?;
        loop {
            let line = self.line().await?;
            let line = String::from_utf8_lossy(&line).into_owned();
            let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match word.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.say("250-practice").await?;
                    self.say(&format!("250-SIZE {MAIL_BYTES}")).await?;
                    self.say("250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN")
                        .await?;
                }
                "HELO" | "NOOP" => self.say("250 practice").await?,
                // Whoever it is: here nothing is kept from anybody.
                "AUTH" => {
                    if !rest.trim().contains(' ') {
                        self.say("334 ").await?;
                        self.line().await?;
                    }
                    self.say("235 welcome").await?;
                }
                "RSET" => {
                    self.forget();
                    self.say("250 forgotten").await?;
                }
                "MAIL" => match between(rest, "FROM:") {
                    Some(from) => {
                        self.forget();
                        self.from = Some(from);
                        self.say("250 go on").await?;
                    }
                    None => self.say("501 MAIL FROM:<address>").await?,
                },
                "RCPT" => match between(rest, "TO:").filter(|to| !to.is_empty()) {
                    _ if self.from.is_none() => self.say("503 MAIL comes first").await?,
                    _ if self.to.len() >= MOST_RECIPIENTS => self.say("452 too many").await?,
                    Some(to) => {
                        self.to.push(to);
                        self.say("250 go on").await?;
                    }
                    None => self.say("501 RCPT TO:<address>").await?,
                },
                "DATA" if self.to.is_empty() => self.say("503 RCPT comes first").await?,
                "DATA" => {
                    self.say("354 end with a dot").await?;
                    match self.body().await? {
                        Some(body) => {
                            self.keep(world, &body);
                            self.say("250 kept").await?;
                        }
                        None => {
                            self.say("552 too large").await?;
                            return Err(over());
                        }
                    }
                }
                "QUIT" => {
                    self.say("221 goodbye").await?;
                    return Ok(());
                }
                _ => self.say("502 not known here").await?,
            }
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Up to the dot that stands alone; none of a mail that is too large.
    async fn body(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut body = Vec::new();
        loop {
            let line = self.line().await?;
            if line == b"." {
                return Ok(Some(body));
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            body.extend_from_slice(line);
            body.extend_from_slice(b"\r\n");
            if body.len() > MAIL_BYTES {
                return Ok(None);
            }
        }
    }

    fn keep(&mut self, world: &World, body: &[u8]) {
        let mut mail = read(body);
        mail.to = std::mem::take(&mut self.to);
        let from = self.from.take().unwrap_or_default();
        if mail.from.is_empty() {
            mail.from = from;
        }
        world.with(|state| {
            mail.at = state.now;
            state.post.put(mail);
            let boards: Vec<String> = state.boards.keys().cloned().collect();
            for board in boards {
                state.news.push(News {
                    board,
                    event: "mail",
                    text: state.post.came.to_string(),
                });
            }
        });
    }
}

/// `FROM:<a@b.example> SIZE=7` without all but the address; empty where nobody is named.
fn between(rest: &str, word: &str) -> Option<String> {
    let start = rest.get(..word.len())?;
    if !start.eq_ignore_ascii_case(word) {
        return None;
    }
    let rest = rest[word.len()..].trim_start().strip_prefix('<')?;
    let (address, _) = rest.split_once('>')?;
    Some(address.to_owned())
}

/// What a person reads of it. A mail that cannot be read is shown as it came.
fn read(body: &[u8]) -> Mail {
    let parsed = MessageParser::default().parse(body);
    let parsed = parsed.as_ref();
    let text = parsed.and_then(|mail| mail.body_text(0)).map_or_else(
        || String::from_utf8_lossy(body).into_owned(),
        std::borrow::Cow::into_owned,
    );
    let from = parsed.and_then(|mail| mail.from()).map(named);
    let subject = parsed.and_then(|mail| mail.subject());
    Mail {
        n: 0,
        at: Timestamp::UNIX_EPOCH,
        from: from.unwrap_or_default(),
        to: Vec::new(),
        subject: subject.unwrap_or_default().to_owned(),
        text: text.chars().take(TEXT_CHARS).collect(),
    }
}

fn named(address: &Address<'_>) -> String {
    let first = address.first();
    let name = first.and_then(|one| one.name()).unwrap_or_default();
    let at = first.and_then(|one| one.address()).unwrap_or_default();
    match name {
        "" => at.to_owned(),
        name => format!("{name} <{at}>"),
    }
}
