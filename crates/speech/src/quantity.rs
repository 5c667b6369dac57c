//! Numbers as they are spoken, with their unit: 五万多, 小两万, 一万二, 三块九毛九, 七成, 对折, 半年.

use crate::number::{digit, number, power};
pub use crate::unit::Unit;
use crate::unit::{starts, unit_after};

/// A number at plain characters `start..end`, in thousandths of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// First plain character.
    pub start: usize,
    /// One past the last, with the unit.
    pub end: usize,
    /// Thousandths.
    pub milli: i64,
    /// What is counted.
    pub unit: Unit,
    /// Whether it was said roughly: 多, 来, 几, 左右.
    pub rough: bool,
    /// Whether a bare run of digits was read one by one (三一六).
    pub digits: bool,
}

/// Kinds of quantities that patterns may name, as `@q:time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuantityKind {
    /// Seconds to years.
    Time,
    /// Yuan.
    Money,
    /// Pieces, doses, times.
    Piece,
    /// People.
    Person,
    /// Percent.
    Percent,
    /// Weight in jin.
    Weight,
}

impl QuantityKind {
    /// All of them.
    pub(crate) const ALL: &[QuantityKind] =
        &[QuantityKind::Time, QuantityKind::Money, QuantityKind::Piece, QuantityKind::Person, QuantityKind::Percent, QuantityKind::Weight];

    /// The name of its concept.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            QuantityKind::Time => "q:time",
            QuantityKind::Money => "q:money",
            QuantityKind::Piece => "q:piece",
            QuantityKind::Person => "q:person",
            QuantityKind::Percent => "q:percent",
            QuantityKind::Weight => "q:weight",
        }
    }

    /// Whether a quantity is of the kind.
    pub(crate) const fn holds(self, q: &Quantity) -> bool {
        match self {
            QuantityKind::Time => matches!(q.unit, Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::Month | Unit::Year),
            QuantityKind::Money => matches!(q.unit, Unit::Yuan),
            QuantityKind::Piece => matches!(q.unit, Unit::Piece),
            QuantityKind::Person => matches!(q.unit, Unit::Person),
            QuantityKind::Percent => matches!(q.unit, Unit::Percent),
            QuantityKind::Weight => matches!(q.unit, Unit::Jin),
        }
    }
}

/// Finds all quantities of a sentence, in order.
pub fn quantities(chars: &[char]) -> Vec<Quantity> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match quantity(chars, at) {
            Some(q) => {
                at = q.end.max(at + 1);
                out.push(q);
            }
            None => at += 1,
        }
    }
    out
}

fn quantity(chars: &[char], at: usize) -> Option<Quantity> {
    let plain = |start, end, milli, unit| Quantity { start, end, milli, unit, rough: false, digits: false };
    for (word, unit, milli) in [
        ("百分百", Unit::Percent, 100_000),
        ("百分之百", Unit::Percent, 100_000),
        ("对折", Unit::Fold, 50_000),
        ("半价", Unit::Fold, 50_000),
        ("对半砍", Unit::Fold, 50_000),
        ("砍一半", Unit::Fold, 50_000),
        ("减一半", Unit::Fold, 50_000),
        ("便宜一半", Unit::Fold, 50_000),
        ("打个对", Unit::Fold, 50_000),
        ("砍了一半", Unit::Fold, 50_000),
        ("少了一半", Unit::Fold, 50_000),
        ("折一半", Unit::Fold, 50_000),
        ("打对折", Unit::Fold, 50_000),
        ("腰斩", Unit::Fold, 50_000),
        ("十成十", Unit::Percent, 100_000),
        ("便宜了一半", Unit::Fold, 50_000),
        ("拦腰砍", Unit::Fold, 50_000),
    ] {
        if starts(chars, at, word) {
            return Some(plain(at, at + word.chars().count(), milli, unit));
        }
    }
    if starts(chars, at, "百分之") {
        let n = number(chars, at + 3)?;
        return Some(Quantity { start: at, end: n.end, milli: n.milli, unit: Unit::Percent, rough: n.rough, digits: false });
    }
    let start = at;
    let n = number(chars, at)?;
    let mut q = Quantity { start, end: n.end, milli: n.milli, unit: Unit::None, rough: n.rough, digits: n.digits };
    match chars.get(n.end) {
        Some('成') if n.milli <= 10_000 && chars.get(n.end + 1) != Some(&'都') => {
            let rest =
                chars.get(n.end + 1).copied().and_then(digit).filter(|_| !matches!(chars.get(n.end + 2), Some('个' | '件' | '千' | '百')));
            q.milli = n.milli * 10 + rest.unwrap_or(0) * 1000;
            q.unit = Unit::Percent;
            q.end = n.end + 1 + usize::from(rest.is_some());
            return Some(q);
        }
        Some('折') => {
            q.unit = Unit::Fold;
            q.milli = if n.milli < 10_000 { n.milli * 10 } else { n.milli };
            q.end = n.end + 1;
            return Some(q);
        }
        _ => {}
    }
    if let Some((end, unit, factor)) = unit_after(chars, q.end) {
        q.end = end;
        q.unit = unit;
        q.milli = q.milli.saturating_mul(factor);
        match unit {
            Unit::Yuan => add_jiao(chars, &mut q),
            Unit::Month | Unit::Year if chars.get(end) == Some(&'半') => {
                q.milli = q.milli.saturating_add(500);
                q.end += 1;
            }
            _ => {}
        }
    }
    Some(q)
}

