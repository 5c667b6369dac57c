//! A metric asked: its rows, with definition, version and maturity.

use datafusion::prelude::SessionContext;
use laotie_facts::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cells::{date, objects};
use crate::deep::check_sql;
use crate::error::AnalyticsError;
use crate::filter::to_sql;
use crate::registry::{Bilingual, MetricDefinition, Unit, time_expression};
use crate::sql::asked;

/// Rows of an answer when nothing else is asked for.
const ROWS: usize = 10_000;

/// What is asked of a metric.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MetricQuery {
    /// First day, `YYYY-MM-DD`; the first of the data when left out.
    pub from: Option<String>,
    /// Day after the last; the day after the data's last when left out.
    pub to: Option<String>,
    /// Dimensions.
    #[serde(default)]
    pub by: Vec<String>,
    /// A condition in CEL over the metric's columns.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// Only facts heard of by then.
    pub as_of: Option<Timestamp>,
    /// Rows at most.
    pub limit: Option<usize>,
}

/// How final a number is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Maturity {
    /// The number of days up to this one no longer moves by itself; `None` before any is.
    pub final_through: Option<String>,
    /// Share of the period's days that are final, in millionths.
    pub share_ppm: i64,
    /// Why.
    pub note: Bilingual,
}

/// A metric's answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricAnswer {
    /// Its id.
    pub metric: String,
    /// The version of the document, as `metrics/gmv@2026-11-23.1`.
    pub version: String,
    /// Its name.
    pub name: Bilingual,
    /// What exactly it counts.
    pub definition: Bilingual,
    /// Who answers for it.
    pub owner: String,
    /// What the values are.
    pub unit: Unit,
    /// Of amounts.
    pub currency: String,
    /// First day.
    pub from: Option<String>,
    /// Day after the last.
    pub to: Option<String>,
    /// Dimensions of the rows.
    pub by: Vec<String>,
    /// Only facts heard of by then.
    pub as_of: Option<Timestamp>,
    /// How final it is.
    pub maturity: Maturity,
    /// The rows; `value` in each, and `numerator` and `denominator` for ratios.
    pub rows: Vec<Map<String, Value>>,
    /// Whether there were more rows than asked for.
    pub truncated: bool,
}

/// First and last day of the trade in the lake: payments and refunds.
pub(crate) async fn bounds(context: &SessionContext) -> Result<Option<(i32, i32)>, AnalyticsError> {
    let batches = context.sql("select cast(min(date) as int) as a, cast(max(date) as int) as b from (select date from order_paid union all select date from refund_paid)").await.map_err(asked("metric"))?;
    let rows = objects(&batches.collect().await.map_err(asked("metric"))?);
    let day = |name: &str| rows.first().and_then(|r| r[name].as_i64()).and_then(|d| i32::try_from(d).ok());
    Ok(day("a").zip(day("b")))
}

fn day(field: &'static str, text: &str) -> Result<i32, AnalyticsError> {
    let wrong = || AnalyticsError::question(field, format!("`{text}` is not a day, as 2026-06-30"));
    if text.len() != 10 {
        return Err(wrong());
    }
    let noon = Timestamp::parse(&format!("{text}T00:00:00Z")).map_err(|_| wrong())?;
    i32::try_from(noon.micros() / 86_400_000_000).map_err(|_| wrong())
}

/// The statement that computes a metric.
fn statement(metric: &MetricDefinition, query: &MetricQuery, by: &[String], from: i32, to: i32) -> Result<String, AnalyticsError> {
    let (from, to) = (format!("date '{}'", date(from)), format!("date '{}'", date(to)));
    let columns: Vec<&str> = metric.columns().collect();
    let mut conditions = Vec::new();
    if !metric.whole {
        conditions.push(format!("date >= {from} and date < {to}"));
    }
    if let Some(filter) = query.filter.as_deref().filter(|f| !f.trim().is_empty()) {
        let condition = to_sql(filter, &columns)?;
        check_sql("where", &condition)?;
        conditions.push(condition);
    }
    let mut selected = Vec::new();
    for dimension in by {
        match time_expression(dimension).filter(|_| !metric.whole) {
            Some(sql) => selected.push(format!("{sql} as \"{dimension}\"")),
            None => selected.push(format!("\"{dimension}\"")),
        }
    }
    let groups: Vec<String> = (1..=selected.len()).map(|i| i.to_string()).collect();
    match (&metric.value, &metric.numerator, &metric.denominator) {
        (Some(value), ..) => selected.push(format!("coalesce({value}, 0) as value")),
        (None, Some(above), Some(below)) => {
            selected.push(format!("coalesce({above}, 0) as numerator"));
            selected.push(format!("coalesce({below}, 0) as denominator"));
        }
        _ => unreachable!("checked when the document was read"),
    }
    selected.extend(metric.also.iter().map(|(name, sql)| format!("{sql} as \"{name}\"")));
    let clause = |word: &str, parts: &[String], between: &str| {
        if parts.is_empty() { String::new() } else { format!(" {word} {}", parts.join(between)) }
    };
    let order = match &metric.order_by {
        Some(order) if !groups.is_empty() => format!(" order by {order}"),
        _ => clause("order by", &groups, ", "),
    };
    Ok(format!(
        "with base as ({}) select {} from base{}{}{order} limit {}",
        metric.sql.replace("{from}", &from).replace("{to}", &to),
        selected.join(", "),
        clause("where", &conditions, " and "),
        clause("group by", &groups, ", "),
        query.limit.unwrap_or(ROWS).saturating_add(1),
    ))
}

