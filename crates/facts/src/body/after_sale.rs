//! After sale: returns, refunds, voidings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::error::Flaw;
use crate::ids::{BuyerId, ClaimId, FactKey, ItemId, LineId, OrderId, RefundId, ReturnId, ShopId, SourceId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::text::Text;

/// Why goods go back or money is paid back, as first applied for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterSaleReason {
    /// No reason needed.
    NoReason,
    /// The goods are not as they should be.
    Quality,
    /// The goods are not as described.
    NotAsDescribed,
    /// Counterfeit.
    Counterfeit,
    /// Broken on the way.
    Damaged,
    /// Rotten or spoiled.
    Spoiled,
    /// The buyer's skin or body does not stand it.
    Allergy,
    /// Other goods came than were ordered.
    SubstitutedGoods,
    /// The parcel was empty.
    EmptyParcel,
    /// Dispatched on paper only.
    FakeDispatch,
    /// What was said on air was not true.
    FalseClaim,
    /// The price was not the promised one.
    Price,
    /// Something is missing.
    Missing,
    /// Not sent or not delivered in time.
    Late,
    /// Cancelled before dispatch.
    Cancelled,
    /// Something else.
    Other,
}

impl AfterSaleReason {
    /// Whether the goods were at fault.
    pub fn is_quality(self) -> bool {
        matches!(
            self,
            Self::Quality
                | Self::NotAsDescribed
                | Self::Counterfeit
                | Self::Damaged
                | Self::Missing
                | Self::Spoiled
                | Self::Allergy
                | Self::SubstitutedGoods
                | Self::EmptyParcel
        )
    }
}

/// `return.requested`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRequested {
    /// Which lines; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineId>,
    /// The order.
    pub order: OrderId,
    /// Why.
    pub reason: AfterSaleReason,
    /// The return.
    #[serde(rename = "return")]
    pub return_id: ReturnId,
}

macro_rules! return_steps {
    ($($(#[$doc:meta])* $body:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $body {
            /// The order.
            pub order: OrderId,
            /// The return.
            #[serde(rename = "return")]
            pub return_id: ReturnId,
        }

        impl FactBody for $body {
            fn subject(&self) -> Subject {
                Subject::new("order", &self.order)
            }
        }
    )*};
}
return_steps! {
    /// `return.agreed`.
    ReturnAgreed
    /// `return.shipped`.
    ReturnShipped
    /// `return.received`.
    ReturnReceived
}

impl FactBody for ReturnRequested {
    fn subject(&self) -> Subject {
        Subject::new("order", &self.order)
    }
}

/// What a refund takes back of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundLine {
    /// How much is paid back for it.
    pub amount_minor: Amount,
    /// What was sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The order's line.
    pub line: LineId,
    /// Pieces taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qty: Option<Amount>,
}

/// `refund.paid`: money paid back. A credit note whose order nobody knows is `unlinked` and names the
/// shop instead of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundPaid {
    /// How much.
    pub amount_minor: Amount,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<BuyerId>,
    /// The claim whose ruling it carries out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// Of every amount here.
    pub currency: Currency,
    /// What it is for, where known; the amounts add up to at most the refund.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<RefundLine>,
    /// The order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<AfterSaleReason>,
    /// The refund or credit note.
    pub refund: RefundId,
    /// Where the goods had gone, as the market names its regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<100>>,
    /// The shop; needed when there is no order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// Whether the order is unknown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlinked: bool,
}

impl FactBody for RefundPaid {
    fn check(&self) -> Result<(), Flaw> {
        match (&self.order, self.unlinked, &self.shop) {
            (Some(_), true, _) => Err(Flaw::at("unlinked", "a refund with an order is not unlinked; leave one of the two out")),
            (None, false, _) => Err(Flaw::at("order", "missing; a credit note whose order is unknown says `unlinked: true`")),
            (None, true, None) => Err(Flaw::at("shop", "missing; an unlinked refund names its shop")),
            _ => {
                let lines: i128 = self.lines.iter().map(|l| i128::from(l.amount_minor.get())).sum();
                if lines > i128::from(self.amount_minor.get()) {
                    return Err(Flaw::at("lines", format!("add up to {lines}, more than the refund of {}", self.amount_minor.get())));
                }
                Ok(())
            }
        }
    }

    fn subject(&self) -> Subject {
        match &self.order {
            Some(order) => Subject::new("order", order),
            None => Subject::new("refund", &self.refund),
        }
    }
}

/// `fact.voided`: names a recorded fact that should not have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactVoided {
    /// Key of the fact that is voided.
    pub key: FactKey,
    /// Why.
    pub reason: Text<1000>,
    /// Source of the fact that is voided.
    pub source: SourceId,
}

impl FactBody for FactVoided {
    fn subject(&self) -> Subject {
        Subject::new("fact", format_args!("{}/{}", self.source, self.key))
    }
}
