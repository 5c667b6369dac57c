//! Promises: none broken unseen, none invented.

use laotie_facts::{Body, Calendar, Clock, ClockUnit, Kind, MarketZone, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use crate::driver::{Market, publish, time};

fn broken(market: &Market) -> Vec<String> {
    let told = |f: &&laotie_facts::Fact| match &f.body {
        Body::PromiseBroken(b) => format!("{} due {}", b.promise, b.due),
        _ => unreachable!("asked for by kind"),
    };
    market.of_kind(Kind::PromiseBroken).iter().map(told).collect()
}

#[test]
fn a_shop_whose_dispatches_are_not_told_is_not_found_late() {
    let mut market = Market::new();
    market.paid("o-1", "2026-03-02T10:00", &[("1", "i-1", 10_000)]);
    market.pass_to("2026-04-02T10:00");
    assert!(broken(&market).is_empty());
}

#[test]
fn what_is_not_sent_in_48_hours_is_compensated_without_asking() {
    let mut market = Market::new();
    market.tells_dispatches(time("2026-03-01T09:00"));
    market.paid("o-1", "2026-03-02T10:00", &[("1", "i-1", 10_000)]);
    market.pass_to("2026-03-04T21:59");
    assert!(broken(&market).is_empty(), "word of a dispatch may still come");
    market.pass_to("2026-03-04T22:00");
    assert_eq!(broken(&market), ["dispatch_promise due 2026-03-04T02:00:00Z"]);
    insta::assert_snapshot!(market.told(), @"automatic: Upheld because promise_broken: Compensation 3000 as Coupon");
    let claim = json!({"guarantee": "dispatch_promise", "wish": "compensation"});
    market.open("2026-03-05T10:00", "c-1", "o-1", "late", &claim).expect("it can be asked for all the same");
    insta::assert_snapshot!(market.told(), @r"
    automatic: Upheld because promise_broken: Compensation 3000 as Coupon
    c-1: Rejected because paid_already: 
    ");
}

#[test]
fn word_that_comes_late_of_a_dispatch_in_time_breaks_nothing() {
    let mut market = Market::new();
    market.paid("o-1", "2026-03-02T10:00", &[("1", "i-1", 10_000)]);
    market.now = time("2026-03-04T20:00");
    market.send("2026-03-04T09:59", "order.dispatched", &json!({"order": "o-1"})).expect("sent");
    market.pass_to("2026-04-01T00:00");
    assert!(broken(&market).is_empty());
    market.paid("o-2", "2026-04-02T10:00", &[("1", "i-1", 10_000)]);
    market.send("2026-04-04T10:01", "order.dispatched", &json!({"order": "o-2"})).expect("sent");
    assert_eq!(broken(&market).len(), 1, "a minute late is late");
}

#[test]
fn an_express_shop_has_the_hours_it_promised() {
    let mut market = Market::new();
    let on = json!({"guarantee": "dispatch_promise", "hours": 24, "on": true, "shop": "s-1"});
    market.send("2026-03-01T10:00", "guarantee.switched", &on).expect("switched");
    market.paid("o-1", "2026-03-02T10:00", &[("1", "i-1", 10_000)]);
    market.switch("2026-03-02T11:00", "dispatch_promise", false).expect("switched");
    market.pass_to("2026-03-10T00:00");
    assert_eq!(broken(&market), ["dispatch_promise due 2026-03-03T02:00:00Z"]);
}

#[test]
fn a_dispatch_that_is_voided_was_none() {
    let mut market = Market::new();
    market.tells_dispatches(time("2026-03-01T09:00"));
    market.paid("o-1", "2026-03-02T10:00", &[("1", "i-1", 10_000)]);
    let seq = market.send("2026-03-02T12:00", "order.dispatched", &json!({"order": "o-1"})).expect("sent");
    market.void("2026-03-08T12:00", seq).expect("voided");
    market.pass_to("2026-03-09T00:00");
    assert_eq!(broken(&market).len(), 1);
}

#[test]
fn money_follows_returned_goods_in_time_or_a_promise_is_broken() {
    for (paid_back, breaches) in [(Some("2026-03-13T10:00"), 0), (Some("2026-03-14T10:00"), 1), (Some("2026-03-05T10:00"), 0), (None, 1)] {
        let mut market = Market::new();
        market.signed("o-1", "2026-03-02T10:00", "i-1", 9_900);
        let ret = json!({"order": "o-1", "return": "rt-1"});
        market
            .send("2026-03-03T10:00", "return.requested", &json!({"order": "o-1", "reason": "no_reason", "return": "rt-1"}))
            .expect("asked");
        market.send("2026-03-03T11:00", "return.agreed", &ret).expect("agreed");
        market.send("2026-03-04T11:00", "return.shipped", &ret).expect("shipped");
        let refund = json!({"amount_minor": 9_900, "currency": "CNY", "order": "o-1", "refund": "rf-1"});
        let early = paid_back.filter(|at| *at < "2026-03-06");
        if let Some(at) = early {
            market.send(at, "refund.paid", &refund).expect("paid");
        }
        market.send("2026-03-06T11:00", "return.received", &ret).expect("received");
        if let Some(at) = paid_back.filter(|_| early.is_none()) {
            market.send(at, "refund.paid", &refund).expect("paid");
        }
        market.pass_to("2026-04-01T00:00");
        assert_eq!(broken(&market).len(), breaches, "{paid_back:?}");
    }
}

const ZONES: [&str; 5] = ["Asia/Shanghai", "UTC", "America/New_York", "Europe/London", "Pacific/Auckland"];

/// The obvious reading of the promise: hours that are not paused, counted minute by minute.
fn due_by_counting(paid: i64, hours: i64, pause: (i64, i64)) -> i64 {
    let mut left = hours * 60;
    let mut minute = paid;
    while left > 0 {
        left -= i64::from(!(pause.0 <= minute && minute < pause.1));
        minute += 1;
    }
    minute
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_breach_unseen_and_none_invented(
        zone in 0..ZONES.len(),
        paid in 0i64..40_000,
        sent in proptest::option::of(0i64..8_000),
        cancelled in proptest::option::of(0i64..8_000),
        pause in (0i64..44_000, 0i64..6_000),
        express in proptest::bool::ANY,
    ) {
        let minute = |m: i64| Timestamp::from_micros(1_780_000_000_000_000 + m * 60_000_000).expect("in range");
        let mut market = Market::in_zone(ZONES[zone]);
        let (_, text) = crate::driver::shipped("guarantees").into_iter().find(|(stem, _)| stem == "dispatch_promise").expect("shipped");
        let pause = (pause.0, pause.0 + pause.1 + 1);
        let paused = format!("pauses = [{{ from = \"{}\", until = \"{}\", reason = \"flood\" }}]", minute(pause.0), minute(pause.1));
        let text = text.replace("pauses = []", &paused).replace("2021-06-09.1", "2026-01-01.1").replace("2021-06-09T00", "2026-01-01T00");
        publish(&mut market.book, "guarantees", "dispatch_promise", &text);
        market.tells_dispatches(minute(-10));
        if express {
            let on = json!({"guarantee": "dispatch_promise", "hours": 24, "on": true, "shop": "s-1"});
            market.send_at(minute(0), "guarantee.switched", &on).expect("switched");
        }
        let line = json!({"item": "i-1", "line": "1", "qty": 1, "total_minor": 5_000});
        let body = json!({"buyer": "b-1", "currency": "CNY", "lines": [line], "order": "o-1", "paid_minor": 5_000, "shop": "s-1"});
        market.send_at(minute(paid), "order.paid", &body).expect("paid");
        // Of a dispatch and a cancellation only the earlier can be.
        let end = match (sent, cancelled) {
            (Some(s), Some(c)) if c < s => Some((c, "order.cancelled")),
            (Some(s), _) => Some((s, "order.dispatched")),
            (None, Some(c)) => Some((c, "order.cancelled")),
            (None, None) => None,
        };
        if let Some((after, kind)) = end {
            market.send_at(minute(paid + after), kind, &json!({"order": "o-1"})).expect("taken");
        }
        market.pass(minute(200_000));
        let due = due_by_counting(paid, if express { 24 } else { 48 }, pause);
        let late = end.is_none_or(|(after, _)| paid + after > due);
        prop_assert_eq!(market.of_kind(Kind::PromiseBroken).len(), usize::from(late), "due {} ended {:?}", due - paid, end);
        let calendar = Calendar::plain(MarketZone::new(ZONES[zone]).expect("a zone"));
        let hours = Clock { length: if express { 24 } else { 48 }, unit: ClockUnit::Hour };
        let clock = hours.end_with_pauses(minute(paid), &[(minute(pause.0), minute(pause.1))], &calendar);
        prop_assert_eq!(market.order("o-1").dispatch_due, Some(clock));
    }
}
