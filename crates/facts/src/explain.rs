//! Reads JSON and says where it is wrong, why, and what would be right.
//!
//! Every body is read through the one reader that knows its path: a second, faster one beside it would
//! double what the compiler makes of the bodies, for a microsecond a fact.

use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;

use crate::amount::SAFE_MAX;
use crate::error::ParseError;

/// Reads a `T`, and says where and why when the text is none; `below` is the path of the text itself, as `body`.
pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a str, below: &str) -> Result<T, ParseError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize::<_, T>(&mut reader)
        .map_err(|error| explain(text, below, &error.path().to_string(), &error.into_inner()))?;
    reader.end().map_err(|error| explain(text, below, "", &error))?;
    Ok(value)
}

fn explain(text: &str, below: &str, path: &str, error: &serde_json::Error) -> ParseError {
    let full = error.to_string();
    let said = full.rsplit_once(" at line ").map_or(full.as_str(), |(said, _)| said);
    let mut path = path.trim_end_matches(['?', '.']).to_owned();
    let (code, reason) = match error.classify() {
        Category::Data => data(said, &mut path),
        // A text that stands inside another has been found to be JSON; what remains is a value of the wrong sort.
        _ if said == "number out of range" => ("bad-value", too_large("the number")),
        Category::Syntax if !below.is_empty() && said == "expected value" => {
            ("wrong-type", "a text in double quotes is needed here".to_owned())
        }
        class => {
            if class == Category::Eof {
                path.clear();
            }
            ("not-json", not_json(said, text, error.column()))
        }
    };
    ParseError { code, field: clip_path(&join(below, &path)), reason }
}

/// What is wrong with JSON that is well formed.
fn data(said: &str, path: &mut String) -> (&'static str, String) {
    if let Some(name) = between(said, "missing field `", "`") {
        *path = join(path, name);
        return ("missing-field", "missing, and needed".to_owned());
    }
    if let Some(name) = between(said, "duplicate field `", "`") {
        if last(path) != name {
            *path = join(path, name);
        }
        return ("duplicate-field", "stands twice; a field is written once".to_owned());
    }
    if let Some((name, known)) = said.strip_prefix("unknown field `").and_then(|rest| rest.rsplit_once("`, ").map(|_| split_known(rest))) {
        if last(path) != name {
            *path = join(path, name);
        }
        return ("unknown-field", format!("there is no field `{}` here; {}", clip(name), choices(name, &known)));
    }
    if let Some((name, known)) = said.strip_prefix("unknown variant `").map(split_known) {
        return ("bad-value", format!("`{}` is not known here; {}", clip(name), choices(name, &known)));
    }
    if let Some((found, needed)) = said.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected ")) {
        return ("wrong-type", wrong_type(found, needed));
    }
    if let Some((found, _)) = said.strip_prefix("invalid value: ").and_then(|rest| rest.rsplit_once(", expected ")) {
        return ("bad-value", too_large(&found.replace("integer ", "")));
    }
    if said.starts_with("invalid length ") {
        return ("wrong-type", "needs an object in { }, not a list".to_owned());
    }
    ("bad-value", said.to_owned())
}

/// A path whose names are not ours may be of any length.
fn clip_path(path: &str) -> String {
    let clipped = path.split('.').map(clip).collect::<Vec<_>>().join(".");
    if clipped.len() > 500 { clip(&clipped) } else { clipped }
}

fn too_large(what: &str) -> String {
    format!("{what} is too large; numbers lie within ±{SAFE_MAX}")
}

fn not_json(said: &str, text: &str, column: usize) -> String {
    let hint = match said {
        "trailing characters" if text.trim_start().starts_with('{') => "; one JSON object stands on a line",
        _ if said.starts_with("EOF while parsing") => "; the text breaks off",
        _ => "",
    };
    format!("not JSON: {said} (column {column}){hint}")
}

