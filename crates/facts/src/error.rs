//! What can be wrong with a fact, said so that its sender can mend it.

use std::fmt;

/// One thing wrong with a value, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Flaw {
    /// Dotted path of the field below the body, empty when the value itself is meant.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl Flaw {
    /// A flaw of the value itself.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { field: String::new(), reason: reason.into() }
    }

    /// A flaw of a field.
    pub fn at(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// Why a text is not a fact.
///
/// Prints as `field: reason`; `code` is stable and meant for programs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ParseError {
    /// Stable name of the problem: `too-long`, `not-utf8`, `not-json`, `unknown-kind`, `decided-kind`,
    /// `unknown-field`, `missing-field`, `duplicate-field`, `wrong-type`, `bad-value`.
    pub code: &'static str,
    /// Dotted path of the field, as `body.lines[0].qty`; empty when the whole text is meant.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.field, self.reason) }
    }
}
