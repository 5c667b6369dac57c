//! What a caller gets for each fact.

use serde::Serialize;

/// What became of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It stands in the journal, durably.
    Recorded {
        /// Its place.
        seq: i64,
        /// The kind of fact that it waits for, when it came before its predecessor.
        #[serde(skip_serializing_if = "Option::is_none")]
        waiting_for: Option<&'static str>,
    },
    /// The same fact stood there before.
    Repeated {
        /// Its place.
        seq: i64,
    },
    /// It was not recorded.
    Refused {
        /// Stable kebab-case name of the problem.
        code: String,
        /// Dotted path of the field that is wrong; empty when the whole fact is meant.
        field: String,
        /// What is wrong and what would be right.
        reason: String,
    },
}

impl Outcome {
    /// A refusal.
    pub fn refused(code: &str, field: &str, reason: impl Into<String>) -> Self {
        Self::Refused { code: code.to_owned(), field: field.to_owned(), reason: reason.into() }
    }
}

/// The answer to one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The system that sent it.
    pub source: String,
    /// Its key.
    pub key: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}
