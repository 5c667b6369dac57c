//! SQL functions of mappings: exact money, local times, hashed identities.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::SessionContext;
use laotie_facts::{Currency, MarketZone};
use sha2::{Digest, Sha256};

use crate::encode::hex;

/// Decimal text times `times` in units of 10^-`digits`, half to even; `None` when it is no number or too large.
pub(crate) fn minor(text: &str, digits: u32, times: i128) -> Option<i64> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !plain(whole) || !plain(part) || whole.len() + part.len() > 30 || exponent.abs() > 30 {
        return None;
    }
    let value: i128 = format!("0{whole}{part}").parse().ok()?;
    let value = value.checked_mul(times)?;
    let shift = i32::try_from(digits).ok()? + exponent - i32::try_from(part.len()).ok()?;
    let rounded = if shift >= 0 {
        value.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)?
    } else {
        let by = 10_i128.checked_pow(shift.unsigned_abs())?;
        let (quotient, rest) = (value / by, value % by);
        let away = match (rest.abs() * 2).cmp(&by) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => quotient % 2 != 0,
        };
        if away { quotient + value.signum() } else { quotient }
    };
    let signed = if negative { -rounded } else { rounded };
    i64::try_from(signed).ok().filter(|n| n.abs() < 1 << 53)
}

/// A time of an export as RFC 3339; a time without an offset is taken in the zone.
pub(crate) fn local_time(text: &str, zone: &MarketZone) -> Option<String> {
    let text = text.trim();
    if let Ok(time) = laotie_facts::Timestamp::parse(text) {
        return Some(time.to_string());
    }
    // "2024-05-01 12:00:00 -0400", as shop exports write it
    if let Some((rest, offset)) = text.rsplit_once(' ').filter(|(_, o)| o.len() == 5 && (o.starts_with('+') || o.starts_with('-'))) {
        let rfc = format!("{}{}:{}", rest.replacen(' ', "T", 1), &offset[..3], &offset[3..]);
        return laotie_facts::Timestamp::parse(&rfc).ok().map(|t| t.to_string());
    }
    let naive = if text.contains('/') { american(text)? } else { text.replacen(' ', "T", 1) };
    let naive = if naive.len() == 10 {
        format!("{naive}T00:00:00")
    } else if naive.len() == 16 {
        format!("{naive}:00")
    } else {
        naive
    };
    zone.parse_naive(&naive).ok().map(|t| t.to_string())
}

