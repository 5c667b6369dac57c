//! Speech at the engine's table.

use laotie_facts::body::FrozenPart;
use laotie_facts::{
    Body, Draft, Due, Fact, Flaw, FromFamily, FromRule, Judgement, Listing, RuleBook, RuleDocument, States, System, Timestamp,
};

use crate::live::desk::{DESK, DeskRules};
use crate::live::state::State;
use crate::pack::Pack;

/// The family of the rule packs.
pub const FAMILY: &str = "speech";

/// Purpose of the deadline at which gathered findings are told.
pub(crate) const GATHERED: &str = "gathered";

/// Purpose of the deadline until which a nudge's words can be taken back, before the nudge's id.
pub(crate) const CORRECT: &str = "correct/";

/// The system of speech.
pub struct Speech;

fn pack(document: &RuleDocument) -> Result<Pack, Flaw> {
    Pack::parse(document.version.as_str(), &document.text).map_err(|e| Flaw::at(format!("line {}", e.line), e.message))
}

impl FromRule for Pack {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        pack(document)
    }
}

impl FromFamily for crate::RuleBook {
    fn from_family(documents: &[&RuleDocument]) -> Result<Self, Flaw> {
        let packs = documents.iter().map(|d| pack(d)).collect::<Result<Vec<_>, _>>()?;
        crate::RuleBook::of(&packs).map_err(|e| Flaw::at("text", e.to_string()))
    }
}

impl System for Speech {
    const NAME: &'static str = "speech";
    type State = State;

    fn touches(before: &States<State>, fact: &Fact) -> Vec<String> {
        crate::live::touches::touches(before, fact)
    }

    fn judge(before: &States<State>, fact: &Fact, _: &RuleBook) -> Judgement {
        let Body::NudgeHeeded(heeded) = &fact.body else { return Judgement::Accept };
        let refuse = |code, reason: String| Judgement::Refuse { code, reason };
        let show = before.get(&format!("show/{}", heeded.show)).and_then(|s| s.show.as_ref());
        match show.and_then(|s| s.nudge(heeded.nudge.as_str())) {
            None => refuse("nudge-unknown", format!("show `{}` had no nudge `{}`", heeded.show, heeded.nudge)),
            Some(thread) if !thread.is_open() => {
                refuse("nudge-closed", format!("nudge `{}` is answered already or its time is over", heeded.nudge))
            }
            Some(_) => Judgement::Accept,
        }
    }

    /// Speech has no part in an order's frozen copy.
    fn freeze(_: &States<State>, _: &Fact, _: &RuleBook) -> Option<FrozenPart> {
        None
    }

    fn decide(before: &States<State>, fact: &Fact, book: &RuleBook, _: Timestamp) -> Vec<Draft> {
        crate::live::decide::decide(before, fact, book)
    }

    fn evolve(states: &mut States<State>, fact: &Fact) {
        crate::live::evolve::evolve(states, fact);
    }

    fn listings(key: &str, state: &State) -> Vec<Listing> {
        crate::live::listings::listings(key, state)
    }

    fn check_rule(family: &str, document: &RuleDocument) -> Result<(), Flaw> {
        match family {
            FAMILY => document.read::<Pack>().map(drop),
            family if family == DESK.0 => document.read::<DeskRules>().map(drop),
            _ => Ok(()),
        }
    }

    fn check_family(family: &str, book: &RuleBook) -> Result<(), Flaw> {
        if family == FAMILY { book.read_family::<crate::RuleBook>(FAMILY, Timestamp::MAX).map(drop) } else { Ok(()) }
    }

    fn deadlines(_: &str, state: &State) -> Vec<Due> {
        let Some(show) = &state.show else { return Vec::new() };
        let gathered = show.gather_look.map(|due| Due { purpose: GATHERED.to_owned(), due });
        let correct = show.threads.iter().filter(|t| t.is_open());
        let correct = correct.map(|t| Due { purpose: format!("{CORRECT}{}", t.nudge), due: t.look_at });
        gathered.into_iter().chain(correct).collect()
    }
}
