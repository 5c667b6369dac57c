//! What is on file about an item, and its price, stock and sales over time.

use std::collections::BTreeMap;

use laotie_facts::body::{self, Approval, PriceSet, ReturnPolicy as Returns, StockSet};
use laotie_facts::{Currency, Fact, MarketZone, Timestamp};
use serde::{Deserialize, Serialize};

use crate::item::{ItemFacts, Milli, ReturnPolicy};

const DAY: i64 = 86_400_000_000;

/// How far back prices and sales are looked at, in days.
const WINDOW: i64 = 31;

/// Prices that are kept; the oldest of more go first.
const PRICES_MAX: usize = 200;

/// A price from a moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Price {
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list_minor: Option<i64>,
    minor: i64,
    seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    show: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

/// Stock as it was last set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stock {
    at: Timestamp,
    available: i64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    restock: bool,
    seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    show: Option<String>,
    /// Pieces sold in all when it was set.
    sold_then: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
}

/// What was paid on a day of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Day {
    /// The lowest price that was paid for a piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low_minor: Option<i64>,
    sold: i64,
}

/// Reviews by what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Reviews {
    all: i64,
    bad: i64,
    good: i64,
}

/// An item as the market knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shelf {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    /// Sales by day of UTC, as days since 1970.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    days: BTreeMap<i64, Day>,
    /// What is on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<body::ItemFacts>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prices: Vec<Price>,
    #[serde(default)]
    reviews: Reviews,
    /// The shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    #[serde(default)]
    sold: i64,
    /// Pieces sold in a show, the latest two shows last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sold_in: Vec<(String, i64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stocks: Vec<Stock>,
}

fn day_of(at: Timestamp) -> i64 {
    at.micros().div_euclid(DAY)
}

impl Shelf {
    /// Its name on file.
    pub fn name(&self) -> Option<&str> {
        self.facts.as_ref()?.name.as_ref().map(laotie_facts::Text::as_str)
    }

    /// Takes new values in, the rest stays.
    pub(crate) fn change(&mut self, changed: &body::ItemFacts) {
        let Some(known) = &self.facts else {
            self.facts = Some(changed.clone());
            return;
        };
        let object = |facts: &body::ItemFacts| match serde_json::to_value(facts) {
            Ok(serde_json::Value::Object(map)) => map,
            _ => serde_json::Map::new(),
        };
        let mut merged = object(known);
        merged.extend(object(changed));
        if let Ok(facts) = serde_json::from_value(serde_json::Value::Object(merged)) {
            self.facts = Some(facts);
        }
    }

    pub(crate) fn price(&mut self, fact: &Fact, set: &PriceSet) {
        if set.channel.is_some() || set.variant.is_some() {
            return;
        }
        self.currency = Some(set.currency);
        let price = Price {
            at: fact.at,
            list_minor: set.list_price_minor.map(laotie_facts::Amount::get),
            minor: set.price_minor.get(),
            seq: fact.seq,
            show: set.show.as_ref().map(ToString::to_string),
            until: set.until,
        };
        self.prices.push(price);
        self.prices.sort_by_key(|p| (p.at, p.seq));
        // Of what lies before the window, the last one still holds when it begins.
        let newest = self.prices.last().map_or(0, |p| p.at.micros());
        let old = self.prices.iter().filter(|p| p.at.micros() < newest - WINDOW * DAY).count();
        self.prices.drain(..old.saturating_sub(1).max(self.prices.len().saturating_sub(PRICES_MAX)));
    }

    pub(crate) fn stock(&mut self, fact: &Fact, set: &StockSet) {
        if set.warehouse.is_some() {
            return;
        }
        let stock = Stock {
            at: fact.at,
            available: set.available.get(),
            restock: set.restock_at.is_some(),
            seq: fact.seq,
            show: set.show.as_ref().map(ToString::to_string),
            sold_then: self.sold,
            variant: set.variant.as_ref().map(|v| v.as_str().to_owned()),
        };
        let same = |s: &Stock| s.show == stock.show && s.variant == stock.variant;
        if self.stocks.iter().any(|s| same(s) && s.at > stock.at) {
            return;
        }
        self.stocks.retain(|s| !same(s));
        self.stocks.push(stock);
        let surplus = self.stocks.len().saturating_sub(50);
        self.stocks.drain(..surplus);
    }

