//! Time: UTC microseconds inside, RFC 3339 with an offset at the door, the market's zone for days.

use std::fmt;

use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339, or without an offset.
    #[error("`{text}` is not a time with an offset, as `2026-06-10T12:00:00+08:00` or `…Z` (RFC 3339)")]
    NotRfc3339 {
        /// What was sent.
        text: String,
    },
    /// Before 1970 or after 9999.
    #[error("`{text}` lies outside the years 1970 to 9999")]
    OutOfRange {
        /// What was sent.
        text: String,
    },
    /// No such zone.
    #[error("`{name}` is not a time zone, as `Asia/Shanghai`")]
    UnknownZone {
        /// What was asked for.
        name: String,
    },
}

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

const MAX_MICROS: i64 = 253_402_300_799_999_999;

impl Timestamp {
    /// The latest instant that can be written.
    pub const MAX: Timestamp = Timestamp(MAX_MICROS);

    /// From microseconds since the epoch.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] before 1970 or after 9999.
    pub fn from_micros(micros: i64) -> Result<Self, TimeError> {
        if (0..=MAX_MICROS).contains(&micros) {
            return Ok(Self(micros));
        }
        Err(TimeError::OutOfRange { text: format!("{micros} µs") })
    }

    /// Microseconds since the epoch.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with an offset; what is finer than a microsecond is cut off.
    ///
    /// # Errors
    /// [`TimeError`] when it is not such a time.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        if let Some(micros) = parse_utc(text.as_bytes()) {
            return Self::from_micros(micros);
        }
        let not = || TimeError::NotRfc3339 { text: text.chars().take(64).collect() };
        let bytes = text.as_bytes();
        let shaped =
            bytes.len() >= 20 && bytes[4] == b'-' && bytes[7] == b'-' && matches!(bytes[10], b'T' | b't' | b' ') && !text.contains('[');
        if !shaped {
            return Err(not());
        }
        let instant: jiff::Timestamp = text.parse().map_err(|_| not())?;
        Self::from_micros(instant.as_microsecond())
    }

    /// Adds a number of microseconds, staying within what can be written.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros).clamp(0, MAX_MICROS))
    }
}

/// The common form `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, without the general parser.
fn parse_utc(b: &[u8]) -> Option<i64> {
    let digits = |r: std::ops::Range<usize>| -> Option<i64> {
        b[r].iter().try_fold(0i64, |n, d| d.is_ascii_digit().then(|| n * 10 + i64::from(d - b'0')))
    };
    if b.len() < 20 || b.len() > 27 || b[4] != b'-' || b[7] != b'-' || b[10] != b'T' || b[13] != b':' || b[16] != b':' || *b.last()? != b'Z'
    {
        return None;
    }
    let (y, m, d, h, mi, s) = (digits(0..4)?, digits(5..7)?, digits(8..10)?, digits(11..13)?, digits(14..16)?, digits(17..19)?);
    let mut micros = 0;
    if b.len() > 20 {
        if b[19] != b'.' || b.len() == 21 {
            return None;
        }
        let n = b.len() - 21;
        micros = digits(20..20 + n)? * 10_i64.pow(u32::try_from(6 - n).ok()?);
    }
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let month_days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let in_month = *month_days.get(usize::try_from(m - 1).ok()?)?;
    if d < 1 || d > in_month || h > 23 || mi > 59 || s > 59 {
        return None;
    }
    Some(((days_from_civil(y, m, d) * 24 + h) * 60 + mi) * 60_000_000 + s * 1_000_000 + micros)
}

/// Days since 1970-01-01 of a Gregorian date. Hinnant, "chrono-compatible low-level date algorithms".
fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01. Hinnant, as above.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// A time as text, `YYYY-MM-DDTHH:MM:SS[.ffffff]Z` without trailing zeros in the fraction.
struct Printed {
    bytes: [u8; 27],
    length: usize,
}

impl Printed {
    fn of(time: Timestamp) -> Self {
        let (days, of_day) = (time.0.div_euclid(86_400_000_000), time.0.rem_euclid(86_400_000_000));
        let (year, month, day) = civil_from_days(days);
        let (seconds, micros) = (of_day / 1_000_000, of_day % 1_000_000);
        let mut bytes = *b"0000-00-00T00:00:00.000000Z";
        write_digits(&mut bytes[0..4], year);
        write_digits(&mut bytes[5..7], month);
        write_digits(&mut bytes[8..10], day);
        write_digits(&mut bytes[11..13], seconds / 3_600);
        write_digits(&mut bytes[14..16], seconds / 60 % 60);
        write_digits(&mut bytes[17..19], seconds % 60);
        let mut end = 19;
        if micros != 0 {
            write_digits(&mut bytes[20..26], micros);
            end = 26;
            while bytes[end - 1] == b'0' {
                end -= 1;
            }
        }
        bytes[end] = b'Z';
        Self { bytes, length: end + 1 }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).expect("digits and marks are ASCII")
    }
}

