//! The market's rules as the engine hands them to systems: documents by family, name and date.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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

/// A typed reading of a rule document.
pub trait FromRule: Sized + Send + Sync + 'static {
    /// Reads the document.
    ///
    /// # Errors
    /// [`Flaw`] with the place and the reason.
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw>;
}

/// A typed reading of all documents of a family together.
pub trait FromFamily: Sized + Send + Sync + 'static {
    /// Reads the documents, in order of name.
    ///
    /// # Errors
    /// [`Flaw`] with the document, the place and the reason.
    fn from_family(documents: &[&RuleDocument]) -> Result<Self, Flaw>;
}

/// A family as it was read together: its documents, and what came of them.
#[derive(Debug, Clone)]
struct Together {
    documents: Vec<Arc<RuleDocument>>,
    read: Result<Arc<dyn Any + Send + Sync>, Flaw>,
}

/// So many readings of families are kept: old orders of documents are asked for by replays and previews alone.
const TOGETHER_MAX: usize = 8;

/// One published rule document.
#[derive(Debug)]
pub struct RuleDocument {
    /// Its version.
    pub version: RuleVersion,
    /// From when it holds.
    pub effective_from: Timestamp,
    /// The document, TOML.
    pub text: String,
    /// The document, read.
    pub table: toml::Table,
    typed: OnceLock<Result<Arc<dyn Any + Send + Sync>, Flaw>>,
}

impl RuleDocument {
    /// The document as the type that the system reads it as; read once and kept.
    ///
    /// # Errors
    /// [`Flaw`] when it cannot be read as that, or was read as another type before.
    pub fn read<T: FromRule>(&self) -> Result<Arc<T>, Flaw> {
        let typed = self.typed.get_or_init(|| T::from_rule(self).map(|t| Arc::new(t) as Arc<dyn Any + Send + Sync>));
        let any = typed.as_ref().map_err(Clone::clone)?;
        Arc::clone(any).downcast::<T>().map_err(|_| Flaw::new(format!("{} was read as another type before", self.version)))
    }
}

/// The rules in force, by family, name and date.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    documents: BTreeMap<String, BTreeMap<String, Vec<Arc<RuleDocument>>>>,
    versions: BTreeMap<RuleVersion, Arc<RuleDocument>>,
    together: Arc<Mutex<Vec<Together>>>,
}

impl RuleBook {
    /// Adds a version of a document.
    ///
    /// # Errors
    /// [`Flaw`] when the text is not TOML.
    pub fn publish(&mut self, family: &str, name: &str, version: RuleVersion, effective_from: Timestamp, text: String) -> Result<(), Flaw> {
        let table = text.parse::<toml::Table>().map_err(|e| Flaw::at("text", e.to_string()))?;
        let document = Arc::new(RuleDocument { version, effective_from, text, table, typed: OnceLock::new() });
        let versions = self.documents.entry(family.to_owned()).or_default().entry(name.to_owned()).or_default();
        versions.push(Arc::clone(&document));
        versions.sort_by_key(|d| d.effective_from);
        self.versions.insert(document.version.clone(), document);
        Ok(())
    }

    /// The document that holds at a time: the latest one in force.
    pub fn at(&self, family: &str, name: &str, time: Timestamp) -> Option<&RuleDocument> {
        let versions = self.documents.get(family)?.get(name)?;
        versions.iter().rev().find(|d| d.effective_from <= time).map(AsRef::as_ref)
    }

    /// The document of a version, whenever it held.
    pub fn version(&self, version: &RuleVersion) -> Option<&RuleDocument> {
        self.versions.get(version).map(AsRef::as_ref)
    }

    /// The documents of a family that hold at a time, by name.
    pub fn family_at<'a>(&'a self, family: &str, time: Timestamp) -> impl Iterator<Item = (&'a str, &'a RuleDocument)> {
        let names = self.documents.get(family).into_iter().flatten();
        names.filter_map(move |(name, v)| Some((name.as_str(), v.iter().rev().find(|d| d.effective_from <= time)?.as_ref())))
    }

    /// The documents of a family that hold at a time, read together; read once and kept.
    ///
    /// # Errors
    /// [`Flaw`] when they do not fit together.
    pub fn read_family<T: FromFamily>(&self, family: &str, time: Timestamp) -> Result<Arc<T>, Flaw> {
        let names = self.documents.get(family).into_iter().flatten();
        let documents: Vec<&Arc<RuleDocument>> =
            names.filter_map(|(_, versions)| versions.iter().rev().find(|d| d.effective_from <= time)).collect();
        let mut kept = self.together.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it =
            |t: &Together| t.documents.len() == documents.len() && t.documents.iter().zip(&documents).all(|(a, b)| Arc::ptr_eq(a, b));
        let read = match kept.iter().position(is_it) {
            Some(at) => kept[at].read.clone(),
            None => {
                let parts: Vec<&RuleDocument> = documents.iter().map(|d| &***d).collect();
                let read = T::from_family(&parts).map(|t| Arc::new(t) as Arc<dyn Any + Send + Sync>);
                if kept.len() == TOGETHER_MAX {
                    kept.remove(0);
                }
                kept.push(Together { documents: documents.into_iter().map(Arc::clone).collect(), read: read.clone() });
                read
            }
        };
        read?.downcast::<T>().map_err(|_| Flaw::new(format!("the family `{family}` was read as another type before")))
    }

    /// The latest version of every document of a family, by name.
    pub fn family<'a>(&'a self, family: &str) -> impl Iterator<Item = (&'a str, &'a RuleDocument)> {
        self.documents.get(family).into_iter().flatten().filter_map(|(name, v)| Some((name.as_str(), v.last()?.as_ref())))
    }

    /// Every version of a document, the earliest first.
    pub fn history<'a>(&'a self, family: &str, name: &str) -> impl Iterator<Item = &'a RuleDocument> {
        self.documents.get(family).and_then(|f| f.get(name)).into_iter().flatten().map(AsRef::as_ref)
    }

    /// The families that have documents.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(String::as_str)
    }

    /// Whether nothing was published yet.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}
