//! Distributions of a run, as they can be read from its facts.

use std::collections::{BTreeMap, HashMap};

use laotie_facts::{Body, Timestamp};

use super::comparison::Counted;
use super::number::{real_i64, real_u64};
use super::roles::{Role, named};
use super::sample::Sample;
use super::tally::HOUR;
use crate::happening::Happening;
use crate::random::Random;
use crate::truth::Truth;

const DAY: i64 = 24 * HOUR;

/// Days in which a shop's new buyers may come back: six months, as Tmall's labels have it.
const COMING_BACK: i64 = 180 * DAY;

/// Length of a window in which purchases of a buyer are counted: as long as Taobao's log.
const WINDOW: i64 = 9 * DAY;

#[derive(Debug, Default, Clone, Copy)]
struct Order {
    paid_at: i64,
    promised_by: Option<i64>,
    late: Option<bool>,
    refunded: bool,
}

#[derive(Debug, Default, Clone, Copy)]
struct Buyer {
    registered: Option<i64>,
    last_day: Option<i64>,
    orders: u64,
    window: i64,
    in_window: u64,
    follows: i64,
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    first: i64,
    second: Option<i64>,
    last_day: i64,
    orders: u64,
}

/// Distributions and shares under their names.
#[derive(Debug, Default)]
pub struct Figures {
    /// Distributions.
    pub samples: BTreeMap<String, Sample>,
    /// Shares.
    pub shares: BTreeMap<&'static str, Counted>,
}

/// Collects distributions from facts in order of time.
#[derive(Debug, Default)]
pub struct Observed {
    offset: i64,
    figures: Figures,
    orders: HashMap<u64, Order>,
    buyers: HashMap<u64, Buyer>,
    pairs: HashMap<(u64, u64), Pair>,
    fans: HashMap<u64, i64>,
    shows: HashMap<u64, i64>,
    facts: u64,
    start: i64,
    last: i64,
    kinds: BTreeMap<&'static str, u64>,
}

fn key(role: Role, id: &str) -> u64 {
    named(role, id).1
}

fn days(micros: i64) -> f64 {
    real_i64(micros) / real_i64(DAY)
}

impl Observed {
    /// An empty collection of a market whose first day begins at `start`; hours are `offset_minutes` before UTC.
    pub fn new(start: Timestamp, offset_minutes: u32) -> Self {
        Self { offset: i64::from(offset_minutes) * 60_000_000, start: start.micros(), ..Self::default() }
    }

    fn add(&mut self, what: &str, x: f64) {
        if let Some(sample) = self.figures.samples.get_mut(what) {
            return sample.add(x);
        }
        let seed = what.bytes().fold(0_u64, |n, b| n.wrapping_mul(31).wrapping_add(u64::from(b)));
        let mut sample = Sample::new(Random::new(seed));
        sample.add(x);
        self.figures.samples.insert(what.to_owned(), sample);
    }

    fn share(&mut self, what: &'static str, yes: bool) {
        self.figures.shares.entry(what).or_default().note(yes);
    }

    fn hour(&self, at: Timestamp) -> f64 {
        real_i64((at.micros() + self.offset).rem_euclid(DAY)) / real_i64(HOUR)
    }

    /// What bought engagement cost, per product, in the market's currency.
    pub fn note_truth(&mut self, truth: &Truth) {
        if let Truth::Bought { product, price_micros, camouflage: false, .. } = truth {
            self.add(&format!("price of a bought {product}"), real_i64(*price_micros) / 1e6);
        }
    }

    /// Takes in a fact.
    pub fn note(&mut self, happening: &Happening) {
        let at = happening.at;
        self.facts += 1;
        self.last = at.micros();
        *self.kinds.entry(happening.body.kind().name()).or_default() += 1;
        match &happening.body {
            Body::PartyRegistered(b) if Role::of_party(b.party_kind) == Role::Buyer => {
                self.buyers.entry(key(Role::Buyer, b.party.as_str())).or_default().registered.get_or_insert(at.micros());
            }
            Body::OrderPaid(b) => {
                self.add("order value", real_i64(b.paid_minor.get()) / 100.0);
                self.orders.insert(key(Role::Order, b.order.as_str()), Order { paid_at: at.micros(), ..Order::default() });
                if let Some(buyer) = &b.buyer {
                    self.bought(key(Role::Buyer, buyer.as_str()), key(Role::Shop, b.shop.as_str()), at);
                }
            }
            Body::OrderCancelled(_) => self.figures.shares.entry("cancelled orders").or_default().some += 1,
            Body::OrderDispatched(b) => {
                if let Some(order) = self.orders.get_mut(&key(Role::Order, b.order.as_str())) {
                    order.promised_by = b.promised_by.map(Timestamp::micros);
                }
            }
            Body::OrderSigned(b) => self.signed(key(Role::Order, b.order.as_str()), at),
            Body::RefundPaid(b) => {
                let order = b.order.as_ref().and_then(|order| self.orders.get_mut(&key(Role::Order, order.as_str())));
                if let Some(order) = order.filter(|order| !order.refunded) {
                    order.refunded = true;
                    self.figures.shares.entry("refunded orders").or_default().some += 1;
                }
            }
            Body::ReviewPosted(b) => {
                let stars = real_i64(b.stars.get());
                self.add("stars", stars);
                let order = b.order.as_ref().and_then(|order| self.orders.get(&key(Role::Order, order.as_str())));
                match order.and_then(|order| order.late) {
                    Some(true) => self.add("stars of late orders", stars),
                    Some(false) => self.add("stars of orders in time", stars),
                    None => {}
                }
            }
            Body::ShowOpened(b) => {
                self.shows.insert(key(Role::Show, b.show.as_str()), at.micros());
                let hour = self.hour(at);
                self.add("hour at which shows begin", hour);
            }
            Body::ShowClosed(b) => {
                if let Some(opened) = self.shows.remove(&key(Role::Show, b.show.as_str())) {
                    self.add("minutes of a show", real_i64(at.micros() - opened) / 6e7);
                }
            }
            Body::LikeGiven(_) => {
                let hour = self.hour(at);
                self.add("hour of likes", hour);
                self.share("likes between 19 and 24 hours", hour >= 19.0);
            }
            Body::FollowMade(b) => self.follow(b.follower.as_str(), b.streamer.as_ref().map(ToString::to_string).as_deref(), 1),
            Body::FollowEnded(b) => self.follow(b.follower.as_str(), b.streamer.as_ref().map(ToString::to_string).as_deref(), -1),
            _ => {}
        }
    }

