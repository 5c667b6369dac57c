//! A shop's week: prices, stock, goods, guarantees, margins; being found bad, removed, and coming back.

use laotie_facts::body::{DepositAccount, ItemChanged, ListingState, PartyKind, PartyRemoved, StudyPassed, WithdrawalRequested};
use laotie_facts::{Few, Name, WithdrawalId};

use crate::actors::{NONE, Shop};
use crate::goods::{Item, as_float, round_price, to_f32};
use crate::happening::Sender;
use crate::market::shops::GUARANTEES;
use crate::market::values::{quantity, text};
use crate::market::{Market, What, party_id, stamp};
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::{DAY, HOUR, WEEK};

/// Items of a shop that may come to be, for shops that come back.
const SHOPS_MAX: usize = 4_000_000;

impl Market {
    pub(crate) fn shop_week(&mut self, index: u32) {
        let Some(shop) = self.shops.get(index as usize).filter(|s| s.open) else { return };
        let mut random = shop.random;
        let (orders, items, brushes, complaints) = (shop.orders_week, shop.items, shop.brushes, shop.complaints);
        let bad = shop.nature.is_bad(self.rhythm.day(self.now));
        self.shops[index as usize].orders_week = 0;
        for item in items.0..items.0 + items.1 {
            self.item_week(item, &mut random);
        }
        if random.chance(0.03) {
            self.change_guarantee(index, &mut random);
        }
        if orders > 0 {
            self.take_out(index, &mut random);
        }
        if random.chance(0.2) {
            let account = *random.pick(&[
                DepositAccount::FreightCover,
                DepositAccount::FreightCover,
                DepositAccount::Advertising,
                DepositAccount::Margin,
            ]);
            let merchant = self.merchant_name(index);
            let minor = random.whole(1, 40) * 10_000;
            self.top_up(&merchant, account, minor);
        }
        if brushes {
            self.brush(index, orders.max(2), &mut random);
        }
        let campaigns = self.rules.commerce.campaigns_per_month * 7.0 / 30.0;
        for _ in 0..random.poisson(campaigns) {
            self.start_campaign(index, &mut random);
        }
        if random.chance(self.rules.partners.delegations_per_year / 52.0) {
            self.delegate(index, &mut random);
        }
        // Complaints tell of a shop as far as there are enough of them; now and then they tell wrong.
        let seen = complaints >= 2 && bad;
        if seen && random.chance(self.rules.shops.removal_per_week * 4.0) || random.chance(self.rules.shops.removal_per_week * 0.02) {
            self.remove(index, bad, &mut random);
        } else {
            self.enter(self.now + WEEK + random.whole(-6 * HOUR, 6 * HOUR), What::ShopWeek(index));
        }
        if let Some(shop) = self.shops.get_mut(index as usize) {
            shop.random = random;
            shop.complaints = complaints / 2;
            let drift = to_f32(random.log_normal(1.0, 0.06));
            shop.fame = (shop.fame * drift).clamp(0.1, 80.0);
        }
        if index == 0 {
            self.shelf_changed();
        }
    }

    /// A shop takes out what is available; now and then one of its people passes an exam.
    fn take_out(&mut self, index: u32, random: &mut Random) {
        let name = self.shop_name(index);
        let key = self.next_key("wd-");
        let body = WithdrawalRequested {
            amount_minor: None,
            currency: None,
            party: party_id(name.clone()),
            party_kind: PartyKind::Shop,
            withdrawal: WithdrawalId::new(key.clone()).expect("names are valid ids"),
        };
        self.say(Sender::ShopSystem, key, body);
        if random.chance(0.02) {
            let key = self.next_key("st-");
            let credits = quantity(random.whole(1, 5));
            let body = StudyPassed { course: None, credits, party: party_id(name), party_kind: PartyKind::Shop, penalty: None };
            self.say(Sender::Platform, key, body);
        }
    }

    fn item_week(&mut self, index: u32, random: &mut Random) {
        let day = self.rhythm.day(self.now);
        let goods = &self.rules.goods;
        for _ in 0..random.poisson(goods.price_changes_per_week) {
            let usual = as_float(self.items[index as usize].usual_minor);
            let price = round_price(usual * random.between(0.85, 1.2));
            self.items[index as usize].set_price(price, day);
            self.say_price(index, None);
        }
        let low = as_float(i64::from(self.items[index as usize].stock)) < self.rules.goods.stock * 0.15;
        if low && random.chance(0.8) {
            let more = to_u32(random.log_normal(self.rules.goods.stock, 0.6)).max(5);
            self.items[index as usize].stock += more;
            self.say_stock(index, None);
        }
        if random.chance(0.004) {
            let item: &mut Item = &mut self.items[index as usize];
            item.listed = !item.listed;
            let state = if item.listed { ListingState::Listed } else { ListingState::Unlisted };
            let shop = item.shop;
            let key = self.next_key("ic-");
            let body =
                ItemChanged { changed: None, item: self.item_id(index), reason: None, shop: Some(self.shop_id(shop)), state: Some(state) };
            self.say(Sender::ShopSystem, key, body);
        }
    }

