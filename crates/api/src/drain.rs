//! Journal rows on their way to the lake.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use laotie_analytics::{Analytics, AnalyticsError};
use laotie_engine::Engine;
use laotie_facts::RuleBook;

/// Rows taken at a time.
const AT_ONCE: usize = 4_000;

/// How long rows wait for others, so that the lake gets few large files instead of many small ones.
const GATHER: Duration = Duration::from_secs(1);

/// Appends between two looks for small files.
const UPKEEP_EVERY: u32 = 30;

/// The way of a market's journal to its lake.
#[derive(Clone)]
pub(crate) struct Drain {
    engine: Engine,
    analytics: Arc<Analytics>,
    lock: PathBuf,
    /// One step at a time in this process.
    turn: Arc<tokio::sync::Mutex<()>>,
    published: Arc<Mutex<Option<Arc<RuleBook>>>>,
}

impl Drain {
    pub(crate) fn new(engine: Engine, analytics: Arc<Analytics>, lock: PathBuf) -> Self {
        Self { engine, analytics, lock, turn: Arc::default(), published: Arc::default() }
    }

    /// Puts the metric documents of the rulebook in force, when it changed.
    pub(crate) fn publish_metrics(&self) -> Result<(), AnalyticsError> {
        let book = self.engine.book();
        let mut published = self.published.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if published.as_ref().is_some_and(|known| Arc::ptr_eq(known, &book)) {
            return Ok(());
        }
        let documents = book.family("metrics").map(|(name, d)| (name.to_owned(), d.version.as_str().to_owned(), d.text.clone())).collect();
        self.analytics.publish(documents)?;
        *published = Some(book);
        Ok(())
    }

    /// Takes the lake's turn across processes; `None` while another has it.
    fn hold(&self) -> Option<File> {
        let file = File::create(&self.lock).ok()?;
        file.try_lock().ok().map(|()| file)
    }

    /// Brings some rows over; whether more may be waiting.
    async fn step(&self) -> Result<bool, AnalyticsError> {
        let rows = match self.engine.store().journal_after(self.analytics.position(), AT_ONCE).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not read the journal for the lake, trying again");
                return Ok(false);
            }
        };
        self.analytics.append(&rows).await?;
        Ok(rows.len() == AT_ONCE)
    }

    /// Brings every row over that is recorded by now.
    pub(crate) async fn to_end(&self) -> Result<(), AnalyticsError> {
        let _turn = self.turn.lock().await;
        let Some(_held) = self.hold() else { return Ok(()) };
        while self.step().await? {}
        self.publish_metrics()
    }

    /// Works until the engine is gone or told to stop.
    pub(crate) async fn work(self, mut stop: tokio::sync::watch::Receiver<bool>) {
        let mut grew = self.engine.journal_grew();
        let (mut pause, mut appends) = (GATHER, 0_u32);
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                changed = tokio::time::timeout(Duration::from_secs(5), grew.changed()) => {
                    if matches!(changed, Ok(Err(_))) { return; }
                }
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
            match self.to_end().await {
                Ok(()) => pause = GATHER,
                Err(error) => {
                    pause = (pause * 2).min(Duration::from_mins(1));
                    tracing::warn!(error = &error as &dyn std::error::Error, "could not append to the lake, trying again in {pause:?}");
                }
            }
            appends += 1;
            if appends.is_multiple_of(UPKEEP_EVERY) {
                let _turn = self.turn.lock().await;
                let Some(_held) = self.hold() else { continue };
                if let Err(error) = self.analytics.maintain().await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "could not tidy the lake, trying again later");
                }
            }
        }
    }
}
