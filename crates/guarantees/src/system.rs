//! Guarantees as a system of the engine.

use laotie_facts::body::FrozenPart;
use laotie_facts::{Body, Draft, Due, Fact, Flaw, Judgement, Listing, RuleBook, RuleDocument, States, System, Timestamp};

use crate::badge::{BADGES, Badge};
use crate::document::Guarantee;
use crate::freeze::FAMILY;
use crate::standing::{STANDING, StandingRules};
use crate::state::State;

/// The system of guarantees.
pub struct Guarantees;

impl System for Guarantees {
    const NAME: &'static str = crate::NAME;
    type State = State;

    fn touches(before: &States<State>, fact: &Fact) -> Vec<String> {
        crate::touches::touches(before, fact)
    }

    fn judge(before: &States<State>, fact: &Fact, book: &RuleBook) -> Judgement {
        crate::judge::judge(before, fact, book)
    }

    fn freeze(before: &States<State>, fact: &Fact, book: &RuleBook) -> Option<FrozenPart> {
        match &fact.body {
            Body::OrderPaid(paid) => Some(crate::freeze::freeze(before, paid, book, fact.at)),
            _ => None,
        }
    }

    fn decide(before: &States<State>, fact: &Fact, book: &RuleBook, _: Timestamp) -> Vec<Draft> {
        match &fact.body {
            Body::DeadlinePassed(passed) if passed.system.as_str() != crate::NAME => Vec::new(),
            _ => crate::decide::decide(before, fact, book),
        }
    }

    fn evolve(states: &mut States<State>, fact: &Fact) {
        crate::evolve::evolve(states, fact);
    }

    fn listings(key: &str, state: &State) -> Vec<Listing> {
        crate::listings::listings(key, state)
    }

    fn deadlines(_: &str, state: &State) -> Vec<Due> {
        crate::listings::deadlines(state)
    }

    fn check_rule(family: &str, document: &RuleDocument) -> Result<(), Flaw> {
        match family {
            FAMILY => document.read::<Guarantee>().map(|_| ()),
            BADGES => document.read::<Badge>().map(|_| ()),
            family if family == STANDING.0 => document.read::<StandingRules>().map(|_| ()),
            _ => Ok(()),
        }
    }
}
