//! A market's store in one SQLite file, beside other processes if need be.

mod batch;
mod read;
mod row;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use laotie_facts::{JournalRow, Timestamp};
use rusqlite::Connection;

use crate::migration::{Migration, pending};
use crate::{
    AccessKind, AccessRow, Batch, DeadlineRow, Head, JournalFilter, ListingPage, ListingRow, OutboxRow, PostingRow, StateKey, StateRow,
    Store, StoreError, TrialBalance,
};

pub(crate) use batch::write;
use batch::{Held, SqliteBatch};

/// The schema, oldest first.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "market", sql: include_str!("../migrations/sqlite/0001_market.sql") },
    Migration { number: 2, name: "access", sql: include_str!("../migrations/sqlite/0002_access.sql") },
    Migration { number: 3, name: "statement", sql: include_str!("../migrations/sqlite/0003_statement.sql") },
];

/// How long a writer sleeps before it tries again whether another process has ended its turn.
const NAP: Duration = Duration::from_millis(2);

/// How often it does so before it gives up: half a minute.
const NAPS: i32 = 15_000;

/// Readers kept open.
const READERS: usize = 4;

/// A store in `DIR/market.db`.
pub struct SqliteStore {
    path: PathBuf,
    writer: Arc<tokio::sync::Mutex<Connection>>,
    readers: Arc<Mutex<Vec<Connection>>>,
}

pub(crate) fn failed(operation: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |source| match &source {
        rusqlite::Error::SqliteFailure(error, Some(text)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
            StoreError::Constraint { operation, constraint: constraint_of(text) }
        }
        _ => StoreError::Statement { operation, source: Box::new(source) },
    }
}

/// The constraint's name; a broken key is told by its columns, which is how SQLite names it.
fn constraint_of(text: &str) -> String {
    let name = text.rsplit("constraint failed: ").next().unwrap_or(text).trim();
    let known = match name {
        "journal.source, journal.key" => "journal_identity",
        "journal.seq" => "journal_seq_unique",
        "posting.posting" => "posting_unique",
        "access.kind, access.secret_hash" => "access_secret",
        other => other,
    };
    known.to_owned()
}

/// Waits for another process's turn to end. Short naps: SQLite's own waits grow to 100 ms, and a process that
/// asks that seldom never finds a busy market free.
fn nap(times: i32) -> bool {
    std::thread::sleep(NAP);
    times < NAPS
}

/// Opens a connection as every one of ours is set up: WAL, full durability.
pub(crate) fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let mut connection = Connection::open(path)?;
    connection.busy_handler(Some(nap))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "recursive_triggers", true)?; // so that `insert or replace` meets the journal's guards
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

impl SqliteStore {
    /// Opens or makes `DIR/market.db` and brings it to the newest schema.
    ///
    /// # Errors
    /// [`StoreError::Open`], or [`StoreError::FromTheFuture`] when a newer program wrote it.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join("market.db");
        let opened = |reason: String| StoreError::Open { place: path.display().to_string(), reason };
        std::fs::create_dir_all(dir).map_err(|e| opened(e.to_string()))?;
        let mut connection = connect(&path).map_err(|e| opened(e.to_string()))?;
        migrate(&mut connection, MIGRATIONS).map_err(|e| match e {
            StoreError::FromTheFuture { .. } => e,
            other => opened(crate::error::chain(&other)),
        })?;
        Ok(Self { path, writer: Arc::new(tokio::sync::Mutex::new(connection)), readers: Arc::default() })
    }

    /// Runs a read on a connection of its own, away from the async threads.
    async fn read<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (readers, path) = (Arc::clone(&self.readers), self.path.clone());
        let done = tokio::task::spawn_blocking(move || {
            let kept = readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
            let connection = match kept {
                Some(connection) => connection,
                None => {
                    let connection = connect(&path)?;
                    connection.pragma_update(None, "query_only", true)?;
                    connection
                }
            };
            let result = work(&connection);
            let mut readers = readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if readers.len() < READERS {
                readers.push(connection);
            }
            result
        });
        finished(operation, done.await)?.map_err(failed(operation))
    }

    /// Runs a small write outside the journal.
    async fn small_write<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, StoreError> {
        let guard = Arc::clone(&self.writer).lock_owned().await;
        finished(operation, tokio::task::spawn_blocking(move || work(&guard)).await)?.map_err(failed(operation))
    }
}

/// The result of work on a blocking thread; a panic there goes on here.
///
/// # Errors
/// [`StoreError::Statement`] when the runtime shut down before the work began.
pub(crate) fn finished<T>(operation: &'static str, joined: Result<T, tokio::task::JoinError>) -> Result<T, StoreError> {
    joined.map_err(|error| {
        if error.is_panic() {
            std::panic::resume_unwind(error.into_panic());
        }
        StoreError::Statement { operation, source: Box::new(error) }
    })
}

