//! What happens when clocks run out: promises, answers, evidence, limits, and the look at a shop's day.

use laotie_facts::body::{BadgeLit, BadgeUnlit, CoverPriced, GuaranteeSwitched, PromiseBroken};
use laotie_facts::{Amount, Currency, Few, Name, OrderId, Ppm, Quantity, ShopId, Timestamp};

use crate::badge::{BADGES, Badge, evaluate};
use crate::cover::{Cover, Mandate, price};
use crate::days::{day_of, day_of_month};
use crate::decide::{evidence_missing, limit_ended, offer_lapsed, silence};
use crate::desk::{Desk, id};
use crate::document::Guarantee;
use crate::freeze::FAMILY;
use crate::order::OrderState;
use crate::reasons::reason;
use crate::shop::{Event, ShopState};
use crate::state::Look;

/// The promise of a dispatch in time, as `promise.broken` names it.
pub(crate) const DISPATCH: &str = "dispatch_promise";
/// The promise of money back in time.
pub(crate) const REFUND: &str = "refund_promise";
/// Looks at a shop's day.
pub(crate) const DAY: &str = "day";

/// A deadline of this system fell due.
pub(crate) fn run_out(desk: &mut Desk<'_>, key: &str, purpose: &str) {
    match (key.split_once('/'), purpose) {
        (Some(("order", order)), DISPATCH) => {
            let Some(state) = desk.states.order(order) else { return };
            if let (false, None, None, Some(due)) = (state.broken, state.dispatched, state.cancelled, state.dispatch_due) {
                broken(desk, order, state, DISPATCH, due);
            }
        }
        (Some(("order", order)), purpose) => {
            let Some(state) = desk.states.order(order) else { return };
            let overdue = purpose.strip_prefix("refund_promise/").and_then(|r| refund_due(state, r));
            if let Some(due) = overdue {
                broken(desk, order, state, REFUND, due);
            }
        }
        (Some(("claim", claim)), "answer") => silence(desk, claim),
        (Some(("claim", claim)), "evidence") => evidence_missing(desk, claim),
        (Some(("claim", claim)), "offer") => offer_lapsed(desk, claim),
        (Some(("buyer", buyer)), purpose) => purpose.strip_prefix("limit/").iter().for_each(|name| limit_ended(desk, buyer, name)),
        (Some(("shop", shop)), DAY) => look_at_day(desk, shop),
        _ => {}
    }
}

/// When money must have followed a return; `None` when it did, or nothing was promised.
pub(crate) fn refund_due(order: &OrderState, return_id: &str) -> Option<Timestamp> {
    let days = order.refund_days?;
    let back = order.returns.iter().find(|r| r.id == return_id && !r.refunded && !order.refund_broken.contains(&r.id))?;
    let day = day_of(back.received_at()?, order.utc_offset_minutes);
    Some(crate::days::day_begins(day + i64::from(days) + 1, order.utc_offset_minutes))
}

/// Word of a dispatch or cancellation that came after the promise ran out, before the deadline did.
pub(crate) fn late(desk: &mut Desk<'_>, order_id: &str) {
    let Some(order) = desk.states.order(order_id) else { return };
    let before = order.dispatched.or(order.cancelled);
    if let Some(due) = order.dispatch_due.filter(|due| !order.broken && before.is_none() && desk.fact.at > *due) {
        broken(desk, order_id, order, DISPATCH, due);
    }
}

fn broken(desk: &mut Desk<'_>, order_id: &str, order: &OrderState, promise: &str, due: Timestamp) {
    let body = PromiseBroken {
        due,
        order: id(OrderId::new(order_id)),
        promise: id(Name::new(promise)),
        shop: id(ShopId::new(order.shop.clone())),
    };
    let rules = order.terms.get(promise).iter().map(|t| t.version.clone()).collect();
    desk.push(body, vec![order.paid.0], rules);
}

/// Once a day: badges, the price of freight cover, and whether a rule demands it.
fn look_at_day(desk: &mut Desk<'_>, shop_id: &str) {
    let Some(shop) = desk.states.shop(shop_id) else { return };
    let day = day_of(desk.at, shop.utc_offset_minutes) - 1;
    badges(desk, shop_id, shop, day);
    let found: Vec<_> = desk
        .book
        .family_at(FAMILY, desk.at)
        .filter_map(|(_, d)| Some((d.version.clone(), d.read::<Guarantee>().ok().filter(|r| r.cover.is_some())?)))
        .collect();
    for (version, rule) in found {
        let Some(cover) = &rule.cover else { continue };
        let due = shop.cover.priced_on.is_none_or(|on| day - on >= i64::from(cover.period_days));
        if due && !shop.cover.is_empty() {
            let body = priced(desk, shop_id, shop, cover, rule.currency.unwrap_or(Currency::CNY));
            desk.push(body, Vec::new(), vec![version.clone()]);
        }
        if let Some(mandate) = &cover.mandate
            && day_of_month(day + 1) == i64::from(mandate.screening_day)
            && let Some(body) = demanded(shop_id, shop, &rule.id, mandate, day)
        {
            desk.push(body, Vec::new(), vec![version]);
        }
    }
}

