//! Money: integer minor units with a currency, checked arithmetic, named rounding.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Flaw;

/// ISO 4217 alphabetic codes in use, each with the digits of its minor unit; sorted.
#[rustfmt::skip]
const CODES: [[u8; 4]; 155] = [
    *b"AED2", *b"AFN2", *b"ALL2", *b"AMD2", *b"ANG2", *b"AOA2", *b"ARS2", *b"AUD2", *b"AWG2", *b"AZN2", *b"BAM2", *b"BBD2", *b"BDT2",
    *b"BGN2", *b"BHD3", *b"BIF0", *b"BMD2", *b"BND2", *b"BOB2", *b"BRL2", *b"BSD2", *b"BTN2", *b"BWP2", *b"BYN2", *b"BZD2", *b"CAD2",
    *b"CDF2", *b"CHF2", *b"CLP0", *b"CNY2", *b"COP2", *b"CRC2", *b"CUP2", *b"CVE2", *b"CZK2", *b"DJF0", *b"DKK2", *b"DOP2", *b"DZD2",
    *b"EGP2", *b"ERN2", *b"ETB2", *b"EUR2", *b"FJD2", *b"FKP2", *b"GBP2", *b"GEL2", *b"GHS2", *b"GIP2", *b"GMD2", *b"GNF0", *b"GTQ2",
    *b"GYD2", *b"HKD2", *b"HNL2", *b"HTG2", *b"HUF2", *b"IDR2", *b"ILS2", *b"INR2", *b"IQD3", *b"IRR2", *b"ISK0", *b"JMD2", *b"JOD3",
    *b"JPY0", *b"KES2", *b"KGS2", *b"KHR2", *b"KMF0", *b"KPW2", *b"KRW0", *b"KWD3", *b"KYD2", *b"KZT2", *b"LAK2", *b"LBP2", *b"LKR2",
    *b"LRD2", *b"LSL2", *b"LYD3", *b"MAD2", *b"MDL2", *b"MGA2", *b"MKD2", *b"MMK2", *b"MNT2", *b"MOP2", *b"MRU2", *b"MUR2", *b"MVR2",
    *b"MWK2", *b"MXN2", *b"MYR2", *b"MZN2", *b"NAD2", *b"NGN2", *b"NIO2", *b"NOK2", *b"NPR2", *b"NZD2", *b"OMR3", *b"PAB2", *b"PEN2",
    *b"PGK2", *b"PHP2", *b"PKR2", *b"PLN2", *b"PYG0", *b"QAR2", *b"RON2", *b"RSD2", *b"RUB2", *b"RWF0", *b"SAR2", *b"SBD2", *b"SCR2",
    *b"SDG2", *b"SEK2", *b"SGD2", *b"SHP2", *b"SLE2", *b"SOS2", *b"SRD2", *b"SSP2", *b"STN2", *b"SVC2", *b"SYP2", *b"SZL2", *b"THB2",
    *b"TJS2", *b"TMT2", *b"TND3", *b"TOP2", *b"TRY2", *b"TTD2", *b"TWD2", *b"TZS2", *b"UAH2", *b"UGX0", *b"USD2", *b"UYU2", *b"UZS2",
    *b"VES2", *b"VND0", *b"VUV0", *b"WST2", *b"XAF0", *b"XCD2", *b"XOF0", *b"XPF0", *b"YER2", *b"ZAR2", *b"ZMW2", *b"ZWG2",
];

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The renminbi, whose minor unit is the fen.
    pub const CNY: Currency = Currency(*b"CNY");
    /// Sterling.
    pub const GBP: Currency = Currency(*b"GBP");

    /// Reads a code such as `CNY`.
    ///
    /// # Errors
    /// [`Flaw`] when it is not an ISO 4217 code in capital letters.
    pub fn new(code: &str) -> Result<Self, Flaw> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(bytes) if entry(bytes).is_some() => Ok(Self(bytes)),
            _ => Err(Flaw::new(format!("`{}` is not an ISO 4217 currency code in capital letters, as `CNY`", crate::explain::clip(code)))),
        }
    }

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be ASCII when made")
    }

    /// Digits after the point in the major unit: 2 for CNY, 0 for JPY.
    pub fn digits(self) -> u32 {
        let [.., digit] = entry(self.0).expect("checked to be listed when made");
        u32::from(digit - b'0')
    }
}

fn entry(code: [u8; 3]) -> Option<[u8; 4]> {
    let found = CODES.binary_search_by(|[a, b, c, _]| [*a, *b, *c].cmp(&code)).ok()?;
    Some(CODES[found])
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::read_str(deserializer, Self::new)
    }
}

impl JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code" })
    }
}

/// What can go wrong with money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies met; nothing converts.
    #[error("cannot combine {left} with {right}")]
    CurrencyMismatch {
        /// Of the left amount.
        left: Currency,
        /// Of the right amount.
        right: Currency,
    },
    /// The result does not fit.
    #[error("the amount does not fit into 64 bits")]
    Overflow,
    /// Weights to divide by add up to nothing.
    #[error("cannot divide an amount by weights that add up to zero")]
    NoWeight,
}

