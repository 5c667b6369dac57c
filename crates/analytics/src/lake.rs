//! The lake: one Delta table a kind, appended to exactly once.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use deltalake::kernel::Transaction;
use deltalake::kernel::transaction::CommitProperties;
use deltalake::parquet::basic::{Compression, ZstdLevel};
use deltalake::parquet::file::properties::WriterProperties;
use deltalake::protocol::SaveMode;
use deltalake::{DeltaTable, DeltaTableError};
use laotie_facts::{JournalRow, Kind, MarketZone};
use serde::Serialize;
use tokio::sync::Mutex;
use url::Url;

use crate::encode::encode;
use crate::error::AnalyticsError;
use crate::lake_schema::{PARTITION, TableShape};

/// Name under which a table keeps the last journal row that it holds.
const JOURNAL: &str = "journal";

/// Rows written at a time: each month among them keeps a Parquet writer open (docs/adr/0002).
const ROWS_AT_ONCE: usize = 4_000;

/// Small files in a table before they are put together.
const FILES_BEFORE_COMPACTION: usize = 32;

/// What upkeep did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Maintenance {
    /// Tables whose small files were put together.
    pub compacted: usize,
    /// Files removed that no version of the last week needs.
    pub removed_files: usize,
}

/// The tables of a market.
pub(crate) struct Lake {
    dir: PathBuf,
    zone: MarketZone,
    position: AtomicI64,
    /// One writer at a time; the tables as of its last commit.
    tables: Mutex<BTreeMap<&'static str, DeltaTable>>,
    shapes: BTreeMap<&'static str, TableShape>,
}

fn delta(operation: &'static str) -> impl FnOnce(DeltaTableError) -> AnalyticsError {
    AnalyticsError::lake(operation)
}

impl Lake {
    /// Opens the tables that are there.
    pub(crate) async fn open(dir: &Path, zone: MarketZone) -> Result<Self, AnalyticsError> {
        std::fs::create_dir_all(dir).map_err(AnalyticsError::file("making the lake's folder"))?;
        let dir = dir.canonicalize().map_err(AnalyticsError::file("finding the lake's folder"))?;
        let shapes: BTreeMap<&'static str, TableShape> = Kind::ALL.iter().map(|k| (k.name(), TableShape::of(*k))).collect();
        let mut tables = BTreeMap::new();
        for (kind, shape) in &shapes {
            if dir.join(&shape.name).join("_delta_log").is_dir() {
                tables.insert(*kind, table_at(&dir.join(&shape.name)).await?);
            }
        }
        let lake = Self { position: AtomicI64::new(0), dir, zone, tables: Mutex::new(tables), shapes };
        lake.position.store(lake.hint(), Ordering::Release);
        Ok(lake)
    }

