//! Numbers as they are spoken or written, without their unit.

use crate::unit::unit_after;

pub(crate) fn digit(c: char) -> Option<i64> {
    Some(match c {
        '0'..='9' => i64::from(c as u32 - '0' as u32),
        '零' | '〇' => 0,
        '一' | '幺' | '壹' => 1,
        '二' | '两' | '俩' | '贰' => 2,
        '三' | '仨' | '叁' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

pub(crate) fn power(c: char) -> Option<i64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' | 'k' => 1000,
        '万' | 'w' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// Characters that make a word with 一 before them, as in 一路: it is no digit of the number before.
const WORDS_OF_ONE: &str = "路直下起样共会律定概边旦般边口";

/// A number, in thousandths.
pub(crate) struct Number {
    /// One past its last character.
    pub(crate) end: usize,
    pub(crate) milli: i64,
    /// Whether it was said roughly.
    pub(crate) rough: bool,
    /// Whether it was read digit by digit.
    pub(crate) digits: bool,
}

/// Reads a number that starts at `at`.
pub(crate) fn number(chars: &[char], at: usize) -> Option<Number> {
    let first = *chars.get(at)?;
    if first.is_ascii_digit() {
        return Some(arabic(chars, at));
    }
    if first == '半' {
        return Some(Number { end: at + 1, milli: 500, rough: false, digits: false });
    }
    let mut end = at;
    let (mut total, mut section, mut last, mut scale) = (0_i64, 0_i64, None::<i64>, 1_i64);
    let mut rough = false;
    let mut plain = Vec::new();
    let mut zero = false;
    while let Some(&c) = chars.get(end) {
        if let Some(d) = digit(c) {
            if c == '一' && end > at && chars.get(end + 1).is_some_and(|&next| WORDS_OF_ONE.contains(next)) {
                break;
            }
            plain.push(d);
            if d == 0 {
                zero = true;
            }
            if let Some(before) = last
                && chars.get(end + 1).copied().and_then(power).is_some()
                && before > 0
                && plain.len() == 2
                && d == before + 1
            {
                // 两三百: the lower bound.
                rough = true;
                end += 1;
                continue;
            }
            last = Some(d);
        } else if c == '几' || c == '数' && chars.get(end + 1).copied().and_then(power).is_some() {
            rough = true;
            last = Some(if end == at { 3 } else { 0 });
            if c == '数' && last == Some(0) {
                break;
            }
        } else if let Some(p) = power(c).filter(|_| !matches!(c, 'k' | 'w') || end > at) {
            if plain.len() > 2 && last.is_some() && section == 0 && total == 0 && plain.iter().all(|&d| d < 10) && p < 10_000 {
                break;
            }
            let units = last.take().unwrap_or(i64::from(section == 0 || p < 10_000));
            if p >= 10_000 {
                section = section.saturating_add(if section > 0 && units == 1 && plain.is_empty() { 0 } else { units });
                total = total.saturating_add(section.max(1)).saturating_mul(p);
                section = 0;
            } else {
                section = section.saturating_add(units.saturating_mul(p));
            }
            scale = p;
            plain.clear();
            zero = false;
        } else if matches!(c, '多' | '来' | '余' | '好')
            && end > at
            && (chars.get(end + 1).copied().and_then(power).is_some() || unit_after(chars, end + 1).is_some())
            && (section > 0 || total > 0)
        {
            rough = true;
        } else {
            break;
        }
        end += 1;
    }
    if end == at {
        return None;
    }
    if section == 0 && total == 0 && (plain.len() >= 3 || plain.len() == 2 && chars.get(end) == Some(&'折')) {
        let value = plain.iter().take(12).fold(0_i64, |v, d| v * 10 + d);
        return Some(Number { end, milli: value.saturating_mul(1000), rough, digits: true });
    }
    let tail = last.unwrap_or(0);
    let tail = if scale >= 100 && !zero && plain.len() == 1 { tail.saturating_mul(scale / 10) } else { tail };
    let mut milli = total.saturating_add(section).saturating_add(tail).saturating_mul(1000);
    if chars.get(end) == Some(&'点') {
        let mut place = 100;
        while let Some(d) = chars.get(end + 1).copied().and_then(digit) {
            if end + 1 < chars.len() && place > 0 {
                milli = milli.saturating_add(d * place);
                place /= 10;
            }
            end += 1;
        }
        if place < 100 {
            end += 1;
            if let Some(p) = chars.get(end).copied().and_then(power).filter(|p| *p >= 10_000) {
                milli = milli.saturating_mul(p);
                end += 1;
            }
        }
    }
    Some(Number { end, milli, rough, digits: false })
}

fn arabic(chars: &[char], at: usize) -> Number {
    let mut end = at;
    let mut milli = 0_i64;
    while let Some(d) = chars.get(end).filter(|c| c.is_ascii_digit()).copied().and_then(digit) {
        milli = milli.saturating_mul(10).saturating_add(d);
        end += 1;
    }
    milli = milli.saturating_mul(1000);
    if chars.get(end) == Some(&'.') && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        end += 1;
        let mut place = 100;
        while let Some(d) = chars.get(end).filter(|c| c.is_ascii_digit()).copied().and_then(digit) {
            milli = milli.saturating_add(d * place);
            place /= 10;
            end += 1;
        }
    }
    let mut rough = false;
    while let Some(&c) = chars.get(end) {
        let letter_follows = chars.get(end + 1).is_some_and(char::is_ascii_alphabetic);
        if let Some(p) = power(c).filter(|_| !(c.is_ascii() && letter_follows)) {
            milli = milli.saturating_mul(p);
        } else if matches!(c, '多' | '来' | '余' | '几') {
            rough = true;
        } else {
            break;
        }
        end += 1;
    }
    Number { end, milli, rough, digits: false }
}
