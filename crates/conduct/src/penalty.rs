//! A penalty, its terms, and the appeal against it.

use laotie_cases::{Case, Stage};
use laotie_facts::body::PenaltyImposed;
use laotie_facts::{Due, RuleVersion, Timestamp};
use serde::{Deserialize, Serialize};

use crate::decision::restricts;

/// A penalty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Penalty {
    /// From when it counts.
    pub at: Timestamp,
    /// The look that led to it, its appeals, and how far they have come.
    pub case: Case,
    /// The case that it was found in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// The fact by which it ended in its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<i64>,
    /// What was imposed.
    pub imposed: PenaltyImposed,
    /// The schedule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleVersion>,
    /// The fact that imposed it.
    pub seq: i64,
    /// The fact that undid it: it counts as never imposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<i64>,
}

/// Deadline at which a penalty can be appealed against no longer.
pub(crate) const APPEAL: &str = "appeal";
/// Deadline at which a penalty's last term ends.
pub(crate) const END: &str = "end";
/// Deadline at which a party's points are reset.
pub(crate) const ANNUAL_RESET: &str = "annual_reset";

impl Penalty {
    /// The party, as `KIND/ID`.
    pub fn party(&self) -> String {
        format!("{}/{}", self.imposed.party_kind.as_str(), self.imposed.party)
    }

    /// When its last term ends; `None` when it has none, or something of it never ends.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let kept = || self.imposed.actions.iter().filter(|a| restricts(a.action));
        if kept().any(|a| a.until.is_none()) {
            return None;
        }
        kept().filter_map(|a| a.until).max()
    }

    /// Whether nothing more can change it.
    pub fn is_settled(&self) -> bool {
        self.undone_by.is_some() || self.case.stage == Stage::Final
    }

    /// How it stands, in a word.
    pub fn status(&self) -> &'static str {
        match (&self.case.stage, self.undone_by, self.ended_by) {
            (_, Some(_), _) => "undone",
            (Stage::Appealed { .. }, ..) => "appealed",
            (_, _, Some(_)) => "ended",
            (Stage::Decided { .. }, ..) => "imposed",
            _ => "final",
        }
    }

    pub(crate) fn deadlines(&self) -> Vec<Due> {
        let mut due = Vec::new();
        if self.undone_by.is_some() {
            return due;
        }
        if let Stage::Decided { appeal_by } = &self.case.stage {
            due.push(Due { purpose: APPEAL.to_owned(), due: *appeal_by });
        }
        if let Some(end) = self.ends_at().filter(|_| self.ended_by.is_none()) {
            due.push(Due { purpose: END.to_owned(), due: end });
        }
        due
    }
}
