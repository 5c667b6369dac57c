//! Rows turned into columns, divided into a half to fit on and a half to be scored on.

use std::collections::BTreeSet;

use super::features::Name;
use super::number::{index, real, short};
use super::sheet::Row;
use super::verdict::Halves;

/// Planted and honest rows that each half needs for a division to be taken.
const NEEDED: usize = 12;

/// Features of planted and honest rows, a column each.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// Columns of the fact itself, without what was seen of those whom it names.
    pub(super) own: Vec<usize>,
    pub(super) values: Vec<Vec<f32>>,
    pub(super) planted: Vec<bool>,
    subjects: Vec<[u64; 2]>,
    /// Rows to fit on.
    pub(super) fit: Vec<usize>,
    /// Rows to be scored on.
    pub(super) judge: Vec<usize>,
    /// How they were divided.
    pub(super) halves: Halves,
}

impl Columns {
    /// Turns rows into columns; what is the same in every row is left out.
    pub(super) fn of(names: &[Name], honest: &[Row], planted: &[Row]) -> Self {
        let rows: Vec<&Row> = honest.iter().chain(planted).collect();
        let mut values = vec![vec![0.0; rows.len()]; names.len()];
        for (at, row) in rows.iter().enumerate() {
            for (number, x) in &row.numbers {
                if let Some(column) = values.get_mut(usize::from(*number)) {
                    column[at] = *x;
                }
            }
        }
        let is_planted: Vec<bool> = (0..rows.len()).map(|at| at >= honest.len()).collect();
        let (halves, fit, judge) = divide(&rows, &is_planted);
        let mut columns = Self {
            names: Vec::new(),
            own: Vec::new(),
            values: Vec::new(),
            planted: is_planted,
            subjects: rows.iter().map(|row| row.subjects).collect(),
            fit,
            judge,
            halves,
        };
        for (name, column) in names.iter().zip(values) {
            columns.push(name, column);
        }
        columns
    }

    /// Hash of the one whom a row is done to.
    pub(super) fn target(&self, row: usize) -> u64 {
        self.subjects[row][1]
    }

    /// Adds a column, unless it is the same in every row.
    pub(super) fn push(&mut self, name: &Name, column: Vec<f32>) {
        if column.iter().any(|x| x.total_cmp(&column[0]).is_ne()) {
            if matches!(name, Name::Own(_)) {
                self.own.push(self.names.len());
            }
            self.names.push(name.words());
            self.values.push(column);
        }
    }

    /// How many honest and how many planted rows are among some.
    pub(super) fn count(&self, rows: &[usize]) -> (usize, usize) {
        let planted = rows.iter().filter(|row| self.planted[**row]).count();
        (rows.len() - planted, planted)
    }

    /// How many different honest and planted subjects there are among some rows: of those who act or of those whom it is
    /// done to, whichever are fewer.
    pub(super) fn subjects(&self, rows: &[usize]) -> (usize, usize) {
        let of = |which: usize, planted: bool| {
            let all: BTreeSet<u64> =
                rows.iter().filter(|row| self.planted[**row] == planted).map(|row| self.subjects[*row][which]).collect();
            all.len()
        };
        (of(0, false).min(of(1, false)), of(0, true).min(of(1, true)))
    }

    /// Rows to fit on in ascending order of a column.
    pub(super) fn order(&self, column: usize) -> Vec<usize> {
        let mut order = self.fit.clone();
        let values = &self.values[column];
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        order
    }

    /// Thresholds that cut the rows to fit on into at most `parts` parts, for a column with its order.
    pub(super) fn cuts(&self, column: usize, order: &[usize], parts: usize) -> Vec<f32> {
        let values = &self.values[column];
        let mut cuts: Vec<f32> = Vec::new();
        for part in 1..parts {
            let at = index(real(order.len()) * real(part) / real(parts), order.len());
            let low = values[order[at]];
            // Between this value and the next larger one, so that no value lies on a threshold.
            let above = order[at..].iter().map(|row| values[*row]).find(|x| *x > low);
            if let Some(high) = above {
                cuts.push(between(low, high));
            }
            let below = order[..at].iter().rev().map(|row| values[*row]).find(|x| *x < low);
            if let Some(next) = below {
                cuts.push(between(next, low));
            }
        }
        cuts.sort_by(f32::total_cmp);
        cuts.dedup();
        cuts
    }
}

/// The middle of two values, and never the upper one.
pub(super) fn between(low: f32, high: f32) -> f32 {
    let middle = short(f64::midpoint(f64::from(low), f64::from(high)));
    if middle < high { middle } else { low }
}

fn side(subject: u64) -> bool {
    (subject.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) & 1 == 1
}

fn divide(rows: &[&Row], planted: &[bool]) -> (Halves, Vec<usize>, Vec<usize>) {
    type Rule = fn(usize, &Row) -> Option<bool>;
    let rules: [(Halves, Rule); 4] = [
        (Halves::Subjects, |_, row| {
            let (one, other) = (side(row.subjects[0]), side(row.subjects[1]));
            (one == other).then_some(one)
        }),
        (Halves::Actors, |_, row| Some(side(row.subjects[0]))),
        (Halves::Targets, |_, row| Some(side(row.subjects[1]))),
        (Halves::Rows, |at, _| Some(at % 2 == 1)),
    ];
    let mut last = (Halves::Rows, Vec::new(), Vec::new());
    for (halves, rule) in rules {
        let (mut fit, mut judge) = (Vec::new(), Vec::new());
        for (at, row) in rows.iter().enumerate() {
            match rule(at, row) {
                Some(true) => fit.push(at),
                Some(false) => judge.push(at),
                None => {}
            }
        }
        let enough = |half: &[usize]| {
            let yes = half.iter().filter(|at| planted[**at]).count();
            yes >= NEEDED && half.len() - yes >= NEEDED
        };
        last = (halves, fit, judge);
        if enough(&last.1) && enough(&last.2) {
            break;
        }
    }
    last
}
