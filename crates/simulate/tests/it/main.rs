//! The market's tests.

mod bytes;
mod facts;
mod parameters;
mod policy;

use laotie_simulate::{Market, Parameters, Run};

pub(crate) fn market(seed: u64, weeks: u32, scale: f64) -> Market {
    let parameters = Parameters::shipped("live-market").expect("the shipped document is valid");
    Market::new(&parameters, Run { seed, weeks, scale, truth: true }).expect("a small run")
}
