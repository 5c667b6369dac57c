//! The point chosen within a range, with the reason for it.

use laotie_facts::body::ActionKind;

use crate::breach::{Breach, Severity};
use crate::past::Past;
use crate::schedule::{ActionRule, Choice, CodeRule};

/// An action with its measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chosen {
    /// What.
    pub action: ActionKind,
    /// Damages in minor units.
    pub amount_minor: Option<i64>,
    /// Natural days, market time.
    pub days: Option<i64>,
    /// Whether it never ends.
    pub permanent: bool,
    /// Points in the schedule's unit.
    pub points: Option<i64>,
}

/// Where in a band a penalty lies, and what moved it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// What moved it: a stable name and the steps it brought.
    pub moved: Vec<(&'static str, i64)>,
    /// The severity that the band is of; `None` where the code counts occasions.
    pub severity: Option<Severity>,
    /// Which time it is, from 1.
    pub nth: i64,
    /// Steps above the lower end.
    pub step: i64,
    /// Of how many.
    pub steps: i64,
}

/// Finds the band and the step in it.
///
/// Steps add up from the lower end and stay within the range: each earlier violation of the code, damage
/// caused, and downwards for what was taken back, reported by the party itself, or warned of by a partner.
pub(crate) fn position(rule: &CodeRule, choice: &Choice, breach: &Breach, past: &Past) -> Position {
    let count = i64::try_from(past.earlier.len()).unwrap_or(i64::MAX);
    let mut moved = Vec::new();
    let mut severity = rule.band(breach.severity).map(|b| b.severity);
    if breach.corrected {
        let lighter = severity.and_then(|s| rule.band.iter().rev().find(|b| b.severity < s)).map(|b| b.severity);
        match lighter.filter(|_| choice.corrected_lowers_severity) {
            Some(lighter) => {
                severity = Some(lighter);
                moved.push(("corrected_lowers_severity", 0));
            }
            None => moved.push(("corrected", choice.corrected)),
        }
    }
    if count > 0 {
        moved.push(("earlier_violations", choice.per_earlier.saturating_mul(count)));
    }
    let damage = choice.damage.iter().rev().find(|d| d.from_minor <= breach.damage_minor && breach.damage_minor > 0);
    moved.extend(damage.map(|d| ("damage_caused", d.steps)));
    if breach.self_reported {
        moved.push(("self_reported", choice.self_reported));
    }
    if breach.shared && breach.warned_partner {
        moved.push(("warned_partner", choice.warned_partner));
    }
    let sum = moved.iter().fold(0i64, |sum, (_, steps)| sum.saturating_add(*steps));
    Position { moved, severity, nth: count.saturating_add(1), step: sum.clamp(0, choice.steps), steps: choice.steps }
}

/// An action at a step of its range.
pub(crate) fn measure(rule: &ActionRule, step: i64, steps: i64) -> Chosen {
    Chosen {
        action: rule.action,
        amount_minor: rule.amount_minor.map(|r| r.at(step, steps)),
        days: rule.days.map(|r| r.at(step, steps)),
        permanent: rule.permanent,
        points: rule.points.map(|r| r.at(step, steps)),
    }
}

/// Adds actions; of two of a kind the longer one stays, and damages are not demanded twice.
pub(crate) fn join(actions: &mut Vec<Chosen>, more: impl Iterator<Item = Chosen>) {
    for new in more {
        match actions.iter_mut().find(|a| a.action == new.action) {
            Some(old) => {
                old.permanent |= new.permanent;
                old.days = if old.permanent { None } else { old.days.max(new.days) };
                old.amount_minor = old.amount_minor.max(new.amount_minor);
            }
            None => actions.push(new),
        }
    }
}
