//! Numbers with their definitions, and questions in SQL.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use laotie_analytics::{AnalyticsError, MetricAnswer, MetricDefinition, MetricQuery, SqlAnswer};
use laotie_facts::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::caller::{InMarket, PathParts};
use crate::input::{Asked, Given};
use crate::lists::Page;
use crate::problem::Problem;
use crate::shapes::{self, ProblemBody};

/// Rows of an SQL answer when nothing is asked for, and at most.
const ROWS: usize = 1_000;
const ROWS_MAX: usize = 100_000;

/// Longest that a question may take.
const TIME_MAX: Duration = Duration::from_mins(1);

/// An answer, or the problem that it takes too long; a question that is left stops.
async fn in_time<T>(answer: impl Future<Output = Result<T, AnalyticsError>>) -> Result<T, Problem> {
    match tokio::time::timeout(TIME_MAX, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Problem::too_slow(TIME_MAX)),
    }
}

/// Every metric: names, definition, version, owner, maturity, SQL.
#[utoipa::path(get, path = "/metrics", tag = "metrics", operation_id = "list_metrics",
    responses((status = 200, description = "The registry", body = Page<shapes::MetricDefinition>)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket) -> Json<Page<Arc<MetricDefinition>>> {
    Json(Page { items: market.analytics.metrics(), next: None })
}

/// What is asked of a metric.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MetricParams {
    /// First day, `YYYY-MM-DD`; the data's first when left out.
    #[param(format = Date, example = "2026-06-01")]
    from: Option<String>,
    /// Day after the last; the day after the data's last when left out.
    #[param(format = Date, example = "2026-07-01")]
    to: Option<String>,
    /// Dimensions, separated by commas.
    #[param(example = "month")]
    by: Option<String>,
    /// A condition in CEL over the metric's columns.
    #[serde(rename = "where")]
    filter: Option<String>,
    /// Only facts heard of by then (RFC 3339).
    as_of: Option<String>,
    /// Rows at most; 10,000 when left out, 100,000 at most.
    limit: Option<usize>,
}

/// One metric: rows, with definition, version and maturity.
#[utoipa::path(get, path = "/metrics/{id}", tag = "metrics", operation_id = "ask_metric",
    params(("id" = String, Path, description = "The metric", example = "gmv"), MetricParams),
    responses((status = 200, description = "The answer", body = shapes::MetricAnswer), (status = 404, description = "No such metric", body = ProblemBody),
        (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(
    InMarket(market): InMarket,
    path: PathParts,
    Asked(params): Asked<MetricParams>,
) -> Result<Json<Arc<MetricAnswer>>, Problem> {
    let as_of =
        params.as_of.as_deref().map(|t| Timestamp::parse(t).map_err(|e| Problem::bad_question("as_of", e.to_string()))).transpose()?;
    let by = params.by.iter().flat_map(|b| b.split(',')).map(str::trim).filter(|d| !d.is_empty()).map(str::to_owned).collect();
    let query =
        MetricQuery { from: params.from, to: params.to, by, filter: params.filter, as_of, limit: params.limit.map(|l| l.min(ROWS_MAX)) };
    let id = path.get("id");
    Ok(Json(in_time(market.analytics.metric(&id, &query)).await?))
}

/// A question in SQL.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"query": "select region, count(*) from orders group by 1 order by 2 desc", "limit": 10}))]
pub(crate) struct SqlQuestion {
    /// A select over the tables of facts and the views `orders`, `lines`, `buyers`, `shows`, `facts`.
    query: String,
    /// Rows at most; 1,000 when left out, 100,000 at most.
    limit: Option<usize>,
}

/// Ask the lake in SQL, read-only.
#[utoipa::path(post, path = "/sql", tag = "metrics", operation_id = "ask_sql", request_body = SqlQuestion,
    responses((status = 200, description = "Columns and rows", body = shapes::SqlAnswer), (status = 400, description = "Not JSON", body = ProblemBody),
        (status = 415, description = "Not sent as JSON", body = ProblemBody), (status = 422, description = "Not a question, or a wrong one", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn sql(InMarket(market): InMarket, Given(question): Given<SqlQuestion>) -> Result<Json<SqlAnswer>, Problem> {
    let limit = question.limit.unwrap_or(ROWS).min(ROWS_MAX);
    Ok(Json(in_time(market.analytics.sql(&question.query, limit)).await?))
}
