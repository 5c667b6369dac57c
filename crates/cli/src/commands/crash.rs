//! `laotie crash`: a server killed under load, again and again.

use std::collections::{HashMap, HashSet};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::{Args, ValueEnum};
use laotie_api::access::create_api_key;
use laotie_api::{Market, MarketPlace, MarketSettings};
use laotie_engine::clock;
use laotie_engine::replay;
use laotie_store::JournalFilter;
use laotie_store::postgres::PostgresStore;
use serde_json::{Value, json};

use crate::globals::Globals;
use crate::output::{Failure, print_json};
use crate::workload::{Random, step};

/// Kill a server (kill -9) at a random moment under load and see that every acknowledged fact is there, none twice,
/// that the replay agrees, and that lake and journal hold the same.
#[derive(Debug, Args)]
pub(crate) struct Crash {
    /// How often
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// On which database
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    on: Database,
    /// Of the first run; the others follow from it
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    /// SQLite in the market's folder.
    Sqlite,
    /// PostgreSQL: --db's URL, or the local server's database `test`.
    Postgres,
}

pub(crate) const LOCAL_POSTGRES: &str = "postgres://postgres@127.0.0.1:5432/test";

impl Crash {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let first = self.seed.unwrap_or_else(|| u64::try_from(clock::now().micros()).unwrap_or(1));
        let mut failed = 0;
        for n in 0..self.runs {
            let seed = first.wrapping_add(u64::from(n));
            match self.once(globals, seed).await {
                Ok(found) => {
                    if globals.json {
                        print_json(&found);
                    } else {
                        println!(
                            "crash {:?} seed {seed}: killed after {} ms, {} acknowledged, {} in the journal, {} in the lake",
                            self.on, found["killed_after_ms"], found["acknowledged"], found["journal"], found["lake"]
                        );
                    }
                }
                Err(error) => {
                    failed += 1;
                    eprintln!("crash {:?} seed {seed}: {error:#}", self.on);
                }
            }
        }
        println!("{} passed, {failed} failed", self.runs - failed);
        if failed > 0 { Err(Failure::failed(anyhow::anyhow!("{failed} of {} runs lost or changed something", self.runs))) } else { Ok(()) }
    }

    async fn once(&self, globals: &Globals, seed: u64) -> anyhow::Result<Value> {
        let folder = std::env::temp_dir().join(format!("laotie-crash-{}-{seed}", std::process::id()));
        let name = format!("crash_{}_{seed}", std::process::id());
        let db = match self.on {
            Database::Sqlite => None,
            Database::Postgres => Some(globals.db.clone().unwrap_or_else(|| LOCAL_POSTGRES.to_owned())),
        };
        let place = MarketPlace { data: folder.clone(), db: db.clone(), name: name.clone() };
        let market = Market::open(&place, MarketSettings::default()).await?;
        let (_, key) = create_api_key(market.engine.store().as_ref(), "load", &["sender".to_owned()], "crash test").await?;
        market.close().await?;
        drop(market);

        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = tokio::process::Command::new(std::env::current_exe()?);
        server.args(["up", "--listen", &format!("127.0.0.1:{port}"), "--market", &name, "--data"]).arg(&folder);
        if let Some(url) = &db {
            server.args(["--db", url]);
        }
        let mut server = server.env("LAOTIE_LOG", "error").stderr(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn()?;
        let base = format!("http://127.0.0.1:{port}");
        ready(&base).await?;

        let acknowledged = Arc::new(Mutex::new(HashSet::new()));
        let mut random = Random::new(seed);
        let loads: Vec<_> = (0..4)
            .map(|c| tokio::spawn(load(base.clone(), name.clone(), key.clone(), c, random.next(), Arc::clone(&acknowledged))))
            .collect();
        let kill_after = 200 + random.below(2_300);
        tokio::time::sleep(Duration::from_millis(kill_after)).await;
        server.kill().await?;
        for load in loads {
            let _ = load.await;
        }

        let market = Market::open(&place, MarketSettings::default()).await?;
        // Deadlines that fell due while nobody was there pass first, so that the journal stands still.
        while !market.engine.store().deadlines_due(clock::now(), 1).await?.is_empty() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        market.settle().await?;
        let acknowledged = acknowledged.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let found = examine(&market, &acknowledged).await;
        market.close().await?;
        drop(market);
        if let Some(url) = &db {
            PostgresStore::open(url, &name).await?.drop_market(&name).await?;
        }
        let mut found = found?;
        std::fs::remove_dir_all(&folder).ok();
        found["killed_after_ms"] = json!(kill_after);
        found["seed"] = json!(seed);
        Ok(found)
    }
}

