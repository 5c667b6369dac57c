//! Columns of an answer as JSON.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use laotie_facts::Timestamp;
use serde_json::{Map, Number, Value};

/// One cell. Integers and decimals without a fraction stay exact; what has no JSON of its own is its text.
pub(crate) fn cell(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Boolean => Value::Bool(column.as_boolean().value(row)),
        DataType::Int8 => column.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => column.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).into(),
        DataType::Float32 => number(f64::from(column.as_primitive::<Float32Type>().value(row))),
        DataType::Float64 => number(column.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, 0) => {
            let exact = column.as_primitive::<Decimal128Type>().value(row);
            i64::try_from(exact).map_or_else(|_| Value::String(exact.to_string()), Value::from)
        }
        DataType::Utf8 => column.as_string::<i32>().value(row).into(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).into(),
        DataType::Utf8View => column.as_string_view().value(row).into(),
        DataType::Dictionary(_, _) => unpacked(column, row),
        DataType::Date32 => date(column.as_primitive::<Date32Type>().value(row)).into(),
        DataType::Timestamp(unit, Some(_)) => time(column, *unit, row),
        DataType::List(_) => list(&column.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(&column.as_list::<i64>().value(row)),
        DataType::Struct(fields) => {
            let parts = column.as_struct();
            let object: Map<String, Value> = fields
                .iter()
                .zip(parts.columns())
                .map(|(field, part)| (field.name().clone(), cell(part, row)))
                .filter(|(_, value)| !value.is_null())
                .collect();
            Value::Object(object)
        }
        _ => display(column, row),
    }
}

fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

fn unpacked(column: &ArrayRef, row: usize) -> Value {
    let DataType::Dictionary(_, values) = column.data_type() else { return Value::Null };
    datafusion::arrow::compute::cast(&column.slice(row, 1), values).map_or(Value::Null, |plain| cell(&plain, 0))
}

fn list(items: &ArrayRef) -> Value {
    Value::Array((0..items.len()).map(|i| cell(items, i)).collect())
}

fn time(column: &ArrayRef, unit: TimeUnit, row: usize) -> Value {
    let micros = match unit {
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row).checked_mul(1_000_000),
        TimeUnit::Millisecond => column.as_primitive::<TimestampMillisecondType>().value(row).checked_mul(1_000),
        TimeUnit::Microsecond => Some(column.as_primitive::<TimestampMicrosecondType>().value(row)),
        TimeUnit::Nanosecond => Some(column.as_primitive::<TimestampNanosecondType>().value(row) / 1_000),
    };
    micros.and_then(|m| Timestamp::from_micros(m).ok()).map_or_else(|| display(column, row), |t| t.to_string().into())
}

fn display(column: &ArrayRef, row: usize) -> Value {
    let options = FormatOptions::default();
    ArrayFormatter::try_new(column, &options).map_or(Value::Null, |f| f.value(row).to_string().into())
}

/// A date `YYYY-MM-DD` of days since 1970-01-01.
pub(crate) fn date(days: i32) -> String {
    let noon = Timestamp::from_micros(i64::from(days) * 86_400_000_000).unwrap_or_default().to_string();
    noon.get(..10).unwrap_or(&noon).to_owned()
}

/// The rows of batches as JSON objects, nulls kept.
pub(crate) fn objects(batches: &[RecordBatch]) -> Vec<Map<String, Value>> {
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            rows.push(schema.fields().iter().zip(batch.columns()).map(|(f, c)| (f.name().clone(), cell(c, row))).collect());
        }
    }
    rows
}
