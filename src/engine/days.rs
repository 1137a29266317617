//! What begins with a day or a week, looked at each minute: the week of boards that only watch, cards of
//! those who are away or back, how things stand on a working morning.

use super::{Clock, Engine, Mornings, Rounds, Weeks};
use jiff::SignedDuration;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const GLANCE: SignedDuration = SignedDuration::from_secs(60);
/// A clock may be set on by hours.
const TICK: Duration = Duration::from_secs(2);

impl Engine {
    pub(super) async fn see_days_begin(&self, clock: Clock, stop: CancellationToken) {
        let (mut weeks, mut rounds) = (Weeks::default(), Rounds::default());
        let mut mornings = Mornings::default();
        if let Err(error) = self.try_ways().await {
            tracing::error!(%error, "the ways to people could not be looked at");
        }
        loop {
            let looked = [
                self.tell_weeks(clock(), &mut weeks).await,
                self.hand_over(clock(), &mut rounds).await,
                self.tell_mornings(clock(), &mut mornings).await,
            ];
            for error in looked.into_iter().filter_map(Result::err) {
                tracing::error!(%error, "the store cannot be used; trying again");
            }
            let looked = clock();
            while clock().duration_since(looked).abs() < GLANCE {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(TICK) => {}
                }
            }
        }
    }
}
