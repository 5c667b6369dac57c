//! Parties: who takes part, with what papers, under which guarantees and margins, and who acts for whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EvidenceFile, in_order, needs_currency};
use crate::amount::{Amount, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::hash::Sha256Hex;
use crate::ids::{BrandId, CredentialId, DelegationId, ItemId, MerchantId, PartyId, RoomId, ShopId, StreamerId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::text::Text;
use crate::time::Timestamp;

/// What a party of the market is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// Buys.
    Buyer,
    /// A legal party that sells and holds a margin.
    Merchant,
    /// A merchant's storefront.
    Shop,
    /// On camera.
    Streamer,
    /// Owns a mark.
    Brand,
    /// Serves merchants and streamers.
    Provider,
    /// Stands behind creators.
    Agency,
    /// Makes or supplies goods.
    Supplier,
    /// Runs the market.
    Platform,
}

impl PartyKind {
    /// Every kind.
    pub const ALL: [PartyKind; 9] = [
        Self::Buyer,
        Self::Merchant,
        Self::Shop,
        Self::Streamer,
        Self::Brand,
        Self::Provider,
        Self::Agency,
        Self::Supplier,
        Self::Platform,
    ];

    /// Finds a kind by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Its name in JSON and in the subject of a fact.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Merchant => "merchant",
            Self::Shop => "shop",
            Self::Streamer => "streamer",
            Self::Brand => "brand",
            Self::Provider => "provider",
            Self::Agency => "agency",
            Self::Supplier => "supplier",
            Self::Platform => "platform",
        }
    }
}

/// The five classes of service providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderClass {
    /// Strategic provider.
    Strategic,
    /// Live base of an industrial belt.
    Base,
    /// Local provider.
    Local,
    /// Operates for brands.
    Brand,
    /// Recruits goods and offers them to creators.
    Leader,
}

/// How a brand came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BrandKind {
    /// Known before it sold here.
    Established,
    /// Grew up on the market.
    PlatformBorn,
    /// Sells without a mark of its own.
    Unbranded,
}

/// What a hashed identity is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// An identity document.
    Document,
    /// A business licence.
    Licence,
    /// A phone number.
    Phone,
    /// A postal address.
    Address,
    /// A device.
    Device,
    /// A network address.
    Network,
    /// An account that money is paid out to.
    Payee,
    /// A face, as the identity check numbers it.
    Face,
}

/// One identity of a party, as a salted hash; two parties with one hash are linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Keyed hash, made by the sender with the market's salt.
    pub hash: Sha256Hex,
    /// What it is of.
    pub kind: IdentityKind,
}

/// `party.registered`: a party joins, or what is known of it changes; identities are hashes alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyRegistered {
    /// For a brand: how it came to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_kind: Option<BrandKind>,
    /// Its grade, as the market names grades.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<Name>,
    /// What links it to other parties.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub identities: Few<Identity, 100>,
    /// Its trade, as the market names trades.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<Text<100>>,
    /// For a shop: the merchant behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    /// The party.
    pub party: PartyId,
    /// What it is.
    pub party_kind: PartyKind,
    /// For a provider: its class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_class: Option<ProviderClass>,
    /// Who brought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referred_by: Option<PartyId>,
    /// Where it sits, as the market names its regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<100>>,
    /// Whether it is admitted on trial.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trial: bool,
}

impl FactBody for PartyRegistered {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// What a credential shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// Who the party is.
    Identity,
    /// That it may trade.
    BusinessLicence,
    /// That it may make or sell food.
    FoodLicence,
    /// That it may sell medical goods.
    MedicalLicence,
    /// That it may make or sell cosmetics.
    CosmeticLicence,
    /// That a brand lets it sell its goods.
    BrandAuthorisation,
    /// That it owns a brand.
    BrandOwnership,
    /// That its reports are accepted.
    LabAccreditation,
    /// That a person is trained for what they say.
    Qualification,
    /// A certificate of the platform.
    PlatformCertificate,
    /// Something else.
    Other,
}

/// What became of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// Handed in.
    Given,
    /// Checked and found good.
    Verified,
    /// Checked and found wanting.
    Refused,
    /// Found to be forged.
    Forged,
    /// Taken back by who issued it.
    Withdrawn,
}

