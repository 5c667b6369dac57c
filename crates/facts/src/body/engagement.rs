//! Engagement: views, likes, follows, shares and visits, raw as the platform counts them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Entry, one_of, seen};
use crate::amount::{Ppm, Quantity};
use crate::error::Flaw;
use crate::hash::Sha256Hex;
use crate::ids::{BuyerId, CampaignId, CommentId, ItemId, ShopId, ShowId, StreamerId, VideoId, VisitId};
use crate::kind::{FactBody, Subject};
use crate::text::Text;

/// `view.made`: a video or a show was watched for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewMade {
    /// The campaign that brought the viewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// How much of a video was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_ppm: Option<Ppm>,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// Where the viewer came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// Where from, as the market names its regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<100>>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
    /// Who watched; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
    /// For how long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watched_ms: Option<Quantity>,
}

impl FactBody for ViewMade {
    fn check(&self) -> Result<(), Flaw> {
        one_of(&[("show", self.show.is_some()), ("video", self.video.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        seen(self.show.as_ref(), self.video.as_ref())
    }
}

/// `like.given`: a show, video or comment was liked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LikeGiven {
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<CommentId>,
    /// How often, where the platform adds likes up before it sends them; once when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Quantity>,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
    /// Who liked it; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
}

impl FactBody for LikeGiven {
    fn check(&self) -> Result<(), Flaw> {
        one_of(&[("show", self.show.is_some()), ("video", self.video.is_some()), ("comment", self.comment.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        if let Some(comment) = &self.comment {
            return Subject::new("comment", comment);
        }
        seen(self.show.as_ref(), self.video.as_ref())
    }
}

/// `follow.made`: a viewer follows a streamer or a shop, or joins a fan club.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowMade {
    /// The campaign that brought the follower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// Where the follower came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// Whether it is the fan club that was joined.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fan_club: bool,
    /// Who follows; the same id as the buyer's.
    pub follower: BuyerId,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// The shop that is followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// The show in which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// The streamer who is followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
    /// The video under which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
}

impl FactBody for FollowMade {
    fn check(&self) -> Result<(), Flaw> {
        one_of(&[("streamer", self.streamer.is_some()), ("shop", self.shop.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        followed(self.streamer.as_ref(), self.shop.as_ref())
    }
}

/// `follow.ended`: a viewer follows no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowEnded {
    /// Whether it is the fan club that was left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fan_club: bool,
    /// Who followed.
    pub follower: BuyerId,
    /// The shop that was followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// The show in which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// The streamer who was followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
}

impl FactBody for FollowEnded {
    fn check(&self) -> Result<(), Flaw> {
        one_of(&[("streamer", self.streamer.is_some()), ("shop", self.shop.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        followed(self.streamer.as_ref(), self.shop.as_ref())
    }
}

/// `share.made`: a show, video or item was passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareMade {
    /// By what way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Text<50>>,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
    /// Who passed it on; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
}

impl FactBody for ShareMade {
    fn check(&self) -> Result<(), Flaw> {
        one_of(&[("show", self.show.is_some()), ("video", self.video.is_some()), ("item", self.item.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        if let Some(item) = &self.item {
            return Subject::new("item", item);
        }
        seen(self.show.as_ref(), self.video.as_ref())
    }
}

/// `show.entered`: a viewer comes into a show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowEntered {
    /// The campaign that brought the viewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// Where the viewer came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// Where from, as the market names its regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<100>>,
    /// The show.
    pub show: ShowId,
    /// Who came; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
    /// The stay that begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
}

impl FactBody for ShowEntered {
    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

/// `show.left`: a viewer leaves a show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowLeft {
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// How many items the viewer looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_taps: Option<Quantity>,
    /// The show.
    pub show: ShowId,
    /// How long the viewer stayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stayed_ms: Option<Quantity>,
    /// Who left; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
    /// The stay that ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
}

impl FactBody for ShowLeft {
    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

fn followed(streamer: Option<&StreamerId>, shop: Option<&ShopId>) -> Subject {
    match (streamer, shop) {
        (Some(streamer), _) => Subject::new("streamer", streamer),
        (None, Some(shop)) => Subject::new("shop", shop),
        (None, None) => Subject::new("follow", "unknown"),
    }
}
