//! A shop: what it switched on, its tier, and counts by day; nothing that grows with its orders.

use std::collections::BTreeMap;

use laotie_facts::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cover::ShopCover;
use crate::days::{Days, day_begins, day_of};

/// For how many days a shop's counts are kept.
pub const WINDOW_DAYS: u16 = 90;

/// Hours after midnight at which a shop's day is looked at: late enough for days an hour longer or shorter.
const LOOKED_AT_HOUR: i64 = 2;

/// What is counted of a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Event {
    /// An order was paid.
    Paid,
    /// A buyer first applied after sale because of the goods.
    Quality,
    /// A review was posted.
    Review,
    /// Stars of reviews, added up.
    Stars,
    /// A review of one or two stars.
    BadReview,
    /// A dispute was decided against the merchant.
    Dispute,
    /// A report was filed.
    Report,
    /// A violation was found.
    Violation,
    /// A promise was broken.
    Broken,
    /// An order was refunded for the seller's fault.
    FaultRefund,
}

/// A guarantee that a shop switched.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Switched {
    /// Hours of a dispatch promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<i64>,
    /// Whether a rule demands it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mandated: bool,
    /// Whether it is on for all items.
    pub on: bool,
    /// What the shop itself wanted when a rule began to demand it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_will: Option<bool>,
    /// The fact.
    pub seq: i64,
    /// Streamers in whose rooms it is on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub streamers: Vec<String>,
}

/// A badge of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgeState {
    /// Whether it is lit.
    pub lit: bool,
    /// The fact that lit it or put it out.
    pub seq: i64,
    /// Since when.
    pub since: Timestamp,
}

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShopState {
    /// Badges that were ever lit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub badges: BTreeMap<String, BadgeState>,
    /// Return freight cover: experience and price.
    #[serde(default, skip_serializing_if = "ShopCover::is_empty")]
    pub cover: ShopCover,
    /// Counts by day.
    pub days: Days,
    /// When it was first heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_since: Option<Timestamp>,
    /// When its day is looked at next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_look: Option<Timestamp>,
    /// What it switched.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub switched: BTreeMap<String, Switched>,
    /// Whether Laotie hears of its dispatches: without word of any, a dispatch clock would find every order late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tells_dispatch: bool,
    /// Its grade, as the market names grades.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Minutes that the market's clock is ahead of UTC.
    #[serde(default)]
    pub utc_offset_minutes: i64,
}

impl ShopState {
    /// Counts an event.
    pub fn count(&mut self, at: Timestamp, event: Event, n: i64) {
        let day = day_of(at, self.utc_offset_minutes);
        self.days.add(day, event as usize, n, i64::from(WINDOW_DAYS));
        self.known_since = Some(self.known_since.map_or(at, |since| since.min(at)));
    }

    /// Sets the next look at the shop's day, if none is set.
    pub fn wake(&mut self, after: Timestamp) {
        if self.next_look.is_none() {
            self.next_look = Some(self.look_after(after));
        }
    }

    /// The first look after a time.
    pub fn look_after(&self, after: Timestamp) -> Timestamp {
        let look = |day: i64| day_begins(day, self.utc_offset_minutes).plus_micros(LOOKED_AT_HOUR * 3_600_000_000);
        let today = day_of(after, self.utc_offset_minutes);
        if look(today) > after { look(today) } else { look(today + 1) }
    }

    /// Whether nothing is left to look at: no events in the window, no badge lit, nothing demanded by a rule.
    pub fn is_dormant(&self, day: i64) -> bool {
        self.days.is_quiet(day, i64::from(WINDOW_DAYS))
            && !self.badges.values().any(|b| b.lit)
            && !self.switched.values().any(|s| s.mandated)
    }
}
