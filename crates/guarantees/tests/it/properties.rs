//! What holds whatever happens: caps, frozen law, determinism.

use std::collections::BTreeMap;

use laotie_facts::System;
use laotie_facts::body::{AwardKind, RulingOutcome};
use laotie_guarantees::Guarantees;
use proptest::prelude::*;
use serde_json::json;

use crate::driver::{Market, publish, shipped, time};

const REASONS: [&str; 6] = ["quality", "damaged", "spoiled", "counterfeit", "false_claim", "late"];
const GUARANTEES: [&str; 6] = ["", "breakage_refund", "spoil_refund", "counterfeit_multiple", "fraud_multiple", "food_multiple"];

/// A step of a story: what, on which line or claim, and how much.
#[derive(Debug, Clone)]
struct Step {
    what: u8,
    which: usize,
    reason: usize,
    guarantee: usize,
    minor: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let what =
        prop_oneof![8 => Just(0u8), 3 => Just(3), 1 => Just(4), 2 => Just(5), 1 => Just(6), 6 => Just(7), 3 => Just(8), 1 => 9u8..12];
    (what, 0usize..6, 0..REASONS.len(), 0..GUARANTEES.len(), 1i64..20_000).prop_map(|(what, which, reason, guarantee, minor)| Step {
        what,
        which,
        reason,
        guarantee,
        minor,
    })
}

/// Tells a story on one order; what cannot be is refused and changes nothing.
fn tell(market: &mut Market, start: &str, steps: &[Step]) {
    market.item("i-0", &json!({"category": "fresh", "goods_class": "dispatch_perishable"}));
    market.item("i-1", &json!({"category": "clothing"}));
    drop(market.switch("2021-01-02T10:00", "counterfeit_multiple", true));
    drop(market.switch("2021-01-02T10:00", "return_freight_cover", true));
    market.paid("o-1", start, &[("1", "i-0", 3_000), ("2", "i-1", 8_000), ("3", "i-1", 500)]);
    market.send(start, "order.dispatched", &json!({"order": "o-1"})).expect("sent");
    market.send(start, "order.signed", &json!({"order": "o-1"})).expect("signed");
    let begin = time(start);
    for (n, step) in steps.iter().enumerate() {
        let at = begin.plus_micros((i64::try_from(n).unwrap_or(0) + 1) * 2 * 3_600_000_000);
        let claim = format!("c-{}", step.which);
        let body = match step.what {
            0 => {
                // Mostly the reason that the guarantee covers.
                let reason = match (GUARANTEES[step.guarantee], step.minor % 5) {
                    (_, 0) | ("", _) => REASONS[step.reason],
                    ("breakage_refund", _) => "damaged",
                    ("spoil_refund", _) => "spoiled",
                    ("counterfeit_multiple", _) => "counterfeit",
                    ("fraud_multiple", _) => "false_claim",
                    _ => "quality",
                };
                let mut body = json!({"claim": claim, "order": "o-1", "reason": reason, "wish": "compensation"});
                if step.which % 2 == 0 {
                    let line = ["1", "2", "3"][step.which % 3];
                    body["lines"] = json!([line]);
                }
                if !GUARANTEES[step.guarantee].is_empty() {
                    body["guarantee"] = json!(GUARANTEES[step.guarantee]);
                }
                ("claim.opened", body)
            }
            3 => ("claim.answered", json!({"answer": "agree", "claim": claim})),
            4 => ("claim.answered", json!({"answer": "offer", "claim": claim, "currency": "CNY", "offer_minor": step.minor})),
            5 => ("claim.answered", json!({"answer": "refuse", "claim": claim})),
            6 => ("claim.accepted", json!({"claim": claim})),
            7 => {
                let outcome = ["uphold", "reject", "uphold_in_part"][step.reason % 3];
                let body = json!({"amount_minor": step.minor * 20, "case": claim, "claim": claim, "currency": "CNY", "liability": "merchant",
                    "outcome": outcome, "reviewer": format!("r-{}", step.guarantee)});
                ("case.reviewed", body)
            }
            8 => {
                let side = if step.reason % 2 == 0 { "buyer" } else { "merchant" };
                let body =
                    json!({"against": claim, "against_kind": "ruling", "appeal": format!("ap-{n}"), "appellant": side, "side": side});
                ("appeal.opened", body)
            }
            9 => {
                let left = market.order("o-1").left("").min(step.minor);
                ("refund.paid", json!({"amount_minor": left, "currency": "CNY", "order": "o-1", "refund": format!("rf-{n}")}))
            }
            10 => ("claim.withdrawn", json!({"claim": claim})),
            _ => {
                let file = json!({"hash": "0".repeat(64), "media_type": "image/jpeg", "size_bytes": 10});
                let body = json!({"claim": claim, "evidence": format!("e-{n}"), "evidence_kind": "photo", "file": file, "side": "buyer"});
                ("evidence.given", body)
            }
        };
        drop(market.send_at(at, body.0, &body.1));
    }
    market.pass(begin.plus_micros(120 * 86_400_000_000));
}

