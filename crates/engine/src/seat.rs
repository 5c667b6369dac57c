//! Systems at one table: each with the states that the batch touches.

use std::collections::BTreeMap;

use laotie_conduct::Conduct;
use laotie_facts::body::FrozenPart;
use laotie_facts::{Balance, Draft, Due, Fact, Flaw, Judgement, Listing, RuleBook, RuleDocument, States, System, Timestamp};
use laotie_guarantees::Guarantees;
use laotie_ledger::Ledger;
use laotie_orders::Orders;
use laotie_speech::live::Speech;
use laotie_store::{BalanceRow, DeadlineRow, ListingRow, StateKey, StateRow, StoreError, Writes};

use crate::market_rules::MarketRules;
use crate::voids::Voids;

/// A system and its loaded states, whatever their type.
pub(crate) trait Seat: Send {
    fn name(&self) -> &'static str;
    fn touches(&self, fact: &Fact) -> Vec<String>;
    fn is_loaded(&self, key: &str) -> bool;
    fn load(&mut self, key: &str, body: Option<&str>) -> Result<(), StoreError>;
    fn judge(&self, fact: &Fact, book: &RuleBook) -> Judgement;
    fn freeze(&self, fact: &Fact, book: &RuleBook) -> Option<FrozenPart>;
    fn decide(&self, fact: &Fact, book: &RuleBook, now: Timestamp) -> Vec<Draft>;
    fn evolve(&mut self, fact: &Fact);
    /// Adds the changed states, lists and deadlines to what is written.
    fn write(&self, writes: &mut Writes);
    /// Reads a rule document of the system's families.
    fn check_rule(&self, family: &str, document: &RuleDocument) -> Result<(), Flaw>;
    /// Reads the documents of a family together.
    fn check_family(&self, family: &str, book: &RuleBook) -> Result<(), Flaw>;
    /// The deadlines of a loaded state.
    fn deadlines(&self, key: &str) -> Vec<Due>;
    /// The states and their bodies, in order of key.
    fn states(&self) -> Vec<(String, String)>;
}

struct Table<S: System> {
    states: States<S::State>,
    before: BTreeMap<String, Before>,
}

/// What of a state stood in other tables when it was loaded.
#[derive(Default)]
struct Before {
    listed: Vec<Listing>,
    due: Vec<Due>,
    balances: Vec<Balance>,
}

fn table<S: System>() -> Box<dyn Seat> {
    Box::new(Table::<S> { states: States::default(), before: BTreeMap::new() })
}

/// Every system, in the order in which they decide.
pub(crate) fn seats() -> Vec<Box<dyn Seat>> {
    vec![
        table::<Voids>(),
        table::<MarketRules>(),
        table::<Orders>(),
        table::<Ledger>(),
        table::<Guarantees>(),
        table::<Conduct>(),
        table::<Speech>(),
    ]
}

