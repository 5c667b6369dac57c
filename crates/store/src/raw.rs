//! The raw limit, for `make bench` only: the same rows into the same tables and indexes, with nothing around it.
//!
//! No turns, no look-ups, no checks, no hashing, no async hops between statements: rows that were prepared in
//! advance go in by the fastest way that each database's driver has, one durable transaction a batch. What the
//! engine commits a second is measured against this.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use laotie_facts::{JournalRow, Timestamp};

use crate::postgres::PostgresStore;
use crate::sqlite::SqliteStore;
use crate::{
    AccessKind, AccessRow, Batch, DeadlineRow, Head, JournalFilter, ListingPage, ListingRow, OutboxRow, PostingRow, Recorded, StateKey,
    StateRow, Store, StoreError, TrialBalance, Writes,
};

/// Writes the batches into a new SQLite market in `dir`; how long it took.
///
/// Prepared statements on one connection, in the calling thread.
///
/// # Errors
/// [`StoreError`], also when the market is not new.
pub fn sqlite(dir: &Path, batches: &[Writes]) -> Result<Duration, StoreError> {
    drop(SqliteStore::open(dir)?);
    let connection = crate::sqlite::connect(&dir.join("market.db")).map_err(crate::sqlite::failed("opening the raw market"))?;
    let watch = Watch::start();
    for writes in batches {
        let each = || {
            connection.execute_batch("begin immediate")?;
            crate::sqlite::write(&connection, writes)?;
            connection.execute_batch("commit")
        };
        each().map_err(crate::sqlite::failed("writing raw rows"))?;
    }
    Ok(watch.elapsed())
}

/// Writes the batches into a new PostgreSQL market; how long it took.
///
/// Rows whose key is new in the run go in by binary COPY, in whichever table; rows that replace one are updated by
/// arrays. Which is which was found out before the clock started, which no store could know for free.
///
/// # Errors
/// [`StoreError`], also when the market is not new.
pub async fn postgres(url: &str, market: &str, batches: &[Writes]) -> Result<Duration, StoreError> {
    let store = PostgresStore::open(url, market).await?;
    let batches = crate::postgres::raw::told_apart(batches);
    let client = store.connection().await?;
    let watch = Watch::start();
    for batch in &batches {
        crate::postgres::raw::write(&client, batch).await?;
    }
    Ok(watch.elapsed())
}

/// Time since it was started.
struct Watch(std::time::Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures; nothing is decided by it")]
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A store that keeps a copy of all that is written through it, so that the raw limit can be measured with the very
/// rows that an engine made.
#[derive(Clone)]
pub struct Recorder {
    store: Arc<dyn Store>,
    written: Arc<Mutex<Vec<Writes>>>,
}

impl Recorder {
    /// Stands before a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, written: Arc::default() }
    }

    /// Takes what was written so far, batch by batch, in order.
    pub fn take(&self) -> Vec<Writes> {
        std::mem::take(&mut *self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// A batch whose writes are kept once they are committed.
struct RecordedBatch {
    batch: Box<dyn Batch>,
    written: Arc<Mutex<Vec<Writes>>>,
}

#[async_trait]
impl Batch for RecordedBatch {
    fn head(&self) -> Head {
        self.batch.head()
    }

    async fn recorded(&mut self, identities: &[(String, String)]) -> Result<Vec<Recorded>, StoreError> {
        self.batch.recorded(identities).await
    }

    async fn states(&mut self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        self.batch.states(keys).await
    }

    async fn rows_of(&mut self, identities: &[(String, String)]) -> Result<Vec<JournalRow>, StoreError> {
        self.batch.rows_of(identities).await
    }

    async fn commit(self: Box<Self>, writes: Writes) -> Result<(), StoreError> {
        let copy = writes.clone();
        self.batch.commit(writes).await?;
        self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(copy);
        Ok(())
    }
}

#[async_trait]
impl Store for Recorder {
    async fn begin(&self) -> Result<Box<dyn Batch>, StoreError> {
        Ok(Box::new(RecordedBatch { batch: self.store.begin().await?, written: Arc::clone(&self.written) }))
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.store.head().await
    }

    async fn journal_after(&self, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        self.store.journal_after(after, limit).await
    }

    async fn history(&self, subject: &str, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        self.store.history(subject, after, limit).await
    }

    async fn journal_page(&self, filter: &JournalFilter, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        self.store.journal_page(filter, after, limit).await
    }

    async fn rows(&self, seqs: &[i64]) -> Result<Vec<JournalRow>, StoreError> {
        self.store.rows(seqs).await
    }

    async fn states(&self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        self.store.states(keys).await
    }

    async fn states_after(&self, system: &str, after: &str, limit: usize) -> Result<Vec<StateRow>, StoreError> {
        self.store.states_after(system, after, limit).await
    }

    async fn listing(&self, page: &ListingPage) -> Result<Vec<ListingRow>, StoreError> {
        self.store.listing(page).await
    }

    async fn deadlines_due(&self, by: Timestamp, limit: usize) -> Result<Vec<DeadlineRow>, StoreError> {
        self.store.deadlines_due(by, limit).await
    }

    async fn outbox_waiting(&self, after: i64, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.store.outbox_waiting(after, limit).await
    }

    async fn outbox_sent(&self, ids: &[i64]) -> Result<(), StoreError> {
        self.store.outbox_sent(ids).await
    }

    async fn postings(&self, account: &str, before: Option<(i64, String)>, limit: usize) -> Result<Vec<PostingRow>, StoreError> {
        self.store.postings(account, before, limit).await
    }

    async fn trial_balance(&self) -> Result<Vec<TrialBalance>, StoreError> {
        self.store.trial_balance().await
    }

    async fn table_counts(&self) -> Result<Vec<(String, i64)>, StoreError> {
        self.store.table_counts().await
    }

    async fn access_put(&self, row: &AccessRow) -> Result<(), StoreError> {
        self.store.access_put(row).await
    }

    async fn access_by_hash(&self, kind: AccessKind, secret_hash: &str) -> Result<Option<AccessRow>, StoreError> {
        self.store.access_by_hash(kind, secret_hash).await
    }

    async fn access_list(&self, kind: AccessKind) -> Result<Vec<AccessRow>, StoreError> {
        self.store.access_list(kind).await
    }

    async fn access_remove(&self, kind: AccessKind, id: &str) -> Result<bool, StoreError> {
        self.store.access_remove(kind, id).await
    }
}
