//! Conduct: violations and penalties.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PartyKind, Reason};
use crate::amount::{Amount, Ppm, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{AppealId, CaseId, ItemId, NudgeId, PartyId, PenaltyId, ShowId, UtteranceId, ViolationId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::text::Text;
use crate::time::Timestamp;

/// The two ladders of violations, counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ladder {
    /// General violations.
    General,
    /// Serious violations.
    Serious,
}

/// When a breach is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Before the show.
    Pre,
    /// During it.
    Live,
    /// After it.
    Post,
}

/// A stretch of a text, in code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSpan {
    /// What was found there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Text<50>>,
    /// Behind its last character.
    pub end: Quantity,
    /// Its first character, from 0.
    pub start: Quantity,
}

/// `violation.found`: a rule was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViolationFound {
    /// The case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What was broken, as the rules name it.
    pub code: Text<50>,
    /// How sure the finding is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_ppm: Option<Ppm>,
    /// Whether it was corrected in time, which lowers the severity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
    /// On which ladder it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Ladder>,
    /// The nudge that warned of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nudge: Option<NudgeId>,
    /// Who broke it.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// Points that it brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Quantity>,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// How grave, from 1 (soften) to 3 (stop).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Quantity>,
    /// Who is answerable as well.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub shared_with: Few<PartyId, 100>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// Where in the utterance.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub spans: Few<TextSpan, 100>,
    /// When it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utterance: Option<UtteranceId>,
    /// The violation.
    pub violation: ViolationId,
}

impl FactBody for ViolationFound {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// What a penalty does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// A warning.
    Warn,
    /// Violation points.
    Points,
    /// Study and an exam.
    Exam,
    /// Damages to be paid.
    Damages,
    /// Items are taken off.
    DelistItems,
    /// No new items.
    NoListings,
    /// No flash sales (闪电购): nothing is listed and sold out of a running show.
    NoFlashBuy,
    /// No selling in shows.
    SuspendCart,
    /// Less exposure.
    LimitReach,
    /// No withdrawals up to what is owed.
    HoldWithdrawals,
    /// No shows.
    Ban,
    /// The shop is closed.
    CloseShop,
    /// Out of the market.
    Remove,
}

/// One thing that a penalty does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PenaltyAction {
    /// What.
    pub action: ActionKind,
    /// Damages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// Items that it is about.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub items: Few<ItemId, 1000>,
    /// Points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Quantity>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// `penalty.imposed`: what follows from violations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PenaltyImposed {
    /// What it does.
    pub actions: Few<PenaltyAction, 20, 1>,
    /// Whether it is made public without the party's name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anonymous: bool,
    /// Until when it can be appealed against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal_by: Option<Timestamp>,
    /// Of all amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// On which ladder it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Ladder>,
    /// Who.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The penalty.
    pub penalty: PenaltyId,
    /// Whether it is made public.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// Violations that it follows from.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub violations: Few<ViolationId, 100>,
}

impl FactBody for PenaltyImposed {
    fn check(&self) -> Result<(), Flaw> {
        if self.currency.is_none() && self.actions.iter().any(|a| a.amount_minor.is_some()) {
            return Err(Flaw::at("currency", "missing; damages need it"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `penalty.lifted`: a penalty ends before its time or is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PenaltyLifted {
    /// The appeal that undid it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealId>,
    /// Who.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The penalty.
    pub penalty: PenaltyId,
    /// Points taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_restored: Option<Quantity>,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// Whether it counts as never imposed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undone: bool,
}

impl FactBody for PenaltyLifted {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `study.passed`: a party passed an exam; its credits lower the points that count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyPassed {
    /// Which course, as the market names courses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course: Option<Text<100>>,
    /// Credits earned.
    pub credits: Quantity,
    /// Who.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The penalty that demanded the exam.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<PenaltyId>,
}

impl FactBody for StudyPassed {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}
