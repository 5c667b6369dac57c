//! A claim's life, from opening to the last word.

use laotie_facts::Kind;
use serde_json::json;

use crate::driver::Market;

const DAY: &str = "2026-03-02T10:00";

fn spoiled() -> Market {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "fresh", "goods_class": "dispatch_perishable"}));
    market.signed("o-1", DAY, "i-1", 5_990);
    market
}

#[test]
fn the_merchant_agrees_and_the_buyer_is_paid() {
    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    assert_eq!(market.claim("c-1").guarantee.as_deref(), Some("spoil_refund"));
    market.answer("2026-03-03T08:00", "c-1", "agree").expect("answered");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because merchant_agreed: Refund 5990 of 1");
    market.pass_to("2026-03-20T00:00");
    assert_eq!(market.claim("c-1").case.stage.as_str(), "final");
}

#[test]
fn silence_upholds_once_the_evidence_is_there() {
    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    market.evidence("2026-03-02T21:00", "c-1", "e-1", "photo").expect("given");
    market.pass_to("2026-03-04T00:00");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because merchant_silent: Refund 5990 of 1");
}

#[test]
fn silence_waits_for_evidence_that_is_still_to_come() {
    let mut market = Market::new();
    market.signed("o-1", "2023-03-01T10:00", "i-1", 10_000);
    let more = json!({"guarantee": "counterfeit_multiple", "wish": "compensation"});
    market.open("2023-03-02T10:00", "c-1", "o-1", "counterfeit", &more).expect("opened");
    market.pass_to("2023-03-12T00:00");
    assert_eq!(market.told(), "");
    market.attest("2023-03-13T10:00", "c-1", "at-0", &["homemade"], "counterfeit").expect("taken, but of no weight");
    assert_eq!(market.told(), "");
    market.attest("2023-03-14T10:00", "c-1", "at-1", &["CNAS"], "counterfeit").expect("attested");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because merchant_silent: Refund 10000 of 1, Compensation 90000 of 1 x9");
}

#[test]
fn without_evidence_in_time_a_counterfeit_claim_is_rejected() {
    let mut market = Market::new();
    market.signed("o-1", "2023-03-01T10:00", "i-1", 10_000);
    let more = json!({"guarantee": "counterfeit_multiple", "wish": "compensation"});
    market.open("2023-03-02T10:00", "c-1", "o-1", "counterfeit", &more).expect("opened");
    assert!(market.evidence("2023-03-17T10:00", "c-1", "e-1", "lab_report").is_ok(), "for the appeal; the ruling was made at midnight");
    insta::assert_snapshot!(market.told(), @"c-1: Rejected because evidence_missing: ");
}

