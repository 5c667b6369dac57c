//! Claims: what buyers ask for under the guarantees of an order, the answers, and the evidence given.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AfterSaleReason, EvidenceFile, Reason, needs_currency};
use crate::amount::Amount;
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{BuyerId, CaseId, ClaimId, EvidenceId, LineId, OrderId, PartyId, ReturnId, ShopId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::rules::RuleVersion;
use crate::text::MaskedText;
use crate::time::Timestamp;

/// What a piece of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A picture.
    Photo,
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
    /// A paper.
    Document,
    /// A laboratory's report.
    LabReport,
    /// A paper of the supply chain: invoice, authorisation, customs form.
    SupplyPaper,
    /// Messages.
    Chat,
    /// What the carrier recorded.
    LogisticsTrace,
    /// What was said, written down.
    Transcript,
    /// Something else.
    Other,
}

/// Which side of a case somebody is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The buyer's.
    Buyer,
    /// The merchant's.
    Merchant,
    /// The streamer's.
    Streamer,
    /// The service provider's.
    Provider,
    /// The carrier's.
    Carrier,
    /// The platform's.
    Platform,
}

/// What a buyer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimWish {
    /// The money, without sending the goods back.
    Refund,
    /// The money, against the goods.
    ReturnRefund,
    /// Other goods.
    Exchange,
    /// The goods made good.
    Repair,
    /// Compensation beyond the price.
    Compensation,
    /// What sending back cost.
    FreightCover,
}

/// `claim.opened`: a buyer claims what an order's guarantees promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimOpened {
    /// How much is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// Who claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer: Option<BuyerId>,
    /// The case.
    pub claim: ClaimId,
    /// Of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Evidence given with it.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub evidence: Few<EvidenceId, 100>,
    /// The guarantee that is called upon, as `counterfeit_multiple`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Name>,
    /// Which lines; all when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub lines: Few<LineId, 5000>,
    /// The order.
    pub order: OrderId,
    /// Why.
    pub reason: AfterSaleReason,
    /// The return that it goes with.
    #[serde(rename = "return", skip_serializing_if = "Option::is_none")]
    pub return_id: Option<ReturnId>,
    /// What the buyer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<MaskedText<5000>>,
    /// What is asked for.
    pub wish: ClaimWish,
}

impl FactBody for ClaimOpened {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("amount_minor", self.amount_minor.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("claim", &self.claim)
    }
}

/// How a merchant answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimAnswer {
    /// It pays what is asked.
    Agree,
    /// It offers something else.
    Offer,
    /// It will not pay.
    Refuse,
}

/// `claim.answered`: the merchant answers a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimAnswered {
    /// How.
    pub answer: ClaimAnswer,
    /// The case.
    pub claim: ClaimId,
    /// Why it refuses, as the market names refusals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Name>,
    /// Of the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Evidence given with it.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub evidence: Few<EvidenceId, 100>,
    /// What it offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_minor: Option<Amount>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<MaskedText<5000>>,
}

impl FactBody for ClaimAnswered {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("offer_minor", self.offer_minor.is_some())])?;
        if (self.answer == ClaimAnswer::Offer) != self.offer_minor.is_some() {
            return Err(Flaw::at("offer_minor", "an `offer` names an amount, and no other answer does"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("claim", &self.claim)
    }
}

/// `claim.accepted`: the buyer takes what the merchant offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimAccepted {
    /// The case.
    pub claim: ClaimId,
}

impl FactBody for ClaimAccepted {
    fn subject(&self) -> Subject {
        Subject::new("claim", &self.claim)
    }
}

/// `evidence.given`: a file is put before a case. The file itself lies elsewhere under its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceGiven {
    /// The case, when it is no claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// The piece of evidence.
    pub evidence: EvidenceId,
    /// What it is.
    pub evidence_kind: EvidenceKind,
    /// Hash, size and media type.
    pub file: EvidenceFile,
    /// Who gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_by: Option<PartyId>,
    /// The order that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// On which side.
    pub side: Side,
    /// What it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<MaskedText<2000>>,
    /// When it was taken or written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
}

impl FactBody for EvidenceGiven {
    fn subject(&self) -> Subject {
        match (&self.claim, &self.case, &self.order) {
            (Some(claim), _, _) => Subject::new("claim", claim),
            (None, Some(case), _) => Subject::new("case", case),
            (None, None, Some(order)) => Subject::new("order", order),
            (None, None, None) => Subject::new("evidence", &self.evidence),
        }
    }
}

/// `claim.withdrawn`: the buyer takes a claim back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimWithdrawn {
    /// The case.
    pub claim: ClaimId,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<MaskedText<1000>>,
}

impl FactBody for ClaimWithdrawn {
    fn subject(&self) -> Subject {
        Subject::new("claim", &self.claim)
    }
}

/// Whose turn a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimTurn {
    /// The rules decide alone.
    Rules,
    /// The merchant is to answer.
    Merchant,
    /// The buyer is to say yes or no to an offer, or to show more.
    Buyer,
    /// A reviewer is to look.
    Reviewer,
    /// The goods must come back first.
    Goods,
}

/// `claim.routed`: under which guarantee a claim is judged, whose turn it is and by when. A later one replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRouted {
    /// By when the merchant is to answer, or the buyer to take an offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Timestamp>,
    /// The most that a ruling can award.
    pub at_risk_minor: Amount,
    /// The case.
    pub claim: ClaimId,
    /// Of the amount.
    pub currency: Currency,
    /// By when evidence must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_by: Option<Timestamp>,
    /// The guarantee that it rests on; none for a plain dispute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Name>,
    /// Which lines.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub lines: Few<LineId, 5000>,
    /// The order.
    pub order: OrderId,
    /// Why it goes there.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// The shop.
    pub shop: ShopId,
    /// Whose turn it is.
    pub turn: ClaimTurn,
    /// The version of the guarantee that the order carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<RuleVersion>,
}

impl FactBody for ClaimRouted {
    fn subject(&self) -> Subject {
        Subject::new("claim", &self.claim)
    }
}
