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
    cursors: Vec<Cursor>,
}

impl<'s> Merged<'s> {
    pub(super) fn new(store: &'s dyn Store, kinds: &[&str]) -> Self {
        let cursor = |kind: &&str| Cursor {
            filter: JournalFilter { kind: Some((*kind).to_owned()), ..JournalFilter::default() },
            after: 0,
            page: VecDeque::new(),
            over: false,
        };
        Self { store, cursors: kinds.iter().map(cursor).collect() }
    }

    /// The next row, by sequence.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub(super) async fn next(&mut self) -> Result<Option<JournalRow>, StoreError> {
        for cursor in self.cursors.iter_mut().filter(|c| c.page.is_empty() && !c.over) {
            let rows = self.store.journal_page(&cursor.filter, cursor.after, PAGE).await?;
            cursor.over = rows.len() < PAGE;
            cursor.after = rows.last().map_or(cursor.after, |r| r.seq);
            cursor.page = rows.into();
        }
        let first = self.cursors.iter_mut().filter(|c| !c.page.is_empty()).min_by_key(|c| c.page.front().map(|r| r.seq));
        Ok(first.and_then(|c| c.page.pop_front()))
    }
}
