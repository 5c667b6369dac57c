//! A slow, obvious model of a market's orders, money and books, to hold the engine against.
//!
//! An [`Auditor`] is told the same facts as the engine and keeps its own books in the plainest way: each order is the
//! list of its facts, and whatever is asked of it is folded from that list anew. It says what the engine must answer to
//! a fact ([`Expected`]), what an order must look like ([`ExpectedOrder`]) and what a day must add up to ([`Books`]), and
//! names every field in which an answer differs ([`Disagreement`]).
//!
//! # Invariants
//! - It is written from the public rules and shares no code with what it examines: of ours it imports `laotie-facts` alone.
//! - Pure: no clock, no I/O; time is told to it ([`Auditor::clock`]).
//! - Nothing is carried along that could be computed from the facts, but the books of what it was told to forget.

mod auditor;
mod books;
mod compare_books;
mod compare_order;
mod decided_on;
mod disagreement;
mod event;
mod expected;
mod identity;
mod lines;
mod order_file;
mod rules;

pub use auditor::Auditor;
pub use books::{Books, Figures};
pub use compare_books::Dimension;
pub use decided_on::{DECIDED_ON, DecidedOn, decided_on};
pub use disagreement::Disagreement;
pub use expected::{Expected, ExpectedOrder, ExpectedStep};
pub use lines::{PaidLine, lines_after_discounts};
