//! Orders: their steps, and what these count for shop and buyer.

use laotie_facts::body::{AfterSaleReason, PromiseBroken, ReviewPosted, TargetKind};
use laotie_facts::{Body, Fact, States, Timestamp};

use crate::buyer::{BuyerState, Deed};
use crate::clocks::{DISPATCH, REFUND};
use crate::days::day_of;
use crate::order::{ClaimStanding, OrderState, Return};
use crate::shop::Event;
use crate::state::{Look, State, buyer_mut, order_mut, shop_mut};

/// Takes a fact about an order in.
pub(super) fn take(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::OrderPaid(paid) => {
            *states.edit(&format!("order/{}", paid.order)) = State::Order(Box::new(OrderState::paid(paid, fact.seq, fact.at)));
        }
        Body::OrderFrozen(frozen) => order_frozen(states, fact, frozen),
        Body::PromiseBroken(broken) => promise_broken(states, fact, broken),
        _ => order_fact(states, fact),
    }
}

fn promise_broken(states: &mut States<State>, fact: &Fact, broken: &PromiseBroken) {
    if let Some(order) = order_mut(states, broken.order.as_str()) {
        match broken.promise.as_str() {
            DISPATCH => order.broken = true,
            REFUND => {
                let due = |id: &String| crate::clocks::refund_due(order, id) == Some(broken.due);
                let ids: Vec<String> = order.returns.iter().map(|r| r.id.clone()).filter(due).collect();
                order.refund_broken.extend(ids);
            }
            _ => {}
        }
    }
    shop_mut(states, broken.shop.as_str()).count(fact.at, Event::Broken, 1);
}

/// The shop of what was reported.
pub(crate) fn shop_reported(states: &States<State>, kind: TargetKind, target: &str) -> Option<String> {
    match kind {
        TargetKind::Shop => Some(target.to_owned()),
        TargetKind::Item => states.item(target)?.shop.clone(),
        TargetKind::Order => Some(states.order(target)?.shop.clone()),
        _ => None,
    }
}

/// The shop that a review is about.
pub(crate) fn shop_of_review(states: &States<State>, posted: &ReviewPosted) -> Option<String> {
    let of_order = || Some(states.order(posted.order.as_ref()?.as_str())?.shop.clone());
    let of_item = || states.item(posted.item.as_ref()?.as_str())?.shop.clone();
    posted.shop.as_ref().map(ToString::to_string).or_else(of_order).or_else(of_item)
}

pub(super) fn review(states: &mut States<State>, at: Timestamp, posted: &ReviewPosted, sign: i64) {
    if posted.additional {
        return;
    }
    let Some(shop) = shop_of_review(states, posted) else { return };
    let shop = shop_mut(states, &shop);
    shop.count(at, Event::Review, sign);
    shop.count(at, Event::Stars, sign * posted.stars.get());
    if posted.stars.get() <= 2 {
        shop.count(at, Event::BadReview, sign);
    }
}

fn order_frozen(states: &mut States<State>, fact: &Fact, frozen: &laotie_facts::body::OrderFrozen) {
    let Some(order) = order_mut(states, frozen.order.as_str()) else { return };
    order.freeze(frozen);
    let (offset, shop, buyer, at) = (order.utc_offset_minutes, order.shop.clone(), order.buyer.clone(), order.paid.1);
    let shop = shop_mut(states, &shop);
    shop.utc_offset_minutes = offset;
    shop.count(at, Event::Paid, 1);
    shop.wake(fact.seen.max(at));
    if let Some(buyer) = buyer {
        let buyer = buyer_mut(states, &buyer);
        buyer.utc_offset_minutes = offset;
        buyer.count(day_of(at, offset), Deed::Paid);
    }
}

/// A step of an order, with what it counts for its shop and buyer.
fn order_fact(states: &mut States<State>, fact: &Fact) {
    let Some(id) = crate::touches::order_of(&fact.body).map(str::to_owned) else { return };
    let Some(before) = states.order(&id).cloned() else { return };
    let Some(order) = order_mut(states, &id) else { return };
    order_step(order, fact);
    let (offset, first_return) = (before.utc_offset_minutes, before.returns.is_empty() && before.claims.is_empty());
    match &fact.body {
        Body::OrderDispatched(_) if before.dispatched.is_none() => {
            if !states.shop(&before.shop).is_some_and(|s| s.tells_dispatch) {
                shop_mut(states, &before.shop).tells_dispatch = true;
            }
            if let Some(premium) = before.premium_minor {
                let cover = &mut shop_mut(states, &before.shop).cover;
                cover.period.0 += 1;
                cover.totals.0 += premium;
                cover.priced_on = cover.priced_on.or(Some(day_of(fact.at, offset)));
            }
        }
        Body::OrderReceived(_) => {
            if let Some(buyer) = &before.buyer {
                count_kept(buyer_mut(states, buyer), &before, fact.at);
            }
        }
        Body::ReturnRequested(asked) => {
            if let Some(buyer) = &before.buyer {
                buyer_mut(states, buyer).count(day_of(fact.at, offset), Deed::Returned);
            }
            if first_return && asked.reason.is_quality() {
                shop_mut(states, &before.shop).count(fact.at, Event::Quality, 1);
            }
        }
        Body::RefundPaid(refund) if refund.reason.is_some_and(AfterSaleReason::is_quality) && before.refunds.is_empty() => {
            shop_mut(states, &before.shop).count(fact.at, Event::FaultRefund, 1);
        }
        _ => {}
    }
}

