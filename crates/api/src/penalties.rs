//! Conduct: the public board of penalties, the queue of violations, how a party stands, and a shop's badges.

use axum::Json;
use laotie_cases::Stage;
use laotie_conduct::{AsOf, Conduct, Penalty, State, party_key, schedule_for, standing};
use laotie_facts::body::PartyKind;
use laotie_facts::{Calendar, System};
use laotie_store::{StateKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::acting::{now, own};
use crate::caller::{Caller, InMarket, PathParts};
use crate::explain::{Appealable, Because};
use crate::input::Asked;
use crate::lists::{Page, PageQuery, listed};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// A penalty on the public board; the party stands there only when the rules say so.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"actions": [{"action": "warn"}], "anonymous": true, "at": "2026-06-26T03:00:00Z", "clause": "…", "code": "out_of_scope", "party_kind": "shop", "status": "imposed"}))]
pub(crate) struct BoardRow {
    /// What it does.
    #[schema(value_type = Vec<Object>)]
    actions: Value,
    /// Whether the party is not named.
    anonymous: bool,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The clause.
    #[schema(nullable = false)]
    clause: Option<String>,
    /// What was broken.
    code: String,
    /// Of amounts.
    #[schema(nullable = false)]
    currency: Option<String>,
    /// Who, when named.
    #[schema(nullable = false)]
    party: Option<String>,
    /// What the party is.
    party_kind: String,
    /// The penalty, when the party is named.
    #[schema(nullable = false)]
    penalty: Option<String>,
    /// How it stands.
    status: String,
}

/// Penalties that are public, the latest first.
#[utoipa::path(get, path = "/penalties", tag = "conduct", operation_id = "list_penalties", params(PageQuery),
    responses((status = 200, description = "A page of the board", body = Page<BoardRow>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn board(InMarket(market): InMarket, Asked(query): Asked<PageQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "penalty_board", "", &query, true).await
}

/// What a penalty does.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PenaltyDeed {
    /// What, as `suspend_cart`.
    pub action: String,
    /// How much.
    pub amount_minor: Option<i64>,
    /// Points, in the schedule's unit.
    pub points: Option<i64>,
    /// Until when.
    pub until: Option<String>,
}

/// A penalty explained: reasons step by step, what it does, the rules, and the way to appeal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PenaltyExplanation {
    /// The penalty.
    pub penalty: String,
    /// Whom it is on, as `shop/s-3`.
    pub party: String,
    /// From when it counts.
    pub at: String,
    /// `imposed`, `appealed`, `final`, `ended`, `undone`.
    pub status: String,
    /// The case that it was found in.
    pub case: Option<String>,
    /// Of amounts.
    pub currency: Option<String>,
    /// What it does.
    pub actions: Vec<PenaltyDeed>,
    /// Why: the violation and its clause first, then each step of the range.
    pub reasons: Vec<Because>,
    /// The schedule, in the version that decided.
    pub rules: Vec<String>,
    /// How to appeal, while that is possible.
    pub appeal: Option<Appealable>,
}

/// A penalty explained; `None` when there is none of that id.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn explain_penalty(market: &Market, id: &str) -> Result<Option<PenaltyExplanation>, StoreError> {
    let key = format!("penalty/{id}");
    let rows = market.engine.store().states(&[StateKey { system: Conduct::NAME.to_owned(), key: key.clone() }]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let state: State = serde_json::from_str(&row.body).map_err(|e| StoreError::Corrupt { what: key, reason: e.to_string() })?;
    Ok(state.penalty.map(|penalty| explained(id, &penalty)))
}

