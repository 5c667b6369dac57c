//! How far a spoken figure may lie from the record before it is false; rules of a market, so they stand in a pack.

use serde::Deserialize;

/// What claims of fact are held to. Percents are of the record unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tolerance {
    /// A count or rate is true when the record reaches this share of what is said.
    pub(crate) count_reached_percent: i64,
    /// A reference price is false above this.
    pub(crate) reference_price_percent: i64,
    /// A discount is false when it says less is paid than this share of what is.
    pub(crate) discount_percent: i64,
    /// A saving is false above this.
    pub(crate) saving_percent: i64,
    /// "The lowest" is false when the price is above this share of the lowest.
    pub(crate) lowest_price_percent: i64,
    /// "So many left" is false when more than this share of what is said is left, and the pieces below.
    pub(crate) stock_percent: i64,
    /// In thousandths of a piece.
    pub(crate) stock_extra_milli: i64,
    /// The same where the number is said roughly.
    pub(crate) rough_stock_percent: i64,
    /// In thousandths of a piece.
    pub(crate) rough_stock_extra_milli: i64,
    /// With more pieces than this, goods are not nearly gone.
    pub(crate) plenty: i64,
    /// A countdown is false when more than this share of the time said is left, and the minutes below.
    pub(crate) countdown_percent: i64,
    /// In thousandths of a minute.
    pub(crate) countdown_extra_milli: i64,
    /// A share of a material is true when the record reaches this share of it.
    pub(crate) material_reached_percent: i64,
    /// A material that is named must make up so much, in percent of the goods.
    pub(crate) material_named_percent: i64,
    /// One said to be the real thing.
    pub(crate) material_real_percent: i64,
    /// One said to be all there is.
    pub(crate) material_pure_percent: i64,
    /// A record whose shares add up to this names all that is in the goods.
    pub(crate) material_complete_percent: i64,
}

/// `value` times so many percent.
pub(crate) fn percent(value: i64, percent: i64) -> i64 {
    i64::try_from(i128::from(value) * i128::from(percent) / 100).unwrap_or(i64::MAX)
}
