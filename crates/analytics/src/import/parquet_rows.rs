//! Parquet files as rows of text, batch by batch, under the same checks as the text formats.

use std::fs::File;
use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::columns::Wanted;
use super::mapping::ColumnType;
use super::row::{BadRow, TextRow, TextRows};

/// Rows read at once.
const BATCH: usize = 4_096;

fn unreadable(error: impl std::fmt::Display) -> String {
    format!("not a readable Parquet file: {error}")
}

/// Opens a Parquet file by its own types. The Arrow schema that some programs write beside them adds nothing that rows of
/// text need, and the library that reads it panics over damaged ones.
fn opened(file: File) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(unreadable)
}

/// The columns of a Parquet file.
pub(crate) fn columns(path: &Path) -> Result<Vec<(String, DataType)>, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let builder = opened(file)?;
    Ok(builder.schema().fields().iter().map(|f| (f.name().clone(), f.data_type().clone())).collect())
}

/// Refuses a file whose column cannot hold what the mapping wants of it.
pub(crate) fn check(wanted: &Wanted, found: &DataType) -> Result<(), String> {
    let inner = if let DataType::Dictionary(_, values) = found { values } else { found };
    let text = matches!(inner, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null);
    let time = matches!(inner, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64);
    let fits = match wanted.holds {
        ColumnType::Text => text || time || inner.is_numeric() || *inner == DataType::Boolean,
        ColumnType::Int | ColumnType::Decimal => text || inner.is_numeric(),
        ColumnType::Time => text || time,
    };
    if fits {
        return Ok(());
    }
    Err(format!("the column `{}` holds {found}, expected {}", wanted.name, wanted.holds.expected()))
}

/// The values of a column in a batch.
enum Values {
    Text(StringArray),
    Int(Int64Array),
    Float(Float64Array),
    /// Microseconds, with the array that knows how to print them.
    Time(Int64Array, ArrayRef),
}

impl Values {
    fn of(column: &ArrayRef) -> Result<Self, ArrowError> {
        Ok(match column.data_type() {
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32 => Self::Int(cast(column, &DataType::Int64)?.as_primitive().clone()),
            DataType::Float64 => Self::Float(column.as_primitive().clone()),
            DataType::Timestamp(_, zone) => {
                let micros = cast(column, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?;
                Self::Time(cast(&micros, &DataType::Int64)?.as_primitive().clone(), micros)
            }
            _ => Self::Text(cast(column, &DataType::Utf8)?.as_string::<i32>().clone()),
        })
    }

    /// Writes a value; `false` for null.
    fn write(&self, row: usize, out: &mut Vec<u8>, last: &mut (i64, String)) -> bool {
        match self {
            Self::Text(values) if values.is_valid(row) => out.extend_from_slice(values.value(row).as_bytes()),
            Self::Int(values) if values.is_valid(row) => out.extend_from_slice(values.value(row).to_string().as_bytes()),
            // The shortest decimal that reads back as the same number.
            Self::Float(values) if values.is_valid(row) => out.extend_from_slice(values.value(row).to_string().as_bytes()),
            Self::Time(micros, values) if micros.is_valid(row) => {
                if last.0 != micros.value(row) || last.1.is_empty() {
                    let text = ArrayFormatter::try_new(values, &FormatOptions::default()).map(|f| f.value(row).to_string());
                    *last = (micros.value(row), text.unwrap_or_default());
                }
                out.extend_from_slice(last.1.as_bytes());
            }
            _ => return false,
        }
        true
    }
}

/// Rows of a Parquet file, numbered from 1.
pub(crate) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    /// For each wanted column, its place among the columns that are read.
    wanted: Vec<Option<usize>>,
    batch: Vec<Option<Values>>,
    /// For each wanted column, the last time seen and its text: times repeat from row to row.
    last_times: Vec<(i64, String)>,
    at: usize,
    rows: usize,
    line: i64,
    /// How many rows are given.
    limit: i64,
    /// Why no more are, until it is told.
    stopped: Option<String>,
}

