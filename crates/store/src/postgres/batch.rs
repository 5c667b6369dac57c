//! One writer's turn on PostgreSQL.

use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::Object;
use laotie_facts::{JournalRow, Timestamp};
use tokio::sync::OwnedMutexGuard;

use super::{failed, read, write};
use crate::check::{follows_head, transfers_balance};
use crate::{Batch, Head, Recorded, StateKey, StateRow, StoreError, Writes};

/// How long a rollback may take before its connection is given up.
const ROLLBACK: Duration = Duration::from_secs(5);

/// A connection inside a transaction, and this process's turn.
struct Open {
    client: Object,
    turn: OwnedMutexGuard<()>,
}

/// A batch that holds the chain's head.
pub(super) struct PostgresBatch {
    open: Option<Open>,
    head: Head,
}

impl PostgresBatch {
    /// Begins a transaction and takes the head's row; waits while another writer has it.
    pub(super) async fn begin(client: Object, turn: OwnedMutexGuard<()>) -> Result<Self, StoreError> {
        // Wrapped before the first await, so that a caller that goes away leaves no open transaction behind.
        let head = Head { seq: 0, hash: [0; 32], seen: Timestamp::default() };
        let mut batch = Self { open: Some(Open { client, turn }), head };
        batch.head = read::take_head(batch.client()?).await?;
        Ok(batch)
    }

    fn client(&self) -> Result<&Object, StoreError> {
        let open = self.open.as_ref().map(|o| &o.client);
        open.ok_or(StoreError::Constraint { operation: "writing a batch", constraint: "batch_still_open".to_owned() })
    }
}

impl Drop for PostgresBatch {
    /// Rolls back in the background and keeps the connection; where that fails, closing it makes the server do so.
    fn drop(&mut self) {
        let Some(Open { client, turn }) = self.open.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(Object::take(client));
            return;
        };
        runtime.spawn(async move {
            let rolled_back = matches!(tokio::time::timeout(ROLLBACK, client.batch_execute("rollback")).await, Ok(Ok(())));
            if !rolled_back {
                tracing::warn!("a dropped batch was not rolled back in time; its connection is closed");
                drop(Object::take(client));
            }
            drop(turn);
        });
    }
}

#[async_trait]
impl Batch for PostgresBatch {
    fn head(&self) -> Head {
        self.head
    }

    async fn recorded(&mut self, identities: &[(String, String)]) -> Result<Vec<Recorded>, StoreError> {
        read::recorded(self.client()?, identities).await
    }

    async fn states(&mut self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        read::states(self.client()?, keys).await
    }

    async fn rows_of(&mut self, identities: &[(String, String)]) -> Result<Vec<JournalRow>, StoreError> {
        read::rows_of(self.client()?, identities).await
    }

    async fn commit(mut self: Box<Self>, writes: Writes) -> Result<(), StoreError> {
        follows_head(&self.head, &writes.rows)?;
        transfers_balance(&writes.postings)?;
        let client = self.client()?;
        write(client, &writes).await?;
        client.batch_execute("commit").await.map_err(failed("committing"))?;
        drop(self.open.take()); // the connection back to the pool, the turn to the next
        Ok(())
    }
}
