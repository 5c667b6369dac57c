//! Health, measures and documentation.

use std::sync::LazyLock;
use std::time::Duration;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use laotie_engine::clock::Stopwatch;
use laotie_facts::{Kind, schema_of};
use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};
use serde_json::{Value, json};

use crate::app::App;
use crate::caller::PathParts;
use crate::problem::{PROBLEMS, Problem};
use crate::refusals::REFUSALS;
use crate::shapes::{ProblemBody, Readiness};

/// How long a store may take to say that it is there.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// Whether the server lives.
#[utoipa::path(get, path = "/healthz", tag = "service", operation_id = "health", responses((status = 200, description = "It lives", body = String, content_type = "text/plain")))]
pub(crate) async fn health() -> &'static str {
    "ok"
}

/// Whether the server can work: every market's store answers.
#[utoipa::path(get, path = "/readyz", tag = "service", operation_id = "readiness",
    responses((status = 200, description = "It can work", body = Readiness), (status = 503, description = "A store does not answer", body = Readiness)))]
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let mut all = true;
    let mut markets = serde_json::Map::new();
    for market in app.markets.iter() {
        let head = tokio::time::timeout(READY_WITHIN, market.engine.store().head()).await;
        let lake = head.ok().and_then(Result::ok).map(|head| {
            let position = market.analytics.position();
            json!({ "position": position, "behind": (head.seq - position).max(0) })
        });
        all &= lake.is_some();
        markets.insert(market.name.clone(), json!({ "store": if lake.is_some() { "ready" } else { "no answer" }, "lake": lake }));
    }
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": all, "markets": markets }))).into_response()
}

/// A Prometheus recorder that sorts what this program measures into buckets.
///
/// # Errors
/// Never in practice: the buckets are not empty.
pub fn prometheus_builder() -> Result<PrometheusBuilder, BuildError> {
    let seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0];
    let facts = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0];
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &seconds)?
        .set_buckets_for_metric(Matcher::Full("laotie_batch_facts".to_owned()), &facts)
}

/// Says what is measured.
pub(crate) fn describe_measures() {
    describe_counter!("laotie_facts_total", "Facts that came, by outcome");
    describe_counter!("laotie_rows_committed_total", "Rows written into the store");
    describe_histogram!("laotie_batch_facts", "Facts in a group commit");
    describe_histogram!("laotie_batch_seconds", "Seconds that a group commit took");
    describe_gauge!("laotie_facts_waiting", "Facts that wait to be recorded");
    describe_gauge!("laotie_lake_position", "The journal row up to which the lake holds all");
    describe_gauge!("laotie_lake_behind", "Journal rows that the lake lacks");
    describe_counter!("laotie_http_requests_total", "Requests, by method, route and status");
    describe_histogram!("laotie_http_seconds", "Seconds until a request was answered, by method and route");
}

/// What the program measures, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "service", operation_id = "measures",
    responses((status = 200, description = "Prometheus text", body = String, content_type = "text/plain")), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn measures(State(app): State<App>) -> Response {
    for market in app.markets.iter() {
        let gauge = |n: i64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let position = market.analytics.position();
        let behind = *market.engine.journal_grew().borrow() - position;
        let waiting = i64::try_from(market.engine.waiting()).unwrap_or(i64::MAX);
        metrics::gauge!("laotie_facts_waiting", "market" => market.name.clone()).set(gauge(waiting));
        metrics::gauge!("laotie_lake_position", "market" => market.name.clone()).set(gauge(position));
        metrics::gauge!("laotie_lake_behind", "market" => market.name.clone()).set(gauge(behind.max(0)));
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.prometheus.render()).into_response()
}

/// The OpenAPI document.
#[utoipa::path(get, path = "/openapi.json", tag = "service", operation_id = "openapi", responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(crate) async fn document() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| crate::openapi::openapi().to_json().expect("a document of plain values"));
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

/// JSON Schema of every kind of fact.
#[utoipa::path(get, path = "/schema", tag = "facts", operation_id = "list_schemas",
    responses((status = 200, description = "All schemas", body = crate::lists::Page<Object>)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn schemas() -> Json<Value> {
    Json(json!({ "items": laotie_facts::schemas(), "next": null }))
}

/// JSON Schema of one kind of fact.
#[utoipa::path(get, path = "/schema/{kind}", tag = "facts", operation_id = "get_schema",
    params(("kind" = String, Path, description = "The kind of fact", example = "order.paid")),
    responses((status = 200, description = "The schema", body = Object), (status = 404, description = "No such kind", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn schema(path: PathParts) -> Result<Json<Value>, Problem> {
    let name = path.get("kind");
    Kind::from_name(&name).map(|kind| Json(schema_of(kind))).ok_or_else(|| Problem::not_found("kind of fact", &name))
}

/// What a type of problem means and what to do, in English and Chinese.
#[utoipa::path(get, path = "/problems/{name}", tag = "service", operation_id = "explain_problem",
    params(("name" = String, Path, description = "The last part of a problem's type, or the problem in a receipt", example = "not-signed-in")),
    responses((status = 200, description = "A page", body = String, content_type = "text/html"), (status = 404, description = "No such problem", body = ProblemBody)))]
pub(crate) async fn problem_page(path: PathParts) -> Result<Html<String>, Problem> {
    let name = path.get("name");
    let found = PROBLEMS.iter().chain(REFUSALS).find(|p| p.name == name).ok_or_else(|| Problem::not_found("problem", &name))?;
    let refusal = REFUSALS.iter().any(|r| r.name == name);
    let http = format!("HTTP {}", found.status);
    let (where_en, where_zh) =
        if refusal { ("in the receipt of a refused fact", "见被拒事实的回执") } else { (http.as_str(), http.as_str()) };
    Ok(Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{name} · Laotie</title>\
         <style>body{{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}}h1{{font-size:1.4rem}}code{{color:#667}}</style>\
         <section lang=en><h1>{}</h1><p><code>/problems/{name}</code> · {where_en}</p><p>{}</p></section>\
         <section lang=zh><h1>{}</h1><p><code>/problems/{name}</code> · {where_zh}</p><p>{}</p></section></html>",
        found.title, found.way_out, found.title_zh, found.way_out_zh
    )))
}

/// Counts requests and their seconds by route.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    // A label takes no value that a sender makes up.
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let method = known.iter().find(|m| *m == request.method()).map_or("other", Method::as_str).to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |p| p.as_str().to_owned());
    let watch = Stopwatch::start();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("laotie_http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("laotie_http_seconds", "method" => method, "route" => route).record(watch.seconds());
    response
}
