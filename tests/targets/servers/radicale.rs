//! Radicale, with an address book that is empty.

use super::{Server, answers, installed};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Radicale {
    server: Server,
}

impl Radicale {
    pub(crate) const USER: &str = "signalman";
    pub(crate) const PASSWORD: &str = "signalman-test-password";

    pub(crate) fn start() -> Self {
        let folder = installed("radicale").unwrap();
        let server = Server::start(
            |port, own| {
                let (users, config) = (own.join("users"), own.join("config"));
                std::fs::write(&users, format!("{}:{}\n", Self::USER, Self::PASSWORD)).unwrap();
                let settings = format!(
                    "[server]\nhosts = 127.0.0.1:{port}\n\
                     [auth]\ntype = htpasswd\nhtpasswd_encryption = plain\nhtpasswd_filename = {}\n\
                     [storage]\nfilesystem_folder = {}\n",
                    users.display(),
                    own.display(),
                );
                std::fs::write(&config, settings).unwrap();
                let book = book(own);
                std::fs::create_dir_all(&book).unwrap();
                std::fs::write(book.join(".Radicale.props"), r#"{"tag": "VADDRESSBOOK"}"#).unwrap();
                let mut command = Command::new(folder.join("bin/python"));
                command.args(["-m", "radicale", "--config"]).arg(config);
                command
            },
            answers,
        );
        Self { server }
    }

    /// The address book, with a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/signalman/clients/", self.server.port())
    }

    /// The contacts that are on the disk, by the names of their files.
    pub(crate) fn contacts(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(book(self.server.folder()))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }

    pub(crate) fn contact(&self, file: &str) -> String {
        std::fs::read_to_string(book(self.server.folder()).join(file)).unwrap()
    }

    /// As another program puts it there.
    pub(crate) fn enter(&self, file: &str, vcard: &str) {
        std::fs::write(book(self.server.folder()).join(file), vcard).unwrap();
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }
}

fn book(folder: &Path) -> PathBuf {
    folder.join("collection-root/signalman/clients")
}
