//! What comes with a request, read so that every mistake in it is told as a problem.

use std::error::Error;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::BytesMut;
use futures::StreamExt;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::problem::Problem;

/// Largest body of anything but facts.
pub(crate) const SMALL_BODY: usize = 1 << 20;

/// The question after `?`, typed. Unknown parts are refused, for a misspelt filter would answer another question.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, app).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => Err(Problem::bad_question("query", cause(&error))),
        }
    }
}

/// What an extractor's error wraps, which alone speaks of what was sent.
fn cause(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A JSON body, typed; sent as `application/json`, which no form of another site can do.
pub(crate) struct Given<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let kind = content_type(request.headers());
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(Problem::wrong_media_type(kind));
        }
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, SMALL_BODY).await?;
        match Json::from_bytes(&bytes) {
            Ok(Json(given)) => Ok(Self(given)),
            Err(JsonRejection::JsonDataError(error)) => Err(Problem::bad_question("body", cause(&error))),
            Err(error) => Err(Problem::not_json(cause(&error))),
        }
    }
}

/// The media type of a body without its parameters; empty when none was named.
pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    let named = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    named.split(';').next().unwrap_or("").trim()
}

/// A whole body of at most `limit` bytes.
///
/// # Errors
/// `body-too-large`, at once where the length was announced; `not-json` when it breaks off.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    announced(headers, limit)?;
    let mut parts = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|e| Problem::not_json(format!("the body broke off: {e}")))?;
        if whole.len() + part.len() > limit {
            return Err(Problem::body_too_large(limit));
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.freeze())
}

/// Refuses a body whose announced length is past the limit, before any of it is read.
pub(crate) fn announced(headers: &HeaderMap, limit: usize) -> Result<(), Problem> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    match length {
        Some(length) if usize::try_from(length).is_ok_and(|l| l <= limit) => Ok(()),
        Some(_) => Err(Problem::body_too_large(limit)),
        None => Ok(()),
    }
}
