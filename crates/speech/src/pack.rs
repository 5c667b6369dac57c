//! Rule packs: words, kinds of material, place and paper, and frames, as TOML documents.

use serde::Deserialize;
use toml::Spanned;

use crate::tolerance::Tolerance;

/// A name in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Name {
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// A named class of words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConceptEntry {
    pub(crate) name: Spanned<String>,
    /// Words, apart by white space.
    pub(crate) words: String,
    /// Whether the words are looked for by sound as well.
    #[serde(default)]
    pub(crate) sound: bool,
}

/// A kind that facts are compared with: a material, a place, a paper, a function.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindEntry {
    pub(crate) class: Spanned<String>,
    pub(crate) name: String,
    /// Words a host says for it; with the name itself.
    #[serde(default)]
    pub(crate) words: String,
    /// What a fact holds when it is this kind; with the name itself.
    #[serde(default)]
    pub(crate) accepts: String,
    /// What a fact holds when it is not, whatever else it holds.
    #[serde(default)]
    pub(crate) refuses: String,
    /// The kind this one lies within.
    #[serde(default)]
    pub(crate) within: String,
}

/// Which denials take a frame back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Deniable {
    /// None: the words are a breach whatever is denied about them.
    No,
    /// One right before or behind it, and a question that is answered with no.
    #[default]
    Around,
    /// One between its last two steps as well, or a `V不了` behind it.
    Within,
}

/// Patterns that are heard like words of a concept; phrases and frames below may name it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhraseEntry {
    pub(crate) name: Spanned<String>,
    pub(crate) say: Vec<Spanned<String>>,
    /// What, said anywhere, takes the phrase back.
    #[serde(default)]
    pub(crate) unless: Vec<Spanned<String>>,
}

/// A way of speaking that is a breach.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrameEntry {
    pub(crate) id: Spanned<String>,
    /// A code, or `ILLNESS` for the one that the goods choose.
    pub(crate) code: Spanned<String>,
    pub(crate) say: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) unless: Vec<Spanned<String>>,
    /// Goods it holds for: `food`, `cosmetic`, `other`; none for all.
    #[serde(default)]
    pub(crate) goods: Vec<String>,
    /// Which denials take it back; those before it where nothing is said.
    #[serde(default)]
    pub(crate) deniable: Deniable,
    /// Whether not even a refusal or a warning in the sentence takes it back.
    #[serde(default)]
    pub(crate) stubborn: bool,
    /// Whether the range must not be the shop's own (absolute terms).
    #[serde(default)]
    pub(crate) own_range_clean: bool,
    /// How likely a hit is a breach, per mille; assumed.
    #[serde(default = "likely")]
    pub(crate) prior: u32,
}

fn likely() -> u32 {
    900
}

/// What a code rests on and what to say instead.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeEntry {
    pub(crate) code: Spanned<String>,
    pub(crate) severity: u8,
    pub(crate) clause: String,
    pub(crate) name: Name,
    pub(crate) instead: Name,
}

/// Ways of writing that hide a word.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpellingEntry {
    #[serde(default)]
    pub(crate) lookalikes: String,
    #[serde(default)]
    pub(crate) emoji: String,
    #[serde(default)]
    pub(crate) joined: String,
    #[serde(default)]
    pub(crate) joined_guardedly: String,
    #[serde(default)]
    pub(crate) letters: String,
    /// Characters that sound otherwise in the words of the packs, each before its syllable.
    #[serde(default)]
    pub(crate) other_sounds: String,
    /// Words that no hit by sound may cover, besides those of the dictionary.
    #[serde(default)]
    pub(crate) ordinary: String,
}

/// A rule pack: a versioned document of words and frames.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) effective_from: String,
    pub(crate) source: String,
    pub(crate) name: Name,
    #[serde(default, rename = "concept")]
    pub(crate) concepts: Vec<ConceptEntry>,
    #[serde(default, rename = "kind")]
    pub(crate) kinds: Vec<KindEntry>,
    #[serde(default, rename = "phrase")]
    pub(crate) phrases: Vec<PhraseEntry>,
    #[serde(default, rename = "frame")]
    pub(crate) frames: Vec<FrameEntry>,
    #[serde(default, rename = "code")]
    pub(crate) codes: Vec<CodeEntry>,
    pub(crate) spelling: Option<SpellingEntry>,
    pub(crate) tolerance: Option<Tolerance>,
    #[serde(skip)]
    pub(crate) document: String,
    #[serde(skip)]
    pub(crate) text: String,
}

/// A pack that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{document}, line {line}: {message}")]
pub struct PackError {
    /// Which document.
    pub document: String,
    /// Line in it, from one.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The line of a byte offset, from one.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&b| b == b'\n').count() + 1
}

impl Pack {
    /// Reads a pack; `document` names it in errors.
    ///
    /// # Errors
    /// [`PackError`] with the line, for a document that is no TOML or has a field amiss.
    pub fn parse(document: &str, text: &str) -> Result<Pack, PackError> {
        let mut pack: Pack = toml::from_str(text).map_err(|error| PackError {
            document: document.to_owned(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        })?;
        document.clone_into(&mut pack.document);
        text.clone_into(&mut pack.text);
        Ok(pack)
    }

    /// The pack's id with its version, such as `law@2026-11-27.1`.
    pub fn version(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// When it takes effect, as it is written.
    pub fn effective_from(&self) -> &str {
        &self.effective_from
    }

    /// What it rests on.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its name, Chinese and English.
    pub fn name(&self) -> (&str, &str) {
        (&self.name.zh, &self.name.en)
    }
}

#[cfg(test)]
pub(crate) fn shipped_for_tests() -> Vec<Pack> {
    crate::shipped::packs().expect("the shipped packs are well formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id = \"t\"\nversion = \"1\"\neffective_from = \"1970-01-01T00:00:00Z\"\nsource = \"test\"\nname = { zh = \"试\", en = \"test\" }\n";

    #[test]
    fn an_unknown_field_is_refused_with_its_line() {
        let error = Pack::parse("t.toml", &format!("{HEAD}[[concept]]\nname = \"a\"\nwords = \"b\"\ncolour = 1\n")).expect_err("unknown");
        assert_eq!(error.line, 9, "{error}");
        assert!(error.to_string().starts_with("t.toml, line 9: unknown field"), "{error}");
    }

    #[test]
    fn broken_toml_names_its_line() {
        let error = Pack::parse("t.toml", &format!("{HEAD}[[concept\n")).expect_err("broken");
        assert_eq!(error.line, 6, "{error}");
    }
}
