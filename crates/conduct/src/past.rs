//! What of a party's past a penalty depends on.

use laotie_facts::Calendar;
use laotie_facts::body::Ladder;

use crate::points::{Entry, Party};
use crate::schedule::{CodeRule, Schedule};
use crate::year::market_year;

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// A party's own past, as far as it counts for the next penalty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    /// Study credits of the year, in points of the schedule's unit.
    pub credits: i64,
    /// Earlier violations of the same code within the schedule's days: the facts that imposed their penalties.
    pub earlier: Vec<i64>,
    /// Points on the general ladder before it, of this year and of what never ends.
    pub general_points: i64,
    /// The greatest number of points that one violation of the year brought.
    pub greatest_points: i64,
    /// Whether any content breach of this year came before.
    pub seen_this_year: bool,
    /// Points on the serious ladder before it.
    pub serious_points: i64,
}

impl Past {
    /// The past of an entry: whatever was decided on facts before its cause and still stands.
    pub(crate) fn of(party: &Party, entry: &Entry, rule: &CodeRule, schedule: &Schedule, calendar: &Calendar) -> Self {
        let year = market_year(&calendar.zone, entry.at);
        let mut before: Vec<&Entry> = party.entries.iter().filter(|e| e.voided_by.is_none() && e.cause < entry.cause).collect();
        // One that was decided anew stands at the ledger's end, but in its old place before others.
        before.sort_by_key(|e| e.cause);
        let within = i64::from(rule.within_days.unwrap_or(schedule.choice.within_days));
        let since = entry.at.plus_micros(-within * DAY_MICROS);
        let earlier = before.iter().filter(|e| e.breach.code == entry.breach.code && e.at > since && e.at <= entry.at);
        let points = |ladder| Party::points_of(ladder, year, before.iter().copied());
        Self {
            credits: party.credits_of(year, |c| c.voided_by.is_none() && c.seq < entry.cause) * schedule.points_unit,
            earlier: earlier.map(|e| e.seq).collect(),
            general_points: points(Ladder::General),
            greatest_points: before.iter().filter(|e| e.year == year || e.closed).map(|e| e.points).max().unwrap_or(0),
            seen_this_year: before.iter().any(|e| e.year == year && schedule.code(&e.breach.code).is_some_and(|c| c.content)),
            serious_points: points(Ladder::Serious),
        }
    }

    /// Points that count on a ladder before the next ones are added: less study credits, not below nothing.
    pub fn counted(&self, ladder: Ladder, added: i64, schedule: &Schedule) -> i64 {
        let points = added
            + match ladder {
                Ladder::General => self.general_points,
                Ladder::Serious => self.serious_points,
            };
        counted(points, self.credits, self.greatest_points.max(added), ladder, schedule)
    }
}

/// `max(0, points - credits)`; a single violation of so many points as the schedule says voids the credits.
pub(crate) fn counted(points: i64, credits: i64, greatest: i64, ladder: Ladder, schedule: &Schedule) -> i64 {
    let takes = schedule.ladder(ladder).is_some_and(|l| l.study_credits) && greatest < schedule.study.void_at;
    if takes { (points - credits).max(0) } else { points }
}
