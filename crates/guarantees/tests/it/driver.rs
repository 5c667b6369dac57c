//! A small engine: loads what facts touch and nothing else, judges, freezes, decides depth first, evolves.

use std::collections::{BTreeMap, BTreeSet};

use laotie_facts::body::{FrozenLine, OrderFrozen, OrderPaid, RulingMade};
use laotie_facts::{
    Body, Draft, Fact, FactKey, Judgement, Kind, LineId, Money, RuleBook, RuleVersion, SignedAmount, SourceId, States, System, Timestamp,
};
use laotie_guarantees::{ClaimState, Guarantees, OrderState, State};
use serde_json::{Value, json};

/// The shipped documents of a folder: family, name, text.
pub(crate) fn shipped(family: &str) -> Vec<(String, String)> {
    let folder = format!("{}/../../rulebook/{family}", env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the rulebook ships with the code")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| {
            let stem = path.file_stem().and_then(|s| s.to_str()).expect("UTF-8").to_owned();
            (stem, std::fs::read_to_string(&path).expect("readable"))
        })
        .collect();
    found.sort();
    found
}

/// Publishes a document as the engine does: the name is what stands before `@`.
pub(crate) fn publish(book: &mut RuleBook, family: &str, stem: &str, text: &str) {
    let name = stem.split('@').next().expect("never empty");
    let table: toml::Table = text.parse().expect("TOML");
    let version = table["version"].as_str().expect("a version");
    let from = table.get("effective_from").and_then(|v| v.as_str()).map_or(Timestamp::default(), time);
    let version = RuleVersion::new(format!("{family}/{name}@{version}")).expect("a rule version");
    book.publish(family, name, version, from, text.to_owned()).expect("published");
}

pub(crate) fn time(text: &str) -> Timestamp {
    let full = if text.len() == 16 { format!("{text}:00+08:00") } else { text.to_owned() };
    Timestamp::parse(&full).expect("a time")
}

/// A market with the shipped rules, in a zone.
pub(crate) struct Market {
    pub(crate) book: RuleBook,
    due: BTreeSet<(Timestamp, String, String)>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) states: BTreeMap<String, State>,
    pub(crate) now: Timestamp,
}

impl Market {
    pub(crate) fn new() -> Self {
        Self::in_zone("Asia/Shanghai")
    }

    pub(crate) fn in_zone(zone: &str) -> Self {
        let mut book = RuleBook::default();
        let calendar = format!(
            "version = \"2020-01-01.1\"\nsource = \"test\"\nzone = \"{zone}\"\ndays_of_rest = [\"saturday\", \"sunday\"]\nholidays = []\nworkdays = []\n"
        );
        publish(&mut book, "calendar", "market", &calendar);
        for family in ["guarantees", "standing", "badges"] {
            for (stem, text) in shipped(family) {
                publish(&mut book, family, &stem, &text);
            }
        }
        Self { book, due: BTreeSet::new(), facts: Vec::new(), states: BTreeMap::new(), now: Timestamp::default() }
    }

    /// Sends a fact: its place in the journal, or the code of the refusal.
    pub(crate) fn send(&mut self, at: &str, kind: &str, body: &Value) -> Result<i64, String> {
        self.send_at(time(at), kind, body)
    }

    pub(crate) fn send_at(&mut self, at: Timestamp, kind: &str, body: &Value) -> Result<i64, String> {
        let kind = Kind::from_name(kind).expect("a kind of fact");
        let body = Body::parse(kind, &body.to_string()).unwrap_or_else(|e| panic!("{kind:?}: {e}"));
        self.take(at, body, None)
    }

    /// Voids a fact that was sent.
    pub(crate) fn void(&mut self, at: &str, seq: i64) -> Result<i64, String> {
        let target = self.facts[usize::try_from(seq - 1).expect("in range")].clone();
        let body =
            Body::parse(Kind::FactVoided, &json!({"key": "k", "reason": "by mistake", "source": "test"}).to_string()).expect("valid");
        self.take(time(at), body, Some(Box::new(target)))
    }

