//! Promises kept to buyers: which were broken, what cover costs, and who may call upon what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Reason;
use crate::amount::{Amount, Ppm, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{BuyerId, OrderId, ShopId};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::time::Timestamp;

/// `promise.broken`: a clock that an order carries ran out before what was promised came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseBroken {
    /// When it was due.
    pub due: Timestamp,
    /// The order.
    pub order: OrderId,
    /// Which, as `dispatch_promise`.
    pub promise: Name,
    /// Who broke it.
    pub shop: ShopId,
}

impl FactBody for PromiseBroken {
    fn subject(&self) -> Subject {
        Subject::new("order", &self.order)
    }
}

/// What a buyer's standing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BuyerStanding {
    /// Too little is known.
    #[default]
    New,
    /// A buyer of good standing.
    Good,
    /// Some rights are limited for a time.
    Limited,
}

impl BuyerStanding {
    /// Its name in JSON and in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Good => "good",
            Self::Limited => "limited",
        }
    }
}

/// `standing.changed`: a buyer's standing changed, with the reasons and the way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandingChanged {
    /// Before.
    pub before: BuyerStanding,
    /// Who.
    pub buyer: BuyerId,
    /// The guarantee that is limited; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Name>,
    /// Why.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub reasons: Few<Reason, 100>,
    /// From now on.
    pub standing: BuyerStanding,
    /// When a limit ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl FactBody for StandingChanged {
    fn subject(&self) -> Subject {
        Subject::new("buyer", &self.buyer)
    }
}

/// `cover.priced`: what return freight cover costs a shop per order from now on, by the risk that was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverPriced {
    /// Of all amounts.
    pub currency: Currency,
    /// Upper end of the premium's interval.
    pub high_minor: Amount,
    /// Paid out of fees taken, since the cover began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_ratio_ppm: Option<Quantity>,
    /// Lower end of the premium's interval.
    pub low_minor: Amount,
    /// Orders that it rests on.
    pub orders: Quantity,
    /// Returns paid for among them.
    pub paid: Quantity,
    /// What an order costs.
    pub premium_minor: Amount,
    /// The shop.
    pub shop: ShopId,
    /// How much the shop's own experience counts against the market's.
    pub weight_ppm: Ppm,
}

impl FactBody for CoverPriced {
    fn check(&self) -> Result<(), Flaw> {
        if self.low_minor > self.high_minor {
            return Err(Flaw::at("low_minor", "lies above high_minor"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("shop", &self.shop)
    }
}
