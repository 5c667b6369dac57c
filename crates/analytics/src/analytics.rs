//! The market's numbers as the rest of the house sees them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, RwLock};

use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use laotie_facts::{Currency, JournalRow, MarketZone, Timestamp};
use tokio::sync::Semaphore;

use crate::answers::Answers;
use crate::catalog::session;
use crate::deep::deep;
use crate::error::AnalyticsError;
use crate::lake::{Lake, Maintenance};
use crate::metric::{MetricAnswer, MetricQuery, ask, bounds};
use crate::registry::MetricDefinition;
use crate::sql::{SqlAnswer, answer};

/// Questions under way at once.
const TURNS: usize = 2;

/// Consumers of memory that an error names when there is too little.
const LARGEST_NAMED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(2);

/// How the numbers are kept.
#[derive(Debug, Clone)]
pub struct AnalyticsSettings {
    /// The market's time zone, by which days are cut.
    pub zone: MarketZone,
    /// Its default currency.
    pub currency: Currency,
    /// Memory that questions may use together, in bytes; beyond it they spill to disk or are refused.
    pub memory_limit_bytes: usize,
    /// Threads a question may use.
    pub threads: usize,
}

/// The lake and the metrics of a market.
pub struct Analytics {
    lake: Lake,
    settings: AnalyticsSettings,
    runtime: Arc<RuntimeEnv>,
    metrics: RwLock<BTreeMap<String, Arc<MetricDefinition>>>,
    /// The session as of now, and the position at which it was made.
    now: tokio::sync::Mutex<Option<(i64, Session)>>,
    /// Questions under way at once; more wait their turn, so that they do not starve each other of memory.
    turns: Semaphore,
    answers: Answers,
}

/// The tables as of a moment, and the first and last day of their trade once somebody asked.
#[derive(Clone)]
struct Session {
    context: SessionContext,
    days: Arc<tokio::sync::OnceCell<Option<(i32, i32)>>>,
}

/// How questions are answered.
pub(crate) fn session_config(threads: usize) -> SessionConfig {
    SessionConfig::new()
        .with_target_partitions(threads.max(1))
        .with_information_schema(true)
        .set_bool("datafusion.execution.parquet.pushdown_filters", true)
        // DataFusion 55 lets the filter of a `max(date)` reach scans of the same table elsewhere in the plan, and rows get lost:
        // with it on, the metrics' own tests of cohorts fail more often than not.
        .set_bool("datafusion.optimizer.enable_aggregate_dynamic_filter_pushdown", false)
}

