//! An import under way: batches of facts, each with the place it comes from.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use laotie_facts::{Currency, Incoming, Kind, MarketZone};
use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, LeftOutRows, Whole, fingerprint};
use super::fact_json::FactColumns;
use super::functions;
use super::plan::{ImportError, ImportPlan};
use super::row::{FileReads, RefusedQueue};
use super::spool::{self, Spool, SpoolPlace};
use super::tables::Table;
use crate::cells::cell;
use crate::sql::asked;

/// Facts of a batch at most.
const BATCH: usize = 1_000;

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// Its row or line, from 1.
    pub row: i64,
}

/// A row that is no fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// The file's name.
    pub file: String,
    /// Its row or line, from 1.
    pub row: i64,
    /// Stable name of the problem.
    pub code: String,
    /// The field that is wrong.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// Some facts, in the mapping's order.
#[derive(Debug, Default)]
pub struct ImportBatch {
    /// Names the batch when it is done.
    pub id: u64,
    /// The facts.
    pub facts: Vec<Incoming>,
    /// Where each comes from.
    pub places: Vec<Place>,
    /// For how many rows of counted tables each stands: see [`TableTotals`].
    pub rows: Vec<u64>,
    /// Rows that are no facts.
    pub refused: Vec<RefusedRow>,
    /// Facts and rows that an earlier run has behind it.
    pub skipped: u64,
}

/// What an import has come to so far. At its end
/// `read = facts yielded + rows refused + left_out + skipped`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Facts yielded, rows refused, facts left out and facts that an earlier run has behind it.
    pub read: u64,
    /// Facts left out on purpose.
    pub left_out: u64,
    /// Facts and rows that an earlier run has behind it.
    pub skipped: u64,
}

/// What became of the rows of one table. A table is counted when the mapping's queries say with
/// `_rows_TABLE` how many of its rows a fact stands for. At the end of an import each row is in exactly
/// one place: `read = in_facts + refused + left_out`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTotals {
    /// The table.
    pub table: String,
    /// Rows read of its files.
    pub read: u64,
    /// Rows that are in facts, those of an earlier run included.
    pub in_facts: u64,
    /// Rows that cannot be read, or whose fact is refused here.
    pub refused: u64,
    /// Rows left out on purpose.
    pub left_out: u64,
}

impl TableTotals {
    /// Rows that are nowhere: a hole in the mapping.
    pub fn unaccounted(&self) -> i128 {
        i128::from(self.read) - i128::from(self.in_facts) - i128::from(self.refused) - i128::from(self.left_out)
    }
}

/// An import.
pub struct Import {
    plan: ImportPlan,
    context: SessionContext,
    queue: Arc<RefusedQueue>,
    reads: Vec<Arc<FileReads>>,
    checkpoint: Option<Kept>,
    query: usize,
    source: Option<Source>,
    columns: FactColumns,
    yielded: u64,
    /// Facts and rows of an earlier run that no batch has told of yet.
    behind_us: u64,
    ready: Option<(RecordBatch, usize)>,
    batches: u64,
    pending: VecDeque<Pending>,
    totals: Totals,
    tables: BTreeMap<String, TableTotals>,
    counted: bool,
    present: Vec<String>,
    text: String,
}

/// Folder, fingerprint and what is kept under it.
type Kept = (PathBuf, String, Checkpoint);

/// Where the rows of a query come from.
enum Source {
    /// The query itself.
    Query(SendableRecordBatchStream),
    /// What it yielded, from disk.
    Spool(Box<Spool>),
}

/// A batch whose facts are not yet known to be durable.
struct Pending {
    id: u64,
    query: usize,
    yielded: u64,
    /// What the import has come to, when this is its last batch.
    whole: Option<Whole>,
}

fn query_error(what: impl Into<String>) -> impl FnOnce(DataFusionError) -> ImportError {
    let what = what.into();
    move |e| ImportError::Query { what, source: Box::new(asked("sql")(e)) }
}

/// Every query's facts come in the order of the rows they are from, so that a stopped import knows where it was.
fn in_order(sql: &str) -> String {
    format!("select * from ({}\n) order by \"_file\", \"_row\", \"key\"", sql.trim().trim_end_matches(';'))
}

