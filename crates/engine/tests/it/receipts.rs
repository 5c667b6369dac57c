use std::time::Duration;

use laotie_engine::{EngineSettings, Outcome, RecordError, shipped_rules};
use laotie_facts::Incoming;
use laotie_store::{JournalFilter, ListingPage};
use serde_json::json;

use crate::market::{fact, market, market_with, paid, settings, step, void, words};

#[tokio::test]
async fn a_new_market_holds_the_shipped_rules_in_full() {
    let market = market().await;
    let filter = JournalFilter { kind: Some("rule.published".into()), ..JournalFilter::default() };
    let rows = market.store.journal_page(&filter, 0, 500).await.expect("reads");
    assert_eq!(rows.len(), shipped_rules().len());
    assert!(market.engine.book().at("orders", "terms", crate::market::now()).is_some());
}

#[tokio::test]
async fn a_fact_is_recorded_once() {
    let market = market().await;
    assert_eq!(words(&market.send(vec![paid("o1", 100), paid("o1", 100)]).await), ["recorded", "repeated"]);
    assert_eq!(words(&market.send(vec![paid("o1", 100)]).await), ["repeated"]);
}

#[tokio::test]
async fn an_identity_is_not_used_for_something_else() {
    let market = market().await;
    market.send(vec![paid("o1", 100)]).await;
    assert_eq!(words(&market.send(vec![paid("o1", 101)]).await), ["identity-reused"]);
    assert_eq!(words(&market.send(vec![paid("o2", 1), paid("o2", 2)]).await), ["recorded", "identity-reused"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_the_others_stand() {
    let market = market().await;
    let receipts = market.send(vec![paid("o1", 100), step("o1", "dispatched", 1), step("o1", "cancelled", 2), paid("o2", 5)]).await;
    assert_eq!(words(&receipts), ["recorded", "recorded", "order-already-dispatched", "recorded"]);
}

#[tokio::test]
async fn payment_freezes_the_orders_terms() {
    let market = market().await;
    market.send(vec![paid("o1", 100)]).await;
    let id = laotie_facts::OrderId::new("o1").expect("valid");
    let view = market.engine.order(&id, laotie_engine::AsOf::default()).await.expect("reads").expect("is there");
    let frozen = view.history.iter().find(|r| r.kind == "order.frozen").expect("is frozen");
    assert_eq!(frozen.because, format!("[{}]", view.history[0].seq));
    assert_eq!(frozen.key, format!("{}/order.frozen/0", view.history[0].seq));
    assert!(frozen.rules.contains("orders/terms@"), "{}", frozen.rules);
    assert!(frozen.body.contains(r#""no_reason_return_days":7"#), "{}", frozen.body);
}

#[tokio::test]
async fn discounts_are_spread_on_the_frozen_lines() {
    let market = market().await;
    let body = json!({
        "order": "o1", "shop": "s", "currency": "CNY", "paid_minor": 900,
        "lines": [{"line": "a", "item": "i", "qty": 1, "total_minor": 667}, {"line": "b", "item": "j", "qty": 1, "total_minor": 333}],
        "discounts": [{"amount_minor": 100, "payer": "merchant"}],
    });
    market.send(vec![fact("o1/paid", "order.paid", "2026-06-10T12:00:00Z", body)]).await;
    let filter = JournalFilter { kind: Some("order.frozen".into()), ..JournalFilter::default() };
    let rows = market.store.journal_page(&filter, 0, 10).await.expect("reads");
    assert!(rows[0].body.contains(r#"{"line":"a","paid_minor":600},{"line":"b","paid_minor":300}"#), "{}", rows[0].body);
}

#[tokio::test]
async fn early_facts_wait_where_they_can_be_seen() {
    let market = market().await;
    assert_eq!(words(&market.send(vec![step("o1", "signed", 3)]).await), ["waits for order.paid"]);
    let page = ListingPage { view: "waiting".into(), owner: String::new(), after: None, descending: false, limit: 10 };
    assert_eq!(market.store.listing(&page).await.expect("reads").len(), 1);
    market.send(vec![paid("o1", 100), step("o1", "dispatched", 1)]).await;
    assert!(market.store.listing(&page).await.expect("reads").is_empty());
    let due = market.store.deadlines_due(laotie_facts::Timestamp::MAX, 10).await.expect("reads");
    assert!(due.iter().all(|d| d.system != "orders"), "nothing waits any more: {due:?}");
}

#[tokio::test]
async fn a_mistake_is_voided_once() {
    let market = market().await;
    market.send(vec![paid("o1", 100), step("o1", "dispatched", 1)]).await;
    let receipts =
        market.send(vec![void("v1", "o1/dispatched"), void("v2", "o1/dispatched"), void("v3", "nothing"), void("v4", "v1")]).await;
    assert_eq!(words(&receipts), ["recorded", "already-voided", "voided-fact-unknown", "voiding-is-final"]);
    assert_eq!(words(&market.send(vec![step("o1", "cancelled", 5)]).await), ["recorded"]);
}

#[tokio::test]
async fn what_was_decided_cannot_be_voided() {
    let market = market().await;
    let receipts = market.send(vec![paid("o1", 100)]).await;
    let Outcome::Recorded { seq, .. } = receipts[0].outcome else { panic!("recorded") };
    let body = json!({"source": "laotie", "key": format!("{seq}/order.frozen/0"), "reason": "no"});
    let receipts = market.send(vec![fact("v", "fact.voided", "2026-06-12T00:00:00Z", body)]).await;
    assert_eq!(words(&receipts), ["decided-fact"]);
}

#[tokio::test]
async fn many_callers_get_their_own_receipts() {
    let market = market().await;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..32 {
        let engine = market.engine.clone();
        callers.spawn(async move {
            for n in 0..20 {
                let facts =
                    (0..5).map(|i| Incoming::parse(&paid(&format!("c{caller}-{n}-{i}"), 100).to_string()).expect("valid")).collect();
                let receipts = engine.record(facts).await.expect("answers");
                for (i, receipt) in receipts.iter().enumerate() {
                    assert_eq!(receipt.key, format!("c{caller}-{n}-{i}/paid"));
                    assert!(matches!(receipt.outcome, Outcome::Recorded { .. }));
                }
            }
        });
    }
    while let Some(done) = callers.join_next().await {
        done.expect("no caller fails");
    }
    let head = market.store.head().await.expect("reads");
    assert_eq!(usize::try_from(head.seq).expect("positive"), shipped_rules().len() + 32 * 20 * 5 * 3);
}

#[tokio::test]
async fn a_full_queue_turns_away_at_once_and_says_when_to_come_back() {
    let market = market_with(EngineSettings { waiting_max: 100, ..settings() }).await;
    let facts = (0..101).map(|i| Incoming::parse(&paid(&format!("o{i}"), 1).to_string()).expect("valid")).collect();
    match market.engine.record(facts).await {
        Err(RecordError::Overloaded { retry_after }) => assert!(retry_after > Duration::ZERO),
        other => panic!("not turned away: {other:?}"),
    }
}

#[tokio::test]
async fn a_stopped_engine_finishes_what_waits_and_takes_no_more() {
    let market = market().await;
    let engine = market.engine.clone();
    let under_way = tokio::spawn(async move { engine.record(vec![Incoming::parse(&paid("o1", 1).to_string()).expect("valid")]).await });
    tokio::task::yield_now().await;
    market.engine.stop().await;
    match under_way.await.expect("does not fail") {
        Ok(receipts) => assert_eq!(words(&receipts), ["recorded"]),
        Err(error) => assert!(matches!(error, RecordError::Stopped)),
    }
    let late = market.engine.record(vec![Incoming::parse(&paid("o2", 1).to_string()).expect("valid")]).await;
    assert!(matches!(late, Err(RecordError::Stopped)));
}