    /// Takes pieces in that were paid, or with `sign` -1 back out.
    pub(crate) fn sell(&mut self, at: Timestamp, qty: i64, unit_minor: Option<i64>, show: Option<&str>, sign: i64) {
        self.sold += sign * qty;
        let newest = self.days.keys().next_back().copied().unwrap_or(i64::MIN).max(day_of(at));
        let day = self.days.entry(day_of(at)).or_default();
        day.sold += sign * qty;
        if let Some(unit) = unit_minor.filter(|u| sign > 0 && *u > 0) {
            day.low_minor = Some(day.low_minor.map_or(unit, |low| low.min(unit)));
        }
        self.days = self.days.split_off(&(newest - WINDOW));
        let Some(show) = show else { return };
        match self.sold_in.iter_mut().find(|(s, _)| s == show) {
            Some((_, sold)) => *sold += sign * qty,
            None => self.sold_in.push((show.to_owned(), sign * qty)),
        }
        let surplus = self.sold_in.len().saturating_sub(2);
        self.sold_in.drain(..surplus);
    }

    pub(crate) fn review(&mut self, stars: i64, sign: i64) {
        self.reviews.all += sign;
        self.reviews.good += if stars >= 4 { sign } else { 0 };
        self.reviews.bad += if stars <= 2 { sign } else { 0 };
    }

    /// Forgets a price or stock that was set by mistake.
    pub(crate) fn forget(&mut self, seq: i64) {
        self.prices.retain(|p| p.seq != seq);
        self.stocks.retain(|s| s.seq != seq);
    }

    /// The price that holds at a moment: one set for the show before any other, the latest of several.
    fn price_at(&self, at: Timestamp, show: Option<&str>) -> Option<&Price> {
        let holds = |p: &&Price| p.at <= at && p.until.is_none_or(|until| at < until);
        let of = |show: Option<&str>| self.prices.iter().rev().filter(holds).find(|p| p.show.as_deref() == show);
        show.and_then(|show| of(Some(show))).or_else(|| of(None)).or_else(|| self.prices.iter().rev().find(|p| p.at <= at))
    }

    fn milli(&self, minor: i64) -> Milli {
        let digits = self.currency.map_or(2, Currency::digits);
        Milli(if digits <= 3 { minor.saturating_mul(10_i64.pow(3 - digits)) } else { minor / 10_i64.pow(digits - 3) })
    }

    /// Pieces sold on the days of UTC that the last so many times 24 hours touch: none is left out at the edge.
    fn sold_within(&self, at: Timestamp, days: i64) -> i64 {
        let from = day_of(at) - days;
        self.days.range(from..=day_of(at)).map(|(_, d)| d.sold).sum()
    }

    /// The facts of the item at a moment in a show, as the reader takes them.
    ///
    /// Sales are pieces paid, raw; the lowest price of thirty days is the lower of what was set and what was paid.
    pub fn at(&self, at: Timestamp, show: Option<&str>, zone: &MarketZone) -> ItemFacts {
        let mut facts = self.facts.as_ref().map(on_file).unwrap_or_default();
        self.prices_into(&mut facts, at, show, zone);
        self.stock_into(&mut facts, show);
        if self.sold > 0 || self.facts.is_some() {
            facts.units_sold = Some(Milli::whole(self.sold));
            facts.units_sold_3d = Some(Milli::whole(self.sold_within(at, 3)));
            facts.units_sold_30d = Some(Milli::whole(self.sold_within(at, 30)));
        }
        facts.last_session_sold = self.sold_in.iter().rev().find(|(s, _)| Some(s.as_str()) != show).map(|(_, sold)| Milli::whole(*sold));
        if self.reviews.all > 0 {
            facts.good_rate = Some(Milli(self.reviews.good.saturating_mul(100_000) / self.reviews.all));
            facts.bad_reviews = Some(Milli::whole(self.reviews.bad));
        }
        facts
    }

