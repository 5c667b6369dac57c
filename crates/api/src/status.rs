//! How a market is doing: facts in, the lake behind them, imports.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;
use crate::caller::InMarket;
use crate::importing::imports;
use crate::lists::Page;
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::{MarketStatus, MarketSummary};

fn title(market: &Market) -> Value {
    json!({ "zh": market.settings.title_zh, "en": market.settings.title_en })
}

/// How the market is doing.
#[utoipa::path(get, path = "/status", tag = "markets", operation_id = "get_status",
    responses((status = 200, description = "Facts, lake, imports", body = MarketStatus)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn status(InMarket(market): InMarket) -> Result<Json<Value>, Problem> {
    let head = market.engine.store().head().await?;
    let position = market.analytics.position();
    let [first_at, last_at, orders] = market.trade_span().await;
    Ok(Json(json!({
        "market": market.name, "title": title(&market), "kind": market.settings.kind, "currency": market.settings.currency,
        "time_zone": market.settings.time_zone, "version": env!("CARGO_PKG_VERSION"), "facts": head.seq, "last_seen": head.seen,
        "first_at": first_at, "last_at": last_at, "orders": orders, "waiting": market.engine.waiting(),
        "lake": { "position": position, "behind": (head.seq - position).max(0) }, "imports": imports(&market.dir),
    })))
}

/// The markets of this server.
#[utoipa::path(get, path = "/v1/markets", tag = "markets", operation_id = "list_markets",
    responses((status = 200, description = "The markets", body = Page<MarketSummary>)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn markets(State(app): State<App>) -> Json<Page<Value>> {
    let summary = |m: &Market| json!({ "market": m.name, "title": title(m), "kind": m.settings.kind, "currency": m.settings.currency, "time_zone": m.settings.time_zone });
    Json(Page { items: app.markets.iter().map(|m| summary(m)).collect(), next: None })
}
