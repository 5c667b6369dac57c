//! Rings: accounts that act as one, and what is sold where engagement is bought.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Reason, TargetKind, in_order};
use crate::amount::{Ppm, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{AppealId, BuyerId, RingId, ThingId};
use crate::kind::{FactBody, Subject};
use crate::name::Name;
use crate::text::Text;
use crate::time::Timestamp;

/// What is sold where engagement is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanelProduct {
    /// Followers.
    Follower,
    /// Followers from advertising to the wrong crowd.
    AdFollower,
    /// Likes.
    Like,
    /// Plays.
    Play,
    /// The follower count that unlocks a shop window.
    ShopUnlock,
    /// Viewers in a room.
    Popularity,
    /// Comments.
    Comment,
    /// Reviews.
    Review,
    /// Orders.
    Order,
}

/// An account of a ring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingMember {
    /// The account.
    pub account: BuyerId,
    /// Acts of it that count no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts: Option<Quantity>,
    /// How sure it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_ppm: Option<Ppm>,
}

/// What a ring acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingTarget {
    /// Acts on it that count no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts: Option<Quantity>,
    /// The streamer, shop, item, show or video.
    pub target: ThingId,
    /// What it is.
    pub target_kind: TargetKind,
}

/// One sign that the accounts act as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingSign {
    /// How much chance would give, in millionths of the same unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_ppm: Option<Quantity>,
    /// What, as `co_follow_lockstep`.
    pub sign: Name,
    /// How much was found, in millionths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_ppm: Option<Quantity>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text<500>>,
}

/// `ring.found`: accounts that act as one, the signs of it, and what they acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingFound {
    /// Rings as strong as this that chance alone would show, in millionths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_false_alarms_ppm: Option<Quantity>,
    /// When it began to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Its accounts.
    pub members: Few<RingMember, 10000, 2>,
    /// What it sells.
    pub product: PanelProduct,
    /// Its place among the rings found together, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<Quantity>,
    /// The ring.
    pub ring: RingId,
    /// How sure it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_ppm: Option<Ppm>,
    /// How it shows.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub signs: Few<RingSign, 100>,
    /// What it acted on.
    pub targets: Few<RingTarget, 10000, 1>,
    /// When it was last seen to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl FactBody for RingFound {
    fn check(&self) -> Result<(), Flaw> {
        in_order(self.from, self.until, "from", "until")?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("ring", &self.ring)
    }
}

/// `ring.cleared`: a ring, or some accounts of it, was none; their acts count again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingCleared {
    /// The appeal that showed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealId>,
    /// Accounts that are cleared; all when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub members: Few<BuyerId, 10000>,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// The ring.
    pub ring: RingId,
}

impl FactBody for RingCleared {
    fn subject(&self) -> Subject {
        Subject::new("ring", &self.ring)
    }
}