#[test]
fn a_refusal_goes_to_a_reviewer_and_an_appeal_to_another_whose_word_is_final() {
    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    market.answer("2026-03-03T08:00", "c-1", "refuse").expect("answered");
    assert_eq!(market.claim("c-1").case.stage.as_str(), "in_review");
    market.review("2026-03-03T12:00", "c-1", "r-1", "reject", &json!({"liability": "nobody"})).expect("looked");
    let ruling = market.rulings()[0].ruling.to_string();
    market.appeal("2026-03-04T12:00", &ruling, "ap-1", "buyer").expect("appealed by the ruling's id");
    assert_eq!(market.review("2026-03-05T12:00", "c-1", "r-1", "uphold", &json!({})), Err("same-reviewer".to_owned()));
    market.review("2026-03-05T13:00", "c-1", "r-2", "uphold", &json!({"liability": "merchant"})).expect("looked");
    assert_eq!(market.appeal("2026-03-06T12:00", "c-1", "ap-2", "merchant"), Err("nothing-to-appeal".to_owned()));
    insta::assert_snapshot!(market.told(), @r"
    c-1: Rejected because reviewer_rejected: 
    c-1: Upheld because reviewer_upheld (final): Refund 5990 of 1
    ");
    assert_eq!(market.rulings()[1].appeal.as_ref().map(ToString::to_string).as_deref(), Some("ap-1"));
}

#[test]
fn an_offer_is_taken_or_a_reviewer_looks() {
    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    assert_eq!(market.send("2026-03-02T21:00", "claim.accepted", &json!({"claim": "c-1"})), Err("nothing-offered".to_owned()));
    market.offer("2026-03-03T08:00", "c-1", 3_000).expect("offered");
    market.send("2026-03-03T09:00", "claim.accepted", &json!({"claim": "c-1"})).expect("taken");
    insta::assert_snapshot!(market.told(), @"c-1: UpheldInPart because offer_taken: Refund 3000 of 1");

    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    market.offer("2026-03-03T08:00", "c-1", 3_000).expect("offered");
    market.pass_to("2026-03-05T00:00");
    assert_eq!(market.claim("c-1").case.stage.as_str(), "in_review");
}

#[test]
fn what_is_taken_back_pays_nothing_and_can_be_opened_again() {
    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    market.send("2026-03-02T21:00", "claim.withdrawn", &json!({"claim": "c-1"})).expect("withdrawn");
    assert_eq!(market.send("2026-03-02T21:30", "claim.withdrawn", &json!({"claim": "c-1"})), Err("claim-decided".to_owned()));
    market.open("2026-03-02T22:00", "c-2", "o-1", "spoiled", &json!({})).expect("opened again");
    insta::assert_snapshot!(market.told(), @"c-1: Withdrawn because withdrawn (final): ");
}

#[test]
fn a_claim_recorded_by_mistake_is_withdrawn() {
    let mut market = spoiled();
    let seq = market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    market.void("2026-03-02T21:00", seq).expect("voided");
    insta::assert_snapshot!(market.told(), @"c-1: Withdrawn because opened_by_mistake (final): ");
}

#[test]
fn evidence_that_comes_too_late_is_refused_where_a_reviewer_looks() {
    let mut market = Market::new();
    market.signed("o-1", DAY, "i-1", 9_900);
    market.open("2026-03-03T10:00", "c-1", "o-1", "damaged", &json!({})).expect("opened");
    market.pass_to("2026-03-07T10:00");
    assert!(market.claim("c-1").silent.is_some());
    assert_eq!(market.claim("c-1").case.stage.as_str(), "open", "silence upholds, but nothing shows the damage yet");
    assert_eq!(market.answer("2026-03-07T11:00", "c-1", "refuse"), Err("answer-too-late".to_owned()));
    market.pass_to("2026-03-09T10:00");
    assert_eq!(market.claim("c-1").case.stage.as_str(), "in_review");
    assert_eq!(market.evidence("2026-03-09T11:00", "c-1", "e-1", "photo"), Err("evidence-too-late".to_owned()));
    market.review("2026-03-09T12:00", "c-1", "r-1", "reject", &json!({})).expect("looked");
    market.evidence("2026-03-09T13:00", "c-1", "e-1", "photo").expect("for the appeal");
    insta::assert_snapshot!(market.told(), @"c-1: Rejected because reviewer_rejected: ");
}

#[test]
fn a_claim_falls_with_its_order() {
    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    let paid = market.of_kind(Kind::OrderPaid)[0].seq;
    market.void("2026-03-02T21:00", paid).expect("voided");
    market.pass_to("2026-04-01T00:00");
    insta::assert_snapshot!(market.told(), @"c-1: Withdrawn because order_voided (final): ");
    assert_eq!(market.claim("c-1").case.stage.as_str(), "withdrawn");
}

#[test]
fn lines_are_claimed_for_one_by_one_and_minimums_count_once_for_the_order() {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "clothing"}));
    market.paid("o-1", DAY, &[("1", "i-1", 1_000), ("2", "i-1", 2_000), ("3", "i-1", 30_000)]);
    market.send(DAY, "order.dispatched", &json!({"order": "o-1"})).expect("sent");
    market.send(DAY, "order.signed", &json!({"order": "o-1"})).expect("signed");
    for (claim, line) in [("c-1", "1"), ("c-2", "2"), ("c-3", "3")] {
        let more = json!({"guarantee": "fraud_multiple", "lines": [line], "wish": "compensation"});
        market.open("2026-03-03T10:00", claim, "o-1", "false_claim", &more).expect("opened");
        market.review("2026-03-04T10:00", claim, "r-1", "uphold", &json!({"liability": "merchant"})).expect("looked");
    }
    insta::assert_snapshot!(market.told(), @r"
    c-1: Upheld because reviewer_upheld: Refund 1000 of 1, Compensation 50000 x3
    c-2: Upheld because reviewer_upheld: Refund 2000 of 2
    c-3: Upheld because reviewer_upheld: Refund 30000 of 3, Compensation 49000 x3
    ");
}

