//! An order's file: every fact of its life that was recorded, and what follows from them.

use laotie_facts::Timestamp;

use crate::event::{Event, Payment};
use crate::expected::{ExpectedOrder, ExpectedStep};
use crate::identity::Mark;
use crate::lines::lines_after_discounts;
use crate::rules::{Verdict, payment, refunded_minor, verdict};

/// How long a fact waits for its predecessor, in microseconds: 30 days of 24 hours.
const WAITS: i64 = 30 * 24 * 60 * 60 * 1_000_000;

/// What became of a recorded fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It counts, or waits to.
    Stands,
    /// It was taken back.
    Voided,
    /// It waited and could not be after all, for the reason with this code.
    Refused(&'static str),
}

#[derive(Debug, Clone)]
struct Entry {
    mark: Mark,
    at: Timestamp,
    event: Event,
    fate: Fate,
    until: Option<Timestamp>,
}

/// The facts of an order's life, in the order in which they were recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct OrderFile {
    entries: Vec<Entry>,
}

/// A step that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Of(usize),
    /// The payment's terms were frozen.
    Frozen(usize),
}

/// What the standing facts of a file lead to; numbers are places in the file.
#[derive(Debug, Default)]
struct Fold {
    steps: Vec<Step>,
    waiting: Vec<usize>,
    impossible: Vec<(usize, &'static str)>,
}

impl Fold {
    fn happened<'a>(&self, entries: &'a [Entry]) -> Vec<&'a Event> {
        self.steps
            .iter()
            .filter_map(|s| match s {
                Step::Of(i) => Some(&entries[*i].event),
                Step::Frozen(_) => None,
            })
            .collect()
    }

    /// Lets a fact count, wait or fail; then, as long as one of those that wait can go on or must fail, the first of them.
    fn take(&mut self, i: usize, entries: &[Entry]) {
        self.waiting.push(i);
        loop {
            let happened = self.happened(entries);
            let ripe = self.waiting.iter().position(|w| !matches!(verdict(&entries[*w].event, &happened), Verdict::After(_)));
            let Some(place) = ripe else { break };
            let ripe = self.waiting.remove(place);
            match verdict(&entries[ripe].event, &happened) {
                Verdict::Never(code) => self.impossible.push((ripe, code)),
                _ => self.steps.push(Step::Of(ripe)),
            }
        }
        // The terms are frozen when the payment is recorded; what had waited for it counts from the payment on.
        if matches!(entries[i].event, Event::Paid(_)) {
            self.steps.push(Step::Frozen(i));
        }
    }
}

impl OrderFile {
    fn fold(&self) -> Fold {
        let mut fold = Fold::default();
        for (i, entry) in self.entries.iter().enumerate() {
            if entry.fate == Fate::Stands {
                fold.take(i, &self.entries);
            }
        }
        fold
    }

    /// Whether something can happen to the order now.
    pub(crate) fn verdict(&self, event: &Event) -> Verdict {
        verdict(event, &self.fold().happened(&self.entries))
    }

    /// Keeps a fact that was recorded.
    pub(crate) fn keep(&mut self, mark: Mark, at: Timestamp, event: Event, now: Timestamp) {
        self.entries.push(Entry { mark, at, event, fate: Fate::Stands, until: None });
        self.note_fates(now);
    }

    /// Takes a recorded fact back.
    pub(crate) fn void(&mut self, mark: Mark, now: Timestamp) {
        for entry in self.entries.iter_mut().filter(|e| e.mark == mark) {
            entry.fate = Fate::Voided;
            entry.until = None;
        }
        self.note_fates(now);
    }

    /// Gives up what has waited until `now`; whether there was any.
    pub(crate) fn give_up(&mut self, now: Timestamp) -> bool {
        let mut any = false;
        for entry in self.entries.iter_mut().filter(|e| e.until.is_some_and(|until| until <= now)) {
            entry.fate = Fate::Refused("waited-too-long");
            entry.until = None;
            any = true;
        }
        any
    }