/// Answers a metric in a session whose trade lies between the two days of `data`.
pub(crate) async fn ask(
    context: &SessionContext,
    metric: &MetricDefinition,
    query: &MetricQuery,
    currency: &str,
    data: Option<(i32, i32)>,
) -> Result<MetricAnswer, AnalyticsError> {
    for dimension in &query.by {
        if !metric.dimensions.contains(dimension) {
            let known = metric.dimensions.join(", ");
            let reason =
                format!("`{dimension}` is not a dimension of {}; it has {}", metric.id, if known.is_empty() { "none" } else { &known });
            return Err(AnalyticsError::question("by", reason));
        }
    }
    let mut by = metric.always_by.clone();
    for dimension in &query.by {
        if !by.contains(dimension) {
            by.push(dimension.clone());
        }
    }
    let from = query.from.as_deref().map(|t| day("from", t)).transpose()?.or(data.map(|d| d.0));
    let to = query.to.as_deref().map(|t| day("to", t)).transpose()?.or(data.map(|d| d.1 + 1));
    let mut answer = MetricAnswer {
        metric: metric.id.clone(),
        version: format!("metrics/{}@{}", metric.id, metric.version),
        name: metric.name.clone(),
        definition: metric.definition.clone(),
        owner: metric.owner.clone(),
        unit: metric.unit,
        currency: currency.to_owned(),
        from: from.map(date),
        to: to.map(date),
        by: by.clone(),
        as_of: query.as_of,
        maturity: maturity(metric, from, to, data.map(|d| d.1)),
        rows: Vec::new(),
        truncated: false,
    };
    let (Some(from), Some(to)) = (from, to) else { return Ok(answer) };
    if from > to {
        return Err(AnalyticsError::question("from", format!("{} lies behind `to`, {}", date(from), date(to))));
    }
    let sql = statement(metric, query, &by, from, to)?;
    let frame = context.sql(&sql).await.map_err(asked("metric"))?;
    let mut rows = objects(&frame.collect().await.map_err(asked("metric"))?);
    let limit = query.limit.unwrap_or(ROWS);
    answer.truncated = rows.len() > limit;
    rows.truncate(limit);
    if metric.numerator.is_some() {
        rows.iter_mut().for_each(divide);
    }
    answer.rows = rows;
    Ok(answer)
}

/// Adds `value`, numerator by denominator; null where nothing is below the line.
#[expect(clippy::cast_precision_loss, reason = "a ratio is for display; numerator and denominator stand beside it exactly")]
fn divide(row: &mut Map<String, Value>) {
    let part = |row: &Map<String, Value>, name: &str| row.get(name).and_then(Value::as_i64);
    let value = match (part(row, "numerator"), part(row, "denominator")) {
        (Some(above), Some(below)) if below != 0 => Value::from(above as f64 / below as f64),
        _ => Value::Null,
    };
    row.insert("value".to_owned(), value);
}

fn maturity(metric: &MetricDefinition, from: Option<i32>, to: Option<i32>, last: Option<i32>) -> Maturity {
    let note = metric.maturity.note.clone();
    let (Some(from), Some(to), Some(last)) = (from, to, last) else { return Maturity { final_through: None, share_ppm: 0, note } };
    let wait = i32::try_from(metric.maturity.days).unwrap_or(i32::MAX);
    let final_day = last.saturating_sub(wait);
    let days = i64::from(to - from).max(1);
    let settled = i64::from((final_day.min(to - 1) - from + 1).max(0));
    let final_through = (final_day >= from).then(|| date(final_day.min(to - 1)));
    Maturity { final_through, share_ppm: (settled * 1_000_000 / days).min(1_000_000), note }
}
