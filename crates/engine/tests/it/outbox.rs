//! What leaves with the journal.

use laotie_engine::outbox::{WEBHOOKS, message};
use laotie_facts::{Body, FactKey, Incoming, Kind, SourceId, Timestamp};

use crate::market::{market, paid, word};

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_and_its_message_are_written_together_and_once() {
    let market = market().await;
    let at = Timestamp::parse("2026-06-10T12:00:00Z").expect("a time");
    let lit = |n: u32| {
        let body = Body::parse(Kind::BadgeLit, &format!(r#"{{"badge":"trust_badge","shop":"s-{n}"}}"#)).expect("a body");
        Incoming::new(SourceId::new("test").expect("an id"), FactKey::new(format!("lit/{n}")).expect("a key"), at, None, body)
    };
    let order = Incoming::parse(&paid("o1", 100).to_string()).expect("a fact");
    let receipts = market.engine.record(vec![lit(1), order, lit(2), lit(1)]).await.expect("answers");
    assert_eq!(receipts.iter().map(word).collect::<Vec<_>>(), ["recorded", "recorded", "recorded", "repeated"]);

    let waiting = market.store.outbox_waiting(0, 9).await.expect("reads");
    let rows = market.store.rows(&waiting.iter().map(|w| w.seq).collect::<Vec<_>>()).await.expect("reads");
    assert_eq!(rows.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["lit/1", "lit/2"]);
    for (told, row) in waiting.iter().zip(&rows) {
        assert_eq!((told.target.as_str(), told.seq, &told.body), (WEBHOOKS, row.seq, &message(row)));
    }
}
