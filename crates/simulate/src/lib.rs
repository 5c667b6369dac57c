//! A seeded whole market, honest and dishonest: the facts that any market would send, and the truth beside them.
//!
//! Buyers, shops, streamers, brands, providers and sellers of engagement live, watch, sell, lie, buy, return and come
//! back. What they do leaves here as facts in order of time, of every kind that a market sends; what they are stays
//! here, in a file of its own ([`Truth`]).
//!
//! # Invariants
//! - Pure: no clock, no I/O. One seed, one document and one version give the same bytes on every machine.
//! - Nothing grows with the length of a run: states are of actors, live edges and orders under way.
//! - Nothing that Laotie decides is made here; what it decided can be fed back in ([`Market::hear`]).
//! - What sets one market apart from another stands in `rulebook/markets/`, each figure with its source or "assumed". The
//!   shapes of single acts (which way in, how long an answer takes, how often a field is left out) are assumed in code.

mod actors;
mod calendar;
mod goods;
mod happening;
mod market;
pub mod measure;
mod names;
pub mod parameters;
mod random;
mod rhythm;
pub mod script;
mod truth;

pub use happening::{Happening, Sender};
pub use market::{Census, Market, Policy, Run};
pub use parameters::{ParameterError, Parameters};
pub use random::Random;
pub use truth::{Crowd, Truth};
