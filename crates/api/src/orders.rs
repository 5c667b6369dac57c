//! Orders, with their history, as of any time.

use axum::Json;
use laotie_engine::AsOf;
use laotie_facts::{OrderId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::caller::{InMarket, PathParts};
use crate::facts::as_json;
use crate::input::Asked;
use crate::lists::{Page, PageQuery, listed};
use crate::problem::Problem;
use crate::shapes::{OrderSummary, OrderWithHistory, ProblemBody};

/// All orders, the latest payment first.
#[utoipa::path(get, path = "/orders", tag = "orders", operation_id = "list_orders", params(PageQuery),
    responses((status = 200, description = "A page of orders", body = Page<OrderSummary>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket, Asked(query): Asked<PageQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "orders", "", &query, true).await
}

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AsOfQuery {
    /// Only what had happened by then (RFC 3339).
    #[param(format = DateTime)]
    at: Option<String>,
    /// Only what was known by then (RFC 3339).
    #[param(format = DateTime)]
    seen: Option<String>,
}

fn time(field: &str, text: Option<&String>) -> Result<Option<Timestamp>, Problem> {
    text.map(|t| Timestamp::parse(t).map_err(|e| Problem::bad_question(field, e.to_string()))).transpose()
}

/// One order with its history.
#[utoipa::path(get, path = "/orders/{id}", tag = "orders", operation_id = "get_order",
    params(("id" = String, Path, description = "The order", example = "o-1001"), AsOfQuery),
    responses((status = 200, description = "The order and its history", body = OrderWithHistory),
        (status = 404, description = "No such order then", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, path: PathParts, Asked(query): Asked<AsOfQuery>) -> Result<Json<Value>, Problem> {
    let id = path.get("id");
    let order = OrderId::new(id.clone()).map_err(|e| Problem::bad_question("id", e.reason))?;
    let as_of = AsOf { at: time("at", query.at.as_ref())?, seen: time("seen", query.seen.as_ref())? };
    let view = market.engine.order(&order, as_of).await?.ok_or_else(|| Problem::not_found("order", &id))?;
    let history: Vec<Value> = view.history.iter().map(as_json).collect();
    Ok(Json(json!({ "id": view.id, "order": view.order, "as_of": { "at": as_of.at, "seen": as_of.seen }, "history": history })))
}
