//! `laotie bench`: how fast facts are recorded through HTTP, beside the raw limit of the database.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use laotie_api::access::create_api_key;
use laotie_api::{Market, MarketPlace, MarketSettings};
use laotie_engine::clock::{Stopwatch, now};
use laotie_engine::{Engine, EngineSettings};
use laotie_facts::{Currency, Incoming, MarketZone};
use laotie_store::postgres::PostgresStore;
use laotie_store::raw::{self, Recorder};
use laotie_store::sqlite::SqliteStore;
use laotie_store::{Store, Writes};
use serde_json::{Value, json};

use crate::commands::crash::{Database, LOCAL_POSTGRES, ready};
use crate::globals::Globals;
use crate::output::{Failure, print_json};
use crate::workload::paid;

/// Facts of a request, and requests at once.
const BATCH: usize = 500;
const CONNECTIONS: usize = 16;

/// Record `order.paid` facts through HTTP with the load generator on the same cores, then write the very same rows raw.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// On which database
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    on: Database,
    /// Facts to send
    #[arg(long, default_value_t = 100_000)]
    facts: usize,
}

impl Bench {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let found = self.measure(globals).await?;
        print_json(&found);
        Ok(())
    }

    async fn measure(&self, globals: &Globals) -> anyhow::Result<Value> {
        let stamp = now().micros();
        let folder = std::env::temp_dir().join(format!("laotie-bench-{stamp}"));
        let name = format!("bench_{stamp}");
        let db = match self.on {
            Database::Sqlite => None,
            Database::Postgres => Some(globals.db.clone().unwrap_or_else(|| LOCAL_POSTGRES.to_owned())),
        };
        let (seconds, rows, p50, p99) = self.through_http(&folder, &name, db.as_deref()).await?;
        let batches = self.batches(&folder).await?;
        let raw_rows: usize = batches.iter().map(Writes::len).sum();
        let raw = match &db {
            None => raw::sqlite(&folder.join("raw"), &batches)?,
            Some(url) => {
                let raw_name = format!("{name}_raw");
                let took = raw::postgres(url, &raw_name, &batches).await?;
                PostgresStore::open(url, &raw_name).await?.drop_market(&raw_name).await?;
                PostgresStore::open(url, &name).await?.drop_market(&name).await?;
                took
            }
        };
        std::fs::remove_dir_all(&folder).ok();
        Ok(figures(self, seconds, rows, (p50, p99), raw_rows, raw))
    }

    /// Sends the facts over 16 connections and, beside them, single ones whose answers are timed.
    async fn through_http(&self, folder: &std::path::Path, name: &str, db: Option<&str>) -> anyhow::Result<(f64, i64, f64, f64)> {
        let place = MarketPlace { data: folder.to_owned(), db: db.map(str::to_owned), name: name.to_owned() };
        let market = Market::open(&place, MarketSettings::default()).await?;
        let (_, key) = create_api_key(market.engine.store().as_ref(), "load", &["sender".to_owned()], "bench").await?;
        let before: i64 = market.engine.store().table_counts().await?.iter().map(|(_, n)| n).sum();
        market.close().await?;
        drop(market);
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = tokio::process::Command::new(std::env::current_exe()?);
        server.args(["up", "--listen", &format!("127.0.0.1:{port}"), "--market", name, "--data"]).arg(folder);
        if let Some(url) = db {
            server.args(["--db", url]);
        }
        let mut server = server.env("LAOTIE_LOG", "error").stderr(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn()?;
        let base = format!("http://127.0.0.1:{port}");
        ready(&base).await?;
        let url = format!("{base}/v1/markets/{name}/facts");
        let bodies: Arc<Vec<String>> = Arc::new(
            (0..self.facts.div_ceil(BATCH))
                .map(|b| {
                    json!((b * BATCH..((b + 1) * BATCH).min(self.facts)).map(|n| paid("bench", n as u64)).collect::<Vec<_>>()).to_string()
                })
                .collect(),
        );
        let next = Arc::new(AtomicUsize::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let single = tokio::spawn(singles(url.clone(), key.clone(), Arc::clone(&over)));
        let watch = Stopwatch::start();
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            callers.spawn(send_all(url.clone(), key.clone(), Arc::clone(&bodies), Arc::clone(&next)));
        }
        while let Some(done) = callers.join_next().await {
            done??;
        }
        let seconds = watch.seconds();
        over.store(true, Ordering::Release);
        let mut times = single.await??;
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied().unwrap_or(0.0);
        server.kill().await?;
        let market = Market::open(&place, MarketSettings::default()).await?;
        let after: i64 = market.engine.store().table_counts().await?.iter().map(|(_, n)| n).sum();
        market.engine.stop().await;
        let singles = i64::try_from(times.len()).unwrap_or(0);
        Ok((seconds, after - before - singles * 4, at(50), at(99)))
    }

    /// The rows of the same facts, batch by batch, as an engine makes them.
    async fn batches(&self, folder: &std::path::Path) -> anyhow::Result<Vec<Writes>> {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.join("rows"))?);
        let recorder = Recorder::new(store);
        let engine =
            Engine::start(Arc::new(recorder.clone()), EngineSettings::new(MarketZone::new("Asia/Shanghai")?, Currency::CNY)).await?;
        for batch in (0..self.facts).collect::<Vec<_>>().chunks(1_000) {
            let facts: Result<Vec<Incoming>, _> = batch.iter().map(|n| Incoming::parse(&paid("bench", *n as u64).to_string())).collect();
            engine.record(facts?).await?;
        }
        engine.stop().await;
        Ok(recorder.take())
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn figures(bench: &Bench, seconds: f64, rows: i64, (p50, p99): (f64, f64), raw_rows: usize, raw: Duration) -> Value {
    let (ours, limit) = (rows as f64 / seconds, raw_rows as f64 / raw.as_secs_f64());
    json!({
        "database": format!("{:?}", bench.on).to_lowercase(), "facts": bench.facts, "batch": BATCH, "connections": CONNECTIONS,
        "facts_per_second": (bench.facts as f64 / seconds).round(), "rows_per_fact": rows as f64 / bench.facts as f64,
        "rows_per_second": ours.round(), "raw_rows_per_second": limit.round(), "ratio_to_raw": (ours / limit * 1_000.0).round() / 1_000.0,
        "single_fact_ms_p50": (p50 * 1e5).round() / 100.0, "single_fact_ms_p99": (p99 * 1e5).round() / 100.0,
    })
}

