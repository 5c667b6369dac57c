//! The single writer: gathers what waits into one transaction.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use laotie_facts::{Body, Fact, Incoming, RuleBook, Timestamp};
use laotie_store::{Batch, Head, Recorded, Store, StoreError, Writes};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use crate::batch::Run;
use crate::clock::Stopwatch;
use crate::engine::{EngineSettings, RecordError};
use crate::market_rules;
use crate::outbox::outbox;
use crate::receipt::{Outcome, Receipt};
use crate::seat::seats;

/// Facts of one caller, and where its receipts go.
pub(crate) struct Job {
    pub(crate) facts: Vec<Incoming>,
    pub(crate) reply: oneshot::Sender<Result<Vec<Receipt>, RecordError>>,
    pub(crate) permit: Option<OwnedSemaphorePermit>,
}

/// The writer's own belongings.
pub(crate) struct Writer {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: EngineSettings,
    pub(crate) jobs: mpsc::Receiver<Job>,
    pub(crate) book: Arc<RwLock<Arc<RuleBook>>>,
    pub(crate) grew: watch::Sender<i64>,
    pub(crate) known: Head,
}

impl Writer {
    /// Works until every sender is gone and nothing waits.
    pub(crate) async fn work(mut self) {
        let mut company = false;
        while let Some(first) = self.jobs.recv().await {
            let batch = self.gather(first, company).await;
            company = batch.len() > 1;
            self.answer(batch).await;
        }
    }

    /// Takes what waits, up to the batch's size; waits a little for others only when others were there before.
    async fn gather(&mut self, first: Job, company: bool) -> Vec<Job> {
        let mut facts = first.facts.len();
        let mut batch = vec![first];
        let watch = Stopwatch::start();
        while facts < self.settings.gather_max {
            let next = match self.jobs.try_recv() {
                Ok(job) => Some(job),
                Err(_) if company => {
                    let left = self.settings.gather_for.saturating_sub(watch.elapsed());
                    if left.is_zero() { None } else { tokio::time::timeout(left, self.jobs.recv()).await.ok().flatten() }
                }
                Err(_) => None,
            };
            let Some(job) = next else { break };
            facts += job.facts.len();
            batch.push(job);
        }
        batch
    }

