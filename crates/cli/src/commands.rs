//! The commands, a file each.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod bench_claims;
pub(crate) mod bench_scan;
pub(crate) mod bench_simulate;
pub(crate) mod claim;
pub(crate) mod crash;
pub(crate) mod debt;
pub(crate) mod import;
pub(crate) mod market_report;
pub(crate) mod metric;
pub(crate) mod payout;
pub(crate) mod penalty;
pub(crate) mod record;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod rule;
pub(crate) mod schema;
pub(crate) mod simulate;
pub(crate) mod speech;
pub(crate) mod sql;
pub(crate) mod up;
pub(crate) mod webhook;

use std::path::PathBuf;

use laotie_api::{Market, MarketPlace, MarketSettings};

use crate::globals::Globals;
use crate::output::Failure;

/// Opens the market that the options name; a missing one is made only when `make` says so.
pub(crate) async fn open_market(globals: &Globals, make: bool) -> Result<Market, Failure> {
    let place = MarketPlace { data: globals.data_dir(), db: globals.db.clone(), name: globals.market().to_owned() };
    if !make {
        market_dir(globals)?;
    }
    Market::open(&place, MarketSettings::default()).await.map_err(|e| Failure::failed(e.into()))
}

/// The folder of the market that the options name, which must be there.
pub(crate) fn market_dir(globals: &Globals) -> Result<PathBuf, Failure> {
    let (data, name) = (globals.data_dir(), globals.market());
    let dir = data.join(name);
    if dir.join("market.toml").exists() {
        return Ok(dir);
    }
    let known = known_markets(&data);
    let hint = if known.is_empty() {
        "run `laotie up`, `laotie record` or `laotie import` first, or name its folder with --data".to_owned()
    } else {
        format!("there are: {}", known.join(", "))
    };
    Err(Failure::usage(anyhow::anyhow!("there is no market `{name}` in {}; {hint}", data.display())))
}

/// The markets in a data folder.
pub(crate) fn known_markets(data: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(data) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|e| e.path().join("market.toml").exists())
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