fn badges(desk: &mut Desk<'_>, shop_id: &str, shop: &ShopState, day: i64) {
    let found: Vec<_> =
        desk.book.family_at(BADGES, desk.at).filter_map(|(_, d)| Some((d.version.clone(), d.read::<Badge>().ok()?))).collect();
    for (version, badge) in found {
        let lit = shop.badges.get(&badge.id).is_some_and(|b| b.lit);
        let now = evaluate(&badge, shop, desk.book, desk.at, day, lit);
        let may_light = badge.lights_on_day.is_none_or(|on| day_of_month(day + 1) == i64::from(on));
        let (name, shop) = (id(Name::new(badge.id.clone())), id(ShopId::new(shop_id)));
        if lit && !now.holds {
            let reasons = now.conditions.iter().filter(|c| !c.holds).map(|c| {
                let value = c.value.map_or("unknown".to_owned(), |v| v.get().to_string());
                let text = format!("`{}` is {value}, needed is {}", c.name, c.needed.map_or(1, laotie_facts::SignedAmount::get));
                reason("condition_failed", Some(version.as_str()), &[], &text)
            });
            let reasons = Few::new(reasons.take(100).collect()).expect("cut to 100");
            let conditions = Few::new(now.conditions.clone()).unwrap_or_default();
            desk.push(BadgeUnlit { badge: name, conditions, item: None, reasons, shop, streamer: None }, Vec::new(), vec![version.clone()]);
        } else if !lit && now.holds && may_light {
            let conditions = Few::new(now.conditions).unwrap_or_default();
            desk.push(BadgeLit { badge: name, conditions, item: None, shop, streamer: None }, Vec::new(), vec![version.clone()]);
        }
    }
}

fn priced(desk: &Desk<'_>, shop_id: &str, shop: &ShopState, cover: &Cover, currency: Currency) -> CoverPriced {
    let experience = shop.cover.experience(cover.memory_bps);
    let price = price(cover, &desk.states.market(), experience);
    let amount = |minor: i64| Amount::new(minor).unwrap_or_default();
    let count = |n: i64| Quantity::new(n).unwrap_or_default();
    CoverPriced {
        currency,
        high_minor: amount(price.high_minor),
        loss_ratio_ppm: shop.cover.loss_ratio_ppm().map(count),
        low_minor: amount(price.low_minor),
        orders: count(experience.0),
        paid: count(experience.1),
        premium_minor: amount(price.premium_minor),
        shop: id(ShopId::new(shop_id)),
        weight_ppm: Ppm::new(price.weight_ppm).unwrap_or_default(),
    }
}

/// Whether a rule begins or ceases to demand the cover: n of the last m days, apart for the way in and out.
fn demanded(shop_id: &str, shop: &ShopState, guarantee: &str, mandate: &Mandate, day: i64) -> Option<GuaranteeSwitched> {
    let stars = |back: i64| {
        let reviews = shop.days.sum(Event::Review as usize, day - back, 1);
        (reviews > 0).then(|| shop.days.sum(Event::Stars as usize, day - back, 1) * 100 / reviews)
    };
    let days = |holds: &dyn Fn(i64) -> bool| (0..i64::from(mandate.days_seen)).filter(|back| stars(*back).is_some_and(holds)).count();
    let switched = shop.switched.get(guarantee);
    let demanded = switched.is_some_and(|s| s.mandated);
    let bad = days(&|s| s <= mandate.stars_centi) >= usize::from(mandate.days_needed);
    let good = days(&|s| s >= mandate.lift_stars_centi) >= usize::from(mandate.lift_days_needed);
    let (mandated, on) = match (demanded, bad, good) {
        (false, true, _) => (true, true),
        (true, false, true) => (false, switched.and_then(|s| s.own_will).unwrap_or(false)),
        _ => return None,
    };
    Some(GuaranteeSwitched {
        guarantee: id(Name::new(guarantee)),
        hours: None,
        items: Few::default(),
        mandated,
        on,
        shop: id(ShopId::new(shop_id)),
        streamer: None,
    })
}
