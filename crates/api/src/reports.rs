//! Reports over a whole market: what serving orders costs, and whether the same facts bring the same penalty.

mod consistency;
mod cost;
mod merged;

pub use consistency::{ConsistencyReport, consistency};
pub(crate) use cost::CostsSoFar;
pub use cost::{CostReport, OrderRow, cost_to_serve};

use axum::Json;
use laotie_facts::Currency;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::caller::InMarket;
use crate::input::Asked;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// Which costs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CostQuery {
    /// Only orders of a shop.
    #[param(example = "s-3")]
    shop: Option<String>,
    /// Of amounts; the market's currency when left out.
    currency: Option<String>,
    /// The dearest orders, at most; 20 when left out, 500 at most.
    limit: Option<usize>,
}

/// What serving an order costs: contacts, refunds, compensation, freight and loss by fraud, held against the books to the
/// minor unit; the dearest orders first.
#[utoipa::path(get, path = "/reports/cost-to-serve", tag = "reports", operation_id = "report_cost_to_serve", params(CostQuery),
    responses((status = 200, description = "Costs and the books beside them", body = CostReport), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn cost(InMarket(market): InMarket, Asked(query): Asked<CostQuery>) -> Result<Json<CostReport>, Problem> {
    let code = query.currency.unwrap_or_else(|| market.settings.currency.clone());
    let currency = Currency::new(&code).map_err(|e| Problem::bad_question("currency", e.to_string()))?;
    let limit = query.limit.unwrap_or(20);
    if !(1..=500).contains(&limit) {
        return Err(Problem::bad_question("limit", "from 1 to 500"));
    }
    Ok(Json(cost_to_serve(&market, currency, query.shop.as_deref(), limit).await?))
}

/// Every penalty beside those with the same facts: whoever reviewed, whenever, however large the party.
#[utoipa::path(get, path = "/reports/consistency", tag = "reports", operation_id = "report_consistency",
    responses((status = 200, description = "What was compared and what differs", body = ConsistencyReport)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn same_penalties(InMarket(market): InMarket) -> Result<Json<ConsistencyReport>, Problem> {
    Ok(Json(consistency(&market).await?))
}
