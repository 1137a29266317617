//! A way to a server that can be cut: after the server has done what it was asked, before the answer
//! comes through. Whoever asked knows nothing.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Armed(Arc<Mutex<Option<String>>>);

pub(crate) struct Cut {
    port: u16,
    armed: Armed,
}

impl Cut {
    pub(crate) fn before(upstream: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let armed = Armed::default();
        let watching = armed.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)) else {
                    continue;
                };
                pass(client.unwrap(), server, watching.clone());
            }
        });
        Self { port, armed }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The next connection on which such words are sent is cut when the server answers them.
    pub(crate) fn at(&self, words: &str) {
        *self.armed.0.lock().unwrap() = Some(words.to_owned());
    }

    /// Whether it was.
    pub(crate) fn done(&self) -> bool {
        self.armed.0.lock().unwrap().is_none()
    }
}

fn pass(client: TcpStream, server: TcpStream, armed: Armed) {
    let cut = Arc::new(Mutex::new(false));
    let (from, to, cutting) = (
        client.try_clone().unwrap(),
        server.try_clone().unwrap(),
        Arc::clone(&cut),
    );
    std::thread::spawn(move || {
        copy(from, to, |bytes| {
            let mut armed = armed.0.lock().unwrap();
            let sent = String::from_utf8_lossy(bytes);
            if armed.as_ref().is_some_and(|words| sent.contains(words)) {
                *armed = None;
                *cutting.lock().unwrap() = true;
            }
            true
        });
    });
    std::thread::spawn(move || copy(server, client, |_| !*cut.lock().unwrap()));
}

fn copy(mut from: TcpStream, mut to: TcpStream, mut passes: impl FnMut(&[u8]) -> bool) {
    let mut bytes = [0; 16_384];
    while let Ok(read) = from.read(&mut bytes) {
        let bytes = &bytes[..read];
        if read == 0 || !passes(bytes) || to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
