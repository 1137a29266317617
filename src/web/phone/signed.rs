//! Values that we hand out and take back: signed, so that nobody else makes or changes one. Whoever
//! replaces the application's secret signs nobody out, for every secret in force still opens.

use crate::model::hex;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Longer than any value of ours.
const MOST_BYTES: usize = 512;

/// The keys of one purpose: a value that was signed for another opens nothing.
pub(super) struct Seal(Vec<Hmac<Sha256>>);

impl Seal {
    /// None without a secret. The first one is the newest.
    pub(super) fn new(secrets: &[SecretString], purpose: &str) -> Option<Self> {
        let key = |secret: &SecretString| {
            let secret = secret.expose_secret().as_bytes();
            let mut derived = Hmac::<Sha256>::new_from_slice(secret).ok()?;
            derived.update(b"signalman ");
            derived.update(purpose.as_bytes());
            Hmac::<Sha256>::new_from_slice(&derived.finalize().into_bytes()).ok()
        };
        let keys: Option<Vec<_>> = secrets.iter().map(key).collect();
        keys.filter(|keys| !keys.is_empty()).map(Self)
    }

    /// By the newest secret.
    pub(super) fn sign(&self, text: &str) -> String {
        let signature = self.0.first().map(|key| {
            let mut mac = key.clone();
            mac.update(text.as_bytes());
            hex(&mac.finalize().into_bytes())
        });
        format!("{text}.{}", signature.unwrap_or_default())
    }

    /// What was signed, if it was by a secret in force.
    pub(super) fn open<'v>(&self, value: &'v str) -> Option<&'v str> {
        let (text, signature) = value.rsplit_once('.')?;
        let signature = (value.len() <= MOST_BYTES).then(|| bytes(signature))??;
        // Every secret is tried, so that the time taken does not tell which one fits.
        let fits = self.0.iter().fold(false, |fits, key| {
            let mut mac = key.clone();
            mac.update(text.as_bytes());
            fits | mac.verify_slice(&signature).is_ok()
        });
        fits.then_some(text)
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    hex.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(secrets: &[&str], purpose: &str) -> Option<Seal> {
        let secrets = secrets.iter().map(|one| SecretString::from(*one));
        Seal::new(&secrets.collect::<Vec<_>>(), purpose)
    }

    #[test]
    fn only_what_was_signed_by_a_secret_in_force_opens() {
        let old = seal(&["old"], "session").unwrap();
        let both = seal(&["new", "old"], "session").unwrap();
        let new = seal(&["new"], "session").unwrap();
        let value = old.sign("anna.1.2");
        assert_eq!(both.open(&value), Some("anna.1.2"));
        assert_eq!(new.open(&value), None);
        assert_eq!(new.open(&both.sign("anna.1.2")), Some("anna.1.2"));
        assert_eq!(seal(&["old"], "state").unwrap().open(&value), None);
        assert!(seal(&[], "session").is_none());
    }

    #[test]
    fn nothing_that_was_changed_cut_or_never_signed_opens() {
        let seal = seal(&["secret"], "session").unwrap();
        let value = seal.sign("anna.1.2");
        let (text, signature) = value.rsplit_once('.').unwrap();
        assert_eq!(signature.len(), 64);
        let forged = [
            format!("boris.1.2.{signature}"),
            format!("{text}.{}", &signature[..62]),
            format!("{text}.{}", &signature[..63]),
            format!("{text}.{}", signature.to_uppercase()),
            format!("{text}.{}", "0".repeat(64)),
            format!("{text}."),
            text.to_owned(),
            String::new(),
            format!("{}{value}", "a".repeat(MOST_BYTES)),
        ];
        for value in forged {
            assert_eq!(seal.open(&value), None, "{value}");
        }
    }
}
