//! What serving orders costs, read off the journal.

use std::collections::{BTreeMap, HashMap};

use laotie_conduct::{CostToServe, OrderCost, SELLER_FRAUD};
use laotie_facts::body::OrderPaid;
use laotie_facts::{Body, Currency, Fact, JournalRow};
use laotie_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use super::merged::Merged;
use crate::market::Market;

/// Kinds that cost something, and orders that they are divided among.
const KINDS: [&str; 7] = ["order.paid", "fact.voided", "claim.opened", "return.requested", "claim.answered", "ruling.made", "posting.made"];

/// What an order cost.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderRow {
    /// The order.
    pub order: String,
    /// Its shop.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Contacts after it was paid: claims, answers, returns asked for; those taken back later took time as well.
    pub contacts: i64,
    /// Prices paid back.
    pub refunds_minor: i64,
    /// Compensation for anything but fraud.
    pub compensation_minor: i64,
    /// Freight that was paid for.
    pub freight_minor: i64,
    /// Compensation for fraud.
    pub fraud_loss_minor: i64,
    /// What went to the buyer's side for another reason.
    pub other_minor: i64,
    /// All of it.
    pub money_minor: i64,
}

impl OrderRow {
    fn new(order: &str, shop: Option<&String>, cost: OrderCost) -> Self {
        Self {
            order: order.to_owned(),
            shop: shop.cloned(),
            contacts: cost.contacts,
            refunds_minor: cost.refunds_minor,
            compensation_minor: cost.compensation_minor,
            freight_minor: cost.freight_minor,
            fraud_loss_minor: cost.fraud_loss_minor,
            other_minor: cost.other_minor,
            money_minor: cost.money_minor(),
        }
    }
}

/// Costs of a market's orders in one currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"currency": "CNY", "orders_paid": 2_000, "orders_with_cost": 61, "contacts_per_1000_orders": 41, "cost_per_order_minor": 188, "total": {"order": "", "contacts": 82, "refunds_minor": 310_000, "compensation_minor": 60_000, "freight_minor": 4_000, "fraud_loss_minor": 2_000, "other_minor": 0, "money_minor": 376_000}, "dearest": [], "posted_minor": 376_000, "unassigned_minor": 0, "agrees_with_books": true}))]
pub struct CostReport {
    /// Of all amounts.
    pub currency: String,
    /// Orders paid in it and not taken back, which the costs are divided among.
    pub orders_paid: i64,
    /// Orders that cost anything.
    pub orders_with_cost: i64,
    /// Contacts for each thousand orders paid.
    pub contacts_per_1000_orders: i64,
    /// Money for each order paid, in minor units, rounded down.
    pub cost_per_order_minor: i64,
    /// The sum over the orders; its `order` is empty.
    pub total: OrderRow,
    /// The dearest orders first.
    pub dearest: Vec<OrderRow>,
    /// What the market's postings moved to the buyers' side after sales.
    pub posted_minor: i64,
    /// What was moved for no order: pay-outs, margins, prepaid accounts.
    pub unassigned_minor: i64,
    /// Whether all orders' costs and the postings agree to the minor unit.
    pub agrees_with_books: bool,
}

/// What was read so far; the next report reads on from there.
#[derive(Debug)]
pub(crate) struct CostsSoFar {
    read: i64,
    costs: CostToServe,
    shops: HashMap<String, String>,
    orders_paid: HashMap<(Currency, String), i64>,
}

impl Default for CostsSoFar {
    fn default() -> Self {
        Self { read: 0, costs: CostToServe::new(SELLER_FRAUD), shops: HashMap::new(), orders_paid: HashMap::new() }
    }
}

