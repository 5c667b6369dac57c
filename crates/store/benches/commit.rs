//! Rows committed a second through the store, beside the raw limit with the same rows.
//!
//! `cargo bench -p laotie-store --profile quick` (or `release`); `LAOTIE_TEST_POSTGRES` names the PostgreSQL,
//! `LAOTIE_BENCH_FACTS` how many facts (100,000), in batches of 1,000. Each fact is an order's: a journal row and a
//! state, and with every first of an order two list rows; every second fact of an order replaces its state.
//! The turn includes what the engine asks of each batch: known identities and the states touched.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops at the first error and prints its figures")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use laotie_facts::{JournalRow, Timestamp, body_hash};
use laotie_store::postgres::PostgresStore;
use laotie_store::sqlite::SqliteStore;
use laotie_store::{ListingRow, StateKey, StateRow, Store, Writes, raw};

const BATCH: usize = 1_000;

fn batches(facts: usize) -> Vec<Writes> {
    let (mut previous, mut batches) = ([0; 32], Vec::new());
    for first in (0..facts).step_by(BATCH) {
        let mut writes = Writes::default();
        for i in first..(first + BATCH).min(facts) {
            // Orders are paid in one batch and sent on in the next.
            let (paid, order) = ((i / BATCH).is_multiple_of(2), i / (2 * BATCH) * BATCH + i % BATCH);
            let name = format!("o-{}", order * 7_919 % 1_000_003);
            let what = if paid { "paid" } else { "dispatched" };
            let body = format!(
                r#"{{"buyer":"b-{}","currency":"CNY","lines":[{{"item":"i-{}","line":"1","qty":2,"total_minor":25800,"unit_price_minor":12900}}],"order":"{name}","paid_minor":24800,"room":"t-9","shop":"s-3","streamer":"t-9"}}"#,
                order % 5_000,
                order % 300
            );
            let time = Timestamp::from_micros(1_781_092_800_000_000 + i64::try_from(i).unwrap()).unwrap();
            let mut row = JournalRow {
                seq: i64::try_from(i).unwrap() + 1,
                seen: time,
                at: time,
                source: "shop-system".to_owned(),
                key: format!("{name}/{what}"),
                kind: format!("order.{what}"),
                subject: format!("order/{name}"),
                by: None,
                because: "[]".to_owned(),
                rules: "[]".to_owned(),
                body_hash: body_hash(&body),
                body,
                hash: [0; 32],
            };
            row.hash = row.chain_hash(&previous);
            previous = row.hash;
            let state = format!(r#"{{"order":"{name}","paid_minor":24800,"state":"{what}","terms":{{"kept":"{}"}}}}"#, row.body.len());
            if paid {
                let listed = |view: &str, owner: String| ListingRow {
                    view: view.to_owned(),
                    owner,
                    sort: time.to_string(),
                    key: name.clone(),
                    body: format!(r#"{{"order":"{name}","paid_minor":24800}}"#),
                };
                writes.listings.extend([listed("orders", String::new()), listed("orders", format!("b-{}", order % 5_000))]);
            }
            writes.states.push(StateRow { system: "orders".to_owned(), key: name, body: state });
            writes.rows.push(row);
        }
        batches.push(writes);
    }
    batches
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
/// What the engine does of a batch at the store: take the turn, look up, load, commit.
async fn through(store: Arc<dyn Store>, batches: Vec<Writes>) -> Duration {
    let watch = Instant::now();
    for writes in batches {
        let mut batch = store.begin().await.unwrap();
        let identities: Vec<(String, String)> = writes.rows.iter().map(|r| (r.source.clone(), r.key.clone())).collect();
        assert!(batch.recorded(&identities).await.unwrap().is_empty());
        let keys: Vec<StateKey> = writes.states.iter().map(|s| StateKey { system: s.system.clone(), key: s.key.clone() }).collect();
        std::hint::black_box(batch.states(&keys).await.unwrap());
        batch.commit(writes).await.unwrap();
    }
    watch.elapsed()
}

fn report(what: &str, rows: usize, store: Duration, raw: Duration) {
    let a_second = |took: Duration| f64::from(u32::try_from(rows).unwrap()) / took.as_secs_f64();
    let share = raw.as_secs_f64() / store.as_secs_f64();
    println!("{what:<12} store {:>9.0} rows/s   raw {:>9.0} rows/s   share {share:.2}", a_second(store), a_second(raw));
}

#[tokio::main]
async fn main() {
    let facts = std::env::var("LAOTIE_BENCH_FACTS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let batches = batches(facts);
    let rows: usize = batches.iter().map(Writes::len).sum();
    println!("{facts} facts in {} batches, {rows} rows", batches.len());
    let rounds = 3; // in turns, the best of each: the machine is seldom alone
    let best = |times: Vec<Duration>| times.into_iter().min().unwrap();
    let (mut through_store, mut raw_times) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        through_store.push(through(Arc::new(SqliteStore::open(ours.path()).unwrap()), batches.clone()).await);
        raw_times.push(raw::sqlite(theirs.path(), &batches).unwrap());
    }
    report("SQLite", rows, best(through_store), best(raw_times));
    let url = std::env::var("LAOTIE_TEST_POSTGRES").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".to_owned());
    let (mut through_store, mut raw_times) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let (ours, theirs) = (format!("bench_{}_{round}s", std::process::id()), format!("bench_{}_{round}r", std::process::id()));
        let store = match PostgresStore::open(&url, &ours).await {
            Ok(store) => Arc::new(store),
            Err(error) => return println!("PostgreSQL   SKIPPED: {error}"),
        };
        through_store.push(through(store.clone(), batches.clone()).await);
        Arc::into_inner(store).unwrap().drop_market(&ours).await.unwrap();
        raw_times.push(raw::postgres(&url, &theirs, &batches).await.unwrap());
        PostgresStore::open(&url, &theirs).await.unwrap().drop_market(&theirs).await.unwrap();
    }
    report("PostgreSQL", rows, best(through_store), best(raw_times));
}
