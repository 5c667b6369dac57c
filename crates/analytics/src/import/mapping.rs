//! Mapping documents.

use std::collections::BTreeMap;

use laotie_facts::{Currency, Kind, MarketZone, Origin};
use serde::{Deserialize, Serialize};

use super::webhook::WebhookRule;
use crate::registry::Bilingual;

/// Why a mapping document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mapping {name}: {reason}")]
pub struct MappingError {
    /// The mapping.
    pub name: String,
    /// The place and what is wrong.
    pub reason: String,
}

/// What a column holds. A value that does not fit has its row refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ColumnType {
    /// Text, trimmed; empty text is null.
    Text,
    /// A whole number.
    Int,
    /// A number with a fraction, kept as decimal text so that money stays exact.
    Decimal,
    /// A time, made RFC 3339 in UTC; without an offset it is taken in the mapping's zone.
    Time,
}

impl ColumnType {
    /// What it should be, for people.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "a whole number",
            Self::Decimal => "a decimal number",
            Self::Time => "a time, as `2010-12-01 08:26:00`",
        }
    }
}

/// A table of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableRule {
    /// Its name in the queries.
    pub(crate) name: String,
    /// Names of files that hold it, with `*` for anything.
    pub(crate) files: Vec<String>,
    /// Whether nothing can be imported without it.
    #[serde(default)]
    pub(crate) required: bool,
    /// Columns that must be there.
    pub(crate) columns: BTreeMap<String, ColumnType>,
    /// Columns that may be there; null where they are not.
    #[serde(default)]
    pub(crate) optional: BTreeMap<String, ColumnType>,
    /// Other names that a column may have in the file.
    #[serde(default)]
    pub(crate) aliases: BTreeMap<String, Vec<String>>,
}

/// Rows that are left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Why, for people.
    pub reason: Bilingual,
    /// Its tables; nothing is left out when one of them is not there.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A query that yields one row: first the number of facts that are left out, then, as
    /// `_rows_TABLE`, the rows that they would have stood for.
    pub count: String,
}

/// One query and the kind of fact that it yields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactRule {
    /// The kind.
    pub(crate) kind: String,
    /// Its tables; the query is skipped when one of them is not there.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// The query. Its columns are `key`, `at`, `_file`, `_row`, the fields of the body and, for the rows
    /// that a fact stands for, `_rows_TABLE`.
    pub(crate) sql: String,
}

/// A mapping from files to facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its id.
    pub id: String,
    /// Its version, `DATE.N`.
    pub version: String,
    /// Where the format is documented.
    pub source: String,
    /// Source of its facts, unless a query names another.
    pub fact_source: String,
    /// Zone of times without one.
    pub zone: String,
    /// Currency where a query names none.
    pub currency: String,
    /// Its name.
    pub name: Bilingual,
    /// What a user may set, with what holds otherwise; queries read it with `setting(name)`.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    #[serde(rename = "table")]
    pub(crate) tables: Vec<TableRule>,
    #[serde(rename = "fact")]
    pub(crate) facts: Vec<FactRule>,
    /// Rows that are left out on purpose.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Shared sub-queries, by name, in order; each may use those before it.
    #[serde(default, rename = "view")]
    pub(crate) views: Vec<ViewRule>,
    /// Facts out of webhooks.
    #[serde(default, rename = "webhook")]
    pub(crate) webhooks: Vec<WebhookRule>,
}

/// A sub-query that several queries share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewRule {
    pub(crate) name: String,
    pub(crate) sql: String,
}

