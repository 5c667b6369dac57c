//! Claims: opened, routed, answered, looked at, ruled on, appealed against.

use laotie_cases::{Case, Evidence, Stage};
use laotie_facts::body::{
    AfterSaleReason, AttestationFinding, AwardKind, CaseReviewed, ClaimAnswer, ClaimOpened, ClaimRouted, ClaimTurn, ClaimWish,
    DecisionKind, Liability, ReviewOutcome, RulingMade, RulingOutcome,
};
use laotie_facts::{Body, Fact, States, Timestamp};

use crate::buyer::{BuyerState, Deed, StandingAppeal};
use crate::claim::{Attested, Awaiting, ClaimState};
use crate::days::day_of;
use crate::decide::appealed_claim;
use crate::order::{Awarded, ClaimStanding, OrderClaim};
use crate::shop::Event;
use crate::state::{Look, State, buyer_mut, claim_mut, item_mut, order_mut, shop_mut};

/// Takes a fact about a claim in.
pub(super) fn take(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::ClaimOpened(opened) => claim_opened(states, fact, opened),
        Body::ClaimRouted(routed) => claim_routed(states, fact, routed),
        Body::RulingMade(made) => ruling_made(states, fact, made),
        Body::ClaimAnswered(answered) => {
            if let Some(claim) = claim_mut(states, answered.claim.as_str()) {
                match answered.answer {
                    ClaimAnswer::Agree => claim.awaiting = Some(awaiting("merchant_agreed", RulingOutcome::Upheld, fact.seq)),
                    ClaimAnswer::Offer => {
                        claim.case.stage = Stage::Offered;
                        claim.offer_minor = answered.offer_minor.map(laotie_facts::Amount::get);
                    }
                    ClaimAnswer::Refuse => claim.refused = Some(fact.seq),
                }
            }
        }
        Body::ClaimAccepted(accepted) => {
            if let Some(claim) = claim_mut(states, accepted.claim.as_str()) {
                let amount_minor = claim.offer_minor;
                claim.awaiting = Some(Awaiting { amount_minor, ..awaiting("offer_taken", RulingOutcome::UpheldInPart, fact.seq) });
            }
        }
        Body::EvidenceGiven(given) => {
            if let Some(claim) = given.claim.as_ref().and_then(|c| claim_mut(states, c.as_str())) {
                claim.case.evidence.push(Evidence::of(fact, given));
            }
        }
        Body::AttestationGiven(given) => attested(states, fact, given),
        Body::CaseReviewed(looked) => reviewed(states, fact, looked),
        Body::AppealOpened(appeal) => {
            if appeal.against_kind == DecisionKind::Standing && states.buyer(appeal.against.as_str()).is_some() {
                buyer_mut(states, appeal.against.as_str()).appeal = Some(StandingAppeal { id: appeal.appeal.to_string(), seq: fact.seq });
            } else if appeal.against_kind == DecisionKind::Ruling
                && let Some(claim) = appealed_claim(states, appeal)
                && let Some(claim) = claim_mut(states, &claim)
            {
                claim.case.appeal(fact, appeal);
                claim.turn = ClaimTurn::Reviewer;
            }
        }
        Body::JuryVoted(vote) => {
            if let Some(claim) = claim_mut(states, vote.case.as_str()) {
                claim.case.vote(fact, vote);
            }
        }
        _ => {}
    }
}

/// A clock of a claim ran out.
pub(super) fn deadline(states: &mut States<State>, fact: &Fact, id: &str, purpose: &str) {
    let Some(claim) = claim_mut(states, id) else { return };
    match purpose {
        "answer" => {
            claim.silent = Some(fact.seq);
            claim.answer_by = None;
        }
        "offer" => claim.answer_by = None,
        "evidence" => claim.evidence_passed = true,
        "appeal" => {
            if matches!(claim.case.stage, Stage::Decided { .. }) {
                claim.case.stage = Stage::Final;
            }
        }
        _ => {}
    }
}

