//! What nobody in the market can help: festivals, strikes, base rates that move.

use crate::parameters::CalendarRules;
use crate::random::{Random, to_i64};

/// The weather of the day.
#[derive(Debug)]
pub(crate) struct Weather {
    random: Random,
    walk: f64,
    strikes_per_year: f64,
    /// Factor on activity.
    pub(crate) festival: f64,
    /// Days of a strike still to come.
    strike: i64,
    late: f64,
    defects: f64,
}

impl Weather {
    pub(crate) fn new(rules: &CalendarRules, random: Random) -> Self {
        Self {
            random,
            walk: rules.base_rate_walk,
            strikes_per_year: rules.strikes_per_year,
            festival: 1.0,
            strike: 0,
            late: 0.0,
            defects: 0.0,
        }
    }

    /// The next day: rates walk back towards the usual and a step aside (Uhlenbeck and Ornstein, in days).
    pub(crate) fn next_day(&mut self, festival: f64) {
        self.festival = festival;
        let step = self.walk / libm::sqrt(7.0);
        self.late = 0.985 * self.late + step * self.random.normal();
        self.defects = 0.985 * self.defects + step * self.random.normal();
        self.strike = (self.strike - 1).max(0);
        if self.random.chance(self.strikes_per_year / 365.0) {
            self.strike = to_i64(self.random.between(3.0, 9.0));
        }
    }

    /// Factor on the time on the way.
    pub(crate) fn slowness(&self) -> f64 {
        let crowd = 1.0 + 0.25 * (self.festival - 1.0).max(0.0);
        let strike = if self.strike > 0 { 1.7 } else { 1.0 };
        libm::exp(self.late) * crowd * strike
    }

    /// Factor on defects.
    pub(crate) fn defects(&self) -> f64 {
        libm::exp(self.defects)
    }
}
