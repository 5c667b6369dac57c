//! As much of JSON Schema (2020-12) as the schemas of facts use.

use serde_json::Value;

/// Checks a value against a schema; `root` holds the definitions.
pub(crate) fn validate(value: &Value, schema: &Value, root: &Value, path: &str) -> Result<(), String> {
    let wrong = |why: String| Err(format!("{path}: {why}"));
    let Some(rules) = schema.as_object() else {
        return if schema == &Value::Bool(false) { wrong("nothing is allowed here".to_owned()) } else { Ok(()) };
    };
    for rule in rules.keys() {
        assert!(KNOWN.contains(&rule.as_str()), "{path}: the schema uses `{rule}`, which this test does not know");
    }
    if let Some(reference) = rules.get("$ref").and_then(Value::as_str) {
        let name = reference.strip_prefix("#/$defs/").expect("references stay within the document");
        let target = root["$defs"].get(name).unwrap_or_else(|| panic!("no definition of {name}"));
        validate(value, target, root, path)?;
    }
    if let Some(choices) = rules.get("anyOf").or_else(|| rules.get("oneOf")).and_then(Value::as_array)
        && !choices.iter().any(|choice| validate(value, choice, root, path).is_ok())
    {
        return wrong(format!("{value} fits none of {} choices", choices.len()));
    }
    if rules.get("const").is_some_and(|one| one != value) {
        return wrong(format!("{value} is not the constant"));
    }
    if rules.get("enum").and_then(Value::as_array).is_some_and(|known| !known.contains(value)) {
        return wrong(format!("{value} is not listed"));
    }
    match rules.get("type") {
        Some(Value::String(name)) if !is(value, name) => return wrong(format!("{value} is no {name}")),
        Some(Value::Array(names)) if !names.iter().filter_map(Value::as_str).any(|name| is(value, name)) => {
            return wrong(format!("{value} is none of {names:?}"));
        }
        _ => {}
    }
    let limit = |rule: &str| rules.get(rule).and_then(Value::as_i64);
    let within = |size: i64, low: &str, high: &str| limit(low).is_none_or(|l| size >= l) && limit(high).is_none_or(|h| size <= h);
    let length = |n: usize| i64::try_from(n).expect("short");
    match value {
        Value::String(text) if !within(length(text.chars().count()), "minLength", "maxLength") => wrong("length".to_owned()),
        Value::Number(n) if !within(n.as_i64().unwrap_or(i64::MAX), "minimum", "maximum") => wrong(format!("{n} is out of bounds")),
        Value::Array(list) => {
            if !within(length(list.len()), "minItems", "maxItems") {
                return wrong(format!("{} entries", list.len()));
            }
            let items = rules.get("items").unwrap_or(&Value::Bool(true));
            list.iter().enumerate().try_for_each(|(i, v)| validate(v, items, root, &format!("{path}[{i}]")))
        }
        Value::Object(map) => {
            for name in rules.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                if !map.contains_key(name) {
                    return wrong(format!("`{name}` is missing"));
                }
            }
            let properties = rules.get("properties");
            let rest = rules.get("additionalProperties").unwrap_or(&Value::Bool(true));
            map.iter().try_for_each(|(name, v)| {
                let schema = properties.and_then(|p| p.get(name)).unwrap_or(rest);
                validate(v, schema, root, &format!("{path}.{name}"))
            })
        }
        _ => Ok(()),
    }
}

const KNOWN: [&str; 25] = [
    "$ref",
    "$schema",
    "$defs",
    "title",
    "description",
    "default",
    "format",
    "pattern",
    "anyOf",
    "oneOf",
    "const",
    "enum",
    "type",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "items",
    "required",
    "properties",
    "additionalProperties",
    "x-decided-by-laotie",
    "uniqueItems",
];

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the schema uses the type `{other}`; facts hold no such thing"),
    }
}
