//! An endpoint: where letters go, which ones, and the secret that signs them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use laotie_engine::outbox;
use laotie_facts::Timestamp;
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::{NewEndpoint, WebhookError, kinds};
use crate::access::random_bytes;

/// Longest address.
const URL_MAX: usize = 2_048;

/// What signs an endpoint's letters, as `whsec_` and base64; never printed by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(format!("whsec_{}", BASE64_STANDARD.encode(bytes)))
    }

    /// The secret itself, for the one who asked for the endpoint and for signing.
    pub(super) fn shown(&self) -> String {
        self.0.clone()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("whsec_…")
    }
}

/// Where letters go.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    pub id: String,
    /// The address.
    pub url: String,
    pub(super) secret: Secret,
    /// The kinds of facts that it takes; empty for all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Whether letters go there.
    pub enabled: bool,
    /// When it was made.
    pub created: Timestamp,
}

impl Endpoint {
    /// Checks what was asked for.
    pub(super) fn new(new: NewEndpoint, secret: Secret, created: Timestamp) -> Result<Self, WebhookError> {
        let asked = |field, reason: String| WebhookError::Asked { field, reason };
        let url = Url::parse(&new.url).map_err(|e| asked("url", format!("not an address: {e}")))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(asked("url", "a webhook goes to an `http` or `https` address".to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(asked("url", "leave name and password out of the address: letters prove themselves by their signature".to_owned()));
        }
        if url.as_str().len() > URL_MAX {
            return Err(asked("url", format!("an address has at most {URL_MAX} characters")));
        }
        if let Some(unknown) = new.kinds.iter().find(|kind| !outbox::is_told(kind)) {
            let reason = format!("webhooks do not tell of `{unknown}`; they tell of {}", kinds().join(", "));
            return Err(asked("kinds", reason));
        }
        let mut kinds = new.kinds;
        kinds.sort();
        kinds.dedup();
        let id = format!("wh_{}", &data_encoding::BASE32_NOPAD.encode(&random_bytes()).to_lowercase()[..16]);
        Ok(Self { id, url: url.into(), secret, kinds, enabled: true, created })
    }

    /// Whether it takes facts of this kind.
    pub(super) fn takes(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|k| k == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(url: &str, kinds: &[&str]) -> Result<Endpoint, WebhookError> {
        let kinds = kinds.iter().map(|k| (*k).to_owned()).collect();
        let now = Timestamp::parse("2026-06-10T12:00:00Z").expect("a time");
        Endpoint::new(NewEndpoint { url: url.to_owned(), kinds }, Secret::new(&[7; 32]), now)
    }

    #[test]
    fn only_plain_web_addresses_and_known_kinds_are_taken() {
        assert!(made("http://10.0.0.7:9000/laotie?shop=3", &[]).expect("taken").takes("badge.lit"));
        let some = made("https://shop.example/", &["payout.made", "badge.lit", "payout.made"]).expect("taken");
        assert_eq!(some.kinds, ["badge.lit", "payout.made"]);
        assert!(!some.takes("ruling.made"));
        let wrong = ["ftp://shop.example/", "file:///etc/passwd", "shop.example", "https://u:p@shop.example/", "data:,x", ""];
        for url in wrong {
            assert!(matches!(made(url, &[]), Err(WebhookError::Asked { field: "url", .. })), "{url}");
        }
        assert!(matches!(made("https://shop.example/", &["order.paid"]), Err(WebhookError::Asked { field: "kinds", .. })));
    }

    #[test]
    fn a_secret_is_not_printed() {
        let endpoint = made("https://shop.example/", &[]).expect("taken");
        assert!(endpoint.secret.shown().starts_with("whsec_"));
        assert!(!format!("{endpoint:?}").contains(&endpoint.secret.shown()));
    }
}
