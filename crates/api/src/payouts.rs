//! Pay-out runs: all that is due to all parties, listed first, then withdrawn for each, once a day.

use std::collections::BTreeMap;

use axum::Json;
use laotie_engine::Outcome;
use laotie_facts::{Body, By, Calendar, FactKey, Incoming, Kind, PartyId, SourceId, Timestamp};
use laotie_ledger::{LedgerState, Party, Payable, payable};
use laotie_store::{ListingPage, StateKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::acting::now;
use crate::caller::{Caller, InMarket};
use crate::input::Given;
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// Kinds of holders that are paid: the platform's and buyers' money leaves in other ways.
const PAID: [&str; 6] = ["shop", "streamer", "provider", "agency", "supplier", "brand"];
/// Rows of a list at a time.
const PAGE: usize = 500;
/// The source of facts that people make here.
const CONSOLE: &str = "console";

/// What a run would pay a party, and what stays behind and why.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"party_kind": "shop", "party": "s-3", "currency": "CNY", "proceeds_minor": 50_000, "free_minor": 42_000, "held_minor": 0, "reserve_minor": 0, "subsidy_minor": 0, "withheld_minor": 8_000, "frozen": false}))]
pub struct PayoutDue {
    /// What the party is.
    pub party_kind: String,
    /// Who.
    pub party: String,
    /// Of all amounts.
    pub currency: String,
    /// All proceeds.
    pub proceeds_minor: i64,
    /// What is paid.
    pub free_minor: i64,
    /// Kept back for open claims.
    pub held_minor: i64,
    /// Kept back for refunds.
    pub reserve_minor: i64,
    /// Owed subsidies, taken off first.
    pub subsidy_minor: i64,
    /// Withheld for debts.
    pub withheld_minor: i64,
    /// Whether nothing is paid out until overdue debts are paid.
    pub frozen: bool,
}

/// What a run pays or would pay.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PayoutPreview {
    /// Everybody with proceeds, by kind and id.
    pub items: Vec<PayoutDue>,
    /// What is free to go, by currency.
    #[schema(value_type = Object)]
    pub free_minor: BTreeMap<String, i64>,
}

/// What became of a party in a run.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PayoutPaid {
    /// What the party is.
    pub party_kind: String,
    /// Who.
    pub party: String,
    /// Of the amount.
    pub currency: String,
    /// How much.
    pub amount_minor: i64,
    /// `paid`, `paid_before` in this run, or why not.
    pub outcome: String,
}

/// A run.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PayoutRun {
    /// Of which market day; a party is paid once in a day's run, however often it is started.
    pub date: String,
    /// Everybody who had something free.
    pub items: Vec<PayoutPaid>,
    /// What was paid now, by currency.
    #[schema(value_type = Object)]
    pub paid_minor: BTreeMap<String, i64>,
}

/// Why a run cannot be.
#[derive(Debug)]
pub enum RunError {
    /// The date is none, or has not come.
    Date(String),
    /// The engine or the store failed.
    Failed(Problem),
}

async fn parties(market: &Market, holders: &[String]) -> Result<BTreeMap<String, Party>, StoreError> {
    let keys: Vec<StateKey> = holders.iter().map(|key| StateKey { system: "ledger".to_owned(), key: key.clone() }).collect();
    let mut found = BTreeMap::new();
    for row in market.engine.store().states(&keys).await? {
        let state: LedgerState = serde_json::from_str(&row.body)
            .map_err(|e| StoreError::Corrupt { what: format!("the accounts of {}", row.key), reason: e.to_string() })?;
        if let LedgerState::Party(party) = state {
            found.insert(row.key, *party);
        }
    }
    Ok(found)
}

fn is_paid(holder: &str) -> bool {
    holder.split_once('/').is_some_and(|(kind, _)| PAID.contains(&kind))
}

/// What a run would pay now, everybody with proceeds.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn payouts_due(market: &Market) -> Result<PayoutPreview, StoreError> {
    let (store, book, now) = (market.engine.store(), market.engine.book(), now());
    let (mut items, mut after) = (Vec::new(), None);
    loop {
        let page = ListingPage { view: "balances".to_owned(), owner: String::new(), after: after.take(), descending: false, limit: PAGE };
        let rows = store.listing(&page).await?;
        let has_proceeds = |body: &str| {
            let row: Value = serde_json::from_str(body).unwrap_or_default();
            row["accounts"]["proceeds"].as_object().is_some_and(|by| by.values().any(|h| h["posted_minor"].as_i64().unwrap_or(0) > 0))
        };
        let holders: Vec<String> = rows.iter().filter(|r| is_paid(&r.key) && has_proceeds(&r.body)).map(|r| r.key.clone()).collect();
        let known = parties(market, &holders).await?;
        let merchants: Vec<String> = known.values().filter_map(|p| Some(format!("merchant/{}", p.merchant.as_ref()?))).collect();
        let behind = parties(market, &merchants).await?;
        for (holder, party) in &known {
            let merchant = party.merchant.as_ref().map(|m| format!("merchant/{m}"));
            let merchant = merchant.and_then(|name| Some((name.clone(), behind.get(&name)?.clone())));
            let (party_kind, id) = holder.split_once('/').unwrap_or_default();
            items.extend(payable(holder, party, merchant, &book, now).into_iter().map(|due| due_of(party_kind, id, &due)));
        }
        let Some(last) = rows.last().filter(|_| rows.len() == PAGE) else { break };
        after = Some((last.sort.clone(), last.key.clone()));
    }
    let mut free_minor: BTreeMap<String, i64> = BTreeMap::new();
    for due in items.iter().filter(|d| d.free_minor > 0) {
        *free_minor.entry(due.currency.clone()).or_default() += due.free_minor;
    }
    Ok(PayoutPreview { items, free_minor })
}

