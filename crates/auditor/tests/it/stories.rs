use laotie_auditor::{Expected, PaidLine, lines_after_discounts};
use serde_json::json;

use crate::story::{auditor, fact, paid, told, word};

fn tells(story: &str, expected: &[&str]) {
    assert_eq!(told(story).1, expected.join("\n"), "{story}");
}

#[test]
fn an_order_goes_from_payment_to_receipt() {
    tells(
        "paid dispatched picked_up signed received",
        &[
            "paid: ok",
            "dispatched: ok",
            "picked_up: ok",
            "signed: ok",
            "received: ok",
            r#"= received ["paid", "frozen", "dispatched", "picked_up", "signed", "received"], refunded 0, waiting [], []"#,
        ],
    );
}

#[test]
fn nothing_happens_twice() {
    tells(
        "paid paid dispatched dispatched cancelled picked_up picked_up signed signed received received asked:r asked:r",
        &[
            "paid: ok",
            "paid: refused: order-already-paid",
            "dispatched: ok",
            "dispatched: refused: order-already-dispatched",
            "cancelled: refused: order-already-dispatched",
            "picked_up: ok",
            "picked_up: refused: order-already-picked-up",
            "signed: ok",
            "signed: refused: order-already-signed",
            "received: ok",
            "received: refused: order-already-received",
            "asked:r: ok",
            "asked:r: refused: return-already-requested",
            r#"= received ["paid", "frozen", "dispatched", "picked_up", "signed", "received", "return_requested"], refunded 0, waiting [], []"#,
        ],
    );
}

#[test]
fn a_cancelled_order_is_neither_sent_nor_delivered() {
    tells(
        "paid cancelled cancelled dispatched signed refund:a=1000",
        &[
            "paid: ok",
            "cancelled: ok",
            "cancelled: refused: order-already-cancelled",
            "dispatched: refused: order-cancelled",
            "signed: refused: order-cancelled",
            "refund:a=1000: ok",
            r#"= cancelled ["paid", "frozen", "cancelled", "refunded"], refunded 1000, waiting [], []"#,
        ],
    );
}

#[test]
fn what_comes_early_waits_and_counts_from_the_payment_on() {
    tells(
        "signed dispatched cancelled paid",
        &[
            "signed: recorded, waits for order.paid",
            "dispatched: recorded, waits for order.paid",
            "cancelled: recorded, waits for order.paid",
            "paid: ok",
            r#"= signed ["paid", "dispatched", "signed", "frozen"], refunded 0, waiting [], ["order-already-dispatched"]"#,
        ],
    );
}

#[test]
fn what_waited_a_month_is_given_up() {
    tells(
        "signed month_passed paid dispatched",
        &[
            "signed: recorded, waits for order.paid",
            "paid: ok",
            "dispatched: ok",
            r#"= dispatched ["paid", "frozen", "dispatched"], refunded 0, waiting [], ["waited-too-long"]"#,
        ],
    );
}

#[test]
fn refunds_stay_within_what_was_paid() {
    tells(
        "refund:x=1001 paid refund:a=600 refund:b=401 refund:b=400 refund:b=0 refund_gbp:c=1",
        &[
            "refund:x=1001: recorded, waits for order.paid",
            "paid: ok",
            "refund:a=600: ok",
            "refund:b=401: refused: refund-exceeds-paid",
            "refund:b=400: ok",
            "refund:b=0: refused: refund-already-paid",
            "refund_gbp:c=1: refused: currency-mismatch",
            r#"= paid ["paid", "frozen", "refunded", "refunded"], refunded 1000, waiting [], ["refund-exceeds-paid"]"#,
        ],
    );
}

#[test]
fn a_return_goes_step_by_step() {
    tells(
        "paid asked:r sent_back:r agreed:r got_back:r agreed:r agreed:q",
        &[
            "paid: ok",
            "asked:r: ok",
            "sent_back:r: recorded, waits for return.agreed",
            "agreed:r: ok",
            "got_back:r: ok",
            "agreed:r: refused: return-step-repeated",
            "agreed:q: recorded, waits for return.requested",
            r#"= paid ["paid", "frozen", "return_requested", "return_agreed", "return_shipped", "return_received"], refunded 0, waiting ["return_agreed"], []"#,
        ],
    );
}

