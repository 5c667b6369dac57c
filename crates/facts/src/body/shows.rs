//! Shows: broadcasts and videos, what is shown and said in them, and what viewers write.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EvidenceFile, needs_currency, one_of, seen, some_of};
use crate::amount::{Amount, Ppm, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::hash::Sha256Hex;
use crate::ids::{BuyerId, CampaignId, CommentId, ItemId, PartyId, ProviderId, RoomId, ShopId, ShowId, StreamerId, UtteranceId, VideoId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::text::{MaskedText, Text};
use crate::time::Timestamp;

/// Whose goods a show sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaleMode {
    /// The shop's own.
    SelfLive,
    /// Those of others.
    Distribution,
}

/// `show.opened`: a broadcast begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowOpened {
    /// The streamer's agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<PartyId>,
    /// Who else is on camera.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub co_hosts: Few<StreamerId, 50>,
    /// Other shows that it is joined with, as in a battle.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub co_streams: Few<ShowId, 20>,
    /// Language spoken, as a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Text<35>>,
    /// The provider that runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<ProviderId>,
    /// When it should end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_end: Option<Timestamp>,
    /// The room.
    pub room: RoomId,
    /// Whose goods it sells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_mode: Option<SaleMode>,
    /// Shops whose goods it sells.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub shops: Few<ShopId, 1000>,
    /// The show.
    pub show: ShowId,
    /// Who streams.
    pub streamer: StreamerId,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text<300>>,
}

impl FactBody for ShowOpened {
    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

/// Why a show ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShowEnd {
    /// It is over.
    Planned,
    /// The line broke.
    Broken,
    /// The platform stopped it.
    Stopped,
}

/// `show.closed`: a broadcast ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowClosed {
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<ShowEnd>,
    /// Most viewers at once as the platform counted them, raw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_concurrent: Option<Quantity>,
    /// The recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<EvidenceFile>,
    /// The show.
    pub show: ShowId,
    /// Viewers in all as the platform counted them, raw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewers: Option<Quantity>,
}

impl FactBody for ShowClosed {
    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

/// `video.posted`: a short video goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VideoPosted {
    /// The campaign that it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// The show that it is a clip of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_of: Option<ShowId>,
    /// How long it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<Quantity>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<EvidenceFile>,
    /// Items that it sells.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub items: Few<ItemId, 100>,
    /// Language spoken, as a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Text<35>>,
    /// The shop that posts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// The creator who posts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
    /// What stands below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<MaskedText<5000>>,
    /// The video.
    pub video: VideoId,
}

impl FactBody for VideoPosted {
    fn check(&self) -> Result<(), Flaw> {
        some_of(&[("streamer", self.streamer.is_some()), ("shop", self.shop.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("video", &self.video)
    }
}

/// What an item is for in a show's run-down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemRole {
    /// Draws viewers.
    Traffic,
    /// Sold below cost as a treat.
    Giveaway,
    /// Earns.
    Margin,
    /// Sells in numbers.
    Hit,
}

/// `item.shown`: an item is put before the viewers and explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemShown {
    /// Of the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// How long, when known already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<Quantity>,
    /// The item.
    pub item: ItemId,
    /// Its place in the run-down, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Quantity>,
    /// Its price at that moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<Amount>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ItemRole>,
    /// The room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// The show.
    pub show: ShowId,
    /// Who explains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
}

impl FactBody for ItemShown {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("price_minor", self.price_minor.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

/// `utterance.heard`: a sentence spoken in a show, as heard by people or machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UtteranceHeard {
    /// How sure the hearing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_ppm: Option<Ppm>,
    /// When it ends, from the start of the show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_ms: Option<Quantity>,
    /// Name and version of what wrote it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_by: Option<Text<100>>,
    /// Whether the sentence is not over yet: a later fact of the same utterance takes its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interim: bool,
    /// The item being explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Language spoken, as a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Text<35>>,
    /// The stretch of sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<EvidenceFile>,
    /// The room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// The show.
    pub show: ShowId,
    /// When it begins, from the start of the show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<Quantity>,
    /// Who spoke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
    /// What was said.
    pub text: Text<5000>,
    /// The sentence.
    pub utterance: UtteranceId,
}

impl FactBody for UtteranceHeard {
    fn check(&self) -> Result<(), Flaw> {
        if let (Some(start), Some(end)) = (self.start_ms, self.end_ms)
            && end < start
        {
            return Err(Flaw::at("end_ms", format!("{} is before start_ms {}", end.get(), start.get())));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

/// `comment.posted`: a viewer writes under a show or a video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentPosted {
    /// The comment.
    pub comment: CommentId,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// The item being explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// The comment that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<CommentId>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// What was written; long numbers are masked.
    pub text: MaskedText<2000>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
    /// Who wrote it; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
}

impl FactBody for CommentPosted {
    fn check(&self) -> Result<(), Flaw> {
        one_of(&[("show", self.show.is_some()), ("video", self.video.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        seen(self.show.as_ref(), self.video.as_ref())
    }
}
