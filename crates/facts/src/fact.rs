//! The envelope: what every fact has, before and after it is recorded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::ParseError;
use crate::explain::{clip, read, same_shape};
use crate::ids::{FactKey, PartyId, SourceId};
use crate::kind::{Body, Kind, Origin};
use crate::row::body_hash;
use crate::rules::RuleVersion;
use crate::time::Timestamp;

/// Who acted, and for whom when it was by delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// Who did it.
    pub actor: PartyId,
    /// On whose behalf, when not on the actor's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<PartyId>,
}

/// A fact as it was sent, read and checked, not yet recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The system that sent it.
    pub source: SourceId,
    /// Its key, unique within the source.
    pub key: FactKey,
    /// When it happened.
    pub at: Timestamp,
    /// Who acted.
    pub by: Option<By>,
    /// What happened.
    pub body: Body,
    /// The body as canonical JSON.
    pub body_text: String,
    /// SHA-256 of `body_text`.
    pub body_hash: [u8; 32],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    source: SourceId,
    key: FactKey,
    kind: std::borrow::Cow<'a, str>,
    at: Timestamp,
    #[serde(borrow, default)]
    by: Option<&'a RawValue>,
    #[serde(borrow)]
    body: &'a RawValue,
}

/// Longest text of a fact in bytes: 4 MiB.
pub const LINE_MAX_BYTES: usize = 4 << 20;

/// The source under which Laotie's own facts stand.
const OWN_SOURCE: &str = "laotie";

impl Incoming {
    /// Wraps a checked body into an envelope.
    pub fn new(source: SourceId, key: FactKey, at: Timestamp, by: Option<By>, body: Body) -> Self {
        let body_text = body.canonical();
        let body_hash = body_hash(&body_text);
        Self { source, key, at, by, body, body_text, body_hash }
    }

    /// The kind of fact.
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }

    /// Reads one fact from JSON.
    ///
    /// What buyers and viewers wrote is masked on the way in, before anything is hashed.
    ///
    /// # Errors
    /// [`ParseError`] with the place, the reason and the way out; kinds that only Laotie decides are
    /// refused.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.len() > LINE_MAX_BYTES {
            return Err(too_long(text.len()));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let envelope: Envelope<'_> = read(text, "")?;
        object(text, "")?;
        if envelope.source.as_str() == OWN_SOURCE {
            return Err(ParseError {
                code: "bad-value",
                field: "source".to_owned(),
                reason: format!("`{OWN_SOURCE}` is the source of what Laotie decides; name the sending system"),
            });
        }
        let kind = Kind::from_name(&envelope.kind).ok_or_else(|| ParseError {
            code: "unknown-kind",
            field: "kind".to_owned(),
            reason: format!("`{}` is not a kind of fact; `laotie schema` lists them", clip(&envelope.kind)),
        })?;
        if kind.origin() == Origin::Laotie {
            return Err(ParseError {
                code: "decided-kind",
                field: "kind".to_owned(),
                reason: format!("`{}` is decided by Laotie and cannot be sent", kind.name()),
            });
        }
        let by = envelope.by.map(|by| read_by(by.get())).transpose()?;
        object(envelope.body.get(), "body")?;
        let body = Body::parse(kind, envelope.body.get())?;
        let fact = Self::new(envelope.source, envelope.key, envelope.at, by, body);
        same_shape(envelope.body.get(), &fact.body_text, "body")?;
        Ok(fact)
    }

    /// Reads one fact from bytes that should be JSON in UTF-8.
    ///
    /// # Errors
    /// As [`Incoming::parse`], and `not-utf8` with the first byte that is wrong.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() > LINE_MAX_BYTES {
            return Err(too_long(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| ParseError {
            code: "not-utf8",
            field: String::new(),
            reason: format!("not UTF-8 from byte {} on; save the file as UTF-8", error.valid_up_to()),
        })?;
        Self::parse(text)
    }
}

fn too_long(bytes: usize) -> ParseError {
    ParseError {
        code: "too-long",
        field: String::new(),
        reason: format!("the fact has {bytes} bytes, at most {LINE_MAX_BYTES} (4 MiB) are allowed; send files by their hash"),
    }
}

/// Refuses JSON that is no object, which serde would read a list as.
fn object(text: &str, field: &str) -> Result<(), ParseError> {
    if text.trim_start().starts_with('{') {
        return Ok(());
    }
    Err(ParseError { code: "wrong-type", field: field.to_owned(), reason: "needs an object in { }".to_owned() })
}

fn read_by(text: &str) -> Result<By, ParseError> {
    object(text, "by")?;
    read(text, "by")
}

/// A fact that a system decided, before the engine numbers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When it takes effect.
    pub at: Timestamp,
    /// What was decided.
    pub body: Body,
    /// Sequence numbers of the facts that caused it, besides the one being decided on.
    pub because: Vec<i64>,
    /// Versions of the rules that caused it.
    pub rules: Vec<RuleVersion>,
}

/// A recorded fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its place in the journal, from 1.
    pub seq: i64,
    /// When Laotie heard of it.
    pub seen: Timestamp,
    /// When it happened.
    pub at: Timestamp,
    /// The system that sent it; `laotie` for decided facts.
    pub source: SourceId,
    /// Its key, unique within the source.
    pub key: FactKey,
    /// Who acted.
    pub by: Option<By>,
    /// Sequence numbers of the facts that caused it.
    pub because: Vec<i64>,
    /// Versions of the rules that caused it.
    pub rules: Vec<RuleVersion>,
    /// What happened.
    pub body: Body,
    /// For `fact.voided`, the fact that it voids, looked up by the engine.
    pub target: Option<Box<Fact>>,
}

impl Fact {
    /// The kind of fact.
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }
}
