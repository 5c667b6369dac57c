//! A market document: TOML whose every parameter carries its source, read with the line of whatever is wrong.

use toml::de::{DeTable, DeValue};

use super::ParameterError;

/// A document being read, with the one it is based on.
pub(super) struct Document<'a> {
    pub(super) name: String,
    text: &'a str,
    table: DeTable<'a>,
    base: Option<Box<Document<'a>>>,
}

/// A parameter as it stands in a document.
pub(super) struct Found<'d, 'a> {
    pub(super) value: &'d DeValue<'a>,
    pub(super) document: &'d Document<'a>,
    pub(super) line: usize,
    pub(super) source: &'d str,
}

fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count() + 1
}

impl<'a> Document<'a> {
    /// Reads a document; `based_on` has been read before.
    pub(super) fn read(name: &str, text: &'a str, base: Option<Document<'a>>) -> Result<Self, ParameterError> {
        let parsed = DeTable::parse(text).map_err(|e| ParameterError {
            document: name.to_owned(),
            line: e.span().map_or(0, |s| line_of(text, s.start)),
            reason: e.message().to_owned(),
        })?;
        Ok(Self { name: name.to_owned(), text, table: parsed.into_inner(), base: base.map(Box::new) })
    }

    /// A text at the top of the document.
    pub(super) fn heading(&self, key: &str) -> Option<&str> {
        self.table.get(key).and_then(|v| v.get_ref().as_str()).or_else(|| self.base.as_ref()?.heading(key))
    }

    pub(super) fn wrong(&self, byte: usize, reason: String) -> ParameterError {
        ParameterError { document: self.name.clone(), line: line_of(self.text, byte), reason }
    }

    /// A parameter: here, or in the document below.
    pub(super) fn find(&self, section: &str, key: &str) -> Result<Found<'_, 'a>, ParameterError> {
        let here = self.table.get(section).and_then(|s| s.get_ref().as_table()?.get(key));
        let Some(entry) = here else {
            return match &self.base {
                Some(base) => base.find(section, key),
                None => Err(ParameterError {
                    document: self.name.clone(),
                    line: 0,
                    reason: format!("`{section}.{key}` is missing; write `{key} = {{ value = …, source = \"…\" }}` under [{section}]"),
                }),
            };
        };
        let at = entry.span().start;
        let fields = entry.get_ref().as_table().ok_or_else(|| {
            self.wrong(
                at,
                format!(
                    "`{section}.{key}` needs its source: write `{{ value = …, source = \"…\" }}`, source \"assumed\" where there is none"
                ),
            )
        })?;
        if let Some((unknown, _)) = fields.iter().find(|(name, _)| !matches!(name.get_ref().as_ref(), "value" | "source")) {
            return Err(
                self.wrong(unknown.span().start, format!("`{section}.{key}` has `value` and `source`, not `{}`", unknown.get_ref()))
            );
        }
        let source = fields.get("source").and_then(|s| s.get_ref().as_str()).filter(|s| !s.is_empty());
        let source = source
            .ok_or_else(|| self.wrong(at, format!("`{section}.{key}` has no source; say where the figure is from, or \"assumed\"")))?;
        let value = fields.get("value").ok_or_else(|| self.wrong(at, format!("`{section}.{key}` has no value")))?;
        Ok(Found { value: value.get_ref(), document: self, line: line_of(self.text, value.span().start), source })
    }

    /// Refuses sections and keys that nobody reads.
    pub(super) fn check_known(&self, known: &[(&str, &[&str])], headings: &[&str]) -> Result<(), ParameterError> {
        for (section, entry) in &self.table {
            let name = section.get_ref().as_ref();
            if headings.contains(&name) {
                continue;
            }
            let Some((_, keys)) = known.iter().find(|(s, _)| *s == name) else {
                let all: Vec<&str> = known.iter().map(|(s, _)| *s).collect();
                return Err(self.wrong(section.span().start, format!("`{name}` is not a section; there are {}", all.join(", "))));
            };
            let table =
                entry.get_ref().as_table().ok_or_else(|| self.wrong(section.span().start, format!("`{name}` is a section: [{name}]")))?;
            if let Some((key, _)) = table.iter().find(|(key, _)| !keys.contains(&key.get_ref().as_ref())) {
                let near = nearest(key.get_ref(), keys).map_or_else(String::new, |k| format!("; did you mean `{k}`?"));
                return Err(self.wrong(key.span().start, format!("`{name}.{}` is not a parameter{near}", key.get_ref())));
            }
        }
        self.base.as_ref().map_or(Ok(()), |base| base.check_known(known, headings))
    }
}

/// The known key with the most pairs of letters in common.
fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let shared = |other: &str| key.as_bytes().windows(2).filter(|pair| other.as_bytes().windows(2).any(|p| p == *pair)).count();
    known.iter().copied().max_by_key(|k| shared(k)).filter(|k| shared(k) * 2 >= key.len())
}

impl Found<'_, '_> {
    pub(super) fn refuse(&self, reason: String) -> ParameterError {
        ParameterError { document: self.document.name.clone(), line: self.line, reason }
    }
}

/// A number, whole or not.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(n) => {
            let digits: String = n.as_str().chars().filter(|c| *c != '_').collect();
            digits.parse().ok()
        }
        DeValue::Float(x) => x.as_str().replace('_', "").parse().ok().filter(|x: &f64| x.is_finite()),
        _ => None,
    }
}
