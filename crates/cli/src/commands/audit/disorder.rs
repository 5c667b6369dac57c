//! Facts on a bad line: some are lost for a while, some come twice, some identities are used again, some facts were mistakes
//! and are taken back.

use laotie_facts::body::FactVoided;
use laotie_facts::{FactKey, Incoming, Kind, SourceId, Text, Timestamp};

use crate::workload::Random;

/// A fact is held back for at most so many others.
const HELD_BACK: u64 = 400;

/// Facts of an order's life among which some are taken back; as many are remembered.
const REMEMBERED: usize = 500;

/// The bad line: what happened goes in, what arrives comes out.
pub(super) struct Disorder {
    random: Random,
    per_mille: u64,
    /// What is held back, and behind how many others it arrives.
    held: Vec<(u64, Incoming)>,
    sent: Vec<Incoming>,
    counted: u64,
}

impl Disorder {
    /// Each kind of mishap befalls so many facts of a thousand.
    pub(super) fn new(seed: u64, per_mille: u64) -> Self {
        Self { random: Random::new(seed), per_mille, held: Vec::new(), sent: Vec::new(), counted: 0 }
    }

    fn mishap(&mut self) -> bool {
        self.per_mille > 0 && self.random.below(1_000) < self.per_mille
    }

    /// What arrives when a fact is sent.
    pub(super) fn send(&mut self, fact: Incoming) -> Vec<Incoming> {
        self.counted += 1;
        let now = fact.at;
        let mut arrives: Vec<Incoming> = self.held.extract_if(.., |(until, _)| *until <= self.counted).map(|(_, fact)| fact).collect();
        if is_of_an_order(&fact) {
            self.sent.push(fact.clone());
            if self.sent.len() > REMEMBERED {
                self.sent.remove(0);
            }
        }
        if self.mishap() {
            let behind = self.counted + 1 + self.random.below(HELD_BACK);
            self.held.push((behind, fact));
        } else {
            arrives.push(fact);
        }
        if self.mishap() {
            arrives.extend(self.one_sent());
        }
        if self.mishap() {
            arrives.extend(self.one_sent().map(|fact| Incoming { at: now, ..fact }));
        }
        if self.mishap()
            && let Some(mistake) = self.one_sent()
        {
            arrives.extend(self.voiding(&mistake, now));
        }
        // A payment that was taken back is mostly made again, under a key of its own.
        if self.mishap()
            && let Some(again) = self.one_sent()
        {
            arrives.extend(self.renamed(again));
        }
        arrives
    }

    /// What is still held back arrives.
    pub(super) fn end(&mut self) -> Vec<Incoming> {
        self.held.drain(..).map(|(_, fact)| fact).collect()
    }

    fn one_sent(&mut self) -> Option<Incoming> {
        let n = self.random.below(u64::try_from(self.sent.len()).unwrap_or(0));
        self.sent.get(usize::try_from(n).unwrap_or(0)).cloned()
    }

    fn voiding(&mut self, mistake: &Incoming, now: Timestamp) -> Option<Incoming> {
        let body = FactVoided { key: mistake.key.clone(), reason: Text::new("entered by mistake").ok()?, source: mistake.source.clone() };
        let key = FactKey::new(format!("mistake/{}", self.counted)).ok()?;
        Some(Incoming::new(SourceId::new("auditor").ok()?, key, now, None, body.into()))
    }

    fn renamed(&mut self, fact: Incoming) -> Option<Incoming> {
        Some(Incoming { key: FactKey::new(format!("again/{}", self.counted)).ok()?, source: SourceId::new("auditor").ok()?, ..fact })
    }
}

fn is_of_an_order(fact: &Incoming) -> bool {
    matches!(
        fact.kind(),
        Kind::OrderPaid
            | Kind::OrderCancelled
            | Kind::OrderDispatched
            | Kind::OrderPickedUp
            | Kind::OrderSigned
            | Kind::OrderReceived
            | Kind::ReturnRequested
            | Kind::ReturnAgreed
            | Kind::ReturnShipped
            | Kind::ReturnReceived
            | Kind::RefundPaid
    )
}