fn explained(id: &str, penalty: &Penalty) -> PenaltyExplanation {
    let imposed = json!(penalty.imposed);
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let listed = |field: &str| imposed[field].as_array().into_iter().flatten();
    let deed = |a: &Value| PenaltyDeed {
        action: word(&a["action"]).unwrap_or_default(),
        amount_minor: a["amount_minor"].as_i64(),
        points: a["points"].as_i64(),
        until: word(&a["until"]),
    };
    let appeal = match (&penalty.case.stage, penalty.undone_by) {
        (Stage::Decided { appeal_by }, None) => Some(Appealable {
            until: appeal_by.to_string(),
            zh: format!(
                "对处罚不服，可在 {appeal_by} 前申诉，由另一位判责员复核：POST /v1/appeals，against = {id}，against_kind = penalty。"
            ),
            en: format!(
                "It may be appealed against until {appeal_by}; somebody else looks again: POST /v1/appeals with against = {id}, against_kind = penalty."
            ),
        }),
        _ => None,
    };
    PenaltyExplanation {
        penalty: id.to_owned(),
        party: penalty.party(),
        at: penalty.at.to_string(),
        status: penalty.status().to_owned(),
        case: penalty.case_id.clone(),
        currency: word(&imposed["currency"]),
        actions: listed("actions").map(deed).collect(),
        reasons: listed("reasons").map(Because::of).collect(),
        rules: penalty.rules.iter().map(ToString::to_string).collect(),
        appeal,
    }
}

/// One penalty, explained to its party and to staff.
#[utoipa::path(get, path = "/penalties/{id}", tag = "conduct", operation_id = "get_penalty",
    params(("id" = String, Path, description = "The penalty", example = "pen_1")),
    responses((status = 200, description = "The penalty", body = PenaltyExplanation), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such penalty", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<PenaltyExplanation>, Problem> {
    let id = path.get("id");
    let found = explain_penalty(&market, &id).await?.ok_or_else(|| Problem::not_found("penalty", &id))?;
    let (kind, party) = found.party.split_once('/').unwrap_or_default();
    own(&caller, "read_standing", &[(kind, Some(party))])?;
    Ok(Json(found))
}

/// A violation case in the queue.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
pub(crate) struct CaseRow {
    /// The case.
    case: String,
    /// What is suspected.
    code: String,
    /// When it was reported.
    #[schema(format = DateTime)]
    opened_at: String,
    /// How far it has come.
    stage: String,
    /// What is reported.
    target: String,
    /// What that is.
    target_kind: String,
}

/// Violation cases that wait for a reviewer, the oldest first.
#[utoipa::path(get, path = "/cases", tag = "conduct", operation_id = "list_cases", params(PageQuery),
    responses((status = 200, description = "A page of cases", body = Page<CaseRow>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn cases(InMarket(market): InMarket, Asked(query): Asked<PageQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "conduct_queue", "", &query, false).await
}

/// How a party stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartyStanding {
    /// Who, as `shop/s-3`.
    party: String,
    /// Points a ladder, and the next mark.
    #[schema(value_type = Vec<Object>)]
    ladders: Vec<Value>,
    /// Study credits that count.
    credits: i64,
    /// Whether they count no more.
    credits_void: bool,
    /// Stored points for one point.
    points_unit: i64,
    /// What is in force.
    #[schema(value_type = Vec<Object>)]
    running: Vec<Value>,
    /// The year that points count in.
    year: i32,
    /// Penalties, the latest first.
    #[schema(value_type = Vec<Object>)]
    penalties: Vec<Value>,
}

/// How a party stands: points, credits, what is in force and its penalties.
#[utoipa::path(get, path = "/standing/{kind}/{id}", tag = "conduct", operation_id = "get_standing",
    params(("kind" = String, Path, description = "What the party is", example = "shop"), ("id" = String, Path, description = "Who", example = "s-3")),
    responses((status = 200, description = "The standing", body = PartyStanding), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No schedule for such a party", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn party(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<PartyStanding>, Problem> {
    let (kind, id) = (path.get("kind"), path.get("id"));
    own(&caller, "read_standing", &[(kind.as_str(), Some(id.as_str()))])?;
    let party_kind = PartyKind::from_name(&kind).ok_or_else(|| Problem::not_found("kind of party", &kind))?;
    let (now, book) = (now(), market.engine.book());
    let (_, schedule) = schedule_for(&book, party_kind, now).ok_or_else(|| Problem::not_found("schedule of penalties for", &kind))?;
    let key = party_key(party_kind, &id);
    let rows = market.engine.store().states(&[StateKey { system: "conduct".to_owned(), key: key.clone() }]).await?;
    let state: State = match rows.first() {
        Some(row) => serde_json::from_str(&row.body).map_err(|e| StoreError::Corrupt { what: key, reason: e.to_string() })?,
        None => State::default(),
    };
    let ledger = state.party.unwrap_or_default();
    let stands = standing(&ledger, AsOf { at: now, seq: i64::MAX }, &schedule, &Calendar::at(&book, now));
    let page = PageQuery { limit: Some(100), after: None };
    let penalties = listed(&market, "penalties", &format!("{kind}/{id}"), &page, true).await?.0.items;
    Ok(Json(PartyStanding {
        party: format!("{kind}/{id}"),
        ladders: stands
            .ladders
            .iter()
            .map(|l| json!({ "ladder": l.ladder, "points": l.points, "counted": l.counted, "closed": l.closed, "next_mark": l.next_mark }))
            .collect(),
        credits: stands.credits,
        credits_void: stands.credits_void,
        points_unit: stands.points_unit,
        running: stands.running.iter().map(|r| json!({ "action": r.action, "penalty": r.penalty, "until": r.until })).collect(),
        year: stands.year,
        penalties,
    }))
}

