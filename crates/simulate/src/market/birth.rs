//! Who is there at the beginning, and how each becomes known to the market.

use laotie_facts::body::{
    AttestationFinding, AttestationGiven, AttesterKind, BrandKind, CredentialKind, CredentialState, DepositAccount, GuaranteeSwitched,
    Identity, IdentityKind, ItemFacts, ItemListed, MarginPaid, PartyCredential, PartyKind, PartyRegistered, ProviderClass, ReturnPolicy,
    Share, StockSet,
};
use laotie_facts::{Amount, BrandId, CredentialId, Currency, Few, ItemId, MerchantId, Name, Ppm, Quantity, Sha256Hex, ShopId, Text};

use crate::actors::{Buyer, BuyerNature, Gang, NONE, Provider, Seller, Shop, ShopNature, Streamer, StreamerNature};
use crate::goods::{Item, Making, to_f32};
use crate::happening::Sender;
use crate::market::{Market, What, party_id, stamp};
use crate::parameters::CATEGORIES;
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::{DAY, HOUR, MINUTE};
use crate::truth::Truth;

/// Kinds of parties, as they number their names.
const BUYER: u64 = 0;
const SHOP: u64 = 1 << 36;
const MERCHANT: u64 = 2 << 36;
const STREAMER: u64 = 3 << 36;
const BRAND: u64 = 4 << 36;
const PROVIDER: u64 = 5 << 36;

/// Guarantees that a shop may switch on, as `Shop::guarantees` holds them.
pub(crate) const GUARANTEES: [&str; 4] = ["return_freight_cover", "instant_refund", "dispatch_promise", "counterfeit_multiple"];

pub(crate) fn text<const MAX: usize>(text: impl AsRef<str>) -> Text<MAX> {
    Text::new(text.as_ref()).expect("texts of the market are short and plain")
}

pub(crate) fn quantity(n: impl Into<i64>) -> Quantity {
    Quantity::new(n.into().max(0)).expect("numbers of the market are small")
}

pub(crate) fn amount(minor: i64) -> Amount {
    Amount::new(minor.max(0)).expect("amounts of the market are small")
}

pub(crate) fn hash_of(seed: u64) -> Sha256Hex {
    Sha256Hex::from_bytes(Random::new(seed).bytes32())
}

impl Market {
    pub(crate) fn buyer_name(&self, buyer: u32) -> String {
        self.names.party.of("b-", BUYER + u64::from(buyer))
    }

    pub(crate) fn shop_name(&self, shop: u32) -> String {
        self.names.party.of("s-", SHOP + u64::from(shop))
    }

    pub(crate) fn merchant_name(&self, shop: u32) -> String {
        self.names.party.of("m-", MERCHANT + u64::from(shop))
    }

    pub(crate) fn streamer_name(&self, streamer: u32) -> String {
        self.names.party.of("t-", STREAMER + u64::from(streamer))
    }

    pub(crate) fn room_name(&self, streamer: u32) -> String {
        self.names.party.of("r-", STREAMER + u64::from(streamer))
    }

    pub(crate) fn brand_name(&self, brand: u32) -> String {
        self.names.party.of("br-", BRAND + u64::from(brand))
    }

    pub(crate) fn provider_name(&self, provider: u32) -> String {
        self.names.party.of("p-", PROVIDER + u64::from(provider))
    }

    pub(crate) fn item_name(&self, item: u32) -> String {
        self.names.thing.of("i-", 1 << 39 | u64::from(item))
    }

    pub(crate) fn shop_id(&self, shop: u32) -> ShopId {
        ShopId::new(self.shop_name(shop)).expect("names are valid ids")
    }

    pub(crate) fn item_id(&self, item: u32) -> ItemId {
        ItemId::new(self.item_name(item)).expect("names are valid ids")
    }

    pub(crate) fn next_key(&mut self, prefix: &str) -> String {
        self.names.key.next(prefix)
    }

    pub(crate) fn region(&self, region: u8) -> Text<100> {
        text(&self.rules.population.regions[usize::from(region) % self.rules.population.regions.len()])
    }

