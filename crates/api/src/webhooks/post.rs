//! One letter over HTTP, signed as Standard Webhooks has it (<https://www.standardwebhooks.com>, v1: HMAC-SHA256).

use std::error::Error;
use std::time::Duration;

use laotie_facts::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{Client, header};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

use super::endpoint::Endpoint;

/// Why a letter was not taken.
#[derive(Debug, Clone)]
pub(super) struct Failed {
    /// The answer's status; `None` without an answer.
    pub(super) status: Option<u16>,
    /// What went wrong, without the address, which may hold a secret.
    pub(super) reason: String,
    /// Whether trying again is in vain.
    pub(super) for_good: bool,
}

impl Failed {
    fn to_send(reason: impl Into<String>) -> Self {
        Self { status: None, reason: reason.into(), for_good: false }
    }

    pub(super) fn for_good(reason: impl Into<String>) -> Self {
        Self { status: None, reason: reason.into(), for_good: true }
    }
}

/// A client that follows nobody elsewhere: letters go to the address that the operator named.
pub(super) fn client() -> Result<Client, Failed> {
    let built = Client::builder().redirect(Policy::none()).user_agent(concat!("laotie/", env!("CARGO_PKG_VERSION"))).build();
    built.map_err(|e| Failed::to_send(told(&e)))
}

/// Sends a letter; the status of the answer when it was taken.
pub(super) async fn post(
    client: &Client,
    endpoint: &Endpoint,
    id: &str,
    body: String,
    now: Timestamp,
    timeout: Duration,
) -> Result<u16, Failed> {
    let seconds = now.micros().div_euclid(1_000_000);
    let signed = Webhook::new(&endpoint.secret.shown()).and_then(|key| key.sign(id, seconds, body.as_bytes()));
    let signature = signed.map_err(|e| Failed::to_send(format!("could not be signed: {e}")))?;
    let sent = client
        .post(&endpoint.url)
        .timeout(timeout)
        .header(header::CONTENT_TYPE, "application/json")
        .header(HEADER_WEBHOOK_ID, id)
        .header(HEADER_WEBHOOK_TIMESTAMP, seconds)
        .header(HEADER_WEBHOOK_SIGNATURE, signature)
        .body(body)
        .send()
        .await;
    let answer = sent.map_err(|e| {
        let late = e.is_timeout();
        Failed::to_send(if late { format!("no answer within {} s", timeout.as_secs_f32()) } else { told(&e.without_url()) })
    })?;
    let status = answer.status();
    if status.is_success() {
        return Ok(status.as_u16());
    }
    Err(Failed { status: Some(status.as_u16()), reason: format!("answered {status}"), for_good: false })
}

/// An error with its causes.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
