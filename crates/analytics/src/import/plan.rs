//! What is to be imported, and why it cannot be.

use std::path::PathBuf;

use super::mapping::{Mapping, MappingError};
use crate::error::AnalyticsError;

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct ImportPlan {
    /// How.
    pub mapping: Mapping,
    /// Files, each with the table it holds when its name does not say.
    pub files: Vec<(Option<String>, PathBuf)>,
    /// Memory that the queries may use, in bytes; beyond it they spill to disk.
    pub memory_limit_bytes: usize,
    /// Secret of the market, so that hashes of identities cannot be looked up elsewhere.
    pub salt: Vec<u8>,
    /// Where progress is kept, so that a stopped import goes on where it was.
    pub checkpoints: Option<PathBuf>,
}

/// Why an import fails as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The mapping is broken.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A file cannot be read.
    #[error("{}: {reason}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why, and the way out.
        reason: String,
    },
    /// A table that the mapping cannot do without is missing.
    #[error("the table `{table}` is missing: give a file named {patterns}, or --table {table}=FILE")]
    MissingTable {
        /// Which.
        table: String,
        /// Names it may have.
        patterns: String,
    },
    /// No table fits a file.
    #[error("{}: no table of the mapping has this file name; say which one it is with --table NAME=FILE (tables: {tables})", file.display())]
    UnknownFile {
        /// Which.
        file: PathBuf,
        /// The mapping's tables.
        tables: String,
    },
    /// A query of the mapping fails.
    #[error("the query for {what} failed")]
    Query {
        /// The kind of fact or the view.
        what: String,
        /// Why.
        #[source]
        source: Box<AnalyticsError>,
    },
}
