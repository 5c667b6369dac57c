use laotie_auditor::{Auditor, Dimension};
use laotie_facts::Currency;
use serde_json::{Value, json};

use crate::story::{auditor, fact, paid};

/// Two orders of 10 June and one of the 11th in the market; the second is cancelled and half paid back.
fn market() -> Auditor {
    let mut auditor = auditor();
    let facts = [
        paid("o1", 1, 0),
        paid("o2", 2, 100),
        paid("o3", 13, 0),
        fact("c", "order.cancelled", 14, &json!({"order": "o2"})),
        fact("r2", "refund.paid", 14, &json!({"order": "o2", "refund": "r2", "amount_minor": 450, "currency": "CNY"})),
        fact("r1", "refund.paid", 15, &json!({"order": "o1", "refund": "r1", "amount_minor": 300, "currency": "CNY"})),
        fact("u", "refund.paid", 15, &json!({"unlinked": true, "shop": "s-2", "refund": "u", "amount_minor": 50, "currency": "CNY"})),
        fact("early", "order.signed", 15, &json!({"order": "o4"})),
    ];
    for fact in &facts {
        assert!(matches!(auditor.watch(fact), laotie_auditor::Expected::Recorded { .. }));
    }
    auditor
}

#[test]
fn the_books_add_up() {
    let books = market().books(Currency::CNY);
    let total = books.total;
    assert_eq!((total.orders, total.units, total.gmv_minor, total.refunds_minor), (3, 9, 2_900, 750));
    assert_eq!((total.cancelled, total.cancelled_minor, total.returned, total.credits_minor), (1, 450, 2, 50));
    assert_eq!(total.net_minor, 700 + 1_000 - 50);
    assert_eq!(books.days.values().map(|d| d.orders).collect::<Vec<_>>(), [2, 1], "noon and 1 o'clock of the night after");
    assert_eq!(books.check_sums(), []);
}

#[test]
fn metrics_are_compared_to_the_minor_unit() {
    let books = market().books(Currency::CNY);
    let by_day = |rows: Value| books.compare_metric(&json!({"metric": "gmv", "by": ["day"], "rows": rows})).len();
    assert_eq!(by_day(json!([{"day": "2026-06-10", "value": 1_900}, {"day": "2026-06-11", "value": 1_000}])), 0);
    assert_eq!(by_day(json!([{"day": "2026-06-10", "value": 1_901}, {"day": "2026-06-11", "value": 1_000}])), 1);
    assert_eq!(by_day(json!([{"day": "2026-06-10", "value": 1_900}])), 1, "a day is missing");
    assert_eq!(
        by_day(json!([{"day": "2026-06-10", "value": 1_900}, {"day": "2026-06-10", "value": 1_900}])),
        2,
        "a day twice, one missing"
    );
    let whole = |metric: &str, row: Value| books.compare_metric(&json!({"metric": metric, "by": [], "rows": [row]})).len();
    assert_eq!(whole("net_sales", json!({"value": 1_650})), 0);
    assert_eq!(whole("units", json!({"value": 9})), 0);
    assert_eq!(whole("refund_rate", json!({"numerator": 3, "denominator": 3, "value": 1.0})), 0);
    assert_eq!(whole("refund_rate", json!({"numerator": 2, "denominator": 3, "value": 0.67})), 1);
    assert_eq!(whole("rfm_segments", json!({"value": 1})), 1, "a metric that it does not know is not agreed with");
}

#[test]
fn rows_of_sql_are_compared_by_any_figure() {
    let books = market().books(Currency::CNY);
    let rows = [json!({"shop": "s-1", "orders": 3, "net_minor": 1_700}), json!({"shop": "s-2", "orders": 0, "net_minor": -50})];
    assert_eq!(books.compare_rows(Dimension::Shop, &["orders", "net_minor"], &rows), []);
    assert_eq!(books.compare_rows(Dimension::Shop, &["orders", "net_minor"], &rows[..1]).len(), 1);
    assert_eq!(books.compare_rows(Dimension::Shop, &["profit"], &rows).len(), 1);
    let buyers = [json!({"buyer": "b-1", "refunds_minor": 750}), json!({"buyer": null, "refunds_minor": 0})];
    assert_eq!(books.compare_rows(Dimension::Buyer, &["refunds_minor"], &buyers), []);
}

#[test]
fn facts_that_stand_are_counted_by_kind() {
    let mut auditor = market();
    let kinds = |n: i64| {
        json!([
            {"kind": "order.paid", "facts": n}, {"kind": "order.frozen", "facts": 3}, {"kind": "order.cancelled", "facts": 1},
            {"kind": "refund.paid", "facts": 3}, {"kind": "order.signed", "facts": 1}, {"kind": "rule.published", "facts": 20},
        ])
    };
    let rows = |n: i64| kinds(n).as_array().cloned().expect("a list");
    assert_eq!(auditor.compare_kinds(&rows(3)), []);
    assert_eq!(auditor.compare_kinds(&rows(2)).len(), 1);
    auditor.watch(&fact("v", "fact.voided", 16, &json!({"source": "shop", "key": "k13", "reason": "by mistake"})));
    let mut voided = rows(2);
    voided.push(json!({"kind": "fact.voided", "facts": 1}));
    assert_eq!(auditor.compare_kinds(&voided), []);
    assert_eq!(auditor.recorded()["order.paid"], 3);
}
