//! Signing in and out of the console.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laotie_store::AccessKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::sign_in as exchange;
use crate::app::App;
use crate::caller::{COOKIE, Caller, InMarket};
use crate::input::Given;
use crate::problem::Problem;
use crate::routes::actions;
use crate::shapes::ProblemBody;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Who {
    /// The party.
    party: String,
    /// Its roles.
    roles: Vec<String>,
    /// What the key or session is called.
    label: String,
    /// What the roles permit in this market, so that a screen offers nothing else.
    #[schema(value_type = Vec<String>)]
    actions: Vec<&'static str>,
}

/// A one-time sign-in link's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "li_…"}))]
pub(crate) struct SignIn {
    /// As in the link's address.
    token: String,
}

/// Who am I?
#[utoipa::path(get, path = "/session", tag = "access", operation_id = "who_am_i", responses((status = 200, description = "Who is signed in", body = Who)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn who(State(app): State<App>, InMarket(market): InMarket, caller: Caller) -> Json<Who> {
    let actions = permitted(&app, &caller.party, &caller.roles, &market.name);
    Json(Who { party: caller.party, roles: caller.roles, label: caller.label, actions })
}

fn permitted(app: &App, party: &str, roles: &[String], market: &str) -> Vec<&'static str> {
    actions().iter().copied().filter(|action| app.policies.allow(party, roles, action, market)).collect()
}

/// Change a one-time link for a session (a cookie, good for 30 days).
#[utoipa::path(post, path = "/session", tag = "access", operation_id = "sign_in", request_body = SignIn,
    responses((status = 200, description = "Signed in", body = Who), (status = 400, description = "Not JSON", body = ProblemBody),
        (status = 401, description = "The link was used or is too old", body = ProblemBody), (status = 415, description = "Not sent as JSON", body = ProblemBody)))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    InMarket(market): InMarket,
    Given(sign_in): Given<SignIn>,
) -> Result<Response, Problem> {
    let main = app.markets.main().unwrap_or(&market);
    let (row, secret) = exchange(main.engine.store().as_ref(), &sign_in.token).await?.ok_or_else(Problem::link_used)?;
    let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000");
    let cookie = HeaderValue::from_str(&cookie).map_err(|e| Problem::internal(&e))?;
    let roles: Vec<String> = serde_json::from_str(&row.roles).unwrap_or_default();
    let actions = permitted(&app, &row.party, &roles, &market.name);
    let who = Who { party: row.party, roles, label: row.label, actions };
    Ok(([(header::SET_COOKIE, cookie)], Json(who)).into_response())
}

/// End the session.
#[utoipa::path(delete, path = "/session", tag = "access", operation_id = "sign_out", responses((status = 204, description = "Signed out")), security(("session" = [])))]
pub(crate) async fn sign_out(State(app): State<App>, InMarket(market): InMarket, caller: Caller) -> Result<Response, Problem> {
    if caller.kind == AccessKind::Session {
        let main = app.markets.main().unwrap_or(&market);
        main.engine.store().access_remove(AccessKind::Session, &caller.id).await?;
    }
    let gone = HeaderValue::from_static("laotie_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}
