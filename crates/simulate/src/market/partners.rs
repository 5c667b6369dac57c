//! Contracts with providers and streamers, what is delivered under them, samples, programmes.

use laotie_facts::body::{
    ContractSigned, DeliverableAccepted, DeliverableDisputed, DeliverableGiven, DeliverableTerm, PartyKind, ProgrammeSet, ProgrammeState,
    ProgrammeTier, SalesBasis, SampleSent, ServiceKind, ShortfallRule, SupportKind,
};
use laotie_facts::{ContractId, Currency, DeliverableId, Few, MaskedText, ProgrammeId, SampleId, ShareBps, Text};

use crate::goods::as_float;
use crate::happening::Sender;
use crate::market::values::{amount, quantity, text};
use crate::market::{Market, What, party_id, stamp};
use crate::random::{Random, to_i64};
use crate::rhythm::{DAY, HOUR};
use crate::truth::Truth;

/// A promise that falls due.
#[derive(Debug)]
pub(crate) struct Promise {
    contract: String,
    deliverable: String,
    qty: i64,
    /// Of what was promised, in ppm.
    delivered_ppm: i64,
    streamer: u32,
    random: Random,
}

const SERVICES: [ServiceKind; 5] = [ServiceKind::Host, ServiceKind::Operate, ServiceKind::Media, ServiceKind::Match, ServiceKind::Supply];

impl Market {
    pub(crate) fn sign_contract(&mut self, provider: u32) {
        let Some(party) = self.providers.get(provider as usize) else { return };
        let (mut random, fails_on, class) = (party.random, party.fails_on, party.class);
        let rules = &self.rules.partners;
        let wait = random.exponential(30.0 / rules.contracts_per_month.max(0.01)) * 24.0;
        self.enter(self.now + to_i64(wait).max(1) * HOUR + random.whole(0, HOUR), What::Contract(provider));
        let open: Vec<u32> =
            (0..8).map(|_| random.index(self.shops.len())).filter(|s| self.shops[*s].open).map(|s| u32::try_from(s).unwrap_or(0)).collect();
        let streamer = u32::try_from(random.index(self.streamers.len())).unwrap_or(0);
        if let Some(shop) = open.first() {
            // Each class sells mostly the service of its own.
            let axis = if random.chance(0.6) { usize::from(class) } else { random.index(SERVICES.len()) };
            self.agree(provider, *shop, streamer, axis, fails_on, &mut random);
        }
        if let Some(party) = self.providers.get_mut(provider as usize) {
            party.random = random;
        }
    }

    fn agree(&mut self, provider: u32, shop: u32, streamer: u32, axis: usize, fails_on: Option<u8>, random: &mut Random) {
        let rules = &self.rules.partners;
        let name = self.names.thing.next("ct-");
        let fails = fails_on.is_some_and(|f| usize::from(f) == axis);
        let able = rules.delivers[usize::from(!fails)];
        let slot_fee = random.chance(rules.slot_fee[0]).then(|| to_i64(random.log_normal(rules.slot_fee[1], 0.8)) / 1_000 * 1_000);
        let floor = slot_fee.map(|fee| to_i64(as_float(fee) * rules.floor_over_fee * random.between(0.6, 1.4)));
        let commission = to_i64(random.between(rules.commission_bps[0], rules.commission_bps[1])) / 50 * 50;
        let brushed = random.chance(rules.brushed_floors);
        let days = random.whole(14, 60);
        let terms = random.whole(1, 3);
        let delivered_ppm = to_i64((able + 0.16 * random.normal()).clamp(0.1, 1.0) * 1e6);
        let mut deliverables = Vec::new();
        for n in 1..=terms {
            let due = self.now + days * DAY * n / terms;
            let qty = random.whole(1, 6);
            let deliverable = format!("{n}");
            deliverables.push(DeliverableTerm {
                deliverable: DeliverableId::new(deliverable.clone()).expect("short"),
                due: Some(stamp(due)),
                qty: Some(quantity(qty)),
                what: text(random.pick(&["直播场次", "短视频条数", "投放天数", "达人对接数", "供货批次"])),
            });
            let promise = Promise { contract: name.clone(), deliverable, qty, delivered_ppm, streamer, random: random.split() };
            self.enter(due - random.whole(0, 3) * DAY, What::Deliver(Box::new(promise)));
        }
        let body = ContractSigned {
            accept_after_days: Some(quantity(7)),
            client: party_id(self.merchant_name(shop)),
            client_kind: PartyKind::Merchant,
            commission_basis: Some(*random.pick(&[SalesBasis::Paid, SalesBasis::Net, SalesBasis::Valid])),
            commission_bps: Some(ShareBps::new(commission).expect("below all of it")),
            contract: ContractId::new(name.clone()).expect("names are valid ids"),
            currency: Some(Currency::CNY),
            deliverables: Few::new(deliverables).expect("three at most"),
            exclusive: random.chance(0.1),
            file: None,
            from: Some(stamp(self.now)),
            items: Few::default(),
            leaders: Few::default(),
            provider: party_id(self.provider_name(provider)),
            provider_kind: PartyKind::Provider,
            refund_reserve_bps: Some(ShareBps::new(500).expect("below all of it")),
            sales_basis: floor.map(|_| *random.pick(&[SalesBasis::Valid, SalesBasis::Paid])),
            sales_floor_minor: floor.map(amount),
            service: SERVICES[axis],
            settlement_days: Some(quantity(random.whole(7, 30))),
            shortfall: floor.map(|_| *random.pick(&[ShortfallRule::ProRata, ShortfallRule::Full, ShortfallRule::Makeup])),
            slot_fee_minor: slot_fee.map(amount),
            supersedes: None,
            until: Some(stamp(self.now + days * DAY)),
        };
        self.say(Sender::Platform, format!("{name}/signed"), body);
        if brushed {
            for _ in 0..random.whole(3, 12) {
                self.enter(self.now + random.whole(1, days) * DAY + random.whole(0, DAY), What::Brushed(shop, 20));
            }
        }
        for _ in 0..random.poisson(self.rules.partners.samples_per_month * 0.4) {
            self.send_sample(shop, streamer, &name, random);
        }
        self.tell(|| Truth::Contract { contract: name, delivered_ppm, brushed });
    }

