//! Outward webhooks: what Laotie decides, sent to those who asked for it.
//!
//! A market's endpoints and their mailboxes are small files in its folder, so that programs beside the server
//! (`laotie webhook`) change them as well. A letter is a journal row by its number; its text is made from the row
//! when it is sent.
//!
//! # Invariants
//! - What an endpoint gets comes in the journal's order; nothing overtakes a letter that is being tried again.
//! - An outbox row is marked as sent only after every mailbox that takes it is on disk.
//! - A letter that was answered with 2xx is never sent again, unless the program died (or the disk failed) between
//!   the answer and the note of it; then it comes again under the same `webhook-id`.
//! - Secrets are shown once and never logged.

mod courier;
mod endpoint;
mod files;
mod mailbox;
mod pace;
mod post;
pub(crate) mod routes;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use laotie_engine::{Engine, clock, outbox};
use laotie_facts::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Notify;
use utoipa::ToSchema;

use crate::access::random_bytes;

pub(crate) use courier::Courier;
pub use endpoint::Endpoint;
use endpoint::Secret;
pub use mailbox::DeadLetter;
use mailbox::{Letter, Mailbox};
pub use pace::Pace;

/// Endpoints of a market at most.
pub const ENDPOINTS_MAX: usize = 20;

/// Why something about webhooks does not work.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// A file cannot be read or written.
    #[error("{}: {source}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: {reason}", file.display())]
    Broken {
        /// Which.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// An endpoint cannot be as asked for.
    #[error("{reason}")]
    Asked {
        /// The field that is wrong.
        field: &'static str,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// There is no such endpoint or dead letter.
    #[error("there is no {what} `{id}`")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// By this id.
        id: String,
    },
    /// The program is stopping.
    #[error("the program is stopping")]
    Stopping,
}

/// An endpoint and how it is doing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndpointStatus {
    /// Its id.
    pub id: String,
    /// Where letters go.
    pub url: String,
    /// The kinds of facts that it takes; empty for all.
    pub kinds: Vec<String>,
    /// Whether letters go there.
    pub enabled: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// Letters that wait for it.
    pub waiting: u64,
    /// How often the first of them was tried.
    pub tries: u32,
    /// When it is tried next; null when nothing is tried again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_at: Option<Timestamp>,
    /// Why the last try failed; null when it did not.
    pub last_error: Option<String>,
    /// Letters delivered so far.
    pub delivered: u64,
    /// Letters that were given up.
    pub dead_letters: u64,
}

/// What came of a test.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"delivered": true, "status": 204, "error": null}))]
pub struct Tried {
    /// Whether it was answered with 2xx.
    pub delivered: bool,
    /// The answer's status; null without one.
    pub status: Option<u16>,
    /// What went wrong; null when nothing did.
    pub error: Option<String>,
}