impl<S: System> Seat for Table<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn touches(&self, fact: &Fact) -> Vec<String> {
        S::touches(&self.states, fact)
    }

    fn is_loaded(&self, key: &str) -> bool {
        self.states.is_loaded(key)
    }

    fn load(&mut self, key: &str, body: Option<&str>) -> Result<(), StoreError> {
        let state: Option<S::State> = match body {
            Some(text) => Some(
                serde_json::from_str(text)
                    .map_err(|e| StoreError::Corrupt { what: format!("the state {}/{key}", S::NAME), reason: e.to_string() })?,
            ),
            None => None,
        };
        if let Some(state) = &state {
            let before = Before { listed: S::listings(key, state), due: S::deadlines(key, state), balances: S::balances(key, state) };
            self.before.insert(key.to_owned(), before);
        }
        self.states.load(key.to_owned(), state);
        Ok(())
    }

    fn judge(&self, fact: &Fact, book: &RuleBook) -> Judgement {
        S::judge(&self.states, fact, book)
    }

    fn freeze(&self, fact: &Fact, book: &RuleBook) -> Option<FrozenPart> {
        S::freeze(&self.states, fact, book)
    }

    fn decide(&self, fact: &Fact, book: &RuleBook, now: Timestamp) -> Vec<Draft> {
        S::decide(&self.states, fact, book, now)
    }

    fn evolve(&mut self, fact: &Fact) {
        S::evolve(&mut self.states, fact);
    }

    fn write(&self, writes: &mut Writes) {
        let nothing = Before::default();
        for (key, state) in self.states.changed() {
            writes.states.push(StateRow { system: S::NAME.to_owned(), key: key.to_owned(), body: json(state) });
            let Before { listed, due, balances } = self.before.get(key).unwrap_or(&nothing);
            let now_listed = S::listings(key, state);
            let gone = listed.iter().filter(|old| !now_listed.iter().any(|new| same_place(old, new)));
            writes.listings_gone.extend(gone.map(|l| (l.view.to_owned(), l.owner.clone(), l.key.clone())));
            writes.listings.extend(now_listed.into_iter().filter(|new| !listed.contains(new)).map(listing_row));
            let now_balances = S::balances(key, state);
            let closed =
                balances.iter().filter(|old| !now_balances.iter().any(|new| (&new.account, new.currency) == (&old.account, old.currency)));
            writes.balances.extend(closed.map(|b| balance_row(&Balance { posted_minor: 0, held_minor: 0, ..b.clone() })));
            writes.balances.extend(now_balances.iter().filter(|new| !balances.contains(new)).map(balance_row));
            let now_due = S::deadlines(key, state);
            let gone = due.iter().filter(|old| !now_due.iter().any(|new| new.purpose == old.purpose));
            writes.deadlines_gone.extend(gone.map(|d| (S::NAME.to_owned(), key.to_owned(), d.purpose.clone())));
            writes.deadlines.extend(now_due.into_iter().filter(|new| !due.contains(new)).map(|d| DeadlineRow {
                system: S::NAME.to_owned(),
                key: key.to_owned(),
                purpose: d.purpose,
                due: d.due,
            }));
        }
    }

    fn check_rule(&self, family: &str, document: &RuleDocument) -> Result<(), Flaw> {
        S::check_rule(family, document)
    }

    fn check_family(&self, family: &str, book: &RuleBook) -> Result<(), Flaw> {
        S::check_family(family, book)
    }

    fn deadlines(&self, key: &str) -> Vec<Due> {
        self.states.get(key).map(|state| S::deadlines(key, state)).unwrap_or_default()
    }

    fn states(&self) -> Vec<(String, String)> {
        self.states.iter().map(|(key, state)| (key.to_owned(), json(state))).collect()
    }
}

fn json<T: serde::Serialize>(state: &T) -> String {
    serde_json::to_string(state).expect("states hold strings, integers and lists of them")
}

fn same_place(a: &Listing, b: &Listing) -> bool {
    (a.view, &a.owner, &a.key) == (b.view, &b.owner, &b.key)
}

fn balance_row(b: &Balance) -> BalanceRow {
    BalanceRow {
        account: b.account.clone(),
        currency: b.currency.code().to_owned(),
        posted_minor: b.posted_minor,
        held_minor: b.held_minor,
        floor_minor: b.floor_minor,
    }
}

fn listing_row(l: Listing) -> ListingRow {
    ListingRow { view: l.view.to_owned(), owner: l.owner, sort: l.sort, key: l.key, body: l.body }
}

/// The keys of the states that facts touch and that no seat has loaded yet.
pub(crate) fn missing<'a>(seats: &[Box<dyn Seat>], facts: impl Iterator<Item = &'a Fact>) -> Vec<StateKey> {
    let mut keys = std::collections::BTreeSet::new();
    for fact in facts {
        for seat in seats {
            for key in seat.touches(fact) {
                if !seat.is_loaded(&key) {
                    keys.insert(StateKey { system: seat.name().to_owned(), key });
                }
            }
        }
    }
    keys.into_iter().collect()
}

/// Hands loaded rows to their seats; a key without a row has no state yet.
pub(crate) fn take_in(seats: &mut [Box<dyn Seat>], keys: &[StateKey], rows: &[StateRow]) -> Result<(), StoreError> {
    let bodies: std::collections::HashMap<(&str, &str), &str> =
        rows.iter().map(|r| ((r.system.as_str(), r.key.as_str()), r.body.as_str())).collect();
    for key in keys {
        for seat in seats.iter_mut().filter(|s| s.name() == key.system) {
            seat.load(&key.key, bodies.get(&(key.system.as_str(), key.key.as_str())).copied())?;
        }
    }
    Ok(())
}