    fn scaled(&self, count: u32) -> u32 {
        to_u32(f64::from(count) * self.run.scale + 0.5).max(1)
    }

    /// A number in `0.0..1.0` of one of a kind, spread evenly over them, so that shares hold among few as well.
    ///
    /// Steps of the golden ratio from a place of the seed's: Weyl (1916), Math. Ann. 77, pp. 313-352.
    fn spread(&self, kind: u64, index: u32) -> f64 {
        let start = Random::of(self.run.seed, &[5, kind]).unit();
        let x = start + f64::from(index) * 0.618_033_988_749_894_9;
        x - libm::floor(x)
    }

    /// An age of an account before the first day, by the quantiles of the document.
    fn opened_ago(&self, random: &mut Random) -> i64 {
        let share = quantile(&self.rules.population.account_age, random.unit());
        to_i64(share * f64::from(self.rules.calendar.opened_days) * 24.0) * HOUR + random.whole(0, HOUR - 1)
    }

    /// Makes everybody and enters what they do first.
    pub(crate) fn populate(&mut self) {
        let opened = self.now;
        self.brands = self.scaled(self.rules.population.brands);
        self.make_brands_and_providers(opened);
        for i in 0..self.scaled(self.rules.population.shops) {
            let at = self.make_shop(i, NONE);
            self.enter(at, What::OpenShop(i));
        }
        for i in 0..self.scaled(self.rules.population.streamers) {
            self.make_streamer(i);
        }
        self.draws_changed();
        let buyers = self.scaled(self.rules.population.buyers);
        self.buyers.reserve_exact(buyers as usize);
        for i in 0..buyers {
            let mut random = Random::of(self.run.seed, &[1, u64::from(i)]);
            let at = self.start - self.opened_ago(&mut random);
            self.make_buyer(random);
            self.enter(at, What::Join(i));
        }
        self.hire(buyers);
        self.enter(self.start, What::NewDay);
        let programmes = self.rules.partners.programmes_per_year;
        if programmes > 0.0 {
            self.enter(self.start + 2 * DAY, What::Programme(0));
        }
    }

    fn make_brands_and_providers(&mut self, opened: i64) {
        for brand in 0..self.brands {
            let kind = *self.random.pick(&[BrandKind::Established, BrandKind::PlatformBorn, BrandKind::Unbranded]);
            let at = opened + i64::from(brand) * MINUTE;
            let name = self.brand_name(brand);
            let body = PartyRegistered { brand_kind: Some(kind), ..plain(&name, PartyKind::Brand) };
            self.say_at(at, Sender::Platform, format!("{name}/registered"), body);
        }
        for provider in 0..self.scaled(self.rules.population.providers) {
            let mut random = Random::of(self.run.seed, &[4, u64::from(provider)]);
            let class = u8::try_from(provider % 5).unwrap_or(0);
            let fails_on = (self.spread(4, provider) < self.rules.partners.failing).then(|| u8::try_from(random.below(5)).unwrap_or(0));
            let region = u8::try_from(random.below(40)).unwrap_or(0);
            let name = self.provider_name(provider);
            let body = PartyRegistered {
                provider_class: Some(CLASSES[usize::from(class)]),
                region: Some(self.region(region)),
                ..plain(&name, PartyKind::Provider)
            };
            let at = opened + DAY + i64::from(provider) * MINUTE;
            self.say_at(at, Sender::Platform, format!("{name}/registered"), body);
            let nature = if fails_on.is_some() { "failing" } else { "able" };
            self.tell_party(&name, "provider", nature, at, None);
            let first = self.start + to_i64(random.between(0.0, 14.0) * 24.0) * HOUR;
            self.providers.push(Provider { random, class, fails_on });
            self.enter(first, What::Contract(provider));
        }
    }

    pub(crate) fn tell_party(&mut self, party: &str, kind: &str, nature: &str, since: i64, belongs_to: Option<String>) {
        let line = || Truth::Party {
            party: party.to_owned(),
            party_kind: kind.to_owned(),
            nature: nature.to_owned(),
            since: stamp(since),
            belongs_to,
        };
        self.tell(line);
    }

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

