//! Numbers as one says them: digits, Chinese numerals, 块 and 折, 万 and halves.
//!
//! # Invariants
//! - What is written reads back within 5 percent of the number that was given.

use super::slots::word;
use crate::random::Random;

/// A number that a sentence is about, with what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// No number.
    None,
    /// Money in fen.
    Money(i64),
    /// Pieces or people.
    Count(u32),
    /// Hundredths of the whole.
    Percent(u32),
    /// What is paid, in hundredths of the former price.
    Discount(u32),
    /// A span of minutes.
    Minutes(u32),
    /// A span of months.
    Months(u32),
}

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// Writes a figure in one of its ways.
pub(super) fn write(text: &mut String, figure: Figure, random: &mut Random) {
    match figure {
        Figure::None => {}
        Figure::Money(minor) => money(text, minor, random),
        Figure::Count(n) => count(text, n, random),
        Figure::Percent(n) => percent(text, n, random),
        Figure::Discount(n) => discount(text, n, random),
        Figure::Minutes(n) => minutes(text, n, random),
        Figure::Months(n) => months(text, n, random),
    }
}

/// The nearest number with two digits that count, as one rounds when speaking: off by less than 5 percent.
pub(super) fn rounded(n: u32) -> u32 {
    let mut unit = 1;
    while n / unit >= 100 {
        unit *= 10;
    }
    n.saturating_add(unit / 2) / unit * unit
}

fn money(text: &mut String, minor: i64, random: &mut Random) {
    let yuan = u32::try_from(minor / 100).unwrap_or(0);
    let (jiao, fen) = (u32::try_from(minor / 10 % 10).unwrap_or(0), u32::try_from(minor % 10).unwrap_or(0));
    let style = random.below(7);
    if fen != 0 || (jiao != 0 && style < 2) {
        digits(text, yuan);
        text.push('.');
        digits(text, jiao);
        if fen != 0 {
            digits(text, fen);
        }
        text.push_str(word(&["", "块", "元"], random));
        return;
    }
    let spoken = style >= 4;
    let unit = if jiao == 0 { word(&["", "块", "元", "块钱"], random) } else { "块" };
    match (spoken, unit) {
        (false, _) => digits(text, yuan),
        (true, "") => bare(text, yuan),
        (true, _) => chinese(text, yuan),
    }
    text.push_str(unit);
    if jiao != 0 {
        if spoken {
            text.push_str(DIGITS[jiao as usize % 10]);
        } else {
            digits(text, jiao);
        }
        text.push_str(word(&["", "", "毛"], random));
    }
}

fn count(text: &mut String, n: u32, random: &mut Random) {
    let style = random.below(8);
    if n >= 10_000 && style < 5 {
        return in_myriads(text, n, style, random);
    }
    match style {
        0..=4 => digits(text, n),
        _ => chinese(text, n),
    }
}

fn in_myriads(text: &mut String, n: u32, style: u64, random: &mut Random) {
    let tenths = n.saturating_add(500) / 1_000;
    let (whole, rest) = (tenths / 10, tenths % 10);
    let above = n - n / 10_000 * 10_000;
    if style == 0 && above > 0 && above * 20 <= n {
        chinese(text, n / 10_000);
        text.push_str(word(&["万多", "万出头"], random));
        return;
    }
    let missing = 10_000 - above;
    if style == 0 && above > 0 && missing * 20 <= n {
        text.push('小');
        spoken_digit(text, n / 10_000 + 1);
        text.push('万');
        return;
    }
    match style {
        0 | 1 => {
            spoken_digit(text, whole);
            text.push('万');
            if rest != 0 {
                text.push_str(if rest == 2 { "两" } else { DIGITS[rest as usize] });
                text.push('千');
            }
        }
        2 => {
            digits(text, whole);
            text.push('万');
            if rest != 0 {
                digits(text, rest);
            }
        }
        _ => {
            digits(text, whole);
            if rest != 0 {
                text.push('.');
                digits(text, rest);
            }
            text.push_str(word(&["万", "万", "w"], random));
        }
    }
}

fn percent(text: &mut String, n: u32, random: &mut Random) {
    match random.below(5) {
        0 | 1 => {
            digits(text, n);
            text.push('%');
        }
        2 if (10..100).contains(&n) => {
            text.push_str(DIGITS[n as usize / 10]);
            text.push('成');
            if !n.is_multiple_of(10) {
                text.push_str(DIGITS[n as usize % 10]);
            }
        }
        2 | 3 if n == 100 => text.push_str("百分百"),
        _ => {
            text.push_str("百分之");
            if n == 100 {
                text.push_str("一百");
            } else {
                chinese(text, n);
            }
        }
    }
}

