//! Debts paid in instalments: a plan that one side proposes, the other agrees to, and that a missed instalment ends.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PartyKind, Reason};
use crate::amount::{Amount, Quantity, ShareBps};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{DebtId, PartyId, PlanId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::time::Timestamp;

/// On which side somebody speaks in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanSide {
    /// For whom the debt is owed to.
    Creditor,
    /// For who owes.
    Debtor,
}

/// An instalment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// How much.
    pub amount_minor: Amount,
    /// By when.
    pub due: Timestamp,
}

/// `plan.proposed`: one side proposes how an overdue debt is paid; another proposal takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanProposed {
    /// Who proposes.
    pub by: PartyId,
    /// Of the amounts.
    pub currency: Currency,
    /// The debt.
    pub debt: DebtId,
    /// What is paid by when, the earliest first; together all that is owed.
    pub instalments: Few<Instalment, 100>,
    /// Who owes.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The plan.
    pub plan: PlanId,
    /// The share of each sale's proceeds that is taken as it settles, and counts towards the instalments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_bps: Option<ShareBps>,
    /// On which side.
    pub side: PlanSide,
}

impl FactBody for PlanProposed {
    fn check(&self) -> Result<(), Flaw> {
        if self.instalments.is_empty() {
            return Err(Flaw::at("instalments", "empty; the last instalment says by when all is paid"));
        }
        if self.instalments.iter().any(|i| i.amount_minor.get() == 0) {
            return Err(Flaw::at("instalments", "an instalment of nothing; leave it out"));
        }
        let mut before = self.instalments.iter();
        let mut after = self.instalments.iter().skip(1);
        if let Some(late) = before.by_ref().zip(after.by_ref()).find(|(a, b)| a.due >= b.due) {
            return Err(Flaw::at("instalments", format!("{} does not come after {}; the earliest stands first", late.1.due, late.0.due)));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `plan.agreed`: the other side agrees; from now on the debt is taken by the plan, and settlement resumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAgreed {
    /// Who agrees.
    pub by: PartyId,
    /// Who owes.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The plan, as it was proposed.
    pub plan: PlanId,
    /// On which side; the other than proposed it.
    pub side: PlanSide,
}

impl FactBody for PlanAgreed {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `plan.broken`: an instalment was not there by its time; the whole debt is due again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanBroken {
    /// Of the amount.
    pub currency: Currency,
    /// The debt.
    pub debt: DebtId,
    /// When the instalment was due.
    pub due: Timestamp,
    /// Which instalment, from 1.
    pub instalment: Quantity,
    /// How much of it is missing.
    pub missing_minor: Amount,
    /// Who owes.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The plan.
    pub plan: PlanId,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
}

impl FactBody for PlanBroken {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}
