//! A market in memory: facts through the same code as live ones, with a clock that the facts move.
//!
//! Stories that test rules and previews of rule changes run on it; nothing is written anywhere.

use std::collections::BTreeSet;

use laotie_facts::body::{DeadlinePassed, RulePublished};
use laotie_facts::{Body, FactKey, Incoming, JournalRow, RuleBook, SourceId, Text, Timestamp, derived_id};
use laotie_store::{Head, StoreError};

use crate::batch::{LAOTIE, NothingElse, Run};
use crate::market_rules::publish;
use crate::receipt::Outcome;
use crate::seat::seats;

/// When something is due, in whose state, and what.
type Deadline = (Timestamp, usize, String, String);

/// A market that is only rehearsed.
pub struct Rehearsal {
    run: Run,
    book: RuleBook,
    due: BTreeSet<Deadline>,
    rows: Vec<JournalRow>,
}

impl Rehearsal {
    /// An empty market under some rules.
    pub fn new<'r>(rules: impl IntoIterator<Item = &'r RulePublished>) -> Self {
        let mut book = RuleBook::default();
        rules.into_iter().for_each(|rule| publish(&mut book, rule));
        let mut run = Run::new(seats(), Head { seq: 0, hash: [0; 32], seen: Timestamp::default() });
        run.touched = Some(BTreeSet::new());
        Self { run, book, due: BTreeSet::new(), rows: Vec::new() }
    }

    /// Takes a fact as heard of at `seen`; deadlines that fall due before it pass first.
    ///
    /// # Errors
    /// [`StoreError`] never comes from a store here; it tells of a state that cannot be read.
    pub async fn take(&mut self, fact: &Incoming, seen: Timestamp) -> Result<Outcome, StoreError> {
        self.pass(seen).await?;
        self.take_one(fact, seen).await
    }

    /// Lets all deadlines pass that are due until then.
    ///
    /// # Errors
    /// As [`Rehearsal::take`].
    pub async fn pass(&mut self, until: Timestamp) -> Result<(), StoreError> {
        while let Some(first) = self.due.first().filter(|(due, ..)| *due <= until).cloned() {
            self.due.remove(&first);
            let (due, seat, key, purpose) = first;
            let system = self.run.seats[seat].name();
            let place = format!("{system}\u{0}{key}\u{0}{purpose}");
            let body = DeadlinePassed {
                due,
                key: Text::new(key).expect("keys of states are short"),
                purpose: Text::new(purpose).expect("names of deadlines are short"),
                system: Text::new(system).expect("names of systems are short"),
            };
            let key = FactKey::new(derived_id("dl", due.micros(), &place, 0)).expect("ids of ours are valid");
            let passed = Incoming::new(SourceId::new(LAOTIE).expect("a valid id"), key, due, None, Body::from(body));
            self.take_one(&passed, due).await?;
        }
        Ok(())
    }

    async fn take_one(&mut self, fact: &Incoming, seen: Timestamp) -> Result<Outcome, StoreError> {
        let target = match &fact.body {
            Body::FactVoided(voided) => self
                .rows
                .iter()
                .find(|r| r.source == voided.source.as_str() && r.key == voided.key.as_str())
                .and_then(|r| crate::writer::read(r).ok()),
            _ => None,
        };
        let numbered = self.run.numbered(fact, seen.max(self.run.head.seen), target);
        let outcome = self.run.take(numbered, fact, &mut self.book, &mut NothingElse).await?;
        self.rows.append(&mut self.run.rows);
        self.run.books = crate::books::Books::default();
        let touched = self.run.touched.replace(BTreeSet::new()).unwrap_or_default();
        if !touched.is_empty() {
            self.due.retain(|(_, seat, key, _)| !touched.contains(&(*seat, key.clone())));
            for (seat, key) in touched {
                let dues = self.run.seats[seat].deadlines(&key);
                self.due.extend(dues.into_iter().map(|d| (d.due, seat, key.clone(), d.purpose)));
            }
        }
        Ok(outcome)
    }

    /// Puts a rule in force from a time on, without a fact that says so.
    pub fn publish(&mut self, rule: &RulePublished, effective_from: Timestamp) {
        publish(&mut self.book, &RulePublished { effective_from, ..rule.clone() });
    }

    /// All rows so far: facts and what was decided on them.
    pub fn rows(&self) -> &[JournalRow] {
        &self.rows
    }

    /// The rules in force.
    pub fn book(&self) -> &RuleBook {
        &self.book
    }

    /// A system's states and their bodies, in order of key.
    pub fn states(&self, system: &str) -> Vec<(String, String)> {
        self.run.seats.iter().filter(|s| s.name() == system).flat_map(|s| s.states()).collect()
    }
}
