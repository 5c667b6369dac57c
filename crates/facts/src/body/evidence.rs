//! Files of evidence: they lie elsewhere under their hash, and facts name them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::amount::Quantity;
use crate::error::Flaw;
use crate::hash::Sha256Hex;

/// A media type, as `image/jpeg`: small letters, without parameters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaType(String);

impl MediaType {
    /// Checks and wraps a media type.
    ///
    /// # Errors
    /// [`Flaw`] when it is of another form.
    pub fn new(text: impl Into<String>) -> Result<Self, Flaw> {
        let text = text.into();
        let part = |p: &str| {
            (1..=64).contains(&p.len())
                && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-'))
        };
        if !text.split_once('/').is_some_and(|(kind, form)| part(kind) && part(form)) {
            let shown: String = text.chars().take(64).collect();
            return Err(Flaw::new(format!("`{shown}` is not a media type in small letters without parameters, as `image/jpeg`")));
        }
        Ok(Self(text))
    }

    /// The media type.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MediaType {
    type Error = Flaw;
    fn try_from(text: String) -> Result<Self, Flaw> {
        Self::new(text)
    }
}

impl From<MediaType> for String {
    fn from(media_type: MediaType) -> String {
        media_type.0
    }
}

impl JsonSchema for MediaType {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MediaType".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z0-9.+-]{1,64}/[a-z0-9.+-]{1,64}$" })
    }
}

/// A file: what it hashes to, how long it is and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceFile {
    /// SHA-256 of its bytes.
    pub hash: Sha256Hex,
    /// What it holds.
    pub media_type: MediaType,
    /// How many bytes.
    pub size_bytes: Quantity,
}