    fn credentials(&mut self, merchant: &str, category: usize, brand: Option<u32>, random: &mut Random) {
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

    fn list_item(&mut self, index: u32) {
        let item = self.items[index as usize].clone();
        let ware = item.ware();
        let nothing_on_file = |t: &str| if t.is_empty() { Vec::new() } else { vec![text(t)] };
        let facts = ItemFacts {
            approval: Some(item.approval()),
            barcode: None,
            brand: item.brand.map(|b| BrandId::new(self.brand_name(b)).expect("names are valid ids")),
            category: Some(text(CATEGORIES[usize::from(item.category)])),
            certificates: Some(Few::new(nothing_on_file(item.certificate())).expect("one at most")),
            channel_special: None,
            description: None,
            dropship: None,
            endorsements: None,
            gifts: None,
            goods_class: match item.category {
                1 => Some(laotie_facts::body::GoodsClass::DispatchPerishable),
                3 => Some(laotie_facts::body::GoodsClass::OpenPerishable),
                _ => None,
            },
            goods_owner: None,
            guarantees: None,
            images: None,
            materials: Some(
                Few::new(vec![Share {
                    name: text(item.material(item.on_file)),
                    share_ppm: Ppm::new(i64::from(item.on_file.percent) * 10_000).expect("at most all of it"),
                }])
                .expect("one"),
            ),
            name: Some(text(ware.noun)),
            origin: Some(text(item.origin(item.on_file))),
            pack_count: None,
            patents: None,
            registered_efficacy: Some(Few::new(nothing_on_file(item.efficacy())).expect("one at most")),
            return_policy: Some(if item.no_reason_return { ReturnPolicy::NoReason } else { ReturnPolicy::QualityOnly }),
            spf: None,
            supplier: None,
            virtual_goods: None,
            warranty_months: (item.warranty_months > 0).then(|| quantity(item.warranty_months)),
            weight_g: Some(quantity(item.weight_g)),
        };
        let name = self.item_name(index);
        let body = ItemListed { facts, item: self.item_id(index), shop: self.shop_id(item.shop) };
        self.say(Sender::ShopSystem, format!("{name}/listed"), body);
        self.say_price(index, None);
        self.say_stock(index, None);
        // Some have a laboratory's report on file; its dice are their own.
        let mut random = Random::of(self.run.seed, &[6, u64::from(index)]);
        if !item.certificate().is_empty() && random.chance(0.15) {
            self.report_on_file(index, &mut random);
        }
    }

    fn report_on_file(&mut self, index: u32, random: &mut Random) {
        let name = self.names.thing.of("at-", 5 << 37 | u64::from(index));
        let body = AttestationGiven {
            accreditations: Few::new(vec![text(random.pick(&["CMA", "CNAS"]))]).expect("one"),
            attestation: CredentialId::new(name.clone()).expect("names are valid ids"),
            attester: party_id(format!("lab-{}", random.below(4))),
            attester_kind: AttesterKind::Lab,
            brand: None,
            claim: None,
            file: None,
            finding: AttestationFinding::Conforming,
            item: Some(self.item_id(index)),
            line: None,
            lot: None,
            order: None,
            report_number: Some(text(&name)),
            statement: None,
            valid_until: Some(stamp(self.now + random.whole(200, 720) * DAY)),
        };
        self.say(Sender::Platform, name, body);
    }

    pub(crate) fn say_stock(&mut self, index: u32, show: Option<u64>) {
        let item = &self.items[index as usize];
        let (owner, stock) = (item.shop, item.stock);
        let key = self.next_key("q-");
        let body = StockSet {
            available: quantity(stock),
            item: self.item_id(index),
            restock_at: None,
            shop: Some(self.shop_id(owner)),
            show: show.map(|s| self.show_id(s)),
            supplier: None,
            variant: None,
            warehouse: None,
        };
        self.say(Sender::ShopSystem, key, body);
    }

    pub(crate) fn make_streamer(&mut self, index: u32) {
        let mut random = Random::of(self.run.seed, &[3, u64::from(index)]);
        let rules = &self.rules.streamers;
        let spread = self.spread(3, index);
        let nature = match share_of(spread, &[(1.0 - rules.liars - rules.boasters).max(0.0), rules.boasters, rules.liars]) {
            0 => StreamerNature::Honest,
            1 => StreamerNature::Boaster,
            _ => StreamerNature::Liar,
        };
        let beginner = random.chance(rules.beginners);
        let buys = self.spread(6, index) < self.rules.bought.clients[nature as usize];
        let (trade, shops) = (random.weighted(&self.rules.goods.shares), self.shops.len());
        let mut shown: Vec<u32> = Vec::with_capacity(6);
        for _ in 0..60 {
            let shop = random.index(shops);
            let fits = usize::from(self.shops[shop].category) == trade || random.chance(0.15);
            let shop = u32::try_from(shop).unwrap_or(0);
            if fits && shown.len() < 6 && !shown.contains(&shop) {
                shown.push(shop);
            }
        }
        if shown.is_empty() {
            shown.push(0);
        }
        let own_shop = if random.chance(0.2) { shown[0] } else { NONE };
        let at = self.start - self.opened_ago(&mut random);
        let streamer = Streamer {
            nature,
            region: u8::try_from(random.below(40)).unwrap_or(0),
            charisma: to_f32(random.pareto(0.35, rules.charisma_tail).min(40.0)),
            favour: 1.0,
            shops: shown,
            own_shop,
            show: None,
            shows_per_week: to_f32(random.log_normal(rules.shows_per_week, 0.4).min(10.0)),
            fans: 0,
            club: Vec::new(),
            unlocked: !beginner,
            buys,
            awaited: Vec::new(),
            care: 1.0,
            suspended_until: 0,
            schedule: random.split(),
            random,
        };
        self.streamers.push(streamer);
        self.enter(at, What::JoinStreamer(index));
    }

    pub(crate) fn join_streamer(&mut self, index: u32) {
        let name = self.streamer_name(index);
        let streamer = &self.streamers[index as usize];
        let (nature, region, mut random, buys, unlocked) =
            (streamer.nature, streamer.region, streamer.random, streamer.buys, streamer.unlocked);
        let shown = vec![
            Identity { hash: hash_of(random.next()), kind: IdentityKind::Document },
            Identity { hash: hash_of(random.next()), kind: IdentityKind::Face },
        ];
        let body = PartyRegistered {
            identities: Few::new(shown).expect("two identities"),
            region: Some(self.region(region)),
            ..plain(&name, PartyKind::Streamer)
        };
        self.say(Sender::Platform, format!("{name}/registered"), body);
        self.tell_party(&name, "streamer", nature.name(), self.now, None);
        let from = self.now.max(self.start);
        let first = from + to_i64(random.between(0.0, 60.0)) * HOUR + random.whole(0, HOUR);
        self.enter(first, What::GoLive(index));
        self.enter(from + random.whole(0, 48 * HOUR), What::PostVideo(index));
        if buys || !unlocked {
            // Who has no shop window yet thinks of one some day; who buys anyway does so soon.
            let days = random.whole(1, if unlocked { 20 } else { 150 });
            self.enter(from + days * DAY + random.whole(0, DAY), What::Buy(index));
        }
        self.streamers[index as usize].random = random;
    }

    /// Makes a buyer; its index is the number of those before it.
    pub(crate) fn make_buyer(&mut self, mut random: Random) -> u32 {
        let (rules, fussy) = (&self.rules.buyers, self.rules.after_sale.fussy_sigma);
        let index = u32::try_from(self.buyers.len()).unwrap_or(NONE);
        let rate =
            random.log_normal(rules.sessions_per_day, rules.sessions_sigma) * libm::exp(-0.5 * rules.sessions_sigma * rules.sessions_sigma);
        let orders = random.gamma(rules.orders_shape) / rules.orders_shape * rules.orders_per_year / 365.0;
        let network = if index > 0 && random.chance(rules.household / (1.0 + rules.household)) {
            let back = random.below(u64::from(index).min(50)) + 1;
            self.buyers[index as usize - usize::try_from(back).unwrap_or(1)].network
        } else {
            random.next()
        };
        let region = u8::try_from(to_u32(random.unit() * random.unit() * 40.0).min(39)).unwrap_or(0);
        let urge = random.log_normal(1.0, rules.follows_sigma) * libm::exp(-0.5 * rules.follows_sigma * rules.follows_sigma);
        let buyer = Buyer {
            nature: BuyerNature::Honest,
            region,
            belongs_to: u16::MAX,
            orders: 0,
            rate: to_f32(rate.clamp(0.004, 40.0)),
            needs: to_f32((orders / rate.max(0.004)).min(0.9)),
            urge: to_f32(urge),
            fussy: to_f32(random.log_normal(1.0, fussy) * libm::exp(-0.5 * fussy * fussy)),
            taste: std::array::from_fn(|_| u8::try_from(to_u32(random.gamma(0.9) * 128.0).min(255)).unwrap_or(255)),
            device: random.next(),
            network,
            edges: Vec::new(),
            memory: [(NONE, 0.0); 4],
            random,
        };
        self.buyers.push(buyer);
        index
    }

    /// A buyer's account is opened.
    pub(crate) fn join(&mut self, index: u32) {
        let name = self.buyer_name(index);
        let region = self.buyers[index as usize].region;
        let mut random = self.buyers[index as usize].random;
        let shown = Identity { hash: hash_of(self.buyers[index as usize].device), kind: IdentityKind::Device };
        let body = PartyRegistered {
            identities: if random.chance(0.5) { Few::new(vec![shown]).expect("one") } else { Few::default() },
            region: Some(self.region(region)),
            ..plain(&name, PartyKind::Buyer)
        };
        self.say(Sender::Platform, format!("{name}/registered"), body);
        let buyer = &mut self.buyers[index as usize];
        buyer.random = random;
        let (nature, rate, urge, belongs_to) = (buyer.nature, f64::from(buyer.rate), f64::from(buyer.urge), buyer.belongs_to);
        let owner = match nature {
            BuyerNature::Panel => self.sellers.get(usize::from(belongs_to)).map(|s| s.name.clone()),
            BuyerNature::Gang => self.gangs.get(usize::from(belongs_to)).map(|g| g.name.clone()),
            _ => None,
        };
        self.tell_party(&name, "buyer", nature.name(), self.now, owner);
        let random = &mut self.buyers[index as usize].random;
        let follows = random.poisson(self.rules.buyers.follows_mean * urge);
        let wait = random.exponential(1.0 / rate);
        let first = self.rhythm.after(self.now.max(self.start), wait * 24.0);
        if self.now < self.start && follows > 0 {
            self.enter(self.now, What::EarlyFollow(index, u16::try_from(follows).unwrap_or(u16::MAX)));
        }
        self.enter(first, What::Session(index));
    }

    /// Gives out who is held by whom; accounts of panels, brushers and gangs are like all others otherwise.
    fn hire(&mut self, buyers: u32) {
        let mut random = self.random.split();
        let count = self.scaled(self.rules.population.engagement_sellers);
        for i in 0..count {
            let quality = u8::try_from(random.weighted(&[0.25, 0.25, 0.2, 0.3])).unwrap_or(0);
            self.sellers.push(Seller { name: format!("panel-{i}"), accounts: Vec::new(), quality });
        }
        let gangs = to_u32(f64::from(buyers) * self.rules.brushing.gang_share / f64::from(self.rules.brushing.gang_size) + 0.5);
        for i in 0..gangs {
            self.gangs.push(Gang { random: random.split(), name: format!("gang-{i}"), members: Vec::new() });
            let first = self.start + to_i64(random.between(0.0, 30.0) * 24.0) * HOUR;
            self.enter(first, What::Gang(i));
        }
        for buyer in 0..buyers {
            self.give_role(buyer, &mut random);
        }
    }

    /// Decides what a new account is.
    pub(crate) fn give_role(&mut self, buyer: u32, random: &mut Random) {
        let (bought, brushing) = (&self.rules.bought, &self.rules.brushing);
        let weights = [
            (1.0 - bought.panel_share - brushing.brusher_share - brushing.gang_share).max(0.0),
            bought.panel_share,
            brushing.brusher_share,
            brushing.gang_share,
        ];
        let nature = [BuyerNature::Honest, BuyerNature::Panel, BuyerNature::Brusher, BuyerNature::Gang][random.weighted(&weights)];
        let place = match nature {
            BuyerNature::Honest => return,
            BuyerNature::Panel => {
                let seller = random.index(self.sellers.len());
                self.sellers[seller].accounts.push(buyer);
                if random.chance(bought.shared_devices) {
                    let other = *random.pick(&self.sellers[seller].accounts);
                    self.buyers[buyer as usize].network = self.buyers[other as usize].network;
                }
                seller
            }
            BuyerNature::Brusher => {
                self.brushers.push(buyer);
                0
            }
            BuyerNature::Gang if self.gangs.is_empty() => return,
            BuyerNature::Gang => {
                let gang = random.index(self.gangs.len());
                self.gangs[gang].members.push(buyer);
                gang
            }
        };
        let account = &mut self.buyers[buyer as usize];
        account.nature = nature;
        if matches!(nature, BuyerNature::Brusher | BuyerNature::Gang) {
            account.needs *= to_f32(self.rules.brushing.own_orders);
        }
        account.belongs_to = u16::try_from(place).unwrap_or(u16::MAX);
    }

    /// The day's newcomers, and its weather.
    pub(crate) fn new_day(&mut self) {
        let festival = self.rhythm.festival(self.now);
        self.weather.next_day(festival);
        let mut random = self.random.split();
        let established = f64::from(self.scaled(self.rules.population.buyers));
        let mean = established * self.rules.population.newcomers_per_week / 7.0;
        for _ in 0..random.poisson(mean) {
            let at = self.rhythm.midnight(self.now) + random.whole(0, DAY - 1);
            self.newcomer(at, &mut random);
        }
        let tomorrow = self.rhythm.midnight(self.now) + DAY;
        self.enter(tomorrow, What::NewDay);
    }

    /// Somebody new; the index of the account.
    pub(crate) fn newcomer(&mut self, at: i64, random: &mut Random) -> u32 {
        let index = self.make_buyer(Random::of(self.run.seed, &[1, self.buyers.len() as u64]));
        self.give_role(index, random);
        self.enter(at, What::Join(index));
        index
    }
}

/// The place of a number of `0.0..1.0` among shares that add up to one.
fn share_of(mut x: f64, shares: &[f64]) -> usize {
    for (i, share) in shares.iter().enumerate() {
        x -= share;
        if x < 0.0 {
            return i;
        }
    }
    shares.len() - 1
}

const CLASSES: [ProviderClass; 5] =
    [ProviderClass::Strategic, ProviderClass::Base, ProviderClass::Local, ProviderClass::Brand, ProviderClass::Leader];

pub(crate) fn plain(name: &str, kind: PartyKind) -> PartyRegistered {
    PartyRegistered {
        brand_kind: None,
        grade: None,
        identities: Few::default(),
        industry: None,
        merchant: None,
        party: party_id(name.to_owned()),
        party_kind: kind,
        provider_class: None,
        referred_by: None,
        region: None,
        trial: false,
    }
}

/// The value of a row of quantiles 0, 10, 25, 50, 75, 90, 100 at a share.
pub(crate) fn quantile(row: &[f64; 7], share: f64) -> f64 {
    const SHARES: [f64; 7] = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0];
    let i = SHARES.iter().rposition(|s| *s <= share).unwrap_or(0).min(5);
    row[i] + (row[i + 1] - row[i]) * (share - SHARES[i]) / (SHARES[i + 1] - SHARES[i])
}
