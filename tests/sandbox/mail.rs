//! The post of the practice world takes what a real mail client sends, and no more than it has room for.

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message, SmtpTransport, Transport};
use signalman::sandbox::{Options, Sandbox, radio};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

fn mailbox(name: &str, at: &str) -> Mailbox {
    let at: Address = at.parse().unwrap();
    Mailbox::new(Some(name.to_owned()), at)
}

fn client(address: SocketAddr) -> SmtpTransport {
    SmtpTransport::builder_dangerous(address.ip().to_string())
        .port(address.port())
        .build()
}

/// Says these lines one by one and returns what was answered last; none where the line was hung up.
fn converse(address: SocketAddr, lines: &[&[u8]]) -> Option<String> {
    let mut stream = TcpStream::connect(address).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let mut last = String::new();
    answers.read_line(&mut last).unwrap();
    for line in lines {
        stream.write_all(line).ok()?;
        stream.write_all(b"\r\n").ok()?;
        last.clear();
        answers.read_line(&mut last).ok()?;
    }
    (!last.is_empty()).then(|| last.trim_end().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_shown_as_its_sender_wrote_it_the_newest_first() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let demo = radio::set_up(sandbox.world(), true).unwrap();
    assert!(!demo.board.is_empty());
    let address = sandbox.mail().await.unwrap();
    assert!(address.ip().is_loopback());
    let sent = tokio::task::spawn_blocking(move || {
        let client = client(address);
        let first = Message::builder()
            .from(mailbox("Сигнальщик", "signalman@ether.example"))
            .to(mailbox("Мария", "maria@ether.example"))
            .subject("Кефир FM: ваш ход, осталось 2 ч")
            .header(ContentType::TEXT_PLAIN)
            .body(
                "Ждём договор.\n.\n..точки в начале строк\nhttps://trello.example/c/1\n".to_owned(),
            )
            .unwrap();
        client.send(&first).unwrap();
        let plain_and_rich = MultiPart::alternative_plain_html(
            "Просто текст".to_owned(),
            "<b>Просто</b> <script>alert(1)</script>".to_owned(),
        );
        let second = Message::builder()
            .from(mailbox("Signalman", "signalman@ether.example"))
            .to(mailbox("Илья", "ilya@ether.example"))
            .subject("Дайджест")
            .multipart(plain_and_rich)
            .unwrap();
        client.send(&second).unwrap();
    });
    sent.await.unwrap();
    let url = format!("{}/sandbox/mails", sandbox.url());
    let post = reqwest::Client::new().get(url).send().await.unwrap();
    let post: serde_json::Value = post.json().await.unwrap();
    assert_eq!(post["smtp"], format!("smtp://{address}"));
    let mails = post["mails"].as_array().unwrap();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0]["subject"], "Дайджест");
    assert_eq!(mails[0]["text"].as_str().unwrap().trim(), "Просто текст");
    assert_eq!(mails[1]["subject"], "Кефир FM: ваш ход, осталось 2 ч");
    assert_eq!(mails[1]["from"], "Сигнальщик <signalman@ether.example>");
    assert_eq!(mails[1]["to"][0], "maria@ether.example");
    let text = mails[1]["text"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(
        text.trim_end(),
        "Ждём договор.\n.\n..точки в начале строк\nhttps://trello.example/c/1"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_too_much_or_out_of_turn_is_told_so_and_the_next_is_served() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let address = sandbox.mail().await.unwrap();
    assert_eq!(sandbox.mail().await.unwrap(), address, "there is one post");
    let talk = tokio::task::spawn_blocking(move || {
        let begin: [&[u8]; 3] = [
            b"HELO me",
            b"MAIL FROM:<a@x.example>",
            b"RCPT TO:<b@x.example>",
        ];
        let says = |last: &[u8]| converse(address, &[last]);
        assert!(says(b"DATA").unwrap().starts_with("503"));
        assert!(says(b"RCPT TO:<b@x.example>").unwrap().starts_with("503"));
        assert!(says(b"MAIL nobody").unwrap().starts_with("501"));
        assert!(says(b"VRFY root").unwrap().starts_with("502"));
        assert!(says("QUIT".as_bytes()).unwrap().starts_with("221"));
        assert_eq!(says(&[b'x'; 10_000]), None, "a line without an end");
        let mut large: Vec<Vec<u8>> = begin.iter().map(|line| line.to_vec()).collect();
        large.push(b"DATA".to_vec());
        large.push(
            [b"x".repeat(1_000).as_slice(), b"\r\n"]
                .concat()
                .repeat(300),
        );
        let large: Vec<&[u8]> = large.iter().map(Vec::as_slice).collect();
        let refused = converse(address, &large);
        assert!(refused.is_none_or(|said| said.starts_with("552")));
        let fine: Vec<&[u8]> = begin
            .into_iter()
            .chain([b"DATA".as_slice(), b"no headers at all\r\n.", b"QUIT"])
            .collect();
        assert!(converse(address, &fine).unwrap().starts_with("221"));
    });
    talk.await.unwrap();
    let mails = sandbox.world().mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.len()),
        ("a@x.example", 1)
    );
}
