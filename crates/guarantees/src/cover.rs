//! Return freight cover as a risk product: its price by observed risk, and what holds a payment for review.
//!
//! # Sources
//! Credibility of a shop's own experience against the market's: Bühlmann (1967), ASTIN Bulletin 4 (3), 199-207;
//! Bühlmann and Straub (1970), Mitteilungen VSVM 70, 111-133; estimators: Bühlmann and Gisler (2005), A Course in
//! Credibility Theory, chapter 4. All in integers; every division rounds as said beside it.

use laotie_facts::{Flaw, SAFE_MAX};
use serde::{Deserialize, Serialize};

/// What holds a payment for a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// A buyer who returns more than this share of orders, …
    pub share_of_orders_bps: u32,
    /// … having returned at least so many, …
    pub minimum_returns: u32,
    /// … in so many days.
    pub days: u16,
    /// More returns than this on one day.
    pub same_day_returns: u32,
    /// More freight paid to the buyer than this in those days.
    pub paid_maximum: u32,
    /// Goods that were back in fewer hours than this: a forged trace.
    pub minimum_way_hours: u16,
}

/// When a rule demands the cover of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// Day of the month on which shops are looked at.
    pub screening_day: u8,
    /// Stars of a day, in hundredths, at most …
    pub stars_centi: i64,
    /// … on at least so many …
    pub days_needed: u16,
    /// … of so many last days.
    pub days_seen: u16,
    /// Lifted with stars of a day, in hundredths, at least …
    pub lift_stars_centi: i64,
    /// … on at least so many of them.
    pub lift_days_needed: u16,
}

/// The cover's own part of its document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// The price is set anew after so many days.
    pub period_days: u16,
    /// How much of a shop's earlier experience is kept at each pricing.
    pub memory_bps: u32,
    /// Paid returns per million covered orders, before anything was seen.
    pub prior_returns_ppm: i64,
    /// Orders that this prior counts as, and that a shop needs for half its own price until the market can tell.
    pub prior_orders: i64,
    /// What a paid return costs, before anything was seen.
    pub prior_cost_minor: i64,
    /// Added for costs and risk.
    pub loading_bps: u32,
    /// The price is at least this …
    pub minimum_premium_minor: i64,
    /// … and at most this.
    pub maximum_premium_minor: i64,
    /// Half-width of the interval, in thousandths of a standard deviation.
    pub interval_z_millis: i64,
    /// Shop periods that the market must have seen before it tells how different shops are.
    pub minimum_periods: i64,
    /// What holds a payment.
    pub hold: Hold,
    /// When it is demanded.
    pub mandate: Option<Mandate>,
}

impl Cover {
    /// Checks what the types cannot say.
    pub(crate) fn check(&self) -> Result<(), Flaw> {
        let within = |field: &str, value: i64, min: i64, max: i64| {
            if (min..=max).contains(&value) {
                Ok(())
            } else {
                Err(Flaw::at(format!("cover.{field}"), format!("{value} is outside {min}..={max}")))
            }
        };
        within("period_days", i64::from(self.period_days), 1, 366)?;
        within("memory_bps", i64::from(self.memory_bps), 0, 10_000)?;
        within("prior_returns_ppm", self.prior_returns_ppm, 0, 1_000_000)?;
        within("prior_orders", self.prior_orders, 1, 1_000_000_000)?;
        within("prior_cost_minor", self.prior_cost_minor, 0, SAFE_MAX)?;
        within("loading_bps", i64::from(self.loading_bps), 0, 100_000)?;
        within("minimum_premium_minor", self.minimum_premium_minor, 0, SAFE_MAX)?;
        within("maximum_premium_minor", self.maximum_premium_minor, self.minimum_premium_minor, SAFE_MAX)?;
        within("interval_z_millis", self.interval_z_millis, 0, 10_000)?;
        within("minimum_periods", self.minimum_periods, 2, 1_000_000)?;
        within("hold.share_of_orders_bps", i64::from(self.hold.share_of_orders_bps), 0, 10_000)?;
        within("hold.days", i64::from(self.hold.days), 1, i64::from(crate::buyer::HISTORY_DAYS))?;
        if let Some(mandate) = &self.mandate {
            within("mandate.days_seen", i64::from(mandate.days_seen), 1, i64::from(crate::shop::WINDOW_DAYS))?;
            within("mandate.days_needed", i64::from(mandate.days_needed), 1, i64::from(mandate.days_seen))?;
            within("mandate.lift_days_needed", i64::from(mandate.lift_days_needed), 1, i64::from(mandate.days_seen))?;
            within("mandate.screening_day", i64::from(mandate.screening_day), 1, 28)?;
            if mandate.lift_stars_centi <= mandate.stars_centi {
                return Err(Flaw::at("cover.mandate.lift_stars_centi", "is not above stars_centi; a day would count both ways"));
            }
        }
        Ok(())
    }
}

