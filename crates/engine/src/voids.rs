//! What was voided: the one thing that the engine itself must know of every fact.

use laotie_facts::body::FrozenPart;
use laotie_facts::{Body, Draft, Fact, Judgement, Kind, Listing, Origin, RuleBook, States, System, Timestamp};
use serde::{Deserialize, Serialize};

/// The system of voidings; its states are keyed by the sequence number of what was voided.
pub(crate) struct Voids;

/// That a fact was voided.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Voided {
    /// The voiding fact.
    by: i64,
}

fn key(fact: &Fact) -> Option<String> {
    match (&fact.body, &fact.target) {
        (Body::FactVoided(_), Some(target)) => Some(target.seq.to_string()),
        _ => None,
    }
}

impl System for Voids {
    const NAME: &'static str = "voids";
    type State = Voided;

    fn touches(_: &States<Voided>, fact: &Fact) -> Vec<String> {
        key(fact).into_iter().collect()
    }

    fn judge(before: &States<Voided>, fact: &Fact, _: &RuleBook) -> Judgement {
        let Body::FactVoided(body) = &fact.body else { return Judgement::Accept };
        let Some(target) = &fact.target else {
            let reason = format!("no fact `{}` of `{}` is recorded, so it cannot be voided", body.key, body.source);
            return Judgement::Refuse { code: "voided-fact-unknown", reason };
        };
        if target.kind().origin() == Origin::Laotie {
            let reason = format!("`{}` was decided by Laotie; void the fact that caused it", target.kind().name());
            return Judgement::Refuse { code: "decided-fact", reason };
        }
        if target.kind() == Kind::FactVoided {
            return Judgement::Refuse {
                code: "voiding-is-final",
                reason: "a voiding cannot be voided; send the fact again under a new key".into(),
            };
        }
        match key(fact).and_then(|k| before.get(&k).map(|v| v.by)) {
            Some(by) => Judgement::Refuse { code: "already-voided", reason: format!("the fact was voided already, by fact {by}") },
            None => Judgement::Accept,
        }
    }

    fn freeze(_: &States<Voided>, _: &Fact, _: &RuleBook) -> Option<FrozenPart> {
        None
    }

    fn decide(_: &States<Voided>, _: &Fact, _: &RuleBook, _: Timestamp) -> Vec<Draft> {
        Vec::new()
    }

    fn evolve(states: &mut States<Voided>, fact: &Fact) {
        if let Some(key) = key(fact) {
            states.edit(&key).by = fact.seq;
        }
    }

    fn listings(_: &str, _: &Voided) -> Vec<Listing> {
        Vec::new()
    }
}
