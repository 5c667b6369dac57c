//! A fact as a row of the journal, and the chain of hashes that ties the rows together.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::ParseError;
use crate::fact::{By, Fact};
use crate::ids::{FactKey, SourceId};
use crate::kind::{Body, Kind};
use crate::rules::RuleVersion;
use crate::time::Timestamp;

/// One row of the journal: one fact, written as it is hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// Place in the journal, from 1, without gaps.
    pub seq: i64,
    /// When Laotie heard of it.
    pub seen: Timestamp,
    /// When it happened.
    pub at: Timestamp,
    /// The system that sent it.
    pub source: String,
    /// Its key, unique within the source.
    pub key: String,
    /// Name of the kind.
    pub kind: String,
    /// In whose history it stands, as `order/o-1`.
    pub subject: String,
    /// Who acted, as canonical JSON.
    pub by: Option<String>,
    /// Sequence numbers of what caused it, as a JSON array.
    pub because: String,
    /// Rule versions that caused it, as a JSON array.
    pub rules: String,
    /// The body as canonical JSON.
    pub body: String,
    /// SHA-256 of the body.
    pub body_hash: [u8; 32],
    /// SHA-256 over the previous row's hash and this row's canonical JSON; zeroes before the first row.
    pub hash: [u8; 32],
}

/// SHA-256 of a canonical body.
pub fn body_hash(canonical: &str) -> [u8; 32] {
    Sha256::digest(canonical.as_bytes()).into()
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("strings and integers always serialise")
}

impl JournalRow {
    /// Writes a fact as a row behind the row whose hash is `previous`.
    pub fn write(fact: &Fact, body: String, body_hash: [u8; 32], previous: &[u8; 32]) -> Self {
        let mut row = Self {
            seq: fact.seq,
            seen: fact.seen,
            at: fact.at,
            source: fact.source.as_str().to_owned(),
            key: fact.key.as_str().to_owned(),
            kind: fact.kind().name().to_owned(),
            subject: fact.subject().to_string(),
            by: fact.by.as_ref().map(json),
            because: json(&fact.because),
            rules: json(&fact.rules),
            body,
            body_hash,
            hash: [0; 32],
        };
        row.hash = row.chain_hash(previous);
        row
    }

    /// The row as canonical JSON (RFC 8785), without its hashes and its subject, which follow from it.
    pub fn canonical(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(self.body.len() + self.source.len() + self.key.len() + 200);
        let _ = write!(text, r#"{{"at":"{}","because":{},"body":{}"#, self.at, self.because, self.body);
        if let Some(by) = &self.by {
            let _ = write!(text, r#","by":{by}"#);
        }
        let _ = write!(
            text,
            r#","key":{},"kind":"{}","rules":{},"seen":"{}","seq":{},"source":{}}}"#,
            json(&self.key),
            self.kind,
            self.rules,
            self.seen,
            self.seq,
            json(&self.source),
        );
        text
    }

    /// SHA-256 over `previous` and [`JournalRow::canonical`].
    pub fn chain_hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(previous);
        hash.update(self.canonical().as_bytes());
        hash.finalize().into()
    }

    /// Reads the row back into a fact (without the target of a `fact.voided`).
    ///
    /// # Errors
    /// [`ParseError`] when the row was not written by [`JournalRow::write`].
    pub fn fact(&self) -> Result<Fact, ParseError> {
        let broken = |field: &str, reason: String| ParseError { code: "broken-row", field: field.to_owned(), reason };
        let kind = Kind::from_name(&self.kind).ok_or_else(|| broken("kind", format!("`{}` is not known", self.kind)))?;
        let by: Option<By> = match &self.by {
            Some(text) => Some(serde_json::from_str(text).map_err(|e| broken("by", e.to_string()))?),
            None => None,
        };
        let rules: Vec<RuleVersion> = serde_json::from_str(&self.rules).map_err(|e| broken("rules", e.to_string()))?;
        Ok(Fact {
            seq: self.seq,
            seen: self.seen,
            at: self.at,
            source: SourceId::new(self.source.clone()).map_err(|e| broken("source", e.reason))?,
            key: FactKey::new(self.key.clone()).map_err(|e| broken("key", e.reason))?,
            by,
            because: serde_json::from_str(&self.because).map_err(|e| broken("because", e.to_string()))?,
            rules,
            body: Body::parse(kind, &self.body)?,
            target: None,
        })
    }
}
