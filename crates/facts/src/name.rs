//! Names that stand for something in code and rules: guarantees, badges, purposes, reasons.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::error::Flaw;

/// Longest name in characters.
pub const NAME_MAX_CHARS: usize = 64;

/// A name as rules and code write it, as `counterfeit_multiple`: small letters, digits and `_`, a letter
/// first, 1 to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`Flaw`] when it is of another form.
    pub fn new(text: impl Into<String>) -> Result<Self, Flaw> {
        let text = text.into();
        let shaped = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !shaped || text.len() > NAME_MAX_CHARS || !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            let shown: String = text.chars().take(NAME_MAX_CHARS).collect();
            return Err(Flaw::new(format!(
                "`{shown}` is not a name: 1 to {NAME_MAX_CHARS} small letters, digits and `_`, a letter first, as `no_reason_return`"
            )));
        }
        Ok(Self(text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = Flaw;
    fn try_from(text: String) -> Result<Self, Flaw> {
        Self::new(text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSchema for Name {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Name".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_small_letters_digits_and_underscores() {
        assert!(Name::new("pickup_rate_48h").is_ok());
        for wrong in ["", "48h", "_a", "NoReason", "no-reason", "no reason", "无理由", &"a".repeat(65)] {
            assert!(Name::new(wrong).is_err(), "{wrong}");
        }
    }
}
