//! The market's books: what days, shops and buyers add up to.

use std::collections::BTreeMap;

use laotie_facts::{Currency, MarketZone, Timestamp};
use serde::Serialize;

use crate::disagreement::Disagreement;
use crate::event::Event;
use crate::lines::lines_after_discounts;
use crate::order_file::OrderFile;
use crate::rules::refunded_minor;

/// What orders add up to. All that becomes of an order counts on its day of payment; a credit note whose order is unknown
/// counts on its own day. Amounts are in minor units of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// Orders paid, those cancelled later included.
    pub orders: i64,
    /// Pieces on their lines; lines that take back count negative.
    pub units: i64,
    /// What was paid for them.
    pub gmv_minor: i64,
    /// What was paid back of it.
    pub refunds_minor: i64,
    /// Orders cancelled.
    pub cancelled: i64,
    /// What was paid for cancelled orders and not paid back.
    pub cancelled_minor: i64,
    /// Orders of which something was paid back, or that were cancelled.
    pub returned: i64,
    /// Credit notes whose order is unknown.
    pub credits: i64,
    /// Their amounts.
    pub credits_minor: i64,
    /// What is left of what was paid: cancelled orders leave nothing, credit notes are taken off.
    pub net_minor: i64,
}

impl Figures {
    /// Every figure with its name.
    pub fn named(&self) -> [(&'static str, i64); 10] {
        [
            ("orders", self.orders),
            ("units", self.units),
            ("gmv_minor", self.gmv_minor),
            ("refunds_minor", self.refunds_minor),
            ("cancelled", self.cancelled),
            ("cancelled_minor", self.cancelled_minor),
            ("returned", self.returned),
            ("credits", self.credits),
            ("credits_minor", self.credits_minor),
            ("net_minor", self.net_minor),
        ]
    }

    pub(crate) fn add(&mut self, other: &Figures) {
        self.orders += other.orders;
        self.units += other.units;
        self.gmv_minor += other.gmv_minor;
        self.refunds_minor += other.refunds_minor;
        self.cancelled += other.cancelled;
        self.cancelled_minor += other.cancelled_minor;
        self.returned += other.returned;
        self.credits += other.credits;
        self.credits_minor += other.credits_minor;
        self.net_minor += other.net_minor;
    }
}

/// A credit note whose order nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CreditNote {
    pub(crate) at: Timestamp,
    pub(crate) shop: String,
    pub(crate) buyer: Option<String>,
    pub(crate) currency: Currency,
    pub(crate) amount_minor: i64,
}

/// The books of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Books {
    /// By the market's day, as days since 1970-01-01.
    pub days: BTreeMap<i32, Figures>,
    /// By shop.
    pub shops: BTreeMap<String, Figures>,
    /// By buyer; `None` are guests.
    pub buyers: BTreeMap<Option<String>, Figures>,
    /// The whole market.
    pub total: Figures,
    /// Orders whose own sums are wrong.
    wrong: Vec<Disagreement>,
}

impl Books {
    fn enter(&mut self, day: i32, shop: &str, buyer: Option<&str>, figures: &Figures) {
        self.days.entry(day).or_default().add(figures);
        self.shops.entry(shop.to_owned()).or_default().add(figures);
        self.buyers.entry(buyer.map(str::to_owned)).or_default().add(figures);
        self.total.add(figures);
    }

    pub(crate) fn enter_order(&mut self, order: &str, file: &OrderFile, zone: &MarketZone) {
        let Some((payment, paid_at, happened)) = file.trade() else { return };
        let refunded = refunded_minor(&happened);
        let cancelled = happened.contains(&&Event::Cancelled);
        let was_refunded = happened.iter().any(|e| matches!(e, Event::Refunded { .. }));
        let units: i64 = payment.lines.iter().map(|l| l.qty).sum();
        let left = payment.paid_minor - refunded;
        let figures = Figures {
            orders: 1,
            units,
            gmv_minor: payment.paid_minor,
            refunds_minor: refunded,
            cancelled: i64::from(cancelled),
            cancelled_minor: if cancelled { left } else { 0 },
            returned: i64::from(cancelled || was_refunded),
            net_minor: if cancelled { 0 } else { left },
            ..Figures::default()
        };
        self.enter(zone.day(paid_at), &payment.shop, payment.buyer.as_deref(), &figures);

        let about = format!("order {order}");
        let (freight, adjustments) = (payment.freight_minor, payment.adjustments_minor);
        let listed: i64 = payment.lines.iter().map(|l| l.total_minor).sum();
        let due = listed - payment.discounts_minor + freight + adjustments;
        self.wrong.extend(Disagreement::check(&about, "lines - discounts + freight + adjustments", payment.paid_minor, due));
        let frozen = lines_after_discounts(&payment.lines, payment.discounts_minor);
        if !frozen.is_empty() {
            let sum: i64 = frozen.iter().map(|(_, paid)| paid).sum();
            self.wrong.extend(Disagreement::check(
                &about,
                "frozen lines + freight + adjustments",
                payment.paid_minor,
                sum + freight + adjustments,
            ));
        }
        self.wrong.extend(Disagreement::check(&about, "refunds within what was paid", true, (0..=payment.paid_minor).contains(&refunded)));
    }

    pub(crate) fn enter_credit(&mut self, note: &CreditNote, zone: &MarketZone) {
        let figures = Figures { credits: 1, credits_minor: note.amount_minor, net_minor: -note.amount_minor, ..Figures::default() };
        self.enter(zone.day(note.at), &note.shop, note.buyer.as_deref(), &figures);
    }

    /// Whether the books add up: days, shops and buyers each to the whole, what is left to what came in less what went
    /// out, every order's lines to what was paid for it.
    pub fn check_sums(&self) -> Vec<Disagreement> {
        let mut wrong = self.wrong.clone();
        let sum = |parts: &mut dyn Iterator<Item = &Figures>| {
            let mut sum = Figures::default();
            parts.for_each(|part| sum.add(part));
            sum
        };
        let sums = [
            ("sum of days", sum(&mut self.days.values())),
            ("sum of shops", sum(&mut self.shops.values())),
            ("sum of buyers", sum(&mut self.buyers.values())),
        ];
        for (about, sum) in sums {
            for ((name, whole), (_, parts)) in self.total.named().into_iter().zip(sum.named()) {
                wrong.extend(Disagreement::check(about, name, whole, parts));
            }
        }
        let t = &self.total;
        let net = t.gmv_minor - t.refunds_minor - t.cancelled_minor - t.credits_minor;
        wrong.extend(Disagreement::check("whole market", "net_minor", t.net_minor, net));
        wrong
    }
}
