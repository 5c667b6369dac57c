//! Rows of text into typed columns: what does not fit its column's type has its row refused.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Builder, RecordBatch, StringArray, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use laotie_facts::MarketZone;

use super::functions::{local_time, minor};
use super::mapping::{ColumnType, TableRule};
use super::row::{BadRow, TextRow};

/// A column that a mapping wants.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Its name in the queries.
    pub(crate) name: String,
    /// Names that it may have in a file, the first of them its own.
    pub(crate) names: Vec<String>,
    /// What it holds.
    pub(crate) holds: ColumnType,
    /// Whether a file without it is refused.
    pub(crate) required: bool,
}

/// The columns that a table's rule wants, in the order of their names.
pub(crate) fn wanted(rule: &TableRule) -> Vec<Wanted> {
    let both = rule.columns.iter().map(|c| (c, true)).chain(rule.optional.iter().map(|c| (c, false)));
    both.map(|((name, holds), required)| {
        let names = std::iter::once(name.clone()).chain(rule.aliases.get(name).into_iter().flatten().cloned()).collect();
        Wanted { name: name.clone(), names, holds: *holds, required }
    })
    .collect()
}

/// The schema of a table: the wanted columns, `_file`, `_row` and `_order`, the place of a row among all
/// rows of the table.
pub(crate) fn schema(wanted: &[Wanted]) -> SchemaRef {
    let mut fields: Vec<Field> = wanted
        .iter()
        .map(|w| Field::new(&w.name, if w.holds == ColumnType::Int { DataType::Int64 } else { DataType::Utf8 }, true))
        .collect();
    fields.push(Field::new("_file", DataType::Utf8, false));
    fields.push(Field::new("_row", DataType::Int64, false));
    fields.push(Field::new("_order", DataType::Int64, false));
    Arc::new(Schema::new(fields))
}

enum Cell<'a> {
    Null,
    Text(&'a str),
    Owned(String),
    Int(i64),
}

enum Building {
    Text(StringBuilder),
    Int(Int64Builder),
    /// Checked, but no query wants it.
    Nothing,
}

/// Builds batches out of rows of text.
pub(crate) struct Columns {
    wanted: Arc<[Wanted]>,
    zone: MarketZone,
    file: (usize, String),
    /// Columns of the table that go out, by their place in its schema.
    projection: Vec<usize>,
    schema: SchemaRef,
    building: Vec<Building>,
    lines: Int64Builder,
    last_time: (String, String),
    rows: usize,
    bytes: usize,
}

/// Rows and bytes of a batch, about.
const BATCH: (usize, usize) = (4_096, 8 << 20);

impl Columns {
    pub(crate) fn new(wanted: Arc<[Wanted]>, zone: MarketZone, file: (usize, String), projection: Vec<usize>, schema: SchemaRef) -> Self {
        let building = wanted
            .iter()
            .enumerate()
            .map(|(i, w)| match w.holds {
                _ if !projection.contains(&i) => Building::Nothing,
                ColumnType::Int => Building::Int(Int64Builder::new()),
                _ => Building::Text(StringBuilder::new()),
            })
            .collect();
        Self {
            wanted,
            zone,
            file,
            projection,
            schema,
            building,
            lines: Int64Builder::new(),
            last_time: Default::default(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Whether any cell of a column has to be looked at.
    pub(crate) fn needs(&self, column: usize) -> bool {
        self.wanted[column].holds != ColumnType::Text || !matches!(self.building[column], Building::Nothing)
    }

    /// Adds a row, or tells why it is none.
    pub(crate) fn add(&mut self, row: &TextRow) -> Result<(), BadRow> {
        let mut cells = Vec::with_capacity(self.wanted.len());
        for (i, place) in row.cells.iter().enumerate() {
            let cell = match place {
                None => Cell::Null,
                Some(place) => self.cell(i, row, &row.bytes[place.clone()])?,
            };
            cells.push(cell);
        }
        for (cell, building) in cells.into_iter().zip(&mut self.building) {
            match (building, cell) {
                (Building::Text(b), Cell::Text(text)) => b.append_value(text),
                (Building::Text(b), Cell::Owned(text)) => b.append_value(text),
                (Building::Int(b), Cell::Int(n)) => b.append_value(n),
                (Building::Text(b), _) => b.append_null(),
                (Building::Int(b), _) => b.append_null(),
                (Building::Nothing, _) => {}
            }
        }
        self.lines.append_value(row.line);
        self.rows += 1;
        self.bytes += row.bytes.len();
        Ok(())
    }

    /// Whether there is no row yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether there are enough rows for a batch.
    pub(crate) fn is_full(&self) -> bool {
        self.rows >= BATCH.0 || self.bytes >= BATCH.1
    }

    fn cell<'a>(&mut self, column: usize, row: &TextRow, bytes: &'a [u8]) -> Result<Cell<'a>, BadRow> {
        let wanted = &self.wanted[column];
        let bad = |reason: String| BadRow { line: row.line, field: wanted.name.clone(), reason };
        let text = std::str::from_utf8(bytes)
            .map_err(|e| bad(format!("not UTF-8 at byte {} of the value; save the file as UTF-8", e.valid_up_to() + 1)))?
            .trim();
        if text.is_empty() {
            return Ok(Cell::Null);
        }
        let misfit = || {
            let shown: String = text.chars().take(40).collect();
            bad(format!("`{shown}` is not {}", wanted.holds.expected()))
        };
        match wanted.holds {
            ColumnType::Text => Ok(Cell::Text(text)),
            ColumnType::Int => match text.parse() {
                Ok(n) => Ok(Cell::Int(n)),
                // "6.0", as tools write whole numbers that may be missing
                Err(_) => text.strip_suffix(".0").and_then(|t| t.parse().ok()).map(Cell::Int).ok_or_else(misfit),
            },
            ColumnType::Decimal => {
                if minor(text, 0, 1).is_some() {
                    Ok(Cell::Text(text))
                } else {
                    Err(misfit())
                }
            }
            ColumnType::Time => {
                if text != self.last_time.0 {
                    let time = local_time(text, &self.zone).ok_or_else(misfit)?;
                    self.last_time = (text.to_owned(), time);
                }
                Ok(Cell::Owned(self.last_time.1.clone()))
            }
        }
    }

    /// The rows so far as a batch.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let lines = self.lines.finish();
        let before = i64::try_from(self.file.0).unwrap_or(0) << 44;
        let mut built: Vec<Option<ArrayRef>> = self
            .building
            .iter_mut()
            .map(|b| match b {
                Building::Text(b) => Some(Arc::new(b.finish()) as ArrayRef),
                Building::Int(b) => Some(Arc::new(b.finish()) as ArrayRef),
                Building::Nothing => None,
            })
            .collect();
        let n = self.wanted.len();
        let columns = self.projection.iter().map(|i| match i {
            i if *i == n => Arc::new(StringArray::from_iter_values(std::iter::repeat_n(self.file.1.as_str(), rows))) as ArrayRef,
            i if *i == n + 1 => Arc::new(lines.clone()),
            i if *i == n + 2 => Arc::new(lines.unary::<_, Int64Type>(|line| before | line)),
            i => built[*i].take().expect("a column that goes out is built"),
        });
        let columns: Vec<ArrayRef> = columns.collect();
        let options = datafusion::arrow::array::RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}
