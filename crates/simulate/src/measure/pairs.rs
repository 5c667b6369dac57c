//! Every pair of features tried as a tree of depth two, for what a greedy tree walks past.
//!
//! A greedy tree is blind to two features that tell nothing alone and all together, as an exclusive or.

use super::auc::auc_of_groups;
use super::columns::Columns;
use super::number::part;
use super::tree::{Split, Tree, impurity};

/// Parts into which a feature's values are cut when few features are tried.
const FINE: usize = 24;
/// Parts when many are tried.
const COARSE: usize = 6;
/// Features of which all pairs are tried coarsely on some rows.
const SCREENED: usize = 400;
/// Rows of each kind on which they are tried.
const SCREEN_ROWS: usize = 1_000;
/// Pairs that are tried again on all rows.
const AGAIN: usize = 10;
/// Best single features of which all pairs are tried on all rows.
const BEST: usize = 12;

/// A feature as parts of its range for some rows.
struct Binned {
    column: usize,
    cuts: Vec<f32>,
    parts: Vec<u8>,
}

impl Binned {
    fn of(columns: &Columns, column: usize, order: &[usize], rows: &[usize], parts: usize) -> Self {
        let cuts = columns.cuts(column, order, parts);
        let values = &columns.values[column];
        let part_of = |row: &usize| u8::try_from(cuts.partition_point(|cut| *cut < values[*row])).unwrap_or(u8::MAX);
        Self { column, parts: rows.iter().map(part_of).collect(), cuts }
    }

    fn split(&self, cut: usize) -> Split {
        Split { column: self.column, threshold: self.cuts[cut] }
    }
}

/// Honest and planted rows.
type Counts = (f64, f64);

fn sum(counts: &[Counts]) -> Counts {
    counts.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1))
}

/// The cut of counts by part that lowers the impurity most, and what lies below and above.
fn cut(counts: &[Counts]) -> Option<(f64, usize, Counts, Counts)> {
    let all = sum(counts);
    let before = impurity(all.1, all.0 + all.1);
    let mut best: Option<(f64, usize, Counts, Counts)> = None;
    let mut below = (0.0, 0.0);
    for (at, count) in counts.iter().enumerate().take(counts.len().saturating_sub(1)) {
        below = (below.0 + count.0, below.1 + count.1);
        let above = (all.0 - below.0, all.1 - below.1);
        let gain = before - impurity(below.1, below.0 + below.1) - impurity(above.1, above.0 + above.1);
        if gain > best.as_ref().map_or(1e-9, |(most, ..)| *most) {
            best = Some((gain, at, below, above));
        }
    }
    best
}

/// The better of cutting a part of the rows by one feature or by the other.
fn child(root: &Binned, by_root: &[Counts], other: &Binned, by_other: &[Counts], first: usize) -> (Option<Split>, Counts, Counts) {
    let one = cut(by_root).map(|(gain, at, low, high)| (gain, root.split(first + at), low, high));
    let two = cut(by_other).map(|(gain, at, low, high)| (gain, other.split(at), low, high));
    let better = match (one, two) {
        (Some(a), Some(b)) => Some(if b.0 > a.0 { b } else { a }),
        (a, b) => a.or(b),
    };
    match better {
        Some((_, split, low, high)) => (Some(split), low, high),
        None => (None, sum(by_root), (0.0, 0.0)),
    }
}

