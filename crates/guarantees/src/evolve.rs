//! How states take facts in.

mod claims;
mod orders;
mod shops;

use laotie_facts::{Body, Fact, States};

pub(crate) use claims::count_ruling;
pub(crate) use orders::{count_kept, order_step, shop_of_review, shop_reported};

use crate::state::State;

/// Takes a fact in.
pub(crate) fn evolve(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::ClaimOpened(_)
        | Body::ClaimRouted(_)
        | Body::RulingMade(_)
        | Body::ClaimAnswered(_)
        | Body::ClaimAccepted(_)
        | Body::EvidenceGiven(_)
        | Body::AttestationGiven(_)
        | Body::CaseReviewed(_)
        | Body::AppealOpened(_)
        | Body::JuryVoted(_) => claims::take(states, fact),
        Body::FactVoided(_) => {
            if let Some(target) = &fact.target {
                orders::void(states, target);
            }
        }
        Body::DeadlinePassed(passed) if passed.system.as_str() == crate::NAME => match passed.key.as_str().split_once('/') {
            Some(("claim", id)) => claims::deadline(states, fact, id, passed.purpose.as_str()),
            Some(("shop", id)) => shops::deadline(states, fact, id, passed),
            _ => {}
        },
        Body::StandingChanged(_)
        | Body::GuaranteeSwitched(_)
        | Body::ItemListed(_)
        | Body::ItemChanged(_)
        | Body::PartyRegistered(_)
        | Body::CoverPriced(_)
        | Body::BadgeLit(_)
        | Body::BadgeUnlit(_)
        | Body::ReviewPosted(_)
        | Body::ReportFiled(_)
        | Body::ViolationFound(_) => shops::take(states, fact),
        _ => orders::take(states, fact),
    }
}
