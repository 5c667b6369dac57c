//! The engine as its callers see it.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use laotie_facts::{Currency, FactKey, Flaw, Incoming, MarketZone, OrderId, RuleBook, SourceId, Timestamp};
use laotie_store::{Store, StoreError};
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::as_of::{AsOf, OrderView, ReadError};
use crate::batch::LAOTIE;
use crate::clock;
use crate::deadlines;
use crate::market_rules;
use crate::receipt::Receipt;
use crate::shipped::shipped_rules;
use crate::writer::{Job, Writer};

/// How an engine works.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// The market's time zone.
    pub zone: MarketZone,
    /// The market's default currency.
    pub currency: Currency,
    /// A batch takes at most about so many facts.
    pub gather_max: usize,
    /// A batch waits at most so long for others, when others are there.
    pub gather_for: Duration,
    /// Facts that may wait; more are turned away at once.
    pub waiting_max: usize,
    /// Where time comes from.
    pub clock: fn() -> Timestamp,
}

impl EngineSettings {
    /// The defaults of a market in a zone: batches of 1,000 or 2 ms, 20,000 facts in the queue.
    pub fn new(zone: MarketZone, currency: Currency) -> Self {
        Self { zone, currency, gather_max: 1_000, gather_for: Duration::from_millis(2), waiting_max: 20_000, clock: clock::now }
    }
}

/// Why an engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A shipped rule document is broken.
    #[error("a shipped rule is broken: {0}")]
    Rule(#[from] Flaw),
    /// The shipped rules were not recorded.
    #[error("could not publish the shipped rules")]
    Publish(#[from] RecordError),
}

/// Why facts got no receipts. None of them may be assumed recorded; sending them again is safe.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RecordError {
    /// Too much waits already.
    #[error("too many facts are waiting; try again in {} ms", retry_after.as_millis())]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// The engine takes no more.
    #[error("the engine is stopping")]
    Stopped,
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] Arc<StoreError>),
}

/// A running engine; clones share it.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Store>,
    settings: EngineSettings,
    jobs: RwLock<Option<mpsc::Sender<Job>>>,
    room: Arc<Semaphore>,
    book: Arc<RwLock<Arc<RuleBook>>>,
    grew: watch::Receiver<i64>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Engine {
    /// Starts the writer and the clock of deadlines; publishes the shipped rules into an empty journal.
    ///
    /// # Errors
    /// [`StartError`] when the store or the shipped rules fail.
    pub async fn start(store: Arc<dyn Store>, settings: EngineSettings) -> Result<Engine, StartError> {
        let head = store.head().await?;
        let book = Arc::new(RwLock::new(Arc::new(market_rules::load(store.as_ref()).await?)));
        let (jobs, waiting) = mpsc::channel(4_096);
        let (grew, grown) = watch::channel(head.seq);
        let writer =
            Writer { store: Arc::clone(&store), settings: settings.clone(), jobs: waiting, book: Arc::clone(&book), grew, known: head };
        let engine = Engine {
            shared: Arc::new(Shared {
                store,
                room: Arc::new(Semaphore::new(settings.waiting_max)),
                settings,
                jobs: RwLock::new(Some(jobs)),
                book,
                grew: grown,
                tasks: Mutex::new(vec![tokio::spawn(writer.work())]),
            }),
        };
        engine.publish_shipped().await?;
        let ticking = tokio::spawn(deadlines::watch(Arc::downgrade(&engine.shared).into()));
        engine.shared.tasks.lock().await.push(ticking);
        Ok(engine)
    }

    /// Publishes shipped documents that the market does not have under any version: all of them into a new
    /// market, those of a new system into an older one.
    async fn publish_shipped(&self) -> Result<(), StartError> {
        let now = (self.shared.settings.clock)();
        let book = self.book();
        let mut facts = Vec::new();
        for rule in shipped_rules() {
            if book.family(&rule.family).any(|(name, _)| name == rule.name) {
                continue;
            }
            let body = rule.in_zone(&self.shared.settings.zone).published()?;
            let key = FactKey::new(body.version.as_str())?;
            facts.push(Incoming::new(SourceId::new(LAOTIE)?, key, now, None, body.into()));
        }
        if !facts.is_empty() {
            self.record(facts).await?;
        }
        Ok(())
    }

    /// Records facts; the receipts stand in their order.
    ///
    /// # Errors
    /// [`RecordError`]; then no fact may be assumed recorded, and sending them again is safe.
    pub async fn record(&self, facts: Vec<Incoming>) -> Result<Vec<Receipt>, RecordError> {
        if facts.len() <= self.shared.settings.gather_max.max(1) {
            return self.record_some(facts).await;
        }
        let mut receipts = Vec::with_capacity(facts.len());
        let mut facts = facts.into_iter();
        loop {
            let some: Vec<Incoming> = facts.by_ref().take(self.shared.settings.gather_max.max(1)).collect();
            if some.is_empty() {
                return Ok(receipts);
            }
            receipts.extend(self.record_some(some).await?);
        }
    }

    async fn record_some(&self, facts: Vec<Incoming>) -> Result<Vec<Receipt>, RecordError> {
        if facts.is_empty() {
            return Ok(Vec::new());
        }
        let overloaded = || RecordError::Overloaded { retry_after: Duration::from_secs(1) };
        let wanted = u32::try_from(facts.len()).map_err(|_| overloaded())?;
        let permit = Arc::clone(&self.shared.room).try_acquire_many_owned(wanted).map_err(|_| overloaded())?;
        let jobs = self.shared.jobs.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone().ok_or(RecordError::Stopped)?;
        let (reply, receipts) = oneshot::channel();
        jobs.send(Job { facts, reply, permit: Some(permit) }).await.map_err(|_| RecordError::Stopped)?;
        drop(jobs);
        receipts.await.map_err(|_| RecordError::Stopped)?
    }

    /// An order as it is, or as it was at some time or as far as was known at some time.
    ///
    /// # Errors
    /// [`ReadError`] when the store fails.
    pub async fn order(&self, id: &OrderId, as_of: AsOf) -> Result<Option<OrderView>, ReadError> {
        crate::as_of::order(self.shared.store.as_ref(), id, as_of).await
    }

    /// The store below.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.shared.store
    }

    /// The settings it was started with.
    pub fn settings(&self) -> &EngineSettings {
        &self.shared.settings
    }

    /// The rules in force.
    pub fn book(&self) -> Arc<RuleBook> {
        Arc::clone(&self.shared.book.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Tells the last committed sequence number whenever the journal grows.
    pub fn journal_grew(&self) -> watch::Receiver<i64> {
        self.shared.grew.clone()
    }

    /// Facts that wait now.
    pub fn waiting(&self) -> usize {
        self.shared.settings.waiting_max.saturating_sub(self.shared.room.available_permits())
    }

    /// Takes no more facts, finishes what waits and answers it.
    pub async fn stop(&self) {
        self.shared.jobs.write().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let tasks = std::mem::take(&mut *self.shared.tasks.lock().await);
        let mut tasks = tasks.into_iter();
        if let Some(writer) = tasks.next() {
            let _ = writer.await;
        }
        tasks.for_each(|t| t.abort());
    }
}

/// An engine that others may drop.
pub(crate) struct WeakEngine(std::sync::Weak<Shared>);

impl From<std::sync::Weak<Shared>> for WeakEngine {
    fn from(shared: std::sync::Weak<Shared>) -> Self {
        Self(shared)
    }
}

impl WeakEngine {
    pub(crate) fn get(&self) -> Option<Engine> {
        self.0.upgrade().map(|shared| Engine { shared })
    }
}
