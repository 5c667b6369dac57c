//! The life of a case.

use laotie_facts::body::{AppealOpened, CaseReviewed, EvidenceGiven, JuryVoted, Liability, ReviewOutcome, Side};
use laotie_facts::{Fact, Judgement, Timestamp};
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::jury::Vote;

/// How far a case has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The other side is asked.
    #[default]
    Open,
    /// The other side offered something else; whose turn it is to say yes.
    Offered,
    /// A reviewer is to look.
    InReview,
    /// Decided; an appeal may still come.
    Decided {
        /// Until when it may be appealed against.
        appeal_by: Timestamp,
    },
    /// Somebody else looks again.
    Appealed {
        /// The appeal.
        appeal: String,
    },
    /// Decided for good.
    Final,
    /// Taken back.
    Withdrawn,
}

impl Stage {
    /// Its name in JSON and in lists.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Offered => "offered",
            Self::InReview => "in_review",
            Self::Decided { .. } => "decided",
            Self::Appealed { .. } => "appealed",
            Self::Final => "final",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A reviewer's look at a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The appeal that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who is answerable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liability: Option<Liability>,
    /// What was found.
    pub outcome: ReviewOutcome,
    /// Who looked.
    pub reviewer: String,
    /// The fact.
    pub seq: i64,
}

/// An appeal against a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Who appeals.
    pub appellant: String,
    /// When.
    pub at: Timestamp,
    /// The appeal.
    pub id: String,
    /// The fact.
    pub seq: i64,
    /// On which side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
}

/// Why something cannot happen to a case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Obstacle {
    /// Stable kebab-case name.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl Obstacle {
    /// An obstacle.
    pub fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }
}

impl From<Obstacle> for Judgement {
    fn from(obstacle: Obstacle) -> Self {
        Self::Refuse { code: obstacle.code, reason: obstacle.reason }
    }
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Case {
    /// Appeals, at most one a side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appeals: Vec<Appeal>,
    /// What was put before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Looks at it, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Review>,
    /// How far it has come.
    #[serde(flatten)]
    pub stage: Stage,
    /// What jurors said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<Vote>,
}

impl Case {
    /// Whether evidence can be given: the case is open, and an id stands for one file.
    ///
    /// # Errors
    /// [`Obstacle`] `evidence-reused` or `case-closed`.
    pub fn may_give(&self, given: &EvidenceGiven) -> Result<(), Obstacle> {
        if let Some(known) = self.evidence.iter().find(|e| e.id == given.evidence.as_str()) {
            let what = if known.hash == given.file.hash.to_string() { "was given already" } else { "stands for another file already" };
            return Err(Obstacle::new("evidence-reused", format!("evidence `{}` {what}; another piece needs another id", given.evidence)));
        }
        if matches!(self.stage, Stage::Final | Stage::Withdrawn) {
            return Err(Obstacle::new("case-closed", "the case is closed; nothing more can be put before it"));
        }
        Ok(())
    }

    /// Takes evidence in. What came before a decision stays with it.
    pub fn give(&mut self, fact: &Fact, given: &EvidenceGiven) {
        self.evidence.push(Evidence::of(fact, given));
    }

    /// Whether a reviewer may look: the case is not closed, and an appeal is somebody else's to decide.
    ///
    /// # Errors
    /// [`Obstacle`] `case-closed`, `case-decided`, `same-reviewer` or `appeal-unknown`.
    pub fn may_review(&self, review: &CaseReviewed) -> Result<(), Obstacle> {
        match &self.stage {
            Stage::Final | Stage::Withdrawn => Err(Obstacle::new("case-closed", "the case is closed; there is nothing to decide")),
            Stage::Decided { .. } => {
                Err(Obstacle::new("case-decided", "the case is decided; a party must appeal before it is looked at again"))
            }
            Stage::Appealed { appeal } => {
                if let Some(named) = review.appeal.as_ref().filter(|a| a.as_str() != appeal) {
                    return Err(Obstacle::new("appeal-unknown", format!("the open appeal is `{appeal}`, not `{named}`")));
                }
                let earlier = self.reviews.iter().find(|r| r.reviewer == review.reviewer.as_str() && r.outcome.decides());
                match earlier {
                    Some(_) => Err(Obstacle::new(
                        "same-reviewer",
                        format!("`{}` decided this case before; an appeal is decided by somebody else", review.reviewer),
                    )),
                    None => Ok(()),
                }
            }
            Stage::Open | Stage::Offered | Stage::InReview => match &review.appeal {
                Some(named) => Err(Obstacle::new("appeal-unknown", format!("there is no appeal `{named}` against this case"))),
                None => Ok(()),
            },
        }
    }

