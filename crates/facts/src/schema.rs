//! JSON Schema (2020-12) of facts, one a kind.

use serde_json::{Value, json};

use crate::kind::{Kind, Origin};

/// The JSON Schema of a whole fact of a kind.
pub fn schema_of(kind: Kind) -> Value {
    let mut body = kind.body_schema().to_value();
    let defs = body.as_object_mut().and_then(|o| {
        o.remove("$schema");
        o.remove("$defs")
    });
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name(),
        "description": kind.describe(),
        "x-decided-by-laotie": kind.origin() == Origin::Laotie,
        "type": "object",
        "additionalProperties": false,
        "required": ["source", "key", "kind", "at", "body"],
        "properties": {
            "source": { "type": "string", "minLength": 1, "maxLength": 128 },
            "key": { "type": "string", "minLength": 1, "maxLength": 128 },
            "kind": { "const": kind.name() },
            "at": { "type": "string", "format": "date-time" },
            "by": {
                "type": ["object", "null"],
                "additionalProperties": false,
                "required": ["actor"],
                "properties": {
                    "actor": { "type": "string", "minLength": 1, "maxLength": 128 },
                    "principal": { "type": ["string", "null"], "minLength": 1, "maxLength": 128 },
                },
            },
            "body": body,
        },
    });
    if let (Some(defs), Some(object)) = (defs, schema.as_object_mut()) {
        object.insert("$defs".to_owned(), defs);
    }
    schema
}

/// The schemas of all kinds, in the order of the public format.
pub fn schemas() -> Vec<Value> {
    Kind::ALL.iter().map(|kind| schema_of(*kind)).collect()
}