pub(crate) async fn ready(base: &str) -> anyhow::Result<()> {
    for _ in 0..600 {
        if reqwest::get(format!("{base}/readyz")).await.is_ok_and(|r| r.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("the server did not become ready")
}

/// Sends batches until the server is gone; notes what it acknowledged.
async fn load(base: String, market: String, key: String, caller: u64, seed: u64, acknowledged: Arc<Mutex<HashSet<String>>>) {
    let client = reqwest::Client::new();
    let mut random = Random::new(seed);
    let mut next = caller * 1_000_000_000;
    loop {
        let n = 1 + random.below(60);
        let mut facts = Vec::new();
        for order in next..next + n {
            let upto = 1 + usize::try_from(random.below(7)).unwrap_or(0);
            // Now and then a step comes before its predecessor, or is sent twice.
            facts.extend((0..upto).map(|s| step("load", order, s)));
            if random.below(10) == 0 {
                facts.reverse();
            }
        }
        next += n;
        let sent = client.post(format!("{base}/v1/markets/{market}/facts")).bearer_auth(&key).json(&facts).send().await;
        let Ok(response) = sent else { return };
        let Ok(answer) = response.json::<Value>().await else { return };
        let mut known = acknowledged.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for receipt in answer["receipts"].as_array().into_iter().flatten() {
            if matches!(receipt["outcome"].as_str(), Some("recorded" | "repeated")) {
                known.insert(receipt["key"].as_str().unwrap_or("").to_owned());
            }
        }
    }
}

async fn examine(market: &Market, acknowledged: &HashSet<String>) -> anyhow::Result<Value> {
    let mut journal: HashMap<(String, String), String> = HashMap::new();
    let mut after = 0;
    loop {
        let page = market.engine.store().journal_after(after, 5_000).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for row in page {
            let hash = data_encoding::HEXLOWER.encode(&row.body_hash);
            anyhow::ensure!(
                journal.insert((row.source.clone(), row.key.clone()), hash).is_none(),
                "{}/{} stands twice in the journal",
                row.source,
                row.key
            );
        }
    }
    for key in acknowledged {
        anyhow::ensure!(journal.contains_key(&("load".to_owned(), key.clone())), "{key} was acknowledged and is lost");
    }
    for books in market.engine.store().trial_balance().await? {
        let whole = books.balances_minor == 0 && books.postings_minor == 0 && books.differing == 0;
        anyhow::ensure!(whole, "the books do not balance: {books:?}");
    }
    let paid = claims_paid_once(market).await?;
    let report = replay(market.engine.store().as_ref(), None, &mut |_| ()).await?;
    anyhow::ensure!(report.differences == 0 && report.chain_ok, "the replay differs: {:?}", report.first_difference);
    let answer = market.analytics.sql("select source, key, body_hash from facts", 100_000_000).await?;
    let mut lake: HashMap<(String, String), String> = HashMap::new();
    for row in &answer.rows {
        let text = |i: usize| row[i].as_str().unwrap_or("").to_owned();
        anyhow::ensure!(lake.insert((text(0), text(1)), text(2)).is_none(), "{}/{} stands twice in the lake", text(0), text(1));
    }
    anyhow::ensure!(lake == journal, "lake and journal differ: {} and {} rows", lake.len(), journal.len());
    Ok(json!({ "claims_paid": paid, "acknowledged": acknowledged.len(), "journal": journal.len(), "lake": lake.len() }))
}

/// Every answered claim has one ruling and was paid once, whatever was sent twice; how many there are.
async fn claims_paid_once(market: &Market) -> anyhow::Result<usize> {
    let store = market.engine.store();
    let kind = |kind: &str| JournalFilter { kind: Some(kind.to_owned()), ..JournalFilter::default() };
    let mut counts: HashMap<String, (usize, usize, usize)> = HashMap::new();
    for (which, name) in ["claim.answered", "ruling.made", "posting.made"].into_iter().enumerate() {
        let mut after = 0;
        loop {
            let page = store.journal_page(&kind(name), after, 5_000).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for row in page {
                let body: Value = serde_json::from_str(&row.body)?;
                let refund = which != 2 || body["purpose"] == "refund";
                let Some(claim) = body["claim"].as_str().filter(|c| c.starts_with("c-") && refund) else { continue };
                let entry = counts.entry(claim.to_owned()).or_default();
                *[&mut entry.0, &mut entry.1, &mut entry.2][which] += 1;
            }
        }
    }
    for (claim, found) in &counts {
        anyhow::ensure!(*found == (1, 1, 1), "claim {claim}: {} answers, {} rulings, {} payments", found.0, found.1, found.2);
    }
    Ok(counts.len())
}
