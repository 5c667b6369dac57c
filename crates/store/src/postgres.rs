//! A market's store in one schema of a PostgreSQL database, shared by as many processes as need be.

mod batch;
mod binary;
mod copy;
pub(crate) mod raw;
mod read;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use laotie_facts::{JournalRow, Timestamp};
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use crate::error::chain;
use crate::migration::{Migration, pending};
use crate::{
    AccessKind, AccessRow, Batch, DeadlineRow, Head, JournalFilter, ListingPage, ListingRow, OutboxRow, PostingRow, StateKey, StateRow,
    Store, StoreError, TrialBalance,
};

use batch::PostgresBatch;
pub(crate) use copy::write;

/// The schema, oldest first.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "market", sql: include_str!("../migrations/postgres/0001_market.sql") },
    Migration { number: 2, name: "access", sql: include_str!("../migrations/postgres/0002_access.sql") },
    Migration { number: 3, name: "statement", sql: include_str!("../migrations/postgres/0003_statement.sql") },
];

/// Connections kept at most.
const CONNECTIONS: usize = 8;

/// What our sessions ask of the server.
///
/// Every join of ours looks rows up by key. Left to itself, the planner hashes a whole journal that was not analysed
/// yet, for each batch (83 ms a thousand identities at 200,000 rows, where the index takes 11), and may keep a plan made
/// while a table was empty. So plans are made afresh, joins are loops over an index, and such plans are not compiled.
/// A process that stalls with the head in its hands loses it after a minute.
const SESSION: &str = "-c plan_cache_mode=force_custom_plan -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off \
                       -c idle_in_transaction_session_timeout=60s";

/// A store in the schema `laotie_MARKET`.
pub struct PostgresStore {
    pool: Pool,
    /// This process's turn at the head: those who wait for it must not use up the connections of those who read.
    turn: Arc<tokio::sync::Mutex<()>>,
}

pub(crate) fn failed(operation: &'static str) -> impl FnOnce(tokio_postgres::Error) -> StoreError {
    move |source| {
        let constraint = source.as_db_error().and_then(|e| match e.code() {
            c if *c == SqlState::UNIQUE_VIOLATION || *c == SqlState::CHECK_VIOLATION || *c == SqlState::RAISE_EXCEPTION => {
                e.constraint().map(str::to_owned)
            }
            _ => None,
        });
        match constraint {
            Some(constraint) => StoreError::Constraint { operation, constraint },
            None => StoreError::Statement { operation, source: Box::new(source) },
        }
    }
}

/// The schema of a market; letters, digits and `_` only, so that it needs no quoting.
///
/// # Errors
/// [`StoreError::Open`] for any other name.
fn schema_of(market: &str) -> Result<String, StoreError> {
    let plain =
        !market.is_empty() && market.len() <= 40 && market.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain {
        return Ok(format!("laotie_{market}"));
    }
    let reason = "a market's name has 1 to 40 small letters, digits or `_`".to_owned();
    Err(StoreError::Open { place: format!("market `{market}`"), reason })
}

impl PostgresStore {
    /// Connects, makes the market's schema where there is none, and brings it to the newest version.
    ///
    /// # Errors
    /// [`StoreError::Open`], or [`StoreError::FromTheFuture`] when a newer program wrote it.
    pub async fn open(url: &str, market: &str) -> Result<Self, StoreError> {
        let schema = schema_of(market)?;
        let mut config: tokio_postgres::Config = url.parse().map_err(|_| StoreError::Open {
            place: "the PostgreSQL address".to_owned(),
            reason: "it is not of the form postgres://user@host:port/database".to_owned(),
        })?;
        let place = format!("PostgreSQL {:?}, schema {schema}", config.get_hosts());
        let opened = |e: StoreError| match e {
            StoreError::FromTheFuture { .. } => e,
            other => StoreError::Open { place: place.clone(), reason: chain(&other) },
        };
        let asked = config.get_options().unwrap_or_default().to_owned();
        config.options(format!("{asked} -c search_path={schema} {SESSION}"));
        config.connect_timeout(Duration::from_secs(10)).application_name("laotie");
        let store = Self::connect(config).map_err(opened)?;
        store.migrate(&schema).await.map_err(opened)?;
        store.check_durability().await.map_err(opened)?;
        Ok(store)
    }

