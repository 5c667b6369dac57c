//! Names of parties and things, as facts bear them.

use laotie_facts::{ItemId, ShopId, Text};

use crate::market::Market;
use crate::market::values::text;

/// Kinds of parties, as they number their names.
const BUYER: u64 = 0;
const SHOP: u64 = 1 << 36;
const MERCHANT: u64 = 2 << 36;
const STREAMER: u64 = 3 << 36;
const BRAND: u64 = 4 << 36;
const PROVIDER: u64 = 5 << 36;

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
}
