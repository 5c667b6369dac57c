//! The verdict on one planted thing: the best field and the best tree, fitted on one half and scored on the other.

use serde::Serialize;

use super::auc::{auc, auc_of_groups, standard_error};
use super::columns::Columns;
use super::number::real;
use super::pairs::exhaustive;
use super::sample::quantile;
use super::sheet::{Row, Sheet};
use super::text::add_grams;
use super::tree::{figure, greedy};

/// Planted rows below which nothing is said.
pub(super) const FEWEST: usize = 30;

/// How rows were divided into those to fit on and those to be scored on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Halves {
    /// By who acts and by whom it is done to: neither is in both halves.
    Subjects,
    /// By who acts alone.
    Actors,
    /// By whom it is done to alone.
    Targets,
    /// Every other row, since there are too few subjects.
    Rows,
}

/// What tells planted from honest rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// How the rows were divided.
    pub halves: Halves,
    /// Different planted subjects among the rows to be scored on: of those who act or of those whom it is done to,
    /// whichever are fewer. Below about ten, what is seen of them says little of others.
    pub subjects: usize,
    /// With the fact alone: its fields, key, time and text, its own id and that of who acts.
    pub own: Found,
    /// With all else as well: ids of those to whom it is done, and what was seen of all whom it names, so far and over
    /// the run.
    pub all: Found,
}

impl Verdict {
    /// The largest area.
    pub fn worst(&self) -> f64 {
        self.own.worst().max(self.all.worst())
    }
}

/// The best field and the best tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// Features that were tried.
    pub tried: usize,
    /// The best single field, and which side of it is planted.
    pub field: String,
    /// Its area under the ROC curve.
    pub field_auc: f64,
    /// The five best fields on the half to fit on, with their areas on the other.
    pub fields: Vec<(String, f64)>,
    /// The better of the greedy tree and the best pair, in words.
    pub tree: String,
    /// Its area.
    pub tree_auc: f64,
    /// Area of the greedy tree.
    pub greedy_auc: f64,
    /// Area of the best pair of features.
    pub pair_auc: f64,
    /// Standard error of the larger area; where what is seen of subjects counts, as if each subject were one row.
    pub error: f64,
}

impl Found {
    /// The larger area.
    pub fn worst(&self) -> f64 {
        self.field_auc.max(self.tree_auc)
    }
}

/// Judges planted rows of a sheet; `None` when there are too few.
pub(super) fn judge(sheet: &Sheet, planted: &[Row]) -> Option<Verdict> {
    let honest = &sheet.honest().kept;
    if planted.len() < FEWEST || honest.len() < FEWEST {
        return None;
    }
    let mut columns = Columns::of(sheet.names(), honest, planted);
    let texts: Vec<&str> = honest.iter().chain(planted).map(|row| row.text.as_str()).collect();
    add_grams(&mut columns, &texts);
    let orders: Vec<Vec<usize>> = (0..columns.values.len()).map(|column| columns.order(column)).collect();
    let all: Vec<usize> = (0..columns.values.len()).collect();
    let (honest_rows, planted_rows) = columns.count(&columns.judge);
    let (honest_subjects, planted_subjects) = columns.subjects(&columns.judge);
    Some(Verdict {
        halves: columns.halves,
        subjects: planted_subjects,
        own: found(&columns, &orders, &columns.own, (honest_rows, planted_rows)),
        all: found(&columns, &orders, &all, (honest_subjects, planted_subjects)),
    })
}

/// The part of the rows to fit on that a row is in, by a hash of whom it is done to.
fn fold_of(columns: &Columns, row: usize) -> bool {
    columns.target(row).wrapping_mul(0xff51_afd7_ed55_8ccd) >> 63 == 1
}

/// Area of a column over some rows, by an order of theirs; above .5 when the larger values are planted.
fn area_of(columns: &Columns, column: usize, order: &[usize]) -> f64 {
    let values = &columns.values[column];
    let groups = order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq());
    auc_of_groups(groups.map(|group| {
        let (honest, planted) = columns.count(group);
        (real(honest), real(planted))
    }))
}

/// How well a column tells on both parts of the rows to fit on, as the smaller distance of its areas from chance when
/// both point the same way. What happens to fit the few subjects of one part alone does not count.
fn weight(columns: &Columns, column: usize, order: &[usize]) -> (f64, f64) {
    let whole = area_of(columns, column, order);
    let sign = if whole >= 0.5 { 1.0 } else { -1.0 };
    let part = |fold: bool| {
        let rows: Vec<usize> = order.iter().copied().filter(|row| fold_of(columns, *row) == fold).collect();
        let (honest, planted) = columns.count(&rows);
        if honest == 0 || planted == 0 { sign * (whole - 0.5) / 2.0 } else { sign * (area_of(columns, column, &rows) - 0.5) }
    };
    (part(false).min(part(true)), whole)
}

fn found(columns: &Columns, orders: &[Vec<usize>], among: &[usize], (honest, planted): (usize, usize)) -> Found {
    let weights: Vec<(f64, f64)> = among.iter().map(|column| weight(columns, *column, &orders[*column])).collect();
    let mut ranks: Vec<usize> = (0..among.len()).collect();
    ranks.sort_by(|a, b| weights[*b].0.total_cmp(&weights[*a].0));
    let ranked: Vec<usize> = ranks.iter().map(|at| among[*at]).collect();

    let judged: Vec<bool> = columns.judge.iter().map(|row| columns.planted[*row]).collect();
    let on_judged = |score: &dyn Fn(usize) -> f64| auc(&columns.judge.iter().map(|row| score(*row)).collect::<Vec<_>>(), &judged);
    let single = |at: usize| {
        let (column, sign) = (among[at], if weights[at].1 >= 0.5 { 1.0 } else { -1.0 });
        on_judged(&|row| sign * f64::from(columns.values[column][row]))
    };
    let fields: Vec<(String, f64)> = ranks.iter().take(5).map(|at| (columns.names[among[*at]].clone(), single(*at))).collect();
    let field = ranks.first().map_or_else(String::new, |at| field_words(columns, among[*at], weights[*at].1));

    let trees = [greedy(columns, orders, among), exhaustive(columns, orders, &ranked)];
    let areas = trees.each_ref().map(|tree| tree.as_ref().map_or(0.5, |tree| on_judged(&|row| tree.score(columns, row))));
    let better = usize::from(areas[1] > areas[0]);
    let field_auc = fields.first().map_or(0.5, |(_, area)| *area);
    Found {
        tried: among.len(),
        field,
        field_auc,
        fields,
        tree: trees[better].as_ref().map_or_else(|| "no question tells anything".to_owned(), |tree| tree.words(columns)),
        tree_auc: areas[better],
        greedy_auc: areas[0],
        pair_auc: areas[1],
        error: standard_error(field_auc.max(areas[better]), planted, honest),
    }
}

/// A field with its medians among planted and honest rows.
fn field_words(columns: &Columns, column: usize, area: f64) -> String {
    let median = |planted: bool| {
        let mut values: Vec<f64> =
            columns.fit.iter().filter(|row| columns.planted[**row] == planted).map(|row| f64::from(columns.values[column][*row])).collect();
        values.sort_by(f64::total_cmp);
        if values.is_empty() { 0.0 } else { quantile(&values, 0.5) }
    };
    let way = if area >= 0.5 { "larger" } else { "smaller" };
    format!("`{}` {way} when planted (medians {} against {})", columns.names[column], figure(median(true)), figure(median(false)))
}
