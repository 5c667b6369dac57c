//! Files into an opened market, with progress that others can see.

use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use laotie_analytics::import::{Import, ImportError, ImportPlan, RefusedRow};
use laotie_engine::clock::{self, Stopwatch};
use laotie_engine::{Outcome, RecordError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::market::Market;

/// Where an import stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportStatus {
    /// Its id.
    pub id: String,
    /// The mapping.
    pub mapping: String,
    /// Names of the files.
    pub files: Vec<String>,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// When it began.
    pub started: String,
    /// When it ended.
    pub finished: Option<String>,
    /// Facts and rows read.
    pub read: u64,
    /// Facts recorded.
    pub recorded: u64,
    /// Facts that were there before.
    pub repeated: u64,
    /// Facts and rows refused.
    pub refused: u64,
    /// Left out on purpose.
    pub left_out: u64,
    /// Facts a second.
    pub rows_per_second: f64,
    /// Seconds so far.
    pub seconds: f64,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<String>,
}

/// Why an import into a market fails.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The files or the mapping.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The engine.
    #[error("could not record facts")]
    Record(#[from] RecordError),
}

/// Batches on their way to the journal at once.
const UNDER_WAY: usize = 2;

/// The imports of a market, the latest first.
pub(crate) fn imports(dir: &Path) -> Vec<ImportStatus> {
    let folder = dir.join("imports");
    let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
    let files = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "json"));
    let mut found: Vec<ImportStatus> = files.filter_map(|p| serde_json::from_str(&std::fs::read_to_string(p).ok()?).ok()).collect();
    found.sort_by(|a, b| b.started.cmp(&a.started));
    found.truncate(20);
    for status in &mut found {
        if status.state == "running" && !Alive::is_held(&folder, &status.id) {
            "failed".clone_into(&mut status.state);
            status.error = Some("the program was stopped; run the import again, it goes on where it was".to_owned());
        }
    }
    found
}

/// A lock that an import holds while it runs, and that its process cannot take along when it is killed.
struct Alive {
    path: PathBuf,
    _file: Option<File>,
}

impl Alive {
    fn path(folder: &Path, id: &str) -> PathBuf {
        folder.join(format!("{id}.lock"))
    }

    fn hold(folder: &Path, id: &str) -> Self {
        let path = Self::path(folder, id);
        let file = std::fs::create_dir_all(folder).and_then(|()| File::create(&path)).ok();
        Self { path, _file: file.filter(|f| f.try_lock().is_ok()) }
    }

    fn is_held(folder: &Path, id: &str) -> bool {
        File::open(Self::path(folder, id)).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn save(dir: &Path, status: &ImportStatus) {
    let folder = dir.join("imports");
    let text = serde_json::to_string(status).unwrap_or_default();
    let new = folder.join(format!("{}.new", status.id));
    let saved = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&new, text))
        .and_then(|()| std::fs::rename(&new, folder.join(format!("{}.json", status.id))));
    if let Err(error) = saved {
        tracing::warn!("could not keep the status of an import: {error}");
    }
}

/// The folder in which a market keeps how far its imports have come.
pub fn checkpoints(market: &Market) -> PathBuf {
    market.dir.join("checkpoints")
}

/// Imports files into a market. `progress` is told the status now and then, `refused` every refused row.
///
/// # Errors
/// [`RunError`]; what was recorded until then stays, and the next run goes on there.
pub async fn run(
    market: &Market,
    plan: ImportPlan,
    progress: &mut (dyn FnMut(&ImportStatus) + Send),
    refused: &mut (dyn FnMut(&RefusedRow) + Send),
) -> Result<ImportStatus, RunError> {
    let watch = Stopwatch::start();
    let files = plan.files.iter().map(|(_, f)| f.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()).collect();
    let mut status = ImportStatus {
        id: format!("imp-{}", clock::now().micros()),
        mapping: plan.mapping.id.clone(),
        files,
        state: "running".to_owned(),
        started: clock::now().to_string(),
        finished: None,
        read: 0,
        recorded: 0,
        repeated: 0,
        refused: 0,
        left_out: 0,
        rows_per_second: 0.0,
        seconds: 0.0,
        error: None,
    };
    let _alive = Alive::hold(&market.dir.join("imports"), &status.id);
    let result = drive(market, plan, &mut status, &watch, progress, refused).await;
    if result.is_ok() { "done" } else { "failed" }.clone_into(&mut status.state);
    status.error = result.as_ref().err().map(|e| chain(e));
    status.finished = Some(clock::now().to_string());
    settle(&mut status, &watch);
    save(&market.dir, &status);
    progress(&status);
    result.map(|()| status)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn settle(status: &mut ImportStatus, watch: &Stopwatch) {
    status.seconds = watch.seconds();
    status.rows_per_second = status.read as f64 / status.seconds.max(1e-6);
}

async fn drive(
    market: &Market,
    plan: ImportPlan,
    status: &mut ImportStatus,
    watch: &Stopwatch,
    progress: &mut (dyn FnMut(&ImportStatus) + Send),
    refused: &mut (dyn FnMut(&RefusedRow) + Send),
) -> Result<(), RunError> {
    save(&market.dir, status);
    let mut import = Import::open(plan).await?;
    let mut under_way = VecDeque::new();
    let mut saved = Stopwatch::start();
    loop {
        let next = import.next().await?;
        let ended = next.is_none();
        if let Some(batch) = next {
            batch.refused.iter().for_each(&mut *refused);
            status.refused += u64::try_from(batch.refused.len()).unwrap_or(0);
            status.repeated += batch.skipped;
            let engine = market.engine.clone();
            let facts = batch.facts;
            let task = tokio::spawn(async move { record(&engine, facts).await });
            under_way.push_back((batch.id, batch.places, task));
        }
        while under_way.len() > if ended { 0 } else { UNDER_WAY } {
            let Some((id, places, task)) = under_way.pop_front() else { break };
            let receipts = task.await.map_err(|_| RecordError::Stopped)??;
            for (receipt, place) in receipts.into_iter().zip(places) {
                match receipt.outcome {
                    Outcome::Recorded { .. } => status.recorded += 1,
                    Outcome::Repeated { .. } => status.repeated += 1,
                    Outcome::Refused { code, field, reason } => {
                        status.refused += 1;
                        refused(&RefusedRow { file: place.file, row: place.row, code, field, reason });
                    }
                }
            }
            import.done(id);
        }
        let totals = import.totals();
        (status.read, status.left_out) = (totals.read, totals.left_out);
        settle(status, watch);
        progress(status);
        if saved.seconds() > 1.0 {
            save(&market.dir, status);
            saved = Stopwatch::start();
        }
        if ended {
            return Ok(());
        }
    }
}

/// Records facts, waiting while the engine has too much to do.
async fn record(engine: &laotie_engine::Engine, facts: Vec<laotie_facts::Incoming>) -> Result<Vec<laotie_engine::Receipt>, RecordError> {
    loop {
        match engine.record(facts.clone()).await {
            Err(RecordError::Overloaded { .. }) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            other => return other,
        }
    }
}
