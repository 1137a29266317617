//! What happens between a store and its server: an answer that is lost, a script that comes twice.

use crate::servers::Server;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// An answer is lost when it is wanted, and the next connection waits until it is let through.
#[derive(Default)]
pub(crate) struct Wire {
    loses: AtomicBool,
    lost: Notify,
    shut: AtomicBool,
    open: Notify,
}

impl Wire {
    pub(crate) async fn to(server: &Server) -> (Arc<Self>, String) {
        let (listener, address) = listen().await;
        let (wire, port) = (Arc::<Self>::default(), server.port);
        let accepting = Arc::clone(&wire);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if accepting.shut.swap(false, Relaxed) {
                    accepting.open.notified().await;
                }
                let there = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                tokio::spawn(Arc::clone(&accepting).carries(client, there));
            }
        });
        (wire, address)
    }

    async fn carries(self: Arc<Self>, client: TcpStream, server: TcpStream) {
        let (mut asks, mut hears) = client.into_split();
        let (mut answers, mut takes) = server.into_split();
        let asking = tokio::spawn(async move { copy(&mut asks, &mut takes).await });
        let mut some = vec![0; 65_536];
        while let Ok(read @ 1..) = answers.read(&mut some).await {
            if self.loses.swap(false, Relaxed) {
                self.shut.store(true, Relaxed);
                self.lost.notify_one();
                break;
            }
            hears.write_all(&some[..read]).await.unwrap();
        }
        asking.abort();
    }

    /// What the one asks, whose answer is lost; before it is sent again, what the other does.
    pub(crate) async fn meanwhile<T>(
        &self,
        asks: impl Future<Output = T>,
        other: impl AsyncFnOnce(),
    ) -> T {
        self.loses.store(true, Relaxed);
        let meanwhile = async {
            self.lost.notified().await;
            other().await;
            self.open.notify_one();
        };
        tokio::join!(asks, meanwhile).0
    }
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("redis://{}", listener.local_addr().unwrap());
    (listener, address)
}

/// An address of the server at which every script is run twice, and the second answer is given.
pub(crate) async fn twice(server: &Server) -> String {
    let (listener, address) = listen().await;
    let port = server.port;
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let there = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            tokio::spawn(doubles(client, there));
        }
    });
    address
}

async fn doubles(mut client: TcpStream, mut server: TcpStream) {
    let (mut asked, mut answered) = (Vec::new(), Vec::new());
    while let Some(asks) = one(&mut client, &mut asked).await {
        let script = asks.windows(9).any(|word| word == b"\r\nEVALSHA");
        let mut answer = None;
        for _ in 0..=usize::from(script) {
            server.write_all(&asks).await.unwrap();
            answer = one(&mut server, &mut answered).await;
        }
        let Some(answer) = answer else { return };
        if client.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// One whole request or answer; what comes behind it is kept.
async fn one(from: &mut TcpStream, kept: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        if let Some(long) = whole(kept) {
            return Some(kept.drain(..long).collect());
        }
        let mut some = vec![0; 65_536];
        match from.read(&mut some).await {
            Ok(read @ 1..) => kept.extend_from_slice(&some[..read]),
            _ => return None,
        }
    }
}

/// How long the first value of Redis' protocol is, if all of it is there.
fn whole(bytes: &[u8]) -> Option<usize> {
    let line = bytes.windows(2).position(|two| two == b"\r\n")?;
    let head = line + 2;
    let count = std::str::from_utf8(&bytes[1..line]).ok();
    let count = count.and_then(|count| count.parse::<i64>().ok());
    match (bytes[0], count) {
        (b'$' | b'=', Some(long @ 0..)) => {
            let end = head + usize::try_from(long).ok()? + 2;
            (bytes.len() >= end).then_some(end)
        }
        (kind @ (b'*' | b'%' | b'~'), Some(parts @ 0..)) => {
            let parts = if kind == b'%' { parts * 2 } else { parts };
            (0..parts).try_fold(head, |at, _| Some(at + whole(bytes.get(at..)?)?))
        }
        _ => Some(head),
    }
}
