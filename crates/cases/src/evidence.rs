//! What was put before a case.

use laotie_facts::body::{EvidenceGiven, EvidenceKind, Side};
use laotie_facts::{Fact, Timestamp};
use serde::{Deserialize, Serialize};

/// A piece of evidence: who gave it, when, and the hash of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When it was given.
    pub at: Timestamp,
    /// Its id.
    pub id: String,
    /// Who gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// SHA-256 of the file.
    pub hash: String,
    /// What it is.
    pub kind: EvidenceKind,
    /// The fact that gave it.
    pub seq: i64,
    /// On which side.
    pub side: Side,
}

impl Evidence {
    /// A piece of evidence out of the fact that gave it.
    pub fn of(fact: &Fact, given: &EvidenceGiven) -> Self {
        Self {
            at: fact.at,
            id: given.evidence.to_string(),
            by: given.given_by.as_ref().map(ToString::to_string),
            hash: given.file.hash.to_string(),
            kind: given.evidence_kind,
            seq: fact.seq,
            side: given.side,
        }
    }
}
