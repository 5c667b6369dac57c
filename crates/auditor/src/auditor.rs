//! The auditor: told every fact, it says what must become of it.

use std::collections::{BTreeMap, BTreeSet};

use laotie_facts::{Body, Currency, Incoming, Kind, MarketZone, Origin, Timestamp};

use crate::books::{Books, CreditNote};
use crate::decided_on::decided_on;
use crate::event::Event;
use crate::expected::{Expected, ExpectedOrder};
use crate::identity::{Known, Mark, identity, mark};
use crate::order_file::OrderFile;
use crate::rules::Verdict;

/// The source under which Laotie's own facts stand.
const OWN_SOURCE: &str = "laotie";

/// A slow, obvious model of a market. See the crate's page.
#[derive(Debug, Clone)]
pub struct Auditor {
    zone: MarketZone,
    now: Timestamp,
    /// Every recorded fact, by the mark of its identity.
    known: BTreeMap<Mark, Known>,
    /// In which order's file a recorded fact stands.
    homes: BTreeMap<Mark, String>,
    orders: BTreeMap<String, OrderFile>,
    credits: BTreeMap<Mark, CreditNote>,
    /// Facts recorded, and facts taken back, by kind.
    recorded: BTreeMap<Kind, i64>,
    voided: BTreeMap<Kind, i64>,
    /// Orders that facts were about since somebody asked.
    touched: BTreeSet<String>,
    forgotten: Forgotten,
}

/// What is left of what the auditor was told to forget.
#[derive(Debug, Clone, Default)]
struct Forgotten {
    before: Timestamp,
    /// Marks of orders.
    orders: BTreeSet<Mark>,
    /// Their books.
    books: BTreeMap<Currency, Books>,
    /// Their facts that were refused after waiting, by kind.
    refused: BTreeMap<&'static str, i64>,
    /// Facts to which any answer went.
    unchecked: u64,
}

impl Auditor {
    /// An auditor of an empty market whose days are cut by a zone.
    pub fn new(zone: MarketZone) -> Self {
        Self {
            zone,
            now: Timestamp::default(),
            known: BTreeMap::new(),
            homes: BTreeMap::new(),
            orders: BTreeMap::new(),
            credits: BTreeMap::new(),
            recorded: BTreeMap::new(),
            voided: BTreeMap::new(),
            touched: BTreeSet::new(),
            forgotten: Forgotten::default(),
        }
    }

    /// Tells the time: facts watched from here on are heard of now, and what has waited until now is given up.
    ///
    /// While no time was ever told, nothing is given up, and until when facts wait is not compared.
    pub fn clock(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        for (order, file) in self.orders.iter_mut().filter(|(_, file)| file.waits()) {
            if file.give_up(now) {
                self.touched.insert(order.clone());
            }
        }
    }

    /// Whether a time was told.
    pub(crate) fn knows_the_time(&self) -> bool {
        self.now > Timestamp::default()
    }

    /// Watches a fact being sent: says what must become of it and keeps it when it must be recorded.
    pub fn watch(&mut self, fact: &Incoming) -> Expected {
        let place = identity(fact.source.as_str(), fact.key.as_str());
        let new = Known::of(fact);
        if let Some(known) = self.known.get(&place) {
            return if known.is_same(&new) { Expected::Repeated } else { Expected::Refused { codes: vec!["identity-reused"] } };
        }
        if fact.at < self.forgotten.before {
            return self.unchecked();
        }
        if let Body::FactVoided(voiding) = &fact.body {
            let target = identity(voiding.source.as_str(), voiding.key.as_str());
            if let Some(refused) = self.void(voiding.source.as_str(), target) {
                return refused;
            }
        }
        // Whether a claim, a case or a withdrawal can be depends on what Laotie decided before.
        if let Some(decided) = decided_on(fact.kind().name()) {
            return Expected::Decided { codes: decided.codes };
        }
        let mut waiting_for = None;
        if let Some((order, event)) = Event::of(&fact.body) {
            if self.forgotten.orders.contains(&mark(&order)) {
                return self.unchecked();
            }
            self.touched.insert(order.clone());
            let empty = OrderFile::default();
            match self.orders.get(&order).unwrap_or(&empty).verdict(&event) {
                Verdict::Never(code) => return Expected::Refused { codes: vec![code] },
                Verdict::After(kind) => waiting_for = Some(kind),
                Verdict::Now => {}
            }
            self.homes.insert(place, order.clone());
            self.orders.entry(order).or_default().keep(place, fact.at, event, self.now);
        }
        if let Body::RefundPaid(b) = &fact.body
            && b.order.is_none()
        {
            let note = CreditNote {
                at: fact.at,
                shop: b.shop.as_ref().map(ToString::to_string).unwrap_or_default(),
                buyer: b.buyer.as_ref().map(ToString::to_string),
                currency: b.currency,
                amount_minor: b.amount_minor.get(),
            };
            self.credits.insert(place, note);
        }
        self.known.insert(place, new);
        *self.recorded.entry(new.kind).or_default() += 1;
        Expected::Recorded { waiting_for }
    }

