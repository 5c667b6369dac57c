//! Files as tables of a mapping: its columns typed, each row with its file and line.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use laotie_facts::MarketZone;
use tokio::sync::mpsc::Sender;

use super::columns::{self, Columns, Wanted};
use super::csv_rows::{self, CsvRows};
use super::json_rows::JsonRows;
use super::mapping::TableRule;
use super::parquet_rows::{self, ParquetRows, Sound};
use super::plan::ImportError;
use super::row::{FileReads, RefusedQueue, TextRow, TextRows};

fn file_error(file: &Path, reason: impl Into<String>) -> ImportError {
    ImportError::File { file: file.to_owned(), reason: reason.into() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    JsonLines,
    Parquet,
}

/// One file of a table.
#[derive(Debug)]
struct TableFile {
    path: PathBuf,
    format: Format,
    /// The file's column of each wanted column; of JSON lines, nothing.
    places: Vec<Option<usize>>,
    reads: Arc<FileReads>,
    /// How far a Parquet file can be read, once it was tried.
    sound: OnceLock<Result<Sound, String>>,
}

/// A table of a mapping. It is read from its files whenever a query asks, in the order of the rows.
#[derive(Debug)]
pub(crate) struct Table {
    wanted: Arc<[Wanted]>,
    files: Arc<[TableFile]>,
    zone: MarketZone,
    schema: SchemaRef,
}

impl Table {
    /// Checks the files against the table's rule. No file makes an empty table.
    pub(crate) fn open(rule: &TableRule, files: &[PathBuf], zone: &MarketZone, queue: &Arc<RefusedQueue>) -> Result<Self, ImportError> {
        let wanted: Arc<[Wanted]> = columns::wanted(rule).into();
        let files: Vec<TableFile> = files.iter().map(|f| open_file(rule, f, &wanted, queue)).collect::<Result<_, _>>()?;
        let schema = columns::schema(&wanted);
        Ok(Self { wanted, files: files.into(), zone: zone.clone(), schema })
    }

    /// What was read of each file.
    pub(crate) fn reads(&self) -> impl Iterator<Item = Arc<FileReads>> {
        self.files.iter().map(|f| Arc::clone(&f.reads))
    }
}

fn open_file(rule: &TableRule, path: &Path, wanted: &[Wanted], queue: &Arc<RefusedQueue>) -> Result<TableFile, ImportError> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let wrong = |reason: String| file_error(path, reason);
    let (format, there) = match extension.as_str() {
        "csv" | "tsv" | "txt" => (Format::Csv, csv_rows::header(path).map_err(wrong)?),
        "jsonl" | "ndjson" | "json" => {
            std::fs::File::open(path).map_err(|e| file_error(path, e.to_string()))?;
            (Format::JsonLines, Vec::new())
        }
        "parquet" => {
            let columns = parquet_rows::columns(path).map_err(wrong)?;
            for column in wanted {
                if let Some(place) = place(column, &columns.iter().map(|(name, _)| name.as_str())) {
                    parquet_rows::check(column, &columns[place].1).map_err(wrong)?;
                }
            }
            (Format::Parquet, columns.into_iter().map(|(name, _)| name).collect())
        }
        other => return Err(file_error(path, format!("`.{other}` is not read here; CSV, Parquet and JSON lines are"))),
    };
    let places: Vec<Option<usize>> = wanted.iter().map(|w| place(w, &there.iter().map(String::as_str))).collect();
    if format != Format::JsonLines
        && let Some((missing, _)) = wanted.iter().zip(&places).find(|(w, p)| w.required && p.is_none())
    {
        return Err(file_error(path, format!("the column `{}` is missing; the file has {}", missing.name, there.join(", "))));
    }
    let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(TableFile {
        path: path.to_owned(),
        format,
        places,
        reads: Arc::new(FileReads::new(rule.name.clone(), file, Arc::clone(queue))),
        sound: OnceLock::new(),
    })
}

fn place<'a>(wanted: &Wanted, there: &(impl Iterator<Item = &'a str> + Clone)) -> Option<usize> {
    wanted.names.iter().find_map(|name| there.clone().position(|t| t.trim().eq_ignore_ascii_case(name)))
}

#[async_trait]
impl TableProvider for Table {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let projection = projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let schema = Arc::new(self.schema.project(&projection)?);
        let scan = Scan {
            wanted: Arc::clone(&self.wanted),
            files: Arc::clone(&self.files),
            zone: self.zone.clone(),
            projection,
            schema: Arc::clone(&schema),
        };
        Ok(Arc::new(StreamingTableExec::try_new(schema, vec![Arc::new(scan)], None, [], false, limit)?))
    }
}

/// One reading of a table.
#[derive(Clone)]
struct Scan {
    wanted: Arc<[Wanted]>,
    files: Arc<[TableFile]>,
    zone: MarketZone,
    projection: Vec<usize>,
    schema: SchemaRef,
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl PartitionStream for Scan {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut stream = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.schema), 2);
        let (scan, to) = (self.clone(), stream.tx());
        stream.spawn_blocking(move || {
            for (i, file) in scan.files.iter().enumerate() {
                if !scan.read(i, file, &to)? {
                    break;
                }
            }
            Ok(())
        });
        stream.build()
    }
}

impl Scan {
    /// Reads a file to its end; `false` when nobody listens any more.
    fn read(&self, i: usize, file: &TableFile, to: &Sender<Result<RecordBatch>>) -> Result<bool> {
        let label = (i, file.reads.file.clone());
        let mut columns =
            Columns::new(Arc::clone(&self.wanted), self.zone.clone(), label, self.projection.clone(), Arc::clone(&self.schema));
        // What is neither asked for nor checked stays unread.
        let places: Vec<Option<usize>> = file.places.iter().enumerate().map(|(i, p)| p.filter(|_| columns.needs(i))).collect();
        let opened: Result<Box<dyn TextRows>, String> = match file.format {
            Format::Csv => CsvRows::open(&file.path, file.places.clone()).map(|r| Box::new(r) as _),
            Format::JsonLines => {
                JsonRows::open(&file.path, self.wanted.iter().map(|w| w.names.clone()).collect()).map(|r| Box::new(r) as _)
            }
            Format::Parquet => {
                let sound = file.sound.get_or_init(|| Sound::of(&file.path, &file.places));
                sound.clone().and_then(|sound| ParquetRows::open(&file.path, &places, &sound)).map(|r| Box::new(r) as _)
            }
        };
        let mut rows = opened.map_err(|reason| DataFusionError::External(format!("{}: {reason}", file.path.display()).into()))?;
        let mut row = TextRow::default();
        let mut ordinal = 0;
        while let Some(next) = rows.read(&mut row) {
            ordinal += 1;
            if let Err(bad) = next.and_then(|()| columns.add(&row)) {
                file.reads.refuse(ordinal, bad);
            }
            if columns.is_full() {
                file.reads.read(ordinal);
                if to.blocking_send(columns.finish().map_err(Into::into)).is_err() {
                    return Ok(false);
                }
            }
        }
        file.reads.read(ordinal);
        Ok(columns.is_empty() || to.blocking_send(columns.finish().map_err(Into::into)).is_ok())
    }
}