/// Of which shop.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BadgeQuery {
    /// The shop.
    #[param(example = "s-3")]
    shop: String,
}

/// A badge of a shop.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"badge": "trust_badge", "lit": true, "seq": 8121, "since": "2026-06-26T18:00:00Z"}))]
pub(crate) struct BadgeRow {
    /// Which.
    badge: String,
    /// Whether it is lit.
    lit: bool,
    /// The fact that lit or unlit it.
    seq: i64,
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
}

/// A shop's badges.
#[utoipa::path(get, path = "/badges", tag = "conduct", operation_id = "list_badges", params(BadgeQuery),
    responses((status = 200, description = "The badges that were ever lit", body = Page<BadgeRow>)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn badges(InMarket(market): InMarket, Asked(query): Asked<BadgeQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "badges", &format!("shop/{}", query.shop), &PageQuery { limit: None, after: None }, false).await
}

/// How a shop stands to a badge.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"badge": "trust_badge", "version": "badges/trust_badge@2022-09-23.1", "lit": false, "holds": false, "conditions": [{"name": "stars_centi", "zh": "评价星级", "en": "stars of reviews, in hundredths", "holds": false, "needed": 440, "value": 431, "fix": {"name": "stars_centi", "missing": 9, "good_events": 12, "zh": "评价星级：当前 431，需要 440", "en": "`stars_centi` is 431, needed is 440"}}]}))]
pub(crate) struct BadgeProgressRow {
    /// Which.
    badge: String,
    /// The version in force.
    version: String,
    /// Whether it is lit.
    lit: bool,
    /// Whether all conditions hold as of yesterday's end.
    holds: bool,
    /// Each condition: value, what is needed, days held of days seen, and the cheapest fix.
    #[schema(value_type = Vec<Object>)]
    conditions: Vec<Value>,
}

/// How a shop stands to every badge: each condition with yesterday's value, and what would mend it.
#[utoipa::path(get, path = "/badges/progress", tag = "conduct", operation_id = "badge_progress", params(BadgeQuery),
    responses((status = 200, description = "Every badge in force", body = Vec<BadgeProgressRow>), (status = 403, description = "Not yours", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn badge_progress(
    InMarket(market): InMarket,
    caller: Caller,
    Asked(query): Asked<BadgeQuery>,
) -> Result<Json<Value>, Problem> {
    own(&caller, "read_standing", &[("shop", Some(query.shop.as_str()))])?;
    let key = format!("shop/{}", query.shop);
    let rows = market.engine.store().states(&[StateKey { system: laotie_guarantees::NAME.to_owned(), key: key.clone() }]).await?;
    let state: Option<laotie_guarantees::State> = match rows.first() {
        Some(row) => Some(serde_json::from_str(&row.body).map_err(|e| StoreError::Corrupt { what: key, reason: e.to_string() })?),
        None => None,
    };
    let shop = match state {
        Some(laotie_guarantees::State::Shop(shop)) => *shop,
        _ => laotie_guarantees::ShopState::default(),
    };
    Ok(Json(json!(laotie_guarantees::badge_progress(&market.engine.book(), &shop, now()))))
}
