//! The order carries its own law: nine times stays nine times when ten times comes.

use serde_json::json;

use crate::driver::Market;

fn fake(market: &mut Market, order: &str, claim: &str, at: [&str; 3]) {
    let [paid, asked, attested] = at;
    market.signed(order, paid, "i-1", 12_900);
    let more = json!({"guarantee": "counterfeit_multiple", "wish": "compensation"});
    market.open(asked, claim, order, "counterfeit", &more).expect("opened");
    market.attest(attested, claim, &format!("at-{claim}"), &["CMA"], "counterfeit").expect("attested");
    market.answer(attested, claim, "agree").expect("answered");
}

#[test]
fn an_order_paid_under_nine_times_keeps_it_after_ten_times_came() {
    let mut market = Market::new();
    market.switch("2024-01-01T00:00:00Z", "counterfeit_multiple", true).expect("switched");
    fake(&mut market, "o-old", "c-old", ["2024-05-22T12:00", "2024-05-28T12:00", "2024-05-30T12:00"]);
    fake(&mut market, "o-new", "c-new", ["2024-05-31T12:00", "2024-06-01T12:00", "2024-06-02T12:00"]);
    insta::assert_snapshot!(market.told(), @r"
    c-old: Upheld because merchant_agreed: Refund 12900 of 1, Compensation 116100 of 1 x9
    c-new: Upheld because merchant_agreed: Refund 12900 of 1, Compensation 129000 of 1 x10
    ");
    let reasons: Vec<String> =
        market.rulings()[0].reasons.iter().map(|r| format!("{} {}", r.code, r.clause.as_ref().expect("a clause").as_str())).collect();
    insta::assert_debug_snapshot!(reasons, @r#"
    [
        "merchant_agreed guarantees/counterfeit_multiple@2022-04-01.1",
        "frozen_terms guarantees/counterfeit_multiple@2022-04-01.1",
        "formula guarantees/counterfeit_multiple@2022-04-01.1",
    ]
    "#);
}

#[test]
fn discounts_are_not_multiplied() {
    let mut market = Market::new();
    let body = json!({
        "buyer": "b-1", "currency": "CNY", "discounts": [{"amount_minor": 2_000, "payer": "platform"}], "freight_minor": 800,
        "lines": [{"item": "i-1", "line": "1", "qty": 1, "total_minor": 12_000}], "order": "o-1", "paid_minor": 10_800, "shop": "s-1",
    });
    market.send("2023-01-01T12:00", "order.paid", &body).expect("paid");
    market.send("2023-01-01T13:00", "order.dispatched", &json!({"order": "o-1"})).expect("sent");
    market.send("2023-01-03T13:00", "order.signed", &json!({"order": "o-1"})).expect("signed");
    let more = json!({"guarantee": "counterfeit_multiple", "wish": "compensation"});
    market.open("2023-01-04T12:00", "c-1", "o-1", "counterfeit", &more).expect("opened");
    market.answer("2023-01-05T12:00", "c-1", "agree").expect("answered");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because merchant_agreed: Refund 10000 of 1, Compensation 90000 of 1 x9");
}