impl Import {
    /// Opens the files, checks them against the mapping and prepares its queries.
    ///
    /// # Errors
    /// [`ImportError`] naming the file, the table or the query.
    pub async fn open(plan: ImportPlan) -> Result<Self, ImportError> {
        let by_table = sort_files(&plan)?;
        let context = context(&plan, &by_table)?;
        let zone = MarketZone::new(&plan.mapping.zone).map_err(|e| plan.mapping.error(format!("zone: {e}")))?;
        let currency = Currency::new(&plan.mapping.currency).map_err(|e| plan.mapping.error(format!("currency: {e}")))?;
        functions::register(&context, zone.clone(), currency, &plan.salt, &plan.mapping.settings);

        let listed: Vec<(String, PathBuf)> =
            by_table.iter().flat_map(|(t, files)| files.iter().map(move |f| (t.clone(), f.clone()))).collect();
        let (checkpoint, queue) = progress(&plan, &listed)?;
        let queue = Arc::new(queue);
        let mut reads = Vec::new();
        for rule in &plan.mapping.tables {
            let files = by_table.get(&rule.name).map(Vec::as_slice).unwrap_or_default();
            if files.is_empty() && rule.required {
                return Err(ImportError::MissingTable { table: rule.name.clone(), patterns: rule.files.join(", ") });
            }
            let table = Table::open(rule, files, &zone, &queue)?;
            reads.extend(table.reads());
            context.register_table(rule.name.as_str(), Arc::new(table)).map_err(query_error(format!("the table `{}`", rule.name)))?;
        }
        for view in &plan.mapping.views {
            let failed = || query_error(format!("the view `{}`", view.name));
            let frame = context.sql(&view.sql).await.map_err(failed())?.into_view();
            context.register_table(view.name.as_str(), frame).map_err(failed())?;
        }
        let tables = check_queries(&context, &plan).await?;

        let present = by_table.into_keys().collect();
        Ok(Self {
            plan,
            context,
            queue,
            reads,
            checkpoint,
            query: 0,
            source: None,
            behind_us: 0,
            columns: FactColumns::of(std::iter::empty()),
            yielded: 0,
            ready: None,
            batches: 0,
            pending: VecDeque::new(),
            totals: Totals::default(),
            tables,
            counted: false,
            present,
            text: String::new(),
        })
    }

    /// What the import has come to so far.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// What became of the rows of each counted table so far.
    pub fn tables(&self) -> Vec<TableTotals> {
        let mut tables = self.tables.clone();
        for reads in &self.reads {
            if let Some(table) = tables.get_mut(&reads.table) {
                let (read, refused) = reads.counts();
                table.read += read;
                table.refused += refused;
            }
        }
        tables.into_values().collect()
    }

    /// The next facts; `None` at the end.
    ///
    /// # Errors
    /// [`ImportError::Query`] when a query fails.
    pub async fn next(&mut self) -> Result<Option<ImportBatch>, ImportError> {
        if let Some(batch) = self.all_behind_us() {
            return Ok(Some(batch));
        }
        if !self.counted {
            self.counted = true;
            self.count_left_out().await?;
        }
        loop {
            if self.ready.is_none() && !self.read_on().await? {
                return Ok(self.rest());
            }
            let Some((batch, from)) = self.ready.take() else { continue };
            let behind = self.checkpoint.as_ref().map_or(0, |(_, _, c)| c.done[self.query]);
            let skip = usize::try_from(behind.saturating_sub(self.yielded)).unwrap_or(usize::MAX).min(batch.num_rows() - from);
            if skip > 0 {
                self.count_rows(&batch, from, from + skip);
            }
            let at = from + skip;
            let to = (at + BATCH).min(batch.num_rows());
            let mut out = self.facts(&batch, at, to);
            out.skipped = count(skip);
            self.yielded += count(to - from);
            self.totals.skipped += out.skipped;
            self.totals.read += count(to - from);
            if to < batch.num_rows() {
                self.ready = Some((batch, to));
            }
            let unreadable = self.queue.take(BATCH);
            self.totals.read += count(unreadable.len());
            out.refused.extend(unreadable);
            return Ok(Some(self.send(out, None)));
        }
    }

    /// Says that the facts of a batch, and of those before it, are durable.
    pub fn done(&mut self, id: u64) {
        let Some((dir, name, checkpoint)) = &mut self.checkpoint else { return };
        while self.pending.front().is_some_and(|p| p.id <= id) {
            let Some(Pending { query, yielded, whole, .. }) = self.pending.pop_front() else { break };
            for before in 0..query.min(checkpoint.ended.len()) {
                checkpoint.ended[before] = true;
            }
            if let Some(done) = checkpoint.done.get_mut(query) {
                *done = yielded.max(*done);
            }
            if whole.is_some() {
                checkpoint.whole = whole;
            }
        }
        if let Err(error) = checkpoint.save(dir, name) {
            tracing::warn!("could not keep the import's progress: {error}");
        } else if checkpoint.whole.is_some() {
            spool::remove(dir, name);
        }
    }