    fn send_sample(&mut self, shop: u32, streamer: u32, contract: &str, random: &mut Random) {
        let Some(item) = self.item_of(shop, random) else { return };
        let name = self.names.thing.next("sm-");
        let body = SampleSent {
            carrier: None,
            contract: Some(ContractId::new(contract).expect("names are valid ids")),
            currency: Some(Currency::CNY),
            item: self.item_id(item),
            parcel: None,
            qty: Some(quantity(random.whole(1, 3))),
            requested_at: Some(stamp(self.now)),
            return_by: random.chance(0.2).then(|| stamp(self.now + 30 * DAY)),
            sample: SampleId::new(name.clone()).expect("names are valid ids"),
            shop: Some(self.shop_id(shop)),
            streamer: self.streamer_id(streamer),
            value_minor: Some(amount(self.items[item as usize].usual_minor)),
        };
        let at = self.now + random.whole(4 * HOUR, 4 * DAY);
        self.say_at(at, Sender::ShopSystem, name, body);
    }

    pub(crate) fn deliver(&mut self, promise: &Promise) {
        let mut random = promise.random;
        let contract = || ContractId::new(promise.contract.clone()).expect("names are valid ids");
        let deliverable = || DeliverableId::new(promise.deliverable.clone()).expect("short");
        let key = format!("{}/{}", promise.contract, promise.deliverable);
        let share = (as_float(promise.delivered_ppm) / 1e6 + 0.15 * random.normal()).clamp(0.0, 1.0);
        let given = to_i64(as_float(promise.qty) * share + 0.5).max(0);
        if given == 0 {
            return;
        }
        let show = self.streamers[promise.streamer as usize].show.and_then(|slot| self.shows.get(slot)).map(|s| self.show_id(s.number));
        let body = DeliverableGiven {
            contract: contract(),
            deliverable: deliverable(),
            files: Few::default(),
            // Who delivers says that all was delivered, mostly.
            qty: Some(quantity(if random.chance(0.7) { promise.qty } else { given })),
            shows: Few::new(show.into_iter().collect()).expect("one at most"),
            statement: None,
        };
        self.say(Sender::Platform, format!("{key}/given"), body);
        let short = given < promise.qty;
        if short && random.chance(0.6) || !short && random.chance(0.05) {
            let words = random.pick(&["场次少了", "没有按约定时长播", "数据和后台对不上", "到货比约定的少"]);
            let body = DeliverableDisputed {
                contract: contract(),
                deliverable: deliverable(),
                files: Few::default(),
                qty: Some(quantity(given)),
                reason: MaskedText::new(*words).expect("short"),
            };
            let at = self.now + random.whole(4 * HOUR, 5 * DAY);
            self.say_at(at, Sender::Platform, format!("{key}/disputed"), body);
        } else {
            let automatic = random.chance(0.3);
            let body = DeliverableAccepted { automatic, contract: contract(), deliverable: deliverable(), qty: None };
            let at = self.now + if automatic { 7 * DAY } else { random.whole(HOUR, 5 * DAY) };
            self.say_at(at, Sender::Platform, format!("{key}/accepted"), body);
        }
    }

    /// A programme of support, with tiers on valid GMV.
    pub(crate) fn set_programme(&mut self, n: u32) {
        let days = to_i64(365.0 / self.rules.partners.programmes_per_year.max(0.01));
        let from = self.now + 3 * DAY;
        let until = from + days.min(90) * DAY;
        let name = self.names.thing.next("pg-");
        let tier =
            |name: &str, gmv: i64, grant: i64| ProgrammeTier { grant_minor: amount(grant), name: text(name), valid_gmv_minor: amount(gmv) };
        let title: Text<200> = text("新商家成长扶持");
        let body = |state: ProgrammeState| ProgrammeSet {
            budget_minor: amount(5_000_000),
            currency: Currency::CNY,
            for_kinds: Few::new(vec![PartyKind::Provider, PartyKind::Shop]).expect("two kinds"),
            from: stamp(from),
            holders: Few::default(),
            name: title.clone(),
            programme: ProgrammeId::new(name.clone()).expect("names are valid ids"),
            sponsor: None,
            state,
            support: if n.is_multiple_of(2) { SupportKind::Cash } else { SupportKind::Traffic },
            tiers: Few::new(vec![tier("一档", 1_000_000, 20_000), tier("二档", 5_000_000, 150_000)]).expect("two tiers"),
            until: stamp(until),
        };
        let (announced, running, ended) = (body(ProgrammeState::Announced), body(ProgrammeState::Running), body(ProgrammeState::Ended));
        self.say(Sender::Platform, format!("{name}/announced"), announced);
        self.say_at(from, Sender::Platform, format!("{name}/running"), running);
        self.say_at(until, Sender::Platform, format!("{name}/ended"), ended);
        self.enter(self.now + days * DAY, What::Programme(n + 1));
    }
}
