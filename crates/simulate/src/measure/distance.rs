//! How far two distributions are from one another.

use super::number::real;
use super::sample::{Sample, quantile};

/// Largest difference of the two cumulative shares, in `0.0..=1.0`; `None` when one sample is empty.
///
/// The two-sample statistic of Smirnov (1948), "Table for estimating the goodness of fit of empirical distributions",
/// Ann. Math. Stat. 19 (2), pp. 279-281.
pub fn kolmogorov_smirnov(a: &Sample, b: &Sample) -> Option<f64> {
    distance_of_sorted(&a.sorted(), &b.sorted())
}

/// [`kolmogorov_smirnov`] after dividing each sample's positive values by their median: of the shape alone.
pub fn kolmogorov_smirnov_of_shape(a: &Sample, b: &Sample) -> Option<f64> {
    distance_of_sorted(&shape(a)?, &shape(b)?)
}

fn distance_of_sorted(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (mut i, mut j, mut largest) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        while i < a.len() && a[i] <= x {
            i += 1;
        }
        while j < b.len() && b[j] <= x {
            j += 1;
        }
        largest = largest.max((real(i) / real(a.len()) - real(j) / real(b.len())).abs());
    }
    Some(largest)
}

/// Points at which quantiles are compared.
const POINTS: usize = 2_000;

/// First Wasserstein distance of the logarithms after dividing each sample's positive values by their median: by what
/// factor (0.1 is about a tenth) a value of one shape must be moved, on average, to make the other. `None` when
/// one sample has no positive value.
///
/// In one dimension it is the mean distance of equal quantiles: Vallender (1974), "Calculation of the Wasserstein
/// distance between probability distributions on the line", Theory Probab. Appl. 18 (4), pp. 784-786.
pub fn wasserstein_log(a: &Sample, b: &Sample) -> Option<f64> {
    let (a, b) = (logarithms(a)?, logarithms(b)?);
    let gap = |n: usize| {
        let share = (real(n) + 0.5) / real(POINTS);
        (quantile(&a, share) - quantile(&b, share)).abs()
    };
    Some((0..POINTS).map(gap).sum::<f64>() / real(POINTS))
}

fn shape(sample: &Sample) -> Option<Vec<f64>> {
    let positive: Vec<f64> = sample.sorted().into_iter().filter(|x| *x > 0.0).collect();
    let median = (!positive.is_empty()).then(|| quantile(&positive, 0.5))?;
    Some(positive.into_iter().map(|x| x / median).collect())
}

fn logarithms(sample: &Sample) -> Option<Vec<f64>> {
    Some(shape(sample)?.into_iter().map(libm::log).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn drawn(seed: u64, median: f64, sigma: f64) -> Sample {
        let mut random = Random::new(seed);
        Sample::of((0..20_000).map(|_| random.log_normal(median, sigma)))
    }

    #[test]
    fn a_sample_is_nowhere_from_itself_and_far_from_another() {
        let (a, b) = (Sample::of([1.0, 2.0, 3.0, 4.0]), Sample::of([3.0, 4.0, 5.0, 6.0]));
        assert_eq!(kolmogorov_smirnov(&a, &a), Some(0.0));
        assert_eq!(kolmogorov_smirnov(&a, &b), Some(0.5));
        assert_eq!(kolmogorov_smirnov(&a, &Sample::of([])), None);
        assert_eq!(kolmogorov_smirnov(&Sample::of([1.0, 1.0]), &Sample::of([1.0])), Some(0.0));
    }

    #[test]
    fn the_unit_does_not_matter_to_a_shape() {
        let far = wasserstein_log(&drawn(1, 5.0, 0.8), &drawn(2, 700.0, 0.8)).expect("both positive");
        assert!(far < 0.03, "{far}");
        let shape = kolmogorov_smirnov_of_shape(&drawn(1, 5.0, 0.8), &drawn(2, 700.0, 0.8)).expect("both positive");
        assert!(shape < 0.03, "{shape}");
    }

    #[test]
    fn a_wider_shape_is_as_far_as_the_formula_says() {
        // Two normals of deviations s and t with one mean: |s - t| * sqrt(2 / pi).
        let far = wasserstein_log(&drawn(3, 1.0, 0.5), &drawn(4, 1.0, 1.0)).expect("both positive");
        let formula = 0.5 * libm::sqrt(2.0 / std::f64::consts::PI);
        assert!((far - formula).abs() < 0.02, "{far} is not {formula}");
    }
}
