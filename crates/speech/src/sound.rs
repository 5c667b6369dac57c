//! Words by sound: toneless syllables with the initials and finals folded that are easily confused.

use pinyin::ToPinyin;

/// Private-use base of the characters that stand for folded syllables in the automaton by sound.
const BASE: u32 = 0xF_0000;

/// Syllables as `pinyin` spells them, without tone.
const INITIALS: [&str; 24] =
    ["", "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w"];
const FINALS: [&str; 36] = [
    "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "er", "i", "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing",
    "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "ve", "v", "io", "n",
];

/// Splits a syllable into the places of its initial and final, folded.
fn folded(syllable: &str) -> Option<(u32, u32)> {
    let initial = match syllable.get(..2) {
        Some("zh" | "ch" | "sh") => &syllable[..2],
        _ => match syllable.get(..1)? {
            "a" | "e" | "o" => "",
            _ => &syllable[..1],
        },
    };
    let rest = &syllable[initial.len()..];
    let initial = match initial {
        "zh" => "z",
        "ch" => "c",
        "sh" => "s",
        "n" => "l",
        other => other,
    };
    let rest = match rest {
        "ang" => "an",
        "eng" => "en",
        "ing" => "in",
        "iang" => "ian",
        "uang" => "uan",
        "ue" => "ve",
        other => other,
    };
    let place = |list: &[&str], it: &str| list.iter().position(|&x| x == it).and_then(|at| u32::try_from(at).ok());
    Some((place(&INITIALS, initial)?, place(&FINALS, rest)?))
}

/// The character that stands for a folded syllable, if the letters are one.
pub(crate) fn syllable_char(syllable: &str) -> Option<char> {
    let (initial, rest) = folded(syllable)?;
    char::from_u32(BASE + initial * 64 + rest)
}

/// The folded syllable of a Chinese character.
pub(crate) fn char_sound(c: char) -> Option<char> {
    let plain = c.to_pinyin()?.plain();
    if plain.contains('ü') { syllable_char(&plain.replace('ü', "v")) } else { syllable_char(plain) }
}

/// Whether letters are one whole syllable of Mandarin.
fn is_syllable(letters: &[char]) -> Option<char> {
    if letters.is_empty() || letters.len() > 6 {
        return None;
    }
    let mut text = String::with_capacity(6);
    text.extend(letters);
    match text.as_str() {
        "n" | "a" | "o" | "e" => return None,
        _ => {}
    }
    syllable_char(&text)
}

/// Cuts a run of letters into syllables, the longest first, going back where that leads nowhere;
/// none if it is not all syllables. A run longer than thirty letters is no pinyin.
pub(crate) fn syllables(letters: &[char]) -> Option<Vec<(usize, usize, char)>> {
    let n = letters.len();
    if n > 30 {
        return None;
    }
    let mut next: Vec<Option<(usize, char)>> = vec![None; n + 1];
    let mut whole = vec![false; n + 1];
    whole[n] = true;
    for start in (0..n).rev() {
        for end in (start + 1..=n.min(start + 6)).rev() {
            if !whole[end] {
                continue;
            }
            if let Some(c) = is_syllable(&letters[start..end]) {
                whole[start] = true;
                next[start] = Some((end, c));
                break;
            }
        }
    }
    if !whole[0] {
        return None;
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < n {
        let (end, c) = next[at]?;
        out.push((at, end, c));
        at = end;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confusable_sounds_are_one() {
        assert_eq!(char_sound('治'), char_sound('字'));
        assert_eq!(char_sound('降'), char_sound('剑'));
        assert_eq!(char_sound('惠'), syllable_char("hui"));
        assert_ne!(char_sound('微'), char_sound('回'));
    }

    #[test]
    fn letters_fall_into_syllables() {
        let of = |s: &str| syllables(&s.chars().collect::<Vec<_>>()).map(|v| v.len());
        assert_eq!(of("zhiliao"), Some(2));
        assert_eq!(of("xianxiang"), Some(2));
        assert_eq!(of("vx"), None);
        assert_eq!(of("bluetooth"), None);
    }
}
