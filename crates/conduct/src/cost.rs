//! What serving an order costs: contacts, refunds, compensation, freight, fraud loss.
//!
//! Money is read off the postings and off nothing else, so that it adds up to the books to the fen: what a
//! posting moves to the buyer's side (`buyer/…` and `outside/…` accounts), by what the posting is for.

use std::collections::{BTreeMap, BTreeSet};

use laotie_facts::body::{PostingMade, RulingMade};
use laotie_facts::{Body, Currency, Fact};
use serde::{Deserialize, Serialize};

use crate::breach::is_zero;

/// Shipped guarantees whose compensation is for fraud by the seller's side.
pub const SELLER_FRAUD: [&str; 3] = ["counterfeit_multiple", "fake_dispatch_compensation", "fraud_multiple"];

/// What serving an order cost, in minor units of one currency; reversals lower it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderCost {
    /// Compensation beyond the price, for anything but fraud.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub compensation_minor: i64,
    /// Times that somebody had to deal with the order after it was paid: claims, answers, returns asked for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub contacts: i64,
    /// Compensation under guarantees against fraud.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fraud_loss_minor: i64,
    /// Freight that was paid for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub freight_minor: i64,
    /// What went to the buyer's side under a purpose that is none of the others'.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub other_minor: i64,
    /// Prices paid back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refunds_minor: i64,
}

impl OrderCost {
    /// All money of it.
    pub fn money_minor(&self) -> i64 {
        self.refunds_minor + self.compensation_minor + self.freight_minor + self.fraud_loss_minor + self.other_minor
    }
}

/// Whether costs and books agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// What the postings moved to the buyer's side after the sale.
    pub posted_minor: i64,
    /// What the costs of orders add up to.
    pub orders_minor: i64,
    /// What was moved for no order: pay-outs, margins, prepaid accounts.
    pub unassigned_minor: i64,
}

impl Reconciliation {
    /// Whether they agree to the minor unit.
    pub fn agrees(&self) -> bool {
        self.posted_minor == self.orders_minor + self.unassigned_minor
    }
}

/// Costs by order and currency, taken in fact by fact.
#[derive(Debug, Clone, Default)]
pub struct CostToServe {
    claims: BTreeMap<String, Claim>,
    contacts: BTreeMap<String, i64>,
    costs: BTreeMap<(String, Currency), OrderCost>,
    fraud: BTreeSet<String>,
    posted: BTreeMap<Currency, i64>,
    purposes: BTreeMap<String, Purpose>,
    unassigned: BTreeMap<Currency, i64>,
}

