//! Rulings on claims, and the postings that move money.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Liability, PartyKind};
use crate::amount::{Amount, Quantity, SignedAmount};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{AppealId, ClaimId, ContractId, LineId, OrderId, PartyId, PenaltyId, PostingId, RulingId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::text::Text;
use crate::time::Timestamp;

/// How a ruling ends a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RulingOutcome {
    /// The claim holds.
    Upheld,
    /// It holds in part.
    UpheldInPart,
    /// It does not hold.
    Rejected,
    /// It was withdrawn.
    Withdrawn,
    /// A deadline passed.
    Lapsed,
}

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwardKind {
    /// The price of the goods.
    Refund,
    /// Beyond the price.
    Compensation,
    /// What sending back cost.
    Freight,
    /// What a contract or a rule sets for its breach.
    Damages,
    /// Out of goodwill, nobody being liable.
    Goodwill,
}

/// Where money is taken from, in the order of the waterfall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FundSource {
    /// Proceeds of goods not yet paid out.
    Proceeds,
    /// The margin.
    Margin,
    /// The platform, to be paid back.
    PlatformAdvance,
    /// Owed, with a deadline.
    Debt,
    /// The prepaid freight account.
    FreightCover,
    /// A programme's budget.
    Programme,
}

/// How an award is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaidAs {
    /// Money.
    Money,
    /// A coupon without a threshold.
    Coupon,
}

/// Why something was decided: code and clause for the public, facts and words for the party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The clause of the rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<Text<100>>,
    /// Stable name, as `evidence_too_late`.
    pub code: Name,
    /// Places in the journal of the facts that show it.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub facts: Few<Quantity, 100>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text<1000>>,
}

/// Money awarded in a ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// How much.
    pub amount_minor: Amount,
    /// What for.
    pub award: AwardKind,
    /// The order's line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// For compensation by a multiple of the price: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple: Option<Quantity>,
    /// How it is given; money when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_as: Option<PaidAs>,
    /// Who pays; the shop when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer: Option<PartyId>,
    /// What the payer is; a shop when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_kind: Option<PartyKind>,
    /// Out of what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<FundSource>,
}

/// `ruling.made`: a case is decided, with reasons and money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulingMade {
    /// The appeal that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealId>,
    /// Until when it can be appealed against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal_by: Option<Timestamp>,
    /// What is paid, to the buyer.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub awards: Few<Award, 1000>,
    /// The case.
    pub claim: ClaimId,
    /// Of all amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The guarantee that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Name>,
    /// Who is answerable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liability: Option<Liability>,
    /// The order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// How it ends.
    pub outcome: RulingOutcome,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// Who decided; absent when the rules did alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<PartyId>,
    /// The ruling.
    pub ruling: RulingId,
}

impl FactBody for RulingMade {
    fn check(&self) -> Result<(), Flaw> {
        if !self.awards.is_empty() && self.currency.is_none() {
            return Err(Flaw::at("currency", "missing; awards need it"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("claim", &self.claim)
    }
}

/// One side of a posting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingEntry {
    /// The account, as `merchant/m-1/proceeds`.
    pub account: Text<200>,
    /// What it gains; negative for what it gives.
    pub amount_minor: SignedAmount,
    /// The order's line that earns it or takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// What this side is for, when it is not what the posting is for, as `commission`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Name>,
}

/// `posting.made`: money moves between accounts; the entries add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingMade {
    /// The case that it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// The contract that it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Of all amounts.
    pub currency: Currency,
    /// The day in whose books it counts, when not its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// Its sides.
    pub entries: Few<PostingEntry, 50000, 2>,
    /// The order that it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The penalty whose damages it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<PenaltyId>,
    /// The posting.
    pub posting: PostingId,
    /// What for, as `refund`.
    pub purpose: Name,
    /// The posting that it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverses: Option<PostingId>,
}

impl FactBody for PostingMade {
    fn check(&self) -> Result<(), Flaw> {
        let sum: i128 = self.entries.iter().map(|e| i128::from(e.amount_minor.get())).sum();
        if sum != 0 {
            return Err(Flaw::at("entries", format!("add up to {sum}, not to 0")));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        match (&self.claim, &self.order) {
            (Some(claim), _) => Subject::new("claim", claim),
            (None, Some(order)) => Subject::new("order", order),
            (None, None) => Subject::new("posting", &self.posting),
        }
    }
}
