//! The state of an order: the fold of its steps.

use laotie_facts::{Currency, Timestamp};
use serde::{Deserialize, Serialize};

use crate::step::{Step, StepKind};

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Only facts that wait for it are known, or its payment was voided.
    #[default]
    Awaited,
    /// Paid.
    Paid,
    /// Cancelled before dispatch.
    Cancelled,
    /// The shop sent it.
    Dispatched,
    /// The carrier has it.
    PickedUp,
    /// Somebody signed for it.
    Signed,
    /// Receipt was confirmed.
    Received,
}

/// A waiting fact that could not be after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Stable name of the reason.
    pub code: String,
    /// The fact.
    pub seq: i64,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Order {
    /// Waiting facts that could not be after all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// How far it has come.
    pub status: Status,
    /// What happened to it, in the order in which it counted.
    pub steps: Vec<Step>,
    /// Facts that came before their predecessor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Step>,
}

/// Why a step cannot be, or what it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// It comes before this kind of fact.
    Early(&'static str),
    /// It cannot be.
    Impossible { code: &'static str, reason: String },
}

fn impossible(code: &'static str, reason: impl Into<String>) -> Obstacle {
    Obstacle::Impossible { code, reason: reason.into() }
}

impl Order {
    fn find(&self, wanted: impl Fn(&StepKind) -> bool) -> Option<&Step> {
        self.steps.iter().find(|s| wanted(&s.kind))
    }

    /// The payment: amount and currency.
    pub fn paid(&self) -> Option<(i64, Currency)> {
        self.steps.iter().find_map(|s| match &s.kind {
            StepKind::Paid { paid_minor, currency, .. } => Some((*paid_minor, *currency)),
            _ => None,
        })
    }

    /// When it was paid.
    pub fn paid_at(&self) -> Option<Timestamp> {
        self.find(|k| matches!(k, StepKind::Paid { .. })).map(|s| s.at)
    }

    /// What was paid back of the price so far. A claim's award may be more than the price; what is beyond it is no refund.
    pub fn refunded_minor(&self) -> i64 {
        let paid = self.steps.iter().find_map(|s| match &s.kind {
            StepKind::Paid { paid_minor, .. } => Some(*paid_minor),
            _ => None,
        });
        self.paid_back_minor(true).min(paid.unwrap_or(i64::MAX))
    }

    /// Sum of the refunds, those that carry out a claim's award among them or not.
    fn paid_back_minor(&self, with_claims: bool) -> i64 {
        let amount = |s: &Step| match &s.kind {
            StepKind::Refunded { amount_minor, claim, .. } if with_claims || claim.is_none() => *amount_minor,
            _ => 0,
        };
        self.steps.iter().map(amount).sum()
    }

    fn has(&self, wanted: impl Fn(&StepKind) -> bool) -> bool {
        self.find(wanted).is_some()
    }

    /// Whether a step can be taken now.
    pub(crate) fn obstacle(&self, step: &StepKind) -> Option<Obstacle> {
        let paid = self.paid();
        if let StepKind::Paid { .. } = step {
            return paid.map(|_| impossible("order-already-paid", "the order is paid already; a mistake is mended with `fact.voided`"));
        }
        let Some((paid_minor, currency)) = paid else { return Some(Obstacle::Early("order.paid")) };
        let dispatched = self.has(|k| matches!(k, StepKind::Dispatched));
        let cancelled = self.has(|k| matches!(k, StepKind::Cancelled));
        let once = |there: bool, code, what: &str| there.then(|| impossible(code, format!("the order is {what} already")));
        match step {
            StepKind::Paid { .. } | StepKind::Frozen => None,
            StepKind::Cancelled => {
                if dispatched {
                    return Some(impossible("order-already-dispatched", "the order was dispatched; what is sent comes back as a return"));
                }
                once(cancelled, "order-already-cancelled", "cancelled")
            }
            StepKind::Dispatched => {
                if cancelled {
                    return Some(impossible("order-cancelled", "the order was cancelled, nothing can be sent for it"));
                }
                once(dispatched, "order-already-dispatched", "dispatched")
            }
            StepKind::PickedUp | StepKind::Signed | StepKind::Received if cancelled => {
                Some(impossible("order-cancelled", "the order was cancelled, nothing can be delivered for it"))
            }
            StepKind::PickedUp | StepKind::Signed | StepKind::Received if !dispatched => Some(Obstacle::Early("order.dispatched")),
            StepKind::PickedUp => once(self.has(|k| matches!(k, StepKind::PickedUp)), "order-already-picked-up", "picked up"),
            StepKind::Signed => once(self.has(|k| matches!(k, StepKind::Signed)), "order-already-signed", "signed for"),
            StepKind::Received => once(self.has(|k| matches!(k, StepKind::Received)), "order-already-received", "received"),
            StepKind::ReturnRequested { id } => self
                .has(|k| matches!(k, StepKind::ReturnRequested { id: other } if other == id))
                .then(|| impossible("return-already-requested", format!("return `{id}` was requested already"))),
            StepKind::ReturnAgreed { id } => self.return_step(id, 1, "return.requested"),
            StepKind::ReturnShipped { id } => self.return_step(id, 2, "return.agreed"),
            StepKind::ReturnReceived { id } => self.return_step(id, 3, "return.shipped"),
            StepKind::Refunded { amount_minor, claim, currency: theirs, id } => {
                if self.has(|k| matches!(k, StepKind::Refunded { id: other, .. } if other == id)) {
                    return Some(impossible("refund-already-paid", format!("refund `{id}` was paid already")));
                }
                if *theirs != currency {
                    return Some(impossible(
                        "currency-mismatch",
                        format!("the order is in {currency}, the refund in {theirs}; nothing converts"),
                    ));
                }
                // What a ruling awards may exceed the price; who ruled has seen to its limit.
                let left = paid_minor - self.paid_back_minor(false);
                (claim.is_none() && *amount_minor > left).then(|| {
                    impossible("refund-exceeds-paid", format!("{amount_minor} is more than the {left} left of the {paid_minor} paid"))
                })
            }
        }
    }

    /// A return goes requested (0), agreed (1), shipped (2), received (3), each once.
    fn return_step(&self, id: &str, stage: u8, before: &'static str) -> Option<Obstacle> {
        let reached = self.steps.iter().filter_map(|s| match &s.kind {
            StepKind::ReturnRequested { id: other } if other == id => Some(0),
            StepKind::ReturnAgreed { id: other } if other == id => Some(1),
            StepKind::ReturnShipped { id: other } if other == id => Some(2),
            StepKind::ReturnReceived { id: other } if other == id => Some(3),
            _ => None,
        });
        match reached.max() {
            Some(now) if now >= stage => Some(impossible("return-step-repeated", format!("return `{id}` is past this step already"))),
            Some(now) if now + 1 == stage => None,
            _ => Some(Obstacle::Early(before)),
        }
    }

    /// Takes a step, or keeps it waiting, and lets go on what waited for it.
    pub(crate) fn take(&mut self, step: Step, waits_until: Timestamp) {
        match self.obstacle(&step.kind) {
            None => self.steps.push(Step { until: None, ..step }),
            Some(Obstacle::Early(_)) => self.waiting.push(Step { until: Some(step.until.unwrap_or(waits_until)), ..step }),
            Some(Obstacle::Impossible { code, .. }) => self.refused.push(Refused { code: code.to_owned(), seq: step.seq }),
        }
        self.settle();
    }

    /// Applies waiting steps until none can go on.
    fn settle(&mut self) {
        let mut i = 0;
        while i < self.waiting.len() {
            match self.obstacle(&self.waiting[i].kind) {
                Some(Obstacle::Early(_)) => i += 1,
                None => {
                    let step = self.waiting.remove(i);
                    self.steps.push(Step { until: None, ..step });
                    i = 0;
                }
                Some(Obstacle::Impossible { code, .. }) => {
                    let step = self.waiting.remove(i);
                    self.refused.push(Refused { code: code.to_owned(), seq: step.seq });
                }
            }
        }
        self.status = self.reached();
    }

    /// Takes a recorded step back: the others are folded anew, as if it had never been.
    pub(crate) fn take_back(&mut self, seq: i64, waits_until: Timestamp) {
        let mut steps: Vec<Step> = std::mem::take(&mut self.steps);
        steps.append(&mut self.waiting);
        let refused = std::mem::take(&mut self.refused);
        steps.retain(|s| s.seq != seq);
        // The frozen copy belongs to the payment: without it there is none.
        let payment_gone = !steps.iter().any(|s| matches!(s.kind, StepKind::Paid { .. }));
        steps.retain(|s| !(payment_gone && matches!(s.kind, StepKind::Frozen)));
        steps.sort_by_key(|s| s.seq);
        for step in steps {
            self.take(step, waits_until);
        }
        self.refused.extend(refused.into_iter().filter(|r| r.seq != seq));
        self.refused.sort_by_key(|r| r.seq);
        self.status = self.reached();
    }

    /// Gives up what has waited until `now`.
    pub(crate) fn give_up(&mut self, now: Timestamp) {
        let (late, still): (Vec<Step>, Vec<Step>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|s| s.until.is_some_and(|u| u <= now));
        self.waiting = still;
        self.refused.extend(late.into_iter().map(|s| Refused { code: "waited-too-long".to_owned(), seq: s.seq }));
    }

    fn reached(&self) -> Status {
        let mut status = Status::Awaited;
        for step in &self.steps {
            let next = match step.kind {
                StepKind::Paid { .. } => Status::Paid,
                StepKind::Cancelled => Status::Cancelled,
                StepKind::Dispatched => Status::Dispatched,
                StepKind::PickedUp => Status::PickedUp,
                StepKind::Signed => Status::Signed,
                StepKind::Received => Status::Received,
                _ => continue,
            };
            if next as u8 > status as u8 {
                status = next;
            }
        }
        status
    }
}
