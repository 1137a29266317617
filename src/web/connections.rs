//! Connections: how many are open at once, and how long each may take to say what it wants. When all
//! places are taken, the one that has kept us waiting longest leaves for the one that comes: whoever
//! has something to say gets through however many only hold the line. A request that is being
//! answered is never cut off.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use prometheus_client::metrics::{counter::Counter, gauge::Gauge};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a caller may take up.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections open at once.
    pub connections: usize,
    /// A request's head is all there within this; so long, too, an idle connection is kept.
    pub head_within: Duration,
    /// And so is its body.
    pub body_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2_000,
            head_within: Duration::from_secs(10),
            body_within: Duration::from_secs(10),
        }
    }
}

/// Trello's heads are half a kilobyte.
const HEAD_BYTES: usize = 32 << 10;
/// Told to stop, it still takes what is on its way.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// After a failure to accept, so that the loop does not spin.
const BREATH: Duration = Duration::from_millis(50);

/// Who holds the other end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

#[derive(Default)]
pub(super) struct Places {
    taken: Mutex<BTreeMap<u64, Place>>,
    /// Counts who came or was answered.
    turns: Arc<AtomicU64>,
    /// Open at this moment.
    pub(super) open: Gauge,
    /// Sent away because somebody else needed the place.
    pub(super) sent_away: Counter,
}

/// One connection's place.
#[derive(Clone)]
pub(super) struct Place(Arc<Holder>);

struct Holder {
    body_within: Duration,
    turns: Arc<AtomicU64>,
    /// When it came, or was last answered; and where in the row it stands for that.
    turn: AtomicU64,
    stands: AtomicU64,
    answering: AtomicBool,
    leave: CancellationToken,
}

impl Place {
    fn new(limits: &Limits, turns: &Arc<AtomicU64>) -> Self {
        let turn = turns.fetch_add(1, Ordering::Relaxed);
        Self(Arc::new(Holder {
            body_within: limits.body_within,
            turns: Arc::clone(turns),
            turn: AtomicU64::new(turn),
            stands: AtomicU64::new(turn),
            answering: AtomicBool::new(false),
            leave: CancellationToken::new(),
        }))
    }

    /// What was begun before the end has had its time, and nothing is being answered.
    async fn quiet(&self) {
        tokio::time::sleep(LAST_WORDS).await;
        while self.0.answering.load(Ordering::Relaxed) {
            tokio::time::sleep(BREATH).await;
        }
    }

    pub(super) fn body_within(&self) -> Duration {
        self.0.body_within
    }

    /// From here until it is dropped, the connection is not sent away.
    pub(super) fn answering(&self) -> Answering {
        self.0.answering.store(true, Ordering::Relaxed);
        Answering(self.clone())
    }
}

pub(super) struct Answering(Place);

impl Drop for Answering {
    fn drop(&mut self) {
        let holder = &self.0.0;
        let now = holder.turns.fetch_add(1, Ordering::Relaxed);
        holder.turn.store(now, Ordering::Relaxed);
        holder.answering.store(false, Ordering::Relaxed);
    }
}

impl Places {
    /// None when every place is held by a request that is being answered.
    fn take(&self, limits: &Limits) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= limits.connections {
            self.sent_away.inc();
            send_away(&mut taken)?;
        }
        let place = Place::new(limits, &self.turns);
        taken.insert(place.0.stands.load(Ordering::Relaxed), place.clone());
        self.open.inc();
        Some(place)
    }

    fn leave(&self, place: &Place) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.remove(&place.0.stands.load(Ordering::Relaxed));
        self.open.dec();
    }

    /// The system has no more to give: the longest wait makes room.
    fn make_room(&self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        self.sent_away.inc();
        send_away(&mut taken);
    }
}

/// The first of the row that is not being answered; one that was answered since goes to its end.
fn send_away(taken: &mut BTreeMap<u64, Place>) -> Option<()> {
    let idle = |place: &Place| !place.0.answering.load(Ordering::Relaxed);
    loop {
        let (&stands, _) = taken.iter().find(|(_, place)| idle(place))?;
        let place = taken.remove(&stands)?;
        let turn = place.0.turn.load(Ordering::Relaxed);
        if turn == stands {
            place.0.leave.cancel();
            return Some(());
        }
        place.0.stands.store(turn, Ordering::Relaxed);
        taken.insert(turn, place);
    }
}

/// Answers until told to stop; what is begun is finished.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    places: Arc<Places>,
    limits: Limits,
    stop: CancellationToken,
) {
    let open = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => {
                let Some(place) = places.take(&limits) else {
                    continue;
                };
                let (router, places, stop) = (router.clone(), Arc::clone(&places), stop.clone());
                open.spawn(async move {
                    hold((stream, Peer(from.ip())), router, &place, limits, stop).await;
                    places.leave(&place);
                });
            }
            Err(error) if gone(error.kind()) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted; the one that waits longest is closed");
                places.make_room();
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    open.close();
    open.wait().await;
}

/// The caller has gone before we looked.
fn gone(kind: ErrorKind) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        kind,
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

async fn hold(
    (stream, from): (TcpStream, Peer),
    router: Router,
    place: &Place,
    limits: Limits,
    stop: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let answer = TowerToHyperService::new(router);
    let here = place.clone();
    let service = service_fn(move |request: Request<_>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(here.clone());
        request.extensions_mut().insert(from);
        // What has a body is waited for first.
        let answering = request.method().is_safe().then(|| here.answering());
        let answer = answer.call(request);
        async move {
            let _answering = answering;
            answer.await
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = place.0.leave.cancelled() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = place.0.leave.cancelled() => {}
        () = place.quiet() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_leaves_and_an_answer_never_does() {
        let places = Places::default();
        let two = &Limits {
            connections: 2,
            ..Limits::default()
        };
        let first = places.take(two).unwrap();
        let second = places.take(two).unwrap();
        let busy = first.answering();
        let third = places.take(two).unwrap();
        let left = |place: &Place| place.0.leave.is_cancelled();
        assert_eq!((left(&first), left(&second)), (false, true));
        let _busy = third.answering();
        assert!(places.take(two).is_none());
        drop(busy);
        assert!(places.take(two).is_some());
        assert!(left(&first) && !left(&third));
    }

    #[test]
    fn whoever_was_answered_lately_stays_before_one_who_has_said_nothing() {
        let places = Places::default();
        let two = &Limits {
            connections: 2,
            ..Limits::default()
        };
        let kept = places.take(two).unwrap();
        let silent = places.take(two).unwrap();
        drop(kept.answering());
        places.take(two).unwrap();
        assert!(silent.0.leave.is_cancelled() && !kept.0.leave.is_cancelled());
    }
}
