//! Files of other systems turned into facts, through mappings written as SQL.
//!
//! A mapping names tables by file pattern and holds one query a kind of fact, its columns named as the
//! fact's fields. Every fact and every refusal carries the file and row it comes from.
//!
//! # Invariants
//! - `read = facts + refused + left out by a stated filter`, of facts and, for the tables a mapping counts,
//!   of rows.
//! - The same files and mapping yield the same facts in the same order, however often they are read.
//! - A row that cannot be read costs itself and no other, and memory stays within its bound.

mod checkpoint;
mod columns;
mod csv_rows;
mod fact_json;
mod functions;
mod json_rows;
mod mapping;
mod parquet_rows;
mod plan;
mod row;
mod run;
mod spool;
mod tables;
mod webhook;

pub use checkpoint::Checkpoint;
pub use mapping::{LeftOut, Mapping, MappingError};
pub use plan::{ImportError, ImportPlan};
pub use run::{Import, ImportBatch, Place, RefusedRow, TableTotals, Totals};
pub use webhook::WebhookError;
