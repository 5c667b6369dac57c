//! Advertising: campaigns, what they show hour by hour, what they cost.

use laotie_facts::body::{CampaignGoal, CampaignSet, CampaignState, PartyKind, SpendCharged};
use laotie_facts::{CampaignId, Currency, Few};

use crate::goods::as_float;
use crate::happening::Sender;
use crate::market::values::{amount, quantity};
use crate::market::{Market, What, party_id, stamp};
use crate::random::{Random, to_i64};
use crate::rhythm::{DAY, HOUR};

/// A campaign under way.
#[derive(Debug)]
pub(crate) struct Campaign {
    number: u64,
    shop: u32,
    item: u32,
    until: i64,
    daily_minor: i64,
    random: Random,
}

impl Market {
    pub(crate) fn campaign_id(&self, number: u64) -> CampaignId {
        CampaignId::new(self.names.thing.of("ad-", 7 << 36 | number)).expect("names are valid ids")
    }

    pub(crate) fn start_campaign(&mut self, shop: u32, random: &mut Random) {
        let Some(item) = self.item_of(shop, random) else { return };
        let number = self.number();
        let days = random.whole(2, 10);
        let daily_minor = to_i64(random.log_normal(self.rules.commerce.daily_budget_minor, 0.7)).max(1_000) / 100 * 100;
        let from = self.now + random.whole(HOUR, DAY);
        let campaign = Campaign { number, shop, item, until: from + days * DAY, daily_minor, random: random.split() };
        let goal = *campaign.random.clone().pick(&[CampaignGoal::Pay, CampaignGoal::Roi, CampaignGoal::Fans, CampaignGoal::Clicks]);
        let running = self.campaign_body(&campaign, goal, CampaignState::Running, (from, days));
        let key = format!("{}/running", running.campaign);
        self.say(Sender::Advertising, key, running);
        let ended = self.campaign_body(&campaign, goal, CampaignState::Ended, (from, days));
        let key = format!("{}/ended", ended.campaign);
        self.say_at(campaign.until + HOUR, Sender::Advertising, key, ended);
        self.enter(from, What::Campaign(Box::new(campaign)));
    }

    fn campaign_body(&self, campaign: &Campaign, goal: CampaignGoal, state: CampaignState, (from, days): (i64, i64)) -> CampaignSet {
        CampaignSet {
            advertiser: party_id(self.shop_name(campaign.shop)),
            advertiser_kind: PartyKind::Shop,
            audience: Few::default(),
            bid_minor: None,
            budget_minor: amount(campaign.daily_minor * days),
            campaign: self.campaign_id(campaign.number),
            currency: Currency::CNY,
            daily_budget_minor: Some(amount(campaign.daily_minor)),
            from: Some(stamp(from)),
            goal,
            holdout_ppm: None,
            items: Few::new(vec![self.item_id(campaign.item)]).expect("one item"),
            operator: None,
            shop: Some(self.shop_id(campaign.shop)),
            show: None,
            state,
            target_roi_ppm: None,
            until: Some(stamp(campaign.until)),
            video: None,
        }
    }

    /// Six hours of a campaign: what it cost, and the impressions that the log holds.
    pub(crate) fn campaign_hour(&mut self, mut campaign: Campaign) {
        let step = 6 * HOUR;
        let (from, until) = (self.now, self.now + step);
        let busy = [0.5, 1.1, 1.0, 1.4][usize::try_from(self.rhythm.hour(self.now) / 6).unwrap_or(0).min(3)];
        let cost = to_i64(as_float(campaign.daily_minor) / 4.0 * busy * campaign.random.between(0.7, 1.0)).min(campaign.daily_minor);
        let shown = to_i64(as_float(cost) / self.rules.commerce.thousand_minor * 1_000.0);
        let taps = i64::from(campaign.random.poisson(as_float(shown) * self.rules.commerce.taps));
        let body = SpendCharged {
            amount_minor: amount(cost),
            campaign: self.campaign_id(campaign.number),
            clicks: Some(quantity(taps)),
            currency: Currency::CNY,
            from: stamp(from),
            impressions: Some(quantity(shown)),
            until: stamp(until),
        };
        let key = self.next_key("sc-");
        self.say_at(until, Sender::Advertising, key, body);
        let logged = campaign.random.poisson(self.rules.commerce.impressions * 40.0 * busy * self.rules.buyers.signals_per_day.min(1.0));
        for _ in 0..logged {
            let buyer = u32::try_from(campaign.random.below(self.buyers.len() as u64)).unwrap_or(0);
            let mut random = campaign.random.split();
            self.say_impression(buyer, campaign.item, Some(campaign.number), &mut random);
            if random.chance(self.rules.commerce.taps) {
                self.consider(buyer, campaign.item, None, crate::actors::NONE, laotie_facts::body::Entry::Ad, 0.8, &mut random);
            }
        }
        if until < campaign.until {
            self.enter(until, What::Campaign(Box::new(campaign)));
        }
    }
}
