//! Letters on their way: from the outbox into the mailboxes, and from there to the endpoints, each at its own pace.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use laotie_engine::{Engine, clock, outbox};
use laotie_facts::Timestamp;
use reqwest::Client;
use serde::Deserialize;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::mailbox::{Letter, letter_id};
use super::post::{Failed, post};
use super::{Pace, WebhookError, Webhooks, aside};

/// Outbox rows handed over at a time.
const AT_ONCE: usize = 1_000;

/// How long rows wait for others, so that they are handed over together.
const GATHER: Duration = Duration::from_millis(200);

/// How often a look is taken at what other programs changed.
const LOOK: Duration = Duration::from_secs(5);

/// What delivers a market's letters.
pub(crate) struct Courier {
    webhooks: Webhooks,
    engine: Engine,
    client: Result<Client, Failed>,
    pace: Pace,
    returned: Notify,
}

impl Courier {
    pub(super) fn new(webhooks: Webhooks, engine: Engine, client: Result<Client, Failed>, pace: Pace) -> Self {
        Self { webhooks, engine, client, pace, returned: Notify::new() }
    }

    /// Works until the engine is gone or told to stop; then lets the letters under way arrive.
    pub(crate) async fn work(self, mut stop: watch::Receiver<bool>) {
        let Some(_held) = self.hold(&mut stop).await else { return };
        let courier = Arc::new(self);
        let mut grew = courier.engine.journal_grew();
        let mut rounds: HashMap<String, JoinHandle<()>> = HashMap::new();
        loop {
            let wait = match courier.start_rounds(&mut rounds, &stop).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "webhooks stand still, trying again in {LOOK:?}");
                    LOOK
                }
            };
            let mut pause = None;
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                changed = grew.changed() => match changed {
                    Ok(()) => pause = Some(GATHER),
                    Err(_) => break,
                },
                () = courier.webhooks.changed.notified() => {}
                () = courier.returned.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
            // Rows that come together are taken together.
            if let Some(pause) = pause {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => break,
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
        for round in rounds.into_values() {
            let _ = round.await;
        }
    }

    /// Waits to be the market's only courier, across processes.
    async fn hold(&self, stop: &mut watch::Receiver<bool>) -> Option<File> {
        let mut told = false;
        loop {
            let path = self.webhooks.dir.join("courier.lock");
            let held = std::fs::create_dir_all(&self.webhooks.dir).and_then(|()| File::create(&path));
            match held {
                Ok(file) if file.try_lock().is_ok() => return Some(file),
                Err(error) if !told => {
                    tracing::warn!("webhooks stand still: {}: {error}", path.display());
                    told = true;
                }
                _ => {}
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return None,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Hands over what is new, starts a round for every endpoint that has none and a letter that is due; how long until the next.
    async fn start_rounds(
        self: &Arc<Self>,
        rounds: &mut HashMap<String, JoinHandle<()>>,
        stop: &watch::Receiver<bool>,
    ) -> Result<Duration, WebhookError> {
        self.hand_over().await?;
        rounds.retain(|_, round| !round.is_finished());
        let webhooks = self.webhooks.clone();
        let due = aside(move || webhooks.due()).await?;
        let now = clock::now();
        let mut wait = LOOK;
        for (id, at) in due.into_iter().filter(|(id, _)| !rounds.contains_key(id)).collect::<Vec<_>>() {
            match at {
                Some(at) if at > now => wait = wait.min(until(at, now)),
                _ => {
                    let (courier, stop, endpoint) = (Arc::clone(self), stop.clone(), id.clone());
                    rounds.insert(id, tokio::spawn(async move { courier.round(&endpoint, &stop).await }));
                }
            }
        }
        Ok(wait)
    }

    /// Brings outbox rows into the mailboxes, then marks them as sent.
    async fn hand_over(&self) -> Result<(), WebhookError> {
        let store = self.engine.store();
        let mut after = 0;
        loop {
            let rows = match store.outbox_waiting(after, AT_ONCE).await {
                Ok(rows) => rows,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "could not read the outbox, trying again");
                    return Ok(());
                }
            };
            let Some(last) = rows.last().map(|row| row.id) else { return Ok(()) };
            let ours: Vec<_> = rows.iter().filter(|row| row.target == outbox::WEBHOOKS).collect();
            let letters = ours.iter().map(|row| (row.id, Letter { seq: row.seq, kind: kind_of(&row.body) })).collect::<Vec<_>>();
            let webhooks = self.webhooks.clone();
            aside(move || webhooks.hand_over(&letters)).await?;
            let ids: Vec<i64> = ours.iter().map(|row| row.id).collect();
            if let Err(error) = store.outbox_sent(&ids).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not mark the outbox, trying again");
                return Ok(());
            }
            if rows.len() < AT_ONCE {
                return Ok(());
            }
            after = last;
        }
    }

    /// Sends an endpoint its letters until none is due, one fails, or the program stops.
    async fn round(&self, endpoint: &str, stop: &watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.send_next(endpoint).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, webhook.id = endpoint, "webhook {endpoint} stands still");
                    return; // the next look starts again
                }
            }
        }
        self.returned.notify_one();
    }

    /// Sends the letter that is due; whether it was taken.
    async fn send_next(&self, id: &str) -> Result<bool, WebhookError> {
        let (webhooks, name) = (self.webhooks.clone(), id.to_owned());
        let Some((endpoint, seq)) = aside(move || webhooks.next(&name, clock::now())).await? else { return Ok(false) };
        let rows = match self.engine.store().rows(&[seq]).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not read fact {seq} for a webhook, trying again");
                return Ok(false);
            }
        };
        let sent = match (rows.first(), &self.client) {
            (Some(row), Ok(client)) => {
                post(client, &endpoint, &letter_id(id, seq), outbox::message(row), clock::now(), self.pace.timeout).await
            }
            (Some(_), Err(failed)) => Err(failed.clone()),
            (None, _) => Err(Failed::for_good("the journal has no such fact")),
        };
        let label = if sent.is_ok() { "delivered" } else { "failed" };
        metrics::counter!("laotie_webhook_tries_total", "outcome" => label).increment(1);
        let (webhooks, name, pace) = (self.webhooks.clone(), id.to_owned(), self.pace);
        let taken = sent.is_ok();
        aside(move || webhooks.settle(&name, seq, &sent, &pace)).await?;
        Ok(taken)
    }
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(at.micros() - now.micros()).unwrap_or(0))
}

/// The kind that a message tells of.
fn kind_of(message: &str) -> String {
    #[derive(Deserialize)]
    struct Head {
        r#type: String,
    }
    serde_json::from_str::<Head>(message).map(|head| head.r#type).unwrap_or_default()
}
