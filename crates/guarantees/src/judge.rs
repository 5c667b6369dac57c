//! Whether a sent fact can be.

use laotie_cases::{Obstacle, Stage};
use laotie_facts::body::{AppealOpened, CaseReviewed, ClaimAnswer, ClaimAnswered, DecisionKind, EvidenceGiven, GuaranteeSwitched, Side};
use laotie_facts::{Body, Fact, Judgement, RuleBook, States, Timestamp};

use crate::admit::may_open;
use crate::claim::ClaimState;
use crate::decide::appealed_claim;
use crate::document::{Guarantee, Switch};
use crate::freeze::FAMILY;
use crate::state::{Look, State};

/// Judges a fact that was sent.
pub(crate) fn judge(states: &States<State>, fact: &Fact, book: &RuleBook) -> Judgement {
    let found = match &fact.body {
        Body::ClaimOpened(opened) => may_open(states, opened, fact.at, book),
        Body::ClaimAnswered(answered) => may_answer(states, answered, fact.at),
        Body::ClaimAccepted(accepted) => known(states, accepted.claim.as_str()).and_then(|claim| match claim.case.stage {
            Stage::Offered => Ok(()),
            _ => Err(Obstacle::new(
                "nothing-offered",
                "the merchant offered nothing that could be taken; `claim.answered` with an offer comes first",
            )),
        }),
        Body::ClaimWithdrawn(withdrawn) => known(states, withdrawn.claim.as_str()).and_then(undecided),
        Body::EvidenceGiven(given) => match &given.claim {
            Some(claim) => known(states, claim.as_str()).and_then(|claim| may_give(claim, given, fact.at)),
            None => Ok(()),
        },
        Body::CaseReviewed(looked) => may_review(states, looked, book),
        Body::AppealOpened(appeal) => may_appeal(states, appeal, fact),
        Body::JuryVoted(vote) => states.claim(vote.case.as_str()).map_or(Ok(()), |claim| claim.case.may_vote(vote)),
        Body::GuaranteeSwitched(switched) => may_switch(states, switched, fact.at, book),
        _ => Ok(()),
    };
    found.map_or_else(Judgement::from, |()| Judgement::Accept)
}

fn known<'a>(states: &'a States<State>, claim: &str) -> Result<&'a ClaimState, Obstacle> {
    states.claim(claim).ok_or_else(|| Obstacle::new("claim-unknown", format!("no claim `{claim}` was opened; send `claim.opened` first")))
}

fn undecided(claim: &ClaimState) -> Result<(), Obstacle> {
    if matches!(claim.case.stage, Stage::Open | Stage::Offered | Stage::InReview) {
        return Ok(());
    }
    Err(Obstacle::new("claim-decided", "the claim is decided; only an appeal can change that"))
}

fn may_answer(states: &States<State>, answered: &ClaimAnswered, at: Timestamp) -> Result<(), Obstacle> {
    let claim = known(states, answered.claim.as_str())?;
    undecided(claim)?;
    let by = claim.answer_by.filter(|by| claim.case.stage == Stage::Open && at > *by);
    if claim.case.stage == Stage::Open && (claim.silent.is_some() || by.is_some()) {
        let until = by.map_or(String::new(), |by| format!(" until {by}"));
        return Err(Obstacle::new(
            "answer-too-late",
            format!("the merchant could answer{until}; silence decides now, and a ruling can be appealed against"),
        ));
    }
    if claim.refused.is_some() && answered.answer == ClaimAnswer::Refuse {
        return Err(Obstacle::new("answer-repeated", "the merchant refused already; a reviewer looks"));
    }
    if let Some(theirs) = answered.currency.filter(|c| *c != claim.currency) {
        return Err(Obstacle::new(
            "currency-mismatch",
            format!("the order is in {}, the offer in {theirs}; nothing converts", claim.currency),
        ));
    }
    if let Some(offer) = answered.offer_minor.map(laotie_facts::Amount::get)
        && let Some(order) = states.order(&claim.order)
        && offer > claim.at_risk_minor.saturating_add(order.freight_minor)
    {
        return Err(Obstacle::new(
            "offer-too-large",
            format!("{offer} is offered, {} is the most that the claim can come to", claim.at_risk_minor),
        ));
    }
    Ok(())
}

