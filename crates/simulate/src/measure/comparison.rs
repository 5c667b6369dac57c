//! A simulated distribution beside a real one.

use serde::Serialize;
use serde_json::{Value, json};

use super::distance::{kolmogorov_smirnov, kolmogorov_smirnov_of_shape, wasserstein_log};
use super::number::{real, real_u64};
use super::sample::{Sample, quantile};

/// What a distribution is compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// By its shape: each is divided by its median, since units and markets differ.
    Shape,
    /// By the values as they are.
    Level,
}

/// A sample and where it is from.
#[derive(Debug, Clone)]
pub struct Side {
    /// Where it is from.
    pub from: String,
    /// The values.
    pub sample: Sample,
}

/// A simulated distribution beside a real one.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// What is compared.
    pub what: String,
    /// Unit of both, or of each.
    pub unit: String,
    /// By what.
    pub scale: Scale,
    /// The simulated one.
    pub simulated: Sample,
    /// The real one.
    pub real: Side,
}

/// Shares at which quantiles stand side by side.
pub(super) const SHARES: [f64; 6] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99];

impl Comparison {
    /// Largest difference of the cumulative shares; of the shapes where these are compared.
    pub fn kolmogorov_smirnov(&self) -> Option<f64> {
        match self.scale {
            Scale::Shape => kolmogorov_smirnov_of_shape(&self.simulated, &self.real.sample),
            Scale::Level => kolmogorov_smirnov(&self.simulated, &self.real.sample),
        }
    }

    /// Mean distance of equal quantiles on the log scale after dividing by the median; `None` where values as they
    /// are, and not shapes, are compared.
    pub fn wasserstein(&self) -> Option<f64> {
        (self.scale == Scale::Shape).then(|| wasserstein_log(&self.simulated, &self.real.sample)).flatten()
    }

    /// Quantiles 10, 25, 50, 75, 90 and 99 % of both: simulated, real. Empty where there are no values.
    pub fn quantiles(&self) -> (Vec<f64>, Vec<f64>) {
        (self.simulated.quantiles(&SHARES), self.real.sample.quantiles(&SHARES))
    }

    /// Cumulative shares of a sample as points for a picture, `n` of them: value (divided by the median where shapes
    /// are compared) and share.
    pub fn curve(&self, sample: &Sample, n: usize) -> Vec<(f64, f64)> {
        let mut sorted = sample.sorted();
        if self.scale == Scale::Shape {
            sorted.retain(|x| *x > 0.0);
        }
        if sorted.is_empty() || n < 2 {
            return Vec::new();
        }
        let by = if self.scale == Scale::Shape { quantile(&sorted, 0.5) } else { 1.0 };
        let share = |at: usize| 0.005 + 0.99 * real(at) / real(n - 1);
        (0..n).map(|at| (quantile(&sorted, share(at)) / by, share(at))).collect()
    }

    /// All figures as JSON.
    pub fn figures(&self) -> Value {
        let (simulated, real) = self.quantiles();
        json!({
            "what": self.what, "unit": self.unit, "by": self.scale, "real": self.real.from,
            "simulated_count": self.simulated.count(), "real_count": self.real.sample.count(),
            "simulated_mean": self.simulated.mean(), "real_mean": self.real.sample.mean(),
            "shares": SHARES, "simulated_quantiles": simulated, "real_quantiles": real,
            "kolmogorov_smirnov": self.kolmogorov_smirnov(), "wasserstein_log": self.wasserstein(),
        })
    }
}

/// Some of all, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Some.
    pub some: u64,
    /// All.
    pub all: u64,
}

impl Counted {
    pub(super) fn note(&mut self, yes: bool) {
        self.some += u64::from(yes);
        self.all += 1;
    }

    /// As a share; `None` of nothing.
    pub fn share(self) -> Option<f64> {
        (self.all > 0).then(|| real_u64(self.some) / real_u64(self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_compared_without_their_unit() {
        let of = |scale| Comparison {
            what: "order value".to_owned(),
            unit: "CNY, BRL".to_owned(),
            scale,
            simulated: Sample::of([1.0, 2.0, 3.0]),
            real: Side { from: "somewhere".to_owned(), sample: Sample::of([10.0, 20.0, 30.0]) },
        };
        assert_eq!(of(Scale::Shape).kolmogorov_smirnov(), Some(0.0));
        assert!(of(Scale::Shape).wasserstein().is_some_and(|x| x < 1e-9));
        assert_eq!(of(Scale::Level).kolmogorov_smirnov(), Some(1.0));
        assert_eq!(of(Scale::Level).wasserstein(), None);
        let curve = of(Scale::Shape).curve(&Sample::of([1.0, 2.0, 3.0]), 3);
        assert!((curve[1].0 - 1.0).abs() < 1e-9, "the median is one");
    }
}
