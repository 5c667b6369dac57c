//! Canonical JSON (RFC 8785) written from any JSON value: slow, obvious, and not ours to serialise with.

use serde_json::Value;

/// Writes a value with its keys sorted by UTF-16 code units, whatever order the map holds them in.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => {
            let whole = number.as_i64().expect("bodies hold whole numbers alone");
            assert!(whole.abs() < 1 << 53, "{whole} is not exact in canonical JSON");
            whole.to_string()
        }
        Value::String(text) => quoted(text),
        Value::Array(values) => format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<u16>>());
            let written: Vec<String> = entries.iter().map(|(name, value)| format!("{}:{}", quoted(name), canonical(value))).collect();
            format!("{{{}}}", written.join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\u{8}' => written.push_str("\\b"),
            '\t' => written.push_str("\\t"),
            '\n' => written.push_str("\\n"),
            '\u{c}' => written.push_str("\\f"),
            '\r' => written.push_str("\\r"),
            c if u32::from(c) < 0x20 => written.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => written.push(c),
        }
    }
    written.push('"');
    written
}
