//! `laotie bench-scan`: how long a question over Parquet files takes.

use clap::Args;
use laotie_analytics::Files;
use laotie_engine::clock::Stopwatch;
use serde_json::{Value, json};

use crate::commands::sql::{QUESTION_MEMORY, tables, threads};
use crate::output::{Failure, print_json};

/// Ask a question over Parquet files several times and print seconds, rows and a checksum.
#[derive(Debug, Args)]
pub(crate) struct BenchScan {
    /// The question
    query: String,
    /// Files, each as a table
    #[arg(long = "file", value_name = "NAME=FILE", required = true)]
    files: Vec<String>,
    /// Times, after one that warms up
    #[arg(long, default_value_t = 5)]
    times: usize,
}

/// Sum of the whole numbers in the last two columns, so that engines can be compared.
fn checksum(rows: &[Vec<Value>]) -> i64 {
    rows.iter().flat_map(|row| row.iter().rev().take(2)).filter_map(Value::as_i64).sum()
}

impl BenchScan {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let files = tables(&self.files)?;
        let asked = Files::open(&files, QUESTION_MEMORY, threads()).await.map_err(|e| Failure::usage(e.into()))?;
        let first = asked.sql(&self.query, usize::MAX).await.map_err(|e| Failure::usage(e.into()))?;
        let mut seconds = Vec::new();
        for _ in 0..self.times {
            let watch = Stopwatch::start();
            asked.sql(&self.query, usize::MAX).await.map_err(|e| Failure::usage(e.into()))?;
            seconds.push(watch.seconds());
        }
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok());
        print_json(
            &json!({ "rows": first.rows.len(), "checksum": checksum(&first.rows), "seconds": seconds, "peak_mib": peak.map(|k| k >> 10) }),
        );
        Ok(())
    }
}