fn claim_opened(states: &mut States<State>, fact: &Fact, opened: &ClaimOpened) {
    let Some(order) = states.order(opened.order.as_str()) else { return };
    let first = order.returns.is_empty() && order.claims.is_empty();
    let (buyer, shop, currency, offset) = (order.buyer.clone(), order.shop.clone(), order.currency, order.utc_offset_minutes);
    let claim = ClaimState {
        claimed_minor: opened.amount_minor.map(laotie_facts::Amount::get),
        return_id: opened.return_id.as_ref().map(ToString::to_string),
        wish: opened.wish,
        ..blank(opened.order.as_str(), &shop, buyer.clone(), currency, (fact.seq, fact.at), opened.reason)
    };
    *states.edit(&format!("claim/{}", opened.claim)) = State::Claim(Box::new(claim));
    if let Some(order) = order_mut(states, opened.order.as_str()) {
        order.claims.push(brief(opened.claim.as_str(), false));
    }
    if let Some(buyer) = buyer {
        buyer_mut(states, &buyer).count(day_of(fact.at, offset), Deed::Claimed);
    }
    if first && opened.reason.is_quality() {
        shop_mut(states, &shop).count(fact.at, Event::Quality, 1);
    }
}

fn brief(claim: &str, automatic: bool) -> OrderClaim {
    OrderClaim {
        awards: Vec::new(),
        automatic,
        carried_minor: 0,
        claim: claim.to_owned(),
        guarantee: String::new(),
        lines: Vec::new(),
        standing: ClaimStanding::Open,
    }
}

fn blank(
    order: &str,
    shop: &str,
    buyer: Option<String>,
    currency: laotie_facts::Currency,
    opened: (i64, Timestamp),
    reason: AfterSaleReason,
) -> ClaimState {
    ClaimState {
        answer_by: None,
        at_risk_minor: 0,
        attested: Vec::new(),
        automatic: false,
        awaiting: None,
        buyer,
        case: Case::default(),
        claimed_minor: None,
        currency,
        evidence_by: None,
        evidence_passed: false,
        guarantee: None,
        lines: Vec::new(),
        offer_minor: None,
        opened,
        order: order.to_owned(),
        outcome: None,
        reason,
        refused: None,
        return_id: None,
        rulings: Vec::new(),
        shop: shop.to_owned(),
        silent: None,
        turn: ClaimTurn::Rules,
        version: None,
        wish: ClaimWish::Refund,
    }
}

fn awaiting(code: &str, outcome: RulingOutcome, seq: i64) -> Awaiting {
    Awaiting { amount_minor: None, code: code.to_owned(), liability: Some(Liability::Merchant), outcome, reviewer: None, seq }
}

