//! Money kept back: holds, debts, frozen settlement, and withdrawals asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PartyKind, Reason, needs_currency};
use crate::amount::Amount;
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{ClaimId, DebtId, HoldId, OrderId, PartyId, PenaltyId, PostingId, WithdrawalId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::text::Text;
use crate::time::Timestamp;

/// `hold.placed`: part of an account's balance is kept for something and counts against what is available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldPlaced {
    /// The account, as `shop/s-3/proceeds`.
    pub account: Text<200>,
    /// How much.
    pub amount_minor: Amount,
    /// The claim that it is kept for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// Of the amount.
    pub currency: Currency,
    /// The hold.
    pub hold: HoldId,
    /// The order that it is kept for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The penalty that it is kept for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<PenaltyId>,
    /// What for, as `claim`.
    pub purpose: Name,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl FactBody for HoldPlaced {
    fn subject(&self) -> Subject {
        Subject::new("hold", &self.hold)
    }
}

/// How a hold ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldEnd {
    /// The money is free again.
    Released,
    /// It was paid away.
    Taken,
}

/// `hold.ended`: a hold is released, or its money was paid away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldEnded {
    /// The account.
    pub account: Text<200>,
    /// How much.
    pub amount_minor: Amount,
    /// Of the amount.
    pub currency: Currency,
    /// How.
    pub end: HoldEnd,
    /// The hold.
    pub hold: HoldId,
}

impl FactBody for HoldEnded {
    fn subject(&self) -> Subject {
        Subject::new("hold", &self.hold)
    }
}

/// `debt.raised`: a party owes what it could not pay; the debt's own account says how much is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtRaised {
    /// How much at first.
    pub amount_minor: Amount,
    /// The claim that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// The account that what is recovered goes to.
    pub creditor_account: Text<200>,
    /// Of the amount.
    pub currency: Currency,
    /// The debt.
    pub debt: DebtId,
    /// By when it is to be paid; then settlement is frozen.
    pub due: Timestamp,
    /// Whether settlement is frozen when it is not paid by then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub freezes: bool,
    /// The order that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Who owes.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The penalty that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<PenaltyId>,
    /// The posting that raised it.
    pub posting: PostingId,
}

impl FactBody for DebtRaised {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `settlement.frozen`: nothing is paid out to a party until its debts are paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettlementFrozen {
    /// The debts that are overdue.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub debts: Few<DebtId, 1000>,
    /// Who.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
}

impl FactBody for SettlementFrozen {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `settlement.resumed`: what froze a party's settlement is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettlementResumed {
    /// Who.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
}

impl FactBody for SettlementResumed {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `withdrawal.requested`: a party, or a payout run for it, asks for what is available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalRequested {
    /// How much; all that is available when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// Of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Who.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
}

impl FactBody for WithdrawalRequested {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("amount_minor", self.amount_minor.is_some())])
    }

    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}
