//! A case: what was reported, who looked, what the jury says, what came of it.

use laotie_cases::{Case, Stage};
use laotie_facts::Timestamp;
use laotie_facts::body::TargetKind;
use serde::{Deserialize, Serialize};

use crate::breach::is_zero;
use crate::jury::Round;

/// A report under review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFile {
    /// Evidence, reviews, votes and the stage.
    pub case: Case,
    /// What is suspected.
    pub code: String,
    /// Whether the words were taken back in time, as heard on air.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
    /// Damage that the reviewer found, in the schedule's currency.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub damage_minor: i64,
    /// Pieces of evidence that came with the report, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// The item that was being explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Whether its jurors were told whether they were right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub jury_settled: bool,
    /// The nudge that warned of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nudge: Option<String>,
    /// When it was reported.
    pub opened_at: Timestamp,
    /// Penalties that stand or stood for it, as of now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<String>,
    /// Who reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// Rounds of the jury.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// The report.
    pub seq: i64,
    /// The show in which it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<String>,
    /// What was reported.
    pub target: String,
    /// What kind of thing that is.
    pub target_kind: TargetKind,
    /// The sentence that is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utterance: Option<String>,
    /// Violations found in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<String>,
}

impl CaseFile {
    /// Whether somebody is to look at it.
    pub fn is_open(&self) -> bool {
        matches!(self.case.stage, Stage::Open | Stage::Offered | Stage::InReview)
    }

    /// The round that votes go to.
    pub fn round(&self) -> Option<&Round> {
        self.rounds.last()
    }
}