    /// Writes down what only the moment tells: what was refused once stays refused, and what waits does so since `now` at the latest.
    fn note_fates(&mut self, now: Timestamp) {
        let fold = self.fold();
        for (i, code) in fold.impossible {
            self.entries[i].fate = Fate::Refused(code);
        }
        for (i, entry) in self.entries.iter_mut().enumerate() {
            entry.until = fold.waiting.contains(&i).then(|| entry.until.unwrap_or_else(|| now.plus_micros(WAITS)));
        }
    }

    /// Whether a fact of it waits.
    pub(crate) fn waits(&self) -> bool {
        self.entries.iter().any(|e| e.until.is_some())
    }

    /// The time of its latest fact.
    pub(crate) fn last_at(&self) -> Option<Timestamp> {
        self.entries.iter().map(|e| e.at).max()
    }

    /// The marks of its facts.
    pub(crate) fn marks(&self) -> impl Iterator<Item = Mark> {
        self.entries.iter().map(|e| e.mark)
    }

    /// Kinds of facts that were refused after waiting, one each; a voided one is not among them.
    pub(crate) fn refused_kinds(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().filter(|e| matches!(e.fate, Fate::Refused(_))).map(|e| e.event.kind())
    }

    /// The order as it must look.
    pub(crate) fn expected(&self) -> ExpectedOrder {
        let fold = self.fold();
        let happened = fold.happened(&self.entries);
        let paid = payment(&happened);
        let step = |step: &'static str, i: usize| ExpectedStep { step, at: self.entries[i].at, until: self.entries[i].until };
        let steps = fold.steps.iter().map(|s| match s {
            Step::Of(i) => step(self.entries[*i].event.step(), *i),
            Step::Frozen(i) => step("frozen", *i),
        });
        let mut refused: Vec<&'static str> = self
            .entries
            .iter()
            .filter_map(|e| match e.fate {
                Fate::Refused(code) => Some(code),
                _ => None,
            })
            .collect();
        refused.sort_unstable();
        ExpectedOrder {
            status: status(&happened),
            paid_at: self.paid_at(&fold),
            paid_minor: paid.map(|p| p.paid_minor),
            currency: paid.map(|p| p.currency),
            refunded_minor: refunded_minor(&happened),
            buyer: paid.and_then(|p| p.buyer.clone()),
            shop: paid.map(|p| p.shop.clone()),
            streamer: paid.and_then(|p| p.streamer.clone()),
            steps: steps.collect(),
            waiting: fold.waiting.iter().map(|i| step(self.entries[*i].event.step(), *i)).collect(),
            refused,
            frozen_lines: paid.map(|p| lines_after_discounts(&p.lines, p.discounts_minor)).unwrap_or_default(),
            recorded: self.entries.iter().map(|e| e.event.kind()).collect(),
        }
    }

    /// The payment, when it was, and the events that count.
    pub(crate) fn trade(&self) -> Option<(&Payment, Timestamp, Vec<&Event>)> {
        let fold = self.fold();
        let happened = fold.happened(&self.entries);
        Some((payment(&happened)?, self.paid_at(&fold)?, happened))
    }

    fn paid_at(&self, fold: &Fold) -> Option<Timestamp> {
        fold.steps.iter().find_map(|s| match s {
            Step::Frozen(i) => Some(self.entries[*i].at),
            Step::Of(_) => None,
        })
    }
}

/// How far an order has come: the furthest of what happened to it.
fn status(happened: &[&Event]) -> &'static str {
    let furthest = [Event::Received, Event::Signed, Event::PickedUp, Event::Dispatched, Event::Cancelled];
    match furthest.iter().find(|e| happened.contains(e)) {
        Some(event) => event.step(),
        None if payment(happened).is_some() => "paid",
        None => "awaited",
    }
}
