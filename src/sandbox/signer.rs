//! The key that the practice Trello signs a Power-Up's tokens with. Each world has its own, made when
//! it is first asked for, and an older one that stands before it in the list: whoever checks a token
//! has to try both. It never says what a token claims.

use super::world::World;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub(super) struct Signer {
    key: KeyPair,
    keys: [String; 2],
}

impl World {
    /// None only where the machine makes no keys.
    pub(super) fn signer(&self) -> Option<&Signer> {
        self.signing.get_or_init(Signer::new).as_ref()
    }
}

impl Signer {
    fn new() -> Option<Self> {
        let older = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let key = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let keys = [pem(&older)?, pem(&key)?];
        Some(Self { key, keys })
    }

    /// Public halves in PEM, the older first.
    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// RS256, without the name of the key, as Trello's are.
    pub(super) fn token(&self, claims: &Value) -> Option<String> {
        let header = json!({ "alg": "RS256", "typ": "JWT" });
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let told = format!("{}.{}", part(&header), part(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(&RSA_PKCS1_SHA256, &random, told.as_bytes(), &mut signature)
            .ok()?;
        Some(format!(
            "{told}.{}",
            BASE64_URL_SAFE_NO_PAD.encode(signature)
        ))
    }
}

fn pem(key: &KeyPair) -> Option<String> {
    let der: PublicKeyX509Der<'_> = key.public_key().as_der().ok()?;
    let text = BASE64_STANDARD.encode(der.as_ref());
    let mut lines = vec!["-----BEGIN PUBLIC KEY-----"];
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        lines.push(line);
        rest = after;
    }
    lines.push("-----END PUBLIC KEY-----\n");
    Some(lines.join("\n"))
}
