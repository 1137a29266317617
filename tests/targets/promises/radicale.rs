//! Radicale: the address of a contact is ours to choose, and a write says what it rests on.

use super::{Answer, at_once, client, send};
use crate::servers::Radicale;
use reqwest::{Client, Method, RequestBuilder};

fn vcard(uid: &str, name: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n")
}

struct Book {
    client: Client,
    url: String,
}

impl Book {
    fn request(&self, method: Method, file: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{file}", self.url))
            .basic_auth(Radicale::USER, Some(Radicale::PASSWORD))
            .header("Content-Type", "text/vcard; charset=utf-8")
    }

    fn create(&self, file: &str, card: String) -> RequestBuilder {
        let request = self.request(Method::PUT, file);
        request.header("If-None-Match", "*").body(card)
    }

    async fn update(&self, file: &str, card: String, etag: &str) -> Answer {
        let request = self.request(Method::PUT, file);
        send(request.header("If-Match", etag).body(card)).await
    }

    async fn etag(&self, file: &str) -> String {
        let answer = self.request(Method::HEAD, file).send().await.unwrap();
        answer.headers()["ETag"].to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_contact_is_written_once_and_only_over_what_was_read() {
    let mut radicale = Radicale::start();
    let (client, url) = (client(), radicale.url());
    let book = Book { client, url };
    let card = || vcard("TRELLO-1", "ООО Ромашка");
    assert_eq!(send(book.create("TRELLO-1.vcf", card())).await.status, 201);
    assert_eq!(send(book.create("TRELLO-1.vcf", card())).await.status, 412);
    let elsewhere = send(book.create("another.vcf", card())).await;
    assert_eq!(elsewhere.status, 409);
    assert!(
        elsewhere.text.contains("no-uid-conflict"),
        "{}",
        elsewhere.text
    );

    let first = book.etag("TRELLO-1.vcf").await;
    let other = || vcard("TRELLO-1", "ООО Лютик");
    assert_eq!(
        book.update("TRELLO-1.vcf", other(), &first).await.status,
        204
    );
    assert_eq!(
        book.update("TRELLO-1.vcf", card(), &first).await.status,
        412
    );

    let race = at_once(12, || {
        book.create("TRELLO-2.vcf", vcard("TRELLO-2", "Второй"))
    })
    .await;
    assert_eq!(race, [vec![201], vec![412; 11]].concat());

    radicale.server().kill();
    radicale.server().restart();
    let read = send(book.request(Method::GET, "TRELLO-1.vcf")).await;
    assert!(read.text.contains("FN:ООО Лютик"), "{}", read.text);
    assert_eq!(radicale.contacts(), ["TRELLO-1.vcf", "TRELLO-2.vcf"]);
}
