//! Orders: paid, cancelled, dispatched, picked up, signed for, received.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PartyKind;
use crate::amount::{Amount, Count, ShareBps, SignedAmount};
use crate::error::Flaw;
use crate::ids::{BuyerId, ItemId, LineId, OrderId, PartyId, RoomId, ShopId, ShowId, StreamerId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::text::Text;

/// A line of an order. `total_minor` counts; the unit price is what the shop's software said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// What was sold.
    pub item: ItemId,
    /// Unique within the order.
    pub line: LineId,
    /// How the shop named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<300>>,
    /// Pieces; negative for a line that takes back.
    pub qty: Count,
    /// The line's total before discounts; negative for a line that takes back.
    pub total_minor: SignedAmount,
    /// Price of a piece, where it is a whole number of minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price_minor: Option<SignedAmount>,
}

/// Who pays a discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The merchant.
    Merchant,
    /// The platform.
    Platform,
    /// The streamer.
    Streamer,
    /// The brand.
    Brand,
    /// A service provider.
    Provider,
}

/// A discount on an order and who pays it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// How much.
    pub amount_minor: Amount,
    /// Coupon, spend-and-save, red packet …, as the shop's software names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<100>>,
    /// Who pays it.
    pub payer: Payer,
}

/// A share of an order that goes to a party other than the shop: by a rate of the goods' price, or an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// An amount, spread on the lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// At most so much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_minor: Option<Amount>,
    /// At least so much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_minor: Option<Amount>,
    /// To whom.
    pub party: PartyId,
    /// What the party is.
    pub party_kind: PartyKind,
    /// What for: `commission`, `leader_fee`, `promoter_fee`, `technical_fee`, …
    pub purpose: Name,
    /// A rate of what the lines count for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_bps: Option<ShareBps>,
}

/// Money in an order that no line, discount or freight explains: tax, rounding, instalment interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Added to what is paid; negative when taken off.
    pub amount_minor: SignedAmount,
    /// What it is.
    pub reason: Text<100>,
}

/// Where a buyer came from when the order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The feed of followed accounts.
    Follow,
    /// The fan club.
    FanGroup,
    /// A message.
    Message,
    /// A profile page.
    Profile,
    /// Recommended.
    Recommend,
    /// Search.
    Search,
    /// Advertising.
    Ad,
    /// The shelf: shop page or mall.
    Shelf,
    /// A short video.
    Video,
    /// A link from elsewhere.
    Link,
    /// Something else.
    Other,
}

/// `order.paid`: lines, discounts, freight and adjustments add up to what was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderPaid {
    /// Tax, rounding and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub adjustments: Vec<Adjustment>,
    /// Who bought; absent for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<BuyerId>,
    /// Of every amount here.
    pub currency: Currency,
    /// Discounts, each with its payer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub discounts: Vec<Discount>,
    /// Where the buyer came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// Freight paid by the buyer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub freight_minor: Amount,
    /// What was bought.
    #[schemars(length(min = 1, max = 5000))]
    pub lines: Vec<OrderLine>,
    /// The order.
    pub order: OrderId,
    /// What the buyer paid.
    pub paid_minor: Amount,
    /// Where the goods go, as the market names its regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<100>>,
    /// The live room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// The shop.
    pub shop: ShopId,
    /// The show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// Shares of others than the shop; the market's fee rules say what is taken besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub splits: Vec<Split>,
    /// Who sold it on air.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(amount: &Amount) -> bool {
    amount.get() == 0
}

/// Most lines of an order.
pub const LINES_MAX: usize = 5_000;

impl FactBody for OrderPaid {
    fn check(&self) -> Result<(), Flaw> {
        if self.lines.is_empty() || self.lines.len() > LINES_MAX {
            return Err(Flaw::at("lines", format!("an order has 1 to {LINES_MAX} lines, not {}", self.lines.len())));
        }
        if self.discounts.len() > 200 || self.adjustments.len() > 50 {
            return Err(Flaw::new("an order has at most 200 discounts and 50 adjustments"));
        }
        if self.splits.len() > 20 {
            return Err(Flaw::at("splits", format!("an order has at most 20 splits, not {}", self.splits.len())));
        }
        if let Some(i) = self.splits.iter().position(|s| s.rate_bps.is_some() == s.amount_minor.is_some()) {
            return Err(Flaw::at(format!("splits[{i}]"), "names either `rate_bps` or `amount_minor`"));
        }
        if let Some(i) = self.splits.iter().position(|s| s.minimum_minor.zip(s.maximum_minor).is_some_and(|(min, max)| min > max)) {
            return Err(Flaw::at(format!("splits[{i}].minimum_minor"), "is more than maximum_minor"));
        }
        if let Some(i) = repeated(&self.lines) {
            return Err(Flaw::at(format!("lines[{i}].line"), format!("`{}` stands twice in this order", self.lines[i].line)));
        }
        let lines: i64 = sum(self.lines.iter().map(|l| l.total_minor.get()))?;
        let discounts: i64 = sum(self.discounts.iter().map(|d| d.amount_minor.get()))?;
        let adjustments: i64 = sum(self.adjustments.iter().map(|a| a.amount_minor.get()))?;
        let due = sum([lines, -discounts, adjustments, self.freight_minor.get()].into_iter())?;
        if due != self.paid_minor.get() {
            return Err(Flaw::at(
                "paid_minor",
                format!(
                    "{} is not lines {lines} - discounts {discounts} + freight {} + adjustments {adjustments} = {due}; name the difference in `adjustments`",
                    self.paid_minor.get(),
                    self.freight_minor.get()
                ),
            ));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("order", &self.order)
    }
}

/// Index of the first line whose id an earlier one has.
fn repeated(lines: &[OrderLine]) -> Option<usize> {
    if lines.len() <= 16 {
        return (1..lines.len()).find(|i| lines[..*i].iter().any(|earlier| earlier.line == lines[*i].line));
    }
    let mut seen = std::collections::HashSet::with_capacity(lines.len());
    lines.iter().position(|line| !seen.insert(line.line.as_str()))
}

fn sum(parts: impl Iterator<Item = i64>) -> Result<i64, Flaw> {
    let total: i128 = parts.map(i128::from).sum();
    i64::try_from(total)
        .ok()
        .filter(|t| t.abs() <= crate::amount::SAFE_MAX)
        .ok_or_else(|| Flaw::new("the amounts add up to more than 2^53 - 1"))
}

/// `order.cancelled`: before dispatch; the payment goes back with `refund.paid`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderCancelled {
    /// The order.
    pub order: OrderId,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text<300>>,
}

/// `order.dispatched`: the shop says that it sent the goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderDispatched {
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Text<100>>,
    /// The order.
    pub order: OrderId,
    /// The parcel's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel: Option<Text<100>>,
    /// When it should be delivered, as the buyer was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<crate::time::Timestamp>,
}

/// `order.picked_up`: the carrier has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderPickedUp {
    /// The order.
    pub order: OrderId,
    /// What the carrier weighed, in grams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_g: Option<Amount>,
}

/// `order.signed`: somebody signed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderSigned {
    /// The order.
    pub order: OrderId,
}

/// `order.received`: receipt was confirmed, by the buyer or because the time for it ran out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderReceived {
    /// Whether it was confirmed by the clock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// The order.
    pub order: OrderId,
}

macro_rules! of_order {
    ($($body:ident)*) => {$(
        impl FactBody for $body {
            fn subject(&self) -> Subject {
                Subject::new("order", &self.order)
            }
        }
    )*};
}
of_order! { OrderCancelled OrderDispatched OrderPickedUp OrderSigned OrderReceived }
