//! The commands, a file each.

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod bench_scan;
pub(crate) mod bench_simulate;
pub(crate) mod crash;
pub(crate) mod import;
pub(crate) mod market_report;
pub(crate) mod metric;
pub(crate) mod record;
pub(crate) mod replay;
pub(crate) mod schema;
pub(crate) mod simulate;
pub(crate) mod sql;
pub(crate) mod up;

use laotie_api::{Market, MarketPlace, MarketSettings};

use crate::globals::Globals;
use crate::output::Failure;

/// Opens the market that the options name; a missing one is made only when `make` says so.
pub(crate) async fn open_market(globals: &Globals, make: bool) -> Result<Market, Failure> {
    let place = MarketPlace { data: globals.data_dir(), db: globals.db.clone(), name: globals.market().to_owned() };
    let dir = place.data.join(&place.name);
    if !make && !dir.join("market.toml").exists() {
        let known = known_markets(&place.data);
        let hint = if known.is_empty() {
            "run `laotie up`, `laotie record` or `laotie import` first, or name its folder with --data".to_owned()
        } else {
            format!("there are: {}", known.join(", "))
        };
        return Err(Failure::usage(anyhow::anyhow!("there is no market `{}` in {}; {hint}", place.name, place.data.display())));
    }
    Market::open(&place, MarketSettings::default()).await.map_err(|e| Failure::failed(e.into()))
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
