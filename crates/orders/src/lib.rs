//! An order's life: paid, dispatched, picked up, signed for, received; cancelled, returned, refunded.
//!
//! The order carries its own law: when it is paid, `order.frozen` keeps the terms, and every later
//! decision reads the frozen copy.
//!
//! # Invariants
//! - A step that cannot be is refused; one that comes before its predecessor waits, visibly.
//! - Refunds never add up to more than was paid.
//! - An order is the fold of its recorded steps: taking one back (`fact.voided`) folds the others anew.
//! - Nothing here knows the time, the database or any other system.

mod freeze;
mod order;
mod step;
mod system;

pub use order::{Order, Status};
pub use step::{Step, StepKind, WAITING_DAYS};
pub use system::Orders;
