//! Journal rows as Arrow batches.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::json::ReaderBuilder;
use laotie_facts::{JournalRow, MarketZone};
use serde_json::Value;

use crate::cells::date;
use crate::error::AnalyticsError;
use crate::lake_schema::{PARTITION, TableShape};

/// Rows turned at a time.
const CHUNK: usize = 1_024;

/// Turns rows of one kind into batches of its table.
pub(crate) fn encode(shape: &TableShape, rows: &[&JournalRow], zone: &MarketZone) -> Result<Vec<RecordBatch>, AnalyticsError> {
    let broken = AnalyticsError::lake::<datafusion::arrow::error::ArrowError>("writing journal rows as columns");
    let mut decoder = match ReaderBuilder::new(shape.schema.clone()).with_batch_size(CHUNK).build_decoder() {
        Ok(decoder) => decoder,
        Err(error) => return Err(broken(error)),
    };
    let mut batches = Vec::with_capacity(rows.len() / CHUNK + 1);
    let mut text = String::with_capacity(1 << 16);
    for chunk in rows.chunks(CHUNK) {
        text.clear();
        for row in chunk {
            line(&mut text, shape, row, zone);
        }
        match decoder.decode(text.as_bytes()).and_then(|_| decoder.flush()) {
            Ok(batch) => batches.extend(batch),
            Err(error) => return Err(broken(error)),
        }
    }
    Ok(batches)
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string always serialises")
}

/// One row as a line of JSON: the envelope, then the body's fields.
fn line(out: &mut String, shape: &TableShape, row: &JournalRow, zone: &MarketZone) {
    use std::fmt::Write as _;
    let day = zone.day(row.at);
    let _ = write!(
        out,
        r#"{{"{PARTITION}":"{}","date":{day},"seq":{},"seen":"{}","at":"{}","source":{},"key":{},"because":{},"rules":{},"body_hash":"{}""#,
        &date(day)[..7],
        row.seq,
        row.seen,
        row.at,
        quoted(&row.source),
        quoted(&row.key),
        row.because,
        row.rules,
        hex(&row.body_hash),
    );
    if let Some(by) = row.by.as_deref().and_then(|b| serde_json::from_str::<Value>(b).ok()) {
        for (field, column) in [("actor", "by_actor"), ("principal", "by_principal")] {
            if let Some(party) = by[field].as_str() {
                let _ = write!(out, r#","{column}":{}"#, quoted(party));
            }
        }
    }
    if shape.renamed.is_empty() && shape.as_text.is_empty() {
        let fields = row.body.strip_prefix('{').unwrap_or(&row.body);
        if fields != "}" {
            out.push(',');
        }
        out.push_str(fields);
    } else {
        reshaped(out, shape, &row.body);
    }
    out.push('\n');
}

fn reshaped(out: &mut String, shape: &TableShape, body: &str) {
    use std::fmt::Write as _;
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(body) else {
        out.push('}');
        return;
    };
    for (field, value) in fields {
        let column = shape.renamed.iter().find(|(f, _)| *f == field).map_or(field.as_str(), |(_, c)| c.as_str());
        let text = if shape.as_text.iter().any(|c| c == column) { quoted(&value.to_string()) } else { value.to_string() };
        let _ = write!(out, ",{}:{text}", quoted(column));
    }
    out.push('}');
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [char::from(DIGITS[usize::from(b >> 4)]), char::from(DIGITS[usize::from(b & 15)])]).collect()
}
