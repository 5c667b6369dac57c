//! A buyer's own history, as much as standing and abuse limits need.

use std::collections::BTreeMap;

use laotie_facts::Timestamp;
use laotie_facts::body::BuyerStanding;
use serde::{Deserialize, Serialize};

use crate::days::Days;

/// For how many days a buyer's history is kept.
pub const HISTORY_DAYS: u16 = 365;

/// Most claims remembered by guarantee.
const CLAIMS_MAX: usize = 100;

/// What is counted of a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Deed {
    /// An order was paid.
    Paid,
    /// Receipt was confirmed and nothing claimed or sent back.
    Kept,
    /// A return was asked for.
    Returned,
    /// A claim was opened.
    Claimed,
    /// A claim was upheld.
    Upheld,
    /// A claim was rejected.
    Rejected,
    /// Return freight was paid out.
    Freight,
}

/// An appeal against a standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingAppeal {
    /// The appeal.
    pub id: String,
    /// The fact.
    pub seq: i64,
}

/// A buyer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BuyerState {
    /// An open appeal against the standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<StandingAppeal>,
    /// Claims by day and guarantee; of plain disputes the name is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<(i64, String)>,
    /// History up to this day counts no more, since an appeal was won.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared: Option<i64>,
    /// Counts by day.
    pub days: Days,
    /// Limits by guarantee and until when; the limit of all stands under an empty name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Timestamp>,
    /// Standing but for limits.
    #[serde(default)]
    pub standing: BuyerStanding,
    /// Minutes that the market's clock is ahead of UTC.
    #[serde(default)]
    pub utc_offset_minutes: i64,
}

impl BuyerState {
    /// Counts a deed.
    pub fn count(&mut self, day: i64, deed: Deed) {
        self.days.add(day, deed as usize, 1, i64::from(HISTORY_DAYS));
    }

    /// Remembers a claim under a guarantee.
    pub fn claim(&mut self, day: i64, guarantee: &str) {
        self.claims.push((day, guarantee.to_owned()));
        self.claims.retain(|c| c.0 > day - i64::from(HISTORY_DAYS));
        let over = self.claims.len().saturating_sub(CLAIMS_MAX);
        self.claims.drain(..over);
    }

    /// How many deeds in the last days, past what an appeal cleared.
    pub fn deeds(&self, deed: Deed, day: i64, length: u16) -> i64 {
        self.days.sum(deed as usize, day, self.counted(day, length))
    }

    /// How many claims under a guarantee in the last days.
    pub fn claims_under(&self, guarantee: &str, day: i64, length: u16) -> i64 {
        let length = self.counted(day, length);
        let found = self.claims.iter().filter(|(d, name)| name == guarantee && *d <= day && *d > day - length).count();
        i64::try_from(found).unwrap_or(i64::MAX)
    }

    fn counted(&self, day: i64, length: u16) -> i64 {
        i64::from(length).min(self.cleared.map_or(i64::MAX, |cleared| (day - cleared).max(0)))
    }

    /// The standing at a time.
    pub fn standing_at(&self, at: Timestamp) -> BuyerStanding {
        if self.limits.get("").is_some_and(|until| at < *until) { BuyerStanding::Limited } else { self.standing }
    }

    /// Until when the buyer may not call upon a guarantee.
    pub fn limited_until(&self, guarantee: &str, at: Timestamp) -> Option<Timestamp> {
        [self.limits.get(""), self.limits.get(guarantee)].into_iter().flatten().filter(|until| at < **until).max().copied()
    }
}