/// How far a file can be read with all columns that are wanted of it.
#[derive(Debug, Clone)]
pub(crate) struct Sound {
    rows: i64,
    stopped: Option<String>,
}

impl Sound {
    /// Reads a file to its end or its first damage, with every column that is wanted.
    ///
    /// Each query reads the columns that it asks for alone: without this, damage in one column would hide rows from some
    /// queries and not from others, and a row would be read here and missing there.
    pub(crate) fn of(path: &Path, wanted: &[Option<usize>]) -> Result<Self, String> {
        let whole = Self { rows: i64::MAX, stopped: None };
        let mut all = ParquetRows::open(path, wanted, &whole)?;
        let mut rows = 0;
        while let Some(next) = all.reader.next() {
            if let Err(stopped) = next.map_err(unreadable).and_then(|batch| all.take(&batch)) {
                return Ok(Self { rows, stopped: Some(stopped) });
            }
            rows += i64::try_from(all.rows).unwrap_or(i64::MAX);
        }
        Ok(Self { rows, stopped: None })
    }
}

impl ParquetRows {
    /// Opens a file; `wanted` tells the file's column of each column that is wanted, `sound` how far it can be read.
    pub(crate) fn open(path: &Path, wanted: &[Option<usize>], sound: &Sound) -> Result<Self, String> {
        let file = File::open(path).map_err(|e| e.to_string())?;
        let builder = opened(file)?;
        let mut read: Vec<usize> = wanted.iter().copied().flatten().collect();
        read.sort_unstable();
        read.dedup();
        let mask = ProjectionMask::roots(builder.parquet_schema(), read.iter().copied());
        let reader = builder.with_projection(mask).with_batch_size(BATCH).build().map_err(unreadable)?;
        let wanted: Vec<Option<usize>> = wanted.iter().map(|w| w.and_then(|c| read.iter().position(|r| *r == c))).collect();
        let last_times = vec![(i64::MIN, String::new()); wanted.len()];
        let (limit, stopped) = (sound.rows, sound.stopped.clone());
        Ok(Self { reader, wanted, batch: Vec::new(), last_times, at: 0, rows: 0, line: 0, limit, stopped })
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), String> {
        (self.at, self.rows) = (0, batch.num_rows());
        self.batch.clear();
        for place in &self.wanted {
            self.batch.push(place.map(|i| Values::of(batch.column(i))).transpose().map_err(unreadable)?);
        }
        Ok(())
    }
}

impl TextRows for ParquetRows {
    fn read(&mut self, row: &mut TextRow) -> Option<Result<(), BadRow>> {
        let bad = |line: i64, reason: String| {
            Some(Err(BadRow { line: line + 1, field: String::new(), reason: format!("reading stopped here: {reason}") }))
        };
        if self.line == self.limit {
            return self.stopped.take().and_then(|reason| bad(self.line, reason));
        }
        while self.at == self.rows {
            let next = match self.reader.next() {
                None => return None,
                Some(Ok(batch)) => self.take(&batch),
                Some(Err(error)) => Err(unreadable(error)),
            };
            if let Err(reason) = next {
                // It was sound a moment ago: somebody changes the file while it is read.
                (self.at, self.rows, self.limit) = (0, 0, self.line);
                self.stopped = None;
                return bad(self.line, reason);
            }
        }
        self.line += 1;
        row.line = self.line;
        row.bytes.clear();
        row.cells.clear();
        for (column, last) in self.batch.iter().zip(&mut self.last_times) {
            let from = row.bytes.len();
            let there = column.as_ref().is_some_and(|c| c.write(self.at, &mut row.bytes, last));
            row.cells.push(there.then_some(from..row.bytes.len()));
        }
        self.at += 1;
        Some(Ok(()))
    }
}
