//! What is on file about an item, and its stock.

use laotie_facts::body::{AttestationFinding, AttestationGiven, AttesterKind, ItemFacts, ItemListed, ReturnPolicy, Share, StockSet};
use laotie_facts::{BrandId, CredentialId, Few, Ppm};

use crate::happening::Sender;
use crate::market::values::{quantity, text};
use crate::market::{Market, party_id, stamp};
use crate::parameters::CATEGORIES;
use crate::random::Random;
use crate::rhythm::DAY;

impl Market {
    pub(crate) fn list_item(&mut self, index: u32) {
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

    pub(crate) fn report_on_file(&mut self, index: u32, random: &mut Random) {
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
}