    fn prices_into(&self, facts: &mut ItemFacts, at: Timestamp, show: Option<&str>, zone: &MarketZone) {
        let Some(now) = self.price_at(at, show) else { return };
        facts.live_price = Some(self.milli(now.minor));
        facts.list_price = now.list_minor.map(|m| self.milli(m));
        if let Some(until) = now.until.filter(|until| *until > at) {
            facts.promo_minutes_left = Some(Milli((until.micros() - at.micros()) / 60_000));
        }
        let from = Timestamp::from_micros((at.micros() - 30 * DAY).max(0)).unwrap_or_default();
        // What held when the window began counts as well; the offer that runs now does not make its own history.
        let before = |p: &&Price| p.at <= at && p.seq != now.seq;
        let mut seen: Vec<i64> = self.prices.iter().filter(before).filter(|p| p.at >= from).map(|p| p.minor).collect();
        seen.extend(self.prices.iter().rfind(|p| p.at < from && p.show.is_none()).map(|p| p.minor));
        let paid = self.days.range(day_of(from)..=day_of(at)).filter_map(|(_, d)| d.low_minor).min();
        let set = seen.iter().min().copied();
        let low = match (set, paid) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        facts.price_history_min_30d = low.map(|m| self.milli(m));
        facts.price_history_max_30d = seen.iter().max().copied().or(paid).map(|m| self.milli(m));
        let earlier = |time: Timestamp| self.price_at(time, None).map(|p| self.milli(p.minor));
        facts.price_yesterday = Timestamp::from_micros((at.micros() - DAY).max(0)).ok().and_then(earlier);
        facts.price_month_start = earlier(zone.month_start(at));
    }

    fn stock_into(&self, facts: &mut ItemFacts, show: Option<&str>) {
        let of = |variant: Option<&str>| {
            let fits = |s: &&Stock| s.variant.as_deref() == variant;
            let own = self.stocks.iter().filter(fits).find(|s| show.is_some() && s.show.as_deref() == show);
            own.or_else(|| self.stocks.iter().filter(fits).find(|s| s.show.is_none()))
        };
        if let Some(stock) = of(None) {
            facts.stock = Some(Milli::whole((stock.available - (self.sold - stock.sold_then)).max(0)));
            facts.restock_planned = Some(stock.restock);
        }
        let has = |size: &str| self.stocks.iter().any(|s| s.variant.as_deref() == Some(size));
        let largest = ["XXL", "XL"].into_iter().find(|size| has(size));
        facts.stock_xl = largest.and_then(|size| of(Some(size))).map(|s| Milli::whole(s.available));
    }
}

/// What is on file, as the reader takes it.
fn on_file(facts: &body::ItemFacts) -> ItemFacts {
    let list = |few: &Option<laotie_facts::Few<laotie_facts::Text<200>, 100>>| -> Option<Vec<String>> {
        few.as_ref().map(|few| few.iter().map(|t| t.as_str().to_owned()).collect())
    };
    let whole = |q: Option<laotie_facts::Quantity>| q.map(|q| Milli::whole(q.get()));
    ItemFacts {
        category: facts.category.as_ref().map(|t| t.as_str().to_owned()),
        name: facts.name.as_ref().map(|t| t.as_str().to_owned()),
        approval: facts.approval.map(|a| {
            match a {
                Approval::OrdinaryFood => "ordinary_food",
                Approval::HealthFood => "health_food",
                Approval::CosmeticOrdinary => "cosmetic_ordinary",
                Approval::CosmeticSpecial => "cosmetic_special",
                Approval::MedicalDevice => "medical_device",
                Approval::None => "none",
            }
            .to_owned()
        }),
        registered_efficacy: list(&facts.registered_efficacy),
        spf: whole(facts.spf),
        certificates: list(&facts.certificates),
        patents: list(&facts.patents),
        endorsements: list(&facts.endorsements),
        material: facts
            .materials
            .as_ref()
            .map(|few| few.iter().map(|s| (s.name.as_str().to_owned(), Milli(s.share_ppm.get() / 10))).collect()),
        origin: facts.origin.as_ref().map(|t| t.as_str().to_owned()),
        pack_count: whole(facts.pack_count),
        return_policy: facts.return_policy.map(|r| match r {
            Returns::NoReason => ReturnPolicy::SevenDays,
            Returns::QualityOnly => ReturnPolicy::QualityOnly,
            Returns::None => ReturnPolicy::CustomMade,
        }),
        warranty_months: whole(facts.warranty_months),
        gifts: list(&facts.gifts),
        ..ItemFacts::default()
    }
}