/// `found` and `needed` as serde names them, said so that somebody who writes JSON understands.
fn wrong_type(found: &str, needed: &str) -> String {
    let needed = match needed {
        "i64" => "a whole number",
        "a string" | "str" | "string" => "a text in double quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list in [ ]",
        "a map" => "an object in { }",
        _ if needed.starts_with("struct ") => "an object in { }",
        other => other,
    };
    if let Some(number) = found.strip_prefix("floating point ") {
        return format!("{number} is not {needed}; amounts are whole minor units (fen, cents) without point or exponent");
    }
    let found = match found {
        "null" | "unit value" => "null; leave the field out instead".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        text if text.starts_with("string ") => format!("the text {}", clip(&text["string ".len()..])),
        other => clip(&other.replace("integer ", "the number ").replace("boolean ", "")),
    };
    format!("needs {needed}, not {found}")
}

/// A name and the names that would be right, out of what serde says behind "unknown field".
fn split_known(rest: &str) -> (&str, Vec<&str>) {
    let (name, expected) = rest.rsplit_once("`, expected ").or_else(|| rest.rsplit_once("`, ")).unwrap_or((rest, ""));
    (name, expected.split('`').skip(1).step_by(2).collect())
}

fn choices(name: &str, known: &[&str]) -> String {
    if let Some(near) = known.iter().map(|k| (distance(name, k), k)).filter(|(d, k)| *d <= 2 && *d < k.len()).min() {
        return format!("did you mean `{}`?", near.1);
    }
    match known {
        [] => "there are none".to_owned(),
        [one] => format!("`{one}` is the only one"),
        _ => format!("known are {}", known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")),
    }
}

/// How many letters must change to make one name of another (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let change = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[row.len() - 1]
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.split(behind).next()
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or("")
}

fn join(above: &str, below: &str) -> String {
    [above, below].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(".")
}

/// The first characters of what was sent, for a message.
pub(crate) fn clip(text: &str) -> String {
    match text.char_indices().nth(64) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Refuses what serde takes but the schema does not: lists for objects, and objects for names.
///
/// `canonical` is what the text was read as.
pub(crate) fn same_shape(text: &str, canonical: &str, below: &str) -> Result<(), ParseError> {
    let count = |text: &str, byte: u8| text.bytes().filter(|b| *b == byte).count();
    if count(text, b'{') == count(canonical, b'{') && count(text, b'[') == count(canonical, b'[') && !text.contains("\\u") {
        return Ok(());
    }
    let (Ok(sent), Ok(read)) = (serde_json::from_str::<Value>(text), serde_json::from_str::<Value>(canonical)) else {
        return Ok(());
    };
    match difference(&sent, &read, below) {
        Some((field, reason)) => Err(ParseError { code: "wrong-type", field, reason: reason.to_owned() }),
        None => Ok(()),
    }
}

fn difference(sent: &Value, read: &Value, path: &str) -> Option<(String, &'static str)> {
    match (sent, read) {
        (Value::Array(_), Value::Object(_)) => Some((path.to_owned(), "needs an object in { }, not a list")),
        (Value::Object(_), Value::String(_)) => Some((path.to_owned(), "needs a text in double quotes, not an object")),
        (Value::Array(sent), Value::Array(read)) => {
            sent.iter().zip(read).enumerate().find_map(|(i, (sent, read))| difference(sent, read, &format!("{path}[{i}]")))
        }
        (Value::Object(sent), Value::Object(read)) => {
            sent.iter().find_map(|(name, sent)| difference(sent, read.get(name)?, &format!("{path}.{name}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_by_two_letters_are_near() {
        assert_eq!(distance("curency", "currency"), 1);
        assert_eq!(distance("order", "order"), 0);
        assert_eq!(distance("a", "paid_minor"), usize::MAX);
        assert_eq!(choices("curency", &["buyer", "currency"]), "did you mean `currency`?");
        assert_eq!(choices("x", &["buyer", "currency"]), "known are `buyer`, `currency`");
    }

    #[test]
    fn long_texts_are_clipped_at_a_character() {
        assert_eq!(clip(&"老".repeat(100)).chars().count(), 65);
        assert_eq!(clip("short"), "short");
    }
}
