//! Random markets: nothing twice, nothing lost, every cut equal to a fresh replay of it.

use std::collections::BTreeMap;

use laotie_engine::{AsOf, replay};
use laotie_facts::{Fact, JournalRow, OrderId, States, System, Timestamp};
use laotie_orders::{Order, Orders};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::market::{Market, fact, market, paid, step, void};

const STEPS: [&str; 5] = ["dispatched", "picked_up", "signed", "received", "cancelled"];

fn any_fact() -> impl Strategy<Value = Value> {
    let order = (0..4usize).prop_map(|o| format!("o{o}"));
    prop_oneof![
        2 => order.clone().prop_map(|o| paid(&o, 1_000)),
        5 => (order.clone(), 0..STEPS.len(), 0u8..24).prop_map(|(o, s, h)| step(&o, STEPS[s], h)),
        2 => (order.clone(), 1i64..700, 0..3u8).prop_map(|(o, amount, n)| {
            let body = json!({"order": o, "refund": format!("r{n}"), "amount_minor": amount, "currency": "CNY"});
            fact(&format!("{o}/refund/{n}/{amount}"), "refund.paid", "2026-06-15T00:00:00Z", body)
        }),
        1 => (order, 0..STEPS.len(), 0..50u8).prop_map(|(o, s, n)| void(&format!("v{n}"), &format!("{o}/{}", STEPS[s]))),
    ]
}

/// The rows of the whole journal that a cut covers, folded from empty.
fn folded(rows: &[JournalRow], as_of: AsOf) -> BTreeMap<String, Order> {
    let mut states = States::<Order>::default();
    let mut facts: BTreeMap<i64, Fact> = BTreeMap::new();
    for row in rows.iter().filter(|r| as_of.covers(r)) {
        let mut fact = row.fact().expect("our own row");
        if row.kind == "fact.voided" {
            fact.target = facts.get(&fact.because[0]).cloned().map(Box::new);
        }
        Orders::evolve(&mut states, &fact);
        facts.insert(row.seq, fact);
    }
    states.iter().map(|(k, o)| (k.to_owned(), o.clone())).collect()
}

async fn journal(market: &Market) -> Vec<JournalRow> {
    market.store.journal_after(0, 100_000).await.expect("reads")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_market_replays_and_every_cut_of_it_too(facts in proptest::collection::vec(any_fact(), 1..60), points in proptest::collection::vec((0usize..100, 0usize..100), 20)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let market = market().await;
            for some in facts.chunks(7) {
                market.send(some.to_vec()).await;
            }
            let again = market.send(facts.clone()).await;
            prop_assert!(again.iter().all(|r| crate::market::word(r) != "recorded" || !crate::market::word(r).starts_with("waits")));

            let report = replay(market.store.as_ref(), None, &mut |_| ()).await.expect("replays");
            prop_assert_eq!(report.differences, 0, "{:?}", report.first_difference);
            prop_assert!(report.chain_ok);

            let rows = journal(&market).await;
            let ats: Vec<Timestamp> = rows.iter().map(|r| r.at).collect();
            let seens: Vec<Timestamp> = rows.iter().map(|r| r.seen).collect();
            for (a, s) in points {
                let as_of = AsOf { at: Some(ats[a % ats.len()]), seen: Some(seens[s % seens.len()]) };
                let expected = folded(&rows, as_of);
                for o in 0..4 {
                    let id = OrderId::new(format!("o{o}")).expect("valid");
                    let found = market.engine.order(&id, as_of).await.expect("reads").map(|v| v.order);
                    prop_assert_eq!(found.as_ref(), expected.get(id.as_str()), "order {} as of {:?}", id, as_of);
                }
            }
            Ok(())
        })?;
    }
}
