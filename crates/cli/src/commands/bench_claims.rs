//! `laotie bench-claims`: how fast claims go from opened to paid, on full durability.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Args;
use laotie_engine::clock::{Stopwatch, now};
use laotie_engine::{Engine, EngineSettings, Outcome};
use laotie_facts::{Currency, Incoming, MarketZone};
use laotie_store::Store;
use laotie_store::postgres::PostgresStore;
use laotie_store::sqlite::SqliteStore;
use serde_json::{Value, json};

use crate::commands::crash::{Database, LOCAL_POSTGRES};
use crate::globals::Globals;
use crate::output::{Failure, print_json, progress};
use crate::workload::step;

/// Claims that a caller has under way at once, and callers.
const CHUNK: u64 = 16;
const CALLERS: u64 = 32;

/// Shops among which claims are spread.
const SHOPS: u64 = 10_000;

/// Open claims on orders that were signed for and let the merchant agree: each is routed, ruled on and paid, with its postings.
#[derive(Debug, Args)]
pub(crate) struct BenchClaims {
    /// On which database
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    on: Database,
    /// Claims
    #[arg(long, default_value_t = 20_000)]
    claims: u64,
    /// Half of all claims against one shop
    #[arg(long)]
    hot: bool,
}

impl BenchClaims {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let found = self.measure(globals).await?;
        print_json(&found);
        Ok(())
    }

    async fn measure(&self, globals: &Globals) -> anyhow::Result<Value> {
        let stamp = now().micros();
        let folder = std::env::temp_dir().join(format!("laotie-bench-claims-{stamp}"));
        let name = format!("bench_{stamp}");
        let url = globals.db.clone().unwrap_or_else(|| LOCAL_POSTGRES.to_owned());
        let store: Arc<dyn Store> = match self.on {
            Database::Sqlite => {
                std::fs::create_dir_all(&folder)?;
                Arc::new(SqliteStore::open(&folder.join("market.db"))?)
            }
            Database::Postgres => Arc::new(PostgresStore::open(&url, &name).await?),
        };
        let settings = EngineSettings { waiting_max: 200_000, ..EngineSettings::new(MarketZone::new("Asia/Shanghai")?, Currency::CNY) };
        let engine = Engine::start(Arc::clone(&store), settings).await?;
        self.prepare(&engine).await?;
        let before: i64 = store.table_counts().await?.iter().map(|(_, n)| n).sum();
        let (seconds, mut times) = self.claim(&engine).await?;
        let after: i64 = store.table_counts().await?.iter().map(|(_, n)| n).sum();
        let books = store.trial_balance().await?;
        engine.stop().await;
        drop(engine);
        drop(store);
        match self.on {
            Database::Sqlite => std::fs::remove_dir_all(&folder)?,
            Database::Postgres => PostgresStore::open(&url, &name).await?.drop_market(&name).await?,
        }
        times.sort_by(f64::total_cmp);
        let at = |per_mille: usize| times.get(times.len().saturating_sub(1) * per_mille / 1_000).copied().unwrap_or(0.0);
        let claims = as_float(i64::try_from(self.claims)?);
        Ok(json!({
            "bench": "claims", "on": format!("{:?}", self.on).to_lowercase(), "claims": self.claims, "shops": SHOPS, "hot": self.hot,
            "seconds": round(seconds), "claims_per_second": round(claims / seconds), "new_rows_a_claim": round(as_float(after - before) / claims),
            "claim_ms_p50": round(at(500) * 1_000.0), "claim_ms_p99": round(at(990) * 1_000.0), "books_balance": books.iter().all(|b| b.differing == 0 && b.balances_minor == 0),
        }))
    }

    /// Orders paid, sent and signed for, before the watch starts.
    async fn prepare(&self, engine: &Engine) -> anyhow::Result<()> {
        let bar = progress(Some(self.claims), "orders");
        let all = self.claims + EXTRA;
        for from in (0..all).step_by(500) {
            let mut facts = Vec::new();
            for n in from..(from + 500).min(all) {
                for s in [0, 1, 3] {
                    facts.push(self.fact(n, s)?);
                }
            }
            taken(engine, facts).await?;
            bar.set_position(from);
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn fact(&self, n: u64, s: usize) -> anyhow::Result<Incoming> {
        let mut fact = step("bench", n, s);
        // All of it happened just now: no clock is due before the watch stops.
        fact["at"] = json!(now().plus_micros(-1_000_000 * (20 - i64::try_from(s)?)).to_string());
        if s == 0 {
            let shop = if self.hot && n.is_multiple_of(2) { "s-hot".to_owned() } else { format!("s-{}", n % SHOPS) };
            fact["body"]["shop"] = json!(shop);
            fact["body"]["buyer"] = json!(format!("b-{n}"));
        }
        Incoming::parse(&fact.to_string()).map_err(|e| anyhow::anyhow!("{e}"))
    }

    async fn claim(&self, engine: &Engine) -> anyhow::Result<(f64, Vec<f64>)> {
        let next = Arc::new(AtomicU64::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let bar = progress(Some(self.claims), "claims");
        let one_by_one = {
            let (engine, over, bench) = (engine.clone(), Arc::clone(&over), self.plain());
            tokio::spawn(async move {
                let mut times = Vec::new();
                for n in bench.claims..bench.claims + EXTRA {
                    if over.load(Ordering::Acquire) {
                        break;
                    }
                    let watch = Stopwatch::start();
                    taken(&engine, vec![bench.fact(n, 5)?]).await?;
                    taken(&engine, vec![bench.fact(n, 6)?]).await?;
                    times.push(watch.seconds());
                }
                anyhow::Ok(times)
            })
        };
        let watch = Stopwatch::start();
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..CALLERS {
            let (engine, next, bench, bar) = (engine.clone(), Arc::clone(&next), self.plain(), bar.clone());
            callers.spawn(async move {
                loop {
                    let from = next.fetch_add(CHUNK, Ordering::AcqRel);
                    if from >= bench.claims {
                        return anyhow::Ok(());
                    }
                    let numbers = || from..(from + CHUNK).min(bench.claims);
                    taken(&engine, numbers().map(|n| bench.fact(n, 5)).collect::<Result<_, _>>()?).await?;
                    taken(&engine, numbers().map(|n| bench.fact(n, 6)).collect::<Result<_, _>>()?).await?;
                    bar.set_position(from);
                }
            });
        }
        while let Some(done) = callers.join_next().await {
            done??;
        }
        let seconds = watch.seconds();
        over.store(true, Ordering::Release);
        bar.finish_and_clear();
        Ok((seconds, one_by_one.await??))
    }

    fn plain(&self) -> Self {
        Self { on: self.on, claims: self.claims, hot: self.hot }
    }
}

/// Orders kept for claims that are timed one by one.
const EXTRA: u64 = 3_000;

async fn taken(engine: &Engine, facts: Vec<Incoming>) -> anyhow::Result<()> {
    for receipt in engine.record(facts).await? {
        if let Outcome::Refused { code, reason, .. } = receipt.outcome {
            anyhow::bail!("{} was refused: {code}: {reason}", receipt.key);
        }
    }
    Ok(())
}

/// A count as a float, exact up to four billion.
fn as_float(count: i64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
