//! Decision trees of depth two.

use super::columns::{Columns, between};
use super::number::{part, real};

/// A question to a row: whether a feature is above a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub(super) column: usize,
    pub(super) threshold: f32,
}

impl Split {
    fn above(self, columns: &Columns, row: usize) -> bool {
        columns.values[self.column][row] > self.threshold
    }
}

/// A tree of at most three questions, with the share of planted rows in each of its leaves.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    pub(super) root: Split,
    /// What is asked below and above the root's threshold.
    pub(super) children: [Option<Split>; 2],
    /// Shares: below and below, below and above, above and below, above and above.
    pub(super) leaves: [f64; 4],
}

impl Tree {
    fn leaf(&self, columns: &Columns, row: usize) -> usize {
        let side = usize::from(self.root.above(columns, row));
        2 * side + usize::from(self.children[side].is_some_and(|split| split.above(columns, row)))
    }

    /// How many of the rows in its leaf were planted, as a share.
    pub(super) fn score(&self, columns: &Columns, row: usize) -> f64 {
        self.leaves[self.leaf(columns, row)]
    }

    /// Fills the leaves with the shares of the rows to fit on.
    pub(super) fn filled(mut self, columns: &Columns) -> Self {
        let mut counts = [(0.0, 0.0); 4];
        for row in &columns.fit {
            let count = &mut counts[self.leaf(columns, *row)];
            count.0 += f64::from(u8::from(columns.planted[*row]));
            count.1 += 1.0;
        }
        self.leaves = counts.map(|(planted, all)| part(planted, all));
        self
    }

    /// The tree in words: each question with what follows below and above, as shares of planted rows.
    pub(super) fn words(&self, columns: &Columns) -> String {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let question = |split: Split| format!("`{}` ≤ {}", columns.names[split.column], figure(f64::from(split.threshold)));
        let side = |n: usize| match self.children[n] {
            Some(split) => format!("{} ? {} : {}", question(split), percent(self.leaves[2 * n]), percent(self.leaves[2 * n + 1])),
            None => percent(self.leaves[2 * n]),
        };
        format!("{} ? ({}) : ({})", question(self.root), side(0), side(1))
    }
}

/// A number as people write it.
pub(super) fn figure(x: f64) -> String {
    let size = x.abs();
    match size {
        _ if size >= 1_000.0 || x.fract() == 0.0 => format!("{x:.0}"),
        _ if size >= 10.0 => format!("{x:.1}"),
        _ if size >= 0.1 => format!("{x:.2}"),
        _ => format!("{x:.4}"),
    }
}

/// The greedy tree: each question is the one that lowers the Gini impurity most, thresholds half-way between values,
/// as scikit-learn's `DecisionTreeClassifier(max_depth=2)`.
///
/// Breiman, Friedman, Olshen, Stone (1984), "Classification and regression trees". `orders` are the rows to fit on in
/// ascending order of each column, `among` the columns that may be asked for. `None` when no question tells anything.
pub(super) fn greedy(columns: &Columns, orders: &[Vec<usize>], among: &[usize]) -> Option<Tree> {
    let mut member = vec![false; columns.planted.len()];
    columns.fit.iter().for_each(|row| member[*row] = true);
    let root = best_split(columns, orders, among, &member)?;
    let child = |above: bool| {
        let inside: Vec<bool> = member.iter().enumerate().map(|(row, is)| *is && root.above(columns, row) == above).collect();
        best_split(columns, orders, among, &inside)
    };
    Some(Tree { root, children: [child(false), child(true)], leaves: [0.0; 4] }.filled(columns))
}

/// The question that lowers the Gini impurity of some rows most.
fn best_split(columns: &Columns, orders: &[Vec<usize>], among: &[usize], member: &[bool]) -> Option<Split> {
    let all = member.iter().filter(|is| **is).count();
    let planted = member.iter().zip(&columns.planted).filter(|(is, planted)| **is && **planted).count();
    let (all, planted) = (real(all), real(planted));
    let before = impurity(planted, all);
    let mut best: Option<(f64, Split)> = None;
    for column in among.iter().copied() {
        let (order, values) = (&orders[column], &columns.values[column]);
        let (mut below, mut below_planted) = (0.0, 0.0);
        let mut last: Option<f32> = None;
        for row in order.iter().filter(|row| member[**row]) {
            let value = values[*row];
            if let Some(low) = last
                && low < value
            {
                let gain = before - impurity(below_planted, below) - impurity(planted - below_planted, all - below);
                if gain > best.as_ref().map_or(1e-9, |(most, _)| most + 1e-9) {
                    best = Some((gain, Split { column, threshold: between(low, value) }));
                }
            }
            below += 1.0;
            below_planted += f64::from(u8::from(columns.planted[*row]));
            last = Some(value);
        }
    }
    best.map(|(_, split)| split)
}

/// Gini impurity times the number of rows.
pub(super) fn impurity(planted: f64, all: f64) -> f64 {
    2.0 * planted * part(all - planted, all)
}
