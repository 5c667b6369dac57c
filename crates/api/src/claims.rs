//! Claims: taken in, answered, looked at, appealed, and explained in full.

use axum::Json;
use laotie_conduct::Conduct;
use laotie_facts::{Kind, System};
use laotie_guarantees::{ClaimState, State, card_of_order};
use laotie_store::{StateKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::acting::{Done, act_as, is_staff, new_id, own};
use crate::caller::{Caller, InMarket, PathParts};
use crate::explain::{CodedClaim, Explanation, explain};
use crate::facts::as_json;
use crate::input::{Asked, Given};
use crate::lists::{Page, PageQuery, listed};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// Rows of a claim's history at most.
const HISTORY: usize = 500;

/// Whose claims.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ClaimQuery {
    /// Only those of a shop.
    #[param(example = "s-3")]
    shop: Option<String>,
    /// Only those of a buyer.
    buyer: Option<String>,
    /// Rows at most; 50 when left out, 500 at most.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A claim in the queue.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"claim": "clm-1", "order": "o-1001", "buyer": "b-7", "shop": "s-3", "guarantee": "counterfeit_multiple", "reason": "counterfeit", "wish": "compensation", "stage": "open", "turn": "merchant", "due": "2026-06-22T16:00:00Z", "at_risk_minor": 283_800, "currency": "CNY", "opened_at": "2026-06-15T02:00:00Z"}))]
pub(crate) struct ClaimRow {
    /// The case.
    claim: String,
    /// The order.
    order: String,
    /// Who claims.
    #[schema(nullable = false)]
    buyer: Option<String>,
    /// Against whom.
    shop: String,
    /// Under which guarantee; none for a plain dispute.
    #[schema(nullable = false)]
    guarantee: Option<String>,
    /// Why.
    reason: String,
    /// What is asked for.
    wish: String,
    /// How far it has come.
    stage: String,
    /// Whose turn it is.
    turn: String,
    /// The next clock.
    #[schema(format = DateTime, nullable = false)]
    due: Option<String>,
    /// The most that a ruling can award.
    at_risk_minor: i64,
    /// Of the amount.
    currency: String,
    /// When it was opened.
    #[schema(format = DateTime)]
    opened_at: String,
    /// How it was decided last.
    #[schema(nullable = false)]
    outcome: Option<String>,
    /// Whether the rules opened it themselves.
    #[schema(nullable = false)]
    automatic: Option<bool>,
}

/// Claims by the next clock, then by money at risk: all open ones, or every one of a shop or a buyer.
#[utoipa::path(get, path = "/claims", tag = "claims", operation_id = "list_claims", params(ClaimQuery),
    responses((status = 200, description = "A page of claims", body = Page<ClaimRow>), (status = 403, description = "Not yours", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(
    InMarket(market): InMarket,
    caller: Caller,
    Asked(query): Asked<ClaimQuery>,
) -> Result<Json<Page<Value>>, Problem> {
    let owner = match (&query.shop, &query.buyer) {
        (Some(shop), None) => format!("shop/{shop}"),
        (None, Some(buyer)) => format!("buyer/{buyer}"),
        (None, None) if is_staff(&caller) => String::new(),
        (None, None) => return Err(Problem::bad_question("shop", "name your shop or yourself as buyer; all claims are for staff")),
        (Some(_), Some(_)) => return Err(Problem::bad_question("shop", "name a shop or a buyer, not both")),
    };
    own(&caller, "read_claims", &[("shop", query.shop.as_deref()), ("buyer", query.buyer.as_deref())])?;
    listed(&market, "claims", &owner, &PageQuery { limit: query.limit, after: query.after }, false).await
}

/// A state of the guarantees.
async fn state(market: &Market, key: String) -> Result<Option<State>, StoreError> {
    let what = key.clone();
    let rows = market.engine.store().states(&[StateKey { system: laotie_guarantees::NAME.to_owned(), key }]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    serde_json::from_str(&row.body).map(Some).map_err(|e| StoreError::Corrupt { what, reason: e.to_string() })
}

async fn found(market: &Market, id: &str) -> Result<Option<ClaimState>, StoreError> {
    match state(market, format!("claim/{id}")).await? {
        Some(State::Claim(claim)) => Ok(Some(*claim)),
        _ => Ok(None),
    }
}

/// The two parties of a claim.
fn parties(claim: &ClaimState) -> [(&'static str, Option<&str>); 2] {
    [("buyer", claim.buyer.as_deref()), ("shop", Some(claim.shop.as_str()))]
}

pub(crate) async fn claim_state(market: &Market, id: &str) -> Result<ClaimState, Problem> {
    found(market, id).await?.ok_or_else(|| Problem::not_found("claim", id))
}

/// A claim explained, and the rows of its history; `None` when there is no such claim.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn explain_claim(market: &Market, id: &str) -> Result<Option<(Explanation, Vec<Value>)>, StoreError> {
    let Some(claim) = found(market, id).await? else { return Ok(None) };
    explained(market, id, &claim).await.map(Some)
}

/// A claim with its history and what it comes to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimView {
    /// The case.
    claim: String,
    /// How it stands.
    #[schema(value_type = Object)]
    state: Value,
    /// Clause, facts, arithmetic, postings, deadlines and the way to appeal.
    explanation: Explanation,
    /// All that happened to it, in order.
    #[schema(value_type = Vec<Object>)]
    history: Vec<Value>,
}

/// One claim, explained in full to its parties and to staff.
#[utoipa::path(get, path = "/claims/{id}", tag = "claims", operation_id = "get_claim",
    params(("id" = String, Path, description = "The claim", example = "clm-1")),
    responses((status = 200, description = "The claim", body = ClaimView), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such claim", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<ClaimView>, Problem> {
    let id = path.get("id");
    let claim = claim_state(&market, &id).await?;
    own(&caller, "read_claims", &parties(&claim))?;
    let (explanation, history) = explained(&market, &id, &claim).await?;
    Ok(Json(ClaimView { claim: id, state: json!(claim), explanation, history }))
}

/// How a claim ended, coded for the public: reasons and clauses, without parties, money, facts or anybody's words.
#[utoipa::path(get, path = "/claims/{id}/public", tag = "claims", operation_id = "get_claim_public",
    params(("id" = String, Path, description = "The claim", example = "clm-1")),
    responses((status = 200, description = "The claim, coded", body = CodedClaim), (status = 404, description = "No such claim", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn public(InMarket(market): InMarket, path: PathParts) -> Result<Json<CodedClaim>, Problem> {
    let id = path.get("id");
    let (explanation, _) = explain_claim(&market, &id).await?.ok_or_else(|| Problem::not_found("claim", &id))?;
    Ok(Json(CodedClaim::from(&explanation)))
}

async fn explained(market: &Market, id: &str, claim: &ClaimState) -> Result<(Explanation, Vec<Value>), StoreError> {
    let rows = market.engine.store().history(&format!("claim/{id}"), 0, HISTORY).await?;
    Ok((explain(id, claim, &rows, &market.engine.book()), rows.iter().map(as_json).collect()))
}

/// The trust card that an order carries.
#[utoipa::path(get, path = "/orders/{id}/card", tag = "claims", operation_id = "get_order_card",
    params(("id" = String, Path, description = "The order", example = "o-1001")),
    responses((status = 200, description = "What is promised, who pays, until when", body = Object), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such order", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn card(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<Value>, Problem> {
    let id = path.get("id");
    let Some(State::Order(order)) = state(&market, format!("order/{id}")).await? else { return Err(Problem::not_found("order", &id)) };
    own(&caller, "read_claims", &[("buyer", order.buyer.as_deref()), ("shop", Some(order.shop.as_str()))])?;
    let book = market.engine.book();
    Ok(Json(json!({ "order": id, "card": card_of_order(&book, &order), "state": order })))
}

/// A claim to be taken in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"order": "o-1001", "reason": "counterfeit", "wish": "compensation", "guarantee": "counterfeit_multiple", "statement": "没有防伪码"}))]
pub(crate) struct NewClaim {
    /// The claim's id; made up when absent.
    claim: Option<String>,
    /// The order.
    order: String,
    /// Who claims; the caller when absent.
    buyer: Option<String>,
    /// Why.
    reason: String,
    /// What is asked for.
    wish: String,
    /// Under which guarantee; the best that fits when absent.
    guarantee: Option<String>,
    /// How much; all that the terms give when absent.
    amount_minor: Option<i64>,
    /// Of the amount; the market's when absent.
    currency: Option<String>,
    /// Which lines; all when empty.
    #[serde(default)]
    lines: Vec<String>,
    /// Evidence given before, by id.
    #[serde(default)]
    evidence: Vec<String>,
    /// The return that it goes with.
    r#return: Option<String>,
    /// What the buyer says.
    statement: Option<String>,
}

/// Open a claim. It is taken in under the terms that the order carries, or the answer says which clause stands against it.
#[utoipa::path(post, path = "/claims", tag = "claims", operation_id = "open_claim", request_body = NewClaim,
    responses((status = 200, description = "Taken in", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 409, description = "It cannot be taken in", body = ProblemBody), (status = 422, description = "The claim is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn open(InMarket(market): InMarket, caller: Caller, Given(new): Given<NewClaim>) -> Result<Json<Done>, Problem> {
    let buyer = new.buyer.clone().unwrap_or_else(|| caller.party.clone());
    own(&caller, "open_claims", &[("buyer", Some(buyer.as_str()))])?;
    let claim = new.claim.clone().unwrap_or_else(|| new_id("clm-"));
    let mut body = json!({ "claim": claim, "order": new.order, "buyer": buyer, "reason": new.reason, "wish": new.wish });
    if let Some(amount) = new.amount_minor {
        body["amount_minor"] = json!(amount);
        body["currency"] = json!(new.currency.clone().unwrap_or_else(|| market.settings.currency.clone()));
    }
    for (field, value) in [("guarantee", &new.guarantee), ("return", &new.r#return), ("statement", &new.statement)] {
        if let Some(value) = value {
            body[field] = json!(value);
        }
    }
    for (field, list) in [("lines", &new.lines), ("evidence", &new.evidence)] {
        if !list.is_empty() {
            body[field] = json!(list);
        }
    }
    act_as(&market, &caller, Kind::ClaimOpened, &body, &format!("{claim}/opened")).await.map(Json)
}

/// What a merchant answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "refuse", "code": "used_goods", "statement": "the seal is broken"}))]
#[expect(clippy::struct_field_names, reason = "the public field is `answer`, as in the fact")]
pub(crate) struct Answer {
    /// `agree`, `offer` or `refuse`.
    answer: String,
    /// What it offers.
    offer_minor: Option<i64>,
    /// Why it refuses, as the market names refusals.
    code: Option<String>,
    /// Evidence given before, by id.
    #[serde(default)]
    evidence: Vec<String>,
    /// What it says.
    statement: Option<String>,
}

/// Answer a claim, as the merchant.
#[utoipa::path(post, path = "/claims/{id}/answer", tag = "claims", operation_id = "answer_claim", request_body = Answer,
    params(("id" = String, Path, description = "The claim", example = "clm-1")),
    responses((status = 200, description = "Answered", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such claim", body = ProblemBody), (status = 409, description = "It cannot be answered so", body = ProblemBody), (status = 422, description = "The answer is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn answer(
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    Given(answer): Given<Answer>,
) -> Result<Json<Done>, Problem> {
    let id = path.get("id");
    let claim = claim_state(&market, &id).await?;
    own(&caller, "answer_claims", &[("shop", Some(claim.shop.as_str()))])?;
    let mut body = json!({ "claim": id, "answer": answer.answer });
    if let Some(offer) = answer.offer_minor {
        body["offer_minor"] = json!(offer);
        body["currency"] = json!(claim.currency.code());
    }
    for (field, value) in [("code", &answer.code), ("statement", &answer.statement)] {
        if let Some(value) = value {
            body[field] = json!(value);
        }
    }
    if !answer.evidence.is_empty() {
        body["evidence"] = json!(answer.evidence);
    }
    act_as(&market, &caller, Kind::ClaimAnswered, &body, &format!("{id}/answered")).await.map(Json)
}

/// Take what the merchant offered, as the buyer.
#[utoipa::path(post, path = "/claims/{id}/accept", tag = "claims", operation_id = "accept_offer",
    params(("id" = String, Path, description = "The claim", example = "clm-1")),
    responses((status = 200, description = "Accepted", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such claim", body = ProblemBody), (status = 409, description = "There is nothing to accept", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn accept(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<Done>, Problem> {
    let id = path.get("id");
    let claim = claim_state(&market, &id).await?;
    own(&caller, "open_claims", &[("buyer", claim.buyer.as_deref())])?;
    act_as(&market, &caller, Kind::ClaimAccepted, &json!({ "claim": id }), &format!("{id}/accepted")).await.map(Json)
}

/// Take a claim back, as the buyer.
#[utoipa::path(post, path = "/claims/{id}/withdraw", tag = "claims", operation_id = "withdraw_claim",
    params(("id" = String, Path, description = "The claim", example = "clm-1")),
    responses((status = 200, description = "Taken back", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such claim", body = ProblemBody), (status = 409, description = "It cannot be taken back", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn withdraw(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<Done>, Problem> {
    let id = path.get("id");
    let claim = claim_state(&market, &id).await?;
    own(&caller, "open_claims", &[("buyer", claim.buyer.as_deref())])?;
    act_as(&market, &caller, Kind::ClaimWithdrawn, &json!({ "claim": id }), &format!("{id}/withdrawn")).await.map(Json)
}

/// What a reviewer finds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": "uphold", "liability": "merchant", "clauses": ["counterfeit_multiple"], "statement": "the laboratory found a counterfeit"}))]
pub(crate) struct Look {
    /// `uphold`, `uphold_in_part`, `reject`, `ask_evidence`, `ask_jury` or `escalate`.
    outcome: String,
    /// How much is to be paid; all that the terms give when absent.
    amount_minor: Option<i64>,
    /// Who is answerable.
    liability: Option<String>,
    /// Clauses that it rests on.
    #[serde(default)]
    clauses: Vec<String>,
    /// Evidence that it rests on.
    #[serde(default)]
    evidence: Vec<String>,
    /// What was found, as the rules name it.
    #[serde(default)]
    findings: Vec<String>,
    /// The appeal that it answers.
    appeal: Option<String>,
    /// Why, in words.
    statement: Option<String>,
}

/// Decide a case, as a reviewer. An appeal is decided by somebody else than before.
#[utoipa::path(post, path = "/cases/{id}/review", tag = "claims", operation_id = "review_case", request_body = Look,
    params(("id" = String, Path, description = "The claim or violation case", example = "clm-1")),
    responses((status = 200, description = "Recorded", body = Done), (status = 409, description = "It cannot be decided so", body = ProblemBody), (status = 422, description = "The decision is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn review(
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    Given(look): Given<Look>,
) -> Result<Json<Done>, Problem> {
    let id = path.get("id");
    let claim = state(&market, format!("claim/{id}")).await?;
    let mut body = json!({ "case": id, "outcome": look.outcome, "reviewer": caller.party });
    if let Some(State::Claim(claim)) = &claim {
        body["claim"] = json!(id);
        if look.amount_minor.is_some() {
            body["currency"] = json!(claim.currency.code());
        }
    } else if look.amount_minor.is_some() {
        body["currency"] = json!(market.settings.currency);
    }
    if let Some(amount) = look.amount_minor {
        body["amount_minor"] = json!(amount);
    }
    for (field, value) in [("liability", &look.liability), ("appeal", &look.appeal), ("statement", &look.statement)] {
        if let Some(value) = value {
            body[field] = json!(value);
        }
    }
    for (field, list) in [("clauses", &look.clauses), ("evidence", &look.evidence), ("findings", &look.findings)] {
        if !list.is_empty() {
            body[field] = json!(list);
        }
    }
    act_as(&market, &caller, Kind::CaseReviewed, &body, &new_id(&format!("{id}/review/"))).await.map(Json)
}

/// An appeal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"against": "clm-1", "against_kind": "ruling", "statement": "the laboratory is not accredited"}))]
pub(crate) struct NewAppeal {
    /// The decision's id: a claim, ruling, violation, penalty, or a buyer for standing.
    against: String,
    /// What was decided: `ruling`, `violation`, `penalty`, `standing`, …
    against_kind: String,
    /// For whom; the caller when absent.
    appellant: Option<String>,
    /// On which side: `buyer`, `merchant`, …
    side: Option<String>,
    /// Evidence given before, by id.
    #[serde(default)]
    evidence: Vec<String>,
    /// What the appellant says.
    statement: Option<String>,
}

/// Whether a caller may appeal for the appellant; on which side. Staff may for anybody; a party against a ruling on its own
/// claim, a penalty of its own, or its own standing.
async fn may_appeal(market: &Market, caller: &Caller, new: &NewAppeal, appellant: &str) -> Result<Option<String>, Problem> {
    if is_staff(caller) {
        return Ok(new.side.clone());
    }
    if appellant != caller.party {
        return Err(Problem::forbidden("open_appeals"));
    }
    let buyer = caller.roles.iter().any(|r| r == "buyer");
    if new.against_kind == "ruling" {
        let id = match state(market, format!("ruling/{}", new.against)).await? {
            Some(State::Ruling(claim)) => claim,
            _ => new.against.clone(),
        };
        let claim = claim_state(market, &id).await?;
        own(caller, "open_appeals", &parties(&claim))?;
        return Ok(Some(if claim.buyer.as_deref() == Some(appellant) && buyer { "buyer" } else { "merchant" }.to_owned()));
    }
    match new.against_kind.as_str() {
        "standing" => own(caller, "open_appeals", &[("buyer", Some(new.against.as_str()))])?,
        "penalty" | "violation" => {
            let key = format!("{}/{}", new.against_kind, new.against);
            let rows = market.engine.store().states(&[StateKey { system: Conduct::NAME.to_owned(), key: key.clone() }]).await?;
            // Of what is not known the system itself says so.
            if let Some(row) = rows.first() {
                let state: laotie_conduct::State =
                    serde_json::from_str(&row.body).map_err(|e| StoreError::Corrupt { what: key, reason: e.to_string() })?;
                let on: Vec<(&str, Option<&str>)> = state.penalised().into_iter().map(|(kind, id)| (kind, Some(id))).collect();
                own(caller, "open_appeals", &on)?;
            }
        }
        _ if buyer => return Err(Problem::forbidden("open_appeals")),
        _ => {}
    }
    Ok(new.side.clone())
}

/// Ask for another look at a decision.
#[utoipa::path(post, path = "/appeals", tag = "claims", operation_id = "open_appeal", request_body = NewAppeal,
    responses((status = 200, description = "Taken in", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 409, description = "It cannot be appealed against", body = ProblemBody), (status = 422, description = "The appeal is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn appeal(InMarket(market): InMarket, caller: Caller, Given(new): Given<NewAppeal>) -> Result<Json<Done>, Problem> {
    let appellant = new.appellant.clone().unwrap_or_else(|| caller.party.clone());
    let side = may_appeal(&market, &caller, &new, &appellant).await?;
    let appeal = new_id("apl-");
    let mut body = json!({ "appeal": appeal, "against": new.against, "against_kind": new.against_kind, "appellant": appellant });
    for (field, value) in [("side", &side), ("statement", &new.statement)] {
        if let Some(value) = value {
            body[field] = json!(value);
        }
    }
    if !new.evidence.is_empty() {
        body["evidence"] = json!(new.evidence);
    }
    act_as(&market, &caller, Kind::AppealOpened, &body, &appeal).await.map(Json)
}
