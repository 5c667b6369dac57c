//! A sentence in plain form, with the way back to the characters that were written.
//!
//! # Invariants
//! - Every plain character knows the stretch of the original it came from; stretches never run back.
//! - Linear in the length of the sentence.

use crate::finding::Span;
use crate::spelling::{Spellings, is_han};

/// Plain characters, each with the original stretch it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    chars: Vec<char>,
    from: Vec<(usize, usize)>,
}

/// Marks that people put between characters to break a word up.
fn is_breaker(c: char) -> bool {
    matches!(c, '*' | '·' | '_' | '^' | '|' | '~' | '.' | '-' | '/' | '+' | '〇' | '○' | '●' | '•' | '丶' | '✱' | '⭕' | '°')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{ad}' | '\u{300}'..='\u{36f}')
        || matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Whether a character ends a clause.
pub(crate) fn is_clause_end(c: char) -> bool {
    matches!(c, '，' | ',' | '。' | '！' | '!' | '？' | '?' | '；' | ';' | '…')
}

/// Whether a character ends a clause or sets one word off from the next.
pub(crate) fn is_stop(c: char) -> bool {
    is_clause_end(c) || matches!(c, ' ' | '：' | '、')
}

/// A picture that stands for no word: whatever it is, it breaks none up.
fn is_ornament(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}')
}

pub(crate) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "零〇一二两三四五六七八九十百千万亿半点".contains(c)
}

impl Text {
    /// Reads a sentence.
    pub(crate) fn read(raw: &str, spellings: &Spellings) -> Text {
        let mut text = Text::default();
        for (at, c) in raw.chars().enumerate() {
            if is_invisible(c) {
                continue;
            }
            if let Some(word) = spellings.emoji(c) {
                for &w in word {
                    text.push(w, at);
                }
                continue;
            }
            if is_ornament(c) {
                continue;
            }
            text.push(spellings.plain(c), at);
        }
        text.without_breaks().joined(spellings)
    }

    /// Appends a character unless it only repeats what stands there.
    fn push(&mut self, c: char, at: usize) {
        let n = self.chars.len();
        if !c.is_ascii_digit() && !is_numeral(c) {
            let tail = &self.chars[n.saturating_sub(5)..];
            let thrice = n >= 2 && self.chars[n - 1] == c && self.chars[n - 2] == c;
            let pair = matches!(tail, [a, b, x, y, z] if a == x && a == z && b == y && *b == c && a != b);
            if thrice {
                self.from[n - 1].1 = at + 1;
                return;
            }
            if pair {
                self.chars.pop();
                self.from.pop();
                return;
            }
        }
        self.chars.push(c);
        self.from.push((at, at + 1));
    }

    /// Drops spaces and marks that stand between two Chinese characters or single letters, and a
    /// character said twice more.
    fn without_breaks(self) -> Text {
        let mut kept = Text::default();
        let n = self.chars.len();
        let mut next_solid = vec![None; n + 1];
        for i in (0..n).rev() {
            let gap = self.chars[i].is_whitespace() || is_breaker(self.chars[i]);
            next_solid[i] = if gap { next_solid[i + 1] } else { Some(i) };
        }
        for (i, &c) in self.chars.iter().enumerate() {
            if c.is_whitespace() || is_breaker(c) {
                let before = kept.chars.last().copied();
                let after = next_solid[i].map(|j| self.chars[j]);
                let numeric = c == '〇' && before.is_some_and(is_numeral);
                let single = |j: usize| {
                    let letter = |k: usize| self.chars.get(k).is_some_and(char::is_ascii_alphabetic);
                    !(letter(j + 1) || j > 0 && letter(j - 1))
                };
                let drop = match (before, after) {
                    (Some(b), Some(a)) => {
                        let letters = b.is_ascii_alphanumeric() && a.is_ascii_alphanumeric();
                        (is_han(b) && is_han(a) && !numeric)
                            || (c.is_whitespace() && !letters)
                            || (letters && c.is_whitespace() && b.is_ascii_alphabetic() && next_solid[i].is_some_and(single))
                    }
                    _ => c.is_whitespace(),
                };
                if drop {
                    continue;
                }
            }
            let m = kept.chars.len();
            if m >= 2 && is_han(c) && !is_numeral(c) && kept.chars[m - 1] == c && kept.chars[m - 2] == c {
                kept.from[m - 1].1 = self.from[i].1;
                continue;
            }
            kept.chars.push(c);
            kept.from.push(self.from[i]);
        }
        kept
    }

