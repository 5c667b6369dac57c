//! Lists in pages, by key.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Rows of a page when nothing is asked for, and at most.
const PAGE: usize = 50;
const PAGE_MAX: usize = 500;

/// Rows of a page at most.
pub(crate) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked {
        Some(0) => Err(Problem::bad_question("limit", "0 rows is no page; ask for 1 to 500")),
        Some(n) => Ok(n.min(PAGE_MAX)),
        None => Ok(PAGE),
    }
}

/// The problem of an `after` that no page gave.
pub(crate) fn not_a_next(text: &str) -> Problem {
    Problem::bad_question("after", format!("`{text}` is not a `next` of this list"))
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// Ask with it as `after` for the next page; null at the end.
    pub(crate) next: Option<String>,
}
