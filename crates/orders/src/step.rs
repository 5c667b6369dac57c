//! A step in an order's life, as much of a fact as the order needs.

use laotie_facts::{Body, Currency, Fact, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a fact waits for its predecessor: natural days of 24 hours. Part of the public format.
pub const WAITING_DAYS: i64 = 30;

/// What happened to the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum StepKind {
    /// It was paid.
    Paid {
        /// Who bought.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        buyer: Option<String>,
        /// Of all amounts.
        currency: Currency,
        /// How much.
        paid_minor: i64,
        /// The shop.
        shop: String,
        /// Who sold it on air.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        streamer: Option<String>,
    },
    /// Its terms were frozen.
    Frozen,
    /// It was cancelled.
    Cancelled,
    /// The shop sent it.
    Dispatched,
    /// The carrier has it.
    PickedUp,
    /// Somebody signed for it.
    Signed,
    /// Receipt was confirmed.
    Received,
    /// The buyer wants to return goods.
    ReturnRequested {
        /// The return.
        id: String,
    },
    /// The shop agreed.
    ReturnAgreed {
        /// The return.
        id: String,
    },
    /// The goods are on their way back.
    ReturnShipped {
        /// The return.
        id: String,
    },
    /// The shop has them back.
    ReturnReceived {
        /// The return.
        id: String,
    },
    /// Money went back.
    Refunded {
        /// How much.
        amount_minor: i64,
        /// The claim whose award it carries out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<String>,
        /// Of the amount.
        currency: Currency,
        /// The refund.
        id: String,
    },
}

/// A step and the fact that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: StepKind,
    /// The fact.
    pub seq: i64,
    /// When a waiting step is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Step {
    /// The step that a fact is in an order's life; `None` when it is none.
    pub fn of(fact: &Fact) -> Option<Step> {
        let kind = match &fact.body {
            Body::OrderPaid(b) => StepKind::Paid {
                buyer: b.buyer.as_ref().map(ToString::to_string),
                currency: b.currency,
                paid_minor: b.paid_minor.get(),
                shop: b.shop.to_string(),
                streamer: b.streamer.as_ref().map(ToString::to_string),
            },
            Body::OrderFrozen(_) => StepKind::Frozen,
            Body::OrderCancelled(_) => StepKind::Cancelled,
            Body::OrderDispatched(_) => StepKind::Dispatched,
            Body::OrderPickedUp(_) => StepKind::PickedUp,
            Body::OrderSigned(_) => StepKind::Signed,
            Body::OrderReceived(_) => StepKind::Received,
            Body::ReturnRequested(b) => StepKind::ReturnRequested { id: b.return_id.to_string() },
            Body::ReturnAgreed(b) => StepKind::ReturnAgreed { id: b.return_id.to_string() },
            Body::ReturnShipped(b) => StepKind::ReturnShipped { id: b.return_id.to_string() },
            Body::ReturnReceived(b) => StepKind::ReturnReceived { id: b.return_id.to_string() },
            Body::RefundPaid(b) => {
                let claim = b.claim.as_ref().map(ToString::to_string);
                StepKind::Refunded { amount_minor: b.amount_minor.get(), claim, currency: b.currency, id: b.refund.to_string() }
            }
            _ => return None,
        };
        Some(Step { at: fact.at, kind, seq: fact.seq, until: None })
    }

    /// The order that a fact is about; `None` when it is about none (an unlinked credit note).
    pub fn order_of(fact: &Fact) -> Option<String> {
        let order = match &fact.body {
            Body::OrderPaid(b) => &b.order,
            Body::OrderFrozen(b) => &b.order,
            Body::OrderCancelled(b) => &b.order,
            Body::OrderDispatched(b) => &b.order,
            Body::OrderPickedUp(b) => &b.order,
            Body::OrderSigned(b) => &b.order,
            Body::OrderReceived(b) => &b.order,
            Body::ReturnRequested(b) => &b.order,
            Body::ReturnAgreed(b) => &b.order,
            Body::ReturnShipped(b) => &b.order,
            Body::ReturnReceived(b) => &b.order,
            Body::RefundPaid(b) => b.order.as_ref()?,
            Body::FactVoided(_) => return fact.target.as_deref().and_then(Step::order_of),
            Body::DeadlinePassed(b) if b.system.as_str() == "orders" => return Some(b.key.as_str().to_owned()),
            Body::FactRefused(b) => return b.history.as_str().strip_prefix("order/").map(str::to_owned),
            _ => return None,
        };
        Some(order.to_string())
    }
}