impl CostsSoFar {
    async fn read_on(&mut self, market: &Market) -> Result<(), StoreError> {
        let until = market.engine.store().head().await?.seq;
        let mut rows = Merged::between(self.read, until, market.engine.store().as_ref(), &KINDS);
        while let Some(row) = rows.next().await? {
            let fact = read(&row)?;
            match &fact.body {
                Body::OrderPaid(paid) => {
                    self.count(paid, 1);
                    self.shops.insert(paid.order.to_string(), paid.shop.to_string());
                }
                Body::FactVoided(_) => {
                    for voided in market.engine.store().rows(&fact.because).await? {
                        if let Body::OrderPaid(paid) = &read(&voided)?.body {
                            self.count(paid, -1);
                        }
                    }
                }
                _ => self.costs.take(&fact),
            }
            self.read = row.seq;
        }
        self.read = until;
        Ok(())
    }

    fn count(&mut self, paid: &OrderPaid, by: i64) {
        *self.orders_paid.entry((paid.currency, paid.shop.to_string())).or_default() += by;
    }

    fn orders_paid(&self, currency: Currency, shop: Option<&str>) -> i64 {
        self.orders_paid.iter().filter(|((c, s), _)| *c == currency && shop.is_none_or(|shop| shop == s)).map(|(_, n)| n).sum()
    }
}

fn read(row: &JournalRow) -> Result<Fact, StoreError> {
    row.fact().map_err(|e| StoreError::Corrupt { what: format!("journal row {}", row.seq), reason: e.to_string() })
}

/// How many orders each shop was paid for, in any currency.
///
/// # Errors
/// [`StoreError`] when the store fails or a row cannot be read.
pub(super) async fn orders_by_shop(market: &Market) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut so_far = market.costs.lock().await;
    so_far.read_on(market).await?;
    let mut orders: BTreeMap<String, i64> = BTreeMap::new();
    for ((_, shop), n) in &so_far.orders_paid {
        *orders.entry(shop.clone()).or_default() += n;
    }
    Ok(orders)
}

/// Reckons what orders cost; of one shop, or of all. The first report of a market reads its journal, each later one reads on.
///
/// # Errors
/// [`StoreError`] when the store fails or a row cannot be read.
pub async fn cost_to_serve(market: &Market, currency: Currency, shop: Option<&str>, dearest: usize) -> Result<CostReport, StoreError> {
    let mut so_far = market.costs.lock().await;
    so_far.read_on(market).await?;
    let (costs, shops) = (&so_far.costs, &so_far.shops);
    let orders_paid = so_far.orders_paid(currency, shop);
    let of_shop = |order: &str| shop.is_none_or(|s| shops.get(order).is_some_and(|own| own == s));
    let mut found: Vec<OrderRow> =
        costs.orders(currency).filter(|(o, _)| of_shop(o)).map(|(o, c)| OrderRow::new(o, shops.get(o), c)).collect();
    let sum = |field: fn(&OrderRow) -> i64| found.iter().map(field).sum::<i64>();
    let total = OrderRow {
        order: String::new(),
        shop: shop.map(str::to_owned),
        contacts: sum(|r| r.contacts),
        refunds_minor: sum(|r| r.refunds_minor),
        compensation_minor: sum(|r| r.compensation_minor),
        freight_minor: sum(|r| r.freight_minor),
        fraud_loss_minor: sum(|r| r.fraud_loss_minor),
        other_minor: sum(|r| r.other_minor),
        money_minor: sum(|r| r.money_minor),
    };
    let orders_with_cost = i64::try_from(found.len()).unwrap_or(i64::MAX);
    found.sort_by(|a, b| (b.money_minor, b.contacts, &a.order).cmp(&(a.money_minor, a.contacts, &b.order)));
    found.truncate(dearest);
    let books = costs.reconcile(currency);
    let among = orders_paid.max(1);
    Ok(CostReport {
        currency: currency.code().to_owned(),
        orders_paid,
        orders_with_cost,
        contacts_per_1000_orders: total.contacts * 1_000 / among,
        cost_per_order_minor: total.money_minor / among,
        total,
        dearest: found,
        posted_minor: books.posted_minor,
        unassigned_minor: books.unassigned_minor,
        agrees_with_books: books.agrees(),
    })
}
