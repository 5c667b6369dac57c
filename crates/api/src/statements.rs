//! Statements: drawn with every pay-out, each opening to its lines and the orders behind them.

use axum::Json;
use laotie_facts::JournalRow;
use laotie_store::{JournalFilter, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::accounts::{PostingLine, line, party};
use crate::acting::own;
use crate::caller::{Caller, InMarket, PathParts};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// Rows of the journal at a time.
const PAGE: usize = 500;
/// Lines of a statement at most.
const LINES: usize = 20_000;
/// How many rows a withdrawal decides at most: subsidy, statement, posting, pay-out, and what they decide in turn.
const DECIDED: i64 = 8;

/// A sum of a statement.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StatementSum {
    /// What for.
    pub purpose: String,
    /// How much.
    pub amount_minor: i64,
}

/// A statement.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StatementHead {
    /// The statement.
    pub statement: String,
    /// What the party is.
    pub party_kind: String,
    /// Whose.
    pub party: String,
    /// Of all amounts.
    pub currency: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// Sums by what they are for; together the total.
    pub sums: Vec<StatementSum>,
    /// What was there.
    pub total_minor: i64,
    /// The pay-out that it goes with.
    pub payout: Option<String>,
    /// What was paid out.
    pub paid_minor: Option<i64>,
    /// What stayed behind for refunds.
    pub reserve_minor: Option<i64>,
    /// What stayed behind for debts.
    pub held_minor: Option<i64>,
    /// Its place in the journal.
    pub seq: i64,
}

/// A statement with every posting that it sums.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementView {
    /// The statement.
    pub head: StatementHead,
    /// Its postings, the earliest first; each opens to its order, claim or penalty.
    pub lines: Vec<PostingLine>,
}

/// The statement and the pay-out that a withdrawal decided.
async fn drawn(market: &Market, cause: i64) -> Result<Option<StatementHead>, StoreError> {
    let seqs: Vec<i64> = (cause + 1..=cause + DECIDED).collect();
    let rows = market.engine.store().rows(&seqs).await?;
    let of = |kind: &str| rows.iter().find(|r| r.source == "laotie" && r.kind == kind && r.key.starts_with(&format!("{cause}/")));
    Ok(of("statement.drawn").map(|row| head(row, of("payout.made"))))
}

fn head(row: &JournalRow, payout: Option<&JournalRow>) -> StatementHead {
    let read = |row: &JournalRow| serde_json::from_str::<Value>(&row.body).unwrap_or_default();
    let (body, paid) = (read(row), payout.map(read).unwrap_or_default());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let sum = |line: &Value| StatementSum { purpose: text(&line["purpose"]), amount_minor: line["amount_minor"].as_i64().unwrap_or(0) };
    StatementHead {
        statement: text(&body["statement"]),
        party_kind: text(&body["party_kind"]),
        party: text(&body["party"]),
        currency: text(&body["currency"]),
        from: text(&body["from"]),
        until: text(&body["until"]),
        sums: body["lines"].as_array().into_iter().flatten().map(sum).collect(),
        total_minor: body["total_minor"].as_i64().unwrap_or(0),
        payout: paid["payout"].as_str().map(str::to_owned),
        paid_minor: paid["amount_minor"].as_i64(),
        reserve_minor: paid["reserve_minor"].as_i64(),
        held_minor: paid["held_minor"].as_i64(),
        seq: row.seq,
    }
}

/// The statements of a party, the latest first.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn statements_of(market: &Market, kind: &str, id: &str) -> Result<Vec<StatementHead>, StoreError> {
    let filter =
        JournalFilter { kind: Some("withdrawal.requested".to_owned()), subject: Some(format!("{kind}/{id}")), ..JournalFilter::default() };
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let rows = market.engine.store().journal_page(&filter, after, PAGE).await?;
        for row in &rows {
            found.extend(drawn(market, row.seq).await?);
        }
        let Some(last) = rows.last().filter(|_| rows.len() == PAGE) else { break };
        after = last.seq;
    }
    found.reverse();
    Ok(found)
}

/// A statement by its id; `None` when there is none.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn statement(market: &Market, id: &str) -> Result<Option<StatementHead>, StoreError> {
    let rows = market.engine.store().history(&format!("statement/{id}"), 0, 1).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let cause = row.key.split_once('/').and_then(|(cause, _)| cause.parse::<i64>().ok());
    match cause {
        Some(cause) => Ok(drawn(market, cause).await?.filter(|h| h.statement == id).or_else(|| Some(head(row, None)))),
        None => Ok(Some(head(row, None))),
    }
}

/// The postings that a statement sums, the earliest first: those on the proceeds since the pay-out before.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn statement_lines(market: &Market, head: &StatementHead) -> Result<Vec<PostingLine>, StoreError> {
    let (store, account) = (market.engine.store(), format!("{}/{}/proceeds", head.party_kind, head.party));
    let (mut lines, mut before) = (Vec::new(), Some((head.seq, String::new())));
    'pages: loop {
        let rows = store.postings(&account, before.take(), PAGE).await?;
        let seqs: Vec<i64> = rows.iter().map(|r| r.seq).collect();
        let made = store.rows(&seqs).await?;
        for row in rows.iter().filter(|r| r.currency == head.currency && r.seq < head.seq) {
            let line = line(row, made.iter().find(|m| m.seq == row.seq));
            if line.purpose.as_deref() == Some("payout") || lines.len() == LINES {
                break 'pages;
            }
            lines.push(line);
        }
        let Some(last) = rows.last().filter(|_| rows.len() == PAGE) else { break };
        before = Some((last.seq, last.posting.clone()));
    }
    lines.reverse();
    Ok(lines)
}

/// The statements of a party, the latest first; one is drawn with every pay-out.
#[utoipa::path(get, path = "/accounts/{kind}/{id}/statements", tag = "money", operation_id = "list_statements",
    params(("kind" = String, Path, description = "What the holder is", example = "shop"), ("id" = String, Path, description = "Who", example = "s-3")),
    responses((status = 200, description = "The statements", body = Vec<StatementHead>), (status = 403, description = "Not yours", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<Vec<StatementHead>>, Problem> {
    let (kind, id) = (path.get("kind"), path.get("id"));
    let merchant = party(&market, &format!("{kind}/{id}")).await?.and_then(|p| p.merchant);
    own(&caller, "read_accounts", &[(kind.as_str(), Some(id.as_str())), ("merchant", merchant.as_deref())])?;
    Ok(Json(statements_of(&market, &kind, &id).await?))
}

/// A statement with its lines; each opens to its order, claim or penalty.
#[utoipa::path(get, path = "/statements/{id}", tag = "money", operation_id = "get_statement",
    params(("id" = String, Path, description = "The statement", example = "stm_1")),
    responses((status = 200, description = "The statement", body = StatementView), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such statement", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<StatementView>, Problem> {
    let id = path.get("id");
    let head = statement(&market, &id).await?.ok_or_else(|| Problem::not_found("statement", &id))?;
    let merchant = party(&market, &format!("{}/{}", head.party_kind, head.party)).await?.and_then(|p| p.merchant);
    own(&caller, "read_accounts", &[(head.party_kind.as_str(), Some(head.party.as_str())), ("merchant", merchant.as_deref())])?;
    let lines = statement_lines(&market, &head).await?;
    Ok(Json(StatementView { head, lines }))
}
