//! The journal's rows of some kinds in order of sequence.

use std::collections::VecDeque;

use laotie_facts::JournalRow;
use laotie_store::{JournalFilter, Store, StoreError};

/// Rows read at once of a kind.
const PAGE: usize = 1_000;

struct Cursor {
    filter: JournalFilter,
    after: i64,
    page: VecDeque<JournalRow>,
    over: bool,
}

/// Rows of several kinds, merged; a page of each is in memory at a time.
pub(super) struct Merged<'s> {
    store: &'s dyn Store,
    until: i64,
    cursors: Vec<Cursor>,
}

impl<'s> Merged<'s> {
    /// Rows behind a sequence number, up to another: what is recorded meanwhile is for the next time.
    pub(super) fn between(after: i64, until: i64, store: &'s dyn Store, kinds: &[&str]) -> Self {
        let cursor = |kind: &&str| Cursor {
            filter: JournalFilter { kind: Some((*kind).to_owned()), ..JournalFilter::default() },
            after,
            page: VecDeque::new(),
            over: false,
        };
        Self { store, until, cursors: kinds.iter().map(cursor).collect() }
    }

    /// The next row, by sequence.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub(super) async fn next(&mut self) -> Result<Option<JournalRow>, StoreError> {
        for cursor in self.cursors.iter_mut().filter(|c| c.page.is_empty() && !c.over) {
            let mut rows = self.store.journal_page(&cursor.filter, cursor.after, PAGE).await?;
            let full = rows.len() == PAGE;
            rows.retain(|r| r.seq <= self.until);
            cursor.over = !full || rows.len() < PAGE;
            cursor.after = rows.last().map_or(cursor.after, |r| r.seq);
            cursor.page = rows.into();
        }
        let first = self.cursors.iter_mut().filter(|c| !c.page.is_empty()).min_by_key(|c| c.page.front().map(|r| r.seq));
        Ok(first.and_then(|c| c.page.pop_front()))
    }
}
