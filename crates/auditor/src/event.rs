//! What can happen in the life of an order, as far as the rules ask.

use laotie_facts::{Body, Currency};

use crate::lines::PaidLine;

/// A payment and all that its sums need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payment {
    pub(crate) buyer: Option<String>,
    pub(crate) shop: String,
    pub(crate) streamer: Option<String>,
    pub(crate) currency: Currency,
    pub(crate) paid_minor: i64,
    pub(crate) lines: Vec<PaidLine>,
    pub(crate) discounts_minor: i64,
    pub(crate) freight_minor: i64,
    pub(crate) adjustments_minor: i64,
}

/// A happening in the life of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Paid(Box<Payment>),
    Cancelled,
    Dispatched,
    PickedUp,
    Signed,
    Received,
    ReturnRequested { id: String },
    ReturnAgreed { id: String },
    ReturnShipped { id: String },
    ReturnReceived { id: String },
    Refunded { refund: String, amount_minor: i64, currency: Currency, awarded: bool },
}

impl Event {
    /// The order that a fact is about and what happened to it; `None` for facts outside an order's life.
    pub(crate) fn of(body: &Body) -> Option<(String, Event)> {
        let (order, event) = match body {
            Body::OrderPaid(b) => {
                let payment = Payment {
                    buyer: b.buyer.as_ref().map(ToString::to_string),
                    shop: b.shop.to_string(),
                    streamer: b.streamer.as_ref().map(ToString::to_string),
                    currency: b.currency,
                    paid_minor: b.paid_minor.get(),
                    lines: b
                        .lines
                        .iter()
                        .map(|l| PaidLine { line: l.line.to_string(), qty: l.qty.get(), total_minor: l.total_minor.get() })
                        .collect(),
                    discounts_minor: b.discounts.iter().map(|d| d.amount_minor.get()).sum(),
                    freight_minor: b.freight_minor.get(),
                    adjustments_minor: b.adjustments.iter().map(|a| a.amount_minor.get()).sum(),
                };
                (&b.order, Event::Paid(Box::new(payment)))
            }
            Body::OrderCancelled(b) => (&b.order, Event::Cancelled),
            Body::OrderDispatched(b) => (&b.order, Event::Dispatched),
            Body::OrderPickedUp(b) => (&b.order, Event::PickedUp),
            Body::OrderSigned(b) => (&b.order, Event::Signed),
            Body::OrderReceived(b) => (&b.order, Event::Received),
            Body::ReturnRequested(b) => (&b.order, Event::ReturnRequested { id: b.return_id.to_string() }),
            Body::ReturnAgreed(b) => (&b.order, Event::ReturnAgreed { id: b.return_id.to_string() }),
            Body::ReturnShipped(b) => (&b.order, Event::ReturnShipped { id: b.return_id.to_string() }),
            Body::ReturnReceived(b) => (&b.order, Event::ReturnReceived { id: b.return_id.to_string() }),
            Body::RefundPaid(b) => {
                let event = Event::Refunded {
                    refund: b.refund.to_string(),
                    amount_minor: b.amount_minor.get(),
                    currency: b.currency,
                    awarded: b.claim.is_some(),
                };
                (b.order.as_ref()?, event)
            }
            _ => return None,
        };
        Some((order.to_string(), event))
    }

    /// The kind of fact, as in the public format.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Event::Paid(_) => "order.paid",
            Event::Cancelled => "order.cancelled",
            Event::Dispatched => "order.dispatched",
            Event::PickedUp => "order.picked_up",
            Event::Signed => "order.signed",
            Event::Received => "order.received",
            Event::ReturnRequested { .. } => "return.requested",
            Event::ReturnAgreed { .. } => "return.agreed",
            Event::ReturnShipped { .. } => "return.shipped",
            Event::ReturnReceived { .. } => "return.received",
            Event::Refunded { .. } => "refund.paid",
        }
    }

    /// What an order's view calls the step.
    pub(crate) fn step(&self) -> &'static str {
        match self {
            Event::Paid(_) => "paid",
            Event::Cancelled => "cancelled",
            Event::Dispatched => "dispatched",
            Event::PickedUp => "picked_up",
            Event::Signed => "signed",
            Event::Received => "received",
            Event::ReturnRequested { .. } => "return_requested",
            Event::ReturnAgreed { .. } => "return_agreed",
            Event::ReturnShipped { .. } => "return_shipped",
            Event::ReturnReceived { .. } => "return_received",
            Event::Refunded { .. } => "refunded",
        }
    }
}