fn may_give(claim: &ClaimState, given: &EvidenceGiven, at: Timestamp) -> Result<(), Obstacle> {
    claim.case.may_give(given)?;
    let closed = claim.evidence_by.filter(|by| at > *by || claim.evidence_passed);
    match closed {
        Some(by) if given.side == Side::Buyer && !matches!(claim.case.stage, Stage::Decided { .. } | Stage::Appealed { .. }) => {
            Err(Obstacle::new("evidence-too-late", format!("evidence could be given until {by}; a ruling can be appealed against")))
        }
        _ => Ok(()),
    }
}

fn may_review(states: &States<State>, looked: &CaseReviewed, book: &RuleBook) -> Result<(), Obstacle> {
    let named = looked.claim.as_ref().map(laotie_facts::ClaimId::as_str);
    let found = states.claim(named.unwrap_or(looked.case.as_str()));
    let Some(claim) = found else {
        if let Some(named) = named {
            return known(states, named).map(|_| ());
        }
        // Another system's case, or an appeal against a buyer's standing.
        let open = states.buyer(looked.case.as_str()).and_then(|b| b.appeal.as_ref());
        return match (open, &looked.appeal) {
            (Some(open), Some(given)) if open.id != given.as_str() => {
                Err(Obstacle::new("appeal-unknown", format!("the open appeal is `{}`, not `{given}`", open.id)))
            }
            _ => Ok(()),
        };
    };
    claim.case.may_review(looked)?;
    if let Some(theirs) = looked.currency.filter(|c| *c != claim.currency) {
        return Err(Obstacle::new(
            "currency-mismatch",
            format!("the order is in {}, the finding in {theirs}; nothing converts", claim.currency),
        ));
    }
    let rule = claim.version.as_ref().and_then(|v| book.version(v)).and_then(|d| d.read::<Guarantee>().ok());
    if let Some(discretion) = rule.as_ref().and_then(|r| r.decision.discretion.as_ref())
        && looked.outcome.decides()
        && looked.statement.is_none()
    {
        return Err(Obstacle::new(
            "reasons-missing",
            format!("it lies in the reviewer's discretion, so `statement` says why: {}", discretion.en),
        ));
    }
    Ok(())
}

fn may_appeal(states: &States<State>, appeal: &AppealOpened, fact: &Fact) -> Result<(), Obstacle> {
    match appeal.against_kind {
        DecisionKind::Ruling => match appealed_claim(states, appeal) {
            Some(id) => known(states, &id)?.case.may_appeal(fact, appeal),
            None => Err(Obstacle::new("ruling-unknown", format!("`{}` is neither a claim nor a ruling that is known", appeal.against))),
        },
        DecisionKind::Standing => {
            let buyer = states.buyer(appeal.against.as_str()).filter(|b| !b.limits.is_empty());
            match buyer {
                None => Err(Obstacle::new("nothing-to-appeal", format!("buyer `{}` is not limited", appeal.against))),
                Some(b) if b.appeal.is_some() => Err(Obstacle::new("nothing-to-appeal", "an appeal is open already")),
                Some(_) => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn may_switch(states: &States<State>, switched: &GuaranteeSwitched, at: Timestamp, book: &RuleBook) -> Result<(), Obstacle> {
    let name = switched.guarantee.as_str();
    let mandated = states.shop(switched.shop.as_str()).and_then(|s| s.switched.get(name)).is_some_and(|s| s.mandated);
    if !switched.on && mandated && !switched.mandated && switched.items.is_empty() && switched.streamer.is_none() {
        return Err(Obstacle::new("guarantee-mandated", format!("a rule demands `{name}`; it can be switched off once the rule lets go")));
    }
    let Some(document) = book.at(FAMILY, name, at) else {
        // A market without guarantees of its own takes any.
        return match book.family_at(FAMILY, at).next() {
            Some(_) => Err(Obstacle::new("guarantee-unknown", format!("the market's rules know no guarantee `{name}`"))),
            None => Ok(()),
        };
    };
    match document.read::<Guarantee>() {
        Ok(rule) if !switched.on && rule.entitlement.switch == Switch::Default && rule.dispatch.is_none() => {
            Err(Obstacle::new("guarantee-is-default", format!("`{name}` holds for everyone and cannot be switched off")))
        }
        _ => Ok(()),
    }
}
