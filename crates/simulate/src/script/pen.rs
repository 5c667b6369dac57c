//! The pen: fills the gaps of a pattern and remembers which stretch is marked.
//!
//! In a pattern `{x}` is a gap, `[` and `]` stand around the stretch that an offence or its look-alike lies in, and
//! `,` is the pause of this sentence: a comma, a blank or nothing.

use super::claims::Said;
use super::{Known, numbers, slots};
use crate::random::Random;

/// Writes one text about an item.
pub(super) struct Pen<'k, 'r> {
    pub(super) text: String,
    pub(super) known: &'k Known<'k>,
    pub(super) random: &'r mut Random,
    pub(super) said: Said<'k>,
    pause: &'static str,
    /// First and one past the last byte of the marked stretch.
    pub(super) mark: Option<(usize, usize)>,
}

impl<'k, 'r> Pen<'k, 'r> {
    /// A pen with an empty sheet.
    pub(super) fn new(known: &'k Known<'k>, random: &'r mut Random) -> Self {
        let pause = slots::word(&["", "", "", " ", "，", "，"], random);
        Self { text: String::with_capacity(192), known, random, said: Said::NOTHING, pause, mark: None }
    }

    /// Writes one of several patterns.
    pub(super) fn one_of(&mut self, patterns: &[&'static str]) {
        let pattern = slots::word(patterns, self.random);
        self.pattern(pattern);
    }

    /// Writes a pause.
    pub(super) fn pause(&mut self) {
        self.text.push_str(self.pause);
    }

    /// Writes a pattern with its gaps filled.
    pub(super) fn pattern(&mut self, pattern: &str) {
        let mut rest = pattern;
        let mut from = None;
        while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'{' | b'[' | b']' | b',')) {
            self.text.push_str(&rest[..at]);
            let mut passed = 1;
            match rest.as_bytes()[at] {
                b'{' => {
                    self.gap(rest.as_bytes()[at + 1]);
                    passed = 3;
                }
                b'[' => from = Some(self.text.len()),
                b']' => self.mark = from.map(|from| (from, self.text.len())),
                _ => self.pause(),
            }
            rest = &rest[at + passed..];
        }
        self.text.push_str(rest);
    }

    fn gap(&mut self, slot: u8) {
        match slot {
            b'n' => self.text.push_str(self.known.noun),
            b'p' => numbers::write(&mut self.text, numbers::Figure::Money(self.known.price_minor), self.random),
            b'a' => numbers::write(&mut self.text, self.said.figure, self.random),
            b'm' => self.text.push_str(self.said.word),
            b'f' => self.text.push_str(slots::word(slots::variants(self.known.category), self.random)),
            b'k' => self.text.push_str(slots::word(slots::packings(self.known.category), self.random)),
            b'u' => self.text.push_str(slots::word(slots::measures(self.known.category), self.random)),
            _ => {
                let words = slots::words(slot);
                if !words.is_empty() {
                    self.text.push_str(slots::word(words, self.random));
                }
            }
        }
    }

    /// How many characters are written.
    pub(super) fn length(&self) -> usize {
        self.text.chars().count()
    }

    /// The marked stretch in code points.
    pub(super) fn span(&self) -> Option<(usize, usize)> {
        let (from, to) = self.mark?;
        let first = self.text[..from].chars().count();
        Some((first, first + self.text[from..to].chars().count()))
    }
}
