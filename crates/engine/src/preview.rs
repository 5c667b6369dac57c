//! What a rule change would have done: the journal decided twice, with the rules as they were and changed.

use std::collections::{BTreeMap, BTreeSet};

use laotie_facts::body::RulePublished;
use laotie_facts::{JournalRow, Timestamp};
use laotie_store::{Store, StoreError};
use serde::Serialize;
use serde_json::Value;

use crate::batch::LAOTIE;
use crate::rehearsal::Rehearsal;
use crate::writer::read;

/// Rows read at a time.
const PAGE: usize = 2_000;

/// Examples told in full.
const EXAMPLES: usize = 20;

/// A subject for which something would have been otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Changed {
    /// What would be otherwise, as `claim/clm-1`.
    pub subject: String,
    /// Kinds of facts that were decided and would not have been, or otherwise.
    pub gone: Vec<Value>,
    /// What would have been decided instead.
    pub new: Vec<Value>,
}

/// What a rule change would have done to the facts of the last days.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// From when facts were looked at.
    pub since: Timestamp,
    /// Facts decided again.
    pub facts: usize,
    /// Subjects for which something would have been otherwise.
    pub subjects_changed: usize,
    /// By kind of fact: how many less and how many more.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// What buyers would have got more (or less), in minor units, all currencies of the market apart.
    pub money_changed_minor: BTreeMap<String, i64>,
    /// By currency and kind of account: how much more would stand there.
    pub accounts: BTreeMap<String, BTreeMap<String, i64>>,
    /// Some of the subjects.
    pub examples: Vec<Changed>,
}

/// Decides the journal again, with `changed` in force from `since` on instead of what held then.
///
/// Facts before `since` are decided again as well, since what follows rests on them; only differences are
/// told. `progress` is told the last row done, twice over.
///
/// # Errors
/// [`StoreError`] when the journal cannot be read.
pub async fn preview(
    store: &dyn Store,
    changed: &RulePublished,
    since: Timestamp,
    progress: &mut (dyn FnMut(i64) + Send),
) -> Result<Preview, StoreError> {
    let mut as_was = Rehearsal::new([]);
    let mut otherwise = Rehearsal::new([]);
    let mut published = false;
    let (mut facts, mut after, mut last) = (0, 0, Timestamp::default());
    loop {
        let page = store.journal_after(after, PAGE).await?;
        let Some(end) = page.last() else { break };
        after = end.seq;
        for row in &page {
            last = row.seen;
            if row.seen >= since && !published {
                otherwise.publish(changed, since);
                published = true;
            }
            // Deadlines pass by the rehearsals' own clocks; what was decided is decided again.
            let own = row.source == LAOTIE && (row.because != "[]" || row.kind == "deadline.passed");
            if own {
                continue;
            }
            let fact = read(row)?;
            let sent = laotie_facts::Incoming::new(fact.source.clone(), fact.key.clone(), fact.at, fact.by.clone(), fact.body.clone());
            as_was.take(&sent, row.seen).await?;
            otherwise.take(&sent, row.seen).await?;
            facts += 1;
        }
        progress(after);
    }
    as_was.pass(last).await?;
    otherwise.pass(last).await?;
    Ok(compare(&as_was, &otherwise, since, facts))
}

/// A decided fact without what differs from run to run: its ids, its place.
fn bare(row: &JournalRow) -> Value {
    const RUNNING: [&str; 9] = ["ruling", "posting", "hold", "debt", "penalty", "violation", "statement", "payout", "reverses"];
    let mut body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    if let Some(fields) = body.as_object_mut() {
        for field in RUNNING {
            fields.remove(field);
        }
        if let Some(Value::Array(reasons)) = fields.get_mut("reasons") {
            reasons.iter_mut().filter_map(Value::as_object_mut).for_each(|r| {
                r.remove("facts");
            });
        }
    }
    if let Some(entries) = body.get_mut("entries").and_then(Value::as_array_mut) {
        for entry in entries {
            if let Some((holder, _)) = entry["account"].as_str().and_then(|a| a.split_once("/debt/")) {
                entry["account"] = Value::from(format!("{holder}/debt"));
            }
        }
    }
    body["kind"] = Value::from(row.kind.clone());
    body
}

/// Of whom a decided fact tells: the claim, the order, or its own subject.
fn subject(row: &JournalRow, body: &Value) -> String {
    for field in ["claim", "order", "shop", "party"] {
        if let Some(id) = body[field].as_str() {
            return format!("{field}/{id}");
        }
    }
    row.subject.clone()
}

fn decided(market: &Rehearsal, since: Timestamp) -> BTreeMap<String, Vec<Value>> {
    let mut by_subject: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in market.rows().iter().filter(|r| r.source == LAOTIE && r.because != "[]" && r.seen >= since) {
        let body = bare(row);
        by_subject.entry(subject(row, &body)).or_default().push(body);
    }
    by_subject
}

fn balances(market: &Rehearsal) -> BTreeMap<(String, String), i64> {
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    for row in market.rows().iter().filter(|r| r.kind == "posting.made") {
        let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
        let currency = body["currency"].as_str().unwrap_or_default().to_owned();
        for entry in body["entries"].as_array().into_iter().flatten() {
            let account = entry["account"].as_str().unwrap_or_default();
            let holder = account.split('/').next().unwrap_or_default();
            let purpose = if account.contains("/debt/") { "debt" } else { account.rsplit('/').next().unwrap_or_default() };
            *sums.entry((currency.clone(), format!("{holder}/{purpose}"))).or_default() += entry["amount_minor"].as_i64().unwrap_or(0);
        }
    }
    sums
}

fn compare(as_was: &Rehearsal, otherwise: &Rehearsal, since: Timestamp, facts: usize) -> Preview {
    let (before, after) = (decided(as_was, since), decided(otherwise, since));
    let mut preview = Preview {
        since,
        facts,
        subjects_changed: 0,
        kinds: BTreeMap::new(),
        money_changed_minor: BTreeMap::new(),
        accounts: BTreeMap::new(),
        examples: Vec::new(),
    };
    let empty = Vec::new();
    for subject in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (old, new) = (before.get(subject).unwrap_or(&empty), after.get(subject).unwrap_or(&empty));
        let gone: Vec<Value> = old.iter().filter(|f| !new.contains(f)).cloned().collect();
        let come: Vec<Value> = new.iter().filter(|f| !old.contains(f)).cloned().collect();
        // The frozen copy of an order names the new version; that alone changes nothing for anybody.
        let tells = |f: &&Value| f["kind"] != "order.frozen";
        if !gone.iter().any(|f| tells(&f)) && !come.iter().any(|f| tells(&f)) {
            continue;
        }
        preview.subjects_changed += 1;
        for (list, more) in [(&gone, false), (&come, true)] {
            for fact in list.iter().filter(tells) {
                let counts = preview.kinds.entry(fact["kind"].as_str().unwrap_or_default().to_owned()).or_default();
                if more { counts.1 += 1 } else { counts.0 += 1 }
            }
        }
        if preview.examples.len() < EXAMPLES {
            preview.examples.push(Changed { subject: subject.clone(), gone, new: come });
        }
    }
    let (before, after) = (balances(as_was), balances(otherwise));
    for place in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let change = after.get(place).copied().unwrap_or(0) - before.get(place).copied().unwrap_or(0);
        if change != 0 {
            let (currency, account) = place;
            preview.accounts.entry(currency.clone()).or_default().insert(account.clone(), change);
            if account.starts_with("buyer/") {
                *preview.money_changed_minor.entry(currency.clone()).or_default() += change;
            }
        }
    }
    preview
}
