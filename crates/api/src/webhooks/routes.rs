//! Webhooks over HTTP: made, listed, tried, removed; and the letters that were given up.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{DeadLetter, EndpointStatus, NewEndpoint, Tried, aside};
use crate::caller::{InMarket, PathParts};
use crate::input::{Asked, Given};
use crate::lists::{self, Page};
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// A webhook just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeEndpoint {
    /// The webhook.
    webhook: EndpointStatus,
    /// What signs its letters (`whsec_…`); never shown again.
    secret: String,
}

/// All webhooks and how they are doing.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    responses((status = 200, description = "The webhooks, without their secrets", body = Page<EndpointStatus>)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket) -> Result<Json<Page<EndpointStatus>>, Problem> {
    let webhooks = market.webhooks.clone();
    let items = aside(move || webhooks.statuses()).await?;
    Ok(Json(Page { items, next: None }))
}

/// Make a webhook; its secret is in this answer and nowhere else.
///
/// From now on every decision of the kinds asked for goes there as a letter `{"type", "timestamp", "data"}`, signed as Standard
/// Webhooks has it: `webhook-id` (the same at every try), `webhook-timestamp` and `webhook-signature` (`v1`, HMAC-SHA256). Letters come
/// in the order of the journal. One that is not answered with 2xx within 10 seconds is tried ten times within some seven hours, then it
/// is a dead letter. An endpoint that answers 410 is switched off. Redirects are not followed. Addresses in private networks are
/// allowed, so that whoever may make webhooks can reach what the server can reach.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", operation_id = "create_webhook", request_body = NewEndpoint,
    responses((status = 201, description = "The webhook and its secret", body = MadeEndpoint), (status = 400, description = "Not JSON", body = ProblemBody),
        (status = 415, description = "Not sent as JSON", body = ProblemBody), (status = 422, description = "No such address or kind, or too many webhooks", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn create(
    InMarket(market): InMarket,
    Given(new): Given<NewEndpoint>,
) -> Result<(StatusCode, Json<MadeEndpoint>), Problem> {
    let webhooks = market.webhooks.clone();
    let (webhook, secret) = aside(move || webhooks.add(new)).await?;
    Ok((StatusCode::CREATED, Json(MadeEndpoint { webhook, secret })))
}

/// Remove a webhook with all that waits for it.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "webhooks", operation_id = "remove_webhook", params(("id" = String, Path, description = "The webhook's id")),
    responses((status = 204, description = "Removed"), (status = 404, description = "No such webhook", body = ProblemBody)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn remove(InMarket(market): InMarket, path: PathParts) -> Result<StatusCode, Problem> {
    let (webhooks, id) = (market.webhooks.clone(), path.get("id"));
    aside(move || webhooks.remove(&id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a webhook a test (`webhook.test`), now and once; one that was switched off and answers well is switched on again.
#[utoipa::path(post, path = "/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook", params(("id" = String, Path, description = "The webhook's id")),
    responses((status = 200, description = "What came of it", body = Tried), (status = 404, description = "No such webhook", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn test(InMarket(market): InMarket, path: PathParts) -> Result<Json<Tried>, Problem> {
    Ok(Json(market.webhooks.test(&path.get("id")).await?))
}

/// Which dead letters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeadLetterQuery {
    /// Rows at most; 50 when left out, 500 at most.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Letters that were given up, by webhook, the oldest first; the last 1,000 of each are kept.
#[utoipa::path(get, path = "/webhooks/dead-letters", tag = "webhooks", operation_id = "list_dead_letters", params(DeadLetterQuery),
    responses((status = 200, description = "A page of dead letters", body = Page<DeadLetter>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn dead_letters(
    InMarket(market): InMarket,
    Asked(query): Asked<DeadLetterQuery>,
) -> Result<Json<Page<DeadLetter>>, Problem> {
    let limit = lists::limit(query.limit)?;
    let webhooks = market.webhooks.clone();
    let mut items = aside(move || webhooks.dead_letters()).await?;
    if let Some(after) = &query.after {
        let place = items.iter().position(|dead| dead.id == *after).ok_or_else(|| lists::not_a_next(after))?;
        items.drain(..=place);
    }
    let next = (items.len() > limit).then(|| items[limit - 1].id.clone());
    items.truncate(limit);
    Ok(Json(Page { items, next }))
}

/// Send a dead letter again: it waits behind all others and has all its tries.
#[utoipa::path(post, path = "/webhooks/dead-letters/{id}/retry", tag = "webhooks", operation_id = "retry_dead_letter",
    params(("id" = String, Path, description = "The dead letter's id")),
    responses((status = 204, description = "It waits to be sent"), (status = 404, description = "No such dead letter", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn retry(InMarket(market): InMarket, path: PathParts) -> Result<StatusCode, Problem> {
    let (webhooks, id) = (market.webhooks.clone(), path.get("id"));
    aside(move || webhooks.send_again(&id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
