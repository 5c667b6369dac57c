use laotie_engine::AsOf;
use laotie_facts::{OrderId, Timestamp};
use laotie_orders::Status;

use crate::market::{market, now, paid, step, void};

#[tokio::test]
async fn an_order_is_shown_as_it_was_and_as_it_was_known() {
    let market = market().await;
    market.send(vec![paid("o1", 100), step("o1", "dispatched", 1)]).await;
    let before_signing = now();
    market.send(vec![step("o1", "signed", 9)]).await;
    let before_voiding = now();
    market.send(vec![void("v", "o1/signed")]).await;

    let id = OrderId::new("o1").expect("valid");
    let status = async |at: Option<&str>, seen: Option<Timestamp>| {
        let as_of = AsOf { at: at.map(|t| Timestamp::parse(t).expect("a time")), seen };
        market.engine.order(&id, as_of).await.expect("reads").map(|v| v.order.status)
    };
    assert_eq!(status(None, None).await, Some(Status::Dispatched));
    assert_eq!(status(None, Some(before_voiding)).await, Some(Status::Signed));
    assert_eq!(status(None, Some(before_signing)).await, Some(Status::Dispatched));
    assert_eq!(status(Some("2026-06-11T08:59:59Z"), Some(before_voiding)).await, Some(Status::Dispatched));
    assert_eq!(status(Some("2026-06-10T12:00:00Z"), None).await, Some(Status::Paid));
    assert_eq!(status(Some("2026-06-10T11:59:59Z"), None).await, None);
}
