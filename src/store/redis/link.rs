//! The way to Redis: one server, the master that Sentinels name, or a cluster. A lost connection is
//! made again and the script sent again, for every script may be run twice. Addresses carry
//! passwords, so no error repeats them.

use crate::store::{Result, StoreError};
use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ErrorKind, FromRedisValue, RedisError,
    RedisResult, RetryMethod, Script, ScriptInvocation, TlsMode,
};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

/// A failover takes seconds; whoever waits longer is told.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);
const CONNECT: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(5);
const SENTINEL_PORT: u16 = 26_379;
const REDIS_PORT: u16 = 6_379;
/// How long a write waits for a replica, where there is one.
const REPLICA_MS: u32 = 500;

pub(super) struct Link {
    source: Source,
    live: Mutex<Option<Live>>,
    /// Whether a replica follows, so that a write can wait for it.
    followed: AtomicBool,
}

enum Source {
    One(Box<Client>),
    Sentinel(Box<Mutex<SentinelClient>>),
    Cluster(Box<ClusterClient>),
}

#[derive(Clone)]
enum Live {
    One(MultiplexedConnection),
    Many(ClusterConnection),
}

/// The scheme in front of an address says what stands there.
pub const SCHEMES: [&str; 6] = [
    "redis",
    "rediss",
    "redis+sentinel",
    "rediss+sentinel",
    "redis+cluster",
    "rediss+cluster",
];

impl Link {
    pub(super) fn new(address: &str) -> Result<Self> {
        let source = source(address).map_err(|error| match error {
            Unfit::Address(what) => StoreError::Open(what),
            Unfit::Client(error) => StoreError::Open(told(&error)),
        })?;
        Ok(Self {
            source,
            live: Mutex::new(None),
            followed: AtomicBool::new(false),
        })
    }

    /// Runs a script in the slot of `key`.
    pub(super) async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        key: &str,
        args: &[&str],
    ) -> Result<T> {
        let mut call = script.key(key);
        for arg in args {
            call.arg(arg);
        }
        self.insist(Call::Script(&call)).await
    }

    /// Like `run`, for what must be kept: where a replica follows, it has it too before this returns.
    pub(super) async fn write<T: FromRedisValue>(
        &self,
        script: &Script,
        key: &str,
        args: &[&str],
    ) -> Result<T> {
        let answer = self.run(script, key, args).await?;
        if self.followed.load(Relaxed) {
            let mut wait = redis::cmd("WAIT");
            wait.arg(1).arg(REPLICA_MS);
            let followed: u32 = self.ask(&wait).await?;
            if followed == 0 {
                tracing::warn!("no replica has confirmed a write; a failover now would lose it");
            }
        }
        Ok(answer)
    }

    pub(super) async fn ask<T: FromRedisValue>(&self, command: &redis::Cmd) -> Result<T> {
        self.insist(Call::Command(command)).await
    }

    async fn insist<T: FromRedisValue>(&self, call: Call<'_>) -> Result<T> {
        let begun = Instant::now();
        loop {
            let error = match self.once(&call).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let why = told(&error);
            let lasting = matches!(error.retry_method(), RetryMethod::NoRetry);
            let passing = error.is_timeout() || is_demoted(&why);
            let lasting = lasting && !passing || why.contains("certificate");
            if lasting || begun.elapsed() > PATIENCE {
                return Err(StoreError::Unavailable(why));
            }
            self.live.lock().await.take();
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn once<T: FromRedisValue>(&self, call: &Call<'_>) -> RedisResult<T> {
        match (call, self.live().await?) {
            (Call::Script(script), Live::One(mut one)) => script.invoke_async(&mut one).await,
            (Call::Script(script), Live::Many(mut many)) => script.invoke_async(&mut many).await,
            (Call::Command(command), Live::One(mut one)) => command.query_async(&mut one).await,
            (Call::Command(command), Live::Many(mut many)) => command.query_async(&mut many).await,
        }
    }

    async fn live(&self) -> RedisResult<Live> {
        let mut kept = self.live.lock().await;
        if let Some(live) = &*kept {
            return Ok(live.clone());
        }
        let live = self.connect().await?;
        *kept = Some(live.clone());
        Ok(live)
    }

    async fn connect(&self) -> RedisResult<Live> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER));
        match &self.source {
            Source::One(client) => client
                .get_multiplexed_async_connection_with_config(&config)
                .await
                .map(Live::One),
            Source::Cluster(client) => client.get_async_connection().await.map(Live::Many),
            Source::Sentinel(client) => {
                let asked = client
                    .lock()
                    .await
                    .get_async_connection_with_config(&config)
                    .await;
                let mut live = asked?;
                let info: String = redis::cmd("INFO")
                    .arg("replication")
                    .query_async(&mut live)
                    .await?;
                let followed = !info.contains("connected_slaves:0");
                self.followed.store(followed, Relaxed);
                Ok(Live::One(live))
            }
        }
    }
}

enum Call<'c> {
    Script(&'c ScriptInvocation<'c>),
    Command(&'c redis::Cmd),
}

/// The server follows another by now: who asks anew finds the one that is written to. Before 7.0 it
/// says so in the midst of what it says of the script.
fn is_demoted(why: &str) -> bool {
    why.contains("READONLY ")
}

/// What went wrong, without the address.
fn told(error: &RedisError) -> String {
    if error.kind() == ErrorKind::AuthenticationFailed {
        return "Redis does not accept the user or password in STORE".to_owned();
    }
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let detail = cause.or_else(|| error.detail().map(str::to_owned));
    let detail = detail.map(|detail| format!(": {detail}"));
    format!("{}{}", error.category(), detail.unwrap_or_default())
}

enum Unfit {
    Address(String),
    Client(RedisError),
}

