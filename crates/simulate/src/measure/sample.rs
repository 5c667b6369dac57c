//! Samples of bounded size from streams of unknown length.

use super::number::{index, real, real_u64};
use crate::random::Random;

/// A uniform sample of a stream: Vitter (1985), "Random sampling with a reservoir", ACM TOMS 11 (1), pp. 37-57,
/// algorithm R.
///
/// One asks for a [`place`](Self::place) first, so that what is not kept need not be made.
#[derive(Debug, Clone)]
pub struct Reservoir<T> {
    room: usize,
    seen: u64,
    kept: Vec<T>,
    random: Random,
}

impl<T> Reservoir<T> {
    /// An empty sample of at most `room`.
    pub fn new(room: usize, random: Random) -> Self {
        Self { room, seen: 0, kept: Vec::new(), random }
    }

    /// Counts one more of the stream; where to [`put`](Self::put) it, when it is to be kept.
    pub fn place(&mut self) -> Option<usize> {
        self.seen += 1;
        if self.kept.len() < self.room {
            return Some(self.kept.len());
        }
        let place = usize::try_from(self.random.below(self.seen)).unwrap_or(usize::MAX);
        (place < self.room).then_some(place)
    }

    /// Keeps one in the place that was given for it.
    pub fn put(&mut self, place: usize, one: T) {
        match self.kept.get_mut(place) {
            Some(old) => *old = one,
            None => self.kept.push(one),
        }
    }

    /// How many have been seen.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// What was kept.
    pub fn kept(&self) -> &[T] {
        &self.kept
    }
}

/// A sample of numbers with their mean over the whole stream.
#[derive(Debug, Clone)]
pub struct Sample {
    values: Reservoir<f64>,
    sum: f64,
}

/// Values kept of a stream of numbers.
const ROOM: usize = 50_000;

impl Sample {
    /// An empty one.
    pub fn new(random: Random) -> Self {
        Self { values: Reservoir::new(ROOM, random), sum: 0.0 }
    }

    /// One of a list.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sample = Self::new(Random::new(0));
        values.into_iter().for_each(|x| sample.add(x));
        sample
    }

    /// Adds a number; what is none is left out.
    pub fn add(&mut self, x: f64) {
        if !x.is_finite() {
            return;
        }
        self.sum += x;
        if let Some(place) = self.values.place() {
            self.values.put(place, x);
        }
    }

    /// How many were added.
    pub fn count(&self) -> u64 {
        self.values.seen()
    }

    /// Mean of all that were added; `None` of nothing.
    pub fn mean(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.sum / real_u64(self.count()))
    }

    /// The kept values in ascending order.
    pub fn sorted(&self) -> Vec<f64> {
        let mut values = self.values.kept().to_vec();
        values.sort_by(f64::total_cmp);
        values
    }

    /// Quantiles for shares in `0.0..=1.0`, by linear interpolation (type 7 of Hyndman and Fan (1996), "Sample quantiles
    /// in statistical packages", Am. Stat. 50 (4), pp. 361-365). Empty of nothing.
    pub fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        let sorted = self.sorted();
        if sorted.is_empty() {
            return Vec::new();
        }
        shares.iter().map(|share| quantile(&sorted, *share)).collect()
    }
}

/// A quantile of values in ascending order, of which there is at least one.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share.clamp(0.0, 1.0) * real(sorted.len() - 1);
    let low = index(at, sorted.len());
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (at - real(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservoir_keeps_each_with_the_same_chance() {
        let mut early = 0;
        for seed in 0..400 {
            let mut reservoir = Reservoir::new(10, Random::new(seed));
            for n in 0..100 {
                if let Some(place) = reservoir.place() {
                    reservoir.put(place, n);
                }
            }
            assert_eq!((reservoir.kept().len(), reservoir.seen()), (10, 100));
            early += reservoir.kept().iter().filter(|n| **n < 50).count();
        }
        assert!((1_800..2_200).contains(&early), "{early} of 4000 are from the first half");
    }

    #[test]
    fn quantiles_interpolate() {
        let sample = Sample::of([4.0, 1.0, 2.0, 3.0, f64::NAN]);
        assert_eq!(sample.quantiles(&[0.0, 0.5, 1.0]), [1.0, 2.5, 4.0]);
        assert_eq!((sample.count(), sample.mean()), (4, Some(2.5)));
        assert!(Sample::of([]).quantiles(&[0.5]).is_empty());
    }
}