    /// The last row that surely lies in the lake, and all before it.
    pub(crate) fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// The shapes of all tables, written or not.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = &TableShape> {
        self.shapes.values()
    }

    /// The tables as they are now, by name.
    pub(crate) async fn snapshot(&self) -> Vec<(String, DeltaTable)> {
        self.tables.lock().await.iter().map(|(kind, table)| (self.shapes[kind].name.clone(), table.clone())).collect()
    }

    fn hint_path(&self) -> PathBuf {
        self.dir.join("position")
    }

    fn hint(&self) -> i64 {
        std::fs::read_to_string(self.hint_path()).ok().and_then(|t| t.trim().parse().ok()).unwrap_or(0)
    }

    /// Says how far all tables are. A hint: after a crash the next append starts here, and each table
    /// leaves out what its own transaction says it has.
    fn set_position(&self, seq: i64) -> Result<(), AnalyticsError> {
        let new = self.dir.join("position.new");
        std::fs::write(&new, seq.to_string())
            .and_then(|()| std::fs::rename(&new, self.hint_path()))
            .map_err(AnalyticsError::file("noting the lake's position"))?;
        self.position.store(seq, Ordering::Release);
        Ok(())
    }

    /// Appends rows, which stand in order of `seq`. Rows that lie here already are left out.
    pub(crate) async fn append(&self, rows: &[JournalRow]) -> Result<(), AnalyticsError> {
        for some in rows.chunks(ROWS_AT_ONCE) {
            self.append_at_once(some).await?;
        }
        Ok(())
    }

    async fn append_at_once(&self, rows: &[JournalRow]) -> Result<(), AnalyticsError> {
        let Some(last) = rows.last().map(|r| r.seq) else { return Ok(()) };
        let mut tables = self.tables.lock().await;
        let mut by_kind: BTreeMap<&str, Vec<&JournalRow>> = BTreeMap::new();
        for row in rows {
            by_kind.entry(&row.kind).or_default().push(row);
        }
        for (kind, shape) in &self.shapes {
            let Some(mut new) = by_kind.remove(kind) else { continue };
            let table = match tables.remove(kind) {
                Some(table) => table,
                None => table_at(&self.dir.join(&shape.name)).await?,
            };
            let held = held(&table).await?;
            new.retain(|row| row.seq > held);
            let table = if new.is_empty() { table } else { self.write(table, shape, &new).await? };
            tables.insert(*kind, table);
        }
        drop(tables);
        self.set_position(last.max(self.position()))
    }

    async fn write(&self, table: DeltaTable, shape: &TableShape, rows: &[&JournalRow]) -> Result<DeltaTable, AnalyticsError> {
        let batches = encode(shape, rows, &self.zone)?;
        let last = rows.last().map_or(0, |r| r.seq);
        table
            .write(batches)
            .with_save_mode(SaveMode::Append)
            .with_partition_columns([PARTITION])
            .with_table_name(&shape.name)
            .with_writer_properties(writer_properties())
            .with_commit_properties(CommitProperties::default().with_application_transaction(Transaction::new(JOURNAL, last)))
            .await
            .map_err(delta("appending to the lake"))
    }

    /// Puts small files together and removes those that nothing has needed for a week.
    pub(crate) async fn maintain(&self) -> Result<Maintenance, AnalyticsError> {
        let mut done = Maintenance::default();
        let kinds: Vec<&'static str> = self.shapes.keys().copied().collect();
        for kind in kinds {
            let mut tables = self.tables.lock().await;
            let Some(table) = tables.get(kind).cloned() else { continue };
            let (files, months) = files_and_months(&table)?;
            if files < FILES_BEFORE_COMPACTION || files < months * 2 {
                continue;
            }
            let target = NonZeroU64::new(256 << 20).expect("not zero");
            let (table, metrics) = table
                .optimize()
                .with_target_size(target)
                .with_max_concurrent_tasks(1)
                .with_writer_properties(writer_properties())
                .await
                .map_err(delta("putting small files together"))?;
            done.compacted += usize::from(metrics.num_files_added > 0);
            let (table, removed) = table.vacuum().await.map_err(delta("removing old files"))?;
            done.removed_files += removed.files_deleted.len();
            tables.insert(kind, table);
        }
        Ok(done)
    }
}

fn writer_properties() -> WriterProperties {
    let level = ZstdLevel::try_new(3).unwrap_or_default();
    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build()
}

async fn table_at(path: &Path) -> Result<DeltaTable, AnalyticsError> {
    std::fs::create_dir_all(path).map_err(AnalyticsError::file("making a table's folder"))?;
    let url = Url::from_directory_path(path).map_err(|()| AnalyticsError::question("dir", "the lake needs an absolute path"))?;
    DeltaTable::try_from_url(url).await.map_err(delta("opening a table"))
}

/// The last journal row that a table holds, by its own transaction log.
async fn held(table: &DeltaTable) -> Result<i64, AnalyticsError> {
    let Ok(snapshot) = table.snapshot() else { return Ok(0) };
    let version = snapshot.transaction_version(table.log_store().as_ref(), JOURNAL).await;
    Ok(version.map_err(delta("reading a table's position"))?.unwrap_or(0))
}

fn files_and_months(table: &DeltaTable) -> Result<(usize, usize), AnalyticsError> {
    let uris: Vec<String> = table.get_file_uris().map_err(delta("listing a table's files"))?.collect();
    let months: std::collections::BTreeSet<&str> = uris.iter().filter_map(|u| u.split('/').find(|p| p.starts_with(PARTITION))).collect();
    Ok((uris.len(), months.len()))
}