    fn send(&mut self, mut out: ImportBatch, whole: Option<Whole>) -> ImportBatch {
        self.batches += 1;
        out.id = self.batches;
        out.skipped += std::mem::take(&mut self.behind_us);
        if self.checkpoint.is_some() {
            self.pending.push_back(Pending { id: out.id, query: self.query, yielded: self.yielded, whole });
        }
        out
    }

    /// When an earlier run came to its end, nothing is left to read.
    fn all_behind_us(&mut self) -> Option<ImportBatch> {
        let (_, _, checkpoint) = self.checkpoint.as_ref().filter(|_| self.batches == 0)?;
        let whole = checkpoint.whole.clone()?;
        let skipped = checkpoint.done.iter().sum::<u64>() + whole.unreadable;
        self.totals = Totals { read: skipped + whole.left_out, left_out: whole.left_out, skipped };
        self.tables = whole.tables.into_iter().map(|t| (t.table.clone(), t)).collect();
        (self.counted, self.query, self.batches) = (true, self.plan.mapping.facts.len(), 1);
        Some(ImportBatch { id: 1, skipped, ..ImportBatch::default() })
    }

    async fn count_left_out(&mut self) -> Result<(), ImportError> {
        let kept = self.checkpoint.as_ref().and_then(|(_, _, c)| c.left_out.clone());
        let left_out = match kept {
            Some(kept) => kept,
            None => self.ask_left_out().await?,
        };
        self.totals.left_out += left_out.facts;
        self.totals.read += left_out.facts;
        for (name, n) in &left_out.rows {
            if let Some(table) = self.tables.get_mut(name) {
                table.left_out += n;
            }
        }
        if let Some((_, _, checkpoint)) = &mut self.checkpoint {
            checkpoint.left_out = Some(left_out);
        }
        Ok(())
    }

    async fn ask_left_out(&self) -> Result<LeftOutRows, ImportError> {
        let mut found = LeftOutRows::default();
        for rule in &self.plan.mapping.left_out {
            if !rule.needs.iter().all(|t| self.present.contains(t)) {
                continue;
            }
            let failed = || query_error(format!("what is left out ({})", rule.reason.en));
            let batches = self.context.sql(&rule.count).await.map_err(failed())?.collect().await.map_err(failed())?;
            let Some(batch) = batches.iter().find(|b| b.num_rows() > 0) else { continue };
            for (i, field) in batch.schema().fields().iter().enumerate() {
                let n = cell(batch.column(i), 0).as_u64().unwrap_or(0);
                if i == 0 {
                    found.facts += n;
                } else if let Some(table) = field.name().strip_prefix("_rows_") {
                    *found.rows.entry(table.to_owned()).or_default() += n;
                }
            }
        }
        Ok(found)
    }

    /// Makes the next rows ready; `false` at the end of the last query.
    async fn read_on(&mut self) -> Result<bool, ImportError> {
        loop {
            let Some(rule) = self.plan.mapping.facts.get(self.query) else { return Ok(false) };
            if !rule.needs.iter().all(|t| self.present.contains(t)) {
                self.query += 1;
                continue;
            }
            let failed = || query_error(rule.kind.clone());
            let next = match &mut self.source {
                None => {
                    self.source = Some(self.open_source().await?);
                    continue;
                }
                Some(Source::Query(stream)) => stream.next().await,
                Some(Source::Spool(spool)) => spool.next().map(|batch| batch.map_err(DataFusionError::from)),
            };
            match next {
                Some(Ok(batch)) if batch.num_rows() == 0 => {}
                Some(Ok(batch)) => {
                    self.ready = Some((batch, 0));
                    return Ok(true);
                }
                Some(Err(error)) => return Err(failed()(error)),
                None => {
                    self.source = None;
                    self.query += 1;
                }
            }
        }
    }

