//! Whether the same facts bring the same penalty, over every penalty of a market.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use laotie_conduct::{AuditRow, Conduct, Disparity, Entry, Party, ShopSize, State, audit, explain};
use laotie_facts::body::PenaltyImposed;
use laotie_facts::{Body, MarketZone, System};
use laotie_store::{StateKey, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

use super::cost::orders_by_shop;
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

/// A penalty that stands, its fact, and who reviewed the case that it came from.
struct Found {
    /// Its party's place in the list.
    party: usize,
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
    let parties = parties(market).await?;
    let mut found = Vec::new();
    for (at, party) in parties.iter().enumerate() {
        for entry in party.entries.iter().filter(|e| e.voided_by.is_none()) {
            found.push(imposed(market, at, entry).await?);
        }
    }
    let sizes = if found.is_empty() { HashMap::new() } else { sizes(&orders_by_shop(market).await?) };
    let (mut rows, mut not_explained) = (Vec::new(), 0);
    for f in &found {
        let Some(why) = explain(&parties[f.party], &f.entry.penalty, &book) else {
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
    let reviewers: BTreeSet<&str> = found.iter().filter_map(|f| f.reviewer.as_deref()).collect();
    Ok(ConsistencyReport {
        penalties: rows.len(),
        parties: parties.len(),
        reviewers: reviewers.len(),
        undone: parties.iter().flat_map(|p| &p.entries).filter(|e| e.voided_by.is_some()).count(),
        not_explained,
        disparities: audit(&zone, &rows),
    })
}

/// The ledgers of all parties that ever had a penalty.
async fn parties(market: &Market) -> Result<Vec<Party>, StoreError> {
    let (mut found, mut after) = (Vec::new(), "party/".to_owned());
    loop {
        let rows = market.engine.store().states_after(SYSTEM, &after, PAGE).await?;
        let own = rows.iter().take_while(|r| r.key.starts_with("party/"));
        for row in own.clone() {
            let state: State = serde_json::from_str(&row.body).map_err(|e| corrupt(&row.key, &e.to_string()))?;
            found.extend(state.party.filter(|p| !p.entries.is_empty()));
        }
        match own.last() {
            Some(last) if rows.len() == PAGE => after.clone_from(&last.key),
            _ => return Ok(found),
        }
    }
}

async fn imposed(market: &Market, party: usize, entry: &Entry) -> Result<Found, StoreError> {
    let store = market.engine.store();
    let (mut penalty, mut case) = (None, None);
    for row in store.rows(&[entry.seq, entry.cause]).await? {
        let fact = row.fact().map_err(|e| corrupt(&format!("journal row {}", row.seq), &e.to_string()))?;
        match fact.body {
            Body::PenaltyImposed(p) if row.seq == entry.seq => penalty = Some(p),
            Body::ViolationFound(v) => case = v.case,
            _ => {}
        }
    }
    let penalty = penalty.ok_or_else(|| corrupt(&format!("penalty {}", entry.penalty), "its fact is not in the journal"))?;
    let reviewer = match case {
        Some(case) => reviewer(market, case.as_str()).await?,
        None => None,
    };
    Ok(Found { party, entry: entry.clone(), penalty, reviewer })
}

async fn reviewer(market: &Market, case: &str) -> Result<Option<String>, StoreError> {
    let key = StateKey { system: SYSTEM.to_owned(), key: format!("case/{case}") };
    let rows = market.engine.store().states(&[key]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let state: State = serde_json::from_str(&row.body).map_err(|e| corrupt(&row.key, &e.to_string()))?;
    Ok(state.case.and_then(|file| file.case.reviews.last().map(|r| r.reviewer.clone())))
}

fn sizes(orders: &BTreeMap<String, i64>) -> HashMap<String, ShopSize> {
    let mut ranked: Vec<(i64, &String)> = orders.iter().map(|(shop, n)| (*n, shop)).collect();
    ranked.sort_unstable();
    let third = ranked.len().div_ceil(3).max(1);
    let size = |place: usize| [ShopSize::Small, ShopSize::Middle, ShopSize::Large][(place / third).min(2)];
    ranked.into_iter().enumerate().map(|(place, (_, shop))| (shop.clone(), size(place))).collect()
}

fn corrupt(what: &str, reason: &str) -> StoreError {
    StoreError::Corrupt { what: what.to_owned(), reason: reason.to_owned() }
}
