//! Values of facts, made from what the market holds.

use laotie_facts::{Amount, Quantity, Sha256Hex, Text};

use crate::random::Random;

pub(crate) fn text<const MAX: usize>(text: impl AsRef<str>) -> Text<MAX> {
    Text::new(text.as_ref()).expect("texts of the market are short and plain")
}

pub(crate) fn quantity(n: impl Into<i64>) -> Quantity {
    Quantity::new(n.into().max(0)).expect("numbers of the market are small")
}

pub(crate) fn amount(minor: i64) -> Amount {
    Amount::new(minor.max(0)).expect("amounts of the market are small")
}

pub(crate) fn hash_of(seed: u64) -> Sha256Hex {
    Sha256Hex::from_bytes(Random::new(seed).bytes32())
}

/// The place of a number of `0.0..1.0` among shares that add up to one.
pub(crate) fn share_of(mut x: f64, shares: &[f64]) -> usize {
    for (i, share) in shares.iter().enumerate() {
        x -= share;
        if x < 0.0 {
            return i;
        }
    }
    shares.len() - 1
}

/// The value of a row of quantiles 0, 10, 25, 50, 75, 90, 100 at a share.
pub(crate) fn quantile(row: &[f64; 7], share: f64) -> f64 {
    const SHARES: [f64; 7] = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0];
    let i = SHARES.iter().rposition(|s| *s <= share).unwrap_or(0).min(5);
    row[i] + (row[i + 1] - row[i]) * (share - SHARES[i]) / (SHARES[i + 1] - SHARES[i])
}
