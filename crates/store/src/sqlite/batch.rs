//! One writer's turn on SQLite.

use async_trait::async_trait;
use laotie_facts::{JournalRow, Timestamp};
use rusqlite::Connection;
use tokio::sync::OwnedMutexGuard;

use super::{failed, finished, read};
use crate::check::{follows_head, transfers_balance};
use crate::{Batch, Head, Recorded, StateKey, StateRow, StoreError, Writes};

/// The writer's connection inside a transaction; dropped, it rolls back.
pub(super) struct Held {
    connection: OwnedMutexGuard<Connection>,
    head: Head,
    open: bool,
}

impl Held {
    /// Begins a transaction that holds the head, across processes.
    pub(super) fn take(connection: OwnedMutexGuard<Connection>) -> Result<Self, rusqlite::Error> {
        connection.execute_batch("begin immediate")?;
        let mut held = Held { connection, head: Head { seq: 0, hash: [0; 32], seen: Timestamp::default() }, open: true };
        held.head = read::head(&held.connection)?;
        Ok(held)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SQLite itself has rolled back after some errors, as a full disk.
        if self.open
            && !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("rollback")
        {
            tracing::warn!("could not roll back a dropped batch: {error}");
        }
    }
}

/// A batch on SQLite.
pub(super) struct SqliteBatch {
    head: Head,
    held: Option<Held>,
}

impl SqliteBatch {
    pub(super) fn new(held: Held) -> Self {
        Self { head: held.head, held: Some(held) }
    }

    async fn read<T: Send + 'static>(
        &mut self,
        operation: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, StoreError> {
        let held = self.held.take().ok_or(StoreError::Constraint { operation, constraint: "batch_still_open".to_owned() })?;
        let (held, result) = finished(
            operation,
            tokio::task::spawn_blocking(move || {
                let result = work(&held.connection);
                (held, result)
            })
            .await,
        )?;
        self.held = Some(held);
        result.map_err(failed(operation))
    }
}

#[async_trait]
impl Batch for SqliteBatch {
    fn head(&self) -> Head {
        self.head
    }

    async fn recorded(&mut self, identities: &[(String, String)]) -> Result<Vec<Recorded>, StoreError> {
        let identities = identities.to_vec();
        self.read("looking identities up", move |c| read::recorded(c, &identities)).await
    }

    async fn states(&mut self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        let keys = keys.to_vec();
        self.read("reading states", move |c| read::states(c, &keys)).await
    }

    async fn rows_of(&mut self, identities: &[(String, String)]) -> Result<Vec<JournalRow>, StoreError> {
        let identities = identities.to_vec();
        self.read("reading the journal", move |c| read::rows_of(c, &identities)).await
    }

    async fn commit(mut self: Box<Self>, writes: Writes) -> Result<(), StoreError> {
        follows_head(&self.head, &writes.rows)?;
        transfers_balance(&writes.postings)?;
        let operation = "committing";
        let held = self.held.take().ok_or(StoreError::Constraint { operation, constraint: "batch_still_open".to_owned() })?;
        finished(
            operation,
            tokio::task::spawn_blocking(move || {
                let mut held = held; // the whole of it, so that an error on the way rolls back
                write(&held.connection, &writes)?;
                held.connection.execute_batch("commit")?;
                held.open = false;
                Ok(())
            })
            .await,
        )?
        .map_err(failed(operation))
    }
}

/// Writes all rows of a batch with prepared statements, inside the caller's transaction.
pub(crate) fn write(c: &Connection, writes: &Writes) -> Result<(), rusqlite::Error> {
    let mut put = c.prepare_cached(
        "insert into journal (seq, seen, at, source, key, kind, subject, by, because, rules, body, body_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )?;
    for r in &writes.rows {
        put.execute((
            r.seq,
            r.seen.micros(),
            r.at.micros(),
            &r.source,
            &r.key,
            &r.kind,
            &r.subject,
            &r.by,
            &r.because,
            &r.rules,
            &r.body,
            &r.body_hash[..],
            &r.hash[..],
        ))?;
    }
    let mut put = c.prepare_cached(
        "insert into state (system, key, body) values ($1, $2, $3) on conflict (system, key) do update set body = excluded.body",
    )?;
    for r in &writes.states {
        put.execute((&r.system, &r.key, &r.body))?;
    }
    let mut gone = c.prepare_cached("delete from listing where view = $1 and owner = $2 and key = $3")?;
    for (view, owner, key) in &writes.listings_gone {
        gone.execute((view, owner, key))?;
    }
    let mut put = c.prepare_cached(
        "insert into listing (view, owner, key, sort, body) values ($1, $2, $3, $4, $5)
         on conflict (view, owner, key) do update set sort = excluded.sort, body = excluded.body",
    )?;
    for r in &writes.listings {
        put.execute((&r.view, &r.owner, &r.key, &r.sort, &r.body))?;
    }
    let mut gone = c.prepare_cached("delete from deadline where system = $1 and key = $2 and purpose = $3")?;
    for (system, key, purpose) in &writes.deadlines_gone {
        gone.execute((system, key, purpose))?;
    }
    let mut put = c.prepare_cached(
        "insert into deadline (system, key, purpose, due) values ($1, $2, $3, $4)
         on conflict (system, key, purpose) do update set due = excluded.due",
    )?;
    for r in &writes.deadlines {
        put.execute((&r.system, &r.key, &r.purpose, r.due.micros()))?;
    }
    let mut put = c.prepare_cached("insert into outbox (seq, target, body) values ($1, $2, $3)")?;
    for r in &writes.outbox {
        put.execute((r.seq, &r.target, &r.body))?;
    }
    money(c, writes)
}

fn money(c: &Connection, writes: &Writes) -> Result<(), rusqlite::Error> {
    let mut put = c.prepare_cached(
        "insert into posting (posting, transfer, seq, account, currency, amount_minor, effective, reverses) values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?;
    for r in &writes.postings {
        put.execute((&r.posting, &r.transfer, r.seq, &r.account, &r.currency, r.amount_minor, r.effective.micros(), &r.reverses))?;
    }
    let mut put = c.prepare_cached(
        "insert into balance (account, currency, posted_minor, held_minor, floor_minor) values ($1, $2, $3, $4, $5)
         on conflict (account, currency) do update set posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
           floor_minor = excluded.floor_minor",
    )?;
    for r in &writes.balances {
        put.execute((&r.account, &r.currency, r.posted_minor, r.held_minor, r.floor_minor))?;
    }
    let mut put = c.prepare_cached(
        "insert into hold (hold, account, currency, amount_minor, state, seq) values ($1, $2, $3, $4, $5, $6)
         on conflict (hold) do update set state = excluded.state, seq = excluded.seq",
    )?;
    for r in &writes.holds {
        put.execute((&r.hold, &r.account, &r.currency, r.amount_minor, &r.state, r.seq))?;
    }
    Ok(())
}
