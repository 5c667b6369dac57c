//! A market to test on: an engine on a store of its own, and facts told in short.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use laotie_engine::{Engine, EngineSettings, Outcome, Receipt};
use laotie_facts::{Currency, Incoming, MarketZone, Timestamp};
use laotie_store::Store;
use laotie_store::sqlite::SqliteStore;
use serde_json::{Value, json};

/// Time in tests: a microsecond for each look at the clock, on top of what a test adds.
static NOW: AtomicI64 = AtomicI64::new(1_790_000_000_000_000);

pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(NOW.fetch_add(1, Ordering::SeqCst)).expect("in range")
}

pub(crate) struct Market {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<dyn Store>,
    _folder: tempfile::TempDir,
}

pub(crate) fn settings() -> EngineSettings {
    let zone = MarketZone::new("Asia/Shanghai").expect("a known zone");
    EngineSettings { clock: now, ..EngineSettings::new(zone, Currency::CNY) }
}

pub(crate) async fn market() -> Market {
    market_with(settings()).await
}

pub(crate) async fn market_with(settings: EngineSettings) -> Market {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).expect("opens"));
    let engine = Engine::start(Arc::clone(&store), settings).await.expect("starts");
    Market { engine, store, _folder: folder }
}

impl Market {
    pub(crate) async fn send(&self, facts: Vec<Value>) -> Vec<Receipt> {
        let facts = facts.iter().map(|f| Incoming::parse(&f.to_string()).expect("a valid fact")).collect();
        self.engine.record(facts).await.expect("answers")
    }
}

/// A fact of the shop system.
pub(crate) fn fact(key: &str, kind: &str, at: &str, body: impl Into<Value>) -> Value {
    let body = body.into();
    json!({"source": "shop", "key": key, "kind": kind, "at": at, "body": body})
}

/// `order.paid` of one line.
pub(crate) fn paid(order: &str, minor: i64) -> Value {
    let body = json!({
        "order": order, "shop": "s-1", "buyer": "b-1", "currency": "CNY", "paid_minor": minor,
        "lines": [{"line": "1", "item": "i-1", "qty": 1, "total_minor": minor}],
    });
    fact(&format!("{order}/paid"), "order.paid", "2026-06-10T12:00:00Z", body)
}

/// A later step of an order, hours after midnight.
pub(crate) fn step(order: &str, name: &str, hour: u8) -> Value {
    fact(&format!("{order}/{name}"), &format!("order.{name}"), &format!("2026-06-11T{hour:02}:00:00Z"), json!({"order": order}))
}

/// `fact.voided` of a fact of the shop system.
pub(crate) fn void(key: &str, of: &str) -> Value {
    fact(key, "fact.voided", "2026-06-12T00:00:00Z", json!({"source": "shop", "key": of, "reason": "entered by mistake"}))
}

/// What became of a fact, in one word.
pub(crate) fn word(receipt: &Receipt) -> String {
    match &receipt.outcome {
        Outcome::Recorded { waiting_for: Some(kind), .. } => format!("waits for {kind}"),
        Outcome::Recorded { .. } => "recorded".to_owned(),
        Outcome::Repeated { .. } => "repeated".to_owned(),
        Outcome::Refused { code, .. } => code.clone(),
    }
}

pub(crate) fn words(receipts: &[Receipt]) -> Vec<String> {
    receipts.iter().map(word).collect()
}
