//! The corpus's scorer (`score.py`) once more: micro F1, pairs and false alarms.

use std::collections::{BTreeMap, BTreeSet};

use laotie_speech::{Code, ItemFacts, Reader};
use serde::Deserialize;

/// A labelled sentence.
#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) labels: BTreeSet<Code>,
    pub(crate) evasion: Option<String>,
    #[serde(default)]
    pub(crate) hard_lookalike: bool,
    pub(crate) pair: Option<String>,
    pub(crate) product: Option<ItemFacts>,
}

/// Counts of right and wrong labels.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Micro {
    hits: u32,
    false_alarms: u32,
    misses: u32,
}

impl Micro {
    fn add(&mut self, gold: &BTreeSet<Code>, said: &BTreeSet<Code>) {
        let count = |n: usize| u32::try_from(n).expect("few codes");
        self.hits += count(gold.intersection(said).count());
        self.false_alarms += count(said.difference(gold).count());
        self.misses += count(gold.difference(said).count());
    }

    /// The harmonic mean of precision and recall.
    pub(crate) fn f1(self) -> f64 {
        let twice = f64::from(2 * self.hits);
        let all = f64::from(2 * self.hits + self.false_alarms + self.misses);
        if all == 0.0 { 0.0 } else { twice / all }
    }
}

/// What the scorer says of a set.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) micro: Micro,
    pub(crate) evasion: Micro,
    pub(crate) pairs: usize,
    pub(crate) pairs_right: usize,
    pub(crate) clean: u32,
    pub(crate) clean_alarms: u32,
    pub(crate) hard: u32,
    pub(crate) hard_alarms: u32,
}

/// The share of alarms.
pub(crate) fn share(alarms: u32, all: u32) -> f64 {
    if all == 0 { 0.0 } else { f64::from(alarms) / f64::from(all) }
}

/// Reads a set, one object a line.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect("a labelled sentence")).collect()
}

/// Scores a reader on a set.
pub(crate) fn score(reader: Reader<'_>, rows: &[Row]) -> Score {
    let mut score = Score::default();
    let mut pairs: BTreeMap<&str, bool> = BTreeMap::new();
    for row in rows {
        let findings = reader.read(&row.text, row.product.as_ref());
        let said: BTreeSet<Code> = findings.iter().filter(|finding| finding.is_breach()).map(|finding| finding.code).collect();
        score.micro.add(&row.labels, &said);
        if row.evasion.is_some() {
            score.evasion.add(&row.labels, &said);
        }
        if let Some(pair) = &row.pair {
            *pairs.entry(pair).or_insert(true) &= said == row.labels;
        }
        if row.labels.is_empty() {
            let alarm = u32::from(!said.is_empty());
            score.clean += 1;
            score.clean_alarms += alarm;
            score.hard += u32::from(row.hard_lookalike);
            score.hard_alarms += alarm * u32::from(row.hard_lookalike);
        }
    }
    score.pairs = pairs.len();
    score.pairs_right = pairs.values().filter(|right| **right).count();
    score
}