#[test]
fn a_voided_fact_is_as_if_it_had_never_been() {
    tells(
        "paid dispatched void:2 void:2 void:3 void:99 cancelled",
        &[
            "paid: ok",
            "dispatched: ok",
            "void:2: ok",
            "void:2: refused: already-voided",
            "void:3: refused: voiding-is-final",
            "void:99: refused: voided-fact-unknown",
            "cancelled: ok",
            r#"= cancelled ["paid", "frozen", "cancelled"], refunded 0, waiting [], []"#,
        ],
    );
}

#[test]
fn without_its_payment_an_order_waits_a_month_for_a_new_one() {
    tells(
        "paid dispatched refund:a=900 void:1 paid",
        &[
            "paid: ok",
            "dispatched: ok",
            "refund:a=900: ok",
            "void:1: ok",
            "paid: ok",
            r#"= dispatched ["paid", "dispatched", "refunded", "frozen"], refunded 900, waiting [], []"#,
        ],
    );
    tells(
        "paid dispatched void:1 month_passed paid",
        &[
            "paid: ok",
            "dispatched: ok",
            "void:1: ok",
            "paid: ok",
            r#"= paid ["paid", "frozen"], refunded 0, waiting [], ["waited-too-long"]"#,
        ],
    );
}

#[test]
fn what_was_refused_after_waiting_stays_refused() {
    tells(
        "dispatched cancelled paid void:1",
        &[
            "dispatched: recorded, waits for order.paid",
            "cancelled: recorded, waits for order.paid",
            "paid: ok",
            "void:1: ok",
            r#"= paid ["paid", "frozen"], refunded 0, waiting [], ["order-already-dispatched"]"#,
        ],
    );
}

#[test]
fn an_identity_stands_for_one_happening() {
    let mut auditor = auditor();
    let recorded = Expected::Recorded { waiting_for: None };
    assert_eq!(auditor.watch(&paid("o1", 1, 0)), recorded);
    assert_eq!(auditor.watch(&paid("o1", 1, 0)), Expected::Repeated);
    assert_eq!(auditor.watch(&paid("o2", 1, 0)), Expected::Refused { codes: vec!["identity-reused"] });
    let another_kind = fact("k1", "order.signed", 1, &json!({"order": "o1"}));
    assert_eq!(auditor.watch(&another_kind), Expected::Refused { codes: vec!["identity-reused"] });
    let mut later = paid("o1", 1, 0);
    later.at = crate::story::time(9);
    assert_eq!(auditor.watch(&later), Expected::Refused { codes: vec!["identity-reused"] });
    // What was refused holds no identity.
    let refused = word("paid", 2);
    assert_eq!(auditor.watch(&refused), Expected::Refused { codes: vec!["order-already-paid"] });
    assert_eq!(auditor.watch(&fact("k2", "order.dispatched", 2, &json!({"order": "o1"}))), recorded);
}

#[test]
fn what_laotie_decided_is_not_voided() {
    let mut auditor = auditor();
    let body = json!({"source": "laotie", "key": "1/order.frozen/0", "reason": "no"});
    let expected = auditor.watch(&fact("v", "fact.voided", 1, &body));
    assert!(matches!(&expected, Expected::Refused { codes } if codes.contains(&"decided-fact")), "{expected:?}");
}

#[test]
fn discounts_are_spread_by_list_amount_and_largest_remainder() {
    let spread = |totals: &[i64], discount: i64| -> Vec<i64> {
        let line = |(i, total): (usize, &i64)| PaidLine { line: i.to_string(), qty: 1, total_minor: *total };
        let lines: Vec<PaidLine> = totals.iter().enumerate().map(line).collect();
        lines_after_discounts(&lines, discount).into_iter().map(|(_, minor)| minor).collect()
    };
    assert_eq!(spread(&[667, 333], 100), [600, 300]);
    assert_eq!(spread(&[100, 100, 100], 100), [66, 67, 67], "a tie goes to the earlier line");
    assert_eq!(spread(&[100, 100, 100], 101), [66, 66, 67]);
    assert_eq!(spread(&[1, 999], 1), [1, 998], "the larger remainder");
    assert_eq!(spread(&[500, -200, 500], 100), [450, -200, 450], "a line that takes back bears nothing");
    assert_eq!(spread(&[100], 0), [0_i64; 0]);
    assert_eq!(spread(&[0, 0], 5), [0_i64; 0], "nothing could bear it");
}
