//! Who sent a request, in which market, and whether they may.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, Path, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use laotie_engine::clock;
use laotie_store::AccessKind;

use crate::access::{is_good, secret_hash};
use crate::app::App;
use crate::market::Market;
use crate::problem::Problem;

/// Name of the session's cookie.
pub(crate) const COOKIE: &str = "laotie_session";

/// Who sent a request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Id of the key or session.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: AccessKind,
    /// The party.
    pub(crate) party: String,
    /// Its roles.
    pub(crate) roles: Vec<String>,
    /// Its label.
    pub(crate) label: String,
}

/// The market that a request is about.
pub(crate) struct InMarket(pub(crate) Arc<Market>);

impl FromRequestParts<App> for InMarket {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let params = match RawPathParams::from_request_parts(parts, app).await {
            Ok(params) => Some(params),
            Err(RawPathParamsRejection::InvalidUtf8InPathParam(error)) => return Err(Problem::bad_question("path", error.to_string())),
            Err(_) => None,
        };
        let named = params.as_ref().and_then(|p| p.iter().find(|(name, _)| *name == "market").map(|(_, value)| value.to_owned()));
        let found = match &named {
            Some(name) => app.markets.get(name),
            None => app.markets.main(),
        };
        found.cloned().map(InMarket).ok_or_else(|| Problem::unknown_market(named.as_deref().unwrap_or("main")))
    }
}

/// What varies in an address, by name; absent in none that the route matched.
pub(crate) struct PathParts(HashMap<String, String>);

impl PathParts {
    /// A part of the address.
    pub(crate) fn get(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

impl FromRequestParts<App> for PathParts {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        found.map(|Path(map)| Self(map)).map_err(|e| Problem::bad_question("path", e.to_string()))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(Problem::not_signed_in)
    }
}

/// The session's secret out of the cookies.
pub(crate) fn session_secret(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split(';').find_map(|c| c.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The key in an `Authorization` header: as `Bearer KEY`, or as the password of `Basic`, which is all that a shop
/// system can send whose webhooks know an address alone (`https://laotie:KEY@…`).
fn key_of(authorization: &str) -> Option<String> {
    let (scheme, rest) = authorization.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(BASE64.decode(rest.trim()).ok()?).ok()?;
    pair.split_once(':').map(|(_, key)| key.to_owned())
}

async fn identify(headers: &HeaderMap, method: &Method, market: &Market) -> Result<Caller, Problem> {
    let key = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(key_of);
    let (kind, secret) = match (&key, session_secret(headers)) {
        (Some(key), _) => (AccessKind::ApiKey, key.as_str()),
        (None, Some(secret)) => (AccessKind::Session, secret),
        (None, None) => return Err(Problem::not_signed_in()),
    };
    let row = market.engine.store().access_by_hash(kind, &secret_hash(secret)).await?;
    let row = row.filter(|r| is_good(r, clock::now())).ok_or_else(Problem::not_signed_in)?;
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if kind == AccessKind::Session && changes && headers.get("x-laotie-csrf").is_none_or(|v| v != "1") {
        return Err(Problem::no_csrf());
    }
    let roles = serde_json::from_str(&row.roles).unwrap_or_default();
    Ok(Caller { id: row.id, kind, party: row.party, roles, label: row.label })
}

/// Lets a request through when its caller may do `action` in its market.
///
/// Keys and sessions of the main market hold in every market of the server.
pub(crate) async fn guard(State(app): State<App>, action: &'static str, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let admitted = admit(&app, action, &mut parts).await;
    match admitted {
        Ok(caller) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, action: &'static str, parts: &mut Parts) -> Result<Caller, Problem> {
    let main = app.markets.main().ok_or_else(|| Problem::unknown_market("main"))?;
    let market = InMarket::from_request_parts(parts, app).await;
    let caller = match identify(&parts.headers, &parts.method, main).await {
        Ok(caller) => caller,
        Err(problem) => match &market {
            Ok(InMarket(market)) if market.name != main.name => identify(&parts.headers, &parts.method, market).await?,
            _ => return Err(problem),
        },
    };
    app.spend(&caller.id)?;
    let name = market.as_ref().map_or("", |m| m.0.name.as_str());
    if !app.policies.allow(&caller.party, &caller.roles, action, name) {
        return Err(Problem::forbidden(action));
    }
    market?;
    Ok(caller)
}
