//! Lists in pages, by key.

use axum::Json;
use laotie_store::ListingPage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::market::Market;
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

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Rows at most; 50 when left out, 500 at most.
    pub(crate) limit: Option<usize>,
    /// `next` of the page before.
    pub(crate) after: Option<String>,
}

/// A page of a stored list, its rows as they are.
pub(crate) async fn listed(
    market: &Market,
    view: &str,
    owner: &str,
    query: &PageQuery,
    descending: bool,
) -> Result<Json<Page<Value>>, Problem> {
    let limit = limit(query.limit)?;
    let after = match &query.after {
        Some(text) => {
            let (sort, key) = text.split_once('~').ok_or_else(|| not_a_next(text))?;
            Some((sort.to_owned(), key.to_owned()))
        }
        None => None,
    };
    let wanted = ListingPage { view: view.to_owned(), owner: owner.to_owned(), after, descending, limit: limit + 1 };
    let rows = market.engine.store().listing(&wanted).await?;
    let next = (rows.len() > limit).then(|| format!("{}~{}", rows[limit - 1].sort, rows[limit - 1].key));
    let items = rows.iter().take(limit).map(|r| serde_json::from_str(&r.body).unwrap_or(Value::Null)).collect();
    Ok(Json(Page { items, next }))
}
