//! The guarantees' part of an order's frozen copy.

use std::collections::BTreeMap;

use laotie_facts::body::{FrozenPart, FrozenTerm, OrderPaid};
use laotie_facts::{Calendar, Clock, ClockUnit, Money, RuleBook, SignedAmount, States, Timestamp};

use crate::cover::price;
use crate::document::{Dispatch, Guarantee};
use crate::entitle::{Asked, Goods, is_entitled, standing};
use crate::order::term;
use crate::shop::{ShopState, Switched};
use crate::state::{Look, State};

/// Family of the guarantees' documents.
pub const FAMILY: &str = "guarantees";

/// Freezes every guarantee that the order is entitled to, with its version, and the clocks that start now.
pub(crate) fn freeze(states: &States<State>, paid: &OrderPaid, book: &RuleBook, at: Timestamp) -> FrozenPart {
    let shop = states.shop(paid.shop.as_str());
    let asked = Asked {
        at,
        buyer: paid.buyer.as_ref().and_then(|b| states.buyer(b.as_str())),
        currency: paid.currency,
        order_minor: paid.paid_minor.get(),
        shop,
        streamer: paid.streamer.as_ref().map(laotie_facts::StreamerId::as_str),
    };
    let counts = counts_for(paid);
    let goods: Vec<Goods<'_>> =
        paid.lines.iter().zip(&counts).map(|(l, minor)| Goods { item: states.item(l.item.as_str()), line_minor: *minor }).collect();
    let calendar = Calendar::at(book, at);
    let mut part = FrozenPart::default();
    let mut set = |name: &str, value: FrozenTerm| part.terms.insert(name.to_owned(), value);
    set(term::BUYER_STANDING, FrozenTerm::Text(standing(&asked).as_str().to_owned()));
    if let Some(tier) = shop.and_then(|s| s.tier.clone()) {
        set(term::SHOP_TIER, FrozenTerm::Text(tier));
    }
    set(term::UTC_OFFSET, number(utc_offset_minutes(&calendar, at)));
    for (name, document) in book.family_at(FAMILY, at) {
        let Ok(rule) = document.read::<Guarantee>() else { continue };
        let given: Vec<bool> = goods.iter().map(|g| is_entitled(&rule, &asked, g)).collect();
        if !given.contains(&true) {
            continue;
        }
        let version = document.version.as_str().to_owned();
        let value = if given.contains(&false) {
            let lines = paid.lines.iter().zip(&given).filter(|(_, g)| **g).map(|(l, _)| l.line.to_string());
            FrozenTerm::List(std::iter::once(version).chain(lines).collect())
        } else {
            FrozenTerm::Text(version)
        };
        part.terms.insert(name.to_owned(), value);
        part.rules.push(document.version.clone());
        if let Some(dispatch) = &rule.dispatch {
            let switched = shop.and_then(|s| s.switched.get(name)).filter(|s| s.on);
            if switched.is_some() || shop.is_some_and(|s| s.tells_dispatch) {
                clocks(&mut part.terms, dispatch, switched, at, &calendar);
            }
        }
        if let Some(clock) = &rule.refund_clock {
            part.terms.insert(term::REFUND_DAYS.to_owned(), number(i64::from(clock.natural_days)));
        }
        if let Some(cover) = &rule.cover {
            let premium = shop.and_then(|s: &ShopState| s.cover.premium_minor);
            let premium = premium.unwrap_or_else(|| price(cover, &states.market(), (0, 0)).premium_minor);
            part.terms.insert(term::PREMIUM.to_owned(), number(premium));
        }
    }
    part
}

fn number(n: i64) -> FrozenTerm {
    FrozenTerm::Number(SignedAmount::new(n).unwrap_or_default())
}

/// Freezes the dispatch clock: the base hours, or the hours of a shop that switched it on.
fn clocks(terms: &mut BTreeMap<String, FrozenTerm>, rule: &Dispatch, switched: Option<&Switched>, at: Timestamp, calendar: &Calendar) {
    let hours = match switched {
        None => rule.base_hours,
        Some(switched) => {
            switched.hours.and_then(|h| u16::try_from(h).ok()).filter(|h| *h > 0).unwrap_or(rule.express_hours).min(rule.base_hours)
        }
    };
    let pauses: Vec<(Timestamp, Timestamp)> = rule.pauses.iter().map(|p| (p.from, p.until)).collect();
    let due = Clock { length: hours, unit: ClockUnit::Hour }.end_with_pauses(at, &pauses, calendar);
    terms.insert(term::DISPATCH_HOURS.to_owned(), number(i64::from(hours)));
    terms.insert(term::DISPATCH_DUE.to_owned(), FrozenTerm::Text(due.to_string()));
    terms.insert(term::WORD_HOURS.to_owned(), number(i64::from(rule.word_hours)));
}

/// Minutes that the market's clock is ahead of UTC on the day of a time.
fn utc_offset_minutes(calendar: &Calendar, at: Timestamp) -> i64 {
    // The day before ends where this day begins.
    let begins = calendar.zone.natural_days_after(at, -1);
    (i64::from(calendar.zone.day(at)) * 86_400_000_000 - begins.micros()) / 60_000_000
}

/// What each line counts for: its total less its share of the discounts, as the orders' own part spreads them.
fn counts_for(paid: &OrderPaid) -> Vec<i64> {
    let totals: Vec<i64> = paid.lines.iter().map(|l| l.total_minor.get()).collect();
    let discount: i64 = paid.discounts.iter().map(|d| d.amount_minor.get()).sum();
    let weights: Vec<u64> = totals.iter().map(|t| u64::try_from(*t).unwrap_or(0)).collect();
    match Money::new(discount, paid.currency).spread(&weights) {
        Ok(parts) if discount > 0 => totals.iter().zip(parts).map(|(t, p)| t - p.minor()).collect(),
        _ => totals,
    }
}
