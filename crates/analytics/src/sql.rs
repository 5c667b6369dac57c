//! Questions in SQL, read-only.

use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use serde::Serialize;
use serde_json::Value;

use crate::cells::cell;
use crate::deep::check_sql;
use crate::error::AnalyticsError;

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its Arrow type, as text.
    #[serde(rename = "type")]
    pub data_type: String,
}

/// An answer: one array a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SqlAnswer {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, cells in the order of the columns.
    pub rows: Vec<Vec<Value>>,
    /// Whether there were more rows than asked for.
    pub truncated: bool,
}

/// Tells what went wrong with a question, in the asker's terms.
pub(crate) fn asked(field: &'static str) -> impl FnOnce(DataFusionError) -> AnalyticsError {
    move |error| match error.find_root() {
        DataFusionError::ResourcesExhausted(reason) => AnalyticsError::TooLarge { reason: reason.clone() },
        root @ (DataFusionError::SQL(..)
        | DataFusionError::Plan(_)
        | DataFusionError::SchemaError(..)
        | DataFusionError::Diagnostic(..)
        | DataFusionError::ArrowError(..)
        | DataFusionError::Execution(_)) => AnalyticsError::question(field, root.strip_backtrace()),
        DataFusionError::NotImplemented(reason) => AnalyticsError::question(field, reason.clone()),
        // A cast that fails while a file is filtered arrives wrapped by the file's reader.
        root if root.to_string().contains("Cannot cast") => AnalyticsError::question(field, root.strip_backtrace()),
        _ => AnalyticsError::lake("answering a question")(error),
    }
}

/// Rows that a question can have at most, so that one more can still be asked for.
const ROWS_MAX: usize = 1 << 40;

/// Answers a question with at most `limit` rows.
pub(crate) async fn answer(context: &SessionContext, query: &str, limit: usize) -> Result<SqlAnswer, AnalyticsError> {
    check_sql("query", query)?;
    let limit = limit.min(ROWS_MAX);
    let read_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let plan = context.state().create_logical_plan(query).await.map_err(asked("query"))?;
    read_only.verify_plan(&plan).map_err(|e| AnalyticsError::NotReadOnly { reason: e.strip_backtrace() })?;
    // An explanation stands at the root of its plan or nowhere.
    let explains = matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_));
    let frame = context.execute_logical_plan(plan).await.map_err(asked("query"))?;
    let schema = frame.schema().as_arrow().clone();
    let frame = if explains { frame } else { frame.limit(0, Some(limit + 1)).map_err(asked("query"))? };
    let batches = frame.collect().await.map_err(asked("query"))?;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for batch in &batches {
        rows.extend((0..batch.num_rows()).map(|row| batch.columns().iter().map(|c| cell(c, row)).collect()));
    }
    let truncated = rows.len() > limit;
    rows.truncate(limit);
    let columns = schema.fields().iter().map(|f| Column { name: f.name().clone(), data_type: f.data_type().to_string() }).collect();
    Ok(SqlAnswer { columns, rows, truncated })
}
