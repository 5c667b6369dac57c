//! A buyer before goods: takes them or not, by taste, trust, price and need.

use laotie_facts::body::{Entry, Payer};

use crate::actors::NONE;
use crate::goods::as_float;
use crate::market::orders::{Nature, Order, Step};
use crate::market::{Market, What};
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::SECOND;

/// Mean of an order's odds over who watches what, so that `orders_per_year` comes out about right.
const MEAN_ODDS: f64 = 0.62;

impl Market {
    /// The shelf's sums are made anew: a shop opened, closed, or was favoured.
    pub(crate) fn shelf_changed(&mut self) {
        let now = self.now;
        let mut sum = 0.0;
        self.shelf.clear();
        for shop in &self.shops {
            if shop.open && shop.suspended_until <= now {
                sum += f64::from(shop.fame * shop.favour);
            }
            self.shelf.push(sum);
        }
    }

    /// An item on the shelf, and whether its shop is one remembered.
    pub(crate) fn choose_on_shelf(&self, buyer: u32, random: &mut Random) -> Option<(u32, bool)> {
        let account = &self.buyers[buyer as usize];
        if random.chance(self.rules.buyers.loyal_share) {
            let trust: [f64; 4] = account.memory.map(|(shop, t)| if shop == NONE { 0.0 } else { f64::from(t * t) });
            if trust.iter().sum::<f64>() > 0.0 {
                let shop = account.memory[random.weighted(&trust)].0;
                if self.shops[shop as usize].open {
                    return self.item_of(shop, random).map(|item| (item, true));
                }
            }
        }
        let total = *self.shelf.last()?;
        let target = random.unit() * total;
        let shop = self.shelf.partition_point(|sum| *sum <= target).min(self.shelf.len() - 1);
        let shop = u32::try_from(shop).unwrap_or(0);
        self.shops[shop as usize].open.then_some(())?;
        self.item_of(shop, random).map(|item| (item, false))
    }

    /// An item of a shop that is listed.
    pub(crate) fn item_of(&self, shop: u32, random: &mut Random) -> Option<u32> {
        let (first, count) = self.shops[shop as usize].items;
        let item = first + u32::try_from(random.below(u64::from(count))).unwrap_or(0);
        self.items[item as usize].listed.then_some(item)
    }

    pub(crate) fn consider_in_show(&mut self, buyer: u32, slot: u32, entry: Entry, stay: i64, random: &mut Random) {
        let Some(show) = self.shows.get(slot) else { return };
        let (number, streamer) = (show.number, show.streamer);
        let item = if random.chance(0.75) { show.item() } else { *random.pick(&show.run_down) };
        if self.streamers[streamer as usize].unlocked {
            let patience = (as_float(stay) / as_float(300 * SECOND)).clamp(0.35, 1.6);
            self.consider(buyer, item, Some(number), streamer, entry, patience, random);
        }
    }

    /// Whether a buyer takes an item, and the order when so.
    #[expect(clippy::too_many_arguments, reason = "who, what, where, by whom, whence, how long")]
    pub(crate) fn consider(
        &mut self,
        buyer: u32,
        index: u32,
        show: Option<u64>,
        streamer: u32,
        entry: Entry,
        patience: f64,
        random: &mut Random,
    ) {
        let rules = &self.rules.buyers;
        let (account, item) = (&self.buyers[buyer as usize], &self.items[index as usize]);
        let seller = &self.shops[item.shop as usize];
        if item.stock == 0 || !seller.open || seller.suspended_until > self.now {
            return;
        }
        let promised = seller.guarantees.iter().filter(|g| **g).count();
        let of_shop = account.memory_of(item.shop).map(f64::from);
        let of_streamer = account.edge(streamer).map(|e| f64::from(e.trust));
        let trust = match (of_shop, of_streamer) {
            (Some(a), Some(b)) => a.max(b),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => rules.unknown_trust + f64::from(seller.badge) + 0.015 * as_float(i64::try_from(promised).unwrap_or(0)),
        };
        let taste = f64::from(account.taste[usize::from(item.category)]) / 128.0;
        let price = as_float(item.price_minor) / as_float(item.usual_minor) - 1.0;
        let need = 60.0 / self.rules.goods.need_days[usize::from(item.category)];
        let odds = libm::exp(rules.trust_weight * (trust - 0.5) - rules.price_weight * price);
        let looks = 0.6 + 0.8 * f64::from(item.quality);
        let chance =
            f64::from(account.needs) * patience * (0.25 + taste) * odds * libm::sqrt(need) * looks * self.weather.festival / MEAN_ODDS;
        if !random.chance(chance.min(0.85)) {
            return;
        }
        let wait = to_i64(random.between(6.0, 90.0) * 1e6);
        let order = self.new_order(buyer, index, show, streamer, Some(entry), Nature::Honest, random);
        let slot = self.orders.put(order);
        self.enter(self.now + wait, What::Order(slot));
    }

    /// An order as it will be paid: pieces, price, coupon, freight.
    #[expect(clippy::too_many_arguments, reason = "who, what, where, by whom, whence, what for")]
    pub(crate) fn new_order(
        &mut self,
        buyer: u32,
        index: u32,
        show: Option<u64>,
        streamer: u32,
        entry: Option<Entry>,
        nature: Nature,
        random: &mut Random,
    ) -> Order {
        let (first, count) = self.shops[self.items[index as usize].shop as usize].items;
        let item = &self.items[index as usize];
        let rules = &self.rules.orders;
        let qty = (1 + random.poisson(self.rules.buyers.more_pieces)).min(item.stock.max(1)).min(50);
        let second = random.chance(rules.second_line).then(|| first + u32::try_from(random.below(u64::from(count))).unwrap_or(0));
        let second = second.filter(|s| *s != index && self.items[*s as usize].listed && self.items[*s as usize].stock > 0);
        let unit = item.price_minor;
        let second_unit = second.map_or(0, |s| self.items[s as usize].price_minor);
        let list = unit * i64::from(qty) + second_unit;
        let discount = if random.chance(rules.coupon[0]) {
            (to_i64(as_float(list) * rules.coupon[1] * random.between(0.4, 1.6)) / 100 * 100).clamp(0, list / 2)
        } else {
            0
        };
        let payer = [Payer::Merchant, Payer::Platform, Payer::Streamer][random.weighted(&rules.coupon_payers)];
        let payer = if streamer == NONE && payer == Payer::Streamer { Payer::Merchant } else { payer };
        let freight = if random.chance(rules.freight[0]) { to_i64(random.log_normal(rules.freight[1], 0.3)) / 100 * 100 } else { 0 };
        let [least, most] = rules.promised_days;
        let days = f64::midpoint(random.between(least, most), random.between(least, most));
        let number = self.number();
        let entry = entry.filter(|_| random.chance(0.9));
        for (sold, pieces) in [(Some(index), qty), (second, 1)] {
            if let Some(sold) = sold {
                let item = &mut self.items[sold as usize];
                item.stock = item.stock.saturating_sub(pieces);
                item.sold += pieces;
            }
        }
        let seller = self.items[index as usize].shop;
        self.shops[seller as usize].orders_week += 1;
        Order {
            number,
            buyer,
            shop: seller,
            item: index,
            second,
            streamer,
            show,
            entry,
            payer,
            nature,
            qty: u16::try_from(qty).unwrap_or(50),
            unit_minor: unit,
            second_minor: second_unit,
            discount_minor: discount,
            freight_minor: freight,
            promised_days: to_u32(days * 24.0),
            ..Order::empty(Step::Pay, random.split())
        }
    }
}
