//! What can go wrong with the lake and its numbers.

/// A failure, told so that the asker can do something about it.
#[derive(Debug, thiserror::Error)]
pub enum AnalyticsError {
    /// The lake could not be read or written.
    #[error("{operation} failed")]
    Lake {
        /// What was being done.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file beside the lake could not be read or written.
    #[error("{operation} failed")]
    File {
        /// What was being done.
        operation: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is no such metric.
    #[error("there is no metric `{id}`; known are {known}")]
    UnknownMetric {
        /// What was asked for.
        id: String,
        /// All ids.
        known: String,
    },
    /// A question cannot be answered as it was put.
    #[error("{field}: {reason}")]
    BadQuestion {
        /// Which part of the question.
        field: &'static str,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A metric document is broken.
    #[error("{place}: {reason}")]
    BadDocument {
        /// The document and the field.
        place: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A statement that is more than a question.
    #[error("only questions are answered here (select, with, show, describe, explain): {reason}")]
    NotReadOnly {
        /// What it would have done.
        reason: String,
    },
    /// A question that needs more memory than it may have.
    #[error("the question needs more memory than it may have; ask for less at a time or raise the limit: {reason}")]
    TooLarge {
        /// How much.
        reason: String,
    },
}

impl AnalyticsError {
    pub(crate) fn lake<E: std::error::Error + Send + Sync + 'static>(operation: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Lake { operation, source: Box::new(source) }
    }

    pub(crate) fn file(operation: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { operation, source }
    }

    pub(crate) fn question(field: &'static str, reason: impl Into<String>) -> Self {
        Self::BadQuestion { field, reason: reason.into() }
    }
}
