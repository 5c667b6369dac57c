//! What was, and what was known: any order as of any two times.

use std::collections::BTreeMap;

use laotie_facts::{Fact, JournalRow, OrderId, States, System, Timestamp};
use laotie_orders::{Order, Orders};
use laotie_store::{StateKey, Store, StoreError};
use serde::Serialize;

use crate::writer::read;

/// Two times to look back to; `None` is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AsOf {
    /// Only what had happened by then.
    pub at: Option<Timestamp>,
    /// Only what Laotie had heard of by then.
    pub seen: Option<Timestamp>,
}

impl AsOf {
    fn is_now(self) -> bool {
        self == Self::default()
    }

    /// Whether a row counts.
    pub fn covers(self, row: &JournalRow) -> bool {
        self.at.is_none_or(|at| row.at <= at) && self.seen.is_none_or(|seen| row.seen <= seen)
    }
}

/// Why a state could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// An order and the rows of the journal that made it.
#[derive(Debug, Clone, Serialize)]
pub struct OrderView {
    /// Its id.
    pub id: String,
    /// Its state.
    pub order: Order,
    /// Its history, in order of `seq`.
    #[serde(skip)]
    pub history: Vec<JournalRow>,
}

/// Rows read at a time.
const PAGE: usize = 500;

pub(crate) async fn order(store: &dyn Store, id: &OrderId, as_of: AsOf) -> Result<Option<OrderView>, ReadError> {
    let mut history = Vec::new();
    let subject = format!("order/{id}");
    loop {
        let after = history.last().map_or(0, |row: &JournalRow| row.seq);
        let page = store.history(&subject, after, PAGE).await?;
        let full = page.len() == PAGE;
        history.extend(page);
        if !full {
            break;
        }
    }
    history.retain(|row| as_of.covers(row));
    if history.is_empty() {
        return Ok(None);
    }
    let order = if as_of.is_now() { stored(store, id).await? } else { fold(&history)? };
    Ok(order.map(|order| OrderView { id: id.to_string(), order, history }))
}

async fn stored(store: &dyn Store, id: &OrderId) -> Result<Option<Order>, StoreError> {
    let key = StateKey { system: Orders::NAME.to_owned(), key: id.to_string() };
    let rows = store.states(&[key]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    serde_json::from_str(&row.body)
        .map(Some)
        .map_err(|e| StoreError::Corrupt { what: format!("the state of order {id}"), reason: e.to_string() })
}

/// The state that rows of one history lead to. A voiding of a fact that is not among them changes nothing.
fn fold(history: &[JournalRow]) -> Result<Option<Order>, StoreError> {
    let mut states = States::<Order>::default();
    let mut facts: BTreeMap<i64, Fact> = BTreeMap::new();
    for row in history {
        let mut fact = read(row)?;
        fact.target = fact.because.first().and_then(|seq| facts.get(seq)).filter(|_| row.kind == "fact.voided").cloned().map(Box::new);
        Orders::evolve(&mut states, &fact);
        facts.insert(row.seq, fact);
    }
    Ok(states.iter().next().map(|(_, order)| order.clone()))
}
