//! A row of a query as the JSON text of a fact.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use serde_json::Value;

use super::run::Place;
use crate::cells::cell;

/// Columns of a query by what they are in a fact.
pub(crate) struct FactColumns {
    source: Option<usize>,
    key: Option<usize>,
    at: Option<usize>,
    by: Option<usize>,
    file: Option<usize>,
    row: Option<usize>,
    /// Name and column of the rows of tables that a fact stands for.
    pub(crate) rows_of: Vec<(String, usize)>,
    /// Name, escaped with its colon, and column of the body's fields.
    body: Vec<(String, usize)>,
}

impl FactColumns {
    /// Sorts the columns of a query.
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut found = Self { source: None, key: None, at: None, by: None, file: None, row: None, rows_of: Vec::new(), body: Vec::new() };
        for (i, name) in names.enumerate() {
            match name {
                "source" => found.source = Some(i),
                "key" => found.key = Some(i),
                "at" => found.at = Some(i),
                "by" => found.by = Some(i),
                "_file" => found.file = Some(i),
                "_row" => found.row = Some(i),
                name => match name.strip_prefix("_rows_") {
                    Some(table) => found.rows_of.push((table.to_owned(), i)),
                    None => found.body.push((format!("{}:", Value::from(name)), i)),
                },
            }
        }
        found
    }

    /// What every query needs and this one lacks.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        let needed = [("key", self.key), ("at", self.at), ("_file", self.file), ("_row", self.row)];
        needed.into_iter().find(|(_, column)| column.is_none()).map(|(name, _)| name)
    }

    /// The names of the body's fields.
    pub(crate) fn body_fields(&self) -> impl Iterator<Item = &str> {
        self.body.iter().map(|(name, _)| name.trim_matches(['"', ':']))
    }

    /// Where a row's fact comes from.
    pub(crate) fn place(&self, batch: &RecordBatch, row: usize) -> Place {
        let text = |i: Option<usize>| i.map(|i| cell(batch.column(i), row));
        Place {
            file: text(self.file).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
            row: text(self.row).and_then(|v| v.as_i64()).unwrap_or(0),
        }
    }

    /// Writes a row's fact; nulls leave their field out.
    pub(crate) fn write(&self, out: &mut String, kind: &str, source: &str, batch: &RecordBatch, row: usize) {
        out.clear();
        out.push_str("{\"kind\":");
        write_text(out, kind);
        out.push_str(",\"source\":");
        match self.source.map(|i| batch.column(i)).filter(|c| !c.is_null(row)) {
            Some(column) => write_cell(out, column, row),
            None => write_text(out, source),
        }
        for (name, place) in [(",\"key\":", self.key), (",\"at\":", self.at), (",\"by\":", self.by)] {
            if let Some(column) = place.map(|i| batch.column(i)).filter(|c| !c.is_null(row)) {
                out.push_str(name);
                write_cell(out, column, row);
            }
        }
        out.push_str(",\"body\":{");
        let mut first = true;
        for (name, i) in &self.body {
            let column = batch.column(*i);
            if !column.is_null(row) {
                if !std::mem::take(&mut first) {
                    out.push(',');
                }
                out.push_str(name);
                write_cell(out, column, row);
            }
        }
        out.push_str("}}");
    }
}

fn write_text(out: &mut String, text: &str) {
    if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

/// What the items of a list are put in order by: their member `_order`. To have them sorted here costs
/// far less than an ordered aggregate.
fn order(items: &ArrayRef) -> Option<&Int64Array> {
    items.as_struct_opt()?.column_by_name("_order")?.as_primitive_opt::<Int64Type>()
}

/// Writes a value as JSON. Members whose names begin with `_`, and null ones, are left out of objects.
fn write_cell(out: &mut String, column: &ArrayRef, row: usize) {
    if column.is_null(row) {
        out.push_str("null");
        return;
    }
    match column.data_type() {
        DataType::Utf8 => write_text(out, column.as_string::<i32>().value(row)),
        DataType::Utf8View => write_text(out, column.as_string_view().value(row)),
        DataType::Int64 => {
            use std::fmt::Write;
            let _ = write!(out, "{}", column.as_primitive::<Int64Type>().value(row));
        }
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            let offsets = list.value_offsets();
            let range = usize::try_from(offsets[row]).unwrap_or(0)..usize::try_from(offsets[row + 1]).unwrap_or(0);
            out.push('[');
            let mut first = true;
            let mut item = |out: &mut String, i: usize| {
                if !std::mem::take(&mut first) {
                    out.push(',');
                }
                write_cell(out, list.values(), i);
            };
            match order(list.values()) {
                Some(order) if !range.clone().is_sorted_by_key(|i| order.value(i)) => {
                    let mut items: Vec<usize> = range.collect();
                    items.sort_by_key(|i| order.value(*i));
                    for i in items {
                        item(out, i);
                    }
                }
                _ => range.for_each(|i| item(out, i)),
            }
            out.push(']');
        }
        DataType::Struct(fields) => {
            let parts = column.as_struct();
            out.push('{');
            let mut first = true;
            for (field, part) in fields.iter().zip(parts.columns()) {
                if part.is_null(row) || field.name().starts_with('_') {
                    continue;
                }
                if !std::mem::take(&mut first) {
                    out.push(',');
                }
                write_text(out, field.name());
                out.push(':');
                write_cell(out, part, row);
            }
            out.push('}');
        }
        _ => out.push_str(&cell(column, row).to_string()),
    }
}
