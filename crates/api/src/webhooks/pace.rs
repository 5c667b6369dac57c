//! How often and how long a letter is tried.

use std::time::Duration;

use crate::access::random_bytes;

/// The pace at which letters are tried again.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Wait after the first try.
    pub first: Duration,
    /// Each wait is so many times the one before.
    pub factor: u32,
    /// No wait is longer.
    pub longest: Duration,
    /// Tries before a letter is given up.
    pub tries: u32,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl Default for Pace {
    /// Ten tries within seven hours: after 10 s, 30 s, 90 s, 4½ min, 13½ min, 40 min, then every 2 hours.
    fn default() -> Self {
        let (first, longest) = (Duration::from_secs(10), Duration::from_hours(2));
        Self { first, factor: 3, longest, tries: 10, timeout: Duration::from_secs(10) }
    }
}

impl Pace {
    /// The wait after so many tries, without jitter.
    fn wait(&self, tries: u32) -> Duration {
        let factor = self.factor.saturating_pow(tries.saturating_sub(1));
        self.first.saturating_mul(factor).min(self.longest)
    }

    /// The wait after so many tries, a fifth longer or shorter by chance, so that many letters do not come at once.
    pub(super) fn wait_micros(&self, tries: u32) -> i64 {
        let [low, high, ..] = random_bytes();
        let chance = i64::from(u16::from_le_bytes([low, high]) % 401);
        let micros = i64::try_from(self.wait(tries).as_micros()).unwrap_or(i64::MAX / 2_000);
        micros / 1_000 * (800 + chance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_take_some_seven_hours() {
        let pace = Pace::default();
        let waits: Vec<u64> = (1..pace.tries).map(|tries| pace.wait(tries).as_secs()).collect();
        assert_eq!(waits, [10, 30, 90, 270, 810, 2_430, 7_200, 7_200, 7_200]);
        assert_eq!(waits.iter().sum::<u64>() / 3_600, 7);
        for tries in 1..100 {
            let wait = pace.wait_micros(tries);
            let plain = i64::try_from(pace.wait(tries).as_micros()).expect("fits");
            assert!((plain * 8 / 10..=plain * 12 / 10).contains(&wait), "{tries}: {wait}");
        }
    }
}
