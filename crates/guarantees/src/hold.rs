//! What holds a payment of return freight for a reviewer instead of paying it.

use laotie_facts::{States, Timestamp};

use crate::buyer::Deed;
use crate::days::day_of;
use crate::document::Guarantee;
use crate::order::{OrderState, Return};
use crate::state::{Look, State};

const HOUR: i64 = 3_600_000_000;

/// Why a return looks as if it were made for its freight; code and words for the party, no signals of others.
pub(crate) fn suspicion(
    states: &States<State>,
    order: &OrderState,
    back: &Return,
    rule: &Guarantee,
    at: Timestamp,
) -> Option<(&'static str, String)> {
    let hold = &rule.cover.as_ref()?.hold;
    if let [_, _, shipped, received] = back.steps[..]
        && received.1.micros() - shipped.1.micros() < i64::from(hold.minimum_way_hours) * HOUR
    {
        return Some(("trace_too_fast", format!("the goods were back in less than {} hours after they were sent", hold.minimum_way_hours)));
    }
    let buyer = states.buyer(order.buyer.as_ref()?)?;
    if let Some(until) = buyer.limited_until(&rule.id, at) {
        return Some(("buyer_limited", format!("the buyer is limited until {until}")));
    }
    let day = day_of(at, buyer.utc_offset_minutes);
    let [orders, returns, paid] = [Deed::Paid, Deed::Returned, Deed::Freight].map(|d| buyer.deeds(d, day, hold.days));
    let asked_on = back.steps.first().map_or(day, |s| day_of(s.1, buyer.utc_offset_minutes));
    let same_day = buyer.days.sum(Deed::Returned as usize, asked_on, 1);
    if same_day > i64::from(hold.same_day_returns) {
        return Some((
            "returns_on_one_day",
            format!("{same_day} returns were asked for on one day, {} at most are paid unseen", hold.same_day_returns),
        ));
    }
    if returns >= i64::from(hold.minimum_returns) && returns * 10_000 > orders * i64::from(hold.share_of_orders_bps) {
        return Some(("share_of_returns", format!("{returns} of {orders} orders in {} days were sent back", hold.days)));
    }
    if paid >= i64::from(hold.paid_maximum) {
        return Some(("freight_paid_often", format!("freight was paid {paid} times in {} days", hold.days)));
    }
    None
}
