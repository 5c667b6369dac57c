//! One helper touches the API, the stories do not.

use std::collections::BTreeMap;

use laotie_facts::{Body, Fact, FactKey, Judgement, Kind, RuleBook, SourceId, States, System, Timestamp};
use laotie_orders::{Order, Orders};

const HOUR: i64 = 3_600_000_000;

/// Tells an order's story and what became of each fact: `ok`, `waits for KIND` or the refusal's code,
/// then the order's status, what was refunded, and what waits.
pub(crate) fn live(story: &str) -> String {
    let mut told = Told::default();
    let mut lines: Vec<String> = story.split_whitespace().map(|word| format!("{word}: {}", told.fact(word))).collect();
    lines.push(told.end());
    lines.join("\n")
}

/// The state that a story leads to.
pub(crate) fn state_of(story: &str) -> Order {
    let mut told = Told::default();
    for word in story.split_whitespace() {
        told.fact(word);
    }
    told.states.get("o1").cloned().unwrap_or_default()
}

#[derive(Default)]
struct Told {
    states: States<Order>,
    facts: BTreeMap<i64, Fact>,
    book: RuleBook,
    seq: i64,
}

impl Told {
    fn fact(&mut self, word: &str) -> String {
        let number = self.seq + 1;
        let (name, rest) = word.split_once(':').unwrap_or((word, ""));
        let target = (name == "void").then(|| rest.parse().ok().and_then(|n: i64| self.facts.get(&n)).cloned()).flatten();
        let at = Timestamp::from_micros(1_780_000_000_000_000 + number * HOUR).expect("in range");
        let fact = Fact {
            seq: number,
            seen: at,
            at,
            source: SourceId::new("shop").expect("valid"),
            key: FactKey::new(format!("k{number}")).expect("valid"),
            by: None,
            because: target.iter().map(|t| t.seq).collect(),
            rules: Vec::new(),
            body: body(name, rest, at),
            target: target.map(Box::new),
        };
        match Orders::judge(&self.states, &fact, &self.book) {
            Judgement::Refuse { code, .. } => code.to_owned(),
            judged => {
                let drafts = Orders::decide(&self.states, &fact, &self.book, fact.seen);
                Orders::evolve(&mut self.states, &fact);
                self.seq = number;
                self.facts.insert(number, fact);
                let decided: Vec<String> = drafts.iter().map(|d| format!(", then {} of {:?}", d.body.kind().name(), d.because)).collect();
                match judged {
                    Judgement::Wait { for_kind } => format!("waits for {for_kind}{}", decided.concat()),
                    _ => format!("ok{}", decided.concat()),
                }
            }
        }
    }

    fn end(&self) -> String {
        let Some(order) = self.states.get("o1") else { return "= nothing".to_owned() };
        let waiting: Vec<i64> = order.waiting.iter().map(|s| s.seq).collect();
        format!("= {:?}, refunded {}, waiting {waiting:?}, refused {}", order.status, order.refunded_minor(), order.refused.len())
    }
}

fn body(name: &str, rest: &str, at: Timestamp) -> Body {
    let (kind, json) = match name {
        "paid" => (
            Kind::OrderPaid,
            r#"{"currency":"CNY","lines":[{"item":"i","line":"1","qty":1,"total_minor":1000}],"order":"o1","paid_minor":1000,"shop":"s"}"#
                .to_owned(),
        ),
        "cancelled" => (Kind::OrderCancelled, r#"{"order":"o1"}"#.to_owned()),
        "dispatched" => (Kind::OrderDispatched, r#"{"order":"o1"}"#.to_owned()),
        "picked_up" => (Kind::OrderPickedUp, r#"{"order":"o1"}"#.to_owned()),
        "signed" => (Kind::OrderSigned, r#"{"order":"o1"}"#.to_owned()),
        "received" => (Kind::OrderReceived, r#"{"order":"o1"}"#.to_owned()),
        "asked" => (Kind::ReturnRequested, format!(r#"{{"order":"o1","reason":"quality","return":"{rest}"}}"#)),
        "agreed" => (Kind::ReturnAgreed, format!(r#"{{"order":"o1","return":"{rest}"}}"#)),
        "sent_back" => (Kind::ReturnShipped, format!(r#"{{"order":"o1","return":"{rest}"}}"#)),
        "got_back" => (Kind::ReturnReceived, format!(r#"{{"order":"o1","return":"{rest}"}}"#)),
        "refund" | "refund_gbp" => {
            let currency = if name == "refund" { "CNY" } else { "GBP" };
            let (id, amount) = rest.split_once('=').expect("written as refund:ID=AMOUNT");
            (Kind::RefundPaid, format!(r#"{{"amount_minor":{amount},"currency":"{currency}","order":"o1","refund":"{id}"}}"#))
        }
        "void" => (Kind::FactVoided, r#"{"key":"k","reason":"by mistake","source":"shop"}"#.to_owned()),
        "month_passed" => {
            let due = at.plus_micros(31 * 24 * HOUR);
            (Kind::DeadlinePassed, format!(r#"{{"due":"{due}","key":"o1","purpose":"waiting/1","system":"orders"}}"#))
        }
        other => panic!("no such word: {other}"),
    };
    Body::parse(kind, &json).expect("the story's bodies are valid")
}
