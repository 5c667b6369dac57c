//! The public rule that gave a well-known simulator away: two characters of an id and an amount.
//!
//! `PaySim`, issue 13: "two id characters and the balance catch 1003 of 1007 frauds".

use std::collections::HashMap;

use serde::Serialize;

use super::auc::{auc, standard_error};
use super::columns::Columns;
use super::number::{part, real};
use super::sample::quantile;
use super::sheet::Row;

/// Places of an id that are looked at, from its beginning and from its end.
const PLACES: usize = 5;
/// Parts into which the amount is cut.
const PARTS: usize = 10;

/// The best rule of its form: which two characters, and how well it does on rows that it was not fitted on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IdRule {
    /// What the ids are of: `orders` or `buyers`.
    pub of: String,
    /// What was planted.
    pub thing: String,
    /// Planted rows.
    pub planted: usize,
    /// The rule, where there were rows enough to fit one.
    pub found: Option<IdRuleFound>,
}

/// How the best rule of two characters and an amount does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IdRuleFound {
    /// Which characters.
    pub characters: String,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Area of the amount alone, without the characters.
    pub amount_auc: f64,
    /// Its standard error.
    pub error: f64,
    /// Share of planted rows that it catches.
    pub recall: f64,
    /// Share of what it catches that is planted.
    pub precision: f64,
}

/// A place of an id: counted from its beginning, or from its end.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: usize,
    from_end: bool,
}

impl Place {
    fn of(self, id: &str) -> u8 {
        let bytes = id.as_bytes();
        let at = if self.from_end { bytes.len().checked_sub(self.at + 1) } else { Some(self.at) };
        at.and_then(|at| bytes.get(at)).copied().unwrap_or(0)
    }

    fn words(self) -> String {
        format!("{}{}", self.at + 1, if self.from_end { " from the end" } else { "" })
    }
}

/// Shares of planted rows by two characters and part of the amount.
struct Rule<'a> {
    rows: &'a [&'a Row],
    places: (Place, Place),
    cuts: &'a [f64],
    shares: HashMap<(u8, u8, usize), (f64, f64)>,
    prior: f64,
}

impl<'a> Rule<'a> {
    fn fitted(columns: &Columns, rows: &'a [&'a Row], places: (Place, Place), cuts: &'a [f64]) -> Self {
        let (honest, planted) = columns.count(&columns.fit);
        let prior = part(real(planted), real(honest + planted));
        let mut rule = Self { rows, places, cuts, shares: HashMap::new(), prior };
        for row in &columns.fit {
            let cell = rule.cell(*row);
            let count = rule.shares.entry(cell).or_default();
            count.0 += f64::from(u8::from(columns.planted[*row]));
            count.1 += 1.0;
        }
        rule
    }

    fn cell(&self, row: usize) -> (u8, u8, usize) {
        let row = self.rows[row];
        (self.places.0.of(&row.id), self.places.1.of(&row.id), self.cuts.partition_point(|cut| *cut < row.amount))
    }

    /// Share of planted rows in the row's cell, drawn towards the share of all where the cell has few.
    fn score(&self, row: usize) -> f64 {
        let (planted, all) = self.shares.get(&self.cell(row)).copied().unwrap_or_default();
        (planted + 2.0 * self.prior) / (all + 2.0)
    }

    fn scores(&self, of: &[usize]) -> Vec<f64> {
        of.iter().map(|row| self.score(*row)).collect()
    }
}

/// Fits the rule for each two places on one half, takes the best one there, and scores it on the other half.
pub(super) fn two_characters(columns: &Columns, rows: &[&Row]) -> Option<IdRuleFound> {
    let mut amounts: Vec<f64> = columns.fit.iter().map(|row| rows[*row].amount).collect();
    amounts.sort_by(f64::total_cmp);
    if amounts.is_empty() || columns.judge.is_empty() {
        return None;
    }
    let cuts: Vec<f64> = (1..PARTS).map(|n| quantile(&amounts, real(n) / real(PARTS))).collect();
    let places: Vec<Place> = [false, true].into_iter().flat_map(|from_end| (0..PLACES).map(move |at| Place { at, from_end })).collect();
    let labels = |of: &[usize]| of.iter().map(|row| columns.planted[*row]).collect::<Vec<bool>>();
    let fit_labels = labels(&columns.fit);
    // Chosen on rows left out in turn, since many cells always fit the rows that filled them.
    let mut best: Option<(f64, Rule<'_>)> = None;
    for (i, one) in places.iter().enumerate() {
        for other in &places[i + 1..] {
            let rule = Rule::fitted(columns, rows, (*one, *other), &cuts);
            let without_itself: Vec<f64> = columns
                .fit
                .iter()
                .map(|row| {
                    let (planted, all) = rule.shares.get(&rule.cell(*row)).copied().unwrap_or_default();
                    let own = f64::from(u8::from(columns.planted[*row]));
                    (planted - own + 2.0 * rule.prior) / (all - 1.0 + 2.0)
                })
                .collect();
            let area = auc(&without_itself, &fit_labels);
            if best.as_ref().is_none_or(|(most, _)| area > *most) {
                best = Some((area, rule));
            }
        }
    }
    let (_, rule) = best?;
    let threshold = best_threshold(&rule.scores(&columns.fit), &fit_labels);
    let (scores, judged) = (rule.scores(&columns.judge), labels(&columns.judge));
    let caught = scores.iter().zip(&judged).filter(|(score, _)| **score >= threshold);
    let (all, right) = caught.fold((0, 0), |(all, right), (_, planted)| (all + 1, right + usize::from(*planted)));
    let (honest, planted) = columns.count(&columns.judge);
    let area = auc(&scores, &judged);
    let amount = auc(&columns.judge.iter().map(|row| rows[*row].amount).collect::<Vec<_>>(), &judged);
    Some(IdRuleFound {
        characters: format!("{} and {}", rule.places.0.words(), rule.places.1.words()),
        auc: area,
        amount_auc: amount.max(1.0 - amount),
        error: standard_error(area, planted, honest),
        recall: part(real(right), real(planted)),
        precision: part(real(right), real(all)),
    })
}

/// The threshold with the best F1 on the rows that it is fitted on.
fn best_threshold(scores: &[f64], planted: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let total = real(planted.iter().filter(|yes| **yes).count());
    let (mut best, mut most, mut caught, mut right) = (f64::INFINITY, 0.0, 0.0, 0.0);
    for group in order.chunk_by(|a, b| scores[*a].total_cmp(&scores[*b]).is_eq()) {
        caught += real(group.len());
        right += real(group.iter().filter(|row| planted[**row]).count());
        let f1 = part(2.0 * right, caught + total);
        if f1 > most {
            (best, most) = (scores[group[0]], f1);
        }
    }
    best
}
