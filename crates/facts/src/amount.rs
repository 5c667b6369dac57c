//! Integers as they stand in bodies, each with its own bounds.
//!
//! Bodies are hashed as canonical JSON, whose numbers are exact up to 2^53 − 1 only, so that is the
//! bound of every integer here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Flaw;

/// Greatest integer that canonical JSON keeps exact.
pub const SAFE_MAX: i64 = (1 << 53) - 1;

macro_rules! bounded {
    ($($(#[$doc:meta])* $name:ident $min:expr, $max:expr, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name(#[schemars(range(min = $min, max = $max))] i64);

        impl $name {
            /// Checks and wraps a number.
            ///
            /// # Errors
            /// [`Flaw`] when it is out of bounds.
            pub fn new(value: i64) -> Result<Self, Flaw> {
                let (min, max): (i64, i64) = ($min, $max);
                if value < min || value > max {
                    return Err(Flaw::new(format!(concat!($what, " {} is outside {}..={}"), value, min, max)));
                }
                Ok(Self(value))
            }

            /// The number.
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                let (min, max): (i64, i64) = ($min, $max);
                Self(0.clamp(min, max))
            }
        }

        impl TryFrom<i64> for $name {
            type Error = Flaw;
            fn try_from(value: i64) -> Result<Self, Flaw> {
                Self::new(value)
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> i64 {
                value.0
            }
        }
    )*};
}

bounded! {
    /// Money that is never negative, in minor units of the currency beside it.
    Amount 0, SAFE_MAX, "amount";
    /// Money of either sign, in minor units of the currency beside it.
    SignedAmount -SAFE_MAX, SAFE_MAX, "amount";
    /// A number of things, of either sign where lines may be negative.
    Count -SAFE_MAX, SAFE_MAX, "count";
    /// A number of things that is never negative: pieces, bytes, grams, milliseconds, as the field's name says.
    Quantity 0, SAFE_MAX, "number";
    /// Parts per million, for probabilities and shares.
    Ppm 0, 1_000_000, "ppm";
    /// A share of money in basis points, from nothing to all of it.
    ShareBps 0, 10_000, "bps";
    /// Stars given in a review.
    Stars 1, 5, "stars";
}
