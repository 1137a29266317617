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
use std::sync::atomic::{AtomicBool, Ordering};
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
/// After a failure to accept, so that the loop does not spin.
const BREATH: Duration = Duration::from_millis(50);

/// The places, in the order in which they were taken.
#[derive(Default)]
pub(super) struct Places {
    taken: Mutex<(u64, BTreeMap<u64, Place>)>,
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
    answering: AtomicBool,
    leave: CancellationToken,
}

impl Place {
    fn new(limits: &Limits) -> Self {
        Self(Arc::new(Holder {
            body_within: limits.body_within,
            answering: AtomicBool::new(false),
            leave: CancellationToken::new(),
        }))
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
        self.0.0.answering.store(false, Ordering::Relaxed);
    }
}

impl Places {
    /// None when every place is held by a request that is being answered.
    fn take(&self, limits: &Limits) -> Option<(u64, Place)> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.1.len() >= limits.connections {
            self.sent_away.inc();
            send_away(&mut taken.1)?;
        }
        taken.0 += 1;
        let (number, place) = (taken.0, Place::new(limits));
        taken.1.insert(number, place.clone());
        self.open.inc();
        Some((number, place))
    }

    fn leave(&self, number: u64) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.1.remove(&number);
        self.open.dec();
    }

    /// The system has no more to give: the longest wait makes room.
    fn make_room(&self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        self.sent_away.inc();
        send_away(&mut taken.1);
    }
}

fn send_away(taken: &mut BTreeMap<u64, Place>) -> Option<()> {
    let idle = |place: &Place| !place.0.answering.load(Ordering::Relaxed);
    let (&number, _) = taken.iter().find(|(_, place)| idle(place))?;
    taken.remove(&number)?.0.leave.cancel();
    Some(())
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
            Ok((stream, _)) => {
                let Some((number, place)) = places.take(&limits) else {
                    continue;
                };
                let (router, places, stop) = (router.clone(), Arc::clone(&places), stop.clone());
                open.spawn(async move {
                    hold(stream, router, place, limits, stop).await;
                    places.leave(number);
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
    matches!(kind, ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn hold(
    stream: TcpStream,
    router: Router,
    place: Place,
    limits: Limits,
    stop: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let answer = TowerToHyperService::new(router);
    let here = place.clone();
    let service = service_fn(move |request: Request<_>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(here.clone());
        answer.call(request)
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
        let (_, first) = places.take(two).unwrap();
        let (_, second) = places.take(two).unwrap();
        let busy = first.answering();
        let (_, third) = places.take(two).unwrap();
        let left = |place: &Place| place.0.leave.is_cancelled();
        assert_eq!((left(&first), left(&second)), (false, true));
        let _busy = third.answering();
        assert!(places.take(two).is_none());
        drop(busy);
        assert!(places.take(two).is_some());
        assert!(left(&first) && !left(&third));
    }
}
