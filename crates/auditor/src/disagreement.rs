//! Where an answer and the expectation part.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A field in which an answer differs from what it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// What the answer is about, as `order o-1`, `fact shop/o-1/paid`, `metric gmv 2026-06-10`.
    pub about: String,
    /// Which field of it.
    pub field: String,
    /// What it must be.
    pub expected: Value,
    /// What it is.
    pub found: Value,
}

impl Disagreement {
    /// A disagreement when the two differ.
    pub(crate) fn check(about: &str, field: &str, expected: impl Into<Value>, found: impl Into<Value>) -> Option<Self> {
        let (expected, found) = (expected.into(), found.into());
        (expected != found).then(|| Self { about: about.to_owned(), field: field.to_owned(), expected, found })
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} must be {} and is {}", self.about, self.field, self.expected, self.found)
    }
}
