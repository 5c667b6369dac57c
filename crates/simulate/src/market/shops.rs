//! Shops: made, opened, with their papers, margins and guarantees.

use laotie_facts::body::{
    CredentialKind, CredentialState, DepositAccount, GuaranteeSwitched, Identity, IdentityKind, MarginPaid, PartyCredential, PartyKind,
    PartyRegistered,
};
use laotie_facts::{BrandId, CredentialId, Currency, Few, MerchantId, Name};

use crate::actors::{NONE, Shop, ShopNature};
use crate::goods::{Item, Making, to_f32};
use crate::happening::Sender;
use crate::market::birth::plain;
use crate::market::values::{amount, hash_of, quantity, share_of, text};
use crate::market::{Market, What, party_id, stamp};
use crate::parameters::CATEGORIES;
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::{DAY, HOUR};

/// Guarantees that a shop may switch on, as `Shop::guarantees` holds them.
pub(crate) const GUARANTEES: [&str; 4] = ["return_freight_cover", "instant_refund", "dispatch_promise", "counterfeit_multiple"];

impl Market {
    /// Makes a shop with its items; the time at which it opens.
    pub(crate) fn make_shop(&mut self, shop: u32, alias_of: u32) -> i64 {
        let mut random = Random::of(self.run.seed, &[2, u64::from(shop)]);
        let rules = &self.rules.shops;
        let first_day = self.rhythm.day(self.start);
        let spread = self.spread(2, shop);
        let nature = match share_of(
            spread,
            &[(1.0 - rules.sloppy - rules.counterfeit - rules.turning).max(0.0), rules.sloppy, rules.counterfeit, rules.turning],
        ) {
            _ if alias_of != NONE => ShopNature::Counterfeit,
            0 => ShopNature::Careful,
            1 => ShopNature::Sloppy,
            2 => ShopNature::Counterfeit,
            _ => ShopNature::Turning { day: first_day + to_i64(random.between(rules.turn_days[0], rules.turn_days[1] + 1.0)) },
        };
        let category = u8::try_from(random.weighted(&self.rules.goods.shares)).unwrap_or(0);
        let bad = matches!(nature, ShopNature::Sloppy | ShopNature::Counterfeit);
        let brushes = random.chance(self.rules.brushing.shops[usize::from(!matches!(nature, ShopNature::Careful))]);
        let at = if alias_of == NONE { self.start - self.opened_ago(&mut random) } else { self.now };
        let brand = random.chance(0.3).then(|| u32::try_from(random.below(u64::from(self.brands))).unwrap_or(0));
        let mut identities: [u64; 4] = std::array::from_fn(|_| random.next());
        if let Some(old) = self.shops.get(alias_of as usize) {
            for (mine, theirs) in identities.iter_mut().zip(old.identities) {
                if random.chance(rules.shared_identities) {
                    *mine = theirs;
                }
            }
        }
        let [least, most] = self.rules.population.items_per_shop;
        let count = to_u32(random.between(least, most + 1.0)).max(1);
        let first = u32::try_from(self.items.len()).unwrap_or(NONE);
        let goods = &self.rules.goods;
        for _ in 0..count {
            let making = Making {
                shop,
                category,
                false_file: if matches!(nature, ShopNature::Careful) { 0.02 } else { 0.35 },
                quality: if bad { 0.5 } else { 0.62 },
                price_median: goods.price_minor[usize::from(category)],
                price_sigma: goods.price_sigma,
                list_over_price: goods.list_over_price,
                stock: goods.stock,
                brand,
                day: first_day,
            };
            self.items.push(Item::make(&making, &mut random));
        }
        let guarantees = std::array::from_fn(|i| random.chance(rules.guarantees[i]));
        let made = Shop {
            nature,
            category,
            region: u8::try_from(random.below(40)).unwrap_or(0),
            open: false,
            brushes,
            alias_of,
            brand,
            fame: to_f32(random.pareto(0.3, rules.fame_tail).min(60.0)),
            favour: 1.0,
            badge: 0.0,
            guarantees,
            items: (first, count),
            identities,
            orders_week: 0,
            complaints: 0,
            suspended_until: 0,
            defects: to_f32(random.log_normal(1.0, rules.defect_sigma)),
            dispatch_factor: to_f32(
                if matches!(nature, ShopNature::Sloppy) { rules.sloppy_hours } else { 1.0 } * random.log_normal(1.0, 0.25),
            ),
            random,
        };
        self.shops.push(made);
        at
    }