/// The best tree that asks for `root` first and then for either; with its area on these rows.
fn best_tree(root: &Binned, other: &Binned, weights: &[Counts]) -> Option<(f64, Tree)> {
    let (wide, deep) = (root.cuts.len() + 1, other.cuts.len() + 1);
    let mut table = vec![(0.0, 0.0); wide * deep];
    for ((i, j), weight) in root.parts.iter().zip(&other.parts).zip(weights) {
        let cell = &mut table[usize::from(*i) * deep + usize::from(*j)];
        *cell = (cell.0 + weight.0, cell.1 + weight.1);
    }
    let by_root: Vec<Counts> = table.chunks(deep).map(sum).collect();
    let mut above: Vec<Counts> = (0..deep).map(|j| sum(&(0..wide).map(|i| table[i * deep + j]).collect::<Vec<_>>())).collect();
    let mut below = vec![(0.0, 0.0); deep];
    let mut best: Option<(f64, Tree)> = None;
    for at in 0..root.cuts.len() {
        for (j, cell) in table[at * deep..(at + 1) * deep].iter().enumerate() {
            below[j] = (below[j].0 + cell.0, below[j].1 + cell.1);
            above[j] = (above[j].0 - cell.0, above[j].1 - cell.1);
        }
        let (left, a, b) = child(root, &by_root[..=at], other, &below, 0);
        let (right, c, d) = child(root, &by_root[at + 1..], other, &above, at + 1);
        let mut leaves = [a, b, c, d];
        leaves.sort_by(|x, y| part(x.1, x.0 + x.1).total_cmp(&part(y.1, y.0 + y.1)));
        let area = auc_of_groups(leaves.into_iter());
        if best.as_ref().is_none_or(|(most, _)| area > *most) {
            best = Some((area, Tree { root: root.split(at), children: [left, right], leaves: [0.0; 4] }));
        }
    }
    best
}

/// A weight for each row, so that honest and planted ones weigh the same together.
fn weights(columns: &Columns, rows: &[usize]) -> Vec<Counts> {
    let (honest, planted) = columns.count(rows);
    let each = part(super::number::real(honest), super::number::real(planted));
    rows.iter().map(|row| if columns.planted[*row] { (0.0, each) } else { (1.0, 0.0) }).collect()
}

/// The best tree over all pairs of features: first all pairs of the features that tell most, coarsely on some rows,
/// then the best of them and all pairs of the twelve best single ones on all rows to fit on.
///
/// `ranked` are the columns from the one that tells most alone; `orders` as for [`super::tree::greedy`].
pub(super) fn exhaustive(columns: &Columns, orders: &[Vec<usize>], ranked: &[usize]) -> Option<Tree> {
    let mut again: Vec<usize> = ranked.iter().take(BEST).copied().collect();
    let some = some_rows(columns);
    let some_weights = weights(columns, &some);
    let screened: Vec<Binned> =
        ranked.iter().take(SCREENED).map(|column| Binned::of(columns, *column, &orders[*column], &some, COARSE)).collect();
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    for (i, one) in screened.iter().enumerate() {
        for (j, other) in screened.iter().enumerate().skip(i) {
            if let Some((area, _)) = best_tree(one, other, &some_weights) {
                found.push((area, i, j));
            }
        }
        if found.len() > 100_000 {
            keep_best(&mut found);
        }
    }
    keep_best(&mut found);
    again.extend(found.iter().flat_map(|(_, i, j)| [screened[*i].column, screened[*j].column]));
    again.sort_unstable();
    again.dedup();

    let all_weights = weights(columns, &columns.fit);
    let fine: Vec<Binned> = again.iter().map(|column| Binned::of(columns, *column, &orders[*column], &columns.fit, FINE)).collect();
    let mut best: Option<(f64, Tree)> = None;
    for one in &fine {
        for other in &fine {
            if let Some((area, tree)) = best_tree(one, other, &all_weights)
                && best.as_ref().is_none_or(|(most, _)| area > *most)
            {
                best = Some((area, tree));
            }
        }
    }
    best.map(|(_, tree)| tree.filled(columns))
}

fn keep_best(found: &mut Vec<(f64, usize, usize)>) {
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    found.truncate(AGAIN);
}

/// Some of the rows to fit on, spread evenly over honest and planted ones.
fn some_rows(columns: &Columns) -> Vec<usize> {
    let take = |planted: bool| {
        let of: Vec<usize> = columns.fit.iter().copied().filter(|row| columns.planted[*row] == planted).collect();
        let step = of.len().div_ceil(SCREEN_ROWS).max(1);
        of.into_iter().step_by(step)
    };
    take(false).chain(take(true)).collect()
}
