//! Why a penalty is what it is: decided again from what it rested on.

use laotie_facts::body::Reason;
use laotie_facts::{Calendar, RuleBook, Timestamp};

use crate::breach::Breach;
use crate::case_file::CaseFile;
use crate::decide::weigh_again;
use crate::decision::{Decision, dated};
use crate::past::Past;
use crate::points::Party;
use crate::schedule::schedule_for;
use crate::target::party_kind;

/// What a penalty rests on, and what comes out when it is decided again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The violation's facts.
    pub breach: Breach,
    /// The clause.
    pub clause: String,
    /// The decision, with every step that was moved and days as days.
    pub decision: Decision,
    /// Whether the decision is what was imposed; always, unless our own code changed its mind.
    pub equals_imposed: bool,
    /// The party's past that counted.
    pub past: Past,
    /// Stored points for one point.
    pub points_unit: i64,
    /// The same reasons as in the fact.
    pub reasons: Vec<Reason>,
    /// The schedule's version.
    pub version: String,
}

/// Explains a penalty out of its party's ledger; `None` when the ledger has none of that name or the book
/// no longer has its schedule.
pub fn explain(ledger: &Party, penalty: &str, book: &RuleBook) -> Option<Explanation> {
    let entry = ledger.entry(penalty)?;
    let (decision, schedule) = weigh_again(ledger, entry, book)?;
    let calendar = Calendar::at(book, entry.at);
    let rule = schedule.code(&entry.breach.code)?;
    Some(Explanation {
        breach: entry.breach.clone(),
        clause: rule.clause.clone(),
        equals_imposed: dated(&decision.actions, entry.at, &calendar) == entry.actions,
        past: Past::of(ledger, entry, rule, &schedule, &calendar),
        points_unit: schedule.points_unit,
        reasons: decision.reasons.clone(),
        decision,
        version: entry.version.clone(),
    })
}

/// By when a case is to be reviewed, by the clock of the schedule that fits its target.
///
/// `None` where the target's role has no schedule; things count as what stands behind them most often: items
/// and orders as shops, shows, videos and comments as streamers.
pub fn review_due(file: &CaseFile, book: &RuleBook) -> Option<Timestamp> {
    use laotie_facts::body::{PartyKind, TargetKind};
    let kind = party_kind(file.target_kind).unwrap_or(match file.target_kind {
        TargetKind::Item | TargetKind::Order => PartyKind::Shop,
        _ => PartyKind::Streamer,
    });
    let (_, schedule) = schedule_for(book, kind, file.opened_at)?;
    Some(schedule.review.end(file.opened_at, &Calendar::at(book, file.opened_at)))
}
