//! What every handler can reach.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use laotie_engine::clock::Stopwatch;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

use crate::markets::Markets;
use crate::policy::Policies;
use crate::problem::Problem;
use crate::service::describe_measures;

/// Limits of a server.
#[derive(Debug, Clone, Copy)]
pub struct AppSettings {
    /// Largest body in bytes; facts one a line may come in larger ones.
    pub body_max: usize,
    /// Largest body of facts one a line.
    pub stream_max: usize,
    /// Requests a second that one caller may make for long.
    pub rate: f64,
    /// Requests that one caller may make at once.
    pub burst: f64,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self { body_max: 16 << 20, stream_max: 1 << 30, rate: 5_000.0, burst: 10_000.0 }
    }
}

/// Answers kept for repeated idempotency keys.
const KEPT_ANSWERS: usize = 1_000;

/// Bytes of answers kept together.
const KEPT_BYTES: usize = 16 << 20;

struct Bucket {
    tokens: f64,
    since: Stopwatch,
}

#[derive(Default)]
struct Answers {
    by_key: HashMap<String, ([u8; 32], Bytes)>,
    order: VecDeque<String>,
    bytes: usize,
}

/// The shared state of all handlers.
#[derive(Clone)]
pub struct App {
    pub(crate) markets: Arc<Markets>,
    pub(crate) policies: Arc<Policies>,
    pub(crate) settings: AppSettings,
    pub(crate) prometheus: PrometheusHandle,
    /// True once the server is to stop: lines that never end by themselves end then.
    pub(crate) stopping: Arc<watch::Sender<bool>>,
    buckets: Arc<Mutex<HashMap<String, Bucket>>>,
    answers: Arc<Mutex<Answers>>,
}

impl App {
    /// A server's state over its markets. `prometheus` renders what the program measures.
    pub fn new(markets: Arc<Markets>, settings: AppSettings, prometheus: PrometheusHandle) -> Self {
        describe_measures();
        Self {
            markets,
            policies: Arc::new(Policies::shipped()),
            settings,
            prometheus,
            stopping: Arc::new(watch::Sender::new(false)),
            buckets: Arc::default(),
            answers: Arc::default(),
        }
    }

    /// Takes one request from a caller's bucket (token bucket).
    pub(crate) fn spend(&self, caller: &str) -> Result<(), Problem> {
        let AppSettings { rate, burst, .. } = self.settings;
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() > 10_000 {
            buckets.retain(|_, b| b.tokens + b.since.seconds() * rate < burst);
        }
        let bucket = buckets.entry(caller.to_owned()).or_insert_with(|| Bucket { tokens: burst, since: Stopwatch::start() });
        bucket.tokens = (bucket.tokens + bucket.since.seconds() * rate).min(burst);
        bucket.since = Stopwatch::start();
        if bucket.tokens < 1.0 {
            let wait = ((1.0 - bucket.tokens) / rate).clamp(1.0, 3_600.0);
            return Err(Problem::too_many(Duration::from_secs_f64(wait.ceil())));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }

    /// The answer that was given under an idempotency key.
    ///
    /// # Errors
    /// A problem when the key came with another body.
    pub(crate) fn answered(&self, key: &str, body: &[u8; 32]) -> Result<Option<Bytes>, Problem> {
        let answers = self.answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match answers.by_key.get(key) {
            Some((known, answer)) if known == body => Ok(Some(answer.clone())),
            Some(_) => Err(Problem::key_reused()),
            None => Ok(None),
        }
    }

    /// Keeps an answer for the next time; the oldest go. Facts are recorded once with or without it.
    pub(crate) fn keep_answer(&self, key: String, body: [u8; 32], answer: &Bytes) {
        let mut answers = self.answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if answers.by_key.contains_key(&key) {
            return;
        }
        answers.bytes += answer.len();
        answers.order.push_back(key.clone());
        answers.by_key.insert(key, (body, answer.clone()));
        while answers.order.len() > KEPT_ANSWERS || answers.bytes > KEPT_BYTES {
            let Some(oldest) = answers.order.pop_front() else { break };
            answers.bytes -= answers.by_key.remove(&oldest).map_or(0, |(_, answer)| answer.len());
        }
    }
}
