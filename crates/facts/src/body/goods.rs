//! Goods: listings and what is on file about them, prices, stock, and what others attest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EvidenceFile, some_of};
use crate::amount::{Amount, Ppm, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{BrandId, ClaimId, CredentialId, ItemId, LineId, MerchantId, OrderId, PartyId, ShopId, ShowId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::text::{MaskedText, Text};
use crate::time::Timestamp;

/// What an authority approved the goods as; it bounds what may be said of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Food without approved functions.
    OrdinaryFood,
    /// Food with approved functions.
    HealthFood,
    /// Cosmetics that need a filing.
    CosmeticOrdinary,
    /// Cosmetics that need a registration.
    CosmeticSpecial,
    /// A medical device.
    MedicalDevice,
    /// Nothing of the kind.
    None,
}

/// The two classes that are refunded without return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoodsClass {
    /// Lost once dispatched: fresh goods.
    DispatchPerishable,
    /// Lost once opened: cosmetics.
    OpenPerishable,
}

/// How the shop takes goods back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnPolicy {
    /// Within the days of the law, without a reason.
    NoReason,
    /// For faults alone.
    QualityOnly,
    /// Not at all, where the law allows.
    None,
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// What, as `cotton`.
    pub name: Text<100>,
    /// How much of the whole.
    pub share_ppm: Ppm,
}

/// What is on file about an item. An absent field is not known; an empty list means that there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemFacts {
    /// What it is approved as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Its barcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcode: Option<Text<50>>,
    /// Its brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandId>,
    /// Its category, as the market names categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Text<200>>,
    /// Certificates and tests on file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificates: Option<Few<Text<200>, 100>>,
    /// Whether it is made for this channel alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_special: Option<bool>,
    /// How the shop describes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<20000>>,
    /// Whether the supplier sends it to the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropship: Option<bool>,
    /// Endorsements on file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endorsements: Option<Few<Text<200>, 100>>,
    /// What is given along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gifts: Option<Few<Text<200>, 100>>,
    /// Whether it perishes by dispatch or opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_class: Option<GoodsClass>,
    /// The merchant whose goods these are, when distributed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_owner: Option<MerchantId>,
    /// Guarantees that the item carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantees: Option<Few<Name, 100>>,
    /// Its pictures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images: Option<Few<EvidenceFile, 100>>,
    /// What it is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub materials: Option<Few<Share, 100>>,
    /// Its name in the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<300>>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Text<100>>,
    /// Pieces in a pack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack_count: Option<Quantity>,
    /// Patents on file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patents: Option<Few<Text<200>, 100>>,
    /// Effects that were filed, registered or approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_efficacy: Option<Few<Text<200>, 100>>,
    /// How it is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_policy: Option<ReturnPolicy>,
    /// Its sun protection factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spf: Option<Quantity>,
    /// Who supplies it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<PartyId>,
    /// Whether nothing is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_goods: Option<bool>,
    /// Months of warranty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warranty_months: Option<Quantity>,
    /// Its weight with packing, in grams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_g: Option<Quantity>,
}

/// Whether an item is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListingState {
    /// Offered.
    Listed,
    /// Not offered by the shop's own will.
    Unlisted,
    /// Not offered because the platform will not have it.
    Blocked,
}

/// `item.listed`: a shop offers an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemListed {
    /// What is on file about it.
    pub facts: ItemFacts,
    /// The item.
    pub item: ItemId,
    /// The shop.
    pub shop: ShopId,
}

impl FactBody for ItemListed {
    fn subject(&self) -> Subject {
        Subject::new("item", &self.item)
    }
}

/// `item.changed`: what is on file about an item changes, or whether it is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemChanged {
    /// The new values of what changes; the rest stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<ItemFacts>,
    /// The item.
    pub item: ItemId,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text<1000>>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// Whether it is offered from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ListingState>,
}

impl FactBody for ItemChanged {
    fn check(&self) -> Result<(), Flaw> {
        some_of(&[("changed", self.changed.is_some()), ("state", self.state.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("item", &self.item)
    }
}

/// `price.set`: an item's price from now on, or for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceSet {
    /// Where else it is sold at this price; here when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Text<100>>,
    /// Of the prices.
    pub currency: Currency,
    /// The item.
    pub item: ItemId,
    /// The price it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_price_minor: Option<Amount>,
    /// What a piece costs.
    pub price_minor: Amount,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// Only in this show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// Until when it holds, when for a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Size, colour and the like; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<Text<128>>,
}

impl FactBody for PriceSet {
    fn subject(&self) -> Subject {
        Subject::new("item", &self.item)
    }
}

/// `stock.set`: how much there is of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StockSet {
    /// Pieces that can be sold now.
    pub available: Quantity,
    /// The item.
    pub item: ItemId,
    /// When more is expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restock_at: Option<Timestamp>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// Only what is set aside for this show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// Who promised it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<PartyId>,
    /// Size, colour and the like; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<Text<128>>,
    /// Where it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<Text<100>>,
}

impl FactBody for StockSet {
    fn subject(&self) -> Subject {
        Subject::new("item", &self.item)
    }
}

/// Who attests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttesterKind {
    /// A laboratory.
    Lab,
    /// The owner of the brand.
    BrandOwner,
    /// A body named for such questions.
    Institute,
    /// The platform itself.
    Platform,
    /// Who carried it.
    Carrier,
}

/// What is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttestationFinding {
    /// Genuine.
    Authentic,
    /// Not genuine.
    Counterfeit,
    /// As it should be.
    Conforming,
    /// Not as it should be.
    NotConforming,
    /// Cannot be told.
    Inconclusive,
}

/// `attestation.given`: a laboratory, brand owner or other body says what goods are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestationGiven {
    /// Marks under which the attester reports, as `CMA` or `CNAS`.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub accreditations: Few<Text<50>, 20>,
    /// The attestation.
    pub attestation: CredentialId,
    /// Who attests.
    pub attester: PartyId,
    /// What the attester is.
    pub attester_kind: AttesterKind,
    /// Of a brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandId>,
    /// Given in this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// The report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<EvidenceFile>,
    /// What was found.
    pub finding: AttestationFinding,
    /// Of an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Of this line of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// Of this lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<Text<100>>,
    /// Of what came with this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The report's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_number: Option<Text<100>>,
    /// What was found, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<MaskedText<5000>>,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

impl FactBody for AttestationGiven {
    fn check(&self) -> Result<(), Flaw> {
        some_of(&[
            ("item", self.item.is_some()),
            ("order", self.order.is_some()),
            ("claim", self.claim.is_some()),
            ("brand", self.brand.is_some()),
        ])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        match (&self.claim, &self.item, &self.order) {
            (Some(claim), _, _) => Subject::new("claim", claim),
            (None, Some(item), _) => Subject::new("item", item),
            (None, None, Some(order)) => Subject::new("order", order),
            (None, None, None) => Subject::new("attestation", &self.attestation),
        }
    }
}
