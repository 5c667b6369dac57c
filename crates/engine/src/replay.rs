//! The journal decided again from empty: every derived fact, every state and every hash must come out the same.

use std::collections::VecDeque;

use laotie_facts::{Fact, Incoming, JournalRow, RuleBook, Timestamp};
use laotie_store::{Head, Store, StoreError};
use serde::Serialize;

use crate::batch::{LAOTIE, NothingElse, Run};
use crate::books::Books;
use crate::clock::Stopwatch;
use crate::receipt::Outcome;
use crate::seat::seats;
use crate::writer::read;

/// Rows read at a time.
const PAGE: usize = 2_000;

/// Why a replay could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// The first place where the replay and the records part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The journal row, or 0 for a state.
    pub seq: i64,
    /// What it is about: `chain`, `fact`, `derived`, `state`, `list`.
    pub what: &'static str,
    /// Where: a key.
    pub place: String,
    /// What the replay finds.
    pub replayed: String,
    /// What is stored.
    pub stored: String,
}

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplayReport {
    /// Facts that were sent.
    pub facts: i64,
    /// Facts that were decided, and decided again.
    pub derived: i64,
    /// States compared.
    pub states: i64,
    /// Places where replay and records part.
    pub differences: i64,
    /// The first of them.
    pub first_difference: Option<Difference>,
    /// Whether every row carries the right hash.
    pub chain_ok: bool,
    /// The first row whose hash is wrong.
    pub first_broken_row: Option<i64>,
    /// How long it took.
    pub seconds: f64,
}

struct Replay {
    run: Run,
    book: RuleBook,
    report: ReplayReport,
}

/// Decides the journal again from empty and compares. With `seen_until`, only rows seen by then, and
/// then no states, which are as of now.
///
/// `progress` is told the last row done. All states are held in memory.
///
/// # Errors
/// [`ReplayError`] when the store fails; differences are in the report.
pub async fn replay(
    store: &dyn Store,
    seen_until: Option<Timestamp>,
    progress: &mut (dyn FnMut(i64) + Send),
) -> Result<ReplayReport, ReplayError> {
    let watch = Stopwatch::start();
    let empty = Head { seq: 0, hash: [0; 32], seen: Timestamp::default() };
    let report = ReplayReport {
        facts: 0,
        derived: 0,
        states: 0,
        differences: 0,
        first_difference: None,
        chain_ok: true,
        first_broken_row: None,
        seconds: 0.0,
    };
    let mut replay = Replay { run: Run::new(seats(), empty), book: RuleBook::default(), report };
    let mut previous = [0; 32];
    let mut rows: VecDeque<JournalRow> = VecDeque::new();
    let mut read_to = 0;
    let mut more = true;
    while more || !rows.is_empty() {
        // A fact and all that follows from it lie together; keep enough read ahead to see them whole.
        while more && rows.len() < PAGE {
            let page = store.journal_after(read_to, PAGE).await?;
            let Some(last) = page.last() else {
                more = false;
                break;
            };
            read_to = last.seq;
            for row in page {
                if seen_until.is_some_and(|until| row.seen > until) {
                    more = false;
                    break;
                }
                replay.check_chain(&row, &previous);
                previous = row.hash;
                rows.push_back(row);
            }
        }
        let Some(row) = rows.pop_front() else { break };
        let derived = following(&mut rows);
        let target = target(store, &row).await?;
        replay.again(&row, &derived, target).await?;
        progress(replay.run.head.seq.max(row.seq));
    }
    if seen_until.is_none() {
        replay.compare_states(store).await?;
    }
    replay.report.seconds = watch.seconds();
    Ok(replay.report)
}

/// The fact that a voiding voids.
async fn target(store: &dyn Store, row: &JournalRow) -> Result<Option<Fact>, StoreError> {
    if row.kind != "fact.voided" {
        return Ok(None);
    }
    let Some(seq) = read(row)?.because.first().copied() else { return Ok(None) };
    store.rows(&[seq]).await?.first().map(read).transpose()
}

/// Whether a row was decided on another (deadlines and shipped rules are decided by nothing in the journal).
fn is_derived(row: &JournalRow) -> bool {
    row.source == LAOTIE && row.because != "[]"
}

