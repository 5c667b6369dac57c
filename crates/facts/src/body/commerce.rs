//! Commerce: campaigns, what they show, what is clicked, what they spend.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Entry, PartyKind, in_order, needs_currency, some_of};
use crate::amount::{Amount, Ppm, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::hash::Sha256Hex;
use crate::ids::{BuyerId, CampaignId, ItemId, PartyId, ShopId, ShowId, VideoId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::text::Text;
use crate::time::Timestamp;

/// What a campaign bids for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignGoal {
    /// Paid orders.
    Pay,
    /// Return on what is spent.
    Roi,
    /// Followers.
    Fans,
    /// Views.
    Views,
    /// Viewers coming into a show.
    Entries,
    /// Clicks.
    Clicks,
}

/// Whether a campaign runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// It runs.
    Running,
    /// It rests.
    Paused,
    /// It is over.
    Ended,
}

/// `campaign.set`: a campaign begins, or its terms change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignSet {
    /// Who pays.
    pub advertiser: PartyId,
    /// What the advertiser is.
    pub advertiser_kind: PartyKind,
    /// Whom it is shown to; everybody when empty.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub audience: Few<Text<100>, 100>,
    /// The most that one of its goal may cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bid_minor: Option<Amount>,
    /// The most that it may spend in all.
    pub budget_minor: Amount,
    /// The campaign.
    pub campaign: CampaignId,
    /// Of all amounts.
    pub currency: Currency,
    /// The most that it may spend a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_budget_minor: Option<Amount>,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// What it bids for.
    pub goal: CampaignGoal,
    /// Share of its audience that is not shown it, to measure what it brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout_ppm: Option<Ppm>,
    /// What it promotes.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub items: Few<ItemId, 1000>,
    /// Who runs it on the advertiser's behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<PartyId>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// Whether it runs.
    pub state: CampaignState,
    /// Return on spend to reach, in millionths: 2,500,000 for 2.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_roi_ppm: Option<Quantity>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
}

impl FactBody for CampaignSet {
    fn check(&self) -> Result<(), Flaw> {
        in_order(self.from, self.until, "from", "until")?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("campaign", &self.campaign)
    }
}

/// `impression.served`: something was put before a viewer, paid for or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpressionServed {
    /// The auction that it won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auction: Option<Text<128>>,
    /// The campaign; absent when nobody pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// Of the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// Where it was put.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// Its own number, for clicks to name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impression: Option<Text<128>>,
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// Its place on the page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Quantity>,
    /// What it costs the advertiser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<Amount>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// The slot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<Text<100>>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
    /// Who saw it; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
}

impl FactBody for ImpressionServed {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("price_minor", self.price_minor.is_some())])?;
        some_of(&[("show", self.show.is_some()), ("video", self.video.is_some()), ("item", self.item.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        shown(self.campaign.as_ref(), self.show.as_ref(), self.video.as_ref(), self.item.as_ref())
    }
}

/// `click.made`: a viewer tapped on something shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClickMade {
    /// The campaign; absent when nobody pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// The device, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_hash: Option<Sha256Hex>,
    /// Where it was put.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// The impression that was clicked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impression: Option<Text<128>>,
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The network address, hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_hash: Option<Sha256Hex>,
    /// Its place on the page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Quantity>,
    /// The show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// The slot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<Text<100>>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoId>,
    /// Who clicked; the same id as the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<BuyerId>,
}

impl FactBody for ClickMade {
    fn check(&self) -> Result<(), Flaw> {
        some_of(&[("show", self.show.is_some()), ("video", self.video.is_some()), ("item", self.item.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        shown(self.campaign.as_ref(), self.show.as_ref(), self.video.as_ref(), self.item.as_ref())
    }
}

/// `spend.charged`: what a campaign cost over a stretch of time, one fact a campaign and minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpendCharged {
    /// How much.
    pub amount_minor: Amount,
    /// The campaign.
    pub campaign: CampaignId,
    /// Clicks paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clicks: Option<Quantity>,
    /// Of the amount.
    pub currency: Currency,
    /// From when.
    pub from: Timestamp,
    /// Impressions paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impressions: Option<Quantity>,
    /// Until when.
    pub until: Timestamp,
}

impl FactBody for SpendCharged {
    fn check(&self) -> Result<(), Flaw> {
        in_order(Some(self.from), Some(self.until), "from", "until")?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("campaign", &self.campaign)
    }
}

fn shown(campaign: Option<&CampaignId>, show: Option<&ShowId>, video: Option<&VideoId>, item: Option<&ItemId>) -> Subject {
    match (campaign, show, video, item) {
        (Some(campaign), ..) => Subject::new("campaign", campaign),
        (None, Some(show), ..) => Subject::new("show", show),
        (None, None, Some(video), _) => Subject::new("video", video),
        (None, None, None, Some(item)) => Subject::new("item", item),
        (None, None, None, None) => Subject::new("impression", "unknown"),
    }
}
