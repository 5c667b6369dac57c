//! Ordinary words: where one stands, nothing was misheard.

use std::collections::HashSet;
use std::sync::LazyLock;

use jieba_rs::Jieba;

/// The general dictionary, loaded once.
static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Rarer words of the dictionary are more often a disguise than meant.
const RARE: usize = 12;

/// Words of the rule packs and of the trade, over those of the general dictionary.
#[derive(Debug, Default)]
pub(crate) struct Ordinary {
    own: HashSet<Vec<char>>,
}

impl Ordinary {
    pub(crate) fn of(own: impl Iterator<Item = Vec<char>>) -> Ordinary {
        Ordinary { own: own.filter(|word| word.len() >= 2).collect() }
    }

    /// Whether the characters are a word that people say; names of people are none.
    pub(crate) fn holds(&self, chars: &[char]) -> bool {
        if self.own.contains(chars) {
            return true;
        }
        let word: String = chars.iter().collect();
        DICTIONARY.has_word(&word)
            && DICTIONARY.suggest_freq(&word) >= RARE
            && !matches!(DICTIONARY.tag(&word, false).as_slice(), [name] if name.tag.starts_with("nr"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_ordinary_and_names_are_not() {
        let ordinary = Ordinary::of([vec!['老', '铁']].into_iter());
        let holds = |word: &str| ordinary.holds(&word.chars().collect::<Vec<_>>());
        assert!(holds("颜色") && holds("老铁"));
        assert!(!holds("张建国") && !holds("薇信"));
    }
}
