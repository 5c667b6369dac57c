//! What the market knows about the item that is being shown.

use std::collections::BTreeMap;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number in thousandths, so that facts carry no floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Milli(pub i64);

impl Milli {
    /// A whole number.
    pub const fn whole(units: i64) -> Milli {
        Milli(units.saturating_mul(1000))
    }
}

impl std::fmt::Display for Milli {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (units, rest) = (self.0 / 1000, (self.0 % 1000).abs());
        if rest == 0 {
            return write!(f, "{units}");
        }
        let digits = format!("{rest:03}");
        write!(f, "{units}.{}", digits.trim_end_matches('0'))
    }
}

struct MilliVisitor;

impl Visitor<'_> for MilliVisitor {
    type Value = Milli;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E: Error>(self, v: i64) -> Result<Milli, E> {
        Ok(Milli::whole(v))
    }

    fn visit_u64<E: Error>(self, v: u64) -> Result<Milli, E> {
        Ok(Milli::whole(i64::try_from(v).unwrap_or(i64::MAX)))
    }

    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and facts are far smaller")]
    fn visit_f64<E: Error>(self, v: f64) -> Result<Milli, E> {
        Ok(Milli((v * 1000.0).round() as i64))
    }
}

impl<'de> Deserialize<'de> for Milli {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Milli, D::Error> {
        deserializer.deserialize_any(MilliVisitor)
    }
}

impl Serialize for Milli {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How an item may be sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReturnPolicy {
    /// Seven days, no reason asked.
    #[serde(rename = "7d_no_reason")]
    SevenDays,
    /// For faults only.
    #[serde(rename = "quality_only")]
    QualityOnly,
    /// Made to order, no return without a fault.
    #[serde(rename = "custom_no_return")]
    CustomMade,
    /// None on record.
    #[serde(rename = "none")]
    None,
}

/// The facts of one item: an absent key is unknown, an empty list is none on file. Keys that the
/// reader does not know are passed over, so that a market may hand in what it has.
///
/// Prices are yuan, shares and rates percent; other numbers are counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemFacts {
    /// What it is sold as.
    pub category: Option<String>,
    /// Its name on the listing.
    pub name: Option<String>,
    /// `ordinary_food`, `health_food`, `cosmetic_ordinary`, `cosmetic_special` or `none`.
    pub approval: Option<String>,
    /// Functions on the approval or the filing.
    pub registered_efficacy: Option<Vec<String>>,
    /// Sun protection factor on the registration.
    pub spf: Option<Milli>,
    /// Certificates and reports on file.
    pub certificates: Option<Vec<String>>,
    /// Patents on file.
    pub patents: Option<Vec<String>>,
    /// Contracts with those who speak for it.
    pub endorsements: Option<Vec<String>>,
    /// Whether the owner of the brand has authorised the shop.
    pub brand_authorised: Option<bool>,
    /// Shares in percent by material.
    pub material: Option<BTreeMap<String, Milli>>,
    /// Where it was made or grown.
    pub origin: Option<String>,
    /// Price now.
    pub live_price: Option<Milli>,
    /// Struck-through price on the page.
    pub list_price: Option<Milli>,
    /// Lowest price of thirty days.
    pub price_history_min_30d: Option<Milli>,
    /// Highest price of thirty days.
    pub price_history_max_30d: Option<Milli>,
    /// Price of the day before.
    pub price_yesterday: Option<Milli>,
    /// Price at the start of the month.
    pub price_month_start: Option<Milli>,
    /// Pieces in the pack that is sold.
    pub pack_count: Option<Milli>,
    /// Pieces left.
    pub stock: Option<Milli>,
    /// Pieces left in the largest size.
    pub stock_xl: Option<Milli>,
    /// Whether more will come.
    pub restock_planned: Option<bool>,
    /// Minutes until the offer ends.
    pub promo_minutes_left: Option<Milli>,
    /// Minutes until the coupon ends.
    pub coupon_minutes_left: Option<Milli>,
    /// Pieces sold in all.
    pub units_sold: Option<Milli>,
    /// Pieces sold in three days.
    pub units_sold_3d: Option<Milli>,
    /// Pieces sold in thirty days.
    pub units_sold_30d: Option<Milli>,
    /// Pieces sold in the show before.
    pub last_session_sold: Option<Milli>,
    /// Weight of one piece in jin.
    pub unit_weight_jin: Option<Milli>,
    /// Share of buyers who came back.
    pub repurchase_rate: Option<Milli>,
    /// Share of good reviews.
    pub good_rate: Option<Milli>,
    /// Number of bad reviews.
    pub bad_reviews: Option<Milli>,
    /// Followers of the shop.
    pub shop_fans: Option<Milli>,
    /// Viewers now.
    pub online_viewers: Option<Milli>,
    /// How it may be sent back.
    pub return_policy: Option<ReturnPolicy>,
    /// Months of warranty.
    pub warranty_months: Option<Milli>,
    /// Gifts that come with it.
    pub gifts: Option<Vec<String>>,
}