    fn connect(config: tokio_postgres::Config) -> Result<Self, StoreError> {
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager).max_size(CONNECTIONS).runtime(Runtime::Tokio1).build();
        let pool = pool.map_err(|e| StoreError::Statement { operation: "preparing the connections", source: Box::new(e) })?;
        Ok(Self { pool, turn: Arc::default() })
    }

    /// Refuses a server that answers before rows are on disk: what is acknowledged would not survive a power cut.
    async fn check_durability(&self) -> Result<(), StoreError> {
        let operation = "reading the server's durability";
        let client = self.connection().await?;
        let sql = "select current_setting('fsync'), current_setting('synchronous_commit')";
        let row = client.query_one(sql, &[]).await.map_err(failed(operation))?;
        let (fsync, commit): (&str, &str) = (row.get(0), row.get(1));
        if fsync == "on" && commit != "off" {
            return Ok(());
        }
        let reason = format!("the server runs with fsync = {fsync} and synchronous_commit = {commit}, under which a power cut loses facts");
        Err(StoreError::Statement { operation, source: reason.into() })
    }

    pub(crate) async fn connection(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(|e| StoreError::Statement { operation: "connecting to PostgreSQL", source: Box::new(e) })
    }

    /// Brings the schema up, one transaction a migration; an advisory lock lets one process at it.
    async fn migrate(&self, schema: &str) -> Result<(), StoreError> {
        let mut client = self.connection().await?;
        loop {
            let turn = client.transaction().await.map_err(failed("preparing the schema"))?;
            turn.execute("select pg_advisory_xact_lock(hashtext($1))", &[&schema]).await.map_err(failed("waiting to migrate"))?;
            turn.batch_execute(&format!(
                "create schema if not exists {schema};
                 create table if not exists schema_migration (number bigint not null constraint schema_migration_unique primary key, name text not null)"
            ))
            .await
            .map_err(failed("preparing the schema"))?;
            let found: i64 = turn
                .query_one("select coalesce(max(number), 0) from schema_migration", &[])
                .await
                .map_err(failed("reading the schema's number"))?
                .get(0);
            let Some(next) = pending(MIGRATIONS, found)? else { return turn.commit().await.map_err(failed("migrating")) };
            turn.batch_execute(next.sql).await.map_err(failed("migrating"))?;
            let name = next.name;
            turn.execute("insert into schema_migration (number, name) values ($1, $2)", &[&next.number, &name])
                .await
                .map_err(failed("migrating"))?;
            turn.commit().await.map_err(failed("migrating"))?;
        }
    }

    /// Removes the market's schema and all that lies in it; for tests and benchmarks.
    ///
    /// # Errors
    /// [`StoreError::Statement`].
    pub async fn drop_market(self, market: &str) -> Result<(), StoreError> {
        let schema = schema_of(market)?;
        self.connection()
            .await?
            .batch_execute(&format!("drop schema if exists {schema} cascade"))
            .await
            .map_err(failed("dropping the schema"))
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self) -> Result<Box<dyn Batch>, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        Ok(Box::new(PostgresBatch::begin(self.connection().await?, turn).await?))
    }

    async fn head(&self) -> Result<Head, StoreError> {
        read::head(&self.connection().await?).await
    }

    async fn journal_after(&self, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        read::journal_page(&self.connection().await?, &JournalFilter::default(), after, limit).await
    }

    async fn history(&self, subject: &str, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        let filter = JournalFilter { subject: Some(subject.to_owned()), ..JournalFilter::default() };
        read::journal_page(&self.connection().await?, &filter, after, limit).await
    }

    async fn journal_page(&self, filter: &JournalFilter, after: i64, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        read::journal_page(&self.connection().await?, filter, after, limit).await
    }

    async fn rows(&self, seqs: &[i64]) -> Result<Vec<JournalRow>, StoreError> {
        read::rows(&self.connection().await?, seqs).await
    }

    async fn states(&self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        read::states(&self.connection().await?, keys).await
    }

    async fn states_after(&self, system: &str, after: &str, limit: usize) -> Result<Vec<StateRow>, StoreError> {
        read::states_after(&self.connection().await?, system, after, limit).await
    }

    async fn listing(&self, page: &ListingPage) -> Result<Vec<ListingRow>, StoreError> {
        read::listing(&self.connection().await?, page).await
    }

    async fn deadlines_due(&self, by: Timestamp, limit: usize) -> Result<Vec<DeadlineRow>, StoreError> {
        read::deadlines_due(&self.connection().await?, by, limit).await
    }

    async fn outbox_waiting(&self, after: i64, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        read::outbox_waiting(&self.connection().await?, after, limit).await
    }

    async fn outbox_sent(&self, ids: &[i64]) -> Result<(), StoreError> {
        let ids = ids.to_vec();
        let client = self.connection().await?;
        client.execute("update outbox set sent = true where id = any($1)", &[&ids]).await.map_err(failed("marking the outbox"))?;
        Ok(())
    }

    async fn postings(&self, account: &str, before: Option<(i64, String)>, limit: usize) -> Result<Vec<PostingRow>, StoreError> {
        read::postings(&self.connection().await?, account, before, limit).await
    }

    async fn trial_balance(&self) -> Result<Vec<TrialBalance>, StoreError> {
        read::trial_balance(&self.connection().await?).await
    }

    async fn table_counts(&self) -> Result<Vec<(String, i64)>, StoreError> {
        read::table_counts(&self.connection().await?).await
    }

    async fn access_put(&self, row: &AccessRow) -> Result<(), StoreError> {
        read::access_put(&self.connection().await?, row).await
    }

    async fn access_by_hash(&self, kind: AccessKind, secret_hash: &str) -> Result<Option<AccessRow>, StoreError> {
        read::access_by_hash(&self.connection().await?, kind, secret_hash).await
    }

    async fn access_list(&self, kind: AccessKind) -> Result<Vec<AccessRow>, StoreError> {
        read::access_list(&self.connection().await?, kind).await
    }

    async fn access_remove(&self, kind: AccessKind, id: &str) -> Result<bool, StoreError> {
        let client = self.connection().await?;
        let gone = client
            .execute("delete from access where kind = $1 and id = $2", &[&kind.name(), &id])
            .await
            .map_err(failed("removing an access row"))?;
        Ok(gone > 0)
    }
}