#[test]
fn goods_are_compensated_by_a_multiple_once() {
    let mut market = Market::new();
    market.signed("o-1", "2023-03-01T10:00", "i-1", 40_000);
    let more = json!({"guarantee": "fraud_multiple", "wish": "compensation"});
    market.open("2023-03-02T10:00", "c-1", "o-1", "counterfeit", &more).expect("opened");
    market.answer("2023-03-02T11:00", "c-1", "agree").expect("answered");
    let more = json!({"guarantee": "counterfeit_multiple", "wish": "compensation"});
    market.open("2023-03-03T10:00", "c-2", "o-1", "counterfeit", &more).expect("opened");
    market.answer("2023-03-03T11:00", "c-2", "agree").expect("answered");
    insta::assert_snapshot!(market.told(), @r"
    c-1: Upheld because merchant_agreed: Refund 40000 of 1, Compensation 120000 x3
    c-2: Upheld because merchant_agreed: Compensation 240000 of 1 x9
    ");
}

#[test]
fn money_follows_the_goods() {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "clothing", "return_policy": "no_reason"}));
    market.signed("o-1", DAY, "i-1", 9_900);
    let ret = json!({"order": "o-1", "return": "rt-1"});
    market.send("2026-03-03T10:00", "return.requested", &json!({"order": "o-1", "reason": "no_reason", "return": "rt-1"})).expect("asked");
    let more = json!({"guarantee": "no_reason_return", "return": "rt-1", "wish": "return_refund"});
    market.open("2026-03-03T10:30", "c-1", "o-1", "no_reason", &more).expect("opened");
    assert_eq!(market.told(), "");
    market.send("2026-03-03T11:00", "return.agreed", &ret).expect("agreed");
    market.send("2026-03-04T11:00", "return.shipped", &ret).expect("shipped");
    market.send("2026-03-06T11:00", "return.received", &ret).expect("received");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because within_terms: Refund 9900 of 1");
}

#[test]
fn an_instant_refund_is_for_good_buyers_and_small_orders_until_dispatch() {
    let mut market = Market::new();
    market.switch("2026-01-01T00:00:00Z", "instant_refund", true).expect("switched");
    market.paid("o-0", DAY, &[("1", "i-1", 9_900)]);
    assert_eq!(market.open(DAY, "c-0", "o-0", "no_reason", &json!({"guarantee": "instant_refund"})), Err("not-entitled".to_owned()));
    for n in 1..=5 {
        market.signed(&format!("o-{n}"), DAY, "i-1", 9_900);
        market.send("2026-03-03T10:00", "order.received", &json!({"order": format!("o-{n}")})).expect("received");
    }
    market.paid("o-6", "2026-03-04T10:00", &[("1", "i-1", 29_999)]);
    market.paid("o-7", "2026-03-04T10:00", &[("1", "i-1", 30_000)]);
    market.open("2026-03-04T11:00", "c-6", "o-6", "no_reason", &json!({"guarantee": "instant_refund"})).expect("opened");
    assert_eq!(
        market.open("2026-03-04T11:00", "c-7", "o-7", "no_reason", &json!({"guarantee": "instant_refund"})),
        Err("not-entitled".to_owned())
    );
    insta::assert_snapshot!(market.told(), @"c-6: Upheld because within_terms: Refund 29999 of 1");
}

#[test]
fn a_plain_dispute_goes_to_a_reviewer_and_pays_what_was_paid_at_most() {
    let mut market = Market::new();
    market.signed("o-1", DAY, "i-1", 9_900);
    market.open("2026-03-03T10:00", "c-1", "o-1", "quality", &json!({"amount_minor": 5_000, "currency": "CNY"})).expect("opened");
    assert_eq!(market.claim("c-1").guarantee.as_deref(), Some("dispute"));
    market.pass_to("2026-03-08T00:00");
    assert_eq!(market.claim("c-1").case.stage.as_str(), "in_review");
    market
        .review("2026-03-08T10:00", "c-1", "r-1", "uphold", &json!({"amount_minor": 999_999, "currency": "CNY", "liability": "merchant"}))
        .expect("looked");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because reviewer_upheld: Refund 9900 of 1");
}