/// Takes a step into an order's own state.
pub(crate) fn order_step(order: &mut OrderState, fact: &Fact) {
    let step = (fact.seq, fact.at);
    match &fact.body {
        Body::OrderDispatched(_) => order.dispatched = order.dispatched.or(Some(step)),
        Body::OrderCancelled(_) => order.cancelled = order.cancelled.or(Some(step)),
        Body::OrderSigned(_) => order.signed = order.signed.or(Some(step)),
        Body::OrderReceived(_) => order.received = order.received.or(Some(step)),
        Body::ReturnRequested(asked) if !order.returns.iter().any(|r| r.id == asked.return_id.as_str()) => order.returns.push(Return {
            id: asked.return_id.to_string(),
            lines: asked.lines.iter().map(ToString::to_string).collect(),
            reason: asked.reason,
            refunded: false,
            steps: vec![step],
        }),
        Body::ReturnAgreed(b) => order.return_step(b.return_id.as_str(), 1, step),
        Body::ReturnShipped(b) => order.return_step(b.return_id.as_str(), 2, step),
        Body::ReturnReceived(b) => {
            order.return_step(b.return_id.as_str(), 3, step);
            // Money may have gone ahead of the goods: then it followed them already.
            let since = order.returns.iter().find(|r| r.id == b.return_id.as_str()).map_or(i64::MAX, |r| r.steps[0].0);
            let ahead = order.refunds.iter().any(|r| r.seq > since);
            if let Some(back) = order.returns.iter_mut().find(|r| r.id == b.return_id.as_str() && r.steps.len() == 4) {
                back.refunded |= ahead;
            }
        }
        Body::RefundPaid(refund) => order.refund(refund, fact.seq),
        _ => {}
    }
}

/// Counts an order as kept when nothing was claimed or sent back.
pub(crate) fn count_kept(buyer: &mut BuyerState, order: &OrderState, at: Timestamp) {
    if order.received.is_none()
        && order.claims.iter().all(|c| c.standing == ClaimStanding::Withdrawn || c.automatic)
        && order.returns.is_empty()
    {
        buyer.count(day_of(at, order.utc_offset_minutes), Deed::Kept);
    }
}

pub(super) fn void(states: &mut States<State>, target: &Fact) {
    match &target.body {
        Body::OrderPaid(paid) => {
            let Some(order) = states.order(paid.order.as_str()).cloned() else { return };
            if order.paid.0 != target.seq {
                return;
            }
            *states.edit(&format!("order/{}", paid.order)) = State::Nothing;
            shop_mut(states, &order.shop).count(order.paid.1, Event::Paid, -1);
            if let Some(buyer) = &order.buyer {
                let day = day_of(order.paid.1, order.utc_offset_minutes);
                buyer_mut(states, buyer).days.add(day, Deed::Paid as usize, -1, i64::from(crate::buyer::HISTORY_DAYS));
            }
        }
        Body::ReviewPosted(posted) => review(states, target.at, posted, -1),
        Body::ReportFiled(filed) => {
            if let Some(shop) = shop_reported(states, filed.target_kind, filed.target.as_str()) {
                shop_mut(states, &shop).count(target.at, Event::Report, -1);
            }
        }
        Body::GuaranteeSwitched(switched) => {
            if let Some(mine) = shop_mut(states, switched.shop.as_str()).switched.get_mut(switched.guarantee.as_str())
                && mine.seq == target.seq
            {
                mine.on = !switched.on;
            }
        }
        body => {
            let Some(id) = crate::touches::order_of(body).map(str::to_owned) else { return };
            let Some(before) = states.order(&id).cloned() else { return };
            if let Some(order) = order_mut(states, &id) {
                order.take_back(target.seq);
            }
            if let (Body::OrderDispatched(_), Some(premium), Some(_)) =
                (body, before.premium_minor, before.dispatched.filter(|d| d.0 == target.seq))
            {
                let cover = &mut shop_mut(states, &before.shop).cover;
                cover.period.0 -= 1;
                cover.totals.0 -= premium;
            }
        }
    }
}