fn claim_routed(states: &mut States<State>, fact: &Fact, routed: &ClaimRouted) {
    let (claim_id, order_id) = (routed.claim.as_str(), routed.order.as_str());
    let Some(order) = states.order(order_id).cloned() else { return };
    let lines: Vec<String> = routed.lines.iter().map(ToString::to_string).collect();
    let guarantee = routed.guarantee.as_ref().map(ToString::to_string);
    let first = states.claim(claim_id).is_none_or(|c| c.lines.is_empty());
    if states.claim(claim_id).is_none() {
        // The rules opened it themselves.
        let late = routed.reasons.iter().any(|r| r.code.as_str() == "promise_broken");
        let back = order.returns.iter().rev().find(|r| r.received_at().is_some());
        let reason = if late { AfterSaleReason::Late } else { back.map_or(AfterSaleReason::Other, |r| r.reason) };
        let claim = ClaimState {
            automatic: true,
            return_id: back.filter(|_| !late).map(|r| r.id.clone()),
            wish: if late { ClaimWish::Compensation } else { ClaimWish::FreightCover },
            ..blank(order_id, &order.shop, order.buyer.clone(), order.currency, (fact.seq, fact.at), reason)
        };
        *states.edit(&format!("claim/{claim_id}")) = State::Claim(Box::new(claim));
    }
    let Some(claim) = claim_mut(states, claim_id) else { return };
    let automatic = claim.automatic;
    if claim.evidence_by != routed.evidence_by {
        claim.evidence_passed = false;
    }
    claim.answer_by = routed.answer_by;
    claim.evidence_by = routed.evidence_by;
    claim.at_risk_minor = routed.at_risk_minor.get();
    claim.guarantee.clone_from(&guarantee);
    claim.version.clone_from(&routed.version);
    claim.lines.clone_from(&lines);
    claim.turn = routed.turn;
    if routed.turn == ClaimTurn::Reviewer && matches!(claim.case.stage, Stage::Open | Stage::Offered) {
        claim.case.stage = Stage::InReview;
    }
    if routed.turn == ClaimTurn::Goods && claim.awaiting.is_none() {
        claim.awaiting = Some(awaiting("within_terms", RulingOutcome::Upheld, fact.seq));
    }
    let name = guarantee.unwrap_or_default();
    if let Some(order) = order_mut(states, order_id) {
        if !order.claims.iter().any(|c| c.claim == claim_id) {
            order.claims.push(brief(claim_id, automatic));
        }
        if let Some(mine) = order.claims.iter_mut().find(|c| c.claim == claim_id) {
            mine.guarantee.clone_from(&name);
            mine.lines = lines;
        }
    }
    if let Some(buyer) = order.buyer.filter(|_| first && !automatic) {
        buyer_mut(states, &buyer).claim(day_of(fact.at, order.utc_offset_minutes), &name);
    }
}

fn upheld(outcome: RulingOutcome) -> bool {
    matches!(outcome, RulingOutcome::Upheld | RulingOutcome::UpheldInPart)
}

/// A ruling in the buyer's history; a second one takes the first back. What the rules opened themselves counts not.
pub(crate) fn count_ruling(buyer: &mut BuyerState, claim: &ClaimState, made: &RulingMade, at: Timestamp) {
    if claim.automatic || made.reasons.iter().any(|r| r.code.as_str() == "paid_already") {
        return;
    }
    let day = day_of(at, buyer.utc_offset_minutes);
    let deed = |outcome: RulingOutcome| match outcome {
        o if upheld(o) => Some(Deed::Upheld),
        RulingOutcome::Rejected => Some(Deed::Rejected),
        _ => None,
    };
    let window = i64::from(crate::buyer::HISTORY_DAYS);
    if let Some(before) = claim.outcome.and_then(deed) {
        buyer.days.add(day, before as usize, -1, window);
    }
    if let Some(now) = deed(made.outcome) {
        buyer.days.add(day, now as usize, 1, window);
    }
}

/// A dispute that a reviewer decided against the merchant.
fn is_dispute(outcome: RulingOutcome, reviewer: bool, liability: Option<Liability>) -> bool {
    upheld(outcome) && reviewer && liability == Some(Liability::Merchant)
}