    /// Asks the next query, or opens what an earlier run has kept of it.
    async fn open_source(&mut self) -> Result<Source, ImportError> {
        let rule = &self.plan.mapping.facts[self.query];
        let failed = |e| query_error(rule.kind.clone())(e);
        let frame = self.context.sql(&in_order(&rule.sql)).await.map_err(failed)?;
        self.columns = FactColumns::of(frame.schema().fields().iter().map(|f| f.name().as_str()));
        self.yielded = 0;
        let Some((dir, fingerprint, checkpoint)) = &self.checkpoint else {
            return Ok(Source::Query(frame.execute_stream().await.map_err(failed)?));
        };
        let place = SpoolPlace { dir: dir.clone(), fingerprint: fingerprint.clone(), query: self.query };
        let mut spool = match place.open() {
            Some(spool) => {
                self.reads.iter().for_each(|r| r.restore(&spool.index.seen));
                self.queue.restore(spool.index.refused);
                spool
            }
            None => {
                let stream = frame.execute_stream().await.map_err(failed)?;
                let known = || (self.reads.iter().map(|r| r.snapshot()).collect(), self.queue.mark());
                place.write(stream, failed, &self.columns, known).await?;
                let unreadable = || ImportError::File { file: dir.clone(), reason: "what was read cannot be read again".to_owned() };
                place.open().ok_or_else(unreadable)?
            }
        };
        let mark = spool.skip(checkpoint.done[self.query]);
        for ((table, _), rows) in self.columns.rows_of.iter().zip(&mark.of_tables) {
            if let Some(table) = self.tables.get_mut(table) {
                table.in_facts += rows;
            }
        }
        self.yielded = mark.rows;
        self.behind_us += mark.rows;
        self.totals.read += mark.rows;
        self.totals.skipped += mark.rows;
        Ok(Source::Spool(Box::new(spool)))
    }

    /// Rows that could not be read and were not yet told.
    fn rest(&mut self) -> Option<ImportBatch> {
        let refused = self.queue.take(BATCH);
        let told =
            self.pending.back().is_some_and(|p| p.whole.is_some()) || self.checkpoint.as_ref().is_none_or(|(_, _, c)| c.whole.is_some());
        if refused.is_empty() && told {
            return None;
        }
        self.totals.read += count(refused.len());
        let whole = (refused.len() < BATCH && !told).then(|| Whole {
            left_out: self.totals.left_out,
            unreadable: self.reads.iter().map(|r| r.counts().1).sum(),
            tables: self.tables(),
        });
        Some(self.send(ImportBatch { refused, ..ImportBatch::default() }, whole))
    }

    /// Counts rows of tables that facts of an earlier run stand for.
    fn count_rows(&mut self, batch: &RecordBatch, from: usize, to: usize) {
        for (table, i) in &self.columns.rows_of {
            if let Some(table) = self.tables.get_mut(table) {
                table.in_facts += (from..to).map(|row| cell(batch.column(*i), row).as_u64().unwrap_or(0)).sum::<u64>();
            }
        }
    }

