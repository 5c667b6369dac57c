//! Standing: badges, trust indices and what programmes grant on them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PartyKind, Reason, SupportKind, TargetKind};
use crate::amount::{Amount, Ppm, Quantity, SignedAmount};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{GrantId, ItemId, PartyId, ProgrammeId, ShopId, StreamerId, ThingId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::text::Text;
use crate::time::Timestamp;

/// A condition and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// On how many of the days looked at it held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_held: Option<Quantity>,
    /// How many days were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_seen: Option<Quantity>,
    /// Whether it holds.
    pub holds: bool,
    /// Its name in the rules.
    pub name: Name,
    /// What is needed, in the unit of its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed: Option<SignedAmount>,
    /// What is there, in the unit of its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<SignedAmount>,
}

/// `badge.lit`: every condition of a badge holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BadgeLit {
    /// The badge, as `trust_badge`.
    pub badge: Name,
    /// Its conditions and how they stand.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub conditions: Few<Condition, 100>,
    /// For one item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The shop.
    pub shop: ShopId,
    /// For one streamer's room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
}

impl FactBody for BadgeLit {
    fn subject(&self) -> Subject {
        Subject::new("shop", &self.shop)
    }
}

/// `badge.unlit`: a condition of a badge holds no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BadgeUnlit {
    /// The badge, as `trust_badge`.
    pub badge: Name,
    /// Its conditions and how they stand.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub conditions: Few<Condition, 100>,
    /// For one item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// The shop.
    pub shop: ShopId,
    /// For one streamer's room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
}

impl FactBody for BadgeUnlit {
    fn subject(&self) -> Subject {
        Subject::new("shop", &self.shop)
    }
}

/// A part of a trust index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustComponent {
    /// Promises broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Quantity>,
    /// Promises kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<Quantity>,
    /// What it looks at, as `dispatch_promise`.
    pub name: Name,
    /// How well it stands.
    pub value_ppm: Ppm,
    /// Its weight.
    pub weight_ppm: Ppm,
}

/// `trust.changed`: how far a subject can be trusted, with an interval and its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustChanged {
    /// The index before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_ppm: Option<Ppm>,
    /// Its parts.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub components: Few<TrustComponent, 50>,
    /// Until when evidence was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_until: Option<Timestamp>,
    /// Upper end of its interval.
    pub high_ppm: Ppm,
    /// The index.
    pub index_ppm: Ppm,
    /// Lower end of its interval.
    pub low_ppm: Ppm,
    /// Name and version of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Text<100>>,
    /// Whose.
    pub subject: ThingId,
    /// What the subject is.
    pub subject_kind: TargetKind,
}

impl FactBody for TrustChanged {
    fn check(&self) -> Result<(), Flaw> {
        if !(self.low_ppm <= self.index_ppm && self.index_ppm <= self.high_ppm) {
            return Err(Flaw::at("index_ppm", "lies outside its interval from low_ppm to high_ppm"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new(self.subject_kind.as_str(), &self.subject)
    }
}

/// `grant.issued`: a programme gives money or traffic to a party, on clean numbers alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantIssued {
    /// How much; traffic is counted at what it would cost.
    pub amount_minor: Amount,
    /// Valid GMV to be expected without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_gmv_minor: Option<Amount>,
    /// Whether the programme's sponsor holds shares in the party.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conflict: bool,
    /// Of all amounts.
    pub currency: Currency,
    /// When it must be used by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The grant.
    pub grant: GrantId,
    /// For traffic: impressions given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impressions: Option<Quantity>,
    /// To whom.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// The programme.
    pub programme: ProgrammeId,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// The grant that it claws back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverses: Option<GrantId>,
    /// What is given.
    pub support: SupportKind,
    /// The tier reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Text<100>>,
    /// Valid GMV that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_gmv_minor: Option<Amount>,
}

impl FactBody for GrantIssued {
    fn subject(&self) -> Subject {
        Subject::new("programme", &self.programme)
    }
}