    fn take(&mut self, at: Timestamp, body: Body, target: Option<Box<Fact>>) -> Result<i64, String> {
        self.pass(at);
        self.now = self.now.max(at);
        let fact = self.numbered(at, body, target, "test", Vec::new());
        let states = self.load(&fact);
        match Guarantees::judge(&states, &fact, &self.book) {
            Judgement::Refuse { code, reason } => {
                assert!(!reason.is_empty());
                return Err(code.to_owned());
            }
            Judgement::Accept | Judgement::Wait { .. } => {}
        }
        let seq = fact.seq;
        self.follow(fact);
        Ok(seq)
    }

    fn numbered(&self, at: Timestamp, body: Body, target: Option<Box<Fact>>, source: &str, because: Vec<i64>) -> Fact {
        let seq = i64::try_from(self.facts.len()).expect("short") + 1;
        Fact {
            seq,
            seen: self.now.max(at),
            at,
            source: SourceId::new(source).expect("valid"),
            key: FactKey::new(format!("k{seq}")).expect("valid"),
            by: None,
            because,
            rules: Vec::new(),
            body,
            target,
        }
    }

    fn load(&self, fact: &Fact) -> States<State> {
        let mut states = States::default();
        loop {
            let keys: Vec<String> = Guarantees::touches(&states, fact).into_iter().filter(|k| !states.is_loaded(k)).collect();
            if keys.is_empty() {
                return states;
            }
            for key in keys {
                // A state is a row of JSON between batches.
                let state = self
                    .states
                    .get(&key)
                    .map(|s| serde_json::from_str(&serde_json::to_string(s).expect("serialises")).expect("reads back"));
                states.load(key, state);
            }
        }
    }

    fn follow(&mut self, fact: Fact) {
        let mut states = self.load(&fact);
        let mut drafts: Vec<Draft> = Vec::new();
        if let Body::OrderPaid(paid) = &fact.body {
            drafts.push(frozen(&states, &fact, paid, &self.book));
        }
        drafts.extend(Guarantees::decide(&states, &fact, &self.book, fact.seen));
        let loaded: Vec<String> = states.iter().map(|(k, _)| k.to_owned()).collect();
        let named = Guarantees::touches(&states, &fact);
        Guarantees::evolve(&mut states, &fact);
        for (key, state) in states.changed() {
            assert!(
                loaded.iter().any(|k| k == key) || named.iter().any(|k| k == key),
                "{:?} changed {key}, which it does not touch",
                fact.kind()
            );
            let before = self.states.insert(key.to_owned(), state.clone());
            for due in before.iter().flat_map(|s| Guarantees::deadlines(key, s)) {
                self.due.remove(&(due.due, key.to_owned(), due.purpose));
            }
            self.due.extend(Guarantees::deadlines(key, state).into_iter().map(|d| (d.due, key.to_owned(), d.purpose)));
        }
        let seq = fact.seq;
        self.facts.push(fact);
        for draft in drafts {
            // What is decided reads as if it had been sent.
            let text = draft.body.canonical();
            let body = Body::parse(draft.body.kind(), &text).unwrap_or_else(|e| panic!("decided {text}: {e}"));
            let fact = self.numbered(draft.at, body, None, "laotie", vec![seq]);
            self.follow(fact);
        }
    }

    /// Lets the clock run: every deadline that falls due is a fact.
    pub(crate) fn pass(&mut self, until: Timestamp) {
        for _ in 0..100_000 {
            let Some((due, key, purpose)) = self.due.first().filter(|d| d.0 <= until).cloned() else { return };
            self.now = self.now.max(due);
            let body = json!({"due": due.to_string(), "key": key, "purpose": purpose, "system": "guarantees"});
            let body = Body::parse(Kind::DeadlinePassed, &body.to_string()).expect("valid");
            let fact = self.numbered(due, body, None, "laotie", Vec::new());
            self.follow(fact);
            let again =
                self.states.get(&key).is_some_and(|s| Guarantees::deadlines(&key, s).iter().any(|d| d.purpose == purpose && d.due == due));
            assert!(!again, "the deadline {purpose} of {key} passed and stays");
        }
        panic!("deadlines without end");
    }

