//! The one shape of every system: it is shown facts, decides, and evolves its own states.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body::FrozenPart;
use crate::error::Flaw;
use crate::fact::{Draft, Fact};
use crate::money::Currency;
use crate::rules::{RuleBook, RuleDocument};
use crate::time::Timestamp;

/// What a system says to a fact that was sent, before it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It can be.
    Accept,
    /// It came before its predecessor: it is recorded, and waits.
    Wait {
        /// The kind of fact that it waits for.
        for_kind: &'static str,
    },
    /// It cannot be.
    Refuse {
        /// Stable kebab-case name, as `order-already-paid`.
        code: &'static str,
        /// What is wrong and what would be right.
        reason: String,
    },
}

/// A row of a list that people page through: queues, orders of a buyer, cases that are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which list.
    pub view: &'static str,
    /// Whose list; empty for the market's.
    pub owner: String,
    /// Sorted by this text, then by key.
    pub sort: String,
    /// What the row stands for.
    pub key: String,
    /// The row as canonical JSON.
    pub body: String,
}

/// A deadline that a state has; when it falls due the engine records `deadline.passed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What is to happen by then; unique within the state.
    pub purpose: String,
    /// When.
    pub due: Timestamp,
}

/// What an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The account, as `shop/s-3/proceeds`.
    pub account: String,
    /// The currency.
    pub currency: Currency,
    /// Sum of its postings.
    pub posted_minor: i64,
    /// Sum of its open holds.
    pub held_minor: i64,
    /// What `posted - held` may not fall below; `None` for no floor.
    pub floor_minor: Option<i64>,
}

/// The states that a batch of facts touches, loaded together; writing marks a state for saving.
#[derive(Debug, Clone)]
pub struct States<S> {
    entries: BTreeMap<String, Entry<S>>,
}

#[derive(Debug, Clone)]
struct Entry<S> {
    state: Option<S>,
    changed: bool,
}

impl<S> Default for States<S> {
    fn default() -> Self {
        Self { entries: BTreeMap::new() }
    }
}

impl<S: Default> States<S> {
    /// Takes in a state as it was loaded; `None` when there is none yet.
    pub fn load(&mut self, key: String, state: Option<S>) {
        self.entries.entry(key).or_insert(Entry { state, changed: false });
    }

    /// Whether a key was loaded.
    pub fn is_loaded(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The state of a key.
    pub fn get(&self, key: &str) -> Option<&S> {
        self.entries.get(key)?.state.as_ref()
    }

    /// The state of a key to be changed; the default one when there is none yet.
    pub fn edit(&mut self, key: &str) -> &mut S {
        if !self.entries.contains_key(key) {
            self.entries.insert(key.to_owned(), Entry { state: None, changed: false });
        }
        let entry = self.entries.get_mut(key).expect("inserted above");
        entry.changed = true;
        entry.state.get_or_insert_default()
    }

    /// The states changed since loading, in order of key.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &S)> {
        self.entries.iter().filter(|(_, e)| e.changed).filter_map(|(k, e)| Some((k.as_str(), e.state.as_ref()?)))
    }

    /// All states, in order of key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &S)> {
        self.entries.iter().filter_map(|(k, e)| Some((k.as_str(), e.state.as_ref()?)))
    }
}

/// A system: pure functions from facts to facts.
///
/// Time, ids and rules come in as arguments; nothing here waits or fails half-way.
pub trait System: Send + Sync + 'static {
    /// Its name in the `state` table.
    const NAME: &'static str;

    /// What it knows of one subject.
    type State: Serialize + DeserializeOwned + Default + Clone + PartialEq + Send + Sync;

    /// Keys of the states that a fact touches; empty when it is none of this system's business.
    ///
    /// Asked again once they are loaded, until nothing new is named: a claim's state tells its order, an
    /// order's its shop.
    fn touches(before: &States<Self::State>, fact: &Fact) -> Vec<String>;

    /// Whether a sent fact can be. Never asked of decided facts.
    fn judge(before: &States<Self::State>, fact: &Fact, book: &RuleBook) -> Judgement;

    /// This system's part of the order's frozen copy, asked once at `order.paid`.
    fn freeze(before: &States<Self::State>, fact: &Fact, book: &RuleBook) -> Option<FrozenPart>;

    /// The facts that follow from a fact.
    fn decide(before: &States<Self::State>, fact: &Fact, book: &RuleBook, now: Timestamp) -> Vec<Draft>;

    /// Takes the fact in.
    fn evolve(states: &mut States<Self::State>, fact: &Fact);

    /// The rows that a state has in lists; the engine adds, moves and removes them.
    fn listings(key: &str, state: &Self::State) -> Vec<Listing>;

    /// The balances that a state keeps; the engine writes those of changed states.
    fn balances(_key: &str, _state: &Self::State) -> Vec<Balance> {
        Vec::new()
    }

    /// Reads a rule document of this system's families, whether it holds now or later.
    ///
    /// # Errors
    /// [`Flaw`] with the line or clause and the reason, when the document cannot be a rule.
    fn check_rule(_family: &str, _document: &RuleDocument) -> Result<(), Flaw> {
        Ok(())
    }

    /// Reads a family of documents together, as they would hold with a change that is put forward.
    ///
    /// # Errors
    /// [`Flaw`] when they do not fit together.
    fn check_family(_family: &str, _book: &RuleBook) -> Result<(), Flaw> {
        Ok(())
    }

    /// The deadlines that a state has; the engine sets, moves and removes them.
    fn deadlines(_key: &str, _state: &Self::State) -> Vec<Due> {
        Vec::new()
    }
}
