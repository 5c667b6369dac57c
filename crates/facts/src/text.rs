//! Text of bounded length.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::error::Flaw;

/// Text of 1 to `MAX` characters without control characters other than line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Checks and wraps a text.
    ///
    /// # Errors
    /// [`Flaw`] when it is empty, too long or holds control characters.
    pub fn new(text: impl Into<String>) -> Result<Self, Flaw> {
        let text = text.into();
        if text.is_empty() {
            return Err(Flaw::new("text is empty; leave the field out instead"));
        }
        if text.len() > MAX && text.chars().count() > MAX {
            return Err(Flaw::new(format!("text has {} characters, at most {MAX} are allowed", text.chars().count())));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(Flaw::new("text holds a control character"));
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = Flaw;
    fn try_from(text: String) -> Result<Self, Flaw> {
        Self::new(text)
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> String {
        text.0
    }
}

impl<const MAX: usize> JsonSchema for Text<MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Text{MAX}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": MAX })
    }
}

/// Text of buyers and viewers, of 1 to `MAX` characters, in which runs of seven or more digits are masked:
/// phone numbers, card numbers and addresses of chat accounts do not enter the journal.
///
/// Each masked digit becomes `*`, so that places in the text stay where they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MaskedText<const MAX: usize>(Text<MAX>);

/// Shortest run of digits that is masked.
pub const MASKED_DIGITS: usize = 7;

impl<const MAX: usize> MaskedText<MAX> {
    /// Masks, checks and wraps a text.
    ///
    /// # Errors
    /// As [`Text::new`].
    pub fn new(text: impl Into<String>) -> Result<Self, Flaw> {
        Text::new(mask(text.into())).map(Self)
    }

    /// The masked text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<const MAX: usize> TryFrom<String> for MaskedText<MAX> {
    type Error = Flaw;
    fn try_from(text: String) -> Result<Self, Flaw> {
        Self::new(text)
    }
}

impl<const MAX: usize> From<MaskedText<MAX>> for String {
    fn from(text: MaskedText<MAX>) -> String {
        text.0.0
    }
}

impl<const MAX: usize> JsonSchema for MaskedText<MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("MaskedText{MAX}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": MAX, "description": "runs of seven or more digits are masked" })
    }
}

/// Reads a text without keeping it, for types that are made from one and hold none.
pub(crate) fn read_str<'de, D, T, E>(deserializer: D, make: fn(&str) -> Result<T, E>) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    E: std::fmt::Display,
{
    struct Reader<T, E>(fn(&str) -> Result<T, E>);
    impl<T, E: std::fmt::Display> serde::de::Visitor<'_> for Reader<T, E> {
        type Value = T;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<F: serde::de::Error>(self, text: &str) -> Result<T, F> {
            (self.0)(text).map_err(F::custom)
        }
    }
    deserializer.deserialize_str(Reader(make))
}

/// Digits of any script, circled ones too.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())
}

/// Characters that nobody sees and that are put between digits to hide a number.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{feff}')
}

fn mask(text: String) -> String {
    // Most texts hold no long number: one pass tells, and they go on as they are.
    let (mut run, mut found) = (0, false);
    for c in text.chars() {
        run = if is_digit(c) {
            run + 1
        } else if is_invisible(c) {
            run
        } else {
            0
        };
        if run >= MASKED_DIGITS {
            found = true;
            break;
        }
    }
    if !found {
        return text;
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| !is_digit(c) && !is_invisible(c)).unwrap_or(rest.len());
        if end == 0 {
            masked.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (run, behind) = rest.split_at(end);
        if run.chars().filter(|c| is_digit(*c)).count() >= MASKED_DIGITS {
            masked.extend(run.chars().map(|c| if is_digit(c) { '*' } else { c }));
        } else {
            masked.push_str(run);
        }
        rest = behind;
    }
    masked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn runs_of_seven_digits_are_masked_and_shorter_ones_stay() {
        for (text, masked) in [
            ("call 13800138000 now", "call *********** now"),
            ("123456", "123456"),
            ("1234567", "*******"),
            ("加V１３８００１３８０００", "加V***********"),
            ("138\u{200b}0013\u{200b}8000", "***\u{200b}****\u{200b}****"),
            ("③⑤⑦①②③④", "*******"),
            ("paid 129.00 on 2026-06-10", "paid 129.00 on 2026-06-10"),
        ] {
            assert_eq!(MaskedText::<100>::new(text).expect("valid").as_str(), masked);
        }
    }

    #[test]
    fn a_text_is_bounded_in_characters_and_free_of_control_characters() {
        assert!(Text::<3>::new("老铁们").is_ok());
        assert!(Text::<3>::new("老铁们好").is_err());
        assert!(Text::<3>::new("").is_err());
        assert!(Text::<3>::new("a\u{0}").is_err());
        assert!(Text::<3>::new("a\nb").is_ok());
    }

    proptest! {
        #[test]
        fn masking_twice_changes_nothing_more_and_keeps_the_places(text in "[0-9a-z１-９\u{200b} ]{1,40}") {
            let once = mask(text.clone());
            prop_assert_eq!(once.chars().count(), text.chars().count());
            prop_assert_eq!(mask(once.clone()), once);
        }
    }
}
