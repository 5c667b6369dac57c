//! The market's day and week: when people are awake, which days are festivals.

use laotie_facts::Timestamp;

use crate::parameters::CalendarRules;
use crate::random::to_i64;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const WEEK: i64 = 7 * DAY;

/// Activity over time: hours of the day times days of the week times festivals; its mean over a week without
/// festivals is 1.
#[derive(Debug, Clone)]
pub(crate) struct Rhythm {
    /// Activity of each hour of the week, from Monday's first.
    hours: [f64; 168],
    /// Sums of `hours` up to each hour.
    sums: [f64; 169],
    offset: i64,
    festivals: Vec<[f64; 4]>,
}

impl Rhythm {
    pub(crate) fn new(rules: &CalendarRules) -> Self {
        let raw: Vec<f64> = rules.weekdays.iter().flat_map(|day| rules.hours.iter().map(move |hour| day * hour)).collect();
        let mean = raw.iter().sum::<f64>() / 168.0;
        let hours: [f64; 168] = std::array::from_fn(|i| raw[i] / mean);
        let mut sums = [0.0; 169];
        for i in 0..168 {
            sums[i + 1] = sums[i] + hours[i];
        }
        Self { hours, sums, offset: i64::from(rules.utc_offset_minutes) * MINUTE, festivals: rules.festivals.clone() }
    }

    /// Microseconds since Monday's beginning, in market time. 1970-01-01 was a Thursday.
    fn of_week(&self, at: i64) -> i64 {
        (at + self.offset + 3 * DAY).rem_euclid(WEEK)
    }

    /// The time by which `busy` hours of mean activity have passed since `at`.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a week fit exactly")]
    pub(crate) fn after(&self, at: i64, busy: f64) -> i64 {
        let of_week = self.of_week(at);
        let monday = at - of_week;
        let hour = usize::try_from(of_week / HOUR).unwrap_or(0).min(167);
        let into = (of_week % HOUR) as f64 / HOUR as f64;
        let mut target = self.sums[hour] + self.hours[hour] * into + busy.max(0.0);
        let weeks = libm::floor(target / self.sums[168]);
        target -= weeks * self.sums[168];
        let found = self.sums.partition_point(|sum| *sum <= target).clamp(1, 168) - 1;
        let rest = ((target - self.sums[found]) / self.hours[found].max(1e-9)).clamp(0.0, 1.0);
        let hours = i64::try_from(found).unwrap_or(0);
        monday + to_i64(weeks) * WEEK + hours * HOUR + to_i64(rest * HOUR as f64)
    }

    /// Days since 1970-01-01 in market time.
    pub(crate) fn day(&self, at: i64) -> i64 {
        (at + self.offset).div_euclid(DAY)
    }

    /// Begin of the market's day.
    pub(crate) fn midnight(&self, at: i64) -> i64 {
        at - (at + self.offset).rem_euclid(DAY)
    }

    /// Hour of the market's day.
    pub(crate) fn hour(&self, at: i64) -> i64 {
        (at + self.offset).rem_euclid(DAY) / HOUR
    }

    /// How much busier than usual a day is.
    pub(crate) fn festival(&self, at: i64) -> f64 {
        let text = Timestamp::from_micros(at + self.offset).unwrap_or_default().to_string();
        let part = |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
        let (month, day) = (part(5..7), part(8..10));
        let on = |f: &&[f64; 4]| (f[0] - month).abs() < 0.5 && day >= f[1] && day < f[1] + f[2];
        self.festivals.iter().find(on).map_or(1.0, |f| f[3])
    }
}
