//! A wrong answer is noticed: one lie gives exactly one disagreement.

use serde_json::{Value, json};

use crate::story::{honest_view, told};

const STORY: &str = "paid dispatched signed refund:a=400 agreed:q";

/// Changes one place of an honest view; names the disagreements' fields.
fn noticed(pointer: &str, lie: Value) -> Vec<String> {
    let (auditor, _) = told(STORY);
    let mut view = honest_view(&auditor, "o1");
    *view.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there")) = lie;
    auditor.compare_order("o1", &view).into_iter().map(|d| d.field).collect()
}

#[test]
fn an_honest_view_is_agreed_with() {
    for story in [STORY, "paid", "signed", "paid cancelled", "paid void:1 paid", "dispatched cancelled paid", "paid dispatched void:1"] {
        let (auditor, _) = told(story);
        assert_eq!(auditor.compare_order("o1", &honest_view(&auditor, "o1")), [], "{story}");
    }
}

#[test]
fn every_lie_about_an_order_is_named_once() {
    let lies = [
        ("/order/status", json!("received"), "status"),
        ("/order/steps/0/paid_minor", json!(999), "paid_minor"),
        ("/order/steps/0/currency", json!("GBP"), "currency"),
        ("/order/steps/0/buyer", json!("b-2"), "buyer"),
        ("/order/steps/0/shop", json!("s-2"), "shop"),
        ("/order/steps/0/streamer", Value::Null, "streamer"),
        ("/order/steps/0/at", json!("2026-06-10T05:00:00.000001Z"), "paid_at"),
        ("/order/steps/2/step", json!("cancelled"), "steps"),
        ("/order/steps/2/at", json!("2026-06-10T06:00:01Z"), "steps.at"),
        ("/order/steps/4/amount_minor", json!(401), "refunded_minor"),
        ("/order/waiting", json!([]), "waiting"),
        ("/order/waiting/0/until", json!("2026-07-10T09:00:01Z"), "waiting.until"),
        ("/order/refused", json!([{"code": "refund-exceeds-paid", "seq": 9}]), "refused"),
        ("/history/1/kind", json!("order.cancelled"), "history"),
        ("/history/5/body/lines", json!([{"line": "a", "paid_minor": 667}]), "frozen_lines"),
    ];
    for (pointer, lie, field) in lies {
        let fields = noticed(pointer, lie);
        match field {
            // Without its row, what waits has no time either.
            "waiting" => assert_eq!(fields, ["waiting", "waiting.until"]),
            _ => assert_eq!(fields, [field], "{pointer}"),
        }
    }
}

#[test]
fn both_values_are_told() {
    let (auditor, _) = told(STORY);
    let mut view = honest_view(&auditor, "o1");
    view["order"]["status"] = json!("paid");
    let told = auditor.compare_order("o1", &view)[0].to_string();
    assert_eq!(told, r#"order o1: status must be "signed" and is "paid""#);
}

#[test]
fn an_order_that_should_not_be_there_is_noticed_and_one_that_is_missing_too() {
    let (auditor, _) = told(STORY);
    let view = honest_view(&auditor, "o1");
    assert_eq!(auditor.compare_order("o1", &Value::Null).len(), 1);
    assert_eq!(auditor.compare_order("o2", &view).len(), 1);
    assert_eq!(auditor.compare_order("o2", &Value::Null), []);
}

#[test]
fn a_wrong_row_in_the_list_of_orders_is_noticed() {
    let (auditor, _) = told(STORY);
    let row = json!({
        "order": "o1", "status": "signed", "paid_minor": 1_000, "refunded_minor": 400, "currency": "CNY", "buyer": "b-1", "shop": "s-1",
        "streamer": "t-1", "paid_at": crate::story::time(1),
    });
    assert_eq!(auditor.compare_summary(&row), []);
    let mut lie = row.clone();
    lie["refunded_minor"] = json!(0);
    assert_eq!(auditor.compare_summary(&lie).len(), 1);
}

#[test]
fn a_wrong_receipt_is_noticed() {
    let (mut auditor, _) = told("paid");
    let expected = auditor.watch(&crate::story::word("refund:a=1001", 2));
    assert_eq!(expected.compare("fact", &json!({"outcome": "refused", "code": "refund-exceeds-paid"})), None);
    assert_eq!(expected.compare("fact", &json!({"outcome": "refused", "problem": "refund-exceeds-paid"})), None);
    for lie in [
        json!({"outcome": "recorded", "seq": 7}),
        json!({"outcome": "refused", "code": "currency-mismatch"}),
        json!({"outcome": "repeated", "seq": 7}),
        json!({}),
    ] {
        assert!(expected.compare("fact", &lie).is_some(), "{lie}");
    }
    let waits = auditor.watch(&crate::story::word("signed", 3));
    assert_eq!(waits.compare("fact", &json!({"outcome": "recorded", "waiting_for": "order.dispatched"})), None);
    assert!(waits.compare("fact", &json!({"outcome": "recorded"})).is_some());
}
