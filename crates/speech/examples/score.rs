//! Reads a file of sentences and writes a prediction a line, for `score.py`.
//!
//! `cargo run -p laotie-speech --example score -- dev.jsonl [why] > pred.jsonl`

use std::io::Write;

use laotie_speech::{ItemFacts, Reader, shipped};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a file of sentences")?;
    let why = arguments.next().is_some();
    let reader = Reader::new(shipped()?);
    let mut out = std::io::stdout().lock();
    for line in std::fs::read_to_string(path)?.lines().filter(|line| !line.trim().is_empty()) {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let item: Option<ItemFacts> = row.get("product").map(|facts| serde_json::from_value(facts.clone())).transpose()?;
        let findings = reader.read(row["text"].as_str().unwrap_or_default(), item.as_ref());
        let breaches: Vec<_> = findings.iter().filter(|finding| finding.is_breach()).collect();
        let mut labels: Vec<_> = breaches.iter().map(|finding| finding.code).collect();
        labels.sort_unstable();
        labels.dedup();
        let spans: Vec<_> = breaches.iter().map(|f| (f.span.start, f.span.end, f.code)).collect();
        let mut answer = serde_json::json!({ "id": row["id"], "labels": labels, "spans": spans });
        if why {
            answer["findings"] = serde_json::to_value(&findings)?;
        }
        writeln!(out, "{answer}")?;
    }
    Ok(())
}
