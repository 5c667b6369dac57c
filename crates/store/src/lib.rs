//! Where a market's journal and states lie: SQLite by default, PostgreSQL when one machine is not enough.
//!
//! The store knows no system. Its tables are settled once, its trait says only what both databases can
//! do, and one conformance suite runs on both.
//!
//! # Invariants
//! - The journal is append-only; `seq` has no gaps; each row's hash covers the one before.
//! - A [`Batch`] holds the chain's head from [`Store::begin`] to [`Batch::commit`]: at most one writer
//!   at a time, across processes, and all of its writes or none.
//! - After `commit` returns, the rows survive a kill -9 and a power cut (`synchronous = full`).

mod check;
mod error;
mod migration;
mod model;
pub mod postgres;
pub mod raw;
mod sql;
pub mod sqlite;

use async_trait::async_trait;
use laotie_facts::{JournalRow, Timestamp};

pub use error::StoreError;
pub use model::*;

/// The tables of a market, for counts.
pub const TABLES: &[&str] = &["journal", "state", "posting", "balance", "hold", "deadline", "outbox", "listing"];

/// A market's store.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Takes the chain's head for writing; waits while another writer has it.
    async fn begin(&self) -> Result<Box<dyn Batch>, StoreError>;

    /// The end of the journal.
    async fn head(&self) -> Result<Head, StoreError>;

    /// Rows with `seq > after`, in order, at most `limit`.
    async fn journal_after(&self, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError>;

    /// Rows of one subject's history, in order of `seq`, with `seq > after`, at most `limit`.
    async fn history(&self, subject: &str, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError>;

    /// Rows that pass a filter, in order of `seq`, with `seq > after`, at most `limit`.
    async fn journal_page(&self, filter: &JournalFilter, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError>;

    /// The rows at these places, each once, in order of `seq`.
    async fn rows(&self, seqs: &[i64]) -> Result<Vec<JournalRow>, StoreError>;

    /// The states of these keys; missing ones are left out.
    async fn states(&self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError>;

    /// States of one system with `key > after`, in order of key, at most `limit`.
    async fn states_after(&self, system: &str, after: &str, limit: usize) -> Result<Vec<StateRow>, StoreError>;

    /// A page of a list, in order of `(sort, key)`, behind `after`, at most `limit`; backwards when `descending`.
    async fn listing(&self, page: &ListingPage) -> Result<Vec<ListingRow>, StoreError>;

    /// Deadlines due at or before a time, the earliest first, at most `limit`.
    async fn deadlines_due(&self, by: Timestamp, limit: usize) -> Result<Vec<DeadlineRow>, StoreError>;

    /// Outbox rows with `id > after` that were not sent yet, at most `limit`.
    async fn outbox_waiting(&self, after: i64, limit: usize) -> Result<Vec<OutboxRow>, StoreError>;

    /// Marks outbox rows as sent.
    async fn outbox_sent(&self, ids: &[i64]) -> Result<(), StoreError>;

    /// Postings of an account, the latest first, before `(seq, posting)`, at most `limit`.
    async fn postings(&self, account: &str, before: Option<(i64, String)>, limit: usize) -> Result<Vec<PostingRow>, StoreError>;

    /// Whether the books balance, a row a currency.
    async fn trial_balance(&self) -> Result<Vec<TrialBalance>, StoreError>;

    /// Rows in each table, for status pages and benchmarks.
    async fn table_counts(&self) -> Result<Vec<(String, i64)>, StoreError>;

    /// Keeps an access key (hashed) or a sign-in session; replaces one with the same id.
    async fn access_put(&self, row: &AccessRow) -> Result<(), StoreError>;

    /// Finds an access row by the hash of its secret.
    async fn access_by_hash(&self, kind: AccessKind, secret_hash: &str) -> Result<Option<AccessRow>, StoreError>;

    /// Access rows of a kind, in order of id.
    async fn access_list(&self, kind: AccessKind) -> Result<Vec<AccessRow>, StoreError>;

    /// Removes an access row; whether it was there. Of concurrent callers exactly one gets `true`.
    async fn access_remove(&self, kind: AccessKind, id: &str) -> Result<bool, StoreError>;
}

/// One writer's turn: reads as of the chain's head, then everything at once.
///
/// Dropping it without [`Batch::commit`] gives the head back and changes nothing.
#[async_trait]
pub trait Batch: Send {
    /// The chain's head that this batch holds.
    fn head(&self) -> Head;

    /// Which of these identities `(source, key)` are recorded already, in the order asked.
    async fn recorded(&mut self, identities: &[(String, String)]) -> Result<Vec<Recorded>, StoreError>;

    /// The states of these keys; missing ones are left out.
    async fn states(&mut self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError>;

    /// The journal rows of these identities, each once, in order of `seq`.
    async fn rows_of(&mut self, identities: &[(String, String)]) -> Result<Vec<JournalRow>, StoreError>;

    /// Writes everything in one transaction and makes it durable.
    async fn commit(self: Box<Self>, writes: Writes) -> Result<(), StoreError>;
}
