//! `laotie bench-simulate`: how fast a market is made, on one thread, beside writing its facts alone.

use clap::Args;
use laotie_engine::clock::Stopwatch;
use laotie_simulate::{Happening, Market, Run};
use serde_json::json;

use crate::output::{Failure, print_json};
use crate::simulation::document;

/// Measure how fast a market is made on one thread: living, living and writing JSON, and writing JSON alone as the baseline.
#[derive(Debug, Args)]
pub(crate) struct BenchSimulate {
    /// Seed of the market
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many weeks
    #[arg(long, default_value_t = 8)]
    weeks: u32,
    /// Factor on how many take part
    #[arg(long, default_value_t = 10.0)]
    scale: f64,
    /// Market document
    #[arg(long, value_name = "MARKET", default_value = "live-market")]
    like: String,
}

/// Facts whose writing is timed alone.
const KEPT: usize = 200_000;

impl BenchSimulate {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let parameters = document(&self.like)?;
        let run = Run { seed: self.seed, weeks: self.weeks, scale: self.scale, truth: false };
        let new = || Market::new(&parameters, run).map_err(|e| Failure::usage(e.into()));

        let mut market = new()?;
        let watch = Stopwatch::start();
        let facts = market.by_ref().count();
        let living = watch.seconds();
        let census = market.census();

        let (mut text, mut bytes) = (Vec::with_capacity(1 << 20), 0);
        let watch = Stopwatch::start();
        for happening in new()? {
            write(&happening, &mut text, &mut bytes);
        }
        let with_text = watch.seconds();
        let peak = peak_memory();

        let kept: Vec<Happening> = new()?.skip(facts / 2).take(KEPT).collect();
        let watch = Stopwatch::start();
        for happening in &kept {
            write(happening, &mut text, &mut bytes);
        }
        let text_alone = watch.seconds();
        let mut told = figures(facts, (living, with_text), (kept.len(), text_alone), census);
        told["peak_memory_bytes"] = json!(peak);
        print_json(&told);
        Ok(())
    }
}

fn write(happening: &Happening, text: &mut Vec<u8>, bytes: &mut usize) {
    text.clear();
    happening.write_line(text);
    *bytes += text.len();
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn figures(
    facts: usize,
    (living, with_text): (f64, f64),
    (kept, text_alone): (usize, f64),
    census: laotie_simulate::Census,
) -> serde_json::Value {
    let rate = |n: usize, seconds: f64| (n as f64 / seconds).round();
    json!({
        "bench": "simulate", "facts": facts, "actors": census.actors, "edges": census.edges, "orders_under_way": census.orders,
        "facts_per_second": rate(facts, with_text), "facts_per_second_unwritten": rate(facts, living),
        "baseline_lines_written_per_second": rate(kept, text_alone),
        "ratio_to_writing_alone": (rate(facts, with_text) / rate(kept, text_alone) * 1_000.0).round() / 1_000.0,
    })
}

/// The greatest memory that this process ever held, in bytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1_024)
}
