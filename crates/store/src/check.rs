//! What a store checks of a batch before it writes: only a bug of ours fails here.

use std::collections::BTreeMap;

use laotie_facts::JournalRow;

use crate::{Head, PostingRow, StoreError};

/// The rows start right behind the head and have no gaps.
pub(crate) fn follows_head(head: &Head, rows: &[JournalRow]) -> Result<(), StoreError> {
    let whole = rows.iter().zip(head.seq + 1..).all(|(row, seq)| row.seq == seq);
    if whole { Ok(()) } else { Err(StoreError::Constraint { operation: "committing", constraint: "journal_without_gaps".to_owned() }) }
}

/// The amounts of each transfer add up to zero, currency by currency.
pub(crate) fn transfers_balance(postings: &[PostingRow]) -> Result<(), StoreError> {
    let mut sums: BTreeMap<(&str, &str), i128> = BTreeMap::new();
    for p in postings {
        *sums.entry((&p.transfer, &p.currency)).or_default() += i128::from(p.amount_minor);
    }
    if sums.values().all(|sum| *sum == 0) {
        return Ok(());
    }
    Err(StoreError::Constraint { operation: "committing", constraint: "transfer_balances".to_owned() })
}
