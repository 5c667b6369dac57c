//! Orders that are none: shops that buy from themselves, gangs that buy to send back.

use laotie_facts::body::Entry;

use crate::actors::NONE;
use crate::goods::as_float;
use crate::market::orders::{Nature, Trick};
use crate::market::sessions::Visit;
use crate::market::{Market, What};
use crate::random::{Random, to_i64};
use crate::rhythm::{MINUTE, SECOND};

/// How often a brushed order looks for a show before it comes from the shelf.
const TRIES: u8 = 40;

/// How often within a show it waits for the shop's goods to be at hand.
const WAITS: u8 = 16;

/// Ways into a show, as buyers take them.
const ENTRIES: [Entry; 15] = [
    Entry::Recommend,
    Entry::Recommend,
    Entry::Recommend,
    Entry::Recommend,
    Entry::Recommend,
    Entry::Search,
    Entry::Search,
    Entry::Video,
    Entry::Video,
    Entry::Video,
    Entry::Ad,
    Entry::Follow,
    Entry::Follow,
    Entry::FanGroup,
    Entry::Profile,
];

impl Market {
    /// Brushed orders of a shop's week, spread as honest ones are.
    pub(crate) fn brush(&mut self, shop: u32, real: u32, random: &mut Random) {
        if self.brushers.is_empty() {
            return;
        }
        let wanted = random.poisson(f64::from(real) * self.rules.brushing.per_order);
        for _ in 0..wanted {
            let at = self.rhythm.after(self.now, random.between(0.0, 7.0 * 24.0));
            self.enter(at, What::Brushed(shop, WAITS + TRIES));
        }
    }

    /// Waits for a show with the shop's goods and mostly until they are at hand, as most orders come from shows; some come
    /// from the shelf.
    pub(crate) fn brushed_order(&mut self, shop: u32, tries: u8) {
        if self.brushers.is_empty() {
            return;
        }
        let mut random = self.shops[shop as usize].random;
        let shown = self.show_of(shop, &mut random);
        let again = match shown.and_then(|slot| self.shows.get(slot)) {
            // Not as soon as it opens, but some time while it is on.
            Some(on_air) if tries > WAITS => Some((self.now + to_i64(random.unit() * as_float(on_air.until - self.now)), WAITS)),
            Some(on_air) if tries > 0 && self.items[on_air.item() as usize].shop != shop => {
                let hurried = tries == WAITS && random.chance(0.25);
                (!hurried).then(|| (self.now + to_i64(random.between(1.0, 9.0) * as_float(MINUTE)), tries - 1))
            }
            None if tries > WAITS && !random.chance(0.03) => Some((self.rhythm.after(self.now, random.between(0.5, 3.0)), tries - 1)),
            _ => None,
        };
        if let Some((at, tries)) = again {
            self.enter(at, What::Brushed(shop, tries));
        } else if self.shops[shop as usize].open {
            let in_show = shown.and_then(|slot| self.shown_item(slot, shop, &mut random));
            let item = in_show.or_else(|| self.item_of(shop, &mut random)).filter(|i| self.items[*i as usize].stock > 0);
            if let Some(item) = item {
                let buyer = self.who_orders_more(&self.brushers, &mut random);
                let trick = Trick::ALL[random.weighted(&self.rules.brushing.tricks)];
                self.look_first(buyer, shown.filter(|_| in_show.is_some()), item, Nature::Brushed(trick), &mut random);
            }
        }
        self.shops[shop as usize].random = random;
    }

    /// One of some accounts: mostly one with many orders of its own, which passes for a good customer.
    fn who_orders_more(&self, accounts: &[u32], random: &mut Random) -> u32 {
        let (one, other) = (*random.pick(accounts), *random.pick(accounts));
        let orders = |buyer: u32| self.buyers[buyer as usize].rate * self.buyers[buyer as usize].needs;
        if orders(other) > orders(one) { other } else { one }
    }

