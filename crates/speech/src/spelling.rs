//! How characters are written to be overlooked: other scripts, emoji, look-alikes, split radicals.

use std::collections::HashMap;

use crate::pack::Pack;

/// Tables that give a character its plain form.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    plain: HashMap<char, char>,
    emoji: HashMap<char, Vec<char>>,
    joined: HashMap<(char, char), char>,
    joined_guardedly: HashMap<(char, char), char>,
}

/// Whether a character is a Chinese one.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{2e80}'..='\u{2fdf}')
}

impl Spellings {
    /// The tables of the packs, over the traditional characters, each made simplified by itself.
    pub(crate) fn of(packs: &[Pack]) -> Spellings {
        let mut all = Spellings::default();
        for from in ('\u{3400}'..='\u{9fff}').filter(|c| is_han(*c)) {
            let to = fast2s::convert(from.encode_utf8(&mut [0; 4])).chars().next();
            all.plain.extend(to.filter(|to| *to != from).map(|to| (from, to)));
        }
        for spelling in packs.iter().filter_map(|pack| pack.spelling.as_ref()) {
            for pair in spelling.lookalikes.split_whitespace() {
                if let [from, to] = pair.chars().collect::<Vec<_>>()[..] {
                    all.plain.insert(from, to);
                }
            }
            for entry in spelling.emoji.split_whitespace() {
                let mut chars = entry.chars();
                if let Some(from) = chars.next() {
                    all.emoji.insert(from, chars.filter(|&c| c != '\u{fe0f}').collect());
                }
            }
            for (table, text) in [(&mut all.joined, &spelling.joined), (&mut all.joined_guardedly, &spelling.joined_guardedly)] {
                for entry in text.split_whitespace() {
                    if let [left, right, whole] = entry.chars().collect::<Vec<_>>()[..] {
                        table.insert((left, right), whole);
                    }
                }
            }
        }
        all
    }

    /// The plain form of a character: half width, lower case, simplified, without tone marks.
    pub(crate) fn plain(&self, c: char) -> char {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            'ā' | 'á' | 'ǎ' | 'à' => 'a',
            'ē' | 'é' | 'ě' | 'è' => 'e',
            'ī' | 'í' | 'ǐ' | 'ì' => 'i',
            'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
            'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
            'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
            '①'..='⑨' => char::from_u32(c as u32 - '①' as u32 + '1' as u32).unwrap_or(c),
            _ => c,
        };
        if c.is_ascii() { c.to_ascii_lowercase() } else { self.plain.get(&c).copied().unwrap_or(c) }
    }

    /// What an emoji stands for, if it stands for a word.
    pub(crate) fn emoji(&self, c: char) -> Option<&[char]> {
        self.emoji.get(&c).map(Vec::as_slice)
    }

    /// The character that two components make, when no plain text would have the two in a row.
    pub(crate) fn joined(&self, left: char, right: char) -> Option<char> {
        self.joined.get(&(left, right)).copied()
    }

    /// The same for components that are words themselves, so that only a longer word proves it.
    pub(crate) fn joined_guardedly(&self, left: char, right: char) -> Option<char> {
        self.joined_guardedly.get(&(left, right)).copied()
    }
}
