use proptest::prelude::*;

use crate::story::{live, state_of};

#[test]
fn an_order_goes_from_payment_to_receipt() {
    insta::assert_snapshot!(live("paid dispatched picked_up signed received"), @r"
    paid: ok
    dispatched: ok
    picked_up: ok
    signed: ok
    received: ok
    = Received, refunded 0, waiting [], refused 0
    ");
}

#[test]
fn what_cannot_be_is_refused() {
    insta::assert_snapshot!(live("paid paid dispatched dispatched cancelled signed signed"), @r"
    paid: ok
    paid: order-already-paid
    dispatched: ok
    dispatched: order-already-dispatched
    cancelled: order-already-dispatched
    signed: ok
    signed: order-already-signed
    = Signed, refunded 0, waiting [], refused 0
    ");
}

#[test]
fn nothing_is_sent_for_a_cancelled_order() {
    insta::assert_snapshot!(live("paid cancelled dispatched cancelled refund:r1=1000"), @r"
    paid: ok
    cancelled: ok
    dispatched: order-cancelled
    cancelled: order-already-cancelled
    refund:r1=1000: ok
    = Cancelled, refunded 1000, waiting [], refused 0
    ");
}

#[test]
fn early_facts_wait_and_count_once_their_predecessor_comes() {
    insta::assert_snapshot!(live("signed dispatched paid"), @r"
    signed: waits for order.paid
    dispatched: waits for order.paid
    paid: ok
    = Signed, refunded 0, waiting [], refused 0
    ");
}

#[test]
fn a_waiting_fact_that_cannot_be_after_all_is_refused_openly() {
    insta::assert_snapshot!(live("dispatched cancelled paid"), @r"
    dispatched: waits for order.paid
    cancelled: waits for order.paid
    paid: ok, then fact.refused of [2]
    = Dispatched, refunded 0, waiting [], refused 1
    ");
}

#[test]
fn a_fact_that_waited_a_month_is_given_up() {
    insta::assert_snapshot!(live("signed month_passed"), @r"
    signed: waits for order.paid
    month_passed: ok, then fact.refused of [1]
    = Awaited, refunded 0, waiting [], refused 1
    ");
}

#[test]
fn refunds_never_exceed_what_was_paid() {
    insta::assert_snapshot!(live("paid refund:a=600 refund:b=500 refund:b=400 refund:b=0 refund_gbp:c=1"), @r"
    paid: ok
    refund:a=600: ok
    refund:b=500: refund-exceeds-paid
    refund:b=400: ok
    refund:b=0: refund-already-paid
    refund_gbp:c=1: currency-mismatch
    = Paid, refunded 1000, waiting [], refused 0
    ");
}

#[test]
fn a_return_goes_step_by_step() {
    insta::assert_snapshot!(live("paid dispatched asked:r asked:r sent_back:r agreed:r got_back:r agreed:r"), @r"
    paid: ok
    dispatched: ok
    asked:r: ok
    asked:r: return-already-requested
    sent_back:r: waits for return.agreed
    agreed:r: ok
    got_back:r: ok
    agreed:r: return-step-repeated
    = Dispatched, refunded 0, waiting [], refused 0
    ");
}

#[test]
fn a_voided_fact_is_as_if_it_had_never_been() {
    insta::assert_snapshot!(live("paid dispatched refund:a=900 void:3 refund:b=1000 void:2 cancelled"), @r"
    paid: ok
    dispatched: ok
    refund:a=900: ok
    void:3: ok
    refund:b=1000: ok
    void:2: ok
    cancelled: ok
    = Cancelled, refunded 1000, waiting [], refused 0
    ");
}

#[test]
fn without_its_payment_an_order_waits_for_a_new_one() {
    insta::assert_snapshot!(live("paid dispatched void:1 paid"), @r"
    paid: ok
    dispatched: ok
    void:1: ok
    paid: ok
    = Dispatched, refunded 0, waiting [], refused 0
    ");
}

const WORDS: [&str; 13] = [
    "paid",
    "cancelled",
    "dispatched",
    "picked_up",
    "signed",
    "received",
    "asked:r",
    "agreed:r",
    "sent_back:r",
    "got_back:r",
    "refund:a=400",
    "refund:b=700",
    "void:2",
];

proptest! {
    #[test]
    fn no_story_refunds_more_than_was_paid(words in proptest::collection::vec(0..WORDS.len(), 0..25)) {
        let story: Vec<&str> = words.iter().map(|i| WORDS[*i]).collect();
        let order = state_of(&story.join(" "));
        prop_assert!(order.refunded_minor() <= order.paid().map_or(0, |p| p.0));
    }

    #[test]
    fn disorder_leads_to_the_same_order(shuffle in Just(vec!["paid", "dispatched", "picked_up", "signed", "received"]).prop_shuffle()) {
        let order = state_of(&shuffle.join(" "));
        prop_assert!(order.waiting.is_empty() && order.refused.is_empty());
        prop_assert_eq!(order.status, laotie_orders::Status::Received);
    }

    #[test]
    fn a_state_reads_back_as_it_was_written(words in proptest::collection::vec(0..WORDS.len(), 0..25)) {
        let story: Vec<&str> = words.iter().map(|i| WORDS[*i]).collect();
        let order = state_of(&story.join(" "));
        let text = serde_json::to_string(&order).expect("serialises");
        let back: laotie_orders::Order = serde_json::from_str(&text).expect("reads back");
        prop_assert_eq!(&back, &order);
    }
}
