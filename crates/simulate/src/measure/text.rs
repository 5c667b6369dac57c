//! Characters and pairs of characters of texts as features.

use std::collections::{BTreeSet, HashMap};

use super::columns::Columns;
use super::features::Name;
use super::number::{part, real};

/// Characters and pairs that are taken for being frequent, and again for telling most.
const TAKEN: usize = 200;

/// Adds a column for each of the most frequent characters and pairs of characters, and for each of those that stand
/// more often in planted than in honest texts of the half to fit on, or the other way round.
pub(super) fn add_grams(columns: &mut Columns, texts: &[&str]) {
    if texts.iter().all(|text| text.is_empty()) {
        return;
    }
    let grams: Vec<BTreeSet<String>> = texts.iter().map(|text| grams(text)).collect();
    let (honest, planted) = columns.count(&columns.fit);
    let mut counts: HashMap<&str, (usize, usize, usize)> = HashMap::new();
    for of in &grams {
        for gram in of {
            counts.entry(gram).or_default().0 += 1;
        }
    }
    for row in &columns.fit {
        for gram in &grams[*row] {
            let count = counts.entry(gram).or_default();
            if columns.planted[*row] { count.2 += 1 } else { count.1 += 1 }
        }
    }
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut by = |weight: &dyn Fn(&(usize, usize, usize)) -> f64| {
        let mut ranked: Vec<(&str, f64)> = counts.iter().map(|(gram, count)| (*gram, weight(count))).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        taken.extend(ranked.iter().take(TAKEN).map(|(gram, _)| *gram));
    };
    by(&|count| real(count.0));
    by(&|count| (part(real(count.2), real(planted)) - part(real(count.1), real(honest))).abs());
    for gram in taken {
        let column = grams.iter().map(|of| if of.contains(gram) { 1.0 } else { 0.0 }).collect();
        columns.push(&Name::Own(format!("text has “{gram}”")), column);
    }
}

fn grams(text: &str) -> BTreeSet<String> {
    let characters: Vec<char> = text.chars().filter(|c| *c != '\n').collect();
    let pairs = characters.windows(2).map(|pair| pair.iter().collect());
    characters.iter().map(char::to_string).chain(pairs).collect()
}
