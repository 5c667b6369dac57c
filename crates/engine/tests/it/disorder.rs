//! A seeded stream of facts about a few orders in which everything goes wrong that can: steps before their predecessors,
//! facts twice, identities used again, voidings, refunds beyond what was paid, other currencies, double steps.

use std::collections::BTreeMap;

use laotie_facts::Incoming;
use serde_json::{Value, json};

/// The simulator's dice, with what disorder asks of them. Kept seeds name runs of just these draws.
pub(crate) struct Random(laotie_simulate::Random);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(laotie_simulate::Random::new(seed))
    }

    /// A number from `from` to just below `to`.
    pub(crate) fn within(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).unwrap_or(1).max(1);
        from + i64::try_from(self.0.next() % span).unwrap_or(0)
    }

    /// Whether something happens that does so once in `n` times.
    pub(crate) fn once_in(&mut self, n: i64) -> bool {
        self.within(0, n) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let last = i64::try_from(from.len()).unwrap_or(1);
        &from[usize::try_from(self.within(0, last)).unwrap_or(0)]
    }
}

/// The stream; it does not end.
pub(crate) struct Disorder {
    random: Random,
    sent: Vec<Value>,
    /// What the latest payment of each order was.
    paid: BTreeMap<&'static str, i64>,
    counted: usize,
}

impl Disorder {
    /// The orders that the facts are about.
    pub(crate) const ORDERS: [&'static str; 4] = ["o-0", "o-1", "o-2", "o-3"];

    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), sent: Vec::new(), paid: BTreeMap::new(), counted: 0 }
    }

    fn fact(&mut self, kind: &str, body: &Value) -> Value {
        self.counted += 1;
        let (day, hour) = (self.random.within(1, 29), self.random.within(0, 24));
        let at = format!("2026-06-{day:02}T{hour:02}:00:00Z");
        json!({"source": "shop", "key": format!("k-{}", self.counted), "kind": kind, "at": at, "body": body})
    }

    fn any(&mut self) -> Value {
        let order = *self.random.pick(&Self::ORDERS);
        match self.random.within(0, 100) {
            0..14 => {
                let body = self.payment(order);
                self.fact("order.paid", &body)
            }
            14..54 => {
                let step = *self.random.pick(&["dispatched", "dispatched", "picked_up", "signed", "received", "cancelled"]);
                self.fact(&format!("order.{step}"), &json!({"order": order}))
            }
            54..66 => {
                let step = *self.random.pick(&["requested", "agreed", "shipped", "received"]);
                let mut body = json!({"order": order, "return": format!("r-{}", self.random.within(0, 2))});
                if step == "requested" {
                    body["reason"] = json!("quality");
                }
                self.fact(&format!("return.{step}"), &body)
            }
            66..80 => {
                let body = self.refund(order);
                self.fact("refund.paid", &body)
            }
            80..90 => self.voiding(),
            90..94 => self.sent_again(),
            94..98 => self.used_again(),
            _ => self.fact("price.set", &json!({"item": "i-1", "currency": "CNY", "price_minor": 100, "shop": "s-1"})),
        }
    }

    fn payment(&mut self, order: &'static str) -> Value {
        let lines: Vec<Value> = (0..self.random.within(1, 5))
            .map(|n| {
                let total = if self.random.once_in(8) { -self.random.within(1, 100) } else { self.random.within(0, 900) };
                json!({"line": format!("{n}"), "item": "i", "qty": self.random.within(1, 4), "total_minor": total})
            })
            .collect();
        let listed: i64 = lines.iter().filter_map(|l| l["total_minor"].as_i64()).sum();
        let discounts: Vec<Value> = (0..self.random.within(0, 3))
            .map(|_| json!({"amount_minor": self.random.within(0, 1 + listed.max(0) / 2), "payer": "platform"}))
            .collect();
        let taken: i64 = discounts.iter().filter_map(|d| d["amount_minor"].as_i64()).sum();
        let freight = self.random.within(0, 20);
        let due = listed - taken + freight;
        // What would come out below nothing is made up for, as a shop's software rounds.
        let made_up = (-due).max(0);
        let adjustments = if made_up > 0 { json!([{"amount_minor": made_up, "reason": "rounding"}]) } else { json!([]) };
        self.paid.insert(order, due + made_up);
        let mut body = json!({
            "order": order, "shop": format!("s-{}", self.random.within(0, 2)), "currency": "CNY", "lines": lines, "discounts": discounts,
            "freight_minor": freight, "adjustments": adjustments, "paid_minor": due + made_up,
        });
        if self.random.once_in(6) {
            body["currency"] = json!("GBP");
        }
        if !self.random.once_in(4) {
            body["buyer"] = json!(format!("b-{}", self.random.within(0, 3)));
            body["streamer"] = json!("t-1");
        }
        body
    }

    fn refund(&mut self, order: &str) -> Value {
        // All of it, half and the other half, and a fen more than that: where a limit lies, it must be hit.
        let paid = self.paid.get(order).copied().unwrap_or(1_000);
        let rest = paid - paid / 2;
        let (id, any) = (self.random.within(0, 6), self.random.within(0, 700));
        let amount = *self.random.pick(&[any, paid, paid + 1, paid / 2, paid / 2, rest, rest + 1]);
        let mut body = json!({"order": order, "refund": format!("f-{id}"), "amount_minor": amount, "currency": "CNY"});
        if self.random.once_in(8) {
            body["currency"] = json!("GBP");
        }
        if self.random.once_in(8) {
            body = json!({"unlinked": true, "shop": "s-0", "refund": format!("u-{id}"), "amount_minor": amount, "currency": "CNY"});
        }
        body
    }

    /// Of something sent before, whether or not it was recorded; now and then of nothing, or of what Laotie decided.
    fn voiding(&mut self) -> Value {
        let (source, key) = match self.random.within(0, 12) {
            0 => ("shop".to_owned(), "never-sent".to_owned()),
            1 => ("laotie".to_owned(), format!("{}/order.frozen/0", self.random.within(1, 200))),
            _ if self.sent.is_empty() => ("shop".to_owned(), "k-1".to_owned()),
            _ => ("shop".to_owned(), self.random.pick(&self.sent)["key"].as_str().unwrap_or("k-1").to_owned()),
        };
        self.fact("fact.voided", &json!({"source": source, "key": key, "reason": "by mistake"}))
    }

    fn sent_again(&mut self) -> Value {
        if self.sent.is_empty() { self.any() } else { self.random.pick(&self.sent).clone() }
    }

    /// An identity that stood for something else, or for the same at another time.
    fn used_again(&mut self) -> Value {
        let mut fact = self.sent_again();
        if self.random.once_in(2) {
            fact["at"] = json!("2026-06-29T00:00:00Z");
        } else {
            fact["kind"] = json!("order.received");
            fact["body"] = json!({"order": Self::ORDERS[0], "automatic": true});
        }
        fact
    }
}

impl Iterator for Disorder {
    type Item = Incoming;

    fn next(&mut self) -> Option<Incoming> {
        let fact = self.any();
        let read = Incoming::parse(&fact.to_string()).unwrap_or_else(|e| panic!("{fact}: {e:?}"));
        self.sent.push(fact);
        Some(read)
    }
}