    /// Takes a look in. The stage moves with what the system decides on it, or stays in review.
    pub fn review(&mut self, fact: &Fact, review: &CaseReviewed) {
        self.reviews.push(Review {
            appeal: match &self.stage {
                Stage::Appealed { appeal } => Some(appeal.clone()),
                _ => None,
            },
            at: fact.at,
            liability: review.liability,
            outcome: review.outcome,
            reviewer: review.reviewer.to_string(),
            seq: fact.seq,
        });
        if matches!(self.stage, Stage::Open | Stage::Offered) {
            self.stage = Stage::InReview;
        }
    }

    /// Whether a side may appeal now.
    ///
    /// # Errors
    /// [`Obstacle`] `nothing-to-appeal`, `appeal-too-late` or `appealed-before`.
    pub fn may_appeal(&self, fact: &Fact, appeal: &AppealOpened) -> Result<(), Obstacle> {
        let Stage::Decided { appeal_by } = &self.stage else {
            if self.stage == Stage::Final && self.appeals.is_empty() && !self.reviews.is_empty() {
                return Err(Obstacle::new("appeal-too-late", "the time to appeal is over; the decision is final"));
            }
            let reason = match self.stage {
                Stage::Final => "the case is decided for good",
                Stage::Appealed { .. } => "an appeal is open already",
                _ => "nothing was decided yet",
            };
            return Err(Obstacle::new("nothing-to-appeal", reason));
        };
        if fact.at > *appeal_by {
            return Err(Obstacle::new("appeal-too-late", format!("an appeal was possible until {appeal_by}")));
        }
        let before = |a: &&Appeal| a.appellant == appeal.appellant.as_str() || (a.side.is_some() && a.side == appeal.side);
        match self.appeals.iter().find(before) {
            Some(_) => Err(Obstacle::new("appealed-before", "this side appealed before; the second decision is final")),
            None => Ok(()),
        }
    }

    /// Takes an appeal in: somebody else is to look.
    pub fn appeal(&mut self, fact: &Fact, appeal: &AppealOpened) {
        self.appeals.push(Appeal {
            appellant: appeal.appellant.to_string(),
            at: fact.at,
            id: appeal.appeal.to_string(),
            seq: fact.seq,
            side: appeal.side,
        });
        self.stage = Stage::Appealed { appeal: appeal.appeal.to_string() };
    }

    /// The case is decided: the first time it may be appealed against until `appeal_by`, then it is final.
    pub fn decide(&mut self, appeal_by: Option<Timestamp>) {
        self.stage = match (&self.stage, appeal_by) {
            (Stage::Appealed { .. }, _) | (_, None) => Stage::Final,
            (_, Some(appeal_by)) => Stage::Decided { appeal_by },
        };
    }

    /// Whether a juror may vote: the case is not closed, and a juror votes once a round.
    ///
    /// # Errors
    /// [`Obstacle`] `case-closed` or `voted-before`.
    pub fn may_vote(&self, vote: &JuryVoted) -> Result<(), Obstacle> {
        if matches!(self.stage, Stage::Final | Stage::Withdrawn) {
            return Err(Obstacle::new("case-closed", "the case is closed; the jury is not asked any more"));
        }
        let round = vote.round.map_or(1, laotie_facts::Quantity::get);
        match self.votes.iter().find(|v| v.juror == vote.juror.as_str() && v.round == round) {
            Some(_) => Err(Obstacle::new("voted-before", format!("`{}` voted in this round already", vote.juror))),
            None => Ok(()),
        }
    }

    /// Takes a vote in.
    pub fn vote(&mut self, fact: &Fact, vote: &JuryVoted) {
        self.votes.push(Vote {
            juror: vote.juror.to_string(),
            round: vote.round.map_or(1, laotie_facts::Quantity::get),
            seq: fact.seq,
            vote: vote.vote,
        });
    }

    /// Whether it was decided, whatever may still come.
    pub fn is_decided(&self) -> bool {
        matches!(self.stage, Stage::Decided { .. } | Stage::Final)
    }

    /// The last look that decided something.
    pub fn last_decision(&self) -> Option<&Review> {
        self.reviews.iter().rev().find(|r| r.outcome.decides())
    }
}
