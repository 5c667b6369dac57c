//! Points as a ledger: appended, never changed; what any date knew can be told of any date.

use std::collections::BTreeMap;

use laotie_facts::body::{ActionKind, Ladder, PenaltyAction};
use laotie_facts::{Calendar, Timestamp};
use serde::{Deserialize, Serialize};

use crate::breach::Breach;
use crate::decision::restricts;
use crate::past::counted;
use crate::schedule::Schedule;
use crate::year::market_year;

/// A penalty in a party's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What the penalty does.
    pub actions: Vec<PenaltyAction>,
    /// From when it counts.
    pub at: Timestamp,
    /// The facts of the violation.
    pub breach: Breach,
    /// The fact that found the violation; entries stand in its order.
    pub cause: i64,
    /// Whether its points closed the role for good; then they are never reset.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// The fact by which it ended in its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<i64>,
    /// On which ladder its points count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Ladder>,
    /// The penalty.
    pub penalty: String,
    /// Points, in the schedule's unit.
    pub points: i64,
    /// The fact that imposed it.
    pub seq: i64,
    /// The schedule that it was decided by.
    pub version: String,
    /// The violation.
    pub violation: String,
    /// The fact that undid it; it counts nowhere from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_by: Option<i64>,
    /// The market's year in which its points count.
    pub year: i32,
}

/// Study credits in a party's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// When they were earned.
    pub at: Timestamp,
    /// How many, in whole points.
    pub credits: i64,
    /// The fact.
    pub seq: i64,
    /// The fact that voided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_by: Option<i64>,
    /// The market's year in which they count.
    pub year: i32,
}

/// What a year came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct YearTotals {
    /// Study credits.
    pub credits: i64,
    /// Points on the general ladder.
    pub general: i64,
    /// Points on the serious ladder.
    pub serious: i64,
}

/// A party in one role, and its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Party {
    /// Study credits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
    /// Penalties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// When the running year's points are reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<Timestamp>,
    /// The running year, as far as facts tell.
    pub year: i32,
    /// Years that are over, folded when they ended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub years: BTreeMap<i32, YearTotals>,
}

/// A view on the ledger: what counted at a time, as it was known when the journal had so many facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// The time that is asked about.
    pub at: Timestamp,
    /// The last fact that was known.
    pub seq: i64,
}

impl AsOf {
    /// What counts at a time, as far as is known now.
    pub fn now(at: Timestamp) -> Self {
        Self { at, seq: i64::MAX }
    }

    fn sees(self, at: Timestamp, seq: i64, voided_by: Option<i64>) -> bool {
        at <= self.at && seq <= self.seq && voided_by.is_none_or(|by| by > self.seq)
    }
}

impl Party {
    /// Points on a ladder in a year, of some entries: those of the year, and what a closed role keeps.
    pub(crate) fn points_of<'a>(ladder: Ladder, year: i32, entries: impl Iterator<Item = &'a Entry> + Clone) -> i64 {
        let on = entries.filter(|e| e.ladder == Some(ladder));
        let kept: Vec<i32> = on.clone().filter(|e| e.closed && e.year < year).map(|e| e.year).collect();
        on.filter(|e| e.year == year || kept.contains(&e.year)).map(|e| e.points).sum()
    }

    /// Credits of a year, in whole points.
    pub(crate) fn credits_of(&self, year: i32, counts: impl Fn(&Credit) -> bool) -> i64 {
        self.credits.iter().filter(|c| c.year == year && counts(c)).map(|c| c.credits).sum()
    }

    /// The entries that a view sees.
    pub fn live(&self, view: AsOf) -> impl Iterator<Item = &Entry> + Clone {
        self.entries.iter().filter(move |e| view.sees(e.at, e.seq, e.voided_by))
    }

    /// Points on a ladder as a view sees them, before study credits.
    pub fn points(&self, ladder: Ladder, view: AsOf, calendar: &Calendar) -> i64 {
        Self::points_of(ladder, market_year(&calendar.zone, view.at), self.live(view))
    }

    /// What a year came to, of what stands.
    pub(crate) fn totals(&self, year: i32) -> YearTotals {
        let live = self.entries.iter().filter(|e| e.voided_by.is_none());
        YearTotals {
            credits: self.credits_of(year, |c| c.voided_by.is_none()),
            general: Self::points_of(Ladder::General, year, live.clone()),
            serious: Self::points_of(Ladder::Serious, year, live),
        }
    }

    /// The entry of a penalty.
    pub fn entry(&self, penalty: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.penalty == penalty)
    }

    /// Whether the role is closed for good by what stands.
    pub fn is_closed(&self) -> bool {
        self.entries.iter().any(|e| e.closed && e.voided_by.is_none())
    }
}

/// An action that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Running {
    /// What.
    pub action: ActionKind,
    /// The penalty that it is of.
    pub penalty: String,
    /// Until when; for good when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// How a party stands on a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LadderStanding {
    /// Whether the role is closed by it.
    pub closed: bool,
    /// Points that count: less study credits.
    pub counted: i64,
    /// Which ladder.
    pub ladder: Ladder,
    /// The next mark; none when the role is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_mark: Option<i64>,
    /// Points before study credits.
    pub points: i64,
}

/// How a party stands in a role. Points are in the schedule's unit: divide by `points_unit` to show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Study credits of the year, in the schedule's unit.
    pub credits: i64,
    /// Whether a single grave violation voids them.
    pub credits_void: bool,
    /// By ladder, as the schedule lists them.
    pub ladders: Vec<LadderStanding>,
    /// Stored points for one point.
    pub points_unit: i64,
    /// What is in force, in the order of the violations.
    pub running: Vec<Running>,
    /// The market's year.
    pub year: i32,
}

/// How a party stands, as a view sees it, by the schedule and calendar that held then.
pub fn standing(party: &Party, view: AsOf, schedule: &Schedule, calendar: &Calendar) -> Standing {
    let year = market_year(&calendar.zone, view.at);
    let seen = |c: &Credit| view.sees(c.at, c.seq, c.voided_by);
    let credits = party.credits_of(year, seen) * schedule.points_unit;
    let greatest = party.live(view).filter(|e| e.year == year || e.closed).map(|e| e.points).max().unwrap_or(0);
    let ladders = schedule.ladder.iter().map(|rule| {
        let points = Party::points_of(rule.ladder, year, party.live(view));
        let counts = counted(points, credits, greatest, rule.ladder, schedule);
        let closed = counts >= rule.closes_at || party.live(view).any(|e| e.closed && e.ladder == Some(rule.ladder));
        let next = rule.node.iter().map(|n| n.at).chain([rule.closes_at]).find(|mark| *mark > counts);
        LadderStanding { closed, counted: counts, ladder: rule.ladder, next_mark: next.filter(|_| !closed), points }
    });
    let mut in_order: Vec<&Entry> = party.live(view).collect();
    in_order.sort_by_key(|e| e.cause);
    let running = in_order.into_iter().flat_map(|e| {
        let in_force = |a: &&PenaltyAction| restricts(a.action) && a.until.is_none_or(|until| until > view.at);
        e.actions.iter().filter(in_force).map(|a| Running { action: a.action, penalty: e.penalty.clone(), until: a.until })
    });
    Standing {
        credits,
        credits_void: greatest >= schedule.study.void_at,
        ladders: ladders.collect(),
        points_unit: schedule.points_unit,
        running: running.collect(),
        year,
    }
}
