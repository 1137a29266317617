//! The Power-Up, installed on the practice Trello.

use secrecy::SecretString;
use signalman::sandbox::{PowerUp, Sandbox};
use signalman::trello::{Guests, Trello};
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
    let secrets = [sandbox.secret().into()];
    let phone = phone(sandbox, service, &secrets);
    Some(web::PowerUp::new(id, client, host, Arc::clone(trello)).with_phone(phone))
}

/// Pages of cards outside of Trello, where people sign in by the practice Trello.
pub fn phone(sandbox: &Sandbox, service: &Url, secrets: &[SecretString]) -> web::Phone {
    let host = Url::parse(&sandbox.url()).unwrap();
    let (api, authorize) = (host.join("1"), host.join("1/authorize"));
    let guests = Guests::new(&api.unwrap(), authorize.unwrap(), sandbox.key().into());
    web::Phone::new(guests.unwrap(), service, secrets).unwrap()
}