/// What is asked for as an endpoint.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://shop.example/laotie", "kinds": ["ruling.made", "payout.made"]}))]
pub struct NewEndpoint {
    /// Where letters go: an `http` or `https` address; private ones are allowed.
    pub url: String,
    /// The kinds of facts that it takes; all that webhooks tell of when left out or empty.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// The webhooks of a market.
#[derive(Clone)]
pub struct Webhooks {
    dir: PathBuf,
    changed: Arc<Notify>,
}

/// The webhooks' turn to change files, across processes.
struct Turn(#[expect(dead_code, reason = "holds the lock until it is dropped")] File);

impl Webhooks {
    /// The webhooks of the market in a folder.
    pub fn of_market(dir: &Path) -> Self {
        Self { dir: dir.join("webhooks"), changed: Arc::default() }
    }

    /// What delivers the market's letters, at a pace.
    pub(crate) fn courier(&self, engine: Engine, pace: Pace) -> Courier {
        Courier::new(self.clone(), engine, post::client(), pace)
    }

    fn turn(&self) -> Result<Turn, WebhookError> {
        let path = self.dir.join("lock");
        let taken = std::fs::create_dir_all(&self.dir).and_then(|()| File::create(&path)).and_then(|file| {
            file.lock()?;
            Ok(file)
        });
        taken.map(Turn).map_err(|source| WebhookError::File { file: path, source })
    }

    fn endpoints_file(&self) -> PathBuf {
        self.dir.join("endpoints.json")
    }

    fn mailbox_file(&self, endpoint: &str) -> PathBuf {
        self.dir.join(format!("{endpoint}.json"))
    }

    /// The endpoints, in the order in which they were made.
    ///
    /// # Errors
    /// [`WebhookError`] when the file cannot be read.
    pub fn endpoints(&self) -> Result<Vec<Endpoint>, WebhookError> {
        Ok(files::read(&self.endpoints_file())?.unwrap_or_default())
    }

    fn endpoint(&self, id: &str) -> Result<Endpoint, WebhookError> {
        let found = self.endpoints()?.into_iter().find(|e| e.id == id);
        found.ok_or_else(|| WebhookError::Unknown { what: "webhook", id: id.to_owned() })
    }

    fn mailbox(&self, endpoint: &str) -> Result<Mailbox, WebhookError> {
        Ok(files::read(&self.mailbox_file(endpoint))?.unwrap_or_default())
    }

    /// The endpoints and how they are doing.
    ///
    /// # Errors
    /// [`WebhookError`] when a file cannot be read.
    pub fn statuses(&self) -> Result<Vec<EndpointStatus>, WebhookError> {
        let endpoints = self.endpoints()?;
        endpoints.into_iter().map(|endpoint| Ok(self.mailbox(&endpoint.id)?.status(endpoint))).collect()
    }

    /// Adds an endpoint; its secret is in the answer and is not shown again.
    ///
    /// # Errors
    /// [`WebhookError::Asked`] when it cannot be as asked for, others when a file fails.
    pub fn add(&self, new: NewEndpoint) -> Result<(EndpointStatus, String), WebhookError> {
        let secret = Secret::new(&random_bytes());
        let shown = secret.shown();
        let endpoint = Endpoint::new(new, secret, clock::now())?;
        let turn = self.turn()?;
        let mut endpoints = self.endpoints()?;
        if endpoints.len() >= ENDPOINTS_MAX {
            let reason = format!("a market has at most {ENDPOINTS_MAX} webhooks; remove one first");
            return Err(WebhookError::Asked { field: "url", reason });
        }
        endpoints.push(endpoint.clone());
        files::write(&self.endpoints_file(), &endpoints)?;
        drop(turn);
        self.changed.notify_one();
        Ok((Mailbox::default().status(endpoint), shown))
    }

    /// Removes an endpoint with all that waits for it.
    ///
    /// # Errors
    /// [`WebhookError::Unknown`] when there is none, others when a file fails.
    pub fn remove(&self, id: &str) -> Result<(), WebhookError> {
        let _turn = self.turn()?;
        let mut endpoints = self.endpoints()?;
        let before = endpoints.len();
        endpoints.retain(|e| e.id != id);
        if endpoints.len() == before {
            return Err(WebhookError::Unknown { what: "webhook", id: id.to_owned() });
        }
        files::write(&self.endpoints_file(), &endpoints)?;
        files::remove(&self.mailbox_file(id))
    }

    /// Letters that were given up, by endpoint, the oldest first.
    ///
    /// # Errors
    /// [`WebhookError`] when a file cannot be read.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter>, WebhookError> {
        let mut dead = Vec::new();
        for endpoint in self.endpoints()? {
            dead.extend(self.mailbox(&endpoint.id)?.dead);
        }
        Ok(dead)
    }

    /// Lets a letter that was given up wait again, behind all others, with all its tries.
    ///
    /// # Errors
    /// [`WebhookError::Unknown`] when there is none, others when a file fails.
    pub fn send_again(&self, id: &str) -> Result<(), WebhookError> {
        let unknown = || WebhookError::Unknown { what: "dead letter", id: id.to_owned() };
        let (endpoint, seq) = mailbox::parts_of(id).ok_or_else(unknown)?;
        let _turn = self.turn()?;
        self.endpoint(endpoint).map_err(|e| if matches!(e, WebhookError::Unknown { .. }) { unknown() } else { e })?;
        let mut mailbox = self.mailbox(endpoint)?;
        if !mailbox.send_again(seq) {
            return Err(unknown());
        }
        files::write(&self.mailbox_file(endpoint), &mailbox)?;
        self.changed.notify_one();
        Ok(())
    }

    /// Sends a test to an endpoint, now and once. One that was switched off and answers well is switched on again.
    ///
    /// # Errors
    /// [`WebhookError`] when there is no such endpoint or a file fails; an endpoint that answers badly is no error.
    pub async fn test(&self, id: &str) -> Result<Tried, WebhookError> {
        let (webhooks, name) = (self.clone(), id.to_owned());
        let endpoint = aside(move || webhooks.endpoint(&name)).await?;
        let now = clock::now();
        let body = json!({ "type": "webhook.test", "timestamp": now, "data": { "webhook": endpoint.id } }).to_string();
        let letter = format!("{}-test-{}", endpoint.id, now.micros());
        let sent = match post::client() {
            Ok(client) => post::post(&client, &endpoint, &letter, body, now, Pace::default().timeout).await,
            Err(failed) => Err(failed),
        };
        if sent.is_ok() && !endpoint.enabled {
            let (webhooks, name) = (self.clone(), endpoint.id);
            aside(move || webhooks.switch(&name, true)).await?;
        }
        Ok(match sent {
            Ok(status) => Tried { delivered: true, status: Some(status), error: None },
            Err(failed) => Tried { delivered: false, status: failed.status, error: Some(failed.reason) },
        })
    }

    fn switch(&self, id: &str, enabled: bool) -> Result<(), WebhookError> {
        let _turn = self.turn()?;
        self.switch_in_turn(id, enabled)?;
        self.changed.notify_one();
        Ok(())
    }

    fn switch_in_turn(&self, id: &str, enabled: bool) -> Result<(), WebhookError> {
        let mut endpoints = self.endpoints()?;
        for endpoint in endpoints.iter_mut().filter(|e| e.id == id) {
            endpoint.enabled = enabled;
        }
        files::write(&self.endpoints_file(), &endpoints)
    }

    /// Puts letters into the mailboxes of all endpoints that take them; each comes with its place in the outbox.
    fn hand_over(&self, letters: &[(i64, Letter)]) -> Result<(), WebhookError> {
        if letters.is_empty() || !self.endpoints_file().exists() {
            return Ok(());
        }
        let _turn = self.turn()?;
        for endpoint in self.endpoints()?.iter().filter(|e| e.enabled) {
            let mut mailbox = self.mailbox(&endpoint.id)?;
            let mut took = false;
            for (row, letter) in letters.iter().filter(|(_, letter)| endpoint.takes(&letter.kind)) {
                took |= mailbox.take(&endpoint.id, *row, letter.clone(), clock::now());
            }
            if took {
                files::write(&self.mailbox_file(&endpoint.id), &mailbox)?;
            }
        }
        Ok(())
    }

    /// The endpoints for which letters wait, and when the first of them is due.
    fn due(&self) -> Result<Vec<(String, Option<Timestamp>)>, WebhookError> {
        if !self.endpoints_file().exists() {
            return Ok(Vec::new());
        }
        let mut due = Vec::new();
        for endpoint in self.endpoints()?.into_iter().filter(|e| e.enabled) {
            let mailbox = self.mailbox(&endpoint.id)?;
            if mailbox.first().is_some() {
                due.push((endpoint.id, mailbox.next_at));
            }
        }
        Ok(due)
    }

    /// The letter that goes to an endpoint now, if one does.
    fn next(&self, id: &str, now: Timestamp) -> Result<Option<(Endpoint, i64)>, WebhookError> {
        let Some(endpoint) = self.endpoints()?.into_iter().find(|e| e.id == id && e.enabled) else { return Ok(None) };
        let mailbox = self.mailbox(id)?;
        let due = mailbox.next_at.is_none_or(|at| at <= now);
        Ok(mailbox.first().filter(|_| due).map(|letter| (endpoint, letter.seq)))
    }

    /// Notes what came of a letter. An endpoint that was removed meanwhile leaves nothing.
    fn settle(&self, id: &str, seq: i64, sent: &Result<u16, post::Failed>, pace: &Pace) -> Result<(), WebhookError> {
        let _turn = self.turn()?;
        if !self.endpoints()?.iter().any(|e| e.id == id) {
            return Ok(());
        }
        let mut mailbox = self.mailbox(id)?;
        let now = clock::now();
        match sent {
            Ok(_) => mailbox.delivered(seq),
            Err(failed) if failed.status == Some(410) => {
                tracing::warn!(webhook.id = id, "webhook {id} answered 410 and is switched off");
                mailbox.close(id, &failed.reason, now);
                files::write(&self.mailbox_file(id), &mailbox)?;
                return self.switch_in_turn(id, false);
            }
            Err(failed) if failed.for_good || mailbox.tries_with(seq) >= pace.tries => {
                tracing::warn!(webhook.id = id, seq, "webhook {id}: the letter of fact {seq} is given up: {}", failed.reason);
                mailbox.give_up(id, seq, &failed.reason, now);
            }
            Err(failed) => mailbox.try_again(&failed.reason, now.plus_micros(pace.wait_micros(mailbox.tries + 1))),
        }
        files::write(&self.mailbox_file(id), &mailbox)
    }
}

/// Runs what waits for the disk where it holds up nobody.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, WebhookError> + Send + 'static) -> Result<T, WebhookError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| WebhookError::Stopping)?
}

/// The kinds that webhooks tell of.
pub fn kinds() -> Vec<&'static str> {
    outbox::TOLD.iter().map(|kind| kind.name()).collect()
}