/// `party.credential`: a credential was given, checked or withdrawn. Authorisations form chains through `granted_by`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyCredential {
    /// For an authorisation: the brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandId>,
    /// What it covers; everything when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub categories: Few<Text<100>, 100>,
    /// The credential.
    pub credential: CredentialId,
    /// What it shows.
    pub credential_kind: CredentialKind,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// A copy of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<EvidenceFile>,
    /// For an authorisation: who passed the right on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<PartyId>,
    /// From when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
    /// The authority or body that issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Text<200>>,
    /// Salted hash of its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_hash: Option<Sha256Hex>,
    /// Whose it is.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// What became of it.
    pub state: CredentialState,
}

impl FactBody for PartyCredential {
    fn check(&self) -> Result<(), Flaw> {
        in_order(self.issued_at, self.expires_at, "issued_at", "expires_at")?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `party.removed`: a party leaves the market, or is made to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyRemoved {
    /// Why, as the market's rules name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Name>,
    /// Parties that it was found to be one with.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub linked_to: Few<PartyId, 100>,
    /// The party.
    pub party: PartyId,
    /// What it was.
    pub party_kind: PartyKind,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text<1000>>,
    /// When it may come back; never when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Whether it left of itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voluntary: bool,
}

impl FactBody for PartyRemoved {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// `guarantee.switched`: a shop turns a guarantee on or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeSwitched {
    /// Which, as `return_freight_cover`.
    pub guarantee: Name,
    /// For a dispatch promise: within how many hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Quantity>,
    /// For which items; all when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub items: Few<ItemId, 5000>,
    /// Whether a rule demands it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mandated: bool,
    /// On, or off.
    pub on: bool,
    /// The shop.
    pub shop: ShopId,
    /// Only in this streamer's room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
}

impl FactBody for GuaranteeSwitched {
    fn subject(&self) -> Subject {
        Subject::new("shop", &self.shop)
    }
}

/// A prepaid account that a party tops up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepositAccount {
    /// Deposit that stands for its promises.
    Margin,
    /// Account that return freight is paid from.
    FreightCover,
    /// Account that advertising is paid from.
    Advertising,
}

/// `margin.paid`: a party tops up its margin or another prepaid account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarginPaid {
    /// Which account.
    pub account: DepositAccount,
    /// How much.
    pub amount_minor: Amount,
    /// Of the amount.
    pub currency: Currency,
    /// Who.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The payment, as the bank or payment service numbers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Text<128>>,
}

impl FactBody for MarginPaid {
    fn subject(&self) -> Subject {
        Subject::new(self.party_kind.as_str(), &self.party)
    }
}

/// What is done on another's behalf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DelegationMode {
    /// Hosting shows.
    Host,
    /// Operating shop and room.
    Operate,
    /// Buying traffic.
    Media,
}

/// `delegation.granted`: a party lets another act for it, within bounds and for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationGranted {
    /// Of the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Who may act.
    pub delegate: PartyId,
    /// The delegation.
    pub delegation: DelegationId,
    /// Until when.
    pub expires_at: Timestamp,
    /// What it is for.
    pub mode: DelegationMode,
    /// For whom.
    pub principal: PartyId,
    /// In which rooms; all of the principal's when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub rooms: Few<RoomId, 1000>,
    /// In which shops; all of the principal's when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub shops: Few<ShopId, 1000>,
    /// How much may be spent a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend_limit_minor: Option<Amount>,
    /// What may be done, as `price`, `list`, `refund`, `spend`.
    pub verbs: Few<Name, 100, 1>,
}

impl FactBody for DelegationGranted {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("spend_limit_minor", self.spend_limit_minor.is_some())])?;
        if self.delegate == self.principal {
            return Err(Flaw::at("delegate", "is the principal itself; a party needs no delegation for its own acts"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("delegation", &self.delegation)
    }
}

/// `delegation.revoked`: a delegation ends before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationRevoked {
    /// The delegation.
    pub delegation: DelegationId,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text<1000>>,
}

impl FactBody for DelegationRevoked {
    fn subject(&self) -> Subject {
        Subject::new("delegation", &self.delegation)
    }
}