impl From<RedisError> for Unfit {
    fn from(error: RedisError) -> Self {
        Self::Client(error)
    }
}

fn source(address: &str) -> std::result::Result<Source, Unfit> {
    let unlike = || {
        Unfit::Address(
            "STORE is not an address of Redis: write it like redis://:password@host:6379/0, \
             rediss://… for TLS, redis+sentinel://host:26379,host:26379/name-of-the-master or \
             redis+cluster://host:6379,host:6379"
                .to_owned(),
        )
    };
    let (scheme, rest) = address.split_once("://").ok_or_else(unlike)?;
    let tls = scheme.starts_with("rediss");
    match scheme.split_once('+').map(|(_, kind)| kind) {
        None => Ok(Source::One(Box::new(Client::open(address)?))),
        Some("sentinel") => {
            let several = Several::read(rest, SENTINEL_PORT).ok_or_else(unlike)?;
            several.sentinel(tls)
        }
        Some("cluster") => {
            let several = Several::read(rest, REDIS_PORT).ok_or_else(unlike)?;
            several.cluster(tls)
        }
        Some(_) => Err(unlike()),
    }
}

/// `user:password@host:port,host:port/path`, which `Url` reads one host at a time.
struct Several {
    hosts: Vec<(String, u16)>,
    user: Option<String>,
    password: Option<String>,
    path: Vec<String>,
}

impl Several {
    fn read(rest: &str, port: u16) -> Option<Self> {
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let url = Url::parse(&format!("redis://{login}@host")).ok()?;
        let plain = |text: &str| {
            let text = percent(text)?;
            Some(text).filter(|text| !text.is_empty())
        };
        let host = |text: &str| {
            let url = Url::parse(&format!("redis://{text}")).ok()?;
            Some((url.host_str()?.to_owned(), url.port().unwrap_or(port)))
        };
        Some(Self {
            hosts: hosts.split(',').map(host).collect::<Option<_>>()?,
            user: plain(url.username()),
            password: url.password().and_then(plain),
            path: path.split('/').map(str::to_owned).collect(),
        })
    }

    fn sentinel(self, tls: bool) -> std::result::Result<Source, Unfit> {
        let Some(master) = self.path.first().filter(|name| !name.is_empty()) else {
            let what =
                "STORE names no master: write redis+sentinel://host:26379/name-of-the-master";
            return Err(Unfit::Address(what.to_owned()));
        };
        let hosts = self.hosts.iter().cloned();
        let hosts = hosts.map(|(host, port)| ConnectionAddr::Tcp(host, port));
        let mut builder = SentinelClientBuilder::new(hosts, master, SentinelServerType::Master)?;
        if tls {
            builder = builder
                .set_client_to_redis_tls_mode(TlsMode::Secure)
                .set_client_to_sentinel_tls_mode(TlsMode::Secure);
        }
        if let Some(db) = self.path.get(1).and_then(|db| db.parse().ok()) {
            builder = builder.set_client_to_redis_db(db);
        }
        if let Some(user) = &self.user {
            builder = builder.set_client_to_redis_username(user);
        }
        if let Some(password) = &self.password {
            builder = builder.set_client_to_redis_password(password);
        }
        Ok(Source::Sentinel(Box::new(Mutex::new(builder.build()?))))
    }

    fn cluster(self, tls: bool) -> std::result::Result<Source, Unfit> {
        let scheme = if tls { "rediss" } else { "redis" };
        let nodes = self.hosts.iter();
        let nodes = nodes.map(|(host, port)| format!("{scheme}://{host}:{port}"));
        let mut builder = ClusterClient::builder(nodes)
            .connection_timeout(CONNECT)
            .response_timeout(ANSWER);
        if let Some(user) = &self.user {
            builder = builder.username(user);
        }
        if let Some(password) = &self.password {
            builder = builder.password(password);
        }
        Ok(Source::Cluster(Box::new(builder.build()?)))
    }
}

/// `%40` and the like, as addresses write what they cannot hold.
fn percent(text: &str) -> Option<String> {
    let pair = url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes())
        .next()
        .map(|(name, _)| name.into_owned());
    Some(pair.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_hosts_share_one_login() {
        let read = Several::read("me:p%40ss+@one:1,two/master/3", 26_379).unwrap();
        assert_eq!(
            read.hosts,
            [("one".to_owned(), 1), ("two".to_owned(), 26_379)]
        );
        assert_eq!(read.user.as_deref(), Some("me"));
        assert_eq!(read.password.as_deref(), Some("p@ss+"));
        assert_eq!(read.path, ["master", "3"]);
    }

    #[test]
    fn an_address_that_is_none_says_how_to_write_one_and_repeats_no_password() {
        for address in [
            "redis+else://:hidden@host",
            "redis+sentinel://:hidden@host:26379",
            "redis+cluster://:hidden@host:no",
        ] {
            let error = Link::new(address).err().unwrap().to_string();
            assert!(error.contains("redis+"), "{error}");
            assert!(!error.contains("hidden"), "{error}");
        }
    }

    #[test]
    fn a_server_that_follows_another_by_now_is_asked_for_anew() {
        let old = b"-ERR Error running script (call to f_0f): @user_script:1: @user_script: 1: \
            -READONLY You can't write against a read only replica.\r\n";
        let new = b"-READONLY You can't write against a read only replica. script: 0f, on @user_script:1.\r\n";
        for answer in [&old[..], new] {
            let answer = redis::parse_redis_value(answer).unwrap();
            let error = answer.extract_error().unwrap_err();
            let said = told(&error);
            let passing = !matches!(error.retry_method(), RetryMethod::NoRetry);
            assert!(passing || is_demoted(&said), "{said}");
        }
    }
}