/// A shop's experience with the cover.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShopCover {
    /// Covered orders and paid returns of earlier periods, faded.
    pub memory: (i64, i64),
    /// Covered orders, paid returns and freight paid in this period.
    pub period: (i64, i64, i64),
    /// The price in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium_minor: Option<i64>,
    /// The market day of the last pricing, or of the first covered order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priced_on: Option<i64>,
    /// Premiums taken and freight paid since the cover began.
    pub totals: (i64, i64),
}

impl ShopCover {
    /// Whether nothing was covered yet.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Covered orders and paid returns that a price rests on: earlier ones faded, then this period. Rounds down.
    pub fn experience(&self, memory_bps: u32) -> (i64, i64) {
        let keep = i64::from(memory_bps);
        (self.memory.0 * keep / 10_000 + self.period.0, self.memory.1 * keep / 10_000 + self.period.1)
    }

    /// Freight paid out of premiums taken, per million; `None` before the first premium. Rounds down.
    pub fn loss_ratio_ppm(&self) -> Option<i64> {
        let (premiums, paid) = self.totals;
        (premiums > 0).then(|| i64::try_from(i128::from(paid) * 1_000_000 / i128::from(premiums)).unwrap_or(SAFE_MAX).min(SAFE_MAX))
    }
}

/// The market's experience with the cover, a sum over shop periods.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MarketCover {
    /// Covered orders.
    pub orders: i64,
    /// Sum of the squares of covered orders per shop period.
    pub orders_squared: i64,
    /// Paid returns.
    pub paid: i64,
    /// Freight paid.
    pub paid_minor: i64,
    /// Shop periods.
    pub periods: i64,
    /// Sum over shop periods of paid returns squared over covered orders, in millionths.
    pub spread: i64,
}

impl MarketCover {
    /// Adds a shop's period; once sums grow long, all are halved, so that the market fades as well.
    pub fn add(&mut self, (orders, paid, paid_minor): (i64, i64, i64)) {
        if orders == 0 {
            return;
        }
        self.orders += orders;
        self.orders_squared = self.orders_squared.saturating_add(orders.saturating_mul(orders));
        self.paid += paid;
        self.paid_minor = self.paid_minor.saturating_add(paid_minor);
        self.periods += 1;
        let part = i128::from(paid) * i128::from(paid) * 1_000_000 / i128::from(orders);
        self.spread = self.spread.saturating_add(i64::try_from(part).unwrap_or(i64::MAX));
        if self.periods >= 10_000 || self.orders_squared > 1 << 60 || self.spread > 1 << 60 {
            for sum in
                [&mut self.orders, &mut self.orders_squared, &mut self.paid, &mut self.paid_minor, &mut self.periods, &mut self.spread]
            {
                *sum /= 2;
            }
        }
    }
}

/// A price and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Upper end of its interval.
    pub high_minor: i64,
    /// Lower end of its interval.
    pub low_minor: i64,
    /// What an order costs.
    pub premium_minor: i64,
    /// How much the shop's own experience counts.
    pub weight_ppm: i64,
}

/// Prices the cover of a shop with `(orders, paid)` of experience.
///
/// Frequency of paid returns by Bühlmann-Straub: `Z = n / (n + k)`, `k = s²/a`, the within-shop variance that of a
/// yes or no, `a` by the usual estimator of the variance between shops; both from the market once it saw
/// `minimum_periods`, from the prior before. Cost of a return: the market's mean. Premium half a minor unit up;
/// its interval is `z` standard deviations, `(1 - Z) a`, of the frequency either way.
pub fn price(cover: &Cover, market: &MarketCover, (orders, paid): (i64, i64)) -> Price {
    const M: i128 = 1_000_000;
    let (n, c) = (i128::from(orders.max(0)), i128::from(paid.clamp(0, orders.max(0))));
    let prior_orders = i128::from(cover.prior_orders);
    let mean =
        (i128::from(market.paid) * M + i128::from(cover.prior_returns_ppm) * prior_orders) / (i128::from(market.orders) + prior_orders);
    let mean = mean.clamp(0, M);
    let within = mean * (M - mean);
    let k = if market.periods >= cover.minimum_periods { credibility(market, within) } else { prior_orders };
    let weight = n * M / (n + k);
    let own = if n == 0 { mean } else { c * M / n };
    let frequency = (weight * own + (M - weight) * mean) / M;
    let deviation = ((M - weight) * within / k / M).unsigned_abs().isqrt().cast_signed();
    let half = deviation * i128::from(cover.interval_z_millis) / 1_000;
    let cost = if market.paid > 0 { i128::from(market.paid_minor) / i128::from(market.paid) } else { i128::from(cover.prior_cost_minor) };
    let of = |frequency: i128| {
        let scaled = frequency.clamp(0, M) * cost * (10_000 + i128::from(cover.loading_bps));
        let rounded = (scaled + M * 5_000) / (M * 10_000);
        i64::try_from(rounded).unwrap_or(SAFE_MAX).clamp(cover.minimum_premium_minor, cover.maximum_premium_minor)
    };
    Price {
        high_minor: of(frequency + half),
        low_minor: of(frequency - half),
        premium_minor: of(frequency),
        weight_ppm: i64::try_from(weight).unwrap_or(0),
    }
}

