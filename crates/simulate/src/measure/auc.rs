//! The area under the ROC curve: the chance that a planted one scores above an honest one.

use super::number::real;

/// Area under the ROC curve, ties counted half; .5 when there is none of one kind.
///
/// By ranks: Hanley and `McNeil` (1982), "The meaning and use of the area under a receiver operating characteristic
/// (ROC) curve", Radiology 143 (1), pp. 29-36.
pub fn auc(scores: &[f64], planted: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len().min(planted.len())).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let groups = order.chunk_by(|a, b| scores[*a].total_cmp(&scores[*b]).is_eq());
    auc_of_groups(groups.map(|group| {
        let yes = group.iter().filter(|row| planted[**row]).count();
        (real(group.len() - yes), real(yes))
    }))
}

/// Area under the ROC curve of groups of one score each in ascending order of score: how many honest, how many planted.
pub(super) fn auc_of_groups(groups: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut honest, mut planted, mut area) = (0.0, 0.0, 0.0);
    for (no, yes) in groups {
        area += yes * (honest + no / 2.0);
        honest += no;
        planted += yes;
    }
    if honest > 0.0 && planted > 0.0 { area / (honest * planted) } else { 0.5 }
}

/// Standard error of an area for so many planted and honest rows: Hanley and `McNeil` (1982), as above, p. 31.
pub fn standard_error(area: f64, planted: usize, honest: usize) -> f64 {
    if planted == 0 || honest == 0 {
        return 0.5;
    }
    let (p, n) = (real(planted), real(honest));
    let (q1, q2) = (area / (2.0 - area), 2.0 * area * area / (1.0 + area));
    let variance = area * (1.0 - area) + (p - 1.0) * (q1 - area * area) + (n - 1.0) * (q2 - area * area);
    libm::sqrt((variance / (p * n)).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_pairs_in_order_and_halves_ties() {
        let planted = [false, false, true, true];
        assert!((auc(&[1.0, 2.0, 3.0, 4.0], &planted) - 1.0).abs() < 1e-12);
        assert!(auc(&[4.0, 3.0, 2.0, 1.0], &planted).abs() < 1e-12);
        assert!((auc(&[1.0; 4], &planted) - 0.5).abs() < 1e-12);
        assert!((auc(&[0.1, 0.4, 0.35, 0.8], &planted) - 0.75).abs() < 1e-12); // scikit-learn's example
        assert!((auc(&[1.0, 2.0], &[true, true]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn more_rows_make_it_surer() {
        assert!(standard_error(0.7, 1_000, 1_000) < standard_error(0.7, 30, 1_000));
        assert!((standard_error(0.5, 100, 100) - 0.041).abs() < 0.001);
    }
}