/// The awards in force: of each claim those of its last ruling.
fn in_force(market: &Market) -> Vec<(AwardKind, Option<String>, i64, Option<i64>)> {
    let mut last = BTreeMap::new();
    for ruling in market.rulings() {
        last.insert(ruling.claim.to_string(), ruling);
    }
    let awards = last.values().filter(|r| r.outcome != RulingOutcome::Withdrawn).flat_map(|r| r.awards.iter());
    awards
        .map(|a| (a.award, a.line.as_ref().map(ToString::to_string), a.amount_minor.get(), a.multiple.map(laotie_facts::Quantity::get)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_ruling_exceeds_its_cap(steps in proptest::collection::vec(step(), 5..60)) {
        let mut market = Market::new();
        tell(&mut market, "2023-03-01T10:00", &steps);
        let awards = in_force(&market);
        let order = market.order("o-1");
        for (line, paid) in [("1", 3_000), ("2", 8_000), ("3", 500)] {
            let back: i64 = awards.iter().filter(|a| a.0 == AwardKind::Refund && a.1.as_deref() == Some(line)).map(|a| a.2).sum();
            prop_assert!(back <= paid, "line {line}: {back}");
        }
        let refunded: i64 = order.refunds.iter().flat_map(|r| &r.parts).map(|p| p.1).sum();
        let back: i64 = awards.iter().filter(|a| a.0 == AwardKind::Refund).map(|a| a.2).sum();
        prop_assert!(back + refunded <= order.paid_minor, "{back} + {refunded} of {}", order.paid_minor);
        // The highest multiple of the whole order, and the minimums of the two that have one.
        let beyond: i64 = awards.iter().filter(|a| a.3.is_some()).map(|a| a.2).sum();
        prop_assert!(beyond <= 11_500 * 10 + 50_000 + 100_000);
        // The second ruling on a claim is the last.
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        market.rulings().iter().for_each(|r| *count.entry(r.claim.to_string()).or_default() += 1);
        prop_assert!(count.values().all(|n| *n <= 2));
    }

    #[test]
    fn new_rules_change_no_older_order(steps in proptest::collection::vec(step(), 5..40), changed in proptest::collection::vec((0usize..30, 1u16..100, 1u16..40), 0..8)) {
        let (mut old, mut new) = (Market::new(), Market::new());
        let documents = shipped("guarantees");
        for (n, (which, multiple, length)) in changed.iter().enumerate() {
            // A later version of some guarantee, with other multiples and clocks, in force the day after the order.
            let (stem, text) = &documents[which % documents.len()];
            let mut table: toml::Table = text.parse().expect("TOML");
            table.insert("version".into(), format!("2023-03-02.{}", n + 1).into());
            table.insert("effective_from".into(), "2023-03-02T00:00:00+08:00".into());
            if let Some(window) = table.get_mut("window").and_then(|w| w.as_table_mut()) {
                window.insert("length".into(), i64::from(*length).into());
            }
            for award in table.get_mut("award").and_then(|a| a.as_array_mut()).into_iter().flatten().filter_map(|a| a.as_table_mut()) {
                if award.get("multiple").and_then(toml::Value::as_integer).is_some_and(|m| m > 1) {
                    award.insert("multiple".into(), i64::from(*multiple).into());
                }
            }
            publish(&mut new.book, "guarantees", stem, &toml::to_string(&table).expect("TOML again"));
        }
        tell(&mut old, "2023-03-01T10:00", &steps);
        tell(&mut new, "2023-03-01T10:00", &steps);
        prop_assert_eq!(old.told(), new.told());
        prop_assert_eq!(old.order("o-1"), new.order("o-1"));
    }

    #[test]
    fn the_same_facts_lead_to_the_same_states(steps in proptest::collection::vec(step(), 5..40)) {
        let (mut one, mut other) = (Market::new(), Market::new());
        tell(&mut one, "2023-03-01T10:00", &steps);
        tell(&mut other, "2023-03-01T10:00", &steps);
        let json = |m: &Market| m.states.iter().map(|(k, s)| format!("{k} {}", serde_json::to_string(s).expect("serialises"))).collect::<Vec<_>>();
        prop_assert_eq!(json(&one), json(&other));
        prop_assert_eq!(one.facts, other.facts);
        for (key, state) in &one.states {
            prop_assert!(Guarantees::listings(key, state).iter().all(|l| serde_json::from_str::<serde_json::Value>(&l.body).is_ok()));
        }
    }
}
