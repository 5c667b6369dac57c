//! The market's calendar and the clocks that run by it: hours, natural days, working days; never mixed.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::error::Flaw;
use crate::rules::{FromRule, RuleBook, RuleDocument};
use crate::time::{MarketZone, Timestamp};

/// Family and name of the rule document that holds a market's calendar.
const CALENDAR: (&str, &str) = ("calendar", "market");

/// In what a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockUnit {
    /// Exact hours.
    Hour,
    /// Days of the calendar; they end at 24:00 market time.
    NaturalDay,
    /// Days on which the market works; they end at 24:00 market time.
    WorkingDay,
}

impl ClockUnit {
    /// Its name in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::NaturalDay => "natural_day",
            Self::WorkingDay => "working_day",
        }
    }
}

/// A length of time on its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// How many.
    pub length: u16,
    /// Of what.
    pub unit: ClockUnit,
}

impl Clock {
    /// When the clock that starts at `from` runs out.
    ///
    /// `n` days end at 24:00 market time of the `n`th day after; `n` working days of the `n`th working day
    /// after; hours are exact.
    pub fn end(self, from: Timestamp, calendar: &Calendar) -> Timestamp {
        self.end_with_pauses(from, &[], calendar)
    }

    /// As [`Clock::end`], while time within `pauses` does not count: hours stand still, and a day on which
    /// the clock stood still for a moment is not counted.
    ///
    /// `pauses` are `(from, until)`, in order of time and apart from each other.
    pub fn end_with_pauses(self, from: Timestamp, pauses: &[(Timestamp, Timestamp)], calendar: &Calendar) -> Timestamp {
        let n = i64::from(self.length);
        match self.unit {
            ClockUnit::Hour => pauses.iter().fold(from.plus_micros(n * 3_600_000_000), |end, (begin, until)| {
                let stopped = (*begin).max(from);
                if stopped < end && *until > stopped { end.plus_micros(until.micros() - stopped.micros()) } else { end }
            }),
            ClockUnit::NaturalDay if pauses.is_empty() => calendar.zone.natural_days_after(from, i32::from(self.length)),
            ClockUnit::NaturalDay | ClockUnit::WorkingDay => self.nth_day(from, pauses, calendar),
        }
    }

    fn nth_day(self, from: Timestamp, pauses: &[(Timestamp, Timestamp)], calendar: &Calendar) -> Timestamp {
        let first = calendar.zone.day(from);
        let (mut day, mut left) = (first, self.length);
        // A calendar without any working day in ten years is none.
        while left > 0 && day < first + 3_660 + i32::from(self.length) * 2 {
            day += 1;
            let works = self.unit == ClockUnit::NaturalDay || calendar.is_working_day(day);
            let stood_still = pauses.iter().any(|(begin, until)| calendar.zone.day(*begin) <= day && day <= calendar.zone.day(*until));
            left -= u16::from(works && !stood_still);
        }
        calendar.zone.natural_days_after(from, day - first)
    }
}

/// A market's time zone, its holidays, and the days of rest on which it works all the same.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// By which days are cut.
    pub zone: MarketZone,
    rest: BTreeSet<WeekdayIndex>,
    holidays: BTreeSet<i32>,
    workdays: BTreeSet<i32>,
}

/// A day of the week, Monday is 0.
type WeekdayIndex = i8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read so that an unknown field is told from a known one")]
struct Document {
    id: Option<String>,
    version: String,
    effective_from: Option<String>,
    source: String,
    name: Option<toml::Table>,
    zone: String,
    days_of_rest: Vec<String>,
    holidays: Vec<String>,
    workdays: Vec<String>,
}

impl FromRule for Calendar {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let read: Document = toml::from_str(&document.text).map_err(|e| Flaw::at("text", e.to_string()))?;
        let zone = MarketZone::new(&read.zone).map_err(|e| Flaw::at("zone", e.to_string()))?;
        let rest = read.days_of_rest.iter().map(|d| weekday(d)).collect::<Result<_, _>>()?;
        let days = |field: &'static str, list: &[String]| list.iter().map(|d| day(field, d)).collect::<Result<BTreeSet<_>, _>>();
        Ok(Self { zone, rest, holidays: days("holidays", &read.holidays)?, workdays: days("workdays", &read.workdays)? })
    }
}

impl Calendar {
    /// The calendar that holds at a time; a week of five working days in UTC while none is published.
    pub fn at(book: &RuleBook, time: Timestamp) -> std::sync::Arc<Calendar> {
        let found = book.at(CALENDAR.0, CALENDAR.1, time).and_then(|d| d.read::<Calendar>().ok());
        found.unwrap_or_else(|| std::sync::Arc::new(Self::plain(MarketZone::new("UTC").expect("UTC is a zone"))))
    }

    /// Five working days a week, no holidays.
    pub fn plain(zone: MarketZone) -> Self {
        let rest = [Weekday::Saturday, Weekday::Sunday].map(Weekday::to_monday_zero_offset).into();
        Self { zone, rest, holidays: BTreeSet::new(), workdays: BTreeSet::new() }
    }