#[test]
fn a_reviewer_asks_for_more_escalates_and_the_jury_advises() {
    let mut market = Market::new();
    market.signed("o-1", DAY, "i-1", 9_900);
    market.open("2026-03-03T10:00", "c-1", "o-1", "quality", &json!({})).expect("opened");
    market.answer("2026-03-03T11:00", "c-1", "refuse").expect("answered");
    market.review("2026-03-03T12:00", "c-1", "r-1", "ask_evidence", &json!({})).expect("looked");
    assert_eq!(market.claim("c-1").evidence_by.map(|t| t.to_string()).as_deref(), Some("2026-03-06T16:00:00Z"));
    market.evidence("2026-03-04T10:00", "c-1", "e-1", "photo").expect("given");
    market.review("2026-03-04T12:00", "c-1", "r-1", "escalate", &json!({})).expect("looked");
    market.review("2026-03-04T12:30", "c-1", "r-2", "ask_jury", &json!({})).expect("looked");
    market.send("2026-03-04T13:00", "jury.voted", &json!({"case": "c-1", "juror": "b-9", "vote": "breach"})).expect("voted");
    let again = market.send("2026-03-04T13:00", "jury.voted", &json!({"case": "c-1", "juror": "b-9", "vote": "unsure"}));
    assert_eq!(again, Err("voted-before".to_owned()));
    assert_eq!(market.claim("c-1").case.votes.len(), 1);
    let goodwill = json!({"amount_minor": 1_000, "currency": "CNY", "findings": ["goodwill"], "liability": "platform"});
    market.review("2026-03-05T12:00", "c-1", "r-2", "reject", &goodwill).expect("looked");
    insta::assert_snapshot!(market.told(), @"c-1: UpheldInPart because goodwill: Goodwill 1000 by main");
}

#[test]
fn discretion_needs_reasons() {
    let mut market = Market::new();
    market.signed("o-1", DAY, "i-1", 20_000);
    market.signed("o-2", DAY, "i-1", 20_001);
    let more = json!({"guarantee": "extreme_care"});
    assert_eq!(market.open("2026-03-03T10:00", "c-2", "o-2", "quality", &more), Err("not-entitled".to_owned()));
    market.open("2026-03-03T10:00", "c-1", "o-1", "quality", &more).expect("opened");
    assert_eq!(market.review("2026-03-03T12:00", "c-1", "r-1", "uphold", &json!({})), Err("reasons-missing".to_owned()));
    let said = json!({"liability": "merchant", "statement": "third complaint about this lot; the buyer never claimed before"});
    market.review("2026-03-03T12:00", "c-1", "r-1", "uphold", &said).expect("looked");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because reviewer_upheld: Refund 20000 of 1");
}

#[test]
fn what_was_refunded_before_is_not_refunded_again() {
    let mut market = spoiled();
    market
        .send("2026-03-02T12:00", "refund.paid", &json!({"amount_minor": 5_000, "currency": "CNY", "order": "o-1", "refund": "rf-1"}))
        .expect("paid");
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    market.answer("2026-03-03T08:00", "c-1", "agree").expect("answered");
    let carried = json!({"amount_minor": 990, "claim": "c-1", "currency": "CNY", "order": "o-1", "refund": "rf-2"});
    market.send("2026-03-03T09:00", "refund.paid", &carried).expect("paid");
    assert_eq!(market.order("o-1").left(""), 0);
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because merchant_agreed: Refund 990 of 1");
}

#[test]
fn who_checked_shares_the_compensation() {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "jewellery"}));
    let attested = json!({"attestation": "at-0", "attester": "p", "attester_kind": "platform", "finding": "authentic", "item": "i-1"});
    market.send("2026-03-01T10:00", "attestation.given", &attested).expect("attested");
    market.signed("o-1", DAY, "i-1", 33_333);
    market.open("2026-03-03T10:00", "c-1", "o-1", "counterfeit", &json!({"guarantee": "authenticated"})).expect("opened");
    market.answer("2026-03-03T11:00", "c-1", "agree").expect("answered");
    insta::assert_snapshot!(market.told(), @"c-1: Upheld because merchant_agreed: Refund 33333 of 1, Compensation 50000 of 1 x3, Compensation 49999 of 1 x3 by main");
}

#[test]
fn every_claim_stands_in_its_lists() {
    use laotie_facts::System;
    let mut market = spoiled();
    market.open("2026-03-02T20:00", "c-1", "o-1", "spoiled", &json!({})).expect("opened");
    let rows = laotie_guarantees::Guarantees::listings("claim/c-1", &market.states["claim/c-1"]);
    let owners: Vec<&str> = rows.iter().map(|r| r.owner.as_str()).collect();
    assert_eq!(owners, ["shop/s-1", "buyer/b-1", ""]);
    insta::assert_snapshot!(rows[2].body, @r#"{"at_risk_minor":5990,"buyer":"b-1","claim":"c-1","currency":"CNY","due":"2026-03-03T12:00:00Z","guarantee":"spoil_refund","opened_at":"2026-03-02T12:00:00Z","order":"o-1","reason":"spoiled","shop":"s-1","stage":"open","turn":"merchant","wish":"refund"}"#);
    assert_eq!(market.of_kind(Kind::ClaimRouted).len(), 1);
}
