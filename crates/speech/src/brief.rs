//! A script read before the show: every risky sentence, and every claim that wants a proof.

use crate::book::RuleBook;
use crate::finding::Finding;
use crate::item::ItemFacts;
use crate::naming::named;
use crate::reader::Reader;

/// Longest sentence that is read as one; a longer one is cut.
const SENTENCE_MAX: usize = 300;

/// A sentence of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its first character in the script, from 0.
    pub start: usize,
    /// The words.
    pub text: String,
    /// The item that it is about, as a place in the assortment.
    pub item: Option<usize>,
    /// What it claims.
    pub findings: Vec<Finding>,
}

/// Reads a script against an assortment of items by id.
///
/// A sentence is about the item whose name it holds; the sentences behind it are too, until another is named. An
/// assortment of one is meant throughout.
pub fn brief(book: &RuleBook, script: &str, items: &[ItemFacts]) -> Vec<Line> {
    let reader = Reader::new(book);
    let mut item = (items.len() == 1).then_some(0);
    sentences(script)
        .into_iter()
        .map(|(start, text)| {
            item = named(items.iter().map(|i| i.name.as_deref().unwrap_or("")), &text).or(item);
            let findings = reader.read(&text, item.map(|at| &items[at]));
            Line { start, text, item, findings }
        })
        .collect()
}

/// The sentences of a text, each with the place of its first character.
pub fn sentences(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut start, mut open) = (0, String::new());
    let mut length = 0;
    let mut end = |start: usize, open: &mut String| {
        let blank = open.chars().take_while(|c| c.is_whitespace()).count();
        let words = open.trim();
        if !words.is_empty() {
            found.push((start + blank, words.to_owned()));
        }
        open.clear();
    };
    for (at, c) in text.chars().enumerate() {
        if length == 0 {
            start = at;
        }
        open.push(c);
        length += 1;
        if matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | ';' | '\n' | '\r' | '…') || length >= SENTENCE_MAX {
            end(start, &mut open);
            length = 0;
        }
    }
    end(start, &mut open);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_cut_at_its_stops_and_knows_where() {
        let cut = sentences("大家好。  今天卖梨膏！\n第二个");
        assert_eq!(cut, [(0, "大家好。".to_owned()), (6, "今天卖梨膏！".to_owned()), (13, "第二个".to_owned())]);
        assert_eq!(sentences(&"好".repeat(700)).len(), 3);
        assert!(sentences(" \n ").is_empty());
    }

    #[test]
    fn a_sentence_is_about_the_item_that_was_named_last() {
        let book = crate::shipped().expect("shipped");
        let named =
            |name: &str, stock| ItemFacts { name: Some(name.into()), stock: Some(crate::Milli::whole(stock)), ..ItemFacts::default() };
        let items = [named("秋月牌梨膏", 3), named("青山竹纤维毛巾", 900)];
        let lines = brief(book, "先看秋月牌的。库存就剩三单了！再看竹纤维毛巾，库存就剩三单了！", &items);
        assert_eq!(lines.iter().map(|l| l.item).collect::<Vec<_>>(), [Some(0), Some(0), Some(1)]);
        assert!(lines[1].findings.iter().all(|f| !f.is_breach()), "{:?}", lines[1]);
        assert!(lines[2].findings.iter().any(Finding::is_breach), "{:?}", lines[2]);
    }
}
