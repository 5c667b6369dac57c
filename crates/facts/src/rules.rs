//! The market's rules as the engine hands them to systems: documents by family, name and date.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Flaw;
use crate::time::Timestamp;

/// A version of a rule document, printed `NAME@DATE.N`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct RuleVersion(String);

impl RuleVersion {
    /// Reads `FAMILY/NAME@YYYY-MM-DD.N`.
    ///
    /// # Errors
    /// [`Flaw`] when it is of another form.
    pub fn new(text: impl Into<String>) -> Result<Self, Flaw> {
        let text = text.into();
        let valid = text.rsplit_once('@').is_some_and(|(name, version)| {
            let (date, n) = version.split_once('.').unwrap_or((version, ""));
            !name.is_empty() && date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-') && n.parse::<u32>().is_ok()
        });
        if !valid || text.len() > 200 {
            return Err(Flaw::new(format!("`{text}` is not a rule version, as `orders/receipt@2026-11-23.1`")));
        }
        Ok(Self(text))
    }

    /// The printed form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RuleVersion {
    type Error = Flaw;
    fn try_from(text: String) -> Result<Self, Flaw> {
        Self::new(text)
    }
}

impl From<RuleVersion> for String {
    fn from(version: RuleVersion) -> String {
        version.0
    }
}

impl fmt::Display for RuleVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One published rule document.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleDocument {
    /// Its version.
    pub version: RuleVersion,
    /// From when it holds.
    pub effective_from: Timestamp,
    /// The document, TOML.
    pub text: String,
    /// The document, read.
    pub table: toml::Table,
}

/// The rules in force, by family, name and date.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    documents: BTreeMap<(String, String), Vec<RuleDocument>>,
}

impl RuleBook {
    /// Adds a version of a document.
    ///
    /// # Errors
    /// [`Flaw`] when the text is not TOML.
    pub fn publish(&mut self, family: &str, name: &str, version: RuleVersion, effective_from: Timestamp, text: String) -> Result<(), Flaw> {
        let table = text.parse::<toml::Table>().map_err(|e| Flaw::at("text", e.to_string()))?;
        let versions = self.documents.entry((family.to_owned(), name.to_owned())).or_default();
        versions.push(RuleDocument { version, effective_from, text, table });
        versions.sort_by_key(|d| d.effective_from);
        Ok(())
    }

    /// The document that holds at a time: the latest one in force.
    pub fn at(&self, family: &str, name: &str, time: Timestamp) -> Option<&RuleDocument> {
        let versions = self.documents.get(&(family.to_owned(), name.to_owned()))?;
        versions.iter().rev().find(|d| d.effective_from <= time)
    }

    /// The latest version of every document of a family, by name.
    pub fn family<'a>(&'a self, family: &'a str) -> impl Iterator<Item = (&'a str, &'a RuleDocument)> {
        self.documents.iter().filter(move |((f, _), _)| f == family).filter_map(|((_, name), v)| Some((name.as_str(), v.last()?)))
    }

    /// Whether nothing was published yet.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}