    fn joined(self, spellings: &Spellings) -> Text {
        self.join(|left, right| spellings.joined(left, right)).unwrap_or(self)
    }

    /// The text with every pair put together that `whole` knows; none if there is no such pair.
    fn join(&self, whole: impl Fn(char, char) -> Option<char>) -> Option<Text> {
        let first = self.chars.windows(2).position(|pair| whole(pair[0], pair[1]).is_some())?;
        let mut out = Text { chars: self.chars[..first].to_vec(), from: self.from[..first].to_vec() };
        let mut i = first;
        while i < self.chars.len() {
            let pair = self.chars.get(i + 1).and_then(|&right| whole(self.chars[i], right));
            let (c, from, step) = match pair {
                Some(c) => (c, (self.from[i].0, self.from[i + 1].1), 2),
                None => (self.chars[i], self.from[i], 1),
            };
            out.chars.push(c);
            out.from.push(from);
            i += step;
        }
        Some(out)
    }

    /// The other reading, with components joined that could be words of their own: plain characters
    /// of that reading, each with the index of the first plain character here, and whether joined.
    pub(crate) fn guarded_reading(&self, spellings: &Spellings) -> Option<Vec<(char, usize, bool)>> {
        let whole = |left, right| spellings.joined_guardedly(left, right);
        self.chars.windows(2).find(|pair| whole(pair[0], pair[1]).is_some())?;
        let mut out = Vec::with_capacity(self.chars.len());
        let mut i = 0;
        while i < self.chars.len() {
            match self.chars.get(i + 1).and_then(|&right| whole(self.chars[i], right)) {
                Some(c) => {
                    out.push((c, i, true));
                    i += 2;
                }
                None => {
                    out.push((self.chars[i], i, false));
                    i += 1;
                }
            }
        }
        Some(out)
    }

    /// The plain characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The original stretch of the plain characters `start..end`.
    pub fn original(&self, start: usize, end: usize) -> Span {
        let last = end.max(start + 1).min(self.from.len());
        let start = start.min(last.saturating_sub(1));
        match (self.from.get(start), self.from.get(last.saturating_sub(1))) {
            (Some(a), Some(b)) => Span { start: a.0, end: b.1.max(a.1) },
            _ => Span { start: 0, end: 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(raw: &str) -> String {
        let packs = crate::pack::shipped_for_tests();
        Text::read(raw, &Spellings::of(&packs)).chars().iter().collect()
    }

    #[test]
    fn other_ways_of_writing_become_plain() {
        assert_eq!(plain("〔頂級匠心〕"), "〔顶级匠心〕");
        assert_eq!(plain("最 高 级"), "最高级");
        assert_eq!(plain("ＮＯ．１"), "no.1");
        assert_eq!(plain("氵台疗"), "治疗");
        assert_eq!(plain("开〇光"), "开光");
        assert_eq!(plain("二〇二六"), "二〇二六");
        assert_eq!(plain("要 V x 的"), "要vx的");
    }

    #[test]
    fn spans_lead_back_to_what_was_written() {
        let packs = crate::pack::shipped_for_tests();
        let text = Text::read("贴 氵台 疗", &Spellings::of(&packs));
        assert_eq!(text.original(1, 3), Span { start: 2, end: 6 });
    }
}