    fn change_guarantee(&mut self, index: u32, random: &mut Random) {
        let which = random.index(GUARANTEES.len());
        let shop: &mut Shop = &mut self.shops[index as usize];
        shop.guarantees[which] = !shop.guarantees[which];
        let on = shop.guarantees[which];
        self.switch_guarantee(index, GUARANTEES[which], on);
    }

    fn remove(&mut self, index: u32, bad: bool, random: &mut Random) {
        let name = self.shop_name(index);
        let code = if bad { *random.pick(&["counterfeit", "poor_service", "repeated_breach"]) } else { "closed" };
        let body = PartyRemoved {
            code: Some(Name::new(code).expect("a name")),
            linked_to: Few::default(),
            party: party_id(name.clone()),
            party_kind: PartyKind::Shop,
            reason: None,
            until: None,
            voluntary: !bad,
        };
        self.say(Sender::Platform, format!("{name}/removed"), body);
        self.shops[index as usize].open = false;
        self.shelf_changed();
        if bad && random.chance(self.rules.shops.comes_back) && self.shops.len() < SHOPS_MAX {
            let [least, most] = self.rules.shops.back_days;
            let at = self.now + to_i64(random.between(least, most + 1.0) * 24.0) * HOUR;
            self.enter(at, What::ComeBack(index));
        }
    }

    /// A removed shop under a new name, with some of its old identities.
    pub(crate) fn come_back(&mut self, old: u32) {
        let index = u32::try_from(self.shops.len()).unwrap_or(NONE);
        self.make_shop(index, old);
        self.open_shop(index);
        // Some streamer takes it on.
        let mut random = self.shops[index as usize].random;
        let streamer = random.index(self.streamers.len());
        let shown = &mut self.streamers[streamer].shops;
        if shown.len() < 12 {
            shown.push(index);
        }
        self.shops[index as usize].random = random;
    }

    /// A shop lets a provider act for it for a while.
    fn delegate(&mut self, index: u32, random: &mut Random) {
        use laotie_facts::DelegationId;
        use laotie_facts::body::{DelegationGranted, DelegationMode, DelegationRevoked};
        let provider = u32::try_from(random.index(self.providers.len())).unwrap_or(0);
        let name = self.names.thing.next("dg-");
        let delegation = DelegationId::new(name.clone()).expect("names are valid ids");
        let until = self.now + random.whole(14, 120) * DAY;
        let body = DelegationGranted {
            currency: None,
            delegate: party_id(self.provider_name(provider)),
            delegation: delegation.clone(),
            expires_at: stamp(until),
            mode: *random.pick(&[DelegationMode::Host, DelegationMode::Operate, DelegationMode::Media]),
            principal: party_id(self.merchant_name(index)),
            rooms: Few::default(),
            shops: Few::new(vec![self.shop_id(index)]).expect("one shop"),
            spend_limit_minor: None,
            verbs: Few::new(vec![Name::new("set_price").expect("a name"), Name::new("list_item").expect("a name")]).expect("two"),
        };
        self.say(Sender::Platform, format!("{name}/granted"), body);
        // What the provider does for the shop names both.
        let (first, count) = self.shops[index as usize].items;
        let item = first + u32::try_from(random.below(u64::from(count))).unwrap_or(0);
        let usual = as_float(self.items[item as usize].usual_minor);
        let day = self.rhythm.day(self.now);
        self.items[item as usize].set_price(round_price(usual * random.between(0.9, 1.05)), day);
        let key = self.next_key("pr-");
        let set = laotie_facts::body::PriceSet {
            channel: None,
            currency: laotie_facts::Currency::CNY,
            item: self.item_id(item),
            list_price_minor: None,
            price_minor: crate::market::values::amount(self.items[item as usize].price_minor),
            shop: Some(self.shop_id(index)),
            show: None,
            until: None,
            variant: None,
        };
        let (actor, principal) = (self.provider_name(provider), self.merchant_name(index));
        self.say_for(Sender::ShopSystem, key, actor, principal, set);
        if random.chance(0.3) {
            let at = self.now + random.whole(3, 13) * DAY;
            let reason = random.chance(0.5).then(|| text("合作结束"));
            let body = DelegationRevoked { delegation, reason };
            self.say_at(at, Sender::Platform, format!("{name}/revoked"), body);
        }
    }
}
