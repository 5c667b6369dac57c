//! Partners: contracts, what is delivered under them, programmes of support, samples.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EvidenceFile, PartyKind, in_order, needs_currency};
use crate::amount::{Amount, Quantity, ShareBps};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{ContractId, DeliverableId, ItemId, PartyId, ProgrammeId, SampleId, ShopId, ShowId, StreamerId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::text::{MaskedText, Text};
use crate::time::Timestamp;

/// Which sales a contract counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SalesBasis {
    /// What was paid, refunded or not.
    Paid,
    /// What was paid less every refund.
    Net,
    /// What was paid less cancellations, brushing and refunds for quality.
    Valid,
}

/// What becomes of a fee when guaranteed sales are missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShortfallRule {
    /// The fee goes back in proportion.
    ProRata,
    /// The whole fee goes back.
    Full,
    /// More shows are owed.
    Makeup,
    /// Nothing.
    None,
}

/// What a provider does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// Hosts shows.
    Host,
    /// Operates shop and room.
    Operate,
    /// Buys traffic.
    Media,
    /// Promotes goods.
    Promote,
    /// Brings goods and creators together.
    Match,
    /// Brings new streamers up.
    Incubate,
    /// Supplies goods.
    Supply,
    /// Packs and sends.
    Fulfil,
}

/// Something owed under a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverableTerm {
    /// The deliverable.
    pub deliverable: DeliverableId,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<Quantity>,
    /// What is owed: `12 shows of 4 hours`.
    pub what: Text<500>,
}

/// A share of sales that goes to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeShare {
    /// How much of them.
    pub fee_bps: ShareBps,
    /// To whom.
    pub party: PartyId,
}

/// `contract.signed`: two parties agree on a service, its price and what is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractSigned {
    /// Natural days without answer after which a deliverable counts as accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_after_days: Option<Quantity>,
    /// Who is served.
    pub client: PartyId,
    /// What the client is.
    pub client_kind: PartyKind,
    /// Sales that the commission is counted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission_basis: Option<SalesBasis>,
    /// Commission on them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission_bps: Option<ShareBps>,
    /// The contract.
    pub contract: ContractId,
    /// Of all amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What is owed.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub deliverables: Few<DeliverableTerm, 500>,
    /// Whether the provider serves nobody else in this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclusive: bool,
    /// The paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<EvidenceFile>,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Items that it is about; all when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub items: Few<ItemId, 5000>,
    /// Leaders in between and their fees, the nearest to the goods first.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub leaders: Few<FeeShare, 10>,
    /// Who serves.
    pub provider: PartyId,
    /// What the provider is.
    pub provider_kind: PartyKind,
    /// Share of commission kept back for refunds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_reserve_bps: Option<ShareBps>,
    /// Sales that the floor is counted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_basis: Option<SalesBasis>,
    /// Sales that are guaranteed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_floor_minor: Option<Amount>,
    /// What is done.
    pub service: ServiceKind,
    /// Natural days from receipt to settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_days: Option<Quantity>,
    /// What becomes of the slot fee when the floor is missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<ShortfallRule>,
    /// Fixed fee before the show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot_fee_minor: Option<Amount>,
    /// The contract that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<ContractId>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl FactBody for ContractSigned {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(
            self.currency,
            &[("sales_floor_minor", self.sales_floor_minor.is_some()), ("slot_fee_minor", self.slot_fee_minor.is_some())],
        )?;
        in_order(self.from, self.until, "from", "until")?;
        if self.client == self.provider {
            return Err(Flaw::at("provider", "is the client itself; a contract has two parties"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("contract", &self.contract)
    }
}

/// `deliverable.given`: the provider says that it delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverableGiven {
    /// The contract.
    pub contract: ContractId,
    /// The deliverable.
    pub deliverable: DeliverableId,
    /// Proof.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub files: Few<EvidenceFile, 100>,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<Quantity>,
    /// Shows that prove it.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub shows: Few<ShowId, 500>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Text<2000>>,
}

impl FactBody for DeliverableGiven {
    fn subject(&self) -> Subject {
        Subject::new("contract", &self.contract)
    }
}

/// `deliverable.accepted`: the client accepts, or the time to object ran out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverableAccepted {
    /// Whether it was accepted by the clock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// The contract.
    pub contract: ContractId,
    /// The deliverable.
    pub deliverable: DeliverableId,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<Quantity>,
}

impl FactBody for DeliverableAccepted {
    fn subject(&self) -> Subject {
        Subject::new("contract", &self.contract)
    }
}

/// `deliverable.disputed`: the client objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverableDisputed {
    /// The contract.
    pub contract: ContractId,
    /// The deliverable.
    pub deliverable: DeliverableId,
    /// Proof.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub files: Few<EvidenceFile, 100>,
    /// How many are disputed; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<Quantity>,
    /// Why.
    pub reason: MaskedText<2000>,
}

impl FactBody for DeliverableDisputed {
    fn subject(&self) -> Subject {
        Subject::new("contract", &self.contract)
    }
}

/// What a programme gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SupportKind {
    /// Money.
    Cash,
    /// Exposure that need not be paid for.
    Traffic,
    /// Fees given back.
    FeeReturn,
}

/// Whether a programme runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeState {
    /// Made known, not begun.
    Announced,
    /// It runs.
    Running,
    /// It is over.
    Ended,
}

/// A tier of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeTier {
    /// What reaching it gives.
    pub grant_minor: Amount,
    /// Its name.
    pub name: Text<100>,
    /// Valid GMV to reach.
    pub valid_gmv_minor: Amount,
}

/// `programme.set`: a programme of support begins, or its terms change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeSet {
    /// The most that it may give.
    pub budget_minor: Amount,
    /// Of all amounts; traffic is counted at what it would cost.
    pub currency: Currency,
    /// Who may take part; everybody when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub for_kinds: Few<PartyKind, 10>,
    /// When it begins.
    pub from: Timestamp,
    /// Parties in which its sponsor holds shares, to be flagged.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub holders: Few<PartyId, 1000>,
    /// Its name.
    pub name: Text<200>,
    /// The programme.
    pub programme: ProgrammeId,
    /// Who pays for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<PartyId>,
    /// Whether it runs.
    pub state: ProgrammeState,
    /// What it gives.
    pub support: SupportKind,
    /// Its tiers.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub tiers: Few<ProgrammeTier, 100>,
    /// When it ends.
    pub until: Timestamp,
}

impl FactBody for ProgrammeSet {
    fn check(&self) -> Result<(), Flaw> {
        in_order(Some(self.from), Some(self.until), "from", "until")?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("programme", &self.programme)
    }
}

/// `sample.sent`: goods were sent to somebody who may promote them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleSent {
    /// Who carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Text<100>>,
    /// The contract that it goes with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The item.
    pub item: ItemId,
    /// The parcel's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parcel: Option<Text<100>>,
    /// How many; one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<Quantity>,
    /// When it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Timestamp>,
    /// When it must be back; never when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_by: Option<Timestamp>,
    /// The sample.
    pub sample: SampleId,
    /// Who sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// To whom.
    pub streamer: StreamerId,
    /// What it is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_minor: Option<Amount>,
}

impl FactBody for SampleSent {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("value_minor", self.value_minor.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("sample", &self.sample)
    }
}
