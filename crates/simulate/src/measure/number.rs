//! Whole numbers as floats, for statistics.

/// A count.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^53")]
pub(super) fn real(n: usize) -> f64 {
    n as f64
}

/// A count of 64 bits.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^53")]
pub(super) fn real_u64(n: u64) -> f64 {
    n as f64
}

/// An amount or a time.
#[expect(clippy::cast_precision_loss, reason = "amounts and microseconds stay below 2^53")]
pub(super) fn real_i64(n: i64) -> f64 {
    n as f64
}

/// As a feature: seven digits are enough to tell rows apart.
#[expect(clippy::cast_possible_truncation, reason = "rounding to the nearest f32 is meant")]
pub(super) fn short(x: f64) -> f32 {
    x as f32
}

/// Rounded down to an index below `n`; 0 for what is negative or `n` is 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
pub(super) fn index(x: f64, n: usize) -> usize {
    (x.clamp(0.0, 9.0e15) as usize).min(n.saturating_sub(1))
}

/// A part of a whole; 0 of nothing.
pub(super) fn part(some: f64, all: f64) -> f64 {
    if all > 0.0 { some / all } else { 0.0 }
}
