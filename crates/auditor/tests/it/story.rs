//! One helper touches the API, the stories do not.

use laotie_auditor::{Auditor, Expected};
use laotie_facts::{Incoming, MarketZone, Timestamp};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000;

/// An auditor of a market in China that has heard of nothing.
pub(crate) fn auditor() -> Auditor {
    Auditor::new(MarketZone::new("Asia/Shanghai").expect("a known zone"))
}

/// The time of the `n`th fact of a story: noon of 10 June 2026 in the market, and hours after.
pub(crate) fn time(n: i64) -> Timestamp {
    Timestamp::parse("2026-06-10T04:00:00Z").expect("a time").plus_micros(n * HOUR)
}

/// A fact of the shop's system.
pub(crate) fn fact(key: &str, kind: &str, n: i64, body: &Value) -> Incoming {
    let line = json!({"source": "shop", "key": key, "kind": kind, "at": time(n).to_string(), "body": body});
    Incoming::parse(&line.to_string()).expect("a valid fact")
}

/// `order.paid` of 1,000 fen in two lines, the second half the first.
pub(crate) fn paid(order: &str, n: i64, discount: i64) -> Incoming {
    let body = json!({
        "order": order, "shop": "s-1", "buyer": "b-1", "streamer": "t-1", "currency": "CNY", "paid_minor": 1_000 - discount,
        "lines": [{"line": "a", "item": "i", "qty": 1, "total_minor": 667}, {"line": "b", "item": "j", "qty": 2, "total_minor": 333}],
        "discounts": if discount == 0 { json!([]) } else { json!([{"amount_minor": discount, "payer": "merchant"}]) },
    });
    fact(&format!("k{n}"), "order.paid", n, &body)
}

/// The `n`th fact of a story about order `o1`, from a word: `paid`, `signed`, `refund:ID=AMOUNT`, `void:N`, …
pub(crate) fn word(word: &str, n: i64) -> Incoming {
    let (name, rest) = word.split_once(':').unwrap_or((word, ""));
    let key = format!("k{n}");
    let of_return = json!({"order": "o1", "return": rest});
    match name {
        "paid" => paid("o1", n, 0),
        "asked" => fact(&key, "return.requested", n, &json!({"order": "o1", "return": rest, "reason": "quality"})),
        "agreed" => fact(&key, "return.agreed", n, &of_return),
        "sent_back" => fact(&key, "return.shipped", n, &of_return),
        "got_back" => fact(&key, "return.received", n, &of_return),
        "refund" | "refund_gbp" => {
            let (id, amount) = rest.split_once('=').expect("written as refund:ID=AMOUNT");
            let amount: i64 = amount.parse().expect("an amount");
            let currency = if name == "refund" { "CNY" } else { "GBP" };
            fact(&key, "refund.paid", n, &json!({"order": "o1", "refund": id, "amount_minor": amount, "currency": currency}))
        }
        "void" => fact(&key, "fact.voided", n, &json!({"source": "shop", "key": format!("k{rest}"), "reason": "by mistake"})),
        step => fact(&key, &format!("order.{step}"), n, &json!({"order": "o1"})),
    }
}

/// Tells a story word by word; gives what was expected of each and what the order must look like in the end.
pub(crate) fn told(story: &str) -> (Auditor, String) {
    let mut auditor = auditor();
    let mut lines = Vec::new();
    for (n, w) in story.split_whitespace().enumerate() {
        let n = i64::try_from(n).expect("a short story") + 1;
        auditor.clock(time(n));
        if w == "month_passed" {
            auditor.clock(time(n + 31 * 24));
            continue;
        }
        let expected = match auditor.watch(&word(w, n)) {
            Expected::Recorded { waiting_for: None } => "ok".to_owned(),
            other => other.word(),
        };
        lines.push(format!("{w}: {expected}"));
    }
    if let Some(order) = auditor.order("o1") {
        let steps: Vec<&str> = order.steps.iter().map(|s| s.step).collect();
        let waiting: Vec<&str> = order.waiting.iter().map(|s| s.step).collect();
        lines.push(format!("= {} {steps:?}, refunded {}, waiting {waiting:?}, {:?}", order.status, order.refunded_minor, order.refused));
    }
    (auditor, lines.join("\n"))
}

/// The order as an honest engine would show it, with its history.
pub(crate) fn honest_view(auditor: &Auditor, id: &str) -> Value {
    let order = auditor.order(id).expect("known");
    let steps: Vec<Value> = order
        .steps
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let mut step = json!({"at": s.at, "step": s.step, "seq": i});
            if s.step == "paid" {
                step["paid_minor"] = json!(order.paid_minor);
                step["currency"] = json!(order.currency.map(|c| c.code().to_owned()));
                step["buyer"] = json!(order.buyer);
                step["shop"] = json!(order.shop);
                step["streamer"] = json!(order.streamer);
            }
            if s.step == "refunded" {
                step["amount_minor"] = json!(order.refunded_minor);
            }
            step
        })
        .collect();
    let waiting: Vec<Value> = order.waiting.iter().map(|s| json!({"at": s.at, "step": s.step, "until": s.until})).collect();
    let refused: Vec<Value> = order.refused.iter().map(|code| json!({"code": code, "seq": 1})).collect();
    let mut history: Vec<Value> = order.recorded.iter().map(|kind| json!({"kind": kind, "source": "shop"})).collect();
    let lines: Vec<Value> = order.frozen_lines.iter().map(|(line, minor)| json!({"line": line, "paid_minor": minor})).collect();
    history.push(json!({"kind": "order.frozen", "source": "laotie", "body": {"lines": lines, "order": id}}));
    json!({
        "id": id, "history": history,
        "order": {"status": order.status, "steps": steps, "waiting": waiting, "refused": refused},
    })
}