    /// Takes a fact back; says why when that cannot be.
    fn void(&mut self, source: &str, target: Mark) -> Option<Expected> {
        if source == OWN_SOURCE {
            // Decided facts are numbered by the engine: whether there is one of this name, the auditor does not know.
            return Some(Expected::Refused { codes: vec!["decided-fact", "voided-fact-unknown"] });
        }
        let Some(known) = self.known.get_mut(&target) else {
            let maybe_forgotten = self.forgotten.before > Timestamp::default();
            return Some(if maybe_forgotten { self.unchecked() } else { Expected::Refused { codes: vec!["voided-fact-unknown"] } });
        };
        if known.kind.origin() == Origin::Laotie {
            return Some(Expected::Refused { codes: vec!["decided-fact"] });
        }
        if known.kind == Kind::FactVoided {
            return Some(Expected::Refused { codes: vec!["voiding-is-final"] });
        }
        if known.voided {
            return Some(Expected::Refused { codes: vec!["already-voided"] });
        }
        known.voided = true;
        *self.voided.entry(known.kind).or_default() += 1;
        self.credits.remove(&target);
        if let Some((order, file)) = self.homes.get(&target).and_then(|order| Some((order, self.orders.get_mut(order)?))) {
            file.void(target, self.now);
            self.touched.insert(order.clone());
        }
        None
    }

    fn unchecked(&mut self) -> Expected {
        self.forgotten.unchecked += 1;
        Expected::Unchecked
    }

    /// How an order must look; `None` when no fact of its life was recorded, or it is forgotten.
    pub fn order(&self, id: &str) -> Option<ExpectedOrder> {
        self.orders.get(id).map(OrderFile::expected)
    }

    /// Whether an order was forgotten.
    pub fn is_forgotten(&self, id: &str) -> bool {
        self.forgotten.orders.contains(&mark(id))
    }

    /// The orders that facts were about since this was asked last, whatever became of the facts.
    pub fn take_touched(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.touched)
    }

    /// How many orders there were, the forgotten ones included.
    pub fn order_count(&self) -> usize {
        self.orders.len() + self.forgotten.orders.len()
    }

    /// The orders that are not forgotten.
    pub fn orders(&self) -> impl Iterator<Item = &str> {
        self.orders.keys().map(String::as_str)
    }

    /// The books of a currency, the forgotten orders' included.
    pub fn books(&self, currency: Currency) -> Books {
        let mut books = self.forgotten.books.get(&currency).cloned().unwrap_or_default();
        for (order, file) in &self.orders {
            if file.trade().is_some_and(|(payment, ..)| payment.currency == currency) {
                books.enter_order(order, file, &self.zone);
            }
        }
        for note in self.credits.values().filter(|n| n.currency == currency) {
            books.enter_credit(note, &self.zone);
        }
        books
    }

    /// Facts recorded, by kind, whatever became of them later.
    pub fn recorded(&self) -> BTreeMap<&'static str, i64> {
        self.recorded.iter().map(|(kind, n)| (kind.name(), *n)).collect()
    }

    /// Facts that stand, by kind: recorded, neither voided nor refused after waiting. Every payment that was recorded has
    /// its `order.frozen`, which stands even when the payment is voided.
    pub fn standing(&self) -> BTreeMap<&'static str, i64> {
        let mut standing = self.recorded();
        for (kind, n) in &self.voided {
            *standing.entry(kind.name()).or_default() -= n;
        }
        for kind in self.orders.values().flat_map(OrderFile::refused_kinds) {
            *standing.entry(kind).or_default() -= 1;
        }
        for (kind, n) in &self.forgotten.refused {
            *standing.entry(kind).or_default() -= n;
        }
        if let Some(payments) = self.recorded.get(&Kind::OrderPaid) {
            standing.insert("order.frozen", *payments);
        }
        standing.retain(|_, n| *n != 0);
        standing
    }

    /// Facts to which any answer went, since they were about something forgotten.
    pub fn unchecked_facts(&self) -> u64 {
        self.forgotten.unchecked
    }

    /// Drops the detail of what was over before a time, so that a long run fits into memory: orders whose latest fact
    /// happened before it and of which nothing waits, credit notes, and identities of facts that happened before it.
    ///
    /// What is no longer checked: a later fact of a forgotten order, a fact that happened before the time and is sent
    /// only now (or again), a voiding of a forgotten fact, and the views of forgotten orders. Such facts are not kept, so
    /// that books and counts may differ from the engine's by them: [`Auditor::unchecked_facts`] counts them, and while it
    /// says 0 every sum is still checked in full. A forgotten identity that is used again for something later is
    /// expected to be recorded, wrongly. So forget what lies further back than the market's longest disorder.
    pub fn forget_before(&mut self, time: Timestamp) {
        self.forgotten.before = self.forgotten.before.max(time);
        let over = |file: &OrderFile| !file.waits() && file.last_at().is_some_and(|at| at < time);
        let ids: Vec<String> = self.orders.iter().filter(|(_, file)| over(file)).map(|(id, _)| id.clone()).collect();
        for id in ids {
            let Some(file) = self.orders.remove(&id) else { continue };
            if let Some((payment, ..)) = file.trade() {
                self.forgotten.books.entry(payment.currency).or_default().enter_order(&id, &file, &self.zone);
            }
            for kind in file.refused_kinds() {
                *self.forgotten.refused.entry(kind).or_default() += 1;
            }
            for fact in file.marks() {
                self.homes.remove(&fact);
            }
            self.forgotten.orders.insert(mark(&id));
        }
        let old: Vec<Mark> = self.credits.iter().filter(|(_, note)| note.at < time).map(|(place, _)| *place).collect();
        for place in old {
            if let Some(note) = self.credits.remove(&place) {
                self.forgotten.books.entry(note.currency).or_default().enter_credit(&note, &self.zone);
            }
        }
        let homes = &self.homes;
        self.known.retain(|place, known| known.at >= time || homes.contains_key(place));
    }
}
