//! Webhook deliveries: signed, one after another, tried again after 30, 60 and 120 seconds and then
//! lost. It never holds up a request.

use super::faults::{FaultKind, strike};
use super::state::Delivery;
use super::world::World;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const RETRIES_S: [f64; 3] = [30.0, 60.0, 120.0];
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn run(
    world: World,
    mut queue: mpsc::UnboundedReceiver<Delivery>,
    retry_scale: f64,
    stop: CancellationToken,
) {
    let http = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("Trello")
        .build()
        .unwrap_or_default();
    let mut held: Option<Delivery> = None;
    loop {
        let next = tokio::select! {
            next = queue.recv() => next,
            () = stop.cancelled() => None,
        };
        let Some(delivery) = next else { return };
        use FaultKind::{DeliveredSwapped, DeliveredTwice, DeliveryLost};
        let struck = world.with(|state| {
            let kinds = [DeliveredTwice, DeliveredSwapped, DeliveryLost];
            strike(&mut state.faults, &kinds, "POST", "")
        });
        match struck {
            Some(DeliveryLost) => {
                world.settled();
                continue;
            }
            Some(DeliveredSwapped) if held.is_none() => {
                held = Some(delivery);
                continue;
            }
            Some(DeliveredTwice) => {
                attempt(&world, &http, &delivery).await;
            }
            _ => {}
        }
        first(&world, &http, delivery, retry_scale).await;
        if let Some(late) = held.take() {
            first(&world, &http, late, retry_scale).await;
        }
    }
}

/// The first attempt keeps the order; later ones are made beside what follows.
async fn first(world: &World, http: &reqwest::Client, delivery: Delivery, retry_scale: f64) {
    if attempt(world, http, &delivery).await {
        return world.settled();
    }
    let (world, http) = (world.clone(), http.clone());
    tokio::spawn(async move {
        for wait in RETRIES_S {
            tokio::time::sleep(Duration::from_secs_f64(wait * retry_scale)).await;
            if attempt(&world, &http, &delivery).await {
                break;
            }
        }
        world.settled();
    });
}

/// True when there is nothing more to do: it was taken, or the webhook is gone.
async fn attempt(world: &World, http: &reqwest::Client, delivery: &Delivery) -> bool {
    let mut request = http
        .post(&delivery.callback)
        .header("content-type", "application/json")
        .header("x-trello-webhook", sign(delivery))
        .body(delivery.body.clone());
    if let Some(client) = &delivery.client {
        request = request.header("x-trello-client-identifier", client);
    }
    let status = request
        .send()
        .await
        .map(|response| response.status().as_u16());
    world.with(|state| {
        let now = state.now;
        let Some(hook) = state.webhooks.get_mut(&delivery.webhook) else {
            return true;
        };
        match status {
            Ok(200) => {
                (hook.failures, hook.first_failure) = (0, None);
                true
            }
            Ok(410) => {
                state.webhooks.remove(&delivery.webhook);
                true
            }
            _ => {
                hook.failures += 1;
                hook.first_failure.get_or_insert(now);
                false
            }
        }
    })
}

fn sign(delivery: &Delivery) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(delivery.secret.as_bytes()) else {
        return String::new();
    };
    mac.update(delivery.body.as_bytes());
    mac.update(delivery.callback.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
