//! The cost of serving an order, held against the postings.

use laotie_conduct::{CostToServe, SELLER_FRAUD};
use laotie_facts::{Body, Currency, Fact, FactKey, Kind, PostingId, SourceId, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

fn fact(kind: &str, body: &Value) -> Fact {
    let body = Body::parse(Kind::from_name(kind).expect("a kind"), &body.to_string()).expect("a body");
    Fact {
        seq: 1,
        seen: Timestamp::default(),
        at: Timestamp::default(),
        source: SourceId::new("laotie").expect("an id"),
        key: FactKey::new("k").expect("a key"),
        by: None,
        because: Vec::new(),
        rules: Vec::new(),
        body,
        target: None,
    }
}

fn posting(purpose: &str, from: &str, to: &str, amount: i64, order: Option<&str>, claim: Option<&str>) -> Fact {
    let mut body = json!({
        "currency": "CNY", "entries": [{"account": from, "amount_minor": -amount}, {"account": to, "amount_minor": amount}],
        "posting": "pst_1", "purpose": purpose,
    });
    if let Some(order) = order {
        body["order"] = json!(order);
    }
    if let Some(claim) = claim {
        body["claim"] = json!(claim);
    }
    fact("posting.made", &body)
}

fn numbered(id: &str, mut posting: Fact) -> Fact {
    if let Body::PostingMade(body) = &mut posting.body {
        body.posting = PostingId::new(id).expect("an id");
    }
    posting
}

fn reversing(id: &str, mut posting: Fact) -> Fact {
    if let Body::PostingMade(body) = &mut posting.body {
        body.reverses = PostingId::new(id).ok();
    }
    numbered(&format!("{id}/back"), posting)
}

#[test]
fn an_order_costs_what_its_postings_moved_to_the_buyers_side() {
    let mut costs = CostToServe::new(SELLER_FRAUD);
    let world = "outside/bank/money";
    let facts = [
        fact("claim.opened", &json!({"claim": "c1", "order": "o1", "reason": "counterfeit", "wish": "compensation"})),
        fact("claim.answered", &json!({"answer": "refuse", "claim": "c1"})),
        fact(
            "ruling.made",
            &json!({"claim": "c1", "guarantee": "counterfeit_multiple", "order": "o1", "outcome": "upheld", "ruling": "u1"}),
        ),
        posting("sale", world, "shop/s1/escrow", 10_000, Some("o1"), None),
        posting("refund", "shop/s1/escrow", "buyer/b1/refunds", 10_000, Some("o1"), Some("c1")),
        posting("refund", "buyer/b1/refunds", world, 10_000, Some("o1"), Some("c1")),
        posting("compensation", "merchant/m1/margin", "buyer/b1/refunds", 100_000, None, Some("c1")),
        posting("freight_cover", "platform/main/freight_pool", "buyer/b1/refunds", 800, Some("o2"), None),
        posting("commission", "shop/s1/escrow", "streamer/t1/escrow", 2_000, Some("o1"), None),
        posting("payout", "shop/s1/proceeds", world, 50_000, None, None),
        numbered("pst_9", posting("compensation", "shop/s1/proceeds", "buyer/b1/refunds", 40_000, None, Some("c1"))),
        reversing("pst_9", posting("reversal", "buyer/b1/refunds", "shop/s1/proceeds", 40_000, None, Some("c1"))),
        numbered("pst_8", posting("sale", world, "shop/s1/escrow", 7_000, Some("o3"), None)),
        reversing("pst_8", posting("reversal", "shop/s1/escrow", world, 7_000, Some("o3"), None)),
    ];
    for fact in &facts {
        costs.take(fact);
    }
    let order = costs.order("o1", Currency::CNY);
    assert_eq!((order.contacts, order.refunds_minor, order.fraud_loss_minor, order.compensation_minor), (2, 10_000, 100_000, 0));
    assert_eq!(costs.order("o2", Currency::CNY).freight_minor, 800);
    let held = costs.reconcile(Currency::CNY);
    assert_eq!((held.posted_minor, held.orders_minor, held.unassigned_minor, held.agrees()), (160_800, 110_800, 50_000, true));
}

proptest! {
    #[test]
    fn costs_add_up_to_the_postings_to_the_fen(
        list in proptest::collection::vec((0usize..7, 0usize..4, 0usize..4, 1i64..100_000, proptest::option::of(0u8..4), proptest::option::of(0u8..3)), 0..40),
    ) {
        let purposes = ["refund", "compensation", "freight_cover", "sale", "payout", "goodwill", "something_new"];
        let accounts = ["buyer/b1/refunds", "outside/bank/money", "shop/s1/proceeds", "platform/main/fund"];
        let mut costs = CostToServe::new(SELLER_FRAUD);
        let mut by_hand = 0;
        for (purpose, from, to, amount, order, claim) in list {
            let (order, claim) = (order.map(|o| format!("o{o}")), claim.map(|c| format!("c{c}")));
            costs.take(&posting(purposes[purpose], accounts[from], accounts[to], amount, order.as_deref(), claim.as_deref()));
            let buyers = |account: usize| i64::from(account < 2);
            by_hand += if purposes[purpose] == "sale" { 0 } else { amount * (buyers(to) - buyers(from)) };
        }
        let held = costs.reconcile(Currency::CNY);
        prop_assert!(held.agrees());
        prop_assert_eq!(held.posted_minor, by_hand);
    }
}
