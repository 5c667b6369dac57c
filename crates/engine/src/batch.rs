//! Facts through the systems, one after another, each with all that follows from it.
//!
//! The same code runs when a fact is recorded and when the journal is replayed.

use std::collections::{BTreeSet, VecDeque};

use async_trait::async_trait;
use laotie_facts::body::{FrozenPart, OrderFrozen};
use laotie_facts::{Body, Draft, Fact, FactKey, Incoming, JournalRow, Judgement, Kind, RuleBook, SourceId, Timestamp};
use laotie_store::{Batch, Head, StateKey, StateRow, StoreError};

use crate::books::Books;
use crate::market_rules::publish;
use crate::receipt::Outcome;
use crate::rule_check::check_proposed;
use crate::seat::{Seat, missing, take_in};

/// Decided facts may cause others this many rounds deep; more is a loop of our own making.
const ROUNDS_MAX: usize = 16;

/// The source of facts that Laotie decides.
pub(crate) const LAOTIE: &str = "laotie";

/// Where states come from that no seat has loaded yet.
#[async_trait]
pub(crate) trait Loader: Send {
    async fn load(&mut self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError>;
}

#[async_trait]
impl Loader for Box<dyn Batch> {
    async fn load(&mut self, keys: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        self.states(keys).await
    }
}

/// All states are in their seats already, or do not exist.
pub(crate) struct NothingElse;

#[async_trait]
impl Loader for NothingElse {
    async fn load(&mut self, _: &[StateKey]) -> Result<Vec<StateRow>, StoreError> {
        Ok(Vec::new())
    }
}

/// A run of facts behind the chain's head.
pub(crate) struct Run {
    pub(crate) seats: Vec<Box<dyn Seat>>,
    pub(crate) head: Head,
    pub(crate) rows: Vec<JournalRow>,
    /// What the rows write to the ledger's tables.
    pub(crate) books: Books,
    /// The states that facts touched, by seat and key, for those who ask.
    pub(crate) touched: Option<BTreeSet<(usize, String)>>,
}

impl Run {
    /// Starts behind a head.
    pub(crate) fn new(seats: Vec<Box<dyn Seat>>, head: Head) -> Self {
        Self { seats, head, rows: Vec::new(), books: Books::default(), touched: None }
    }

    /// Makes sure that all states which a fact touches are in their seats.
    pub(crate) async fn gather<'a>(&mut self, facts: impl Iterator<Item = &'a Fact>, from: &mut dyn Loader) -> Result<(), StoreError> {
        // A loaded state may name others: a claim its order, an order its shop.
        let facts: Vec<&Fact> = facts.collect();
        loop {
            let keys = missing(&self.seats, facts.iter().copied());
            if keys.is_empty() {
                return Ok(());
            }
            let rows = from.load(&keys).await?;
            take_in(&mut self.seats, &keys, &rows)?;
        }
    }

    /// A sent fact as it would be recorded next.
    pub(crate) fn numbered(&self, sent: &Incoming, seen: Timestamp, target: Option<Fact>) -> Fact {
        Fact {
            seq: self.head.seq + 1,
            seen,
            at: sent.at,
            source: sent.source.clone(),
            key: sent.key.clone(),
            by: sent.by.clone(),
            because: target.iter().map(|t| t.seq).collect(),
            rules: Vec::new(),
            body: sent.body.clone(),
            target: target.map(Box::new),
        }
    }

    /// Judges a fact and, if it can be, records it and all that follows.
    pub(crate) async fn take(
        &mut self,
        fact: Fact,
        text: &Incoming,
        book: &mut RuleBook,
        from: &mut dyn Loader,
    ) -> Result<Outcome, StoreError> {
        self.gather(std::iter::once(&fact), from).await?;
        let mut waiting_for = None;
        if let Body::RuleProposed(rule) = &fact.body
            && let Err(flaw) = check_proposed(&self.seats, rule, book)
        {
            return Ok(Outcome::refused("rule-invalid", &format!("body.text: {}", flaw.field), flaw.reason));
        }
        for seat in &self.seats {
            match seat.judge(&fact, book) {
                Judgement::Accept => {}
                Judgement::Wait { for_kind } => waiting_for = Some(for_kind),
                Judgement::Refuse { code, reason } => return Ok(Outcome::refused(code, "", reason)),
            }
        }
        let seq = fact.seq;
        self.follow(fact, (text.body_text.clone(), text.body_hash), book, from).await?;
        Ok(Outcome::Recorded { seq, waiting_for })
    }

