//! The markets of a server.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::market::Market;
use crate::webhooks::Pace;

/// The market that short addresses mean.
pub(crate) const DEFAULT: &str = "main";

/// Opened markets by name, and the tasks that serve them.
pub struct Markets {
    by_name: BTreeMap<String, Arc<Market>>,
    stop: tokio::sync::watch::Sender<bool>,
    tasks: tokio::sync::Mutex<Vec<tokio::task::JoinHandle<()>>>,
}

impl Markets {
    /// Serves these markets: starts the drain and the webhooks' courier of each.
    pub fn start(markets: Vec<Market>) -> Self {
        Self::start_at(markets, Pace::default())
    }

    /// As [`Markets::start`], with another pace of webhooks.
    pub fn start_at(markets: Vec<Market>, pace: Pace) -> Self {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let by_name: BTreeMap<String, Arc<Market>> = markets.into_iter().map(|m| (m.name.clone(), Arc::new(m))).collect();
        let mut tasks = Vec::new();
        for market in by_name.values() {
            tasks.push(tokio::spawn(market.drain.clone().work(stopped.clone())));
            tasks.push(tokio::spawn(market.webhooks.courier(market.engine.clone(), pace).work(stopped.clone())));
        }
        Self { by_name, stop, tasks: tokio::sync::Mutex::new(tasks) }
    }

    /// A market by name.
    pub fn get(&self, name: &str) -> Option<&Arc<Market>> {
        self.by_name.get(name)
    }

    /// The market that short addresses mean: `main`, or the only one.
    pub fn main(&self) -> Option<&Arc<Market>> {
        self.by_name.get(DEFAULT).or_else(|| self.by_name.values().next())
    }

    /// All markets, in order of name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Market>> {
        self.by_name.values()
    }

    /// Finishes what waits, brings it into the lake and stops.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        for task in std::mem::take(&mut *self.tasks.lock().await) {
            let _ = task.await;
        }
        for market in self.iter() {
            if let Err(error) = market.close().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the lake of {} is behind; it catches up at the next start",
                    market.name
                );
            }
        }
    }
}