fn discount(text: &mut String, n: u32, random: &mut Random) {
    let (tens, ones) = (n / 10 % 10, n % 10);
    let spoken = random.below(2) == 0;
    let put = |text: &mut String, digit: u32| if spoken { text.push_str(DIGITS[digit as usize]) } else { digits(text, digit) };
    if tens > 0 || !spoken {
        put(text, tens);
    }
    if ones != 0 {
        text.push_str(if spoken { if tens > 0 { "" } else { "零点" } } else { "." });
        put(text, ones);
    }
    text.push('折');
}

fn minutes(text: &mut String, n: u32, random: &mut Random) {
    let spoken = random.below(2) == 0;
    let put = |text: &mut String, n: u32| if spoken { chinese(text, n) } else { digits(text, n) };
    let near = |unit: u32| {
        let times = n.saturating_add(unit / 2) / unit;
        (times > 0 && times.saturating_mul(unit).abs_diff(n) <= n / 20).then_some(times)
    };
    if n >= 2_880
        && let Some(days) = near(1_440)
    {
        spoken_number(text, days, spoken);
        text.push('天');
    } else if n > 100
        && let Some(hours) = near(60)
    {
        spoken_number(text, hours, spoken);
        text.push_str("个小时");
    } else if n > 120 {
        put(text, n / 60);
        text.push_str("小时");
        put(text, n % 60);
        text.push('分');
    } else if n == 60 {
        text.push_str("一个小时");
    } else if n == 30 && spoken {
        text.push_str("半小时");
    } else if n == 15 && spoken {
        text.push_str("一刻钟");
    } else {
        spoken_number(text, n, spoken);
        text.push_str("分钟");
    }
}

fn months(text: &mut String, n: u32, random: &mut Random) {
    let spoken = random.below(2) == 0;
    if n == 6 && spoken {
        text.push_str("半年");
    } else if n.is_multiple_of(12) && random.below(3) != 0 {
        spoken_number(text, n / 12, spoken);
        text.push('年');
    } else {
        spoken_number(text, n, spoken);
        text.push_str("个月");
    }
}

fn spoken_number(text: &mut String, n: u32, spoken: bool) {
    if spoken { spoken_digit(text, n) } else { digits(text, n) }
}

/// A number before a word of measure: 两 in place of 二.
fn spoken_digit(text: &mut String, n: u32) {
    if n == 2 { text.push('两') } else { chinese(text, n) }
}

/// Writes a number in digits.
pub(super) fn digits(text: &mut String, n: u32) {
    let mut unit = 1;
    while n / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        text.push(char::from_digit(n / unit % 10, 10).unwrap_or('0'));
        unit /= 10;
    }
}

/// Writes a number in Chinese numerals.
pub(super) fn chinese(text: &mut String, n: u32) {
    if n == 0 {
        return text.push('零');
    }
    if n < 10_000 {
        return thousands(text, n, Place::First);
    }
    let (myriads, rest) = (n / 10_000, n % 10_000);
    spoken_digit(text, myriads);
    text.push('万');
    if rest > 0 {
        if rest < 1_000 {
            text.push('零');
        }
        thousands(text, rest, Place::After);
    }
}

/// Writes a number that no word of measure follows: the last unit goes unsaid, as in 一百二, 一千八.
fn bare(text: &mut String, n: u32) {
    chinese(text, n);
    for (unit, name) in [(10, '十'), (100, '百'), (1_000, '千')] {
        if n.is_multiple_of(unit) && !(n / unit).is_multiple_of(10) && (1..10).contains(&(n / unit / 10)) && text.ends_with(name) {
            text.pop();
            if text.ends_with('两') {
                text.pop();
                text.push('二');
            }
        }
    }
}

/// Where four digits stand in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    After,
}

fn thousands(text: &mut String, n: u32, place: Place) {
    let (mut rest, mut unit, mut started, mut gap) = (n, 1_000, false, false);
    for name in ["千", "百", "十", ""] {
        let digit = rest / unit;
        rest %= unit;
        if digit == 0 {
            gap = started;
        } else {
            if gap {
                text.push('零');
                gap = false;
            }
            if digit == 2 && unit >= 100 {
                text.push('两');
            } else if unit != 10 || digit != 1 || started || place == Place::After {
                text.push_str(DIGITS[digit as usize % 10]);
            }
            started = true;
            text.push_str(name);
        }
        unit /= 10;
    }
}
