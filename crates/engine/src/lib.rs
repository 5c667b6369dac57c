//! Fact in: gather, decide, commit, emit.
//!
//! Callers hand over facts; a single writer gathers what waits (1,000 facts or 2 ms), takes the chain's
//! head, loads the states that the batch touches, lets the systems decide in memory and writes journal,
//! states, lists and deadlines in one transaction. Then every caller gets the receipts of its own facts.
//!
//! # Invariants
//! - A receipt `recorded` is given only after the commit that made the fact durable.
//! - The same identity `(source, key)` is recorded at most once.
//! - The journal alone rebuilds every state: [`replay`] decides it again and compares.
//! - This crate is the only one that reads the clock for facts ([`clock`]).

mod as_of;
mod batch;
mod books;
pub mod clock;
mod deadlines;
mod engine;
mod market_rules;
pub mod outbox;
mod preview;
mod receipt;
mod rehearsal;
mod replay;
mod rule_check;
mod seat;
mod shipped;
pub mod story;
mod voids;
mod writer;

pub use as_of::{AsOf, OrderView, ReadError};
pub use engine::{Engine, EngineSettings, RecordError, StartError};
pub use preview::{Changed, Preview, preview};
pub use receipt::{Outcome, Receipt};
pub use rehearsal::Rehearsal;
pub use replay::{Difference, ReplayError, ReplayReport, replay};
pub use rule_check::check_rule;
pub use shipped::{ShippedRule, shipped_rules};
