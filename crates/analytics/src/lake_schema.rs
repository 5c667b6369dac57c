//! The columns of a kind's table, out of its JSON Schema: a new kind needs no code here.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use laotie_facts::{Kind, schema_of};
use serde_json::Value;

/// Columns that every table has, before those of the body.
const ENVELOPE: [&str; 12] =
    ["month", "date", "seq", "seen", "at", "source", "key", "by_actor", "by_principal", "because", "rules", "body_hash"];

/// The column that a table's folders are named by: the month of `date`, as `2026-06`.
pub(crate) const PARTITION: &str = "date_month";

/// A kind's table.
#[derive(Debug, Clone)]
pub(crate) struct TableShape {
    /// Its name: the kind's, with `_` for `.`.
    pub(crate) name: String,
    /// Its columns.
    pub(crate) schema: SchemaRef,
    /// Body fields whose column has another name, because an envelope column has theirs: (field, column).
    pub(crate) renamed: Vec<(String, String)>,
    /// Columns that hold JSON as text, because their shape is open.
    pub(crate) as_text: Vec<String>,
}

/// Time as it lies in the lake: UTC microseconds.
pub(crate) fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn list_of(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("element", item, true)))
}

impl TableShape {
    /// The table of a kind.
    pub(crate) fn of(kind: Kind) -> Self {
        let schema = schema_of(kind);
        let definitions = schema.get("$defs").cloned().unwrap_or(Value::Null);
        let mut fields = vec![
            Field::new("date", DataType::Date32, true),
            Field::new("seq", DataType::Int64, true),
            Field::new("seen", time_type(), true),
            Field::new("at", time_type(), true),
            Field::new("source", DataType::Utf8, true),
            Field::new("key", DataType::Utf8, true),
            Field::new("by_actor", DataType::Utf8, true),
            Field::new("by_principal", DataType::Utf8, true),
            Field::new("because", list_of(DataType::Int64), true),
            Field::new("rules", list_of(DataType::Utf8), true),
            Field::new("body_hash", DataType::Utf8, true),
        ];
        let (mut renamed, mut as_text) = (Vec::new(), Vec::new());
        let body = &schema["properties"]["body"];
        let mut properties: Vec<(&String, &Value)> = body["properties"].as_object().map(|p| p.iter().collect()).unwrap_or_default();
        properties.sort_by_key(|(name, _)| name.as_str());
        for (name, shape) in properties {
            let column = if ENVELOPE.contains(&name.as_str()) { format!("body_{name}") } else { name.clone() };
            if column != *name {
                renamed.push((name.clone(), column.clone()));
            }
            let found = data_type(shape, &definitions, 0);
            if found.is_none() {
                as_text.push(column.clone());
            }
            fields.push(Field::new(column, found.unwrap_or(DataType::Utf8), true));
        }
        fields.push(Field::new(PARTITION, DataType::Utf8, true));
        Self { name: kind.name().replace('.', "_"), schema: Arc::new(Schema::new(fields)), renamed, as_text }
    }
}

/// The column type of a JSON Schema; `None` when its shape is open.
fn data_type(shape: &Value, definitions: &Value, depth: u8) -> Option<DataType> {
    if depth > 8 {
        return None;
    }
    if let Some(reference) = shape.get("$ref").and_then(Value::as_str) {
        let target = definitions.get(reference.rsplit('/').next()?)?;
        return data_type(target, definitions, depth + 1);
    }
    if let Some(choices) = shape.get("anyOf").or_else(|| shape.get("oneOf")).and_then(Value::as_array) {
        let mut types: Vec<DataType> = Vec::new();
        for choice in choices.iter().filter(|c| c.get("type") != Some(&Value::from("null"))) {
            let found = data_type(choice, definitions, depth + 1)?;
            if !types.contains(&found) {
                types.push(found);
            }
        }
        return if types.len() == 1 { types.pop() } else { None };
    }
    if shape.get("const").is_some_and(Value::is_string) || shape.get("enum").is_some() {
        return Some(DataType::Utf8);
    }
    let name = match shape.get("type")? {
        Value::String(name) => name.as_str(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|n| *n != "null")?,
        _ => return None,
    };
    match name {
        "string" if shape.get("format") == Some(&Value::from("date-time")) => Some(time_type()),
        "string" => Some(DataType::Utf8),
        "integer" => Some(DataType::Int64),
        "boolean" => Some(DataType::Boolean),
        "array" => Some(list_of(data_type(shape.get("items")?, definitions, depth + 1)?)),
        "object" if shape.get("additionalProperties").is_some_and(|a| a != &Value::Bool(false)) => None,
        "object" => {
            let mut properties: Vec<(&String, &Value)> = shape.get("properties")?.as_object()?.iter().collect();
            properties.sort_by_key(|(name, _)| name.as_str());
            let fields: Option<Vec<Field>> =
                properties.into_iter().map(|(name, p)| Some(Field::new(name, data_type(p, definitions, depth + 1)?, true))).collect();
            fields.filter(|f| !f.is_empty()).map(|f| DataType::Struct(Fields::from(f)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_table() {
        for kind in Kind::ALL {
            let shape = TableShape::of(*kind);
            assert!(shape.schema.fields().len() > ENVELOPE.len(), "{} has no body columns", kind.name());
        }
    }

    #[test]
    fn an_orders_lines_are_a_list_of_rows() {
        let shape = TableShape::of(Kind::OrderPaid);
        let lines = shape.schema.field_with_name("lines").expect("a column").data_type().clone();
        assert!(matches!(lines, DataType::List(ref item) if matches!(item.data_type(), DataType::Struct(_))), "{lines}");
        assert!(shape.as_text.is_empty());
    }

    #[test]
    fn a_field_named_like_the_envelope_gets_another_column() {
        let shape = TableShape::of(Kind::FactVoided);
        assert!(shape.schema.field_with_name("body_key").is_ok());
        assert!(shape.schema.field_with_name("body_source").is_ok());
    }
}
