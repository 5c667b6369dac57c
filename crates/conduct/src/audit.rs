//! The consistency audit: the same facts must bring the same penalty, whoever reviewed, whenever, to whomever.

use std::collections::BTreeMap;

use laotie_facts::body::{ActionKind, Ladder, PenaltyImposed};
use laotie_facts::{MarketZone, Timestamp};
use serde::Serialize;

use crate::breach::Breach;

/// How large a shop is, by a measure that whoever asks chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopSize {
    /// Small.
    Small,
    /// Of middle size.
    Middle,
    /// Large.
    Large,
    /// Not known.
    Unknown,
}

/// A penalty and the facts that it should depend on, with some that it should not.
#[derive(Debug, Clone)]
pub struct AuditRow<'a> {
    /// From when the penalty counts.
    pub at: Timestamp,
    /// The facts of the violation.
    pub breach: Breach,
    /// Study credits that counted before.
    pub credits: i64,
    /// How many earlier violations of the code counted.
    pub earlier: usize,
    /// Whether no content breach of the year came before.
    pub first_of_year: bool,
    /// Points on the ladders before, general and serious: marks depend on them.
    pub points_before: (i64, i64),
    /// What was imposed.
    pub penalty: &'a PenaltyImposed,
    /// Who reviewed; `None` when the rules did alone.
    pub reviewer: Option<String>,
    /// How large the party is.
    pub size: ShopSize,
    /// The schedule's version.
    pub version: String,
}

/// The facts that a penalty may depend on.
type Facts = (String, Breach, usize, bool, (i64, i64), i64, &'static str);

/// What a penalty does, its days as days.
type Measures = (Vec<(ActionKind, Option<i64>, Option<i64>, Option<i32>)>, Option<Ladder>);

/// Two penalties that differ though their facts do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disparity {
    /// The violation.
    pub code: String,
    /// Whether they fell on different days of the year.
    pub differ_in_date: bool,
    /// Whether different people reviewed them.
    pub differ_in_reviewer: bool,
    /// Whether the parties are of different size.
    pub differ_in_size: bool,
    /// The first penalty with these facts.
    pub first: String,
    /// One that differs from it.
    pub second: String,
    /// The schedule.
    pub version: String,
}

/// Finds pairs of penalties with the same facts and other measures: for each set of facts, every penalty that
/// differs from the first one given.
///
/// Days are counted in the market's zone, so that 3 days are 3 days whenever they began.
pub fn audit(zone: &MarketZone, rows: &[AuditRow<'_>]) -> Vec<Disparity> {
    let mut seen: BTreeMap<Facts, &AuditRow<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for row in rows {
        let kind = row.penalty.party_kind.as_str();
        let facts = (row.version.clone(), row.breach.clone(), row.earlier, row.first_of_year, row.points_before, row.credits, kind);
        let first = *seen.entry(facts).or_insert(row);
        if measures(zone, first) == measures(zone, row) {
            continue;
        }
        found.push(Disparity {
            code: row.breach.code.clone(),
            differ_in_date: zone.day(first.at) != zone.day(row.at),
            differ_in_reviewer: first.reviewer != row.reviewer,
            differ_in_size: first.size != row.size,
            first: first.penalty.penalty.to_string(),
            second: row.penalty.penalty.to_string(),
            version: row.version.clone(),
        });
    }
    found
}

fn measures(zone: &MarketZone, row: &AuditRow<'_>) -> Measures {
    let start = zone.day(row.at);
    let mut actions: Vec<_> = row
        .penalty
        .actions
        .iter()
        .map(|a| {
            let days = a.until.map(|until| zone.day(until) - 1 - start);
            (a.action, a.amount_minor.map(laotie_facts::Amount::get), a.points.map(laotie_facts::Quantity::get), days)
        })
        .collect();
    actions.sort_unstable();
    (actions, row.penalty.ladder)
}
