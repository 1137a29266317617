//! Whether a webhook's body is Trello's own: base64 of HMAC-SHA1 over the raw bytes and then the
//! callback URL exactly as registered. Never the re-serialised JSON, never a URL made from headers.

use crate::model::BoardId;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use url::Url;

/// The callback URL of a board, exactly as Trello is told it: it is part of what is signed.
pub fn callback_url(public_url: &Url, board: &BoardId) -> String {
    let base = public_url.as_str().trim_end_matches('/');
    format!("{base}/hooks/trello/{board}")
}

/// True when one of the secrets signs it. Several are valid at once while one is replaced.
pub fn verify(secrets: &[SecretString], body: &[u8], callback_url: &str, header: &str) -> bool {
    let Ok(signature) = STANDARD.decode(header.trim()) else {
        return false;
    };
    // Every secret is tried, so that the time taken does not tell which one fits.
    secrets.iter().fold(false, |fits, secret| {
        fits | signs(secret, body, callback_url, &signature)
    })
}

fn signs(secret: &SecretString, body: &[u8], callback_url: &str, signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes()) else {
        return false;
    };
    mac.update(body);
    mac.update(callback_url.as_bytes());
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://signalman.example/hooks/trello/b1?станция=чайник";
    const BODY: &str = r#"{"action":{"id":"1","text":"Привет 🚚"}}"#;
    // python3: base64(hmac.new(b"s3cr3t", (BODY+URL).encode(), hashlib.sha1).digest())
    const SIGNED: &str = "hDwPI5FeuiGvq23LSCiqUXO17Os=";

    fn secrets(all: &[&str]) -> Vec<SecretString> {
        all.iter()
            .map(|secret| SecretString::from(*secret))
            .collect()
    }

    #[test]
    fn the_right_secret_signs_and_no_other() {
        assert!(verify(&secrets(&["s3cr3t"]), BODY.as_bytes(), URL, SIGNED));
        assert!(!verify(&secrets(&["other"]), BODY.as_bytes(), URL, SIGNED));
        assert!(verify(
            &secrets(&["new", "s3cr3t"]),
            BODY.as_bytes(),
            URL,
            SIGNED
        ));
    }

    #[test]
    fn a_changed_byte_or_url_or_a_header_of_nonsense_does_not_pass() {
        let changed = BODY.replace("Привет", "привет");
        assert!(!verify(
            &secrets(&["s3cr3t"]),
            changed.as_bytes(),
            URL,
            SIGNED
        ));
        assert!(!verify(
            &secrets(&["s3cr3t"]),
            BODY.as_bytes(),
            "https://signalman.example/",
            SIGNED
        ));
        for header in ["", "not base64", "AAAA"] {
            assert!(!verify(&secrets(&["s3cr3t"]), BODY.as_bytes(), URL, header));
        }
    }
}
