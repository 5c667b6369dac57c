//! What proves that a simulated market is hard and real: an audit for leaks, and distances from real markets.
//!
//! # Invariants
//! - Pure: the same facts and seed give the same figures. Floats serve display and statistics alone.
//! - Memory does not grow with the length of a run beyond what is kept for each party, order and planted thing:
//!   rows and values are reservoir samples.
//! - A score is never measured on the rows that it was fitted on.

mod auc;
mod book;
mod columns;
mod comparison;
mod distance;
mod features;
mod id_rule;
mod known;
mod leakage;
mod number;
mod observed;
mod pairs;
mod roles;
mod sample;
mod sheet;
mod tally;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod verdict;

pub use auc::{auc, standard_error};
pub use comparison::{Comparison, Counted, Scale, Side};
pub use distance::{kolmogorov_smirnov, kolmogorov_smirnov_of_shape, wasserstein_log};
pub use id_rule::{IdRule, IdRuleFound};
pub use leakage::{Audit, Leak};
pub use observed::{Figures, Observed};
pub use sample::{Reservoir, Sample};
pub use verdict::{Found, Halves, Verdict};
