//! Chance that comes out the same on every machine: streams of numbers from a seed, and what is drawn from them.
//!
//! Every actor has a stream of its own, so that what one does never moves the dice of another. Functions beyond
//! the four operations and the root come from `libm`, which is the same code everywhere.

/// A stream of pseudo-random numbers.
///
/// `SplitMix64`: Steele, Lea, Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Random(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream of something within a seed's world: the same parts give the same stream.
    pub fn of(seed: u64, parts: &[u64]) -> Self {
        Self(parts.iter().fold(mix(seed.wrapping_add(GOLDEN)), |state, part| mix(state ^ mix(part.wrapping_add(GOLDEN)))))
    }

    /// A new stream that this one gives birth to.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(mix(self.next() ^ GOLDEN))
    }

    /// The next 64 bits.
    #[expect(clippy::should_implement_trait, reason = "a stream of numbers without end is no iterator that one loops over")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below `n`, 0 when `n` is 0. Lemire (2019), "Fast random integer generation in an interval", without
    /// the rejection step, whose bias is below 2^-32 for every `n` used here.
    pub fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// An index of a list of `n`; 0 for an empty one.
    pub fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap_or(0)
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    /// In `0.0..1.0`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// In `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// An integer in `low..=high`.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Exponentially distributed with a mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.unit())
    }

    /// Standard normal: Box and Muller (1958), Ann. Math. Stat. 29 (2), pp. 610-611; the second value is not kept.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// Log-normal with a median and the deviation of its logarithm.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// Pareto with the least value and the exponent of its tail.
    pub fn pareto(&mut self, least: f64, tail: f64) -> f64 {
        least * libm::pow(1.0 - self.unit(), -1.0 / tail)
    }

    /// Gamma with a shape and scale 1: Marsaglia and Tsang (2000), ACM TOMS 26 (3), pp. 363-372.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = libm::pow(1.0 - self.unit(), 1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
            if v > 0.0 && libm::log(1.0 - self.unit()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }

    /// Beta, by two gammas.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }

    /// Poisson with a mean: by multiplying up to a mean of 30 (Knuth, TAOCP 2, 3.4.1), above it by the rounded normal.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 30.0 {
            let x = mean + libm::sqrt(mean) * self.normal() + 0.5;
            return to_u32(x);
        }
        let limit = libm::exp(-mean);
        let (mut count, mut product) = (0, self.unit());
        while product > limit {
            count += 1;
            product *= self.unit();
        }
        count
    }

    /// An index with probability in proportion to its weight; the last one when all are 0.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (i, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return i;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// 32 bytes, as a keyed hash looks like.
    pub fn bytes32(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for part in bytes.chunks_exact_mut(8) {
            part.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }
}

/// A rounded-down whole number of what may be negative or too large.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
pub(crate) fn to_u32(x: f64) -> u32 {
    x.clamp(0.0, f64::from(u32::MAX)) as u32
}

/// A whole number of what lies far inside the bounds.
#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
pub(crate) fn to_i64(x: f64) -> i64 {
    x.clamp(-9.0e15, 9.0e15) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_of(n: u32, mut draw: impl FnMut() -> f64) -> f64 {
        (0..n).map(|_| draw()).sum::<f64>() / f64::from(n)
    }

    #[test]
    fn a_seed_gives_the_same_numbers_for_ever() {
        let mut r = Random::new(42);
        let first: Vec<u64> = (0..3).map(|_| r.next()).collect();
        assert_eq!(first, [13_679_457_532_755_275_413, 2_949_826_092_126_892_291, 5_139_283_748_462_763_858]);
        assert_ne!(Random::of(1, &[2, 3]), Random::of(1, &[3, 2]));
    }

    #[test]
    fn draws_have_the_means_that_their_names_say() {
        let mut r = Random::new(7);
        let close = |x: f64, to: f64| assert!((x - to).abs() < 0.03 * to.max(1.0), "{x} is not {to}");
        close(mean_of(100_000, || r.exponential(3.0)), 3.0);
        close(mean_of(100_000, || r.normal()), 0.0);
        close(mean_of(100_000, || r.gamma(0.5)), 0.5);
        close(mean_of(100_000, || r.gamma(4.0)), 4.0);
        close(mean_of(100_000, || r.beta(2.0, 6.0)), 0.25);
        close(mean_of(100_000, || f64::from(r.poisson(2.5))), 2.5);
        close(mean_of(100_000, || f64::from(r.poisson(80.0))), 80.0);
        close(mean_of(100_000, || f64::from(u32::try_from(r.weighted(&[1.0, 0.0, 3.0])).expect("small"))), 1.5);
    }
}
