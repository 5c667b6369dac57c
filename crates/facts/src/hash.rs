//! Hashes, as they stand for identities and for files.

use std::fmt;

use data_encoding::HEXLOWER;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Flaw;

/// A SHA-256, written as 64 hexadecimal digits in small letters.
///
/// Identities (documents, phones, payees, devices) stand in facts as salted hashes alone, and files of
/// evidence as the hash of their bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Hex([u8; 32]);

impl Sha256Hex {
    /// From the hash itself.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 hexadecimal digits in small letters.
    ///
    /// # Errors
    /// [`Flaw`] when it is of another form; what was sent is not repeated, as it may be an identity in clear.
    pub fn new(text: &str) -> Result<Self, Flaw> {
        let mut bytes = [0; 32];
        let fits = text.len() == 64 && HEXLOWER.decode_mut(text.as_bytes(), &mut bytes).is_ok();
        if !fits {
            return Err(Flaw::new("not a SHA-256 as 64 hexadecimal digits in small letters; send a salted hash, never the thing itself"));
        }
        Ok(Self(bytes))
    }

    /// The hash itself.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Sha256Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Sha256Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::read_str(deserializer, Self::new)
    }
}

impl JsonSchema for Sha256Hex {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sha256Hex".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 in hexadecimal" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_small_hexadecimal_digits_are_a_hash() {
        let text = "0f".repeat(32);
        assert_eq!(Sha256Hex::new(&text).expect("valid").to_string(), text);
        for wrong in ["", "13800000000", &"0F".repeat(32), &"0f".repeat(31), &"zz".repeat(32)] {
            let error = Sha256Hex::new(wrong).expect_err("refused");
            assert!(wrong.is_empty() || !error.reason.contains(wrong));
        }
    }
}
