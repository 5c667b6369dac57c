//! Who has been heard of: identities of facts, kept small, since a market sends many.

use laotie_facts::{Incoming, Kind, Timestamp, body_hash};

/// Stands for a text: the first eight bytes of its SHA-256. Among a hundred million texts two share one with a chance of
/// 3 in 10,000; that would show as a disagreement to look into, never hide one that lasts.
pub(crate) type Mark = u64;

pub(crate) fn mark(text: &str) -> Mark {
    let hash = body_hash(text);
    u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}

/// The mark of an identity.
pub(crate) fn identity(source: &str, key: &str) -> Mark {
    mark(&format!("{source}\u{0}{key}"))
}

/// A fact that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) kind: Kind,
    pub(crate) at: Timestamp,
    pub(crate) body: Mark,
    pub(crate) voided: bool,
}

impl Known {
    pub(crate) fn of(fact: &Incoming) -> Self {
        Self { kind: fact.kind(), at: fact.at, body: mark(&fact.body_text), voided: false }
    }

    /// Whether a fact sent under the same identity is the same fact.
    pub(crate) fn is_same(&self, other: &Known) -> bool {
        (self.kind, self.at, self.body) == (other.kind, other.at, other.body)
    }
}