    /// An item of a shop out of a show: the one at hand, where it is the shop's.
    fn shown_item(&self, slot: u32, shop: u32, random: &mut Random) -> Option<u32> {
        let on_air = self.shows.get(slot)?;
        let of_shop = |item: &u32| self.items[*item as usize].shop == shop;
        if of_shop(&on_air.item()) {
            return Some(on_air.item());
        }
        let others: Vec<u32> = on_air.run_down.iter().copied().filter(of_shop).collect();
        (!others.is_empty()).then(|| *random.pick(&others))
    }

    /// A show on air that shows a shop's goods.
    fn show_of(&self, shop: u32, random: &mut Random) -> Option<u32> {
        let shows = |slot: &u32| self.shows.get(*slot).is_some_and(|s| s.run_down.iter().any(|i| self.items[*i as usize].shop == shop));
        let on_air: Vec<u32> = self.on_air.iter().copied().filter(shows).collect();
        (!on_air.is_empty()).then(|| *random.pick(&on_air))
    }

    /// Who orders for money is told to look around first; then the order comes as others do.
    fn look_first(&mut self, buyer: u32, slot: Option<u32>, item: u32, nature: Nature, random: &mut Random) {
        let (show, streamer, entry) = match slot.and_then(|s| self.shows.get(s)) {
            Some(show) => (Some(show.number), show.streamer, *random.pick(&ENTRIES)),
            None => (None, NONE, *random.pick(&[Entry::Shelf, Entry::Search, Entry::Recommend])),
        };
        if let (Some(number), true) = (show, random.chance(self.rules.buyers.visits_logged)) {
            let stay = self.stay(random).max(20 * SECOND);
            let visit = Visit { buyer, show: number, entry: Some(entry), from: self.now, stay, taps: random.poisson(0.6) };
            self.say_visit(&visit, random);
        } else if random.chance(0.3) {
            self.say_impression(buyer, item, None, random);
        }
        let order = self.new_order(buyer, item, show, streamer, Some(entry), nature, random);
        let slot = self.orders.put(order);
        self.enter(self.now + random.whole(6 * SECOND, 90 * SECOND), What::Order(slot));
    }

    /// One of a gang orders something that a shop with freight cover sells.
    pub(crate) fn gang_strikes(&mut self, index: u32) {
        let gang = &self.gangs[index as usize];
        let (mut random, members) = (gang.random, gang.members.len());
        let per_day = as_float(i64::try_from(members).unwrap_or(0)) * self.rules.brushing.gang_orders_per_year / 365.0;
        let wait = random.exponential(1.0 / per_day.max(0.001)).min(400.0);
        let next = self.rhythm.after(self.now + MINUTE, wait * 24.0);
        self.enter(next, What::Gang(index));
        if members > 0 {
            let buyer = self.who_orders_more(&self.gangs[index as usize].members, &mut random);
            if let Some((slot, item)) = self.covered_item(&mut random) {
                self.look_first(buyer, slot, item, Nature::Gang, &mut random);
            }
        }
        self.gangs[index as usize].random = random;
    }

    /// An item of a shop with freight cover, mostly out of a show on air.
    fn covered_item(&self, random: &mut Random) -> Option<(Option<u32>, u32)> {
        for _ in 0..8 {
            let slot = if random.chance(0.75) { self.recommended(random) } else { None };
            let item = match slot.and_then(|s| self.shows.get(s)) {
                Some(show) => Some(if random.chance(0.75) { show.item() } else { *random.pick(&show.run_down) }),
                None => self.item_of(u32::try_from(random.index(self.shops.len())).unwrap_or(0), random),
            };
            let fits = item.filter(|i| {
                let (item, shop) = (&self.items[*i as usize], &self.shops[self.items[*i as usize].shop as usize]);
                item.stock > 0 && shop.open && shop.guarantees[0]
            });
            if let Some(item) = fits {
                return Some((slot, item));
            }
        }
        None
    }
}