    fn follow(&mut self, follower: &str, streamer: Option<&str>, change: i64) {
        self.buyers.entry(key(Role::Buyer, follower)).or_default().follows += change;
        if let Some(streamer) = streamer {
            *self.fans.entry(key(Role::Streamer, streamer)).or_default() += change;
        }
    }

    fn bought(&mut self, buyer: u64, shop: u64, at: Timestamp) {
        let now = at.micros();
        let today = (now + self.offset).div_euclid(DAY);
        let of = self.buyers.entry(buyer).or_default();
        of.orders += 1;
        let before = of.last_day.replace(today);
        let age = of.registered.map(|registered| now - registered);
        let window = now.div_euclid(WINDOW);
        let done = (of.window != window).then_some(of.in_window).filter(|n| *n > 0);
        of.in_window = if of.window == window { of.in_window + 1 } else { 1 };
        of.window = window;
        if let Some(done) = done {
            self.add("purchases of a buyer in nine days", real_u64(done));
        }
        match before {
            Some(before) if before < today => self.add("days between purchases in the market", real_i64(today - before)),
            Some(_) => {}
            None => {
                if let Some(age) = age {
                    self.add("days of an account at its first order", days(age));
                }
            }
        }
        match self.pairs.get_mut(&(buyer, shop)) {
            None => {
                self.pairs.insert((buyer, shop), Pair { first: now, second: None, last_day: today, orders: 1 });
            }
            Some(pair) => {
                let gap = today - pair.last_day;
                pair.second.get_or_insert(now);
                pair.last_day = today;
                pair.orders += 1;
                if gap > 0 {
                    self.add("days between purchases in a shop", real_i64(gap));
                }
            }
        }
    }

    fn signed(&mut self, order: u64, at: Timestamp) {
        let Some(order) = self.orders.get_mut(&order) else { return };
        let took = days(at.micros() - order.paid_at);
        order.late = order.promised_by.map(|by| at.micros() > by);
        let late = order.late;
        self.add("days from paying to signing", took);
        if let Some(late) = late {
            self.share("late orders", late);
        }
    }

    /// How many facts of each kind there were.
    pub fn kinds(&self) -> &BTreeMap<&'static str, u64> {
        &self.kinds
    }

    /// How many facts there were, and over how many days from the first one on.
    pub fn length(&self) -> (u64, f64) {
        (self.facts, days(self.last - self.start))
    }

    /// All that was collected.
    pub fn finish(mut self) -> Figures {
        let orders = u64::try_from(self.orders.len()).unwrap_or(u64::MAX);
        for what in ["cancelled orders", "refunded orders"] {
            self.figures.shares.entry(what).or_default().all = orders;
        }
        let mut buyers: Vec<(u64, Buyer)> = self.buyers.drain().collect();
        buyers.sort_unstable_by_key(|(key, _)| *key);
        for (_, buyer) in buyers {
            if buyer.orders > 0 {
                self.add("purchases of a buyer", real_u64(buyer.orders));
                self.share("buyers with more than one order", buyer.orders > 1);
            }
            if buyer.in_window > 0 {
                self.add("purchases of a buyer in nine days", real_u64(buyer.in_window));
            }
            if buyer.follows > 0 {
                self.add("follows of a buyer", real_i64(buyer.follows));
            }
        }
        let mut pairs: Vec<((u64, u64), Pair)> = self.pairs.drain().collect();
        pairs.sort_unstable_by_key(|(key, _)| *key);
        for (_, pair) in pairs {
            self.add("purchases of a buyer in a shop", real_u64(pair.orders));
            self.share("buyers of a shop with more than one order there", pair.orders > 1);
            if pair.first + COMING_BACK <= self.last {
                self.share("new buyers of a shop who come back in six months", pair.second.is_some_and(|t| t - pair.first <= COMING_BACK));
            }
        }
        let mut fans: Vec<i64> = self.fans.drain().map(|(_, fans)| fans).filter(|fans| *fans > 0).collect();
        fans.sort_unstable();
        for fans in fans {
            self.add("fans of a streamer", real_i64(fans));
        }
        self.figures
    }
}
