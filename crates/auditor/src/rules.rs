//! When something can happen to an order: the public rules, one after another.

use crate::event::{Event, Payment};

/// Whether something can happen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It can.
    Now,
    /// Only after a fact of this kind.
    After(&'static str),
    /// It cannot, for the reason with this code.
    Never(&'static str),
}

/// The payment among what happened.
pub(crate) fn payment<'a>(happened: &[&'a Event]) -> Option<&'a Payment> {
    happened.iter().find_map(|e| match e {
        Event::Paid(payment) => Some(&**payment),
        _ => None,
    })
}

/// What was paid back of the price among what happened: never more than was paid, whatever a claim was awarded.
pub(crate) fn refunded_minor(happened: &[&Event]) -> i64 {
    let all = paid_back(happened, true);
    payment(happened).map_or(all, |paid| all.min(paid.paid_minor))
}

/// Sum of the refunds, with or without those that carry out a claim's award.
fn paid_back(happened: &[&Event], awarded_too: bool) -> i64 {
    happened
        .iter()
        .map(|e| match e {
            Event::Refunded { amount_minor, awarded, .. } if awarded_too || !awarded => *amount_minor,
            _ => 0,
        })
        .sum()
}

/// Whether `event` can happen to an order to which `happened` has happened.
///
/// An order is paid once. Nothing else counts before it is paid. It is cancelled before dispatch or not at all; a
/// cancelled order is neither sent nor delivered. Carrier and buyer come after dispatch, in any order among themselves. A
/// return goes requested, agreed, shipped, received. Refunds carry the order's currency and, but for what a claim was
/// awarded, never add up to more than was paid. Whatever happened once does not happen again.
pub(crate) fn verdict(event: &Event, happened: &[&Event]) -> Verdict {
    let Some(paid) = payment(happened) else {
        return if matches!(event, Event::Paid(_)) { Verdict::Now } else { Verdict::After("order.paid") };
    };
    let cancelled = happened.contains(&&Event::Cancelled);
    let dispatched = happened.contains(&&Event::Dispatched);
    let again = happened.contains(&event);
    match event {
        Event::Paid(_) => Verdict::Never("order-already-paid"),
        Event::Cancelled if dispatched => Verdict::Never("order-already-dispatched"),
        Event::Cancelled if again => Verdict::Never("order-already-cancelled"),
        Event::Dispatched | Event::PickedUp | Event::Signed | Event::Received if cancelled => Verdict::Never("order-cancelled"),
        Event::Dispatched if again => Verdict::Never("order-already-dispatched"),
        Event::PickedUp | Event::Signed | Event::Received if !dispatched => Verdict::After("order.dispatched"),
        Event::PickedUp if again => Verdict::Never("order-already-picked-up"),
        Event::Signed if again => Verdict::Never("order-already-signed"),
        Event::Received if again => Verdict::Never("order-already-received"),
        Event::ReturnRequested { .. } if again => Verdict::Never("return-already-requested"),
        Event::Cancelled | Event::Dispatched | Event::PickedUp | Event::Signed | Event::Received | Event::ReturnRequested { .. } => {
            Verdict::Now
        }
        Event::ReturnAgreed { id } | Event::ReturnShipped { id } | Event::ReturnReceived { id } => return_step(event, id, happened),
        Event::Refunded { refund, amount_minor, currency, awarded } => {
            let same_refund = |e: &&&Event| matches!(e, Event::Refunded { refund: other, .. } if other == refund);
            if happened.iter().any(|e| same_refund(&e)) {
                Verdict::Never("refund-already-paid")
            } else if *currency != paid.currency {
                Verdict::Never("currency-mismatch")
            } else if !awarded && paid_back(happened, false) + amount_minor > paid.paid_minor {
                Verdict::Never("refund-exceeds-paid")
            } else {
                Verdict::Now
            }
        }
    }
}

/// A return's steps, in their order.
fn return_step(event: &Event, id: &str, happened: &[&Event]) -> Verdict {
    let id = || id.to_owned();
    let way = [
        Event::ReturnRequested { id: id() },
        Event::ReturnAgreed { id: id() },
        Event::ReturnShipped { id: id() },
        Event::ReturnReceived { id: id() },
    ];
    let done = way.iter().take_while(|step| happened.contains(step)).count();
    match way.iter().position(|step| step == event) {
        Some(place) if place < done => Verdict::Never("return-step-repeated"),
        Some(place) if place == done => Verdict::Now,
        Some(place) => Verdict::After(way[place - 1].kind()),
        None => Verdict::Now,
    }
}
