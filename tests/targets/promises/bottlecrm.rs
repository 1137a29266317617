//! BottleCRM: an e-mail is unique, and an error may come after the deed.

use super::{Answer, at_once, client, send};
use crate::servers::BottleCrm;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

struct Api {
    client: Client,
    url: String,
}

impl Api {
    fn of(crm: &BottleCrm) -> Self {
        let (client, url) = (client(), crm.url());
        Self { client, url }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}/{path}", self.url))
            .bearer_auth(BottleCrm::TOKEN)
    }

    async fn create(&self, contact: &Value) -> Answer {
        send(self.request(Method::POST, "contacts/").json(contact)).await
    }

    /// The contacts of a card.
    async fn of_card(&self, card: &str) -> Vec<Value> {
        let request = self.request(Method::GET, "contacts/");
        let found = send(request.query(&[("cf_trello_card", card)])).await;
        found.json["results"].as_array().unwrap().clone()
    }
}

fn contact(card: &str) -> Value {
    json!({
        "first_name": "ООО Ромашка",
        "last_name": "Иванов",
        "email": format!("{card}@example.org"),
        "custom_fields": {"trello_card": card},
    })
}

fn counted(crm: &BottleCrm, card: &str) -> u64 {
    let sql = format!("SELECT count(*) FROM contacts WHERE email = '{card}@example.org'");
    crm.database().count(&sql)
}

#[tokio::test]
async fn a_contact_is_created_once_whoever_asks_and_outlives_a_kill() {
    let Some(mut crm) = BottleCrm::start() else {
        return;
    };
    let api = Api::of(&crm);
    assert_eq!(api.create(&contact("trello-1")).await.status, 200);
    let again = api.create(&contact("trello-1")).await;
    assert_eq!(again.status, 400);
    let said = &again.json["errors"]["email"][0];
    assert_eq!(said, "Contact already exists with this email");

    // The losers are told 400 or 500, as it happens.
    let body = contact("trello-2");
    let race = at_once(12, || api.request(Method::POST, "contacts/").json(&body)).await;
    assert_eq!(
        race.iter().filter(|status| **status == 200).count(),
        1,
        "{race:?}"
    );

    crm.server().kill();
    crm.server().restart();
    let found = api.of_card("trello-1").await;
    let id = found[0]["id"].as_str().unwrap();
    let path = format!("contacts/{id}/");
    let change = json!({"organization": "ООО Лютик", "is_active": false});
    let changed = send(api.request(Method::PATCH, &path).json(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let found = api.of_card("trello-1").await;
    assert_eq!(found[0]["organization"], "ООО Лютик");
    assert_eq!(
        (counted(&crm, "trello-1"), counted(&crm, "trello-2")),
        (1, 1)
    );
}

#[tokio::test]
async fn an_answer_of_500_may_come_after_the_deed() {
    let Some(mut crm) = BottleCrm::start() else {
        return;
    };
    let api = Api::of(&crm);
    crm.redis().kill();
    assert_eq!(api.create(&contact("trello-1")).await.status, 500);
    assert_eq!(counted(&crm, "trello-1"), 1);
    assert_eq!(api.of_card("trello-1").await.len(), 1);
    assert_eq!(api.create(&contact("trello-1")).await.status, 400);
    crm.redis().restart();
    assert_eq!(api.create(&contact("trello-2")).await.status, 200);
}

#[tokio::test]
async fn nothing_guards_a_contact_without_an_email() {
    let Some(crm) = BottleCrm::start() else {
        return;
    };
    let api = Api::of(&crm);
    let mut nobody = contact("trello-1");
    nobody.as_object_mut().unwrap().remove("email");
    for _ in 0..2 {
        assert_eq!(api.create(&nobody).await.status, 200);
    }
    assert_eq!(api.of_card("trello-1").await.len(), 2);
}