    fn facts(&mut self, batch: &RecordBatch, from: usize, to: usize) -> ImportBatch {
        let kind = &self.plan.mapping.facts[self.query].kind;
        let mut out = ImportBatch {
            facts: Vec::with_capacity(to - from),
            places: Vec::with_capacity(to - from),
            rows: Vec::with_capacity(to - from),
            ..ImportBatch::default()
        };
        for row in from..to {
            let place = self.columns.place(batch, row);
            self.columns.write(&mut self.text, kind, &self.plan.mapping.fact_source, batch, row);
            let fact = Incoming::parse(&self.text);
            let mut rows = 0;
            for (table, i) in &self.columns.rows_of {
                let n = cell(batch.column(*i), row).as_u64().unwrap_or(0);
                if let Some(table) = self.tables.get_mut(table) {
                    *(if fact.is_ok() { &mut table.in_facts } else { &mut table.refused }) += n;
                }
                rows += n;
            }
            match fact {
                Ok(fact) => {
                    out.facts.push(fact);
                    out.places.push(place);
                    out.rows.push(rows);
                }
                Err(error) => out.refused.push(RefusedRow {
                    file: place.file,
                    row: place.row,
                    code: error.code.to_owned(),
                    field: error.field,
                    reason: error.reason,
                }),
            }
        }
        out
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A place to ask in, with as much memory as the plan grants. Tables that are large beside it are joined
/// by sorting, which can go to disk, and one part after another: what merges sorted runs cannot go to disk, and two
/// parts at once left too little for it (4 GB under 512 MiB).
fn context(plan: &ImportPlan, by_table: &BTreeMap<String, Vec<PathBuf>>) -> Result<SessionContext, ImportError> {
    let size: u64 = by_table
        .values()
        .flatten()
        .map(|f| {
            let bytes = f.metadata().map_or(0, |m| m.len());
            if f.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) { bytes * 8 } else { bytes }
        })
        .sum();
    let small = size < count(plan.memory_limit_bytes) / 8;
    let pool = TrackConsumersPool::new(FairSpillPool::new(plan.memory_limit_bytes), NonZeroUsize::new(3).expect("not zero"));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).build_arc().map_err(query_error("the import"))?;
    let mut config = SessionConfig::new().with_target_partitions(if small { 2 } else { 1 }).with_batch_size(BATCH);
    config.options_mut().optimizer.prefer_hash_join = small;
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// Plans every query, so that a mistake in the mapping is told before anything is recorded; the tables
/// whose rows are counted.
async fn check_queries(context: &SessionContext, plan: &ImportPlan) -> Result<BTreeMap<String, TableTotals>, ImportError> {
    let mut tables = BTreeMap::new();
    for rule in &plan.mapping.facts {
        let frame = context.sql(&in_order(&rule.sql)).await.map_err(query_error(rule.kind.clone()))?;
        let columns = FactColumns::of(frame.schema().fields().iter().map(|f| f.name().as_str()));
        let bad = |reason: String| plan.mapping.error(format!("fact `{}`: {reason}", rule.kind));
        if let Some(missing) = columns.missing() {
            return Err(bad(format!("its query has no column `{missing}`")).into());
        }
        let known = Kind::from_name(&rule.kind).map(laotie_facts::schema_of).unwrap_or_default();
        if let Some(known) = known.pointer("/properties/body/properties").and_then(|p| p.as_object())
            && let Some(unknown) = columns.body_fields().find(|f| !known.contains_key(*f))
        {
            let fields: Vec<&str> = known.keys().map(String::as_str).collect();
            return Err(bad(format!("`{unknown}` is no field of it; its fields are {}", fields.join(", "))).into());
        }
        for (table, _) in &columns.rows_of {
            if !plan.mapping.tables.iter().any(|t| t.name == *table) {
                return Err(bad(format!("`_rows_{table}` counts rows of a table that is none")).into());
            }
            tables.insert(table.clone(), TableTotals { table: table.clone(), ..TableTotals::default() });
        }
    }
    for rule in &plan.mapping.left_out {
        context.sql(&rule.count).await.map_err(query_error(format!("what is left out ({})", rule.reason.en)))?;
    }
    Ok(tables)
}

/// What was kept of an earlier run over the same files, and where refused rows go.
fn progress(plan: &ImportPlan, files: &[(String, PathBuf)]) -> Result<(Option<Kept>, RefusedQueue), ImportError> {
    let failed = |dir: &Path| {
        let file = dir.to_owned();
        move |e: std::io::Error| ImportError::File { file, reason: format!("the import's progress cannot be kept there: {e}") }
    };
    let Some(dir) = &plan.checkpoints else {
        return Ok((None, RefusedQueue::passing().map_err(failed(&std::env::temp_dir()))?));
    };
    let name = fingerprint(&plan.mapping, files).map_err(failed(dir))?;
    let mut found = Checkpoint::load(dir, &name);
    found.done.resize(plan.mapping.facts.len(), 0);
    found.ended.resize(plan.mapping.facts.len(), false);
    let queue = RefusedQueue::kept(&dir.join(format!("{name}.refused"))).map_err(failed(dir))?;
    Ok((Some((dir.clone(), name, found)), queue))
}

/// The files of each table.
fn sort_files(plan: &ImportPlan) -> Result<BTreeMap<String, Vec<PathBuf>>, ImportError> {
    let mut by_table: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let tables = || plan.mapping.tables.iter().map(|t| t.name.as_str()).collect::<Vec<_>>().join(", ");
    for (named, file) in &plan.files {
        if !file.is_file() {
            return Err(ImportError::File { file: file.clone(), reason: "there is no such file".to_owned() });
        }
        let table = if let Some(name) = named {
            plan.mapping.tables.iter().find(|t| t.name == *name)
        } else {
            let file_name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            plan.mapping.table_of(&file_name).or_else(|| (plan.mapping.tables.len() == 1).then(|| &plan.mapping.tables[0]))
        };
        let table = table.ok_or_else(|| ImportError::UnknownFile { file: file.clone(), tables: tables() })?;
        by_table.entry(table.name.clone()).or_default().push(file.clone());
    }
    // The order in which files are named changes nothing.
    for files in by_table.values_mut() {
        files.sort();
        files.dedup();
    }
    Ok(by_table)
}