    /// Records a fact and, in rounds, what the systems decide on it.
    async fn follow(&mut self, fact: Fact, text: (String, [u8; 32]), book: &mut RuleBook, from: &mut dyn Loader) -> Result<(), StoreError> {
        let cause = fact.seq;
        let mut ordinals: Vec<(Kind, u32)> = Vec::new();
        let mut waiting = VecDeque::from([(Pending::Sent(Box::new(fact), text), 0)]);
        while let Some((pending, round)) = waiting.pop_front() {
            let (fact, text) = match pending {
                Pending::Sent(fact, text) => (*fact, text),
                Pending::Decided(draft, because, seen) => self.decided(*draft, because, cause, seen, &mut ordinals),
            };
            self.gather(std::iter::once(&fact), from).await?;
            let drafts = self.decide(&fact, book);
            self.seats.iter_mut().for_each(|seat| seat.evolve(&fact));
            if let Body::RulePublished(rule) = &fact.body {
                publish(book, rule);
            }
            let (seq, seen) = (fact.seq, fact.seen);
            self.books.take(&fact);
            if let Some(touched) = &mut self.touched {
                let keys = self.seats.iter().enumerate().flat_map(|(i, seat)| seat.touches(&fact).into_iter().map(move |key| (i, key)));
                touched.extend(keys);
            }
            self.push(&fact, text);
            if round >= ROUNDS_MAX && !drafts.is_empty() {
                tracing::error!(cause, "decided facts caused others more than {ROUNDS_MAX} rounds deep; the rest is left out");
                continue;
            }
            // What follows from a fact comes before what its cause decided besides: a posting counts when the next is decided.
            for draft in drafts.into_iter().rev() {
                waiting.push_front((Pending::Decided(Box::new(draft), seq, seen), round + 1));
            }
        }
        Ok(())
    }

    fn decide(&self, fact: &Fact, book: &RuleBook) -> Vec<Draft> {
        // What a system refuses of facts that waited is said before the order's terms are frozen and its money moves.
        let mut drafts: Vec<Draft> = self.seats.iter().flat_map(|seat| seat.decide(fact, book, fact.seen)).collect();
        drafts.extend(frozen(&self.seats, fact, book));
        drafts
    }

    fn decided(
        &self,
        draft: Draft,
        caused_by: i64,
        cause: i64,
        seen: Timestamp,
        ordinals: &mut Vec<(Kind, u32)>,
    ) -> (Fact, (String, [u8; 32])) {
        let kind = draft.body.kind();
        let n = match ordinals.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, n)) => {
                *n += 1;
                *n
            }
            None => {
                ordinals.push((kind, 0));
                0
            }
        };
        let mut because = vec![caused_by];
        because.extend(draft.because.iter().filter(|seq| **seq != caused_by));
        let fact = Fact {
            seq: self.head.seq + 1,
            seen,
            at: draft.at,
            source: SourceId::new(LAOTIE).expect("a valid id"),
            key: FactKey::new(format!("{cause}/{}/{n}", kind.name())).expect("short and printable"),
            by: None,
            because,
            rules: draft.rules,
            body: draft.body,
            target: None,
        };
        let text = fact.body.canonical();
        let hash = laotie_facts::body_hash(&text);
        (fact, (text, hash))
    }

    fn push(&mut self, fact: &Fact, (body, hash): (String, [u8; 32])) {
        assert_eq!(fact.seq, self.head.seq + 1, "the journal has no gaps");
        let row = JournalRow::write(fact, body, hash, &self.head.hash);
        self.head = Head { seq: row.seq, hash: row.hash, seen: row.seen };
        self.rows.push(row);
    }
}

enum Pending {
    Sent(Box<Fact>, (String, [u8; 32])),
    Decided(Box<Draft>, i64, Timestamp),
}

/// One `order.frozen` with the parts of all systems.
fn frozen(seats: &[Box<dyn Seat>], fact: &Fact, book: &RuleBook) -> Option<Draft> {
    let Body::OrderPaid(paid) = &fact.body else { return None };
    let parts: Vec<(&'static str, FrozenPart)> = seats.iter().filter_map(|s| Some((s.name(), s.freeze(fact, book)?))).collect();
    let mut rules: Vec<_> = parts.iter().flat_map(|(_, p)| p.rules.clone()).collect();
    rules.sort();
    rules.dedup();
    let lines = parts.iter().flat_map(|(_, p)| p.lines.clone()).collect();
    let parts = parts.into_iter().map(|(name, p)| (name.to_owned(), p.terms)).collect();
    let body = OrderFrozen { lines, order: paid.order.clone(), parts };
    Some(Draft { at: fact.at, body: body.into(), because: Vec::new(), rules })
}
