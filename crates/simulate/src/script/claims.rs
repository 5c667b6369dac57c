//! Claims that what is on file decides: the same words are true of one item and false of another.
//!
//! # Invariants
//! - A true claim agrees with what is known within 5 percent; a false one is off by more than 8 percent, or names
//!   another thing than the one on file.
//! - True and false claims share their patterns.

use super::numbers::{self, Figure};
use super::{Known, claim_patterns, rivals};
use crate::random::Random;

/// The number and the word that a claim puts into its pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said<'k> {
    pub(super) figure: Figure,
    pub(super) word: &'k str,
}

impl<'k> Said<'k> {
    /// Neither number nor word.
    pub(super) const NOTHING: Self = Self { figure: Figure::None, word: "" };

    fn figure(figure: Figure) -> Self {
        Self { figure, word: "" }
    }

    fn word(word: &'k str) -> Option<Self> {
        (!word.is_empty()).then_some(Self { figure: Figure::None, word })
    }
}

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    Reference,
    Discount,
    LowestOfWeek,
    Cheaper,
    Stock,
    Countdown,
    Sold,
    Viewers,
    Good,
    Repurchase,
    Share,
    Material,
    Origin,
    Certificate,
    Efficacy,
    Warranty,
    Return,
}

/// Claims in proportion to how often they are made.
const OFTEN: [Claim; 28] = {
    use Claim::{
        Certificate, Cheaper, Countdown, Discount, Efficacy, Good, LowestOfWeek, Material, Origin, Reference, Repurchase, Return, Share,
        Sold, Stock, Viewers, Warranty,
    };
    [
        Reference,
        Reference,
        Reference,
        Discount,
        Discount,
        LowestOfWeek,
        Cheaper,
        Stock,
        Stock,
        Stock,
        Countdown,
        Countdown,
        Sold,
        Sold,
        Sold,
        Viewers,
        Good,
        Repurchase,
        Share,
        Share,
        Material,
        Origin,
        Origin,
        Certificate,
        Certificate,
        Efficacy,
        Warranty,
        Return,
    ]
};

impl Claim {
    /// One of the claims, the frequent ones more often.
    pub(super) fn any(random: &mut Random) -> Self {
        *random.pick(&OFTEN)
    }

    /// The code of the claim when it is false.
    pub(super) fn code(self, category: &str) -> &'static str {
        match self {
            Self::Reference | Self::Discount | Self::LowestOfWeek | Self::Cheaper => "PRICE",
            Self::Stock | Self::Countdown => "SCAR",
            Self::Sold | Self::Viewers | Self::Good | Self::Repurchase => "SALES",
            Self::Share | Self::Material => "MATERIAL",
            Self::Origin => "ORIGIN",
            Self::Certificate => "CERT",
            Self::Efficacy if category == "beauty" => "COSM",
            Self::Efficacy => "HEALTH",
            Self::Warranty | Self::Return => "AFTER",
        }
    }

    /// The ways of saying it.
    pub(super) fn patterns(self) -> &'static [&'static str] {
        claim_patterns::of(self)
    }

    /// What is said: in agreement with what is known, or, when `lie`, against it. None where nothing can be said.
    pub(super) fn said<'k>(self, known: &'k Known<'k>, lie: bool, random: &mut Random) -> Option<Said<'k>> {
        match self {
            Self::Reference => reference(known, lie, random).map(Figure::Money).map(Said::figure),
            Self::Discount => discount(known, lie, random).map(Figure::Discount).map(Said::figure),
            Self::LowestOfWeek => {
                let lowest = known.price_minor <= known.lowest_7d_minor;
                let higher = known.price_minor * 25 > known.lowest_7d_minor * 27;
                (known.lowest_7d_minor > 0 && if lie { higher } else { lowest }).then_some(Said::NOTHING)
            }
            Self::Cheaper => cheaper(known, lie, random).map(Figure::Money).map(Said::figure),
            Self::Stock => stock(known, lie, random).map(Figure::Count).map(Said::figure),
            Self::Countdown => countdown(known, lie, random).map(Figure::Minutes).map(Said::figure),
            Self::Sold => count(known.sold, lie, random).map(Figure::Count).map(Said::figure),
            Self::Viewers => count(known.viewers, lie, random).map(Figure::Count).map(Said::figure),
            Self::Good => share(known.good_percent, lie, random).map(Figure::Percent).map(Said::figure),
            Self::Repurchase => share(known.repurchase_percent, lie, random).map(Figure::Percent).map(Said::figure),
            Self::Share => material_share(known, lie, random),
            Self::Material if known.material.is_empty() => None,
            Self::Material => Said::word(if lie { rivals::material(known, random)? } else { known.material }),
            Self::Origin if known.origin.is_empty() => None,
            Self::Origin => Said::word(if lie { rivals::origin(known, random)? } else { known.origin }),
            Self::Certificate => Said::word(if lie { rivals::certificate(known, random)? } else { known.certificate }),
            Self::Efficacy if !matches!(known.category, "beauty" | "health_food") => None,
            Self::Efficacy => Said::word(if lie { rivals::efficacy(known, random)? } else { known.efficacy }),
            Self::Warranty if known.warranty_months == 0 => None,
            Self::Warranty if lie => Some(Said::figure(Figure::Months(known.warranty_months.saturating_mul(*random.pick(&[2, 2, 3, 4]))))),
            Self::Warranty => Some(Said::figure(Figure::Months(known.warranty_months))),
            Self::Return => (known.no_reason_return != lie).then_some(Said::NOTHING),
        }
    }
}

