//! What a host says, sentence by sentence: what is claimed, and whether the market's facts bear it out.
//!
//! A sentence is normalised ([`text`]), scanned once for every word of the rule packs ([`lexicon`]),
//! also by sound and by split characters, and read two ways: [`frame`]s of words that are a breach by
//! themselves, and claims of number, material, origin or paper that a [`check`] holds against the
//! [`ItemFacts`]. [`scope`] takes back what the host denies, quotes or warns against.
//!
//! # Invariants
//! - Pure: no clock, no file, no network; the same sentence, book and facts give the same findings.
//! - A [`Finding`]'s span lies inside the sentence that was given, in Unicode characters.
//! - Work on a sentence of n characters takes O(n log n) steps: each automaton passes once, what it found is sorted, and what
//!   stands near a place is searched for by halving.
//! - A claim that needs a fact which is not known is never called a breach, but for one: a function of the body that food is
//!   said to have, for which the words are enough.

mod book;
mod brief;
pub mod check;
mod code;
mod finding;
pub mod frame;
mod goods;
mod heard;
mod item;
pub mod lexicon;
pub mod live;
mod naming;
mod number;
mod ordinary;
mod pack;
mod pattern;
pub mod quantity;
mod reader;
pub mod scope;
mod shipped;
mod sound;
mod spelling;
pub mod text;
mod tolerance;
mod transcript;
mod unit;

pub use book::{BookError, RuleBook};
pub use brief::{Line, brief, sentences};
pub use code::Code;
pub use finding::{Finding, Span, Verdict};
pub use item::{ItemFacts, Milli, ReturnPolicy};
pub use pack::{Pack, PackError};
pub use reader::{Reader, Retraction};
pub use shipped::shipped;
pub use transcript::{Cue, TranscriptError, cues};