    async fn answer(&mut self, batch: Vec<Job>) {
        let watch = Stopwatch::start();
        let (mut facts, mut callers) = (Vec::new(), Vec::with_capacity(batch.len()));
        for job in batch {
            callers.push((job.facts.len(), job.reply, job.permit));
            facts.extend(job.facts);
        }
        let answered = self.commit_batch(&facts).await;
        metrics::histogram!("laotie_batch_facts").record(f64::from(u32::try_from(facts.len()).unwrap_or(u32::MAX)));
        metrics::histogram!("laotie_batch_seconds").record(watch.seconds());
        match answered {
            Ok(outcomes) => {
                let mut receipts = facts.into_iter().zip(outcomes).map(|(fact, outcome)| {
                    count(&outcome);
                    Receipt { source: fact.source.into(), key: fact.key.into(), outcome }
                });
                for (n, reply, permit) in callers {
                    let own: Vec<Receipt> = receipts.by_ref().take(n).collect();
                    drop(permit);
                    let _ = reply.send(Ok(own)); // a caller that went away finds its facts recorded when it asks again
                }
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "could not commit a batch of {} facts", facts.len());
                let error = Arc::new(error);
                for (_, reply, _) in callers {
                    let _ = reply.send(Err(RecordError::Store(Arc::clone(&error))));
                }
            }
        }
    }

    /// All that the batch's facts lead to, in one transaction, or nothing.
    async fn commit_batch(&mut self, facts: &[Incoming]) -> Result<Vec<Outcome>, StoreError> {
        let mut batch = self.store.begin().await?;
        let head = batch.head();
        if head != self.known {
            // Another process wrote in between: its rules hold for us as well.
            let book = market_rules::load(self.store.as_ref()).await?;
            *self.book.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(book);
            self.known = head;
        }
        let mut book = RuleBook::clone(&self.book());
        let seen = (self.settings.clock)().max(head.seen);
        let identities: Vec<(String, String)> = facts.iter().map(identity).collect();
        let mut recorded: HashMap<usize, Recorded> = batch.recorded(&identities).await?.into_iter().map(|r| (r.index, r)).collect();
        let targets = targets(&mut batch, facts).await?;

        let mut run = Run::new(seats(), head);
        let new: Vec<Fact> = (0..facts.len())
            .filter(|i| !recorded.contains_key(i))
            .map(|i| run.numbered(&facts[i], seen, target_of(&facts[i], &targets, &run)))
            .collect();
        run.gather(new.iter(), &mut batch).await?;

        let mut outcomes = Vec::with_capacity(facts.len());
        let mut here: HashMap<(&str, &str), (i64, usize)> = HashMap::with_capacity(facts.len());
        for (i, sent) in facts.iter().enumerate() {
            let place = (sent.source.as_str(), sent.key.as_str());
            let outcome = if let Some(known) = recorded.remove(&i) {
                repeated(sent, known.seq, &known.kind, known.at, &known.body_hash)
            } else if let Some((seq, first)) = here.get(&place) {
                let first = &facts[*first];
                repeated(sent, *seq, first.kind().name(), first.at, &first.body_hash)
            } else {
                let fact = run.numbered(sent, seen, target_of(sent, &targets, &run));
                let outcome = run.take(fact, sent, &mut book, &mut batch).await?;
                if let Outcome::Recorded { seq, .. } = outcome {
                    here.insert(place, (seq, i));
                }
                outcome
            };
            outcomes.push(outcome);
        }
        self.write(batch, run, book, facts).await?;
        Ok(outcomes)
    }

    async fn write(&mut self, batch: Box<dyn Batch>, run: Run, book: RuleBook, facts: &[Incoming]) -> Result<(), StoreError> {
        if run.rows.is_empty() {
            return Ok(());
        }
        let published = run.rows.iter().any(|r| r.kind == "rule.published");
        let mut writes = Writes { outbox: outbox(&run.rows), rows: run.rows, ..Writes::default() };
        run.books.write(&mut writes);
        run.seats.iter().for_each(|seat| seat.write(&mut writes));
        for fact in facts {
            if let Body::DeadlinePassed(d) = &fact.body {
                writes.deadlines_gone.push((d.system.as_str().to_owned(), d.key.as_str().to_owned(), d.purpose.as_str().to_owned()));
            }
        }
        metrics::counter!("laotie_rows_committed_total").increment(u64::try_from(writes.len()).unwrap_or(0));
        let head = run.head;
        batch.commit(writes).await?;
        self.known = head;
        if published {
            *self.book.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(book);
        }
        self.grew.send_replace(head.seq);
        Ok(())
    }

    fn book(&self) -> Arc<RuleBook> {
        Arc::clone(&self.book.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

fn identity(fact: &Incoming) -> (String, String) {
    (fact.source.as_str().to_owned(), fact.key.as_str().to_owned())
}

/// Facts that this batch voids and that were recorded before it.
async fn targets(batch: &mut Box<dyn Batch>, facts: &[Incoming]) -> Result<HashMap<(String, String), Fact>, StoreError> {
    let wanted: Vec<(String, String)> = facts
        .iter()
        .filter_map(|f| match &f.body {
            Body::FactVoided(v) => Some((v.source.as_str().to_owned(), v.key.as_str().to_owned())),
            _ => None,
        })
        .collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = batch.rows_of(&wanted).await?;
    rows.iter().map(|row| Ok(((row.source.clone(), row.key.clone()), read(row)?))).collect()
}

/// The fact that a voiding names: recorded before this batch, or within it.
fn target_of(sent: &Incoming, before: &HashMap<(String, String), Fact>, run: &Run) -> Option<Fact> {
    let Body::FactVoided(v) = &sent.body else { return None };
    let place = (v.source.as_str().to_owned(), v.key.as_str().to_owned());
    if let Some(fact) = before.get(&place) {
        return Some(fact.clone());
    }
    run.rows.iter().find(|r| r.source == place.0 && r.key == place.1).and_then(|r| read(r).ok())
}

/// Reads a row that we wrote.
pub(crate) fn read(row: &laotie_facts::JournalRow) -> Result<Fact, StoreError> {
    row.fact().map_err(|e| StoreError::Corrupt { what: format!("journal row {}", row.seq), reason: e.to_string() })
}

fn repeated(sent: &Incoming, seq: i64, kind: &str, at: Timestamp, body_hash: &[u8; 32]) -> Outcome {
    if sent.kind().name() == kind && sent.at == at && sent.body_hash == *body_hash {
        return Outcome::Repeated { seq };
    }
    let what = if sent.kind().name() != kind {
        format!("as a `{kind}`")
    } else if sent.at != at {
        format!("at another time, {at}")
    } else {
        "with another body".to_owned()
    };
    Outcome::refused(
        "identity-reused",
        "key",
        format!("this source and key are recorded already {what} (fact {seq}); a new happening needs a new key"),
    )
}

fn count(outcome: &Outcome) {
    let label = match outcome {
        Outcome::Recorded { .. } => "recorded",
        Outcome::Repeated { .. } => "repeated",
        Outcome::Refused { .. } => "refused",
    };
    metrics::counter!("laotie_facts_total", "outcome" => label).increment(1);
}
