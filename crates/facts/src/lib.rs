//! The vocabulary of a market: what can happen, named, typed and checked.
//!
//! A **fact** is something that happened, recorded once and never changed. This crate says which kinds
//! of facts exist, what each carries, how one is read from JSON and refused when it is wrong, and how
//! it is written so that two machines write the same bytes.
//!
//! # Invariants
//! - Pure: no clock, no randomness, no I/O, no knowledge of any system or database.
//! - No float anywhere in a body: money is integer minor units, rates are basis points or ppm.
//! - Serialising a body is canonical JSON (RFC 8785): fields stand in alphabetical order, absent
//!   options are left out, integers stay within ±(2^53 − 1).

mod amount;
pub mod body;
mod calendar;
mod error;
mod explain;
mod fact;
mod few;
mod hash;
mod ids;
mod kind;
mod money;
mod name;
mod row;
mod rules;
mod schema;
mod system;
mod text;
mod time;

pub use amount::{Amount, Count, Ppm, Quantity, SAFE_MAX, ShareBps, SignedAmount, Stars};
pub use calendar::{Calendar, Clock, ClockUnit};
pub use error::{Flaw, ParseError};
pub use fact::{By, Draft, Fact, Incoming, LINE_MAX_BYTES};
pub use few::Few;
pub use hash::Sha256Hex;
pub use ids::*;
pub use kind::{Body, FactBody, Kind, Lane, Origin, Subject};
pub use money::{Bps, Currency, Money, MoneyError, Rounding};
pub use name::{NAME_MAX_CHARS, Name};
pub use row::{JournalRow, body_hash};
pub use rules::{FromFamily, FromRule, RuleBook, RuleDocument, RuleVersion};
pub use schema::{schema_of, schemas};
pub use system::{Balance, Due, Judgement, Listing, States, System};
pub use text::{MASKED_DIGITS, MaskedText, Text};
pub use time::{MarketZone, TimeError, Timestamp};