async fn send_all(url: String, key: String, bodies: Arc<Vec<String>>, next: Arc<AtomicUsize>) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    loop {
        let i = next.fetch_add(1, Ordering::AcqRel);
        let Some(body) = bodies.get(i) else { return Ok(()) };
        loop {
            let sent = client.post(&url).bearer_auth(&key).header("content-type", "application/json").body(body.clone()).send().await?;
            match sent.status().as_u16() {
                200 => {
                    sent.bytes().await?;
                    break;
                }
                429 | 503 => tokio::time::sleep(Duration::from_millis(20)).await,
                status => anyhow::bail!("the server answers {status}: {}", sent.text().await?),
            }
        }
    }
}

/// Sends single facts one after another until the load is over; seconds of each.
async fn singles(url: String, key: String, over: Arc<AtomicBool>) -> anyhow::Result<Vec<f64>> {
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    let mut n = 0;
    while !over.load(Ordering::Acquire) {
        let body = paid("single", 1_000_000_000 + n).to_string();
        n += 1;
        let watch = Stopwatch::start();
        let sent = client.post(&url).bearer_auth(&key).header("content-type", "application/json").body(body).send().await?;
        if sent.status().is_success() {
            sent.bytes().await?;
            times.push(watch.seconds());
        }
    }
    Ok(times)
}
