//! Orders as a system of the engine.

use laotie_facts::body::{FactRefused, FrozenPart};
use laotie_facts::{Body, Count, Draft, Due, Fact, Judgement, Listing, RuleBook, States, System, Text, Timestamp};
use serde::Serialize;

use crate::freeze::freeze;
use crate::order::{Obstacle, Order, Refused, Status};
use crate::step::{Step, StepKind, WAITING_DAYS};

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// The system of orders; its states are keyed by order.
pub struct Orders;

impl System for Orders {
    const NAME: &'static str = "orders";
    type State = Order;

    fn touches(_: &States<Order>, fact: &Fact) -> Vec<String> {
        Step::order_of(fact).into_iter().collect()
    }

    fn judge(before: &States<Order>, fact: &Fact, _: &RuleBook) -> Judgement {
        let (Some(key), Some(step)) = (Step::order_of(fact), Step::of(fact)) else { return Judgement::Accept };
        let empty = Order::default();
        match before.get(&key).unwrap_or(&empty).obstacle(&step.kind) {
            None => Judgement::Accept,
            Some(Obstacle::Early(for_kind)) => Judgement::Wait { for_kind },
            Some(Obstacle::Impossible { code, reason }) => Judgement::Refuse { code, reason },
        }
    }

    fn freeze(_: &States<Order>, fact: &Fact, book: &RuleBook) -> Option<FrozenPart> {
        match &fact.body {
            Body::OrderPaid(paid) => Some(freeze(paid, book, fact.at)),
            _ => None,
        }
    }

    /// Says of facts that waited in vain that they are refused.
    fn decide(before: &States<Order>, fact: &Fact, _: &RuleBook, now: Timestamp) -> Vec<Draft> {
        let Some(key) = Step::order_of(fact) else { return Vec::new() };
        let Some(order) = before.get(&key).filter(|o| !o.waiting.is_empty() || matches!(fact.body, Body::FactVoided(_))) else {
            return Vec::new();
        };
        let known = order.refused.clone();
        let mut after = order.clone();
        apply(&mut after, fact);
        after.refused.iter().filter(|r| !known.contains(r)).filter_map(|r| refusal(&key, r, now)).collect()
    }

    fn evolve(states: &mut States<Order>, fact: &Fact) {
        let Some(key) = Step::order_of(fact) else { return };
        if !matches!(fact.body, Body::FactRefused(_)) {
            apply(states.edit(&key), fact);
        }
    }

    fn listings(key: &str, order: &Order) -> Vec<Listing> {
        let mut rows = Vec::with_capacity(1 + order.waiting.len());
        rows.extend(summary(key, order));
        rows.extend(order.waiting.iter().map(|step| Listing {
            view: "waiting",
            owner: String::new(),
            sort: step.until.unwrap_or(step.at).to_string(),
            key: step.seq.to_string(),
            body: json(&WaitingRow { order: key, step }),
        }));
        rows
    }

    fn deadlines(_: &str, order: &Order) -> Vec<Due> {
        let due = |step: &Step| Some(Due { purpose: format!("waiting/{}", step.seq), due: step.until? });
        order.waiting.iter().filter_map(due).collect()
    }
}

fn apply(order: &mut Order, fact: &Fact) {
    let waits_until = fact.seen.plus_micros(WAITING_DAYS * DAY_MICROS);
    match (&fact.body, &fact.target) {
        (Body::FactVoided(_), Some(target)) => order.take_back(target.seq, waits_until),
        (Body::DeadlinePassed(passed), _) => order.give_up(passed.due),
        _ => {
            if let Some(step) = Step::of(fact) {
                order.take(step, waits_until);
            }
        }
    }
}

fn refusal(order: &str, refused: &Refused, now: Timestamp) -> Option<Draft> {
    let body = FactRefused {
        code: Text::new(refused.code.clone()).ok()?,
        history: Text::new(format!("order/{order}")).ok()?,
        seq: Count::new(refused.seq).ok()?,
    };
    Some(Draft { at: now, body: body.into(), because: vec![refused.seq], rules: Vec::new() })
}

#[derive(Serialize)]
struct Summary<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer: Option<&'a str>,
    currency: &'a str,
    order: &'a str,
    paid_at: Timestamp,
    paid_minor: i64,
    #[serde(skip_serializing_if = "is_zero")]
    refunded_minor: i64,
    shop: &'a str,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    streamer: Option<&'a str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

#[derive(Serialize)]
struct WaitingRow<'a> {
    order: &'a str,
    #[serde(flatten)]
    step: &'a Step,
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("strings and integers always serialise")
}

/// The order's row in the list of all orders, newest payment last.
fn summary(key: &str, order: &Order) -> Option<Listing> {
    let paid = order.steps.iter().find(|s| matches!(s.kind, StepKind::Paid { .. }))?;
    let StepKind::Paid { buyer, currency, paid_minor, shop, streamer } = &paid.kind else { return None };
    let body = json(&Summary {
        buyer: buyer.as_deref(),
        currency: currency.code(),
        order: key,
        paid_at: paid.at,
        paid_minor: *paid_minor,
        refunded_minor: order.refunded_minor(),
        shop,
        status: order.status,
        streamer: streamer.as_deref(),
    });
    Some(Listing { view: "orders", owner: String::new(), sort: format!("{:016}", paid.at.micros()), key: key.to_owned(), body })
}