    pub(crate) fn pass_to(&mut self, until: &str) {
        self.pass(time(until));
    }

    pub(crate) fn order(&self, id: &str) -> &OrderState {
        match &self.states[&format!("order/{id}")] {
            State::Order(order) => order,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn claim(&self, id: &str) -> &ClaimState {
        match &self.states[&format!("claim/{id}")] {
            State::Claim(claim) => claim,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn of_kind(&self, kind: Kind) -> Vec<&Fact> {
        self.facts.iter().filter(|f| f.kind() == kind).collect()
    }

    pub(crate) fn rulings(&self) -> Vec<&RulingMade> {
        self.facts
            .iter()
            .filter_map(|f| match &f.body {
                Body::RulingMade(ruling) => Some(ruling),
                _ => None,
            })
            .collect()
    }

    /// The rulings in words: outcome, reason, awards.
    pub(crate) fn told(&self) -> String {
        let line = |r: &&RulingMade| {
            let awards: Vec<String> = r
                .awards
                .iter()
                .map(|a| {
                    let line = a.line.as_ref().map_or(String::new(), |l| format!(" of {l}"));
                    let times = a.multiple.map_or(String::new(), |m| format!(" x{}", m.get()));
                    let payer = a.payer.as_ref().map_or(String::new(), |p| format!(" by {p}"));
                    let coupon = a.paid_as.map_or(String::new(), |p| format!(" as {p:?}"));
                    format!("{:?} {}{line}{times}{payer}{coupon}", a.award, a.amount_minor.get())
                })
                .collect();
            let last = if r.appeal_by.is_none() { " (final)" } else { "" };
            let claim = if r.claim.as_str().starts_with("clm_") { "automatic" } else { r.claim.as_str() };
            format!("{claim}: {:?} because {}{last}: {}", r.outcome, r.reasons[0].code, awards.join(", "))
        };
        self.rulings().iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// An order of one line of `minor`, paid, dispatched and signed within the hour.
    pub(crate) fn signed(&mut self, order: &str, at: &str, item: &str, minor: i64) {
        self.paid(order, at, &[("1", item, minor)]);
        self.send(at, "order.dispatched", &json!({"order": order})).expect("dispatched");
        self.send(at, "order.signed", &json!({"order": order})).expect("signed");
    }

    pub(crate) fn paid(&mut self, order: &str, at: &str, lines: &[(&str, &str, i64)]) {
        self.paid_by(order, at, "b-1", "s-1", lines);
    }

    pub(crate) fn paid_by(&mut self, order: &str, at: &str, buyer: &str, shop: &str, lines: &[(&str, &str, i64)]) {
        let sum: i64 = lines.iter().map(|l| l.2).sum();
        let lines: Vec<Value> =
            lines.iter().map(|(l, item, minor)| json!({"item": item, "line": l, "qty": 1, "total_minor": minor})).collect();
        let body = json!({"buyer": buyer, "currency": "CNY", "lines": lines, "order": order, "paid_minor": sum, "shop": shop});
        self.send(at, "order.paid", &body).expect("paid");
    }

    /// Shop `s-1` sent an order a while ago, so that its dispatches are known to be told.
    pub(crate) fn tells_dispatches(&mut self, at: Timestamp) {
        let line = json!({"item": "i-0", "line": "1", "qty": 1, "total_minor": 100});
        let body = json!({"buyer": "b-0", "currency": "CNY", "lines": [line], "order": "o-0", "paid_minor": 100, "shop": "s-1"});
        self.send_at(at, "order.paid", &body).expect("paid");
        self.send_at(at.plus_micros(60_000_000), "order.dispatched", &json!({"order": "o-0"})).expect("sent");
    }

    pub(crate) fn item(&mut self, item: &str, facts: &Value) {
        self.send("2021-01-01T00:00:00Z", "item.listed", &json!({"facts": facts, "item": item, "shop": "s-1"})).expect("listed");
    }

    pub(crate) fn switch(&mut self, at: &str, guarantee: &str, on: bool) -> Result<i64, String> {
        self.send(at, "guarantee.switched", &json!({"guarantee": guarantee, "on": on, "shop": "s-1"}))
    }

    /// Opens a claim; `more` adds to or replaces what it says.
    pub(crate) fn open(&mut self, at: &str, claim: &str, order: &str, reason: &str, more: &Value) -> Result<i64, String> {
        let mut body = json!({"claim": claim, "order": order, "reason": reason, "wish": "refund"});
        for (field, value) in more.as_object().expect("an object") {
            body[field] = value.clone();
        }
        self.send(at, "claim.opened", &body)
    }

    pub(crate) fn answer(&mut self, at: &str, claim: &str, answer: &str) -> Result<i64, String> {
        self.send(at, "claim.answered", &json!({"answer": answer, "claim": claim}))
    }

    pub(crate) fn offer(&mut self, at: &str, claim: &str, minor: i64) -> Result<i64, String> {
        self.send(at, "claim.answered", &json!({"answer": "offer", "claim": claim, "currency": "CNY", "offer_minor": minor}))
    }

    pub(crate) fn evidence(&mut self, at: &str, claim: &str, id: &str, kind: &str) -> Result<i64, String> {
        let file = json!({"hash": "0".repeat(64), "media_type": "image/jpeg", "size_bytes": 10});
        let body = json!({"claim": claim, "evidence": id, "evidence_kind": kind, "file": file, "side": "buyer"});
        self.send(at, "evidence.given", &body)
    }

    pub(crate) fn review(&mut self, at: &str, claim: &str, reviewer: &str, outcome: &str, more: &Value) -> Result<i64, String> {
        let mut body = json!({"case": claim, "claim": claim, "outcome": outcome, "reviewer": reviewer});
        for (field, value) in more.as_object().expect("an object") {
            body[field] = value.clone();
        }
        self.send(at, "case.reviewed", &body)
    }

    pub(crate) fn appeal(&mut self, at: &str, against: &str, appeal: &str, side: &str) -> Result<i64, String> {
        let body =
            json!({"against": against, "against_kind": "ruling", "appeal": appeal, "appellant": format!("{side}-party"), "side": side});
        self.send(at, "appeal.opened", &body)
    }

    pub(crate) fn attest(&mut self, at: &str, claim: &str, id: &str, marks: &[&str], finding: &str) -> Result<i64, String> {
        let body = json!({"accreditations": marks, "attestation": id, "attester": "lab-1", "attester_kind": "lab", "claim": claim, "finding": finding});
        self.send(at, "attestation.given", &body)
    }
}

/// The frozen copy as the engine assembles it, lines spread as the orders' own part does.
fn frozen(states: &States<State>, fact: &Fact, paid: &OrderPaid, book: &RuleBook) -> Draft {
    let part = Guarantees::freeze(states, fact, book).expect("a part of every order");
    let discount: i64 = paid.discounts.iter().map(|d| d.amount_minor.get()).sum();
    let weights: Vec<u64> = paid.lines.iter().map(|l| u64::try_from(l.total_minor.get()).unwrap_or(0)).collect();
    let lines = if discount == 0 {
        Vec::new()
    } else {
        let parts = Money::new(discount, paid.currency).spread(&weights).expect("some weight");
        let line = |l: &laotie_facts::body::OrderLine, part: Money| FrozenLine {
            line: LineId::new(l.line.as_str()).expect("valid"),
            paid_minor: SignedAmount::new(l.total_minor.get() - part.minor()).expect("in range"),
        };
        paid.lines.iter().zip(parts).map(|(l, p)| line(l, p)).collect()
    };
    let body = OrderFrozen { lines, order: paid.order.clone(), parts: [("guarantees".to_owned(), part.terms)].into() };
    Draft { at: fact.at, body: body.into(), because: Vec::new(), rules: part.rules }
}
