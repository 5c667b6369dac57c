//! The audit for leaks: whether simple questions tell what was planted.
//!
//! The same facts are looked at twice: once to learn what each really is and how much of what is seen over the run,
//! once to make rows. Whatever tells planted from honest rows with one field or two questions is a leak of the
//! simulator, or fraud too easy to be of use.

use std::collections::BTreeMap;

use laotie_facts::{Body, Timestamp};
use serde::Serialize;

use super::book::Book;
use super::columns::Columns;
use super::features::Features;
use super::id_rule::{IdRule, two_characters};
use super::known::{Known, Label};
use super::number::{real, real_i64, real_u64};
use super::roles::{Names, Role, hash};
use super::sheet::{Row, Rows, Sheet};
use super::tally::Tally;
use super::verdict::{FEWEST, Verdict, judge};
use crate::happening::Happening;
use crate::random::Random;
use crate::truth::Truth;

/// What the audit found about one planted thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leak {
    /// What was planted.
    pub thing: String,
    /// How many of them there were.
    pub planted: u64,
    /// How many honest ones of the same kind there were.
    pub honest: u64,
    /// What tells them; `None` when there were too few.
    pub verdict: Option<Verdict>,
}

/// The audit of a run.
#[derive(Debug)]
pub struct Audit {
    seed: u64,
    room: usize,
    offset_minutes: u32,
    start: Timestamp,
    known: Known,
    run: Book,
    sofar: Book,
    counts: BTreeMap<(&'static str, &'static str), u64>,
    sheets: BTreeMap<(&'static str, &'static str), Sheet>,
}

impl Audit {
    /// An audit that keeps about `room` rows of each class, drawn evenly. What happened before
    /// `start` is history, of which no rows are made but of registrations; hours are of a market `offset_minutes` before UTC.
    pub fn new(seed: u64, room: usize, start: Timestamp, offset_minutes: u32) -> Self {
        Self {
            seed,
            room,
            offset_minutes,
            start,
            known: Known::default(),
            run: Book::default(),
            sofar: Book::default(),
            counts: BTreeMap::new(),
            sheets: BTreeMap::new(),
        }
    }

    /// First time through: a line of the truth.
    pub fn learn_truth(&mut self, truth: &Truth) {
        self.known.learn(truth);
    }

    /// First time through: a fact.
    pub fn learn(&mut self, happening: &Happening) {
        let found = self.run.named(happening);
        self.run.note(happening, &found);
        if happening.at >= self.start || matches!(happening.body, Body::PartyRegistered(_)) {
            *self.counts.entry(sheet_of(happening)).or_default() += 1;
        }
    }

    /// Second time through: the same facts in the same order.
    pub fn look(&mut self, happening: &Happening) {
        let found = self.sofar.named(happening);
        let is_history = happening.at < self.start && !matches!(happening.body, Body::PartyRegistered(_));
        if let Some(label) = self.known.label(happening).filter(|_| !is_history) {
            let key = sheet_of(happening);
            let all = match label {
                Label::Planted(number) => self.known.count(number),
                _ => self.counts.get(&key).copied().unwrap_or(0),
            };
            let mut chance = Random::of(self.seed, &[hash(key.0.as_bytes()), hash(happening.key.as_bytes())]);
            let keep = all == 0 || chance.unit() * real_u64(all) < real(self.room);
            let (sofar, run, start, offset) = (&self.sofar, &self.run, self.start, self.offset_minutes);
            let sheet = self.sheets.entry(key).or_default();
            sheet.offer(&label, keep, || (row(happening, &found, run), Features::of(happening, &found, start, offset, sofar, run)));
        }
        self.sofar.note(happening, &found);
    }

    /// What tells each planted thing, and the rule of two characters and an amount.
    pub fn finish(&self) -> (Vec<Leak>, Vec<IdRule>) {
        let (mut leaks, mut rules) = (Vec::new(), Vec::new());
        for ((kind, party), sheet) in &self.sheets {
            let mut classes: Vec<(&str, &Rows)> = sheet.planted().iter().map(|(n, rows)| (self.known.class(*n), rows)).collect();
            classes.sort_by_key(|(class, _)| *class);
            let honest = sheet.honest().seen;
            for (class, rows) in &classes {
                let thing = thing(class, kind);
                leaks.push(Leak { thing: thing.clone(), planted: rows.seen, honest, verdict: judge(sheet, &rows.kept) });
                rules.extend(id_rule(&thing, kind, party, sheet, &rows.kept));
            }
            if classes.len() > 1 && !party.is_empty() {
                let any: Vec<Row> = classes.iter().flat_map(|(_, rows)| rows.kept.iter().cloned()).collect();
                let planted = classes.iter().map(|(_, rows)| rows.seen).sum();
                leaks.push(Leak { thing: format!("any of these {party}s"), planted, honest, verdict: judge(sheet, &any) });
            }
        }
        (leaks, rules)
    }
}

/// The sheet that a fact stands on: its kind, and of which party it is the registration.
fn sheet_of(happening: &Happening) -> (&'static str, &'static str) {
    let kind = happening.body.kind().name();
    match &happening.body {
        Body::PartyRegistered(b) => (kind, b.party_kind.as_str()),
        _ => (kind, ""),
    }
}

fn thing(class: &str, sheet: &str) -> String {
    match (class, sheet) {
        ("dishonest", "claim.opened") => "dishonest claims".to_owned(),
        ("dishonest", _) => "dishonest returns".to_owned(),
        _ => class.to_owned(),
    }
}

fn row(happening: &Happening, found: &Names, run: &Book) -> Row {
    let first = |roles: &[Role]| roles.iter().find_map(|role| found.of(*role));
    let actor = first(&[Role::Buyer, Role::Provider, Role::Streamer, Role::Shop, Role::Party]).unwrap_or(0);
    let target = first(&[Role::Streamer, Role::Shop]).unwrap_or(actor);
    let (id, amount) = match &happening.body {
        Body::OrderPaid(b) => (b.order.to_string(), real_i64(b.paid_minor.get())),
        Body::PartyRegistered(b) => {
            let paid = found.of(Role::Buyer).and_then(|key| run.tally(key)).map_or(0.0, Tally::paid);
            (b.party.to_string(), paid)
        }
        _ => (String::new(), 0.0),
    };
    Row { subjects: [actor, target], id, amount, ..Row::default() }
}

fn id_rule(thing: &str, kind: &str, party: &str, sheet: &Sheet, planted: &[Row]) -> Option<IdRule> {
    let of = match (kind, party) {
        ("order.paid", _) => "orders",
        ("party.registered", "buyer") => "buyers",
        _ => return None,
    };
    let columns = Columns::of(&[], &sheet.honest().kept, planted);
    let rows: Vec<&Row> = sheet.honest().kept.iter().chain(planted).collect();
    let found = (planted.len() >= FEWEST).then(|| two_characters(&columns, &rows)).flatten();
    Some(IdRule { of: of.to_owned(), thing: thing.to_owned(), planted: planted.len(), found })
}
