//! A proxy in front of a real server that takes away answers after the work was done.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The connection breaks instead.
    Broken,
    /// 500 comes instead.
    Error,
}

pub(crate) struct Cut {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    next: Mutex<Option<(&'static str, Answer)>>,
    writes: AtomicUsize,
}

impl Cut {
    pub(crate) async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    // A client that hangs up early is no failure of the test.
                    let _ = pass(stream, port, &state).await;
                });
            }
        });
        Self { port: here, state }
    }

    /// The address of the server, by way of the proxy.
    pub(crate) fn url(&self, url: &str, port: u16) -> String {
        url.replacen(&format!(":{port}"), &format!(":{}", self.port), 1)
    }

    /// The next request of this method is done, and its answer is taken away.
    pub(crate) fn next(&self, method: &'static str, answer: Answer) {
        *self.state.next.lock().unwrap() = Some((method, answer));
    }

    /// Whether that has happened.
    pub(crate) fn is_done(&self) -> bool {
        self.state.next.lock().unwrap().is_none()
    }

    /// How many requests so far were no GET.
    pub(crate) fn writes(&self) -> usize {
        self.state.writes.load(Ordering::SeqCst)
    }
}

async fn pass(mut client: TcpStream, port: u16, state: &State) -> std::io::Result<()> {
    let mut request = Vec::new();
    let head = loop {
        if client.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
        if let Some(end) = request.windows(4).position(|end| end == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
    let length = text.lines().find_map(|line| {
        let length = line.strip_prefix("content-length:")?;
        length.trim().parse::<usize>().ok()
    });
    while request.len() < head + 4 + length.unwrap_or(0) {
        if client.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    if !text.starts_with("get ") {
        state.writes.fetch_add(1, Ordering::SeqCst);
    }
    let mut server = TcpStream::connect(("127.0.0.1", port)).await?;
    server.write_all(&request[..head]).await?;
    // One request each, so that the answer ends with the connection.
    server.write_all(b"\r\nConnection: close").await?;
    server.write_all(&request[head..]).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    let taken = {
        let mut next = state.next.lock().unwrap();
        let fits = |(method, _): &(&str, Answer)| text.starts_with(&method.to_lowercase());
        next.take_if(|next| fits(next)).map(|(_, answer)| answer)
    };
    match taken {
        Some(Answer::Broken) => Ok(()),
        Some(Answer::Error) => {
            let error = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            client.write_all(error.as_bytes()).await
        }
        None => client.write_all(&answer).await,
    }
}
