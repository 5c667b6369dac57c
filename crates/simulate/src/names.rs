//! Names and keys: numbers scrambled, so that no id tells when it was given or to whom.

use crate::random::Random;

/// Digits of 32, without those that look alike.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Gives names out of running numbers: a permutation of 40 bits, the same for honest and dishonest.
///
/// Four rounds of Feistel's network; Luby and Rackoff (1988), SIAM J. Comput. 17 (2), pp. 373-386.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    rounds: [u64; 4],
    given: u64,
}

impl Names {
    pub(crate) fn new(seed: u64, label: u64) -> Self {
        let mut random = Random::of(seed, &[0x6e61_6d65, label]);
        Self { rounds: std::array::from_fn(|_| random.next()), given: 0 }
    }

    fn scramble(&self, number: u64) -> u64 {
        let (mut left, mut right) = ((number >> 20) & 0xf_ffff, number & 0xf_ffff);
        for key in self.rounds {
            let mixed = (right ^ key).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (left, right) = (right, left ^ ((mixed ^ (mixed >> 31)) >> 24) & 0xf_ffff);
        }
        left << 20 | right
    }

    /// The name of a number: a prefix and eight characters.
    pub(crate) fn of(&self, prefix: &str, number: u64) -> String {
        let bits = self.scramble(number);
        let mut name = String::with_capacity(prefix.len() + 8 + 10);
        name.push_str(prefix);
        for place in (0..8).rev() {
            let digit = (bits >> (place * 5)) & 31;
            name.push(char::from(DIGITS[usize::try_from(digit).unwrap_or(0)]));
        }
        name
    }

    /// The next name.
    pub(crate) fn next(&mut self, prefix: &str) -> String {
        self.given += 1;
        self.of(prefix, self.given)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::new(3, 1);
        let given: HashSet<String> = (0..200_000).map(|_| names.next("o-")).collect();
        assert_eq!(given.len(), 200_000);
        assert!(given.iter().all(|n| n.len() == 10));
    }
}
