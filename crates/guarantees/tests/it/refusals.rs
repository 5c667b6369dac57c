//! Every refusal of a claim, one by one.

use serde_json::json;

use crate::driver::Market;

#[test]
fn a_claim_is_refused_for_what_is_wrong_with_it() {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "fresh", "goods_class": "dispatch_perishable"}));
    market.item("i-2", &json!({"category": "clothing"}));
    market.paid("o-1", "2026-03-02T10:00", &[("1", "i-1", 5_000), ("2", "i-2", 7_000)]);
    let spoil = |more: serde_json::Value| {
        let mut body = json!({"guarantee": "spoil_refund", "lines": ["1"]});
        for (field, value) in more.as_object().expect("an object") {
            body[field] = value.clone();
        }
        body
    };
    let mut codes: Vec<String> = Vec::new();
    let mut open = |market: &mut Market, at: &str, claim: &str, order: &str, reason: &str, more: serde_json::Value| {
        let said = market.open(at, claim, order, reason, &more).map_or_else(|code| code, |_| "ok".to_owned());
        codes.push(format!("{claim} {said}"));
    };
    open(&mut market, "2026-03-02T11:00", "c-1", "o-9", "spoiled", json!({}));
    open(&mut market, "2026-03-02T11:00", "c-2", "o-1", "spoiled", spoil(json!({"buyer": "b-2"})));
    open(&mut market, "2026-03-02T11:00", "c-3", "o-1", "spoiled", spoil(json!({"amount_minor": 1, "currency": "GBP"})));
    open(&mut market, "2026-03-02T11:00", "c-4", "o-1", "spoiled", spoil(json!({"lines": ["9"]})));
    open(&mut market, "2026-03-02T11:00", "c-5", "o-1", "spoiled", spoil(json!({"lines": ["2"]})));
    open(&mut market, "2026-03-02T11:00", "c-6", "o-1", "spoiled", json!({"guarantee": "allergy_refund"}));
    open(&mut market, "2026-03-02T11:00", "c-7", "o-1", "price", spoil(json!({})));
    open(&mut market, "2026-03-02T11:00", "c-8", "o-1", "spoiled", spoil(json!({})));
    market.send("2026-03-02T12:00", "order.dispatched", &json!({"order": "o-1"})).expect("sent");
    market.send("2026-03-03T12:00", "order.signed", &json!({"order": "o-1"})).expect("signed");
    open(&mut market, "2026-03-03T11:00", "c-9", "o-1", "spoiled", spoil(json!({})));
    open(&mut market, "2026-03-03T13:00", "c-10", "o-1", "spoiled", spoil(json!({"amount_minor": 5_001, "currency": "CNY"})));
    open(&mut market, "2026-03-03T13:00", "c-11", "o-1", "spoiled", spoil(json!({})));
    open(&mut market, "2026-03-03T13:00", "c-11", "o-1", "spoiled", spoil(json!({})));
    open(&mut market, "2026-03-03T13:00", "c-12", "o-1", "spoiled", spoil(json!({})));
    open(&mut market, "2026-03-04T12:00", "c-13", "o-1", "damaged", json!({"guarantee": "breakage_refund", "lines": ["2"]}));
    open(&mut market, "2026-03-04T12:01", "c-14", "o-1", "spoiled", spoil(json!({})));
    insta::assert_snapshot!(codes.join("\n"), @r"
    c-1 order-unknown
    c-2 not-the-buyer
    c-3 currency-mismatch
    c-4 line-unknown
    c-5 not-entitled
    c-6 not-entitled
    c-7 reason-not-covered
    c-8 window-not-open
    c-9 window-not-open
    c-10 amount-too-large
    c-11 ok
    c-11 claim-id-reused
    c-12 claim-repeated
    c-13 ok
    c-14 outside-window
    ");
}

#[test]
fn what_follows_a_claim_is_refused_when_it_cannot_be() {
    let mut market = Market::new();
    market.signed("o-1", "2026-03-02T10:00", "i-1", 5_000);
    assert_eq!(market.answer("2026-03-02T11:00", "c-0", "agree"), Err("claim-unknown".to_owned()));
    assert_eq!(market.evidence("2026-03-02T11:00", "c-0", "e-1", "photo"), Err("claim-unknown".to_owned()));
    assert_eq!(market.review("2026-03-02T11:00", "c-0", "r-1", "reject", &json!({})), Err("claim-unknown".to_owned()));
    assert_eq!(market.appeal("2026-03-02T11:00", "c-0", "ap-1", "buyer"), Err("ruling-unknown".to_owned()));
    market.open("2026-03-02T11:00", "c-1", "o-1", "damaged", &json!({})).expect("opened");
    assert_eq!(market.offer("2026-03-02T12:00", "c-1", 5_001), Err("offer-too-large".to_owned()));
    assert_eq!(market.appeal("2026-03-02T12:00", "c-1", "ap-1", "buyer"), Err("nothing-to-appeal".to_owned()));
    market.evidence("2026-03-02T12:00", "c-1", "e-1", "photo").expect("given");
    assert_eq!(market.evidence("2026-03-02T12:00", "c-1", "e-1", "photo"), Err("evidence-reused".to_owned()));
    market.answer("2026-03-02T13:00", "c-1", "refuse").expect("answered");
    assert_eq!(market.answer("2026-03-02T14:00", "c-1", "refuse"), Err("answer-repeated".to_owned()));
    market.review("2026-03-02T15:00", "c-1", "r-1", "reject", &json!({})).expect("looked");
    assert_eq!(market.answer("2026-03-02T16:00", "c-1", "agree"), Err("claim-decided".to_owned()));
    assert_eq!(market.review("2026-03-02T16:00", "c-1", "r-2", "uphold", &json!({})), Err("case-decided".to_owned()));
    assert_eq!(market.appeal("2026-03-20T16:00", "c-1", "ap-1", "buyer"), Err("appeal-too-late".to_owned()));
}

#[test]
fn switches_follow_the_rules() {
    let mut market = Market::new();
    assert_eq!(market.switch("2026-03-02T10:00", "no_such_thing", true), Err("guarantee-unknown".to_owned()));
    assert_eq!(market.switch("2026-03-02T10:00", "no_reason_return", false), Err("guarantee-is-default".to_owned()));
    assert!(market.switch("2026-03-02T10:00", "dispatch_promise", false).is_ok());
    let demanded = json!({"guarantee": "return_freight_cover", "mandated": true, "on": true, "shop": "s-1"});
    market.send("2026-03-02T10:00", "guarantee.switched", &demanded).expect("demanded");
    assert_eq!(market.switch("2026-03-02T11:00", "return_freight_cover", false), Err("guarantee-mandated".to_owned()));
}
