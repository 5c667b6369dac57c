//! Words and lengths alone, even two questions about them, do not tell a lie from a clean sentence.

use std::collections::{BTreeMap, BTreeSet};

use super::{draw, float};

type Grams = BTreeSet<(char, Option<char>)>;

fn grams(text: &str) -> Grams {
    let characters: Vec<char> = text.chars().collect();
    let single = characters.iter().map(|&c| (c, None));
    let double = characters.windows(2).map(|pair| (pair[0], Some(pair[1])));
    single.chain(double).collect()
}

/// Area under the curve of a score, by ranks.
fn area(scores: &[(f64, bool)]) -> f64 {
    let mut table: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for &(score, lie) in scores {
        let row = table.entry(crate::random::to_i64(score * 1e6)).or_default();
        if lie { row.0 += 1.0 } else { row.1 += 1.0 }
    }
    let (mut below, mut sum, mut lies) = (0.0, 0.0, 0.0);
    for (lie, clean) in table.into_values() {
        sum += lie * (below + clean / 2.0);
        below += clean;
        lies += lie;
    }
    let area = sum / (lies * below);
    area.max(1.0 - area)
}

/// A yes or no about a text: length above a bound, a digit in it, a character or two in it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Question {
    Longer(usize),
    Digit,
    Holds((char, Option<char>)),
}

struct Seen {
    lie: bool,
    length: usize,
    digit: bool,
    grams: Grams,
}

fn answer(seen: &Seen, question: Question) -> bool {
    match question {
        Question::Longer(than) => seen.length > than,
        Question::Digit => seen.digit,
        Question::Holds(gram) => seen.grams.contains(&gram),
    }
}

fn lies_among(seen: &[&Seen]) -> f64 {
    float(seen.iter().filter(|s| s.lie).count()) / float(seen.len().max(1))
}

/// The question that lowers the impurity most, as a decision tree chooses it.
fn best_question(seen: &[&Seen], questions: &[Question]) -> Question {
    let worth = |question: Question| {
        let (yes, no): (Vec<&Seen>, Vec<&Seen>) = seen.iter().copied().partition(|s| answer(s, question));
        let impurity = |part: &[&Seen]| lies_among(part) * (1.0 - lies_among(part)) * float(part.len());
        impurity(&yes) + impurity(&no)
    };
    questions.iter().copied().min_by(|a, b| worth(*a).total_cmp(&worth(*b))).expect("questions")
}

#[test]
fn words_and_length_alone_do_not_tell_lies() {
    let samples = draw(4_000, 11);
    let seen: Vec<Seen> = samples
        .iter()
        .map(|s| Seen {
            lie: s.lie,
            length: s.spoken.text.chars().count(),
            digit: s.spoken.text.chars().any(|c| c.is_ascii_digit()),
            grams: grams(&s.spoken.text),
        })
        .collect();
    let length = area(&seen.iter().map(|s| (float(s.length), s.lie)).collect::<Vec<_>>());
    let digit = area(&seen.iter().map(|s| (float(usize::from(s.digit)), s.lie)).collect::<Vec<_>>());
    let mut counts: BTreeMap<(char, Option<char>), (f64, f64)> = BTreeMap::new();
    for s in &seen {
        for gram in &s.grams {
            let row = counts.entry(*gram).or_default();
            if s.lie { row.0 += 1.0 } else { row.1 += 1.0 }
        }
    }
    let mut told: Vec<(f64, (char, Option<char>))> =
        counts.iter().map(|(gram, (lies, clean))| (0.5 + (lies - clean).abs() / 8_000.0, *gram)).collect();
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    let questions: Vec<Question> = told[..60]
        .iter()
        .map(|(_, gram)| Question::Holds(*gram))
        .chain((12..40).step_by(2).map(Question::Longer))
        .chain([Question::Digit])
        .collect();
    let all: Vec<&Seen> = seen.iter().collect();
    let first = best_question(&all, &questions);
    let (yes, no): (Vec<&Seen>, Vec<&Seen>) = all.iter().copied().partition(|s| answer(s, first));
    let mut scores = Vec::new();
    for part in [yes, no] {
        let second = best_question(&part, &questions);
        for leaf in [true, false] {
            let leaf: Vec<&Seen> = part.iter().copied().filter(|s| answer(s, second) == leaf).collect();
            scores.extend(leaf.iter().map(|s| (lies_among(&leaf), s.lie)));
        }
    }
    let tree = area(&scores);
    println!("length {length:.3}, digit {digit:.3}, best gram {:?}, tree {tree:.3}", &told[..8]);
    assert!(length <= 0.65 && digit <= 0.65 && told[0].0 <= 0.65 && tree <= 0.70);
}
