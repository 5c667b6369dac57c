//! Disguises: how a word is written so that a list of words misses it and a viewer still reads it.

use super::pen::Pen;
use super::{characters, parts, pictures};
use crate::random::Random;

/// The disguises, by the names that the truth gives them.
pub(super) const STYLES: [&str; 8] = ["homophone", "pinyin", "spaced", "split", "traditional", "emoji", "fullwidth", "repeat"];

/// Disguises the marked stretch of what is written and says how. None, and no change, where nothing is marked.
pub(super) fn hide(pen: &mut Pen<'_, '_>, styles: &[&'static str]) -> Option<&'static str> {
    let (from, to) = pen.mark?;
    let plain = pen.text.split_off(from);
    let (stretch, rest) = plain.split_at(to - from);
    let style = *pen.random.pick(styles);
    let style = if write(&mut pen.text, stretch, style, pen.random) {
        style
    } else {
        apart(&mut pen.text, stretch, pen.random);
        "spaced"
    };
    pen.mark = Some((from, pen.text.len()));
    pen.text.push_str(rest);
    Some(style)
}

/// Writes a stretch in a disguise; writes nothing and answers false where the disguise knows none of its characters.
fn write(text: &mut String, stretch: &str, style: &str, random: &mut Random) -> bool {
    match style {
        "homophone" => by_table(text, stretch, characters::HOMOPHONES, 0.5, random),
        "pinyin" => by_table(text, stretch, characters::PINYIN, 0.3, random),
        "split" => by_table(text, stretch, parts::PARTS, 0.8, random),
        "traditional" => by_table(text, stretch, characters::TRADITIONAL, 1.0, random),
        "emoji" => by_table(text, stretch, pictures::PICTURES, 0.8, random),
        "fullwidth" => wide(text, stretch),
        "repeat" => repeated(text, stretch, random),
        _ => apart(text, stretch, random),
    }
}

fn by_table(text: &mut String, stretch: &str, table: &[&'static str], share: f64, random: &mut Random) -> bool {
    let known = stretch.chars().filter(|&c| characters::find(table, c).is_some()).count();
    if known == 0 {
        return false;
    }
    let surely = random.index(known);
    let mut seen = 0;
    for c in stretch.chars() {
        match characters::find(table, c) {
            Some(other) => {
                if seen == surely || random.chance(share) {
                    text.push_str(other);
                } else {
                    text.push(c);
                }
                seen += 1;
            }
            None => text.push(c),
        }
    }
    true
}

/// Sets the characters apart.
fn apart(text: &mut String, stretch: &str, random: &mut Random) -> bool {
    let between = *random.pick(&[" ", " ", "·", "-", ".", "/", "~"]);
    for (i, c) in stretch.chars().enumerate() {
        if i > 0 {
            text.push_str(between);
        }
        text.push(c);
    }
    stretch.chars().nth(1).is_some()
}

/// Letters and digits in full width, ideographic blanks between the characters.
fn wide(text: &mut String, stretch: &str) -> bool {
    for (i, c) in stretch.chars().enumerate() {
        if i > 0 {
            text.push('\u{3000}');
        }
        let wide = if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0) } else { None };
        text.push(wide.unwrap_or(c));
    }
    true
}

/// Some characters twice.
fn repeated(text: &mut String, stretch: &str, random: &mut Random) -> bool {
    for (i, c) in stretch.chars().enumerate() {
        text.push(c);
        if !c.is_ascii() && (i == 0 || random.below(2) == 0) {
            text.push(c);
        }
    }
    stretch.chars().next().is_some_and(|c| !c.is_ascii())
}