/// How a division is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Half away from zero.
    HalfUp,
    /// Half to the even neighbour.
    HalfEven,
}

/// A rate in basis points, 1/10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Bps(pub i32);

/// An amount in the minor unit of its currency (fen for CNY, cents for USD).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount of a currency.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// In minor units.
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Adds two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], or [`MoneyError::Overflow`] past `i64`.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Subtracts an amount of the same currency.
    ///
    /// # Errors
    /// As [`Money::checked_add`].
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The share that a rate takes, rounded as told.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] past `i64`.
    pub fn rate(self, rate: Bps, rounding: Rounding) -> Result<Money, MoneyError> {
        let product = i128::from(self.minor) * i128::from(rate.0);
        let minor = i64::try_from(divide(product, 10_000, rounding)).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Divides the amount by weights so that the parts add up to it: largest remainder (Hamilton),
    /// ties to the earlier part.
    ///
    /// # Errors
    /// [`MoneyError::NoWeight`] when the weights add up to zero.
    pub fn spread(self, weights: &[u64]) -> Result<Vec<Money>, MoneyError> {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if total == 0 {
            return Err(MoneyError::NoWeight);
        }
        let amount = i128::from(self.minor.unsigned_abs());
        let mut parts: Vec<i128> = weights.iter().map(|w| amount * i128::from(*w) / total).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(amount * i128::from(weights[*i]) % total));
        let short = usize::try_from(amount - parts.iter().sum::<i128>()).map_err(|_| MoneyError::Overflow)?;
        for i in order.into_iter().take(short) {
            parts[i] += 1;
        }
        let sign = i128::from(self.minor.signum());
        parts.into_iter().map(|p| Ok(Self { minor: i64::try_from(p * sign).map_err(|_| MoneyError::Overflow)?, ..self })).collect()
    }

    fn same(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let unit = 10_u64.pow(digits);
        let (whole, rest) = (self.minor.unsigned_abs() / unit, self.minor.unsigned_abs() % unit);
        let sign = if self.minor < 0 { "-" } else { "" };
        if digits == 0 {
            return write!(f, "{sign}{whole} {}", self.currency);
        }
        write!(f, "{sign}{whole}.{rest:0width$} {}", self.currency, width = digits as usize)
    }
}

/// Divides with the named rounding.
pub(crate) fn divide(value: i128, by: i128, rounding: Rounding) -> i128 {
    let (quotient, rest) = (value / by, value % by);
    let away = match rounding {
        Rounding::Down => false,
        Rounding::HalfUp => rest.abs() * 2 >= by.abs(),
        Rounding::HalfEven => match (rest.abs() * 2).cmp(&by.abs()) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => quotient % 2 != 0,
            std::cmp::Ordering::Greater => true,
        },
    };
    if away { quotient + value.signum() * by.signum() } else { quotient }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_always_add_up(minor in -1_000_000_000i64..1_000_000_000, weights in proptest::collection::vec(0u64..1_000_000, 1..20)) {
            let money = Money::new(minor, Currency::CNY);
            match money.spread(&weights) {
                Ok(parts) => prop_assert_eq!(parts.iter().map(|p| p.minor()).sum::<i64>(), minor),
                Err(error) => prop_assert_eq!(error, MoneyError::NoWeight),
            }
        }
    }

    #[test]
    fn rounding_is_as_named() {
        let half = Money::new(25, Currency::CNY);
        assert_eq!(half.rate(Bps(5_000), Rounding::Down).expect("fits").minor(), 12);
        assert_eq!(half.rate(Bps(5_000), Rounding::HalfUp).expect("fits").minor(), 13);
        assert_eq!(half.rate(Bps(5_000), Rounding::HalfEven).expect("fits").minor(), 12);
    }

    #[test]
    fn it_prints_with_its_currency() {
        assert_eq!(Money::new(-1_205, Currency::CNY).to_string(), "-12.05 CNY");
        assert_eq!(Money::new(7, Currency::new("JPY").expect("known")).to_string(), "7 JPY");
        assert_eq!(Money::new(1_005, Currency::new("KWD").expect("known")).to_string(), "1.005 KWD");
    }

    #[test]
    fn codes_are_sorted_so_that_each_is_found() {
        assert!(CODES.is_sorted());
        for [a, b, c, digits] in CODES {
            let code = [a, b, c];
            let currency = Currency::new(std::str::from_utf8(&code).expect("ASCII")).expect("listed");
            assert_eq!(currency.digits(), u32::from(digits - b'0'));
        }
    }

    #[test]
    fn currencies_do_not_mix() {
        let error = Money::new(1, Currency::CNY).checked_add(Money::new(1, Currency::GBP));
        assert!(matches!(error, Err(MoneyError::CurrencyMismatch { .. })));
        assert!(Currency::new("cny").is_err());
        assert!(Currency::new("XXZ").is_err());
    }
}
