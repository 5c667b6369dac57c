use laotie_auditor::Expected;
use laotie_facts::Currency;
use serde_json::json;

use crate::story::{auditor, fact, paid, time};

#[test]
fn what_is_forgotten_still_counts_and_is_not_checked() {
    let mut auditor = auditor();
    auditor.clock(time(1));
    auditor.watch(&paid("old", 1, 100));
    auditor.watch(&fact("early", "order.signed", 2, &json!({"order": "waits"})));
    auditor.watch(&fact(
        "u",
        "refund.paid",
        3,
        &json!({"unlinked": true, "shop": "s", "refund": "u", "amount_minor": 50, "currency": "CNY"}),
    ));
    auditor.watch(&paid("new", 100, 0));
    auditor.clock(time(100));
    let (books, standing) = (auditor.books(Currency::CNY), auditor.standing());

    auditor.forget_before(time(50));
    assert_eq!(auditor.books(Currency::CNY), books);
    assert_eq!(auditor.standing(), standing);
    assert_eq!(auditor.orders().collect::<Vec<_>>(), ["new", "waits"], "what waits is not over");
    assert!(auditor.is_forgotten("old"));
    assert_eq!(auditor.compare_order("old", &json!({"order": {"status": "anything"}})), []);

    assert_eq!(auditor.unchecked_facts(), 0);
    assert_eq!(auditor.watch(&fact("late", "order.dispatched", 101, &json!({"order": "old"}))), Expected::Unchecked);
    assert_eq!(auditor.watch(&paid("old", 1, 100)), Expected::Unchecked, "sent again");
    assert_eq!(auditor.watch(&fact("v", "fact.voided", 101, &json!({"source": "shop", "key": "k1", "reason": "no"}))), Expected::Unchecked);
    assert_eq!(auditor.unchecked_facts(), 3);
    let again = fact("early", "order.signed", 2, &json!({"order": "waits"}));
    assert_eq!(auditor.watch(&again), Expected::Repeated, "a file that is open keeps its identities");
}
