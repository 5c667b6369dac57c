//! Answers of metrics that still hold.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::metric::{MetricAnswer, MetricQuery};

/// Answers kept at most; when there are more, all are forgotten.
const ANSWERS: usize = 256;

/// Rows of an answer that is kept at most.
const ROWS: usize = 5_000;

/// An answer, once it is computed.
type Held = Arc<OnceCell<Arc<MetricAnswer>>>;

/// What was asked since the lake last grew: an answer depends on the lake's position, the documents in force and the
/// question, and on nothing else.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<Since>);

#[derive(Debug, Default)]
struct Since {
    position: i64,
    held: HashMap<(String, MetricQuery), Held>,
}

impl Answers {
    /// The place of an answer; who finds it empty computes it, the others wait for that.
    pub(crate) fn of(&self, position: i64, metric: &str, query: &MetricQuery) -> Held {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if since.position != position || since.held.len() >= ANSWERS {
            *since = Since { position, held: HashMap::new() };
        }
        since.held.retain(|_, held| held.get().is_none_or(|answer| answer.rows.len() <= ROWS));
        Arc::clone(since.held.entry((metric.to_owned(), query.clone())).or_default())
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).held.clear();
    }
}
