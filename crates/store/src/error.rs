//! What can go wrong with a store.

/// A store's failure.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It could not be opened or migrated.
    #[error("could not open the store at {place}: {reason}")]
    Open {
        /// Path or address without credentials.
        place: String,
        /// Why.
        reason: String,
    },
    /// Written by a newer Laotie.
    #[error("the store has migration {found}, this program knows {known}; use a newer program")]
    FromTheFuture {
        /// Its migration.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// A statement failed.
    #[error("{operation} failed")]
    Statement {
        /// What was being done.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A guard of the tables said no, which only a bug of ours can cause.
    #[error("{operation} broke the constraint `{constraint}`")]
    Constraint {
        /// What was being done.
        operation: &'static str,
        /// Its name.
        constraint: String,
    },
    /// Something stored cannot be read back.
    #[error("{what} cannot be read back: {reason}")]
    Corrupt {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
