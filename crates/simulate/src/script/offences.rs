//! Offences that the words alone give away, by code and by the goods that they fit.

use super::{cures, offence_patterns as patterns};
use crate::random::Random;

/// Which goods an offence can be spoken about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fits {
    Any,
    Edible,
    OrdinaryFood,
    Beauty,
    /// Neither eaten nor put on the skin.
    Ordinary,
}

impl Fits {
    fn takes(self, category: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Edible => matches!(category, "food" | "fresh" | "health_food"),
            Self::OrdinaryFood => matches!(category, "food" | "fresh"),
            Self::Beauty => category == "beauty",
            Self::Ordinary => !matches!(category, "food" | "fresh" | "health_food" | "beauty"),
        }
    }
}

/// A sort of offence.
pub(super) struct Sort {
    /// Its codes.
    pub(super) codes: &'static [&'static str],
    fits: Fits,
    /// What is on file of the item is enough to see it.
    pub(super) on_file: bool,
    /// Ways of committing it.
    pub(super) patterns: &'static [&'static str],
}

const fn sort(codes: &'static [&'static str], fits: Fits, patterns: &'static [&'static str]) -> Sort {
    Sort { codes, fits, on_file: false, patterns }
}

/// All sorts; the first fits any goods.
pub(super) const SORTS: &[Sort] = &[
    sort(&["ABS"], Fits::Any, patterns::ABSOLUTE),
    sort(&["ABS"], Fits::Any, patterns::ABSOLUTE),
    sort(&["MED"], Fits::Ordinary, cures::CURE),
    sort(&["MED"], Fits::Ordinary, cures::CURE),
    sort(&["FOODMED"], Fits::Edible, cures::FOOD_CURE),
    sort(&["FOODMED"], Fits::Edible, cures::FOOD_CURE),
    sort(&["FOODMED", "AUTH"], Fits::Edible, cures::FOOD_CURE_ON_AUTHORITY),
    Sort { codes: &["HEALTH"], fits: Fits::OrdinaryFood, on_file: true, patterns: cures::FUNCTION },
    Sort { codes: &["HEALTH"], fits: Fits::OrdinaryFood, on_file: true, patterns: cures::FUNCTION },
    sort(&["COSM"], Fits::Beauty, cures::SKIN_CURE),
    sort(&["COSM"], Fits::Beauty, cures::SKIN_CURE),
    sort(&["PRICE"], Fits::Any, patterns::PRICE_ADMITTED),
    sort(&["SCAR"], Fits::Any, patterns::SCARCITY_ADMITTED),
    sort(&["SALES"], Fits::Any, patterns::SALES_ADMITTED),
    sort(&["DIVERT"], Fits::Any, patterns::DIVERSION),
    sort(&["DIVERT"], Fits::Any, patterns::DIVERSION),
    sort(&["GUAR"], Fits::Any, patterns::GUARANTEE),
    sort(&["INVEST"], Fits::Any, patterns::RETURNS),
    sort(&["STATE"], Fits::Any, patterns::STATE),
    sort(&["DISP"], Fits::Any, patterns::DISPARAGEMENT),
    sort(&["DISP", "ABS"], Fits::Any, patterns::DISPARAGEMENT_ABSOLUTE),
    sort(&["CERT"], Fits::Any, patterns::CERTIFICATE),
    sort(&["FAKE"], Fits::Any, patterns::COUNTERFEIT),
    sort(&["MINOR"], Fits::Any, patterns::MINORS),
    sort(&["SUPER"], Fits::Any, patterns::SUPERSTITION),
    sort(&["LOTTERY"], Fits::Any, patterns::LOTTERY),
    sort(&["INDUCE"], Fits::Any, patterns::INDUCEMENT),
    sort(&["AUTH"], Fits::Any, patterns::AUTHORITY),
    sort(&["AFTER"], Fits::Any, patterns::AFTER_SALE),
    sort(&["DRAMA"], Fits::Any, patterns::DRAMA),
];

/// One of the sorts that fit goods of a trade.
pub(super) fn any(category: &str, random: &mut Random) -> &'static Sort {
    for _ in 0..16 {
        let sort = random.pick(SORTS);
        if sort.fits.takes(category) {
            return sort;
        }
    }
    &SORTS[0]
}
