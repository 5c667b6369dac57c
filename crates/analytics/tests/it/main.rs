//! The lake and the numbers, on journals made by hand.

mod fuzz;
mod import;
mod journal;
mod lake;
mod metric_documents;
