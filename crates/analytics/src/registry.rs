//! Metric documents: what a number is called, means, and how it is computed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::AnalyticsError;

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minor units of the market's currency.
    Minor,
    /// A number of things.
    Count,
    /// A share; numerator and denominator stand beside it.
    Ratio,
    /// Minor units for one thing; numerator and denominator stand beside it.
    MinorPer,
}

/// When a number becomes final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaturityRule {
    /// Days after which the number of a day no longer moves by itself; 0 when it is final at once.
    pub days: u32,
    /// Why.
    pub note: Bilingual,
}

/// One expected outcome, on small tables, that lies in the document itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricTest {
    /// What it shows.
    pub name: String,
    /// Facts, one JSON object a line.
    pub facts: String,
    /// First day.
    #[serde(default)]
    pub from: Option<String>,
    /// Day after the last.
    #[serde(default)]
    pub to: Option<String>,
    /// Dimensions.
    #[serde(default)]
    pub by: Vec<String>,
    /// A condition in CEL.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// The rows, as JSON.
    pub rows: String,
}

/// A metric as its document states it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricDefinition {
    /// Its id.
    pub id: String,
    /// Its version, `DATE.N`.
    pub version: String,
    /// Who answers for it.
    pub owner: String,
    /// Where the definition comes from.
    pub source: String,
    /// Its name.
    pub name: Bilingual,
    /// What exactly it counts.
    pub definition: Bilingual,
    /// One row of what is counted.
    pub grain: String,
    /// How the period is applied.
    pub window: String,
    /// What is left out, and whether it is raw or clean.
    pub filters: String,
    /// What the value is.
    pub unit: Unit,
    /// When it becomes final.
    pub maturity: MaturityRule,
    /// Time dimensions (`day`, `week`, `month`, `quarter`, `year`) and columns of `sql` that `by` and `where` may name.
    #[serde(default)]
    pub dimensions: Vec<String>,
    /// The rows that are counted, with a column `date` unless `whole` is set; `{from}` and `{to}` stand for the period.
    pub sql: String,
    /// The value as an aggregate over `sql`.
    #[serde(default)]
    pub value: Option<String>,
    /// For ratios: what is above the line.
    #[serde(default)]
    pub numerator: Option<String>,
    /// For ratios: what is below.
    #[serde(default)]
    pub denominator: Option<String>,
    /// Further columns, each an aggregate over `sql`.
    #[serde(default)]
    pub also: BTreeMap<String, String>,
    /// Dimensions that rows always have (a cohort table has cohorts).
    #[serde(default)]
    pub always_by: Vec<String>,
    /// Whether `sql` applies the period itself.
    #[serde(default)]
    pub whole: bool,
    /// How rows are sorted; by their dimensions when left out.
    #[serde(default)]
    pub order_by: Option<String>,
    /// Expected outcomes.
    #[serde(default, rename = "test", skip_serializing)]
    pub tests: Vec<MetricTest>,
}

/// Dimensions of time, with their expression over a column `date`.
pub(crate) const TIME: [(&str, &str); 5] = [
    ("day", "to_char(date, '%Y-%m-%d')"),
    ("week", "to_char(date_trunc('week', date), '%Y-%m-%d')"),
    ("month", "to_char(date, '%Y-%m')"),
    ("quarter", "concat(to_char(date, '%Y'), '-Q', cast(date_part('quarter', date) as varchar))"),
    ("year", "to_char(date, '%Y')"),
];

/// The expression of a dimension of time; `None` for any other.
pub(crate) fn time_expression(dimension: &str) -> Option<&'static str> {
    TIME.iter().find(|(name, _)| *name == dimension).map(|(_, sql)| *sql)
}

impl MetricDefinition {
    /// Reads a document.
    ///
    /// # Errors
    /// [`AnalyticsError::BadDocument`] with the field and the way out.
    pub fn parse(name: &str, text: &str) -> Result<Self, AnalyticsError> {
        let bad = |reason: String| AnalyticsError::BadDocument { place: format!("metrics/{name}"), reason };
        let mut table: toml::Table = text.parse().map_err(|e: toml::de::Error| bad(e.to_string()))?;
        table.remove("effective_from");
        let metric: MetricDefinition = table.try_into().map_err(|e: toml::de::Error| bad(e.to_string()))?;
        if metric.id != name {
            return Err(bad(format!("id `{}` is not the document's name; name both alike", metric.id)));
        }
        let ratio = matches!(metric.unit, Unit::Ratio | Unit::MinorPer);
        match (ratio, &metric.value, &metric.numerator, &metric.denominator) {
            (true, None, Some(_), Some(_)) | (false, Some(_), None, None) => {}
            (true, ..) => return Err(bad("a ratio has `numerator` and `denominator`, and no `value`".into())),
            (false, ..) => return Err(bad("`value` is missing, or `numerator` and `denominator` are too many".into())),
        }
        for text in [&metric.name.zh, &metric.name.en, &metric.definition.zh, &metric.definition.en] {
            if text.trim().is_empty() {
                return Err(bad("name and definition are needed in zh and en".into()));
            }
        }
        Ok(metric)
    }

    /// The columns that a condition may name.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.dimensions.iter().map(String::as_str).filter(|d| TIME.iter().all(|(name, _)| name != d))
    }
}
