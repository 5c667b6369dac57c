//! What leaves the market is what any market may send.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use laotie_facts::{Body, Incoming, Kind, Origin, Timestamp};
use laotie_simulate::Truth;

use crate::market;

#[test]
fn every_line_is_read_back_as_the_fact_it_was() {
    for happening in market(2, 2, 0.1) {
        let mut line = Vec::new();
        happening.write_line(&mut line);
        let text = std::str::from_utf8(&line).expect("lines are UTF-8");
        match Incoming::parse(text.trim_end()) {
            Ok(read) => assert_eq!(read, happening.into_incoming()),
            Err(error) => panic!("{error:?}\n{text}"),
        }
    }
}

#[test]
fn facts_come_in_order_of_time_and_no_key_twice() {
    let (mut last, mut keys) = (Timestamp::default(), HashSet::new());
    for happening in market(3, 3, 0.2) {
        assert!(happening.at >= last, "{} comes after {last}", happening.at);
        last = happening.at;
        assert!(keys.insert((happening.sender, happening.key.clone())), "{} is there twice", happening.key);
    }
}

#[test]
fn every_kind_that_a_market_sends_is_sent() {
    let mut market = market(1, 8, 2.0);
    let mut sent = BTreeSet::new();
    while let Some(happening) = market.next() {
        // What answers a decision is sent once the market heard of it: a plan needs a debt.
        if let Body::OrderDispatched(_) = &happening.body
            && !sent.contains(&Kind::OrderDispatched)
        {
            let debt = r#"{"amount_minor":12513,"creditor_account":"platform/main/receivable","currency":"CNY","debt":"dbt_1","due":"2026-02-01T00:00:00Z","freezes":true,"party":"m-1","party_kind":"merchant","posting":"pst_1"}"#;
            let frozen = r#"{"debts":["dbt_1"],"party":"m-1","party_kind":"merchant"}"#;
            market.hear(&Body::parse(Kind::DebtRaised, debt).expect("a body"));
            market.hear(&Body::parse(Kind::SettlementFrozen, frozen).expect("a body"));
        }
        sent.insert(happening.body.kind());
    }
    let missing: Vec<&str> = Kind::ALL.iter().filter(|k| k.origin() == Origin::Market && !sent.contains(k)).map(|k| k.name()).collect();
    assert!(missing.is_empty(), "never sent: {missing:?}");
    assert!(sent.iter().all(|k| k.origin() == Origin::Market), "a market decides nothing");
}

#[test]
fn an_order_is_cancelled_or_sent_and_never_paid_back_beyond_what_was_paid() {
    let mut paid: BTreeMap<String, i64> = BTreeMap::new();
    let (mut cancelled, mut dispatched) = (HashSet::new(), HashSet::new());
    for happening in market(4, 8, 0.3) {
        match happening.body {
            Body::OrderPaid(b) => assert!(paid.insert(b.order.to_string(), b.paid_minor.get()).is_none()),
            Body::OrderCancelled(b) => assert!(!dispatched.contains(&b.order) && cancelled.insert(b.order)),
            Body::OrderDispatched(b) => assert!(!cancelled.contains(&b.order) && dispatched.insert(b.order)),
            Body::RefundPaid(b) => {
                let order = b.order.expect("refunds here name their order").to_string();
                let left = paid.get_mut(&order).expect("paid before");
                *left -= b.amount_minor.get();
                assert!(*left >= 0, "{order} is paid back beyond what was paid");
            }
            _ => {}
        }
    }
    assert!(!cancelled.is_empty() && dispatched.len() > 100);
}

#[test]
fn the_truth_names_facts_and_parties_that_are_there() {
    let mut market = market(1, 8, 1.5);
    let (mut keys, mut orders, mut utterances, mut parties) = (HashSet::new(), HashSet::new(), HashSet::new(), HashSet::new());
    let mut truths = Vec::new();
    while let Some(happening) = market.next() {
        keys.insert(happening.key.clone());
        match &happening.body {
            Body::OrderPaid(b) => assert!(orders.insert(b.order.to_string())),
            Body::UtteranceHeard(b) => assert!(utterances.insert(b.utterance.to_string())),
            Body::PartyRegistered(b) => assert!(parties.insert(b.party.to_string())),
            _ => {}
        }
        truths.extend(market.take_truths());
    }
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let end = market.end();
    for truth in &truths {
        match truth {
            Truth::Order { order, .. } => {
                assert!(orders.remove(order), "{order} is told of twice, or was never paid");
                *told.entry("order").or_default() += 1;
            }
            Truth::Utterance { utterance, .. } => assert!(utterances.remove(utterance), "{utterance} is told of twice, or was never heard"),
            Truth::Party { party, since, .. } => assert!(*since > end || parties.contains(party), "{party} never registered"),
            Truth::Bought { key, .. } => {
                *told.entry("bought").or_default() += usize::from(keys.contains(key));
            }
            _ => {}
        }
    }
    assert!(orders.is_empty() && utterances.is_empty(), "without a truth: {} orders, {} sentences", orders.len(), utterances.len());
    assert!(told["order"] > 1_000 && told["bought"] > 100, "{told:?}");
}

#[test]
fn what_the_market_remembers_does_not_grow_with_the_run() {
    let mut market = market(8, 12, 0.3);
    let month = 30 * 86_400_000_000_i64;
    let begin = market.first_day().micros();
    let (mut early, mut late) = (0, 0);
    while let Some(happening) = market.next() {
        let day = (happening.at.micros() - begin) / 86_400_000_000;
        if day == 28 {
            early = market.census().orders;
        }
        if happening.at.micros() < market.end().micros() - month {
            late = market.census().orders;
        }
    }
    assert!(early > 0 && late < early * 3, "orders under way grew from {early} to {late}");
}