/// `12/1/2010 8:26` as `2010-12-01T08:26`.
fn american(text: &str) -> Option<String> {
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00"));
    let mut parts = date.split('/').map(|p| p.parse::<u32>().ok());
    let (month, day, year) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if year < 100 { 2000 + year } else { year };
    let mut clock = time.split(':').map(|p| p.parse::<u32>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next().flatten().unwrap_or(0));
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// An identity as a keyed hash (HMAC-SHA-256, its first 128 bits), so that the market alone can tell whose it is.
/// Case and blanks around it do not matter.
pub(crate) fn hashed(text: &str, salt: &[u8]) -> String {
    let mut key = [0_u8; 64];
    if salt.len() > key.len() {
        key[..32].copy_from_slice(&Sha256::digest(salt));
    } else {
        key[..salt.len()].copy_from_slice(salt);
    }
    let inner = Sha256::new().chain_update(key.map(|b| b ^ 0x36)).chain_update(text.trim().to_lowercase()).finalize();
    let outer = Sha256::new().chain_update(key.map(|b| b ^ 0x5c)).chain_update(inner).finalize();
    format!("h_{}", &hex(&outer)[..32])
}

/// Decimal text in units of 10^-`digits`; `None` when that is no whole number.
pub(crate) fn minor_exact(text: &str, digits: u32) -> Option<i64> {
    let rounded = minor(text, digits, 1)?;
    (minor(text, digits, 1_000_000)? == rounded.checked_mul(1_000_000)?).then_some(rounded)
}

type Failure = DataFusionError;

fn texts(value: &ArrayRef) -> Result<ArrayRef, Failure> {
    Ok(cast(value, &DataType::Utf8)?)
}

fn text_function(name: &str, turn: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> ScalarUDF {
    let body = move |values: &[ColumnarValue]| -> Result<ColumnarValue, Failure> {
        let arrays = ColumnarValue::values_to_arrays(values)?;
        let text = texts(&arrays[0])?;
        let turned: StringArray = text.as_string::<i32>().iter().map(|t| t.and_then(&turn)).collect();
        Ok(ColumnarValue::Array(Arc::new(turned)))
    };
    create_udf(name, vec![DataType::Utf8], DataType::Utf8, Volatility::Immutable, Arc::new(body))
}

type Money = fn(&str, u32) -> Option<i64>;

fn money_function(name: &str, digits: u32, turn: Money) -> ScalarUDF {
    let body = move |values: &[ColumnarValue]| -> Result<ColumnarValue, Failure> {
        let arrays = ColumnarValue::values_to_arrays(values)?;
        let text = texts(&arrays[0])?;
        let turned: Int64Array = text.as_string::<i32>().iter().map(|t| t.and_then(|t| turn(t, digits))).collect();
        Ok(ColumnarValue::Array(Arc::new(turned)))
    };
    create_udf(name, vec![DataType::Utf8], DataType::Int64, Volatility::Immutable, Arc::new(body))
}

fn minor_times(digits: u32) -> ScalarUDF {
    let body = move |values: &[ColumnarValue]| -> Result<ColumnarValue, Failure> {
        let arrays = ColumnarValue::values_to_arrays(values)?;
        let (text, times) = (texts(&arrays[0])?, cast(&arrays[1], &DataType::Int64)?);
        let both = text.as_string::<i32>().iter().zip(times.as_primitive::<Int64Type>().iter());
        let turned: Int64Array = both.map(|(t, n)| minor(t?, digits, i128::from(n?))).collect();
        Ok(ColumnarValue::Array(Arc::new(turned)))
    };
    create_udf("minor_times", vec![DataType::Utf8, DataType::Int64], DataType::Int64, Volatility::Immutable, Arc::new(body))
}

/// Money in the currency of its row; null where there is no such currency.
fn minor_in() -> ScalarUDF {
    let body = |values: &[ColumnarValue]| -> Result<ColumnarValue, Failure> {
        let arrays = ColumnarValue::values_to_arrays(values)?;
        let (text, currency) = (texts(&arrays[0])?, texts(&arrays[1])?);
        let both = text.as_string::<i32>().iter().zip(currency.as_string::<i32>().iter());
        let turned: Int64Array = both.map(|(t, c)| minor_of(t?, c?)).collect();
        Ok(ColumnarValue::Array(Arc::new(turned)))
    };
    create_udf("minor_in", vec![DataType::Utf8, DataType::Utf8], DataType::Int64, Volatility::Immutable, Arc::new(body))
}

/// Decimal text in minor units of a currency, half to even; `None` when one of the two is none.
pub(crate) fn minor_of(text: &str, currency: &str) -> Option<i64> {
    minor(text, Currency::new(currency).ok()?.digits(), 1)
}

/// Registers the functions of mappings:
/// - `setting(name)`: a setting of the mapping, as it stands in its document or as the user has set it,
/// - `minor(price)`: minor units, half to even; null when it is no number,
/// - `minor_in(price, currency)`: the same in the currency of the row,
/// - `minor_exact(price)`: the same, null when it is no whole number of minor units,
/// - `minor_times(price, pieces)`: the product in minor units, rounded once,
/// - `local_time(text)`: RFC 3339 in UTC,
/// - `hashed(text)`: an identity as a keyed hash.
pub(crate) fn register(context: &SessionContext, zone: MarketZone, currency: Currency, salt: &[u8], settings: &BTreeMap<String, String>) {
    let (salt, settings) = (salt.to_vec(), settings.clone());
    context.register_udf(text_function("setting", move |name| settings.get(name).cloned()));
    context.register_udf(minor_in());
    context.register_udf(money_function("minor", currency.digits(), |text, digits| minor(text, digits, 1)));
    context.register_udf(money_function("minor_exact", currency.digits(), minor_exact));
    context.register_udf(minor_times(currency.digits()));
    context.register_udf(text_function("local_time", move |text| local_time(text, &zone)));
    context.register_udf(text_function("hashed", move |text| Some(hashed(text, &salt))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_and_rounded_half_to_even() {
        assert_eq!(minor("2.55", 2, 6), Some(1_530));
        assert_eq!(minor("0.001", 2, 1), Some(0));
        assert_eq!(minor("0.005", 2, 1), Some(0));
        assert_eq!(minor("0.015", 2, 1), Some(2));
        assert_eq!(minor("-11062.06", 2, 1), Some(-1_106_206));
        assert_eq!(minor("1e-3", 2, 1_000), Some(100));
        assert_eq!(minor("19.9", 0, 1), Some(20));
        for wrong in ["", "-", "1.2.3", "abc", "1e400", "99999999999999999999", "NaN"] {
            assert_eq!(minor(wrong, 2, 1), None, "{wrong}");
        }
    }

    #[test]
    fn a_price_below_the_minor_unit_is_not_exact() {
        assert_eq!(minor_exact("2.55", 2), Some(255));
        assert_eq!(minor_exact("-2.550", 2), Some(-255));
        assert_eq!(minor_exact("0.001", 2), None);
        assert_eq!(minor_exact("12.345", 2), None);
    }

    #[test]
    fn a_hash_is_an_hmac_and_the_market_alone_can_tell_it() {
        // RFC 4231, test case 2.
        assert_eq!(hashed("what do ya want for nothing?", b"Jefe"), "h_5bdcc146bf60754e6a042426089575c7");
        assert_eq!(hashed(" A@b.example ", b"x"), hashed("a@B.example", b"x"));
        assert_ne!(hashed("a@b.example", b"x"), hashed("a@b.example", b"y"));
    }

    #[test]
    fn times_of_exports_are_read_in_their_zone() {
        let zone = MarketZone::new("Europe/London").expect("known");
        let read = |t: &str| local_time(t, &zone);
        assert_eq!(read("2010-12-01 08:26:00").as_deref(), Some("2010-12-01T08:26:00Z"));
        assert_eq!(read("2011-07-01T08:26:00").as_deref(), Some("2011-07-01T07:26:00Z"));
        assert_eq!(read("12/1/2010 8:26").as_deref(), Some("2010-12-01T08:26:00Z"));
        assert_eq!(read("2024-05-01 12:00:00 -0400").as_deref(), Some("2024-05-01T16:00:00Z"));
        assert_eq!(read("yesterday"), None);
    }
}
