//! A claim: what is asked for, by which clocks, and the case about it.

use laotie_cases::{Case, Stage};
use laotie_facts::body::{AfterSaleReason, AttestationFinding, AttesterKind, ClaimTurn, ClaimWish, Liability, RulingOutcome};
use laotie_facts::{Currency, RuleVersion, Timestamp};
use serde::{Deserialize, Serialize};

/// The word of a body that attests, given in this case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// Marks it reports under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accreditations: Vec<String>,
    /// When.
    pub at: Timestamp,
    /// What it is.
    pub attester: AttesterKind,
    /// What was found.
    pub finding: AttestationFinding,
    /// The fact.
    pub seq: i64,
}

/// What was decided, to be ruled once the goods are back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaiting {
    /// How much at most; all that the terms give when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    /// Stable name of the reason.
    pub code: String,
    /// Who is answerable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liability: Option<Liability>,
    /// How it will end.
    pub outcome: RulingOutcome,
    /// Who decided; nobody when the merchant agreed or the rules did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
    /// The fact that decided it.
    pub seq: i64,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimState {
    /// By when the merchant is to answer, or the buyer to take an offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Timestamp>,
    /// The most that a ruling can award.
    pub at_risk_minor: i64,
    /// What bodies said in this case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attested: Vec<Attested>,
    /// Whether the rules opened it themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// Decided, and waiting for the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaiting: Option<Awaiting>,
    /// Who claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// The case.
    pub case: Case,
    /// How much is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_minor: Option<i64>,
    /// Of all amounts.
    pub currency: Currency,
    /// By when evidence must be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_by: Option<Timestamp>,
    /// Whether that time ran out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub evidence_passed: bool,
    /// The guarantee; none for a plain dispute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<String>,
    /// Which lines.
    pub lines: Vec<String>,
    /// What the merchant offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_minor: Option<i64>,
    /// When it was opened, and the fact.
    pub opened: (i64, Timestamp),
    /// The order.
    pub order: String,
    /// How it was decided last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<RulingOutcome>,
    /// Why.
    pub reason: AfterSaleReason,
    /// Whether the merchant refused; the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<i64>,
    /// The return it goes with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_id: Option<String>,
    /// Rulings on it: id and fact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rulings: Vec<(String, i64)>,
    /// The shop.
    pub shop: String,
    /// Whether the merchant let its clock run out; the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent: Option<i64>,
    /// Whose turn it is.
    pub turn: ClaimTurn,
    /// The version that the order carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<RuleVersion>,
    /// What is asked for.
    pub wish: ClaimWish,
}

impl ClaimState {
    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        matches!(self.case.stage, Stage::Open | Stage::Offered | Stage::InReview | Stage::Appealed { .. })
    }

    /// When its next clock runs out.
    pub fn due(&self) -> Option<Timestamp> {
        let evidence = self.evidence_by.filter(|_| !self.evidence_passed);
        [self.answer_by, evidence].into_iter().flatten().min()
    }
}
