//! What goes on in shows, told to everybody who listens, as the journal grows.
//!
//! One reader a market follows the journal while anybody listens, however many do.
//!
//! # Invariants
//! - What is told is durable: it is read from the journal, in its order.
//! - A listener that cannot keep up loses nothing: it reads on from the journal.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use laotie_engine::Engine;
use laotie_facts::{JournalRow, Timestamp};
use serde_json::{Value, json};
use tokio::sync::broadcast;

/// Kinds that a show's listeners are told of.
const TOLD: [&str; 8] =
    ["show.opened", "show.closed", "item.shown", "utterance.heard", "utterance.checked", "nudge.sent", "nudge.heeded", "report.filed"];

/// Events kept for listeners that are a little behind.
const BEHIND: usize = 4_096;

/// Rows read at a time.
const AT_ONCE: usize = 1_000;

/// How often the journal is looked at when nothing told of its growth: another process may have written.
const LOOK: Duration = Duration::from_millis(500);

/// Something that happened in a show.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) seq: i64,
    pub(crate) show: String,
    pub(crate) kind: String,
    pub(crate) seen: Timestamp,
    /// `{seq, kind, at, seen, body}`.
    pub(crate) json: String,
}

impl Event {
    /// The event that a row is, where it is one.
    pub(crate) fn of(row: &JournalRow) -> Option<Self> {
        if !TOLD.contains(&row.kind.as_str()) {
            return None;
        }
        let body: Value = serde_json::from_str(&row.body).ok()?;
        let show = body.get("show").and_then(Value::as_str)?.to_owned();
        let json = json!({ "seq": row.seq, "kind": row.kind, "at": row.at, "seen": row.seen, "body": body }).to_string();
        Some(Self { seq: row.seq, show, kind: row.kind.clone(), seen: row.seen, json })
    }
}

/// A market's listeners.
#[derive(Default)]
pub(crate) struct Air {
    open: Arc<Mutex<Option<broadcast::Sender<Arc<Event>>>>>,
}

impl Air {
    /// Listens from now on.
    pub(crate) fn listen(&self, engine: &Engine) -> broadcast::Receiver<Arc<Event>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*open {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND);
        *open = Some(sender.clone());
        tokio::spawn(tell(Arc::clone(&self.open), sender, engine.clone()));
        receiver
    }
}

/// Follows the journal until nobody listens or the engine is gone.
async fn tell(open: Arc<Mutex<Option<broadcast::Sender<Arc<Event>>>>>, sender: broadcast::Sender<Arc<Event>>, engine: Engine) {
    let mut grew = engine.journal_grew();
    let mut after = *grew.borrow_and_update();
    loop {
        match engine.store().journal_after(after, AT_ONCE).await {
            Ok(rows) => {
                for row in &rows {
                    after = row.seq;
                    if let Some(event) = Event::of(row) {
                        let _ = sender.send(Arc::new(event)); // nobody may be there by now
                    }
                }
                if rows.len() == AT_ONCE {
                    continue;
                }
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not read the journal for listeners, trying again");
            }
        }
        let gone = matches!(tokio::time::timeout(LOOK, grew.changed()).await, Ok(Err(_)));
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if gone || sender.receiver_count() == 0 {
            *open = None;
            return;
        }
    }
}
