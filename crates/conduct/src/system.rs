//! Conduct as a system of the engine.

use laotie_facts::body::FrozenPart;
use laotie_facts::{Draft, Due, Fact, Flaw, Judgement, Listing, RuleBook, RuleDocument, States, System, Timestamp};

use crate::jury::{JURY, JuryRules};
use crate::penalty::ANNUAL_RESET;
use crate::schedule::{FAMILY, Schedule};
use crate::state::State;

/// The system of conduct.
pub struct Conduct;

impl System for Conduct {
    const NAME: &'static str = "conduct";
    type State = State;

    fn touches(before: &States<State>, fact: &Fact) -> Vec<String> {
        crate::reach::touches(before, fact)
    }

    fn judge(before: &States<State>, fact: &Fact, book: &RuleBook) -> Judgement {
        crate::judge::judge(before, fact, book)
    }

    /// Conduct has no part in an order's frozen copy.
    fn freeze(_: &States<State>, _: &Fact, _: &RuleBook) -> Option<FrozenPart> {
        None
    }

    fn decide(before: &States<State>, fact: &Fact, book: &RuleBook, now: Timestamp) -> Vec<Draft> {
        crate::decide::decide(before, fact, book, now)
    }

    fn evolve(states: &mut States<State>, fact: &Fact) {
        crate::evolve::evolve(states, fact);
    }

    fn listings(key: &str, state: &State) -> Vec<Listing> {
        crate::listings::listings(key, state)
    }

    fn check_rule(family: &str, document: &RuleDocument) -> Result<(), Flaw> {
        match family {
            FAMILY => document.read::<Schedule>().map(drop),
            family if family == JURY.0 => document.read::<JuryRules>().map(drop),
            _ => Ok(()),
        }
    }

    fn deadlines(_: &str, state: &State) -> Vec<Due> {
        let reset = state.party.as_ref().and_then(|p| p.resets_at).map(|due| Due { purpose: ANNUAL_RESET.to_owned(), due });
        let of_penalty = state.penalty.as_ref().map(crate::penalty::Penalty::deadlines).unwrap_or_default();
        reset.into_iter().chain(of_penalty).collect()
    }
}
