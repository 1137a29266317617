//! The Power-Up, installed on the practice Trello.

use signalman::sandbox::{PowerUp, Sandbox};
use signalman::trello::Trello;
use signalman::web;
use std::sync::Arc;
use url::Url;

pub fn powerup(sandbox: &Sandbox, service: &Url, trello: &Arc<Trello>) -> Option<web::PowerUp> {
    let (id, host) = ("plugin".to_owned(), Url::parse(&sandbox.url()).unwrap());
    sandbox.world().install(PowerUp {
        id: id.clone(),
        name: "Signalman".to_owned(),
        connector: service.join("powerup/connector.html").unwrap(),
    });
    let client = host.join("powerup-client.js").unwrap();
    Some(web::PowerUp::new(id, client, host, Arc::clone(trello)))
}
