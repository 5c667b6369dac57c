//! One seed gives the same bytes.

use laotie_simulate::{Market, Parameters, Run};

use crate::market;

fn bytes(market: Market) -> Vec<u8> {
    let mut bytes = Vec::new();
    for happening in market {
        happening.write_line(&mut bytes);
    }
    bytes
}

/// FNV-1a: Fowler, Noll, Vo; to name many bytes by one number.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let first = bytes(market(5, 2, 0.1));
    assert_eq!(first, bytes(market(5, 2, 0.1)));
    assert_ne!(first, bytes(market(6, 2, 0.1)));
}

#[test]
fn a_longer_run_begins_as_a_shorter_one() {
    let (short, long) = (bytes(market(5, 1, 0.1)), bytes(market(5, 2, 0.1)));
    assert!(long.starts_with(&short), "a run's length changes what happens before its end");
}

#[test]
fn telling_the_truth_changes_no_fact() {
    let parameters = Parameters::shipped("live-market").expect("the shipped document is valid");
    let silent = Market::new(&parameters, Run { seed: 5, weeks: 1, scale: 0.1, truth: false }).expect("a small run");
    assert_eq!(bytes(silent), bytes(market(5, 1, 0.1)));
}

/// The bytes of this version on every machine. A change of the market or its document changes the number: say so in the
/// changelog, since benchmarks and seeds that once failed then mean another run.
const FINGERPRINT: &str = "80213b77781dacac";

#[test]
fn every_machine_gives_these_bytes() {
    let found = fingerprint(&bytes(market(1, 1, 0.1)));
    assert_eq!(format!("{found:016x}"), FINGERPRINT, "the market's bytes changed");
}