/// `k = s²/a` of the market; `within` is `s²` in units of 10⁻¹². At least 1; very large when shops do not differ.
fn credibility(market: &MarketCover, within: i128) -> i128 {
    const M: i128 = 1_000_000;
    const ALIKE: i128 = 1_000_000_000;
    let (orders, paid) = (i128::from(market.orders), i128::from(market.paid));
    if orders == 0 {
        return ALIKE;
    }
    let between = i128::from(market.spread) - paid * paid * M / orders;
    let between = between * M - (i128::from(market.periods) - 1) * within;
    let divisor = orders - i128::from(market.orders_squared) / orders;
    if divisor <= 0 || between <= 0 {
        return ALIKE;
    }
    (within * divisor / between).clamp(1, ALIKE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cover() -> Cover {
        Cover {
            period_days: 30,
            memory_bps: 8_000,
            prior_returns_ppm: 100_000,
            prior_orders: 500,
            prior_cost_minor: 800,
            loading_bps: 1_500,
            minimum_premium_minor: 1,
            maximum_premium_minor: 2_000,
            interval_z_millis: 1_645,
            minimum_periods: 20,
            hold: Hold {
                share_of_orders_bps: 5_000,
                minimum_returns: 4,
                days: 30,
                same_day_returns: 3,
                paid_maximum: 6,
                minimum_way_hours: 2,
            },
            mandate: None,
        }
    }

    #[test]
    fn an_unknown_shop_pays_the_market_price_and_a_known_one_its_own() {
        let mut market = MarketCover::default();
        // Half the shops have 5 % of returns, half 25 %.
        for i in 0..40 {
            market.add((1_000, if i % 2 == 0 { 50 } else { 250 }, if i % 2 == 0 { 40_000 } else { 200_000 }));
        }
        let unknown = price(&cover(), &market, (0, 0));
        let careful = price(&cover(), &market, (5_000, 250));
        let careless = price(&cover(), &market, (5_000, 1_250));
        insta::assert_debug_snapshot!((unknown, careful, careless), @r"
        (
            Price {
                high_minor: 293,
                low_minor: 1,
                premium_minor: 137,
                weight_ppm: 0,
            },
            Price {
                high_minor: 54,
                low_minor: 39,
                premium_minor: 46,
                weight_ppm: 997605,
            },
            Price {
                high_minor: 237,
                low_minor: 222,
                premium_minor: 230,
                weight_ppm: 997605,
            },
        )
        ");
    }

    #[test]
    fn the_loss_ratio_stays_where_the_loading_puts_it_while_fraud_grows() {
        let cover = cover();
        let told: Vec<String> = [0i64, 10, 25, 50]
            .iter()
            .map(|fraud_percent| {
                let (mut market, mut shops) = (MarketCover::default(), vec![ShopCover::default(); 40]);
                let (mut premiums, mut paid_out) = (0i64, 0i64);
                for period in 0..24 {
                    for (i, shop) in shops.iter_mut().enumerate() {
                        // Honest returns differ by shop; fraud adds its share of all that is paid.
                        let (orders, honest) = (200i64, 8 + i64::try_from(i).unwrap_or(0) % 5 * 6);
                        let paid = (honest * 100 / (100 - fraud_percent)).min(orders);
                        let premium = price(&cover, &market, shop.memory).premium_minor;
                        if period >= 12 {
                            premiums += orders * premium;
                            paid_out += paid * 800;
                        }
                        shop.period = (orders, paid, paid * 800);
                        market.add(shop.period);
                        shop.memory = shop.experience(cover.memory_bps);
                    }
                }
                format!("{fraud_percent} % fraud: {} ‰ of premiums paid out", paid_out * 1_000 / premiums)
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        0 % fraud: 890 ‰ of premiums paid out
        10 % fraud: 886 ‰ of premiums paid out
        25 % fraud: 882 ‰ of premiums paid out
        50 % fraud: 878 ‰ of premiums paid out
        ");
    }

    proptest! {
        #[test]
        fn more_returns_never_make_the_cover_cheaper(orders in 1i64..100_000, paid in 0i64..50_000, periods in 0usize..50) {
            let mut market = MarketCover::default();
            for i in 0..periods {
                market.add((500 + i64::try_from(i).unwrap_or(0), 40 + i64::try_from(i * 7 % 30).unwrap_or(0), 32_000));
            }
            let paid = paid.min(orders - 1);
            let (less, more) = (price(&cover(), &market, (orders, paid)), price(&cover(), &market, (orders, paid + 1)));
            prop_assert!(less.premium_minor <= more.premium_minor);
            prop_assert!(less.low_minor <= less.premium_minor && less.premium_minor <= less.high_minor);
            prop_assert!((0..=1_000_000).contains(&less.weight_ppm));
        }
    }
}
