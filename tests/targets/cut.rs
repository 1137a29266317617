//! A way to a server that can be cut: after the server has done what it was asked, before the answer
//! comes through. Whoever asked knows nothing.

use crate::between::Deed;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What happens where the armed words are sent.
#[derive(Clone)]
pub(crate) enum Then {
    /// The answer does not come through: the connection ends.
    Cut,
    /// The answer does not come through, and the connection stays.
    Silence,
    /// Something happens before they arrive.
    Before(Deed),
    /// Something happens when they are answered, and the connection ends.
    After(Deed),
}

#[derive(Clone, Default)]
struct Armed(Arc<Mutex<Option<(String, Then)>>>);

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
        self.when(words, Then::Cut);
    }

    /// This happens on the next connection on which such words are sent.
    pub(crate) fn when(&self, words: &str, then: Then) {
        *self.armed.0.lock().unwrap() = Some((words.to_owned(), then));
    }

    /// Whether it did.
    pub(crate) fn done(&self) -> bool {
        self.armed.0.lock().unwrap().is_none()
    }
}

fn pass(client: TcpStream, server: TcpStream, armed: Armed) {
    let struck = Arc::new(Mutex::new(None));
    let (from, to, striking) = (
        client.try_clone().unwrap(),
        server.try_clone().unwrap(),
        Arc::clone(&struck),
    );
    std::thread::spawn(move || {
        copy(from, to, |bytes| {
            let sent = String::from_utf8_lossy(bytes);
            let then = armed
                .0
                .lock()
                .unwrap()
                .take_if(|(words, _)| sent.contains(words.as_str()));
            match then {
                Some((_, Then::Before(deed))) => deed.take_place(),
                Some((_, then)) => *striking.lock().unwrap() = Some(then),
                None => {}
            }
            Passes::On
        });
    });
    std::thread::spawn(move || {
        copy(server, client, |_| match &*struck.lock().unwrap() {
            None | Some(Then::Before(_)) => Passes::On,
            Some(Then::Silence) => Passes::Nothing,
            Some(Then::Cut) => Passes::NoMore,
            Some(Then::After(deed)) => {
                deed.take_place();
                Passes::NoMore
            }
        });
    });
}

enum Passes {
    On,
    Nothing,
    NoMore,
}

fn copy(mut from: TcpStream, mut to: TcpStream, mut passes: impl FnMut(&[u8]) -> Passes) {
    let mut bytes = [0; 16_384];
    while let Ok(read) = from.read(&mut bytes) {
        let bytes = &bytes[..read];
        if read == 0 {
            break;
        }
        match passes(bytes) {
            Passes::On if to.write_all(bytes).is_ok() => {}
            Passes::Nothing => {}
            Passes::On | Passes::NoMore => break,
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
