//! Messages to people, proved against real servers: a mail server, Matrix, a stand-in for Telegram whose
//! bodies another library checks.

mod kill;
mod mail;
mod matrix;
mod telegram;

use crate::firm::Firm;
use crate::radio::radio_text;

/// The firm with one way, by which Мария is told.
async fn firm(way: &str, to: &str) -> Firm {
    Firm::with(text(way, to)).await
}

fn text(way: &str, to: &str) -> String {
    let person =
        format!("[[person]]\nlogin = \"maria_demo\"\nnotify = [{{ way = \"way\"{to} }}]\n");
    format!(
        "{}\n[[way]]\nkey = \"way\"\nallow_private = true\n{way}\n{person}",
        radio_text()
    )
}