/// 三块九毛九, 三块九: tenths and hundredths after the yuan.
fn add_jiao(chars: &[char], q: &mut Quantity) {
    if let Some(jiao) = chars.get(q.end).copied().and_then(digit) {
        let follows = chars.get(q.end + 1).copied();
        if matches!(follows, Some('毛' | '角')) {
            q.milli = q.milli.saturating_add(jiao * 100);
            q.end += 2;
            if let Some(fen) = chars.get(q.end).copied().and_then(digit) {
                q.milli = q.milli.saturating_add(fen * 10);
                q.end += 1;
            }
        } else if follows == Some('一') && matches!(unit_after(chars, q.end + 2), Some((_, Unit::Piece, _)))
            || follows.is_none_or(|c| digit(c).is_none() && power(c).is_none() && unit_after(chars, q.end + 1).is_none())
        {
            q.milli = q.milli.saturating_add(jiao * 100);
            q.end += 1;
        }
    }
}

impl Quantity {
    /// Minutes, for a length of time.
    pub fn minutes_milli(&self) -> Option<i64> {
        match self.unit {
            Unit::Second => Some(self.milli / 60),
            Unit::Minute => Some(self.milli),
            Unit::Hour => Some(self.milli.saturating_mul(60)),
            Unit::Day => Some(self.milli.saturating_mul(1440)),
            _ => None,
        }
    }

    /// Months, for a term.
    pub fn months_milli(&self) -> Option<i64> {
        match self.unit {
            Unit::Day => Some(self.milli / 30),
            Unit::Month => Some(self.milli),
            Unit::Year => Some(self.milli.saturating_mul(12)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(i64, Unit)> {
        quantities(&text.chars().collect::<Vec<_>>()).iter().map(|q| (q.milli, q.unit)).collect()
    }

    #[test]
    fn spoken_numbers_have_their_value() {
        for (text, value, unit) in [
            ("三折", 30_000, Unit::Fold),
            ("七五折", 75_000, Unit::Fold),
            ("五万多件", 50_000_000, Unit::Piece),
            ("小两万单", 20_000_000, Unit::Piece),
            ("一万二", 12_000_000, Unit::None),
            ("百分之三十", 30_000, Unit::Percent),
            ("七成", 70_000, Unit::Percent),
            ("四成六", 46_000, Unit::Percent),
            ("对折", 50_000, Unit::Fold),
            ("两百来个", 200_000, Unit::Piece),
            ("3w", 30_000_000, Unit::None),
            ("十来万", 100_000_000, Unit::None),
            ("三块九毛九", 3_990, Unit::Yuan),
            ("两三百", 200_000, Unit::None),
            ("半年", 500, Unit::Year),
            ("一年半", 1_500, Unit::Year),
            ("八百八", 880_000, Unit::None),
            ("五百九十九", 599_000, Unit::None),
            ("一千零五", 1_005_000, Unit::None),
            ("九块九", 9_900, Unit::Yuan),
            ("三百一路掉", 300_000, Unit::None),
            ("三块三一包", 3_300, Unit::Yuan),
            ("三一六", 316_000, Unit::None),
            ("上百万粉丝", 1_000_000_000, Unit::Person),
            ("二十九块七", 29_700, Unit::Yuan),
            ("三千二", 3_200_000, Unit::None),
            ("九成九", 99_000, Unit::Percent),
            ("29.9元", 29_900, Unit::Yuan),
            ("1.2万", 12_000_000, Unit::None),
            ("十二万斤", 120_000_000, Unit::Jin),
            ("八万三千多条", 83_000_000, Unit::Piece),
            ("一点五万", 15_000_000, Unit::None),
            ("二十多万单", 200_000_000, Unit::Piece),
            ("三百来万", 3_000_000_000, Unit::None),
        ] {
            assert!(read(text).contains(&(value, unit)), "{text}: {:?}", read(text));
        }
    }
}
