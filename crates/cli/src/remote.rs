//! A running server, asked over HTTP.

use reqwest::{Client, Response};
use serde_json::Value;

use crate::globals::Globals;
use crate::output::Failure;

/// A market on a running server.
pub(crate) struct Remote {
    client: Client,
    server: String,
    base: String,
    key: Option<String>,
}

impl Remote {
    /// The server that the options name.
    pub(crate) fn new(globals: &Globals, server: &str) -> Self {
        let base = format!("{}/v1/markets/{}", server.trim_end_matches('/'), globals.market());
        Self { client: Client::new(), server: server.trim_end_matches('/').to_owned(), base, key: globals.api_key.clone() }
    }

    fn signed(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// Asks.
    pub(crate) async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Failure> {
        answer(self.signed(self.client.get(format!("{}{path}", self.base)).query(query)).send().await).await
    }

    /// The markets of the server.
    pub(crate) async fn markets(&self) -> Result<Value, Failure> {
        answer(self.signed(self.client.get(format!("{}/v1/markets", self.server))).send().await).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, body: String, content_type: &str) -> Result<Value, Failure> {
        answer(
            self.signed(self.client.post(format!("{}{path}", self.base)).header("content-type", content_type.to_owned()).body(body))
                .send()
                .await,
        )
        .await
    }

    /// Removes.
    pub(crate) async fn delete(&self, path: &str) -> Result<Value, Failure> {
        answer(self.signed(self.client.delete(format!("{}{path}", self.base))).send().await).await
    }
}

async fn answer(sent: Result<Response, reqwest::Error>) -> Result<Value, Failure> {
    let response = sent.map_err(|e| Failure::failed(anyhow::anyhow!("the server does not answer: {e}")))?;
    let status = response.status();
    let text = response.text().await.map_err(|e| Failure::failed(e.into()))?;
    if status.is_success() && text.is_empty() {
        return Ok(Value::Null);
    }
    if status.is_success() {
        return serde_json::from_str(&text).map_err(|e| Failure::failed(anyhow::anyhow!("the server's answer is not JSON: {e}")));
    }
    let problem: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    let detail = problem["detail"].as_str().unwrap_or(&text).to_owned();
    let error = anyhow::anyhow!("{} ({status}): {detail}", problem["title"].as_str().unwrap_or("the server says no"));
    Err(if status.is_client_error() { Failure::usage(error) } else { Failure::failed(error) })
}