    /// Whether the market works on a day, counted from 1970-01-01.
    pub fn is_working_day(&self, day: i32) -> bool {
        // 1970-01-01 was a Thursday, the fourth day of a week that starts on Monday.
        let weekday = i8::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        self.workdays.contains(&day) || !(self.rest.contains(&weekday) || self.holidays.contains(&day))
    }
}

fn weekday(text: &str) -> Result<WeekdayIndex, Flaw> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let found = DAYS.iter().position(|d| *d == text).and_then(|i| i8::try_from(i).ok());
    found.ok_or_else(|| Flaw::at("days_of_rest", format!("`{text}` is no day of the week, as `saturday`")))
}

fn day(field: &'static str, text: &str) -> Result<i32, Flaw> {
    let date: Date = text.parse().map_err(|_| Flaw::at(field, format!("`{text}` is not a date, as `2026-10-01`")))?;
    let epoch = Date::constant(1970, 1, 1);
    date.since(epoch).map(|span| span.get_days()).map_err(|_| Flaw::at(field, format!("`{text}` lies too far away")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        let mut book = RuleBook::default();
        let text = "version = \"2026-01-01.1\"\nsource = \"test\"\nzone = \"Asia/Shanghai\"\ndays_of_rest = [\"saturday\", \"sunday\"]\n\
            holidays = [\"2026-10-01\", \"2026-10-02\"]\nworkdays = [\"2026-10-10\"]\n";
        let version = crate::RuleVersion::new("calendar/market@2026-01-01.1").expect("valid");
        book.publish("calendar", "market", version, Timestamp::default(), text.to_owned()).expect("TOML");
        let found = book.at("calendar", "market", Timestamp::MAX).expect("published").read::<Calendar>().expect("a calendar");
        Calendar::clone(&found)
    }

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    fn clock(length: u16, unit: ClockUnit) -> Clock {
        Clock { length, unit }
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays_and_count_days_made_up_for() {
        // Wednesday 2026-09-30; 1 and 2 October are holidays, then a weekend; Saturday the 10th is worked.
        let from = time("2026-09-30T10:00:00+08:00");
        let end = |n| clock(n, ClockUnit::WorkingDay).end(from, &calendar());
        assert_eq!(end(1), time("2026-10-06T00:00:00+08:00"));
        assert_eq!(end(5), time("2026-10-10T00:00:00+08:00"));
        assert_eq!(end(6), time("2026-10-11T00:00:00+08:00"));
    }

    #[test]
    fn hours_are_exact_and_stand_still_in_a_pause() {
        let from = time("2026-06-10T12:00:00Z");
        let pauses = [(time("2026-06-10T18:00:00Z"), time("2026-06-10T20:00:00Z"))];
        assert_eq!(clock(24, ClockUnit::Hour).end(from, &calendar()), time("2026-06-11T12:00:00Z"));
        assert_eq!(clock(24, ClockUnit::Hour).end_with_pauses(from, &pauses, &calendar()), time("2026-06-11T14:00:00Z"));
    }

    #[test]
    fn days_of_a_strike_do_not_count() {
        let from = time("2026-06-10T12:00:00+08:00");
        let strike = [(time("2026-06-12T08:00:00+08:00"), time("2026-06-13T20:00:00+08:00"))];
        assert_eq!(clock(7, ClockUnit::NaturalDay).end_with_pauses(from, &strike, &calendar()), time("2026-06-20T00:00:00+08:00"));
    }

    proptest! {
        #[test]
        fn a_longer_clock_never_ends_earlier(hours in 0i64..500_000, n in 0u16..60, unit in 0usize..3) {
            let unit = [ClockUnit::Hour, ClockUnit::NaturalDay, ClockUnit::WorkingDay][unit];
            let from = Timestamp::from_micros(1_700_000_000_000_000 + hours * 3_600_000_000).expect("in range");
            let (calendar, end) = (calendar(), |n| clock(n, unit));
            prop_assert!(end(n).end(from, &calendar) >= from || n == 0);
            prop_assert!(end(n + 1).end(from, &calendar) > end(n).end(from, &calendar));
        }

        #[test]
        fn a_pause_never_shortens(hours in 0i64..500_000, n in 1u16..30, begin in 0i64..300, length in 0i64..100, unit in 0usize..3) {
            let unit = [ClockUnit::Hour, ClockUnit::NaturalDay, ClockUnit::WorkingDay][unit];
            let from = Timestamp::from_micros(1_700_000_000_000_000 + hours * 3_600_000_000).expect("in range");
            let pause = (from.plus_micros(begin * 3_600_000_000), from.plus_micros((begin + length) * 3_600_000_000));
            let calendar = calendar();
            prop_assert!(clock(n, unit).end_with_pauses(from, &[pause], &calendar) >= clock(n, unit).end(from, &calendar));
        }
    }
}
