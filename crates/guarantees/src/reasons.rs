//! Reasons of decisions: a code and clause for the public, facts and words for the party.

use laotie_facts::body::Reason;
use laotie_facts::{Few, Name, Quantity, Text};

use crate::document::Words;

/// A reason; facts that cannot be told are left out.
pub(crate) fn reason(code: &str, clause: Option<&str>, facts: &[i64], text: &str) -> Reason {
    let mut facts: Vec<Quantity> = facts.iter().filter(|s| **s > 0).filter_map(|s| Quantity::new(*s).ok()).collect();
    facts.dedup();
    facts.truncate(100);
    let text: String = text.chars().take(1_000).collect();
    Reason {
        clause: clause.and_then(|c| Text::new(c.chars().take(100).collect::<String>()).ok()),
        code: Name::new(code).expect("codes of reasons are names"),
        facts: Few::new(facts).expect("cut to 100"),
        text: Text::new(text).ok(),
    }
}

/// Both languages in one line.
pub(crate) fn words(words: &Words) -> String {
    format!("{} / {}", words.zh, words.en)
}