/// The decided rows at the front, which follow from the sent row before them.
fn following(rows: &mut VecDeque<JournalRow>) -> Vec<JournalRow> {
    let n = rows.iter().take_while(|r| is_derived(r)).count();
    rows.drain(..n).collect()
}

impl Replay {
    fn differs(&mut self, seq: i64, what: &'static str, place: String, replayed: String, stored: String) {
        self.report.differences += 1;
        self.report.first_difference.get_or_insert(Difference { seq, what, place, replayed, stored });
    }

    fn check_chain(&mut self, row: &JournalRow, previous: &[u8; 32]) {
        let whole = row.hash == row.chain_hash(previous) && row.body_hash == laotie_facts::body_hash(&row.body);
        if !whole && self.report.chain_ok {
            self.report.chain_ok = false;
            self.report.first_broken_row = Some(row.seq);
            self.differs(row.seq, "chain", format!("{}/{}", row.source, row.key), "another hash".into(), "the stored hash".into());
        }
    }

    /// Takes a sent row again and compares all that follows from it.
    async fn again(&mut self, row: &JournalRow, derived: &[JournalRow], target: Option<Fact>) -> Result<(), StoreError> {
        self.report.facts += 1;
        self.report.derived += i64::try_from(derived.len()).unwrap_or(0);
        let fact = match read(row) {
            Ok(fact) => fact,
            Err(error) => {
                self.differs(row.seq, "fact", row.key.clone(), error.to_string(), row.body.clone());
                return Ok(());
            }
        };
        let sent = Incoming::new(fact.source.clone(), fact.key.clone(), fact.at, fact.by.clone(), fact.body.clone());
        let numbered = self.run.numbered(&sent, row.seen, target);
        self.run.rows.clear();
        self.run.books = Books::default();
        let outcome = self.run.take(numbered, &sent, &mut self.book, &mut NothingElse).await?;
        if let Outcome::Refused { code, reason, .. } = outcome {
            self.differs(row.seq, "fact", row.key.clone(), format!("refused: {code}: {reason}"), "recorded".into());
            self.run.head = Head { seq: derived.last().unwrap_or(row).seq, hash: derived.last().unwrap_or(row).hash, seen: row.seen };
            return Ok(());
        }
        let found = std::mem::take(&mut self.run.rows);
        let stored: Vec<&JournalRow> = std::iter::once(row).chain(derived).collect();
        for i in 0..found.len().max(stored.len()) {
            match (found.get(i), stored.get(i)) {
                (Some(new), Some(old)) if new == *old => {}
                (new, old) => {
                    let show = |r: Option<&JournalRow>| r.map_or_else(|| "nothing".to_owned(), JournalRow::canonical);
                    let seq = old.map_or(row.seq, |r| r.seq);
                    self.differs(seq, if i == 0 { "fact" } else { "derived" }, row.key.clone(), show(new), show(old.copied()));
                    break;
                }
            }
        }
        // Go on behind what is stored, so that one difference does not make all the others.
        let last = derived.last().unwrap_or(row);
        self.run.head = Head { seq: last.seq, hash: last.hash, seen: last.seen };
        Ok(())
    }

    async fn compare_states(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        let seats = std::mem::take(&mut self.run.seats);
        for seat in &seats {
            let mut replayed = seat.states().into_iter().peekable();
            let mut after = String::new();
            loop {
                let page = store.states_after(seat.name(), &after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after.clone_from(&last.key);
                for row in page {
                    while let Some((key, body)) = replayed.next_if(|(key, _)| *key < row.key) {
                        self.differs(0, "state", format!("{}/{key}", seat.name()), body, "nothing".into());
                    }
                    self.report.states += 1;
                    match replayed.next_if(|(key, _)| *key == row.key) {
                        Some((_, body)) if body == row.body => {}
                        Some((_, body)) => self.differs(0, "state", format!("{}/{}", seat.name(), row.key), body, row.body),
                        None => self.differs(0, "state", format!("{}/{}", seat.name(), row.key), "nothing".into(), row.body),
                    }
                }
            }
            for (key, body) in replayed {
                self.differs(0, "state", format!("{}/{key}", seat.name()), body, "nothing".into());
            }
        }
        Ok(())
    }
}
