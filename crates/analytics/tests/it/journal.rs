//! A journal made by hand: what the engine would have recorded of sent facts, without decided ones.

use std::collections::HashMap;

use laotie_analytics::{Analytics, AnalyticsSettings};
use laotie_facts::{Currency, Incoming, JournalRow, MarketZone, Timestamp};

pub(crate) fn settings() -> AnalyticsSettings {
    let zone = MarketZone::new("Asia/Shanghai").expect("a known zone");
    AnalyticsSettings { zone, currency: Currency::CNY, memory_limit_bytes: 256 << 20, threads: 2 }
}

pub(crate) async fn lake(dir: &std::path::Path) -> Analytics {
    Analytics::open(dir, settings()).await.expect("opens")
}

/// Rows of facts told as JSON lines; `seen` an hour apart from 2026-09-01.
pub(crate) fn rows(facts: &str) -> Vec<JournalRow> {
    let mut known: HashMap<(String, String), i64> = HashMap::new();
    let mut previous = [0; 32];
    let mut rows = Vec::new();
    for (i, line) in facts.lines().filter(|l| !l.trim().is_empty()).enumerate() {
        let sent = Incoming::parse(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let seq = i64::try_from(i).expect("few") + 1;
        let named =
            |part: &str| serde_json::from_str::<serde_json::Value>(&sent.body_text).expect("JSON")[part].as_str().unwrap_or("").to_owned();
        let because = if sent.kind().name() == "fact.voided" { vec![known[&(named("source"), named("key"))]] } else { Vec::new() };
        known.insert((sent.source.to_string(), sent.key.to_string()), seq);
        let fact = laotie_facts::Fact {
            seq,
            seen: Timestamp::from_micros(1_788_220_800_000_000 + seq * 3_600_000_000).expect("in range"),
            at: sent.at,
            source: sent.source.clone(),
            key: sent.key.clone(),
            by: sent.by.clone(),
            because,
            rules: Vec::new(),
            body: sent.body.clone(),
            target: None,
        };
        let row = JournalRow::write(&fact, sent.body_text.clone(), sent.body_hash, &previous);
        previous = row.hash;
        rows.push(row);
    }
    rows
}