/// A former price: one that was really asked, or one above all of the last thirty days.
fn reference(known: &Known<'_>, lie: bool, random: &mut Random) -> Option<i64> {
    let highest = known.highest_30d_minor.max(known.price_minor);
    if !lie {
        let list = known.list_price_minor;
        let asked = if list > known.price_minor && list <= highest && random.below(2) == 0 { list } else { highest };
        return (asked * 20 > known.price_minor * 21).then_some(asked);
    }
    if known.list_price_minor * 10 > highest * 11 && random.below(2) == 0 {
        return Some(known.list_price_minor);
    }
    (highest > 0).then(|| ending_like(highest * random.whole(125, 310) / 100, highest))
}

/// A price of about that height which ends as `like` does; never below it.
fn ending_like(minor: i64, like: i64) -> i64 {
    let step = match minor / 100 {
        0..10 => 100,
        10..100 => 500,
        _ => 1_000,
    };
    minor.div_euclid(step) * step + like % step + if like % step < minor % step { step } else { 0 }
}

fn discount(known: &Known<'_>, lie: bool, random: &mut Random) -> Option<u32> {
    let highest = known.highest_30d_minor.max(known.price_minor);
    if highest <= 0 {
        return None;
    }
    let true_share = u32::try_from((known.price_minor * 100 + highest - 1) / highest).ok()?;
    let tens = true_share.div_ceil(10) * 10;
    let round = if (tens - true_share) * 25 <= true_share { tens } else { true_share };
    if lie {
        let said = true_share * u32::try_from(random.whole(45, 90)).ok()? / 100;
        return (said >= 5).then_some(if said >= 20 && random.below(2) == 0 { said / 10 * 10 } else { said });
    }
    (10..=95).contains(&round).then_some(round)
}

fn cheaper(known: &Known<'_>, lie: bool, random: &mut Random) -> Option<i64> {
    let less = known.lowest_7d_minor - known.price_minor;
    if !lie {
        return (less >= 100 && known.lowest_7d_minor > 0).then_some(less);
    }
    let base = less.max(known.price_minor / 12).max(100);
    (known.lowest_7d_minor > 0).then(|| base * random.whole(15, 45) / 1_000 * 100 + 100)
}

fn stock(known: &Known<'_>, lie: bool, random: &mut Random) -> Option<u32> {
    if !lie {
        return (known.stock > 0).then(|| perhaps_rounded(known.stock, random));
    }
    if known.stock < 12 {
        return None;
    }
    let share = u32::try_from(random.whole(6, 20) * random.whole(10, 35)).ok()?;
    Some(perhaps_rounded((known.stock.min(4_000_000) * share / 1_000).max(2), random))
}

fn countdown(known: &Known<'_>, lie: bool, random: &mut Random) -> Option<u32> {
    if !lie {
        return (known.minutes_left > 0).then(|| spoken_minutes(known.minutes_left));
    }
    let longest = if known.minutes_left == 0 { 180 } else { (i64::from(known.minutes_left) / 2).clamp(2, 180) };
    let said = spoken_minutes(u32::try_from(random.whole(2, longest)).unwrap_or(2));
    (known.minutes_left == 0 || known.minutes_left / 2 > said).then_some(said)
}

/// The minutes that one says: to the next five where that is near enough.
fn spoken_minutes(minutes: u32) -> u32 {
    let fives = minutes.saturating_add(2) / 5 * 5;
    if fives.abs_diff(minutes) <= minutes / 20 { fives } else { minutes }
}

/// What was counted, or several times as many.
fn count(counted: u32, lie: bool, random: &mut Random) -> Option<u32> {
    if counted == 0 {
        return None;
    }
    let times = if lie { u32::try_from(random.whole(18, 110)).ok()? } else { 10 };
    Some(perhaps_rounded(counted.min(30_000_000).saturating_mul(times) / 10, random))
}

fn perhaps_rounded(n: u32, random: &mut Random) -> u32 {
    if random.below(3) == 0 { n } else { numbers::rounded(n) }
}

fn share(percent: u32, lie: bool, random: &mut Random) -> Option<u32> {
    if percent == 0 || percent > 100 {
        return None;
    }
    if !lie {
        return Some(percent);
    }
    let least = percent * 110 / 100 + 1;
    let said = i64::from(least.min(99));
    (least <= 99).then(|| u32::try_from(random.whole(said, (said * 2).min(99))).unwrap_or(99))
}

fn material_share<'k>(known: &'k Known<'k>, lie: bool, random: &mut Random) -> Option<Said<'k>> {
    if known.material.is_empty() || known.material_percent == 0 || known.material_percent > 100 {
        return None;
    }
    let percent = known.material_percent;
    if !lie {
        return Some(Said { figure: Figure::Percent(percent), word: known.material });
    }
    if percent <= 85 && random.below(2) == 0 {
        let more = (percent + 15).max(percent / 5 * 6).div_ceil(5) * 5;
        let more = u32::try_from(random.whole(i64::from(more.min(100)) / 5, 20)).ok()? * 5;
        return Some(Said { figure: Figure::Percent(more), word: known.material });
    }
    Some(Said { figure: Figure::Percent(percent), word: rivals::material(known, random)? })
}
