//! Numbers that hold: the lake, SQL over it, and metrics that state what they mean.
//!
//! Journal rows are appended to **Delta Lake tables**, one a kind of fact, so that Spark, Trino, DuckDB
//! and Polars read a market's data as it lies. This crate alone names DataFusion; what leaves it are
//! types of our own.
//!
//! # Invariants
//! - The lake holds a journal row exactly once, whatever is killed when.
//! - Money is summed as integers; a ratio is divided last.
//! - A number never leaves without its definition, version and maturity.

mod analytics;
mod answers;
mod catalog;
mod cells;
mod deep;
mod encode;
mod error;
mod files;
mod filter;
pub mod import;
mod lake;
mod lake_schema;
mod metric;
mod registry;
mod sql;

pub use analytics::{Analytics, AnalyticsSettings};
pub use error::AnalyticsError;
pub use files::Files;
pub use lake::Maintenance;
pub use metric::{Maturity, MetricAnswer, MetricQuery};
pub use registry::{Bilingual, MetricDefinition};
pub use sql::{Column, SqlAnswer};