fn due_of(party_kind: &str, party: &str, due: &Payable) -> PayoutDue {
    PayoutDue {
        party_kind: party_kind.to_owned(),
        party: party.to_owned(),
        currency: due.currency.code().to_owned(),
        proceeds_minor: due.proceeds_minor,
        free_minor: due.free_minor,
        held_minor: due.held_minor,
        reserve_minor: due.reserve_minor,
        subsidy_minor: due.subsidy_minor,
        withheld_minor: due.withheld_minor,
        frozen: due.frozen,
    }
}

/// The market day of a run: today's when none is named.
fn day_of(calendar: &Calendar, date: Option<&str>, now: Timestamp) -> Result<String, String> {
    let Some(date) = date else {
        let begins = Timestamp::from_micros(i64::from(calendar.zone.day(now)) * 86_400_000_000).map_err(|e| e.to_string())?;
        return Ok(begins.to_string().chars().take(10).collect());
    };
    let begins = calendar.zone.parse_naive(&format!("{date}T00:00:00")).map_err(|_| format!("`{date}` is no date, as 2026-06-12"))?;
    if begins > now { Err(format!("{date} has not come yet")) } else { Ok(date.to_owned()) }
}

/// Withdraws for everybody what is free: a statement and a pay-out each. A day's run pays a party once.
///
/// # Errors
/// [`RunError`] when the date is wrong or the market cannot record.
pub async fn pay_out_all(market: &Market, by: &str, date: Option<&str>) -> Result<PayoutRun, RunError> {
    let failed = |e: StoreError| RunError::Failed(Problem::from(e));
    let date = day_of(&Calendar::at(&market.engine.book(), now()), date, now()).map_err(RunError::Date)?;
    let due = payouts_due(market).await.map_err(failed)?;
    let (mut items, mut paid_minor) = (Vec::new(), BTreeMap::new());
    for due in due.items.into_iter().filter(|d| d.free_minor > 0) {
        let outcome = pay(market, by, &date, &due).await?;
        if outcome == "paid" {
            *paid_minor.entry(due.currency.clone()).or_default() += due.free_minor;
        }
        items.push(PayoutPaid {
            party_kind: due.party_kind,
            party: due.party,
            currency: due.currency,
            amount_minor: due.free_minor,
            outcome,
        });
    }
    Ok(PayoutRun { date, items, paid_minor })
}

async fn pay(market: &Market, by: &str, date: &str, due: &PayoutDue) -> Result<String, RunError> {
    let name = format!("payout-run/{date}/{}/{}/{}", due.party_kind, due.party, due.currency);
    let body = json!({
        "amount_minor": due.free_minor, "currency": due.currency, "party": due.party, "party_kind": due.party_kind,
        "withdrawal": format!("run-{date}-{}-{}-{}", due.party_kind, due.party, due.currency),
    });
    let wrong = |field: &str, reason: String| RunError::Failed(Problem::bad_question(field, reason));
    let body = Body::parse(Kind::WithdrawalRequested, &body.to_string()).map_err(|e| wrong(&e.field, e.reason))?;
    let key = FactKey::new(name).map_err(|e| wrong("party", e.reason))?;
    let by = PartyId::new(by).ok().map(|actor| By { actor, principal: None });
    let fact = Incoming::new(SourceId::new(CONSOLE).expect("a valid id"), key, now(), by, body);
    let receipts = market.engine.record(vec![fact]).await.map_err(|e| RunError::Failed(Problem::from(e)))?;
    Ok(match receipts.into_iter().next().map(|r| r.outcome) {
        Some(Outcome::Recorded { .. }) => "paid".to_owned(),
        Some(Outcome::Repeated { .. }) => "paid_before".to_owned(),
        // The key names day and party: whoever was paid in this run is not paid again.
        Some(Outcome::Refused { code, .. }) if code == "identity-reused" => "paid_before".to_owned(),
        Some(Outcome::Refused { code, .. }) => code,
        None => return Err(RunError::Failed(Problem::crashed())),
    })
}

/// What a pay-out run would pay now, and what stays behind of whom and why.
#[utoipa::path(get, path = "/payouts/due", tag = "money", operation_id = "payouts_due",
    responses((status = 200, description = "Everybody with proceeds", body = PayoutPreview)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn due(InMarket(market): InMarket) -> Result<Json<PayoutPreview>, Problem> {
    Ok(Json(payouts_due(&market).await?))
}

/// Which run.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"date": "2026-06-12"}))]
pub(crate) struct NewRun {
    /// Of which market day; today when left out.
    date: Option<String>,
}

/// Pay everybody what is free. Started again on the same day, it pays whom it has not paid yet.
#[utoipa::path(post, path = "/payouts/runs", tag = "money", operation_id = "run_payouts", request_body = NewRun,
    responses((status = 200, description = "Who was paid what", body = PayoutRun), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn run(InMarket(market): InMarket, caller: Caller, Given(new): Given<NewRun>) -> Result<Json<PayoutRun>, Problem> {
    match pay_out_all(&market, &caller.party, new.date.as_deref()).await {
        Ok(run) => Ok(Json(run)),
        Err(RunError::Date(reason)) => Err(Problem::bad_question("date", reason)),
        Err(RunError::Failed(problem)) => Err(problem),
    }
}
