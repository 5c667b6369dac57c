//! The console, embedded, and the headers that keep it safe.

use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
#[allow_missing = true]
struct Dist;

const MISSING: &str = "<!doctype html><meta charset=utf-8><title>Laotie</title><p>The console was not built into this program: run <code>make run</code>. \
    控制台未随程序构建：请运行 <code>make run</code>。<p><a href=/docs>API</a>";

/// A file of the console; its first page for addresses that the console itself understands.
pub(crate) async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "v1" || path.starts_with("v1/") {
        return Problem::not_found("route", request.uri().path()).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::no_such_method().into_response();
    }
    let (name, file) = match Dist::get(path).filter(|_| !path.is_empty()) {
        Some(file) => (path, Some(file)),
        None if path.starts_with("assets/") => return Problem::not_found("file", request.uri().path()).into_response(),
        None => ("index.html", Dist::get("index.html")),
    };
    let Some(file) = file else { return ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], MISSING).into_response() };
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = file.metadata.mimetype().to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache.to_owned())], file.data.into_owned()).into_response()
}

/// Nothing from elsewhere, nothing framed, nothing guessed.
pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