    /// A shop becomes known: merchant, shop, papers, margin, guarantees, goods.
    pub(crate) fn open_shop(&mut self, index: u32) {
        let (shop_name, merchant) = (self.shop_name(index), self.merchant_name(index));
        let Some(shop) = self.shops.get_mut(index as usize) else { return };
        shop.open = true;
        let (mut random, identities, region, category) = (shop.random, shop.identities, shop.region, usize::from(shop.category));
        let (guarantees, items, nature, brand, alias) = (shop.guarantees, shop.items, shop.nature, shop.brand, shop.alias_of);
        let kinds = [IdentityKind::Licence, IdentityKind::Payee, IdentityKind::Device, IdentityKind::Address];
        let shown: Vec<Identity> = kinds.iter().zip(identities).map(|(kind, seed)| Identity { hash: hash_of(seed), kind: *kind }).collect();
        let owner = PartyRegistered {
            identities: Few::new(shown).expect("four identities"),
            region: Some(self.region(region)),
            ..plain(&merchant, PartyKind::Merchant)
        };
        self.say(Sender::Platform, format!("{merchant}/registered"), owner);
        let body = PartyRegistered {
            industry: Some(text(CATEGORIES[category])),
            merchant: Some(MerchantId::new(merchant.clone()).expect("names are valid ids")),
            region: Some(self.region(region)),
            ..plain(&shop_name, PartyKind::Shop)
        };
        self.say(Sender::Platform, format!("{shop_name}/registered"), body);
        self.credentials(&merchant, category, brand, &mut random);
        let margin = random.whole(2, 20) * 100_000;
        for (account, share) in [(DepositAccount::Margin, 1), (DepositAccount::FreightCover, 10), (DepositAccount::Advertising, 20)] {
            self.top_up(&merchant, account, margin / share);
        }
        for (guarantee, on) in GUARANTEES.iter().zip(guarantees) {
            if on {
                self.switch_guarantee(index, guarantee, true);
            }
        }
        for item in items.0..items.0 + items.1 {
            self.list_item(item);
        }
        let nature_name = if alias == NONE { nature.name() } else { "alias" };
        let belongs_to = (alias != NONE).then(|| self.shop_name(alias));
        self.tell_party(&shop_name, "shop", nature_name, self.now, belongs_to);
        if let ShopNature::Turning { day } = nature {
            let at = self.start + (day - self.rhythm.day(self.start)) * DAY;
            self.tell_party(&shop_name, "shop", "turned", at, None);
        }
        let week = self.now.max(self.start) + to_i64(random.between(0.0, 7.0) * 24.0) * HOUR;
        self.shops[index as usize].random = random;
        self.shelf_changed();
        self.enter(week, What::ShopWeek(index));
    }

    pub(crate) fn credentials(&mut self, merchant: &str, category: usize, brand: Option<u32>, random: &mut Random) {
        let special =
            [CredentialKind::FoodLicence, CredentialKind::FoodLicence, CredentialKind::FoodLicence, CredentialKind::CosmeticLicence];
        let mut kinds = vec![(CredentialKind::BusinessLicence, None)];
        kinds.extend(special.get(category).map(|kind| (*kind, None)));
        kinds.extend(brand.map(|b| (CredentialKind::BrandAuthorisation, Some(b))));
        for (kind, brand) in kinds {
            let name = self.names.thing.next("cr-");
            let body = PartyCredential {
                brand: brand.map(|b| BrandId::new(self.brand_name(b)).expect("names are valid ids")),
                categories: Few::default(),
                credential: CredentialId::new(name.clone()).expect("names are valid ids"),
                credential_kind: kind,
                expires_at: Some(stamp(self.now + random.whole(200, 900) * DAY)),
                file: None,
                granted_by: brand.map(|b| party_id(self.brand_name(b))),
                issued_at: Some(stamp(self.now - random.whole(10, 700).min(self.now / DAY) * DAY)),
                issuer: None,
                number_hash: Some(hash_of(random.next())),
                party: party_id(merchant.to_owned()),
                party_kind: PartyKind::Merchant,
                state: CredentialState::Verified,
            };
            self.say(Sender::Platform, format!("{name}/verified"), body);
        }
    }

    pub(crate) fn top_up(&mut self, merchant: &str, account: DepositAccount, minor: i64) {
        let key = self.next_key("pay-");
        let body = MarginPaid {
            account,
            amount_minor: amount(minor),
            currency: Currency::CNY,
            party: party_id(merchant.to_owned()),
            party_kind: PartyKind::Merchant,
            payment: Some(text(&key)),
        };
        self.say(Sender::Platform, key, body);
    }

    pub(crate) fn switch_guarantee(&mut self, shop: u32, guarantee: &str, on: bool) {
        let key = self.next_key("g-");
        let body = GuaranteeSwitched {
            guarantee: Name::new(guarantee).expect("guarantees have names"),
            hours: (guarantee == "dispatch_promise" && on).then(|| quantity(24)),
            items: Few::default(),
            mandated: false,
            on,
            shop: self.shop_id(shop),
            streamer: None,
        };
        self.say(Sender::ShopSystem, key, body);
    }
}