fn write_digits(into: &mut [u8], mut value: i64) {
    for digit in into.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Printed::of(*self).as_str())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Printed::of(*self).as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::read_str(deserializer, Self::parse)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> String {
        time.to_string()
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "description": "RFC 3339 with an offset" })
    }
}

/// The market's time zone, by which its days are cut.
#[derive(Debug, Clone)]
pub struct MarketZone(TimeZone);

impl MarketZone {
    /// Finds a zone by its IANA name.
    ///
    /// # Errors
    /// [`TimeError::UnknownZone`].
    pub fn new(name: &str) -> Result<Self, TimeError> {
        TimeZone::get(name).map(Self).map_err(|_| TimeError::UnknownZone { name: name.to_owned() })
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The date in the market, as days since 1970-01-01.
    pub fn day(&self, time: Timestamp) -> i32 {
        let Ok(instant) = jiff::Timestamp::from_microsecond(time.micros()) else { return 0 };
        let date = self.0.to_datetime(instant).date();
        let days = days_from_civil(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
        i32::try_from(days).unwrap_or(0)
    }

    /// 24:00 market time of the `n`th day after: when `n` natural days end.
    pub fn natural_days_after(&self, time: Timestamp, n: i32) -> Timestamp {
        let Ok(instant) = jiff::Timestamp::from_microsecond(time.micros()) else { return time };
        let date = self.0.to_datetime(instant).date();
        let end = date.checked_add(jiff::Span::new().days(i64::from(n) + 1)).and_then(|d| self.0.to_zoned(d.at(0, 0, 0, 0)));
        end.map_or(time, |z| Timestamp(z.timestamp().as_microsecond()))
    }

    /// When the month began in the market.
    pub fn month_start(&self, time: Timestamp) -> Timestamp {
        let Ok(instant) = jiff::Timestamp::from_microsecond(time.micros()) else { return time };
        let first = self.0.to_datetime(instant).date().first_of_month();
        self.0.to_zoned(first.at(0, 0, 0, 0)).map_or(time, |z| Timestamp(z.timestamp().as_microsecond().max(0)))
    }

    /// Reads a naive local time, as exports hold, in this zone.
    ///
    /// # Errors
    /// [`TimeError`] when it is not a time.
    pub fn parse_naive(&self, text: &str) -> Result<Timestamp, TimeError> {
        let not = || TimeError::NotRfc3339 { text: text.chars().take(64).collect() };
        let naive: jiff::civil::DateTime = text.parse().map_err(|_| not())?;
        let zoned = self.0.to_zoned(naive).map_err(|_| not())?;
        Timestamp::from_micros(zoned.timestamp().as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_time_needs_an_offset() {
        assert!(Timestamp::parse("2026-06-10T12:00:00").is_err());
        assert!(Timestamp::parse("2026-06-10").is_err());
        assert!(Timestamp::parse("2026-02-30T12:00:00Z").is_err());
        assert!(Timestamp::parse("1969-12-31T23:59:59Z").is_err());
        assert_eq!(Timestamp::parse("2026-06-10T20:00:00+08:00"), Timestamp::parse("2026-06-10T12:00:00Z"));
    }

    #[test]
    fn a_natural_day_ends_at_midnight_in_the_market() {
        let zone = MarketZone::new("Asia/Shanghai").expect("known zone");
        let paid = Timestamp::parse("2026-06-10T12:00:00Z").expect("valid");
        assert_eq!(zone.natural_days_after(paid, 7).to_string(), "2026-06-17T16:00:00Z");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(micros in 0i64..=MAX_MICROS) {
            let time = Timestamp::from_micros(micros).expect("in range");
            prop_assert_eq!(Timestamp::parse(&time.to_string()), Ok(time));
        }

        #[test]
        fn times_print_as_the_general_library_prints_them(micros in 0i64..=MAX_MICROS, coarse in 0u32..7) {
            let unit = 10_i64.pow(coarse);
            let micros = micros / unit * unit;
            let instant = jiff::Timestamp::from_microsecond(micros).expect("in range");
            prop_assert_eq!(Timestamp(micros).to_string(), instant.to_string());
        }

        #[test]
        fn a_date_and_its_number_of_days_agree(days in 0i64..2_932_896) {
            let (year, month, day) = civil_from_days(days);
            prop_assert_eq!(days_from_civil(year, month, day), days);
        }

        #[test]
        fn both_parsers_agree(micros in 0i64..=MAX_MICROS) {
            let text = Timestamp(micros).to_string();
            prop_assert_eq!(parse_utc(text.as_bytes()), Some(micros));
        }
    }
}
