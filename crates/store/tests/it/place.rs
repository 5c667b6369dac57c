//! Where a story takes place: a folder, or a schema of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use laotie_store::postgres::PostgresStore;
use laotie_store::sqlite::SqliteStore;
use laotie_store::{Store, StoreError};
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// A market's place.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(Arc<TempDir>),
    Postgres { url: String, market: String },
}

impl Place {
    /// Opens the market as a program of its own would.
    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        self.try_open().await.expect("opens")
    }

    pub(crate) async fn try_open(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::Sqlite(dir) => Arc::new(SqliteStore::open(dir.path())?),
            Self::Postgres { url, market } => Arc::new(PostgresStore::open(url, market).await?),
        })
    }

    /// Runs statements past the store, as an intruder or an older program would; says why when refused.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), String> {
        match self {
            Self::Sqlite(dir) => {
                let connection = rusqlite::Connection::open(dir.path().join("market.db")).expect("opens");
                connection.execute_batch(sql).map_err(|e| e.to_string())
            }
            Self::Postgres { url, market } => {
                let client = connect(url).await.expect("connects");
                client
                    .batch_execute(&format!("create schema if not exists laotie_{market}; set search_path = laotie_{market}"))
                    .await
                    .expect("a schema");
                client
                    .batch_execute(sql)
                    .await
                    .map_err(|e| e.as_db_error().map_or(e.to_string(), |d| format!("{} {:?}", d.message(), d.constraint())))
            }
        }
    }

    /// One number out of the database, past the store.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(dir) => {
                let connection = rusqlite::Connection::open(dir.path().join("market.db")).expect("opens");
                connection.query_row(sql, [], |r| r.get(0)).expect("a number")
            }
            Self::Postgres { url, market } => {
                let client = connect(url).await.expect("connects");
                client.batch_execute(&format!("set search_path = laotie_{market}")).await.expect("a schema");
                client.query_one(sql, &[]).await.expect("a number").get(0)
            }
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

pub(crate) async fn connect(url: &str) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

pub(crate) async fn on_sqlite(story: impl AsyncFnOnce(Place)) {
    let dir = tempfile::tempdir().expect("a folder");
    story(Place::Sqlite(Arc::new(dir))).await;
}

fn url() -> String {
    std::env::var("LAOTIE_TEST_POSTGRES").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".to_owned())
}

/// Drops the story's schema, also when the story failed.
struct Schema {
    url: String,
    market: String,
}

impl Drop for Schema {
    fn drop(&mut self) {
        let (url, sql) = (self.url.clone(), format!("drop schema if exists laotie_{} cascade", self.market));
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async { connect(&url).await.expect("connects").batch_execute(&sql).await.expect("drops") });
        });
        let gone = dropped.join().is_ok() || std::thread::panicking();
        assert!(gone, "the schema of {} was not dropped", self.market);
    }
}

pub(crate) async fn on_postgres(story_name: &str, story: impl AsyncFnOnce(Place)) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let url = url();
    if let Err(error) = connect(&url).await {
        let mandatory = std::env::var("LAOTIE_TESTS_MANDATORY").is_ok_and(|v| !v.is_empty() && v != "0");
        assert!(!mandatory, "no PostgreSQL answers ({error}), and tests are mandatory");
        eprintln!("SKIPPED: {story_name} on PostgreSQL: none answers ({error}); set LAOTIE_TEST_POSTGRES");
        return;
    }
    let market = format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let _schema = Schema { url: url.clone(), market: market.clone() };
    story(Place::Postgres { url, market }).await;
}
