//! Cases: what every dispute has in common, whether about a claim, a violation, a ring or a contract.
//!
//! A case gathers evidence, is looked at by a reviewer, is decided, and may be appealed against once a
//! side; then somebody else looks. A jury may be asked, and advises.
//!
//! # Invariants
//! - Evidence never changes: an id stands for one hash, and what was there when a case was decided stays.
//! - Whoever decided a case does not decide its appeal.
//! - A case knows nothing of money, rules or time; the systems tell it when its clocks run out.

mod case;
mod evidence;
mod jury;

pub use case::{Appeal, Case, Obstacle, Review, Stage};
pub use evidence::Evidence;
pub use jury::{Tally, Verdict, Vote, tally};