#[derive(Debug, Clone, Default)]
struct Claim {
    guarantee: Option<String>,
    order: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Purpose {
    Compensation,
    Freight,
    Other,
    Refund,
    Sale,
}

/// What a posting is for, by the ledger's names. One that takes another back is for what that was for; names
/// that say nothing of this are `Other`, so that nothing is lost.
fn purpose(name: &str) -> Purpose {
    match name {
        "sale" | "deposit" => Purpose::Sale,
        "refund" | "refund_borne" => Purpose::Refund,
        "freight_cover" => Purpose::Freight,
        "compensation" | "damages" | "goodwill" => Purpose::Compensation,
        _ => Purpose::Other,
    }
}

impl CostToServe {
    /// Starts with nothing; compensation under the named guarantees is loss by the seller's fraud.
    pub fn new<'a>(fraud_guarantees: impl IntoIterator<Item = &'a str>) -> Self {
        Self { fraud: fraud_guarantees.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// Takes a fact in; kinds that cost nothing change nothing.
    pub fn take(&mut self, fact: &Fact) {
        match &fact.body {
            Body::ClaimOpened(b) => {
                self.claims.entry(b.claim.to_string()).or_default().order = Some(b.order.to_string());
                self.contact(b.order.as_str());
            }
            Body::ReturnRequested(b) => self.contact(b.order.as_str()),
            Body::ClaimAnswered(b) => {
                if let Some(order) = self.claims.get(b.claim.as_str()).and_then(|c| c.order.clone()) {
                    self.contact(&order);
                }
            }
            Body::RulingMade(b) => self.rule(b),
            Body::PostingMade(b) => self.post(b),
            _ => {}
        }
    }

    fn contact(&mut self, order: &str) {
        *self.contacts.entry(order.to_owned()).or_default() += 1;
    }

    fn rule(&mut self, ruling: &RulingMade) {
        let claim = self.claims.entry(ruling.claim.to_string()).or_default();
        claim.guarantee = ruling.guarantee.as_ref().map(ToString::to_string).or(claim.guarantee.take());
        claim.order = ruling.order.as_ref().map(ToString::to_string).or(claim.order.take());
    }

    fn post(&mut self, posting: &PostingMade) {
        let to_buyer = |account: &str| account.starts_with("buyer/") || account.starts_with("outside/");
        let moved: i64 = posting.entries.iter().filter(|e| to_buyer(e.account.as_str())).map(|e| e.amount_minor.get()).sum();
        let taken_back = posting.reverses.as_ref().and_then(|p| self.purposes.get(p.as_str())).copied();
        let what = taken_back.unwrap_or_else(|| purpose(posting.purpose.as_str()));
        self.purposes.insert(posting.posting.to_string(), what);
        if moved == 0 || matches!(what, Purpose::Sale) {
            return;
        }
        *self.posted.entry(posting.currency).or_default() += moved;
        let claim = posting.claim.as_ref().and_then(|c| self.claims.get(c.as_str()));
        let order = posting.order.as_ref().map(ToString::to_string).or_else(|| claim.and_then(|c| c.order.clone()));
        let Some(order) = order else {
            *self.unassigned.entry(posting.currency).or_default() += moved;
            return;
        };
        let fraud = claim.and_then(|c| c.guarantee.as_deref()).is_some_and(|g| self.fraud.contains(g));
        let cost = self.costs.entry((order, posting.currency)).or_default();
        let part = match what {
            Purpose::Refund => &mut cost.refunds_minor,
            Purpose::Freight => &mut cost.freight_minor,
            Purpose::Compensation if fraud => &mut cost.fraud_loss_minor,
            Purpose::Compensation => &mut cost.compensation_minor,
            Purpose::Other | Purpose::Sale => &mut cost.other_minor,
        };
        *part += moved;
    }

    /// What an order cost in a currency.
    pub fn order(&self, order: &str, currency: Currency) -> OrderCost {
        let cost = self.costs.get(&(order.to_owned(), currency)).copied().unwrap_or_default();
        OrderCost { contacts: self.contacts.get(order).copied().unwrap_or(0), ..cost }
    }

    /// The orders that cost anything, with their costs in a currency, in order of id.
    pub fn orders(&self, currency: Currency) -> impl Iterator<Item = (&str, OrderCost)> {
        let with_money = self.costs.keys().filter(move |(_, c)| *c == currency).map(|(order, _)| order.as_str());
        let all: BTreeSet<&str> = self.contacts.keys().map(String::as_str).chain(with_money).collect();
        all.into_iter().map(move |order| (order, self.order(order, currency)))
    }

    /// The sum over all orders; divide by the number of orders paid for the cost of one.
    pub fn total(&self, currency: Currency) -> OrderCost {
        self.orders(currency).fold(OrderCost::default(), |sum, (_, c)| OrderCost {
            compensation_minor: sum.compensation_minor + c.compensation_minor,
            contacts: sum.contacts + c.contacts,
            fraud_loss_minor: sum.fraud_loss_minor + c.fraud_loss_minor,
            freight_minor: sum.freight_minor + c.freight_minor,
            other_minor: sum.other_minor + c.other_minor,
            refunds_minor: sum.refunds_minor + c.refunds_minor,
        })
    }

    /// Holds costs against the postings.
    pub fn reconcile(&self, currency: Currency) -> Reconciliation {
        Reconciliation {
            posted_minor: self.posted.get(&currency).copied().unwrap_or(0),
            orders_minor: self.total(currency).money_minor(),
            unassigned_minor: self.unassigned.get(&currency).copied().unwrap_or(0),
        }
    }
}
