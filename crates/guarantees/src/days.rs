//! Counts by day over a window: as much history as rules of "n of the last m days" need, and no more.

use laotie_facts::Timestamp;
use serde::{Deserialize, Serialize};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

/// The market day of a time, counted from 1970-01-01, by the offset frozen last.
///
/// Rounds down. In a zone with summer time a day may be cut an hour off until the next order is frozen.
pub fn day_of(at: Timestamp, utc_offset_minutes: i64) -> i64 {
    (at.micros() + utc_offset_minutes * MINUTE).div_euclid(DAY)
}

/// When a market day begins.
pub fn day_begins(day: i64, utc_offset_minutes: i64) -> Timestamp {
    Timestamp::default().plus_micros(day * DAY - utc_offset_minutes * MINUTE)
}

/// Day of the month, 1 to 31, of a day counted from 1970-01-01. Hinnant, "chrono-compatible low-level date algorithms".
pub fn day_of_month(day: i64) -> i64 {
    let days = day + 719_468;
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    of_year - (153 * shifted + 2) / 5 + 1
}

/// Counts of `N` kinds by day, the oldest day first; days without any are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Days {
    /// Day, then its counts.
    rows: Vec<Vec<i64>>,
}

impl Days {
    /// Adds to a count of a day and forgets what is older than `window` days before the newest.
    ///
    /// What happened before the window is not counted at all; of a late fact only its own day changes.
    pub fn add(&mut self, day: i64, what: usize, n: i64, window: i64) {
        let newest = self.rows.last().map_or(day, |r| r[0]).max(day);
        if day <= newest - window {
            return;
        }
        let i = match self.rows.binary_search_by_key(&day, |r| r[0]) {
            Ok(i) => i,
            Err(i) => {
                self.rows.insert(i, vec![day]);
                i
            }
        };
        let row = &mut self.rows[i];
        if row.len() < what + 2 {
            row.resize(what + 2, 0);
        }
        row[what + 1] += n;
        self.rows.retain(|r| r[0] > newest - window);
    }

    /// Sum of a count over the `length` days that end with `last`.
    pub fn sum(&self, what: usize, last: i64, length: i64) -> i64 {
        let within = self.rows.iter().filter(|r| r[0] <= last && r[0] > last - length);
        within.map(|r| r.get(what + 1).copied().unwrap_or(0)).sum()
    }

    /// Whether nothing happened in the `length` days that end with `last`.
    pub fn is_quiet(&self, last: i64, length: i64) -> bool {
        !self.rows.iter().any(|r| r[0] <= last && r[0] > last - length)
    }

    /// The days that are counted.
    pub fn days(&self) -> impl Iterator<Item = i64> {
        self.rows.iter().map(|r| r[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_forgets_what_is_old_and_sums_what_is_asked() {
        let mut days = Days::default();
        for day in 100..200 {
            days.add(day, 1, 2, 60);
        }
        assert_eq!(days.days().count(), 60);
        assert_eq!(days.sum(1, 199, 30), 60);
        assert_eq!(days.sum(0, 199, 30), 0);
        days.add(120, 1, 1, 60);
        assert_eq!(days.days().next(), Some(140));
    }

    #[test]
    fn days_are_cut_at_midnight_in_the_market() {
        let at = Timestamp::parse("2026-06-10T16:30:00Z").expect("a time");
        assert_eq!(day_of(at, 480), day_of(at, 0) + 1);
        assert_eq!(day_begins(day_of(at, 480), 480).to_string(), "2026-06-10T16:00:00Z");
        assert_eq!(day_of_month(day_of(at, 480)), 11);
    }
}
