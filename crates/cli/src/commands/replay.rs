//! `laotie replay`.

use clap::Args;
use laotie_engine::replay;
use laotie_facts::Timestamp;
use serde_json::json;

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, print_json, progress};

/// Decide the whole journal again from empty, compare every derived fact and state, and verify the chain of hashes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie replay --as-of 2026-06-30T24:00:00Z")]
pub(crate) struct Replay {
    /// Only what was recorded by then (states are then not compared)
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
}

impl Replay {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let until = self.as_of.as_deref().map(Timestamp::parse).transpose().map_err(|e| Failure::usage(anyhow::anyhow!("--as-of: {e}")))?;
        let market = open_market(globals, false).await?;
        let head = market.engine.store().head().await.map_err(|e| Failure::failed(e.into()))?;
        let bar = progress(u64::try_from(head.seq).ok(), "replaying");
        let mut tick = |seq: i64| bar.set_position(u64::try_from(seq).unwrap_or(0));
        let report = replay(market.engine.store().as_ref(), until, &mut tick).await.map_err(|e| Failure::failed(e.into()))?;
        bar.finish_and_clear();
        if globals.json {
            print_json(&json!(report));
        } else {
            println!(
                "{} facts and {} decided on them, {} states compared in {:.1} s",
                report.facts, report.derived, report.states, report.seconds
            );
            match (&report.first_difference, report.first_broken_row) {
                (None, None) => println!("No difference; the chain of hashes is whole."),
                (_, Some(row)) => println!("The chain of hashes breaks at row {row}: the past was changed."),
                (Some(d), None) => println!(
                    "{} differences; the first: {} {} at row {}\n  replayed: {}\n  stored:   {}",
                    report.differences, d.what, d.place, d.seq, d.replayed, d.stored
                ),
            }
        }
        if report.differences > 0 || !report.chain_ok {
            return Err(Failure::failed(anyhow::anyhow!("the replay and the records differ")));
        }
        Ok(())
    }
}