impl Analytics {
    /// Opens the lake in a folder, making it where there is none.
    ///
    /// # Errors
    /// [`AnalyticsError::Lake`] or [`AnalyticsError::File`] when it cannot be read.
    pub async fn open(dir: &Path, settings: AnalyticsSettings) -> Result<Self, AnalyticsError> {
        let pool = TrackConsumersPool::new(FairSpillPool::new(settings.memory_limit_bytes), LARGEST_NAMED);
        let runtime =
            RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).build_arc().map_err(AnalyticsError::lake("preparing questions"))?;
        let lake = Lake::open(dir, settings.zone.clone()).await?;
        Ok(Self {
            lake,
            settings,
            runtime,
            metrics: RwLock::default(),
            now: tokio::sync::Mutex::default(),
            turns: Semaphore::new(TURNS),
            answers: Answers::default(),
        })
    }

    /// Appends journal rows in order of `seq`; rows that lie in the lake already are left out.
    ///
    /// # Errors
    /// [`AnalyticsError::Lake`]; the same rows can be appended again.
    pub async fn append(&self, rows: &[JournalRow]) -> Result<(), AnalyticsError> {
        self.lake.append(rows).await
    }

    /// The journal row up to which the lake holds all.
    pub fn position(&self) -> i64 {
        self.lake.position()
    }

    /// Puts small files together and removes old ones.
    ///
    /// # Errors
    /// [`AnalyticsError::Lake`].
    pub async fn maintain(&self) -> Result<Maintenance, AnalyticsError> {
        let done = self.lake.maintain().await?;
        *self.now.lock().await = None;
        Ok(done)
    }

    /// Puts metric documents in force: name, version as `FAMILY/NAME@DATE.N`, text.
    ///
    /// # Errors
    /// [`AnalyticsError::BadDocument`] for the first broken one; then nothing changes.
    pub fn publish(&self, documents: Vec<(String, String, String)>) -> Result<(), AnalyticsError> {
        let mut metrics = BTreeMap::new();
        for (name, _, text) in documents {
            metrics.insert(name.clone(), Arc::new(MetricDefinition::parse(&name, &text)?));
        }
        *self.metrics.write().unwrap_or_else(std::sync::PoisonError::into_inner) = metrics;
        self.answers.forget();
        Ok(())
    }

    /// The metrics in force, in order of id.
    pub fn metrics(&self) -> Vec<Arc<MetricDefinition>> {
        self.metrics.read().unwrap_or_else(std::sync::PoisonError::into_inner).values().cloned().collect()
    }

    /// Answers a metric. Asked the same again while the lake is where it was, it answers from memory; asked the same
    /// by several at once, it is computed once.
    ///
    /// # Errors
    /// [`AnalyticsError`] naming the part of the question that is wrong.
    pub async fn metric(&self, id: &str, query: &MetricQuery) -> Result<Arc<MetricAnswer>, AnalyticsError> {
        let found = self.metrics.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(id).cloned();
        let Some(metric) = found else {
            let known: Vec<String> = self.metrics().iter().map(|m| m.id.clone()).collect();
            return Err(AnalyticsError::UnknownMetric { id: id.to_owned(), known: known.join(", ") });
        };
        let held = self.answers.of(self.lake.position(), id, query);
        let answer = held.get_or_try_init(|| self.compute(metric, query)).await?;
        Ok(Arc::clone(answer))
    }

    async fn compute(&self, metric: Arc<MetricDefinition>, query: &MetricQuery) -> Result<Arc<MetricAnswer>, AnalyticsError> {
        let _turn = self.turns.acquire().await;
        let Session { context, days } = self.session(query.as_of).await?;
        let (query, currency) = (query.clone(), self.settings.currency);
        let answer = deep(async move {
            let data = *days.get_or_try_init(|| bounds(&context)).await?;
            ask(&context, &metric, &query, currency.code(), data).await
        })
        .await?;
        Ok(Arc::new(answer))
    }

    /// Answers a question in SQL over the tables of facts and the views `orders`, `lines`, `buyers`, `shows`, `facts`.
    ///
    /// # Errors
    /// [`AnalyticsError::NotReadOnly`] for anything but a question, [`AnalyticsError::BadQuestion`] when it is wrong.
    pub async fn sql(&self, query: &str, limit: usize) -> Result<SqlAnswer, AnalyticsError> {
        let _turn = self.turns.acquire().await;
        let context = self.session(None).await?.context;
        let query = query.to_owned();
        deep(async move { answer(&context, &query, limit).await }).await
    }

    async fn session(&self, seen_until: Option<Timestamp>) -> Result<Session, AnalyticsError> {
        let config = || session_config(self.settings.threads);
        if seen_until.is_some() {
            let context = session(&self.lake, config(), Arc::clone(&self.runtime), seen_until).await?;
            return Ok(Session { context, days: Arc::default() });
        }
        let mut now = self.now.lock().await;
        let position = self.lake.position();
        match &*now {
            Some((made_at, session)) if *made_at == position => Ok(session.clone()),
            _ => {
                let context = session(&self.lake, config(), Arc::clone(&self.runtime), None).await?;
                let session = Session { context, days: Arc::default() };
                *now = Some((position, session.clone()));
                Ok(session)
            }
        }
    }
}
