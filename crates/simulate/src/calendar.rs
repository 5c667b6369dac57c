//! What will happen, in order of time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

const HOUR_MICROS: i64 = 3_600_000_000;

struct Entry<T> {
    at: i64,
    order: u64,
    what: T,
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// A calendar queue: a heap of the current hour, a pile for each later one. What is entered first comes first among
/// equal times. Brown (1988), "Calendar queues", CACM 31 (10), pp. 1220-1227, with a heap for the day at hand.
pub(crate) struct Calendar<T> {
    now: BinaryHeap<Reverse<Entry<T>>>,
    hour: i64,
    later: BTreeMap<i64, Vec<Entry<T>>>,
    entered: u64,
}

impl<T> Calendar<T> {
    pub(crate) fn new() -> Self {
        Self { now: BinaryHeap::new(), hour: i64::MIN, later: BTreeMap::new(), entered: 0 }
    }

    /// Enters something at a time in microseconds.
    pub(crate) fn enter(&mut self, at: i64, what: T) {
        self.entered += 1;
        let entry = Entry { at, order: self.entered, what };
        let hour = at.div_euclid(HOUR_MICROS);
        if hour <= self.hour {
            self.now.push(Reverse(entry));
        } else {
            self.later.entry(hour).or_default().push(entry);
        }
    }

    /// Takes what comes next, if it is before `until`.
    pub(crate) fn next_before(&mut self, until: i64) -> Option<(i64, T)> {
        while self.now.is_empty() {
            let (hour, _) = self.later.first_key_value()?;
            if hour.saturating_mul(HOUR_MICROS) >= until {
                return None;
            }
            let (hour, pile) = self.later.pop_first()?;
            self.hour = hour;
            self.now = pile.into_iter().map(Reverse).collect::<Vec<_>>().into();
        }
        if self.now.peek()?.0.at >= until {
            return None;
        }
        self.now.pop().map(|Reverse(entry)| (entry.at, entry.what))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_gives_back_in_order_of_time_and_entry(times in proptest::collection::vec(0i64..20 * HOUR_MICROS, 1..200), more in 0i64..HOUR_MICROS) {
            let mut calendar = Calendar::new();
            for (i, at) in times.iter().enumerate() {
                calendar.enter(*at, i);
            }
            let (first, _) = calendar.next_before(i64::MAX).expect("something was entered");
            calendar.enter(first + more, times.len());
            let mut last = (first, 0);
            let mut count = 1;
            while let Some((at, i)) = calendar.next_before(i64::MAX) {
                prop_assert!(at > last.0 || at == last.0 && i >= last.1 || count == 1, "{at} after {last:?}");
                last = (at, i);
                count += 1;
            }
            prop_assert_eq!(count, times.len() + 1);
        }
    }

    #[test]
    fn nothing_comes_before_its_time() {
        let mut calendar = Calendar::new();
        calendar.enter(5, "a");
        assert_eq!(calendar.next_before(5), None);
        assert_eq!(calendar.next_before(6), Some((5, "a")));
    }
}
