//! What must come of a story.

use std::collections::BTreeMap;

use laotie_facts::JournalRow;
use serde::Deserialize;
use serde_json::Value;

use crate::rehearsal::Rehearsal;

/// Postings that every order has and a story seldom is about.
const ROUTINE: [&str; 3] = ["sale", "settlement", "commission_settlement"];

/// What must come of a story. What is left out is not looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    /// How each claim ended: the outcome of its last ruling, or `none`.
    #[serde(default)]
    claims: BTreeMap<String, String>,
    /// All postings but sales and settlements, in order: `purpose` and what each account gains.
    postings: Option<Vec<BTreeMap<String, Value>>>,
    /// Every account that is not at zero, debts of a party together under `KIND/ID/debt`.
    balances: Option<BTreeMap<String, i64>>,
    /// Decided facts that must be there, in this order: `kind` and some of the body's fields.
    #[serde(default)]
    decided: Vec<BTreeMap<String, Value>>,
    /// Kinds of decided facts that must not be there.
    #[serde(default)]
    never: Vec<String>,
}

impl Expectations {
    /// What is otherwise than expected.
    pub(super) fn compare(&self, market: &Rehearsal) -> Vec<String> {
        let rows = market.rows();
        let mut differences = Vec::new();
        self.claims.iter().for_each(|(claim, outcome)| differences.extend(claim_ended(rows, claim, outcome)));
        if let Some(expected) = &self.postings {
            let found: Vec<BTreeMap<String, Value>> = rows.iter().filter_map(posting).collect();
            for i in 0..expected.len().max(found.len()) {
                if expected.get(i) != found.get(i) {
                    let show = |p: Option<&BTreeMap<String, Value>>| {
                        p.map_or("nothing".to_owned(), |p| serde_json::to_string(p).expect("texts and numbers"))
                    };
                    differences.push(format!("postings[{i}]: {}, expected {}", show(found.get(i)), show(expected.get(i))));
                }
            }
        }
        if let Some(expected) = &self.balances {
            let found = balances(rows);
            for account in expected.keys().chain(found.keys()).collect::<std::collections::BTreeSet<_>>() {
                let (there, wanted) = (found.get(account).copied().unwrap_or(0), expected.get(account).copied().unwrap_or(0));
                if there != wanted {
                    differences.push(format!("{account}: {there}, expected {wanted}"));
                }
            }
        }
        differences.extend(self.decided_in_order(rows));
        for kind in &self.never {
            if let Some(row) = rows.iter().find(|r| r.kind == *kind) {
                differences.push(format!("{kind} was decided: {}", row.body));
            }
        }
        differences
    }

    fn decided_in_order(&self, rows: &[JournalRow]) -> Vec<String> {
        let mut from = 0;
        let mut differences = Vec::new();
        for (i, expected) in self.decided.iter().enumerate() {
            let kind = expected.get("kind").and_then(Value::as_str).unwrap_or_default();
            let fields: serde_json::Map<String, Value> =
                expected.iter().filter(|(k, _)| *k != "kind").map(|(k, v)| (k.clone(), v.clone())).collect();
            let fits = |r: &JournalRow| {
                r.kind == kind && serde_json::from_str(&r.body).is_ok_and(|body: Value| contains(&body, &Value::Object(fields.clone())))
            };
            match rows.iter().enumerate().skip(from).find(|(_, r)| fits(r)) {
                Some((place, _)) => from = place + 1,
                None => {
                    let near: Vec<&str> = rows.iter().skip(from).filter(|r| r.kind == kind).map(|r| r.body.as_str()).collect();
                    let wanted = serde_json::to_string(&fields).expect("texts and numbers");
                    differences.push(format!("decided[{i}]: no {kind} with {wanted}; there were {near:?}"));
                }
            }
        }
        differences
    }
}

/// Whether a value holds all fields of another, objects within as well, lists entry by entry.
fn contains(there: &Value, wanted: &Value) -> bool {
    match (there, wanted) {
        (Value::Object(there), Value::Object(wanted)) => wanted.iter().all(|(k, w)| there.get(k).is_some_and(|t| contains(t, w))),
        (Value::Array(there), Value::Array(wanted)) => there.len() == wanted.len() && there.iter().zip(wanted).all(|(t, w)| contains(t, w)),
        _ => there == wanted,
    }
}

fn claim_ended(rows: &[JournalRow], claim: &str, outcome: &str) -> Option<String> {
    let ruled = |r: &&JournalRow| r.kind == "ruling.made";
    let body = |r: &JournalRow| serde_json::from_str::<Value>(&r.body).ok();
    let last = rows.iter().filter(ruled).filter_map(body).rfind(|b| b["claim"] == claim);
    let found = last.as_ref().and_then(|b| b["outcome"].as_str()).unwrap_or("none");
    let shown = last.as_ref().map(Value::to_string).unwrap_or_default();
    (found != outcome).then(|| format!("claim {claim}: {found}, expected {outcome}; {shown}"))
}

/// An account's name without the id of a debt.
fn plain(account: &str) -> String {
    match account.split_once("/debt/") {
        Some((holder, _)) => format!("{holder}/debt"),
        None => account.to_owned(),
    }
}

fn sides(row: &JournalRow) -> Option<(String, BTreeMap<String, i64>)> {
    if row.kind != "posting.made" {
        return None;
    }
    let body: Value = serde_json::from_str(&row.body).ok()?;
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for entry in body["entries"].as_array()? {
        *sums.entry(plain(entry["account"].as_str()?)).or_default() += entry["amount_minor"].as_i64()?;
    }
    sums.retain(|_, minor| *minor != 0);
    Some((body["purpose"].as_str()?.to_owned(), sums))
}

fn posting(row: &JournalRow) -> Option<BTreeMap<String, Value>> {
    let (purpose, sums) = sides(row)?;
    if ROUTINE.contains(&purpose.as_str()) {
        return None;
    }
    let mut posting: BTreeMap<String, Value> = sums.into_iter().map(|(account, minor)| (account, Value::from(minor))).collect();
    posting.insert("purpose".to_owned(), Value::from(purpose));
    Some(posting)
}

fn balances(rows: &[JournalRow]) -> BTreeMap<String, i64> {
    let mut balances: BTreeMap<String, i64> = BTreeMap::new();
    for (_, sums) in rows.iter().filter_map(sides) {
        for (account, minor) in sums {
            *balances.entry(account).or_default() += minor;
        }
    }
    balances.retain(|_, minor| *minor != 0);
    balances
}