impl Mapping {
    /// Reads a mapping document.
    ///
    /// # Errors
    /// [`MappingError`] with the field and the way out.
    pub fn parse(name: &str, text: &str) -> Result<Self, MappingError> {
        let bad = |reason: String| MappingError { name: name.to_owned(), reason };
        let mut table: toml::Table = text.parse().map_err(|e: toml::de::Error| bad(e.to_string()))?;
        table.remove("effective_from");
        let mapping: Mapping = table.try_into().map_err(|e: toml::de::Error| bad(e.to_string()))?;
        if mapping.tables.is_empty() || mapping.facts.is_empty() {
            return Err(bad("it needs at least one [[table]] and one [[fact]]".to_owned()));
        }
        MarketZone::new(&mapping.zone).map_err(|e| bad(format!("zone: {e}")))?;
        Currency::new(&mapping.currency).map_err(|e| bad(format!("currency: {e}")))?;
        for table in &mapping.tables {
            for alias in table.aliases.keys() {
                if !table.columns.contains_key(alias) && !table.optional.contains_key(alias) {
                    return Err(bad(format!("table `{}`: aliases of `{alias}`, which is none of its columns", table.name)));
                }
            }
            if let Some(twice) = table.columns.keys().find(|c| table.optional.contains_key(*c)) {
                return Err(bad(format!("table `{}`: `{twice}` stands in `columns` and in `optional`", table.name)));
            }
            if table.files.is_empty() {
                return Err(bad(format!("table `{}`: `files` names no file", table.name)));
            }
        }
        for fact in &mapping.facts {
            match Kind::from_name(&fact.kind) {
                Some(kind) if kind.origin() == Origin::Market => {}
                Some(_) => return Err(bad(format!("fact `{}`: this kind is decided by Laotie and cannot be imported", fact.kind))),
                None => return Err(bad(format!("fact `{}`: not a kind of fact; `laotie schema` lists them", fact.kind))),
            }
        }
        let needs = mapping.facts.iter().map(|f| (&f.kind, &f.needs)).chain(mapping.left_out.iter().map(|l| (&l.reason.en, &l.needs)));
        for (what, needed) in needs {
            if let Some(table) = needed.iter().find(|n| !mapping.tables.iter().any(|t| t.name == **n)) {
                return Err(bad(format!("`{what}` needs `{table}`, which no [[table]] is named")));
            }
        }
        Ok(mapping)
    }

    /// Sets `zone`, `currency` or one of the mapping's own settings.
    ///
    /// # Errors
    /// [`MappingError`] when the mapping has no such setting or the value is none.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), MappingError> {
        match name {
            "zone" => {
                MarketZone::new(value).map_err(|e| self.error(format!("zone: {e}")))?;
                value.clone_into(&mut self.zone);
            }
            "currency" => {
                Currency::new(value).map_err(|e| self.error(format!("currency: {e}")))?;
                value.clone_into(&mut self.currency);
            }
            name => match self.settings.get_mut(name) {
                Some(held) => value.clone_into(held),
                None => {
                    let known: Vec<&str> = ["zone", "currency"].into_iter().chain(self.settings.keys().map(String::as_str)).collect();
                    return Err(self.error(format!("there is no setting `{name}`; there are {}", known.join(", "))));
                }
            },
        }
        Ok(())
    }

    /// Whether its queries hash identities, for which the market's secret is needed.
    pub fn hashes(&self) -> bool {
        let queries = self.facts.iter().map(|f| &f.sql).chain(self.views.iter().map(|v| &v.sql));
        queries.into_iter().any(|sql| sql.contains("hashed("))
    }

    /// An error in this document.
    pub(crate) fn error(&self, reason: String) -> MappingError {
        MappingError { name: self.id.clone(), reason }
    }

    /// The table that a file belongs to, by its name.
    pub(crate) fn table_of(&self, file_name: &str) -> Option<&TableRule> {
        self.tables.iter().find(|t| t.files.iter().any(|p| matches(p, file_name)))
    }
}

/// Whether a name fits a pattern in which `*` stands for anything; letters' case does not matter.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(matches("orders*.parquet", "orders_sample.parquet"));
        assert!(matches("olist_orders_dataset.csv", "Olist_Orders_Dataset.CSV"));
        assert!(!matches("orders*.parquet", "my_orders.parquet"));
        assert!(!matches("a*b*c", "acb"));
    }
}
