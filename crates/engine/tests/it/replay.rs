use laotie_engine::replay;

use crate::market::{market, now, paid, step, void};

#[tokio::test]
async fn a_replay_finds_the_same_facts_and_states() {
    let market = market().await;
    market.send(vec![step("o2", "signed", 3), paid("o1", 100), step("o1", "dispatched", 1), paid("o2", 7)]).await;
    market.send(vec![void("v", "o1/dispatched"), step("o1", "cancelled", 4), step("o2", "dispatched", 5)]).await;
    let report = replay(market.store.as_ref(), None, &mut |_| ()).await.expect("replays");
    assert_eq!((report.differences, report.chain_ok), (0, true), "{:?}", report.first_difference);
    assert!(report.derived >= 2 && report.states >= 3);
}

#[tokio::test]
async fn a_replay_stops_at_a_time() {
    let market = market().await;
    market.send(vec![paid("o1", 100)]).await;
    let then = now();
    let whole = replay(market.store.as_ref(), None, &mut |_| ()).await.expect("replays");
    market.send(vec![paid("o2", 100)]).await;
    let cut = replay(market.store.as_ref(), Some(then), &mut |_| ()).await.expect("replays");
    assert_eq!((cut.facts, cut.derived, cut.differences), (whole.facts, whole.derived, 0));
}