fn ruling_made(states: &mut States<State>, fact: &Fact, made: &RulingMade) {
    let Some(before) = states.claim(made.claim.as_str()).cloned() else { return };
    *states.edit(&format!("ruling/{}", made.ruling)) = State::Ruling(made.claim.to_string());
    let awards: Vec<Awarded> = made
        .awards
        .iter()
        .map(|a| Awarded {
            amount_minor: a.amount_minor.get(),
            award: a.award,
            line: a.line.as_ref().map(ToString::to_string),
            multiple: a.multiple.map(laotie_facts::Quantity::get),
        })
        .collect();
    let freight = |awards: &[Awarded]| awards.iter().filter(|a| a.award == AwardKind::Freight).map(|a| a.amount_minor).sum::<i64>();
    let mut freight_before = 0;
    if let Some(order) = order_mut(states, &before.order)
        && let Some(mine) = order.claims.iter_mut().find(|c| c.claim == made.claim.as_str())
    {
        freight_before = freight(&mine.awards);
        mine.standing = match made.outcome {
            RulingOutcome::Withdrawn => ClaimStanding::Withdrawn,
            o if upheld(o) => ClaimStanding::Upheld,
            _ => ClaimStanding::Rejected,
        };
        mine.awards.clone_from(&awards);
    }
    let was_dispute = before
        .outcome
        .is_some_and(|o| is_dispute(o, before.case.last_decision().is_some(), before.case.last_decision().and_then(|r| r.liability)));
    if let Some(claim) = claim_mut(states, made.claim.as_str()) {
        claim.awaiting = None;
        claim.answer_by = None;
        claim.outcome = Some(made.outcome);
        claim.rulings.push((made.ruling.to_string(), fact.seq));
        claim.turn = ClaimTurn::Rules;
        if made.outcome == RulingOutcome::Withdrawn {
            claim.case.stage = Stage::Withdrawn;
        } else {
            claim.case.decide(made.appeal_by);
        }
    }
    if let Some(buyer) = &before.buyer {
        count_ruling(buyer_mut(states, buyer), &before, made, fact.at);
    }
    let paid = freight(&awards) - freight_before;
    let is_dispute = is_dispute(made.outcome, made.reviewer.is_some(), made.liability);
    let shop = shop_mut(states, &before.shop);
    if is_dispute != (was_dispute && !before.rulings.is_empty()) {
        shop.count(fact.at, Event::Dispute, if is_dispute { 1 } else { -1 });
    }
    if paid != 0 {
        let count = i64::from(freight(&awards) > 0) - i64::from(freight_before > 0);
        shop.cover.period.1 += count;
        shop.cover.period.2 += paid;
        shop.cover.totals.1 += paid;
        if let Some(buyer) = &before.buyer {
            let buyer = buyer_mut(states, buyer);
            let day = day_of(fact.at, buyer.utc_offset_minutes);
            buyer.days.add(day, Deed::Freight as usize, count, i64::from(crate::buyer::HISTORY_DAYS));
        }
    }
}

fn attested(states: &mut States<State>, fact: &Fact, given: &laotie_facts::body::AttestationGiven) {
    if let Some(claim) = given.claim.as_ref().and_then(|c| claim_mut(states, c.as_str())) {
        claim.attested.push(Attested {
            accreditations: given.accreditations.iter().map(|m| m.as_str().to_owned()).collect(),
            at: fact.at,
            attester: given.attester_kind,
            finding: given.finding,
            seq: fact.seq,
        });
        return;
    }
    if let Some(item) = &given.item {
        let item = item_mut(states, item.as_str());
        item.attested = match given.finding {
            AttestationFinding::Authentic | AttestationFinding::Conforming => {
                Some(crate::item::Attested { seq: fact.seq, until: given.valid_until })
            }
            AttestationFinding::Counterfeit | AttestationFinding::NotConforming => None,
            AttestationFinding::Inconclusive => item.attested.take(),
        };
    }
}

fn reviewed(states: &mut States<State>, fact: &Fact, looked: &CaseReviewed) {
    let id = looked.claim.as_ref().map_or_else(|| looked.case.as_str(), laotie_facts::ClaimId::as_str);
    if let Some(claim) = claim_mut(states, id) {
        claim.case.review(fact, looked);
        let outcome = match looked.outcome {
            ReviewOutcome::Uphold => RulingOutcome::Upheld,
            ReviewOutcome::UpholdInPart => RulingOutcome::UpheldInPart,
            _ => return,
        };
        claim.awaiting = Some(Awaiting {
            amount_minor: looked.amount_minor.map(laotie_facts::Amount::get),
            code: "reviewer_upheld".to_owned(),
            liability: looked.liability,
            outcome,
            reviewer: Some(looked.reviewer.to_string()),
            seq: fact.seq,
        });
    } else if states.buyer(looked.case.as_str()).is_some_and(|b| b.appeal.is_some()) && looked.outcome.decides() {
        let buyer = buyer_mut(states, looked.case.as_str());
        buyer.appeal = None;
        if looked.outcome != ReviewOutcome::Reject {
            buyer.cleared = Some(day_of(fact.at, buyer.utc_offset_minutes));
        }
    }
}
