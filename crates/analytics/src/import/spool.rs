//! What a query yielded, kept on disk until its facts are durable: a stopped import need not ask again.
//!
//! A query sorts all of its rows before the first comes out, so that waiting for the last costs little. Its batches lie
//! in `FINGERPRINT.QUERY.rows` as an Arrow file; `FINGERPRINT.QUERY.index`, written last, says that they are whole.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::FileReader;
use datafusion::arrow::ipc::writer::FileWriter;
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::fact_json::FactColumns;
use super::plan::ImportError;
use super::row::{FileSeen, RefusedMark};
use crate::cells::cell;

/// How far the batches up to one have come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// Rows of the query.
    pub(crate) rows: u64,
    /// Rows of each counted table, in the order of the query's columns.
    pub(crate) of_tables: Vec<u64>,
}

/// What is known once a query has yielded everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Index {
    /// After each batch.
    marks: Vec<Mark>,
    /// What was read of each file by then.
    pub(crate) seen: Vec<FileSeen>,
    /// The rows refused by then.
    pub(crate) refused: RefusedMark,
}

/// The rows of a query, from a file.
pub(crate) struct Spool {
    reader: FileReader<BufReader<File>>,
    pub(crate) index: Index,
    next: usize,
}

/// Where the files of an import lie.
#[derive(Debug, Clone)]
pub(crate) struct SpoolPlace {
    pub(crate) dir: PathBuf,
    pub(crate) fingerprint: String,
    pub(crate) query: usize,
}

impl SpoolPlace {
    fn path(&self, ending: &str) -> PathBuf {
        self.dir.join(format!("{}.{}.{ending}", self.fingerprint, self.query))
    }

    fn failed<E: std::fmt::Display>(&self) -> impl Fn(E) -> ImportError + '_ {
        |e| ImportError::File { file: self.dir.clone(), reason: format!("could not keep what was read: {e}") }
    }

    /// Writes all that a query yields. `known` is asked when the last row is there: what was read of
    /// each file and refused by then.
    pub(crate) async fn write(
        &self,
        mut stream: SendableRecordBatchStream,
        failed: impl Fn(datafusion::error::DataFusionError) -> ImportError,
        columns: &FactColumns,
        known: impl FnOnce() -> (Vec<FileSeen>, RefusedMark),
    ) -> Result<(), ImportError> {
        std::fs::create_dir_all(&self.dir).map_err(self.failed())?;
        let file = File::create(self.path("rows")).map_err(self.failed())?;
        let mut writer = FileWriter::try_new(BufWriter::new(file), &stream.schema()).map_err(self.failed())?;
        let mut marks = Vec::new();
        let mut mark = Mark { rows: 0, of_tables: vec![0; columns.rows_of.len()] };
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(&failed)?;
            if batch.num_rows() == 0 {
                continue;
            }
            writer.write(&batch).map_err(self.failed())?;
            mark.rows += batch.num_rows() as u64;
            for (total, (_, column)) in mark.of_tables.iter_mut().zip(&columns.rows_of) {
                *total += (0..batch.num_rows()).map(|row| cell(batch.column(*column), row).as_u64().unwrap_or(0)).sum::<u64>();
            }
            marks.push(mark.clone());
        }
        writer.finish().map_err(self.failed())?;
        writer.into_inner().map_err(self.failed())?.into_inner().map_err(self.failed())?.sync_all().map_err(self.failed())?;
        let (seen, refused) = known();
        let index = Index { marks, seen, refused };
        let new = self.path("index.new");
        std::fs::write(&new, serde_json::to_string(&index).unwrap_or_default()).map_err(self.failed())?;
        std::fs::rename(new, self.path("index")).map_err(self.failed())
    }

    /// Opens what was written; `None` when it is not whole.
    pub(crate) fn open(&self) -> Option<Spool> {
        let index: Index = serde_json::from_str(&std::fs::read_to_string(self.path("index")).ok()?).ok()?;
        let reader = FileReader::try_new(BufReader::new(File::open(self.path("rows")).ok()?), None).ok()?;
        (reader.num_batches() == index.marks.len()).then_some(Spool { reader, index, next: 0 })
    }
}

impl Spool {
    /// Leaves out the batches whose rows are all among the first `rows`; how far that is.
    pub(crate) fn skip(&mut self, rows: u64) -> Mark {
        self.next = self.index.marks.partition_point(|m| m.rows <= rows);
        self.next.checked_sub(1).map(|last| self.index.marks[last].clone()).unwrap_or_default()
    }

    /// The next batch.
    pub(crate) fn next(&mut self) -> Option<Result<RecordBatch, ArrowError>> {
        if self.next >= self.index.marks.len() {
            return None;
        }
        let found = self.reader.set_index(self.next).and_then(|()| self.reader.next().transpose());
        self.next += 1;
        found.transpose()
    }
}

/// Removes what is kept of an import that has come to its end.
pub(crate) fn remove(dir: &Path, fingerprint: &str) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        if let Some(rest) = name.to_string_lossy().strip_prefix(fingerprint)
            && rest != ".json"
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
