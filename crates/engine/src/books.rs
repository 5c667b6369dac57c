//! The ledger's tables out of the rows of the journal that move money.

use std::collections::BTreeMap;

use laotie_facts::body::HoldEnd;
use laotie_facts::{Body, Fact};
use laotie_store::{HoldRow, PostingRow, Writes};

/// What a fact that moves money writes besides its row; others write nothing.
#[derive(Default)]
pub(crate) struct Books {
    holds: BTreeMap<String, HoldRow>,
    postings: Vec<PostingRow>,
}

impl Books {
    /// Takes a recorded fact in.
    pub(crate) fn take(&mut self, fact: &Fact) {
        match &fact.body {
            Body::PostingMade(made) => {
                let transfer = made.posting.to_string();
                self.postings.extend(made.entries.iter().enumerate().map(|(i, entry)| PostingRow {
                    posting: format!("{transfer}/{i}"),
                    transfer: transfer.clone(),
                    seq: fact.seq,
                    account: entry.account.as_str().to_owned(),
                    currency: made.currency.code().to_owned(),
                    amount_minor: entry.amount_minor.get(),
                    effective: made.effective_at.unwrap_or(fact.at),
                    reverses: made.reverses.as_ref().map(ToString::to_string),
                }));
            }
            Body::HoldPlaced(placed) => {
                let row = HoldRow {
                    hold: placed.hold.to_string(),
                    account: placed.account.as_str().to_owned(),
                    currency: placed.currency.code().to_owned(),
                    amount_minor: placed.amount_minor.get(),
                    state: "held".to_owned(),
                    seq: fact.seq,
                };
                self.holds.insert(row.hold.clone(), row);
            }
            Body::HoldEnded(ended) => {
                let row = HoldRow {
                    hold: ended.hold.to_string(),
                    account: ended.account.as_str().to_owned(),
                    currency: ended.currency.code().to_owned(),
                    amount_minor: ended.amount_minor.get(),
                    state: if ended.end == HoldEnd::Taken { "taken" } else { "released" }.to_owned(),
                    seq: fact.seq,
                };
                self.holds.insert(row.hold.clone(), row);
            }
            _ => {}
        }
    }

    /// Hands all over to what is written.
    pub(crate) fn write(self, writes: &mut Writes) {
        writes.postings.extend(self.postings);
        writes.holds.extend(self.holds.into_values());
    }
}
