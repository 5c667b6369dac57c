//! Whether the same facts bring the same penalty, over every penalty of a market.

use std::collections::{BTreeMap, HashMap};

use laotie_conduct::{AuditRow, Conduct, Disparity, Entry, Party, ShopSize, State, audit, explain};
use laotie_facts::body::PenaltyImposed;
use laotie_facts::{Body, MarketZone, System};
use laotie_store::{StateKey, StoreError};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::merged::Merged;
use crate::market::Market;

/// The system whose states are read.
const SYSTEM: &str = <Conduct as System>::NAME;

/// States read at once.
const PAGE: usize = 500;

/// What was compared and what differs.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"penalties": 120, "parties": 48, "reviewers": 3, "undone": 4, "not_explained": 0, "disparities": []}))]
pub struct ConsistencyReport {
    /// Penalties compared.
    pub penalties: usize,
    /// Parties that they were imposed on.
    pub parties: usize,
    /// People who reviewed them.
    pub reviewers: usize,
    /// Penalties that were undone and are not compared.
    pub undone: usize,
    /// Penalties whose schedule does not bring them out again; each is a fault of ours.
    pub not_explained: usize,
    /// Pairs with the same facts and other measures.
    #[schema(value_type = Vec<Object>)]
    pub disparities: Vec<Disparity>,
}

struct Found {
    party: Party,
    entry: Entry,
    penalty: PenaltyImposed,
    reviewer: Option<String>,
}

/// Compares every penalty that stands with those of the same facts.
///
/// A shop's size is by paid orders: the smaller, middle and larger third of the shops.
///
/// # Errors
/// [`StoreError`] when the store fails or a row cannot be read.
pub async fn consistency(market: &Market) -> Result<ConsistencyReport, StoreError> {
    let zone = MarketZone::new(&market.settings.time_zone).map_err(|e| corrupt("the market's zone", &e.to_string()))?;
    let book = market.engine.book();
    let sizes = shop_sizes(market).await?;
    let (mut found, mut parties, mut undone) = (Vec::new(), 0, 0);
    let mut after = "party/".to_owned();
    loop {
        let rows = market.engine.store().states_after(SYSTEM, &after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.key);
        for row in rows.iter().take_while(|r| r.key.starts_with("party/")) {
            let state: State = serde_json::from_str(&row.body).map_err(|e| corrupt(&row.key, &e.to_string()))?;
            let Some(party) = state.party.filter(|p| !p.entries.is_empty()) else { continue };
            parties += 1;
            undone += party.entries.iter().filter(|e| e.voided_by.is_some()).count();
            for entry in party.entries.iter().filter(|e| e.voided_by.is_none()) {
                found.push(imposed(market, &party, entry).await?);
            }
        }
        if !after.starts_with("party/") {
            break;
        }
    }
    let (mut rows, mut not_explained) = (Vec::new(), 0);
    for f in &found {
        let Some(why) = explain(&f.party, &f.entry.penalty, &book) else {
            not_explained += 1;
            continue;
        };
        not_explained += usize::from(!why.equals_imposed);
        rows.push(AuditRow {
            at: f.entry.at,
            breach: f.entry.breach.clone(),
            credits: why.past.credits,
            earlier: why.past.earlier.len(),
            first_of_year: !why.past.seen_this_year,
            points_before: (why.past.general_points, why.past.serious_points),
            penalty: &f.penalty,
            reviewer: f.reviewer.clone(),
            size: sizes.get(f.penalty.party.as_str()).copied().unwrap_or(ShopSize::Unknown),
            version: f.entry.version.clone(),
        });
    }
    let reviewers: std::collections::BTreeSet<&str> = found.iter().filter_map(|f| f.reviewer.as_deref()).collect();
    let disparities = audit(&zone, &rows);
    Ok(ConsistencyReport { penalties: rows.len(), parties, reviewers: reviewers.len(), undone, not_explained, disparities })
}

/// A penalty's fact, and who reviewed the case that it came from.
async fn imposed(market: &Market, party: &Party, entry: &Entry) -> Result<Found, StoreError> {
    let store = market.engine.store();
    let rows = store.rows(&[entry.seq, entry.cause]).await?;
    let mut penalty = None;
    let mut case = None;
    for row in &rows {
        let fact = row.fact().map_err(|e| corrupt(&format!("journal row {}", row.seq), &e.to_string()))?;
        match fact.body {
            Body::PenaltyImposed(p) if row.seq == entry.seq => penalty = Some(p),
            Body::ViolationFound(v) => case = v.case,
            _ => {}
        }
    }
    let penalty = penalty.ok_or_else(|| corrupt(&format!("penalty {}", entry.penalty), "its fact is not in the journal"))?;
    let reviewer = match case {
        Some(case) => {
            let key = StateKey { system: SYSTEM.to_owned(), key: format!("case/{case}") };
            let states = store.states(&[key]).await?;
            let file: Option<State> = states.first().and_then(|s| serde_json::from_str(&s.body).ok());
            file.and_then(|s| s.case).and_then(|c| c.case.reviews.last().map(|r| r.reviewer.clone()))
        }
        None => None,
    };
    Ok(Found { party: party.clone(), entry: entry.clone(), penalty, reviewer })
}

async fn shop_sizes(market: &Market) -> Result<HashMap<String, ShopSize>, StoreError> {
    let mut paid: BTreeMap<String, u64> = BTreeMap::new();
    let until = market.engine.store().head().await?.seq;
    let mut rows = Merged::between(0, until, market.engine.store().as_ref(), &["order.paid"]);
    while let Some(row) = rows.next().await? {
        let body: Value = serde_json::from_str(&row.body).map_err(|e| corrupt(&format!("journal row {}", row.seq), &e.to_string()))?;
        if let Some(shop) = body["shop"].as_str() {
            *paid.entry(shop.to_owned()).or_default() += 1;
        }
    }
    let mut ranked: Vec<(u64, String)> = paid.into_iter().map(|(shop, n)| (n, shop)).collect();
    ranked.sort();
    let third = ranked.len().div_ceil(3).max(1);
    let size = |place: usize| [ShopSize::Small, ShopSize::Middle, ShopSize::Large][(place / third).min(2)];
    Ok(ranked.into_iter().enumerate().map(|(place, (_, shop))| (shop, size(place))).collect())
}

fn corrupt(what: &str, reason: &str) -> StoreError {
    StoreError::Corrupt { what: what.to_owned(), reason: reason.to_owned() }
}
