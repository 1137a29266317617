//! A request's body is read here, whole, before anybody looks at it: no longer than Trello's ever
//! are, within a time, and out of a purse that all of them share, so that no number of callers fills
//! the memory. What is too long is refused at its head where the head says so.

use super::BODY_BYTES;
use super::connections::{Answering, Limits, Place};
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use futures::TryStreamExt;
use tokio::sync::{Semaphore, SemaphorePermit};

/// So much of a body costs nothing: an ordinary delivery gets through when the purse is empty.
const FREE_BYTES: usize = 16 << 10;
const PURSE_BYTES: usize = 64 << 20;

/// What all bodies under way may hold beyond what is free to each.
pub(super) struct Purse(Semaphore);

impl Default for Purse {
    fn default() -> Self {
        Self(Semaphore::new(PURSE_BYTES))
    }
}

pub(super) type Refused = (&'static str, StatusCode);

/// A body, and what it holds of the purse and of its connection for as long as it is worked on.
pub(super) struct Whole<'a> {
    pub(super) bytes: Vec<u8>,
    _held: Vec<SemaphorePermit<'a>>,
    _answering: Option<Answering>,
}

impl Purse {
    pub(super) async fn whole(&self, request: Request) -> Result<Whole<'_>, Refused> {
        let (parts, body) = request.into_parts();
        let place = parts.extensions.get::<Place>();
        let within = place.map_or(Limits::default().body_within, Place::body_within);
        let read = tokio::time::timeout(within, self.read(body)).await;
        let slow = ("too_slow", StatusCode::REQUEST_TIMEOUT);
        let (bytes, _held) = read.unwrap_or(Err(slow))?;
        let _answering = place.map(Place::answering);
        Ok(Whole {
            bytes,
            _held,
            _answering,
        })
    }

    async fn read(&self, body: Body) -> Result<(Vec<u8>, Vec<SemaphorePermit<'_>>), Refused> {
        const TOO_LONG: Refused = ("too_long", StatusCode::PAYLOAD_TOO_LARGE);
        if body.size_hint().lower() > BODY_BYTES as u64 {
            return Err(TOO_LONG);
        }
        let told = usize::try_from(body.size_hint().lower()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(told.min(FREE_BYTES));
        let (mut held, mut paid) = (Vec::new(), FREE_BYTES);
        let mut parts = body.into_data_stream();
        let broken = |_| ("broken_off", StatusCode::BAD_REQUEST);
        while let Some(part) = parts.try_next().await.map_err(broken)? {
            bytes.extend_from_slice(&part);
            if bytes.len() > BODY_BYTES {
                return Err(TOO_LONG);
            }
            if bytes.len() > paid {
                // Twice what there is, as the buffer itself grows.
                let more = u32::try_from(bytes.len() * 2 - paid).unwrap_or(u32::MAX);
                let full = |_| ("no_room", StatusCode::SERVICE_UNAVAILABLE);
                held.push(self.0.try_acquire_many(more).map_err(full)?);
                paid = bytes.len() * 2;
            }
        }
        Ok((bytes, held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_together_hold_no_more_than_the_purse() {
        let purse = Purse(Semaphore::new(100 << 10));
        let body = |kilobytes: usize| Body::from(vec![b' '; kilobytes << 10]);
        let large = purse.read(body(50)).await.unwrap();
        let refused = purse.read(body(50)).await.unwrap_err();
        assert_eq!(refused.1, StatusCode::SERVICE_UNAVAILABLE);
        assert!(purse.read(body(16)).await.is_ok());
        drop(large);
        assert!(purse.read(body(50)).await.is_ok());
    }
}