/// Brings the schema up, one transaction a migration.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[Migration]) -> Result<(), StoreError> {
    connection
        .execute_batch("create table if not exists schema_migration (number integer not null constraint schema_migration_unique primary key, name text not null) strict")
        .map_err(failed("preparing the schema"))?;
    loop {
        // Whole already: no turn is taken, so that an opener never waits for a writer that may wait for the opener's thread.
        let found: i64 = connection
            .query_row("select coalesce(max(number), 0) from schema_migration", [], |r| r.get(0))
            .map_err(failed("reading the schema's number"))?;
        if pending(migrations, found)?.is_none() {
            return Ok(());
        }
        let turn = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed("waiting to migrate"))?;
        let found: i64 = turn
            .query_row("select coalesce(max(number), 0) from schema_migration", [], |r| r.get(0))
            .map_err(failed("reading the schema's number"))?;
        let Some(next) = pending(migrations, found)? else { return Ok(()) };
        turn.execute_batch(next.sql).map_err(failed("migrating"))?;
        turn.execute("insert into schema_migration (number, name) values ($1, $2)", (next.number, next.name))
            .map_err(failed("migrating"))?;
        turn.commit().map_err(failed("migrating"))?;
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self) -> Result<Box<dyn Batch>, StoreError> {
        let guard = Arc::clone(&self.writer).lock_owned().await;
        let operation = "taking the chain's head";
        let held = finished(operation, tokio::task::spawn_blocking(move || Held::take(guard)).await)?.map_err(failed(operation))?;
        Ok(Box::new(SqliteBatch::new(held)))
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.read("reading the head", read::head).await
    }

    async fn journal_after(&self, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        self.journal_page(&JournalFilter::default(), after, limit).await
    }

    async fn history(&self, subject: &str, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        let filter = JournalFilter { subject: Some(subject.to_owned()), ..JournalFilter::default() };
        self.journal_page(&filter, after, limit).await
    }

    async fn journal_page(&self, filter: &JournalFilter, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        let filter = filter.clone();
        self.read("reading the journal", move |c| read::journal_page(c, &filter, after, limit)).await
    }

    async fn rows(&self, seqs: &[i64]) -> Result<Vec<JournalRow>, StoreError> {
        let mut seqs = seqs.to_vec();
        seqs.sort_unstable();
        seqs.dedup();
        self.read("reading the journal", move |c| read::rows(c, &seqs)).await
    }

    async fn states(&self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        let keys = keys.to_vec();
        self.read("reading states", move |c| read::states(c, &keys)).await
    }

    async fn states_after(&self, system: &str, after: &str, limit: usize) -> Result<Vec<StateRow>, StoreError> {
        let (system, after) = (system.to_owned(), after.to_owned());
        self.read("reading states", move |c| read::states_after(c, &system, &after, limit)).await
    }

    async fn listing(&self, page: &ListingPage) -> Result<Vec<ListingRow>, StoreError> {
        let page = page.clone();
        self.read("reading a list", move |c| read::listing(c, &page)).await
    }

    async fn deadlines_due(&self, by: Timestamp, limit: usize) -> Result<Vec<DeadlineRow>, StoreError> {
        self.read("reading deadlines", move |c| read::deadlines_due(c, by, limit)).await
    }

    async fn outbox_waiting(&self, after: i64, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.read("reading the outbox", move |c| read::outbox_waiting(c, after, limit)).await
    }

    async fn outbox_sent(&self, ids: &[i64]) -> Result<(), StoreError> {
        let ids = ids.to_vec();
        self.small_write("marking the outbox", move |c| {
            let mut mark = c.prepare_cached("update outbox set sent = 1 where id = $1")?;
            ids.iter().try_for_each(|id| mark.execute([id]).map(|_| ()))
        })
        .await
    }

    async fn postings(&self, account: &str, before: Option<(i64, String)>, limit: usize) -> Result<Vec<PostingRow>, StoreError> {
        let account = account.to_owned();
        self.read("reading postings", move |c| read::postings(c, &account, before, limit)).await
    }

    async fn trial_balance(&self) -> Result<Vec<TrialBalance>, StoreError> {
        self.read("balancing the books", read::trial_balance).await
    }

    async fn table_counts(&self) -> Result<Vec<(String, i64)>, StoreError> {
        self.read("counting rows", read::table_counts).await
    }

    async fn access_put(&self, row: &AccessRow) -> Result<(), StoreError> {
        let row = row.clone();
        self.small_write("keeping an access row", move |c| read::access_put(c, &row)).await
    }

    async fn access_by_hash(&self, kind: AccessKind, secret_hash: &str) -> Result<Option<AccessRow>, StoreError> {
        let hash = secret_hash.to_owned();
        self.read("finding an access row", move |c| read::access_by_hash(c, kind, &hash)).await
    }

    async fn access_list(&self, kind: AccessKind) -> Result<Vec<AccessRow>, StoreError> {
        self.read("listing access rows", move |c| read::access_list(c, kind)).await
    }

    async fn access_remove(&self, kind: AccessKind, id: &str) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.small_write("removing an access row", move |c| {
            Ok(c.execute("delete from access where kind = $1 and id = $2", (kind.name(), &id))? > 0)
        })
        .await
    }
}
