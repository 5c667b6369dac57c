//! A stream of orders for load and crash tests: the same numbers give the same facts.

use laotie_facts::Timestamp;
pub(crate) use laotie_simulate::Random;
use serde_json::{Value, json};

/// Facts of an order, in the order in which they happen; a claim at the end, to which the merchant agrees.
const STEPS: [&str; 7] =
    ["order.paid", "order.dispatched", "order.picked_up", "order.signed", "order.received", "claim.opened", "claim.answered"];

/// `order.paid` of two lines, as in the public format's example.
pub(crate) fn paid(source: &str, n: u64) -> Value {
    let mut random = Random::new(n);
    let (a, b) = (i64::try_from(random.below(50_000)).unwrap_or(0) + 100, i64::try_from(random.below(20_000)).unwrap_or(0) + 100);
    let coupon = i64::try_from(random.below(50)).unwrap_or(0);
    json!({
        "source": source, "key": format!("o-{n}/paid"), "kind": "order.paid", "at": at(n, 0),
        "body": {
            "order": format!("o-{n}"), "buyer": format!("b-{}", random.below(100_000)), "shop": format!("s-{}", random.below(500)),
            "streamer": format!("t-{}", random.below(100)), "room": "r-1", "show": "r-1/20260610", "currency": "CNY",
            "lines": [
                {"line": "1", "item": format!("i-{}", random.below(5_000)), "qty": 1, "unit_price_minor": a, "total_minor": a},
                {"line": "2", "item": format!("i-{}", random.below(5_000)), "qty": 2, "unit_price_minor": b, "total_minor": 2 * b},
            ],
            "discounts": [{"amount_minor": coupon, "payer": "platform"}],
            "freight_minor": 0, "paid_minor": a + 2 * b - coupon, "entry": "follow",
        },
    })
}

/// Step `step` (0 to 6) in the life of order `n`.
pub(crate) fn step(source: &str, n: u64, step: usize) -> Value {
    if step == 0 {
        return paid(source, n);
    }
    let kind = STEPS[step % STEPS.len()];
    let claim = format!("c-{n}");
    let body = match kind {
        "claim.opened" => json!({"claim": claim, "order": format!("o-{n}"), "reason": "quality", "wish": "refund"}),
        "claim.answered" => json!({"claim": claim, "answer": "agree"}),
        _ => json!({"order": format!("o-{n}")}),
    };
    json!({
        "source": source, "key": format!("o-{n}/{}", kind.trim_start_matches("order.")), "kind": kind,
        "at": at(n, step), "body": body,
    })
}

fn at(n: u64, step: usize) -> String {
    let start = 1_780_000_000_000_000_u64 + n * 1_000_000 % (90 * 86_400 * 1_000_000);
    let micros = start + u64::try_from(step).unwrap_or(0) * 8 * 3_600 * 1_000_000;
    Timestamp::from_micros(i64::try_from(micros).unwrap_or(0)).unwrap_or_default().to_string()
}
