//! Who holds, owes and gets what: accounts, postings, debts, withdrawals, the trial balance.

use axum::Json;
use laotie_facts::{Currency, JournalRow, Kind, Name};
use laotie_ledger::{Account, LedgerState, Party};
use laotie_store::{StateKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::acting::{Done, act, new_id, own};
use crate::caller::{Caller, InMarket, PathParts};
use crate::input::{Asked, Given};
use crate::lists::{self, Page, PageQuery, listed};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// A holder and what stands on its accounts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"holder": "shop/s-3", "accounts": {"proceeds": {"CNY": {"posted_minor": 1_251_300}}}, "debts": 0}))]
pub(crate) struct HolderRow {
    /// Who, as `shop/s-3`.
    holder: String,
    /// By purpose and currency.
    #[schema(value_type = Object)]
    accounts: Value,
    /// Open debts.
    debts: i64,
    /// Whether nothing is paid out.
    #[schema(nullable = false)]
    frozen: Option<bool>,
}

/// All holders of accounts.
#[utoipa::path(get, path = "/accounts", tag = "money", operation_id = "list_accounts", params(PageQuery),
    responses((status = 200, description = "A page of holders", body = Page<HolderRow>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket, Asked(query): Asked<PageQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "balances", "", &query, false).await
}

/// One account in one currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"account": "shop/s-3/proceeds", "purpose": "proceeds", "currency": "CNY", "posted_minor": 1_251_300, "held_minor": 12900, "available_minor": 1_238_400, "floor_minor": 0}))]
pub(crate) struct AccountLine {
    /// Its name.
    account: String,
    /// What it is for.
    purpose: String,
    /// The currency.
    currency: String,
    /// Sum of its postings.
    posted_minor: i64,
    /// Sum of its open holds.
    held_minor: i64,
    /// What can be taken from it; null without a floor.
    available_minor: Option<i64>,
    /// What it may not fall below; null without one.
    floor_minor: Option<i64>,
}

/// What a holder holds, owes and is kept from.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the public field is `holder`, as in the lists")]
pub(crate) struct Holder {
    /// Who.
    holder: String,
    /// The merchant who answers for a shop.
    merchant: Option<String>,
    /// Whether nothing is paid out to it.
    frozen: bool,
    /// Its accounts.
    accounts: Vec<AccountLine>,
    /// Open holds.
    #[schema(value_type = Vec<Object>)]
    holds: Vec<Value>,
    /// Open debts.
    #[schema(value_type = Vec<Object>)]
    debts: Vec<Value>,
    /// What moved on its proceeds since the last statement, by currency.
    #[schema(value_type = Object)]
    since: Value,
}

pub(crate) async fn party(market: &Market, holder: &str) -> Result<Option<Party>, Problem> {
    let key = StateKey { system: "ledger".to_owned(), key: holder.to_owned() };
    let rows = market.engine.store().states(&[key]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let state: LedgerState = serde_json::from_str(&row.body)
        .map_err(|e| StoreError::Corrupt { what: format!("the accounts of {holder}"), reason: e.to_string() })?;
    Ok(if let LedgerState::Party(party) = state { Some(*party) } else { None })
}

fn lines(holder: &str, party: &Party) -> Vec<AccountLine> {
    let mut lines = Vec::new();
    for (purpose, by_currency) in &party.accounts {
        let account = Account::new(holder, purpose.clone());
        let floor_minor = party.floor(&account);
        for (currency, holds) in by_currency {
            lines.push(AccountLine {
                account: account.to_string(),
                purpose: purpose.clone(),
                currency: currency.clone(),
                posted_minor: holds.posted_minor,
                held_minor: holds.held_minor,
                available_minor: floor_minor.map(|floor| (holds.posted_minor - holds.held_minor - floor).max(0)),
                floor_minor,
            });
        }
    }
    lines
}

/// One holder: balances, holds, debts, and what moved since the last statement.
#[utoipa::path(get, path = "/accounts/{kind}/{id}", tag = "money", operation_id = "get_accounts",
    params(("kind" = String, Path, description = "What the holder is", example = "shop"), ("id" = String, Path, description = "Who", example = "s-3")),
    responses((status = 200, description = "The holder's accounts; empty when nothing ever moved", body = Holder), (status = 403, description = "Not yours", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<Holder>, Problem> {
    let (kind, id) = (path.get("kind"), path.get("id"));
    let holder = format!("{kind}/{id}");
    let known = party(&market, &holder).await?;
    let merchant = known.as_ref().and_then(|p| p.merchant.clone());
    own(&caller, "read_accounts", &[(kind.as_str(), Some(id.as_str())), ("merchant", merchant.as_deref())])?;
    let party = known.unwrap_or_default();
    let owed = |debt: &laotie_ledger::Debt| -party.holds(&format!("debt/{}", debt.id), debt.currency).posted_minor;
    let holds = party.holds.iter().map(|(id, hold)| merged(json!({ "hold": id }), json!(hold))).collect();
    let debts = party.debts.iter().map(|debt| merged(json!({ "left_minor": owed(debt) }), json!(debt))).collect();
    Ok(Json(Holder { accounts: lines(&holder, &party), holder, merchant, frozen: party.frozen, holds, debts, since: json!(party.since) }))
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
}

/// A side of a posting, with what it is about.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"posting": "pst_…", "seq": 812, "at": "2026-06-12T02:00:00Z", "account": "shop/s-3/proceeds", "currency": "CNY", "amount_minor": 12513, "purpose": "settlement", "order": "o-1001", "claim": null, "penalty": null, "reverses": null, "rules": ["settlement/standard@2026-11-25.1"]}))]
pub struct PostingLine {
    /// The posting.
    pub posting: String,
    /// Its place in the journal.
    pub seq: i64,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// In whose books of which day it counts.
    #[schema(format = DateTime)]
    pub effective: String,
    /// The account.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// What the account gains.
    pub amount_minor: i64,
    /// What for.
    pub purpose: Option<String>,
    /// The order that it is about.
    pub order: Option<String>,
    /// The claim.
    pub claim: Option<String>,
    /// The penalty.
    pub penalty: Option<String>,
    /// The posting that it takes back.
    pub reverses: Option<String>,
    /// Rules that it rests on.
    pub rules: Vec<String>,
}

/// Which account.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PostingQuery {
    /// What the account is for; `proceeds` when left out.
    #[param(example = "proceeds")]
    purpose: Option<String>,
    /// Rows at most; 50 when left out, 500 at most.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// The postings of an account, the latest first; each opens to its order or claim.
#[utoipa::path(get, path = "/accounts/{kind}/{id}/postings", tag = "money", operation_id = "list_postings",
    params(("kind" = String, Path, description = "What the holder is", example = "shop"), ("id" = String, Path, description = "Who", example = "s-3"), PostingQuery),
    responses((status = 200, description = "A page of postings", body = Page<PostingLine>), (status = 403, description = "Not yours", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn postings(
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    Asked(query): Asked<PostingQuery>,
) -> Result<Json<Page<PostingLine>>, Problem> {
    let (kind, id) = (path.get("kind"), path.get("id"));
    let holder = format!("{kind}/{id}");
    let merchant = party(&market, &holder).await?.and_then(|p| p.merchant);
    own(&caller, "read_accounts", &[(kind.as_str(), Some(id.as_str())), ("merchant", merchant.as_deref())])?;
    let purpose = query.purpose.as_deref().unwrap_or("proceeds");
    Name::new(purpose).map_err(|e| Problem::bad_question("purpose", e.reason))?;
    let limit = lists::limit(query.limit)?;
    let before = match &query.after {
        Some(text) => {
            let (seq, posting) = text.split_once('~').ok_or_else(|| lists::not_a_next(text))?;
            Some((seq.parse().map_err(|_| lists::not_a_next(text))?, posting.to_owned()))
        }
        None => None,
    };
    let store = market.engine.store();
    let rows = store.postings(&format!("{holder}/{purpose}"), before, limit + 1).await?;
    let next = (rows.len() > limit).then(|| format!("{}~{}", rows[limit - 1].seq, rows[limit - 1].posting));
    let seqs: Vec<i64> = rows.iter().take(limit).map(|r| r.seq).collect();
    let made = store.rows(&seqs).await?;
    let items = rows.iter().take(limit).map(|r| line(r, made.iter().find(|m| m.seq == r.seq))).collect();
    Ok(Json(Page { items, next }))
}

pub(crate) fn line(row: &laotie_store::PostingRow, made: Option<&JournalRow>) -> PostingLine {
    let body: Value = made.and_then(|m| serde_json::from_str(&m.body).ok()).unwrap_or_default();
    let text = |field: &str| body[field].as_str().map(str::to_owned);
    let own = body["entries"].as_array().and_then(|entries| {
        let i: usize = row.posting.rsplit('/').next()?.parse().ok()?;
        entries.get(i)?["purpose"].as_str().map(str::to_owned)
    });
    PostingLine {
        posting: row.transfer.clone(),
        seq: row.seq,
        at: made.map(|m| m.at.to_string()).unwrap_or_default(),
        effective: row.effective.to_string(),
        account: row.account.clone(),
        currency: row.currency.clone(),
        amount_minor: row.amount_minor,
        purpose: match (text("purpose"), own) {
            (Some(purpose), Some(own)) if own != purpose => Some(format!("{purpose}/{own}")),
            (purpose, own) => purpose.or(own),
        },
        order: text("order"),
        claim: text("claim"),
        penalty: text("penalty"),
        reverses: row.reverses.clone(),
        rules: made.and_then(|m| serde_json::from_str(&m.rules).ok()).unwrap_or_default(),
    }
}

/// The books of a currency, summed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"currency": "CNY", "accounts": 5120, "postings": 802, "balances_minor": 0, "postings_minor": 0, "differing": 0, "balanced": true}))]
pub(crate) struct TrialRow {
    /// The currency.
    currency: String,
    /// Accounts in it.
    accounts: i64,
    /// Postings in it.
    postings: i64,
    /// Sum of all balances.
    balances_minor: i64,
    /// Sum of all postings.
    postings_minor: i64,
    /// Accounts whose balance is not the sum of their postings.
    differing: i64,
    /// Whether all of that is as it must be.
    balanced: bool,
}

/// The trial balance: whether all balances and all postings add up to nothing.
#[utoipa::path(get, path = "/trial-balance", tag = "money", operation_id = "trial_balance",
    responses((status = 200, description = "A row a currency", body = Vec<TrialRow>)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn trial_balance(InMarket(market): InMarket) -> Result<Json<Vec<TrialRow>>, Problem> {
    let rows = market.engine.store().trial_balance().await?;
    let row = |r: laotie_store::TrialBalance| TrialRow {
        balanced: r.balances_minor == 0 && r.postings_minor == 0 && r.differing == 0,
        currency: r.currency,
        accounts: r.accounts,
        postings: r.postings,
        balances_minor: r.balances_minor,
        postings_minor: r.postings_minor,
        differing: r.differing,
    };
    Ok(Json(rows.into_iter().map(row).collect()))
}

/// A debt with what is left of it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"debtor": "merchant/m-1", "id": "dbt_…", "currency": "CNY", "left_minor": 7513, "due": "2026-06-21T16:00:00Z", "creditor_account": "platform/main/fund"}))]
pub(crate) struct DebtRow {
    /// Who owes.
    debtor: String,
    /// The debt.
    id: String,
    /// The currency.
    currency: String,
    /// How much is left.
    left_minor: i64,
    /// By when it is to be paid.
    #[schema(format = DateTime)]
    due: String,
    /// Where what is recovered goes.
    creditor_account: String,
}

/// Open debts, the earliest due first.
#[utoipa::path(get, path = "/debts", tag = "money", operation_id = "list_debts", params(PageQuery),
    responses((status = 200, description = "A page of debts", body = Page<DebtRow>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn debts(InMarket(market): InMarket, Asked(query): Asked<PageQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "debts", "", &query, false).await
}

/// A withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"party": "s-3", "party_kind": "shop", "amount_minor": 500_000, "currency": "CNY"}))]
pub(crate) struct Wanted {
    /// Who.
    party: String,
    /// What the party is.
    party_kind: String,
    /// How much; all that is free when absent.
    amount_minor: Option<i64>,
    /// Of the amount; the market's when absent.
    currency: Option<String>,
}

/// Withdraw what is available: a statement is drawn and the pay-out made, or the answer says what stands against it.
#[utoipa::path(post, path = "/withdrawals", tag = "money", operation_id = "withdraw", request_body = Wanted,
    responses((status = 200, description = "Paid out", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 409, description = "Not available", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn withdraw(InMarket(market): InMarket, caller: Caller, Given(wanted): Given<Wanted>) -> Result<Json<Done>, Problem> {
    own(&caller, "withdraw", &[(wanted.party_kind.as_str(), Some(wanted.party.as_str()))])?;
    if let Some(code) = &wanted.currency {
        Currency::new(code).map_err(|e| Problem::bad_question("currency", e.reason))?;
    }
    let currency = wanted.currency.clone().or_else(|| wanted.amount_minor.map(|_| market.settings.currency.clone()));
    let mut body = json!({ "withdrawal": new_id("wd-"), "party": wanted.party, "party_kind": wanted.party_kind });
    if let Some(amount) = wanted.amount_minor {
        body["amount_minor"] = json!(amount);
    }
    if let Some(currency) = currency {
        body["currency"] = json!(currency);
    }
    act(&market, &caller, Kind::WithdrawalRequested, &body).await.map(Json)
}
