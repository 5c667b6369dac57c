//! Settlement: statements of account and pay-outs; and who approved a rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PartyKind, in_order};
use crate::amount::{Amount, Quantity, SignedAmount};
use crate::error::Flaw;
use crate::few::Few;
use crate::hash::Sha256Hex;
use crate::ids::{ContractId, LineId, OrderId, PartyId, PayoutId, PostingId, StatementId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::rules::RuleVersion;
use crate::text::Text;
use crate::time::Timestamp;

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementLine {
    /// What the party gains; negative for what it gives.
    pub amount_minor: SignedAmount,
    /// The order's line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// The order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The posting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posting: Option<PostingId>,
    /// What for, as `commission`.
    pub purpose: Name,
}

/// `statement.drawn`: what a party is owed for a stretch of time; the lines add up to the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementDrawn {
    /// The contract that it settles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Of all amounts.
    pub currency: Currency,
    /// When its sales can change no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_at: Option<Timestamp>,
    /// From when.
    pub from: Timestamp,
    /// Its lines.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub lines: Few<StatementLine, 20000>,
    /// Whose.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The statement.
    pub statement: StatementId,
    /// The statement that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<StatementId>,
    /// What is owed in all; negative when the party owes.
    pub total_minor: SignedAmount,
    /// Until when.
    pub until: Timestamp,
    /// Valid GMV that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_gmv_minor: Option<Amount>,
}

impl FactBody for StatementDrawn {
    fn check(&self) -> Result<(), Flaw> {
        in_order(Some(self.from), Some(self.until), "from", "until")?;
        let sum: i128 = self.lines.iter().map(|l| i128::from(l.amount_minor.get())).sum();
        if sum != i128::from(self.total_minor.get()) {
            return Err(Flaw::at("total_minor", format!("{} is not the sum of the lines, {sum}", self.total_minor.get())));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("statement", &self.statement)
    }
}

/// `payout.made`: money leaves for a party's own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutMade {
    /// How much.
    pub amount_minor: Amount,
    /// Of all amounts.
    pub currency: Currency,
    /// What stays behind under holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_minor: Option<Amount>,
    /// To whom.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The pay-out.
    pub payout: PayoutId,
    /// What stays behind for refunds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve_minor: Option<Amount>,
    /// When that is freed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve_until: Option<Timestamp>,
    /// The statement that it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
}

impl FactBody for PayoutMade {
    fn subject(&self) -> Subject {
        Subject::new("payout", &self.payout)
    }
}

/// `rule.approved`: one of the two people who must approve a rule change does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleApproved {
    /// Who.
    pub approver: PartyId,
    /// The document's family.
    pub family: Text<50>,
    /// What the change would have cost on past facts, in the market's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money_changed_minor: Option<SignedAmount>,
    /// Its name within the family.
    pub name: Text<100>,
    /// What the approver says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Text<1000>>,
    /// How many subjects it would have changed on past facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjects_changed: Option<Quantity>,
    /// Hash of the document that was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_hash: Option<Sha256Hex>,
    /// Its version.
    pub version: RuleVersion,
}

impl FactBody for RuleApproved {
    fn subject(&self) -> Subject {
        Subject::new("rule", format_args!("{}/{}", self.family.as_str(), self.name.as_str()))
    }
}

/// `rule.proposed`: a new version of a rule document is put forward; it is published once two people approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleProposed {
    /// From when it is to hold.
    pub effective_from: Timestamp,
    /// The document's family.
    pub family: Text<50>,
    /// Its name within the family.
    pub name: Text<100>,
    /// Who puts it forward.
    pub proposer: PartyId,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Text<1000>>,
    /// The document.
    pub text: Text<200_000>,
    /// Its version.
    pub version: RuleVersion,
}

impl FactBody for RuleProposed {
    fn subject(&self) -> Subject {
        Subject::new("rule", format_args!("{}/{}", self.family.as_str(), self.name.as_str()))
    }
}
