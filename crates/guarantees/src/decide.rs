//! What follows from a fact for claims, promises, cover, badges and standing.

use laotie_cases::Stage;
use laotie_facts::body::{
    AppealOpened, BuyerStanding, CaseReviewed, ClaimAnswer, ClaimAnswered, ClaimOpened, ClaimTurn, Liability, ReviewOutcome, RulingMade,
    RulingOutcome,
};
use laotie_facts::{Body, Calendar, Draft, Fact, RuleBook, States};

use crate::admit::pick;
use crate::claim::{Awaiting, ClaimState};
use crate::desk::{Desk, Matter, Pay, Route, Verdict};
use crate::document::{AutomaticOn, DecidedBy, Missing, Silence};
use crate::order::{ClaimStanding, Return};
use crate::reasons::reason;
use crate::standing::{changed, review};
use crate::state::{Look, State};

/// The facts that follow from a fact.
pub(crate) fn decide(states: &States<State>, fact: &Fact, book: &RuleBook) -> Vec<Draft> {
    let mut desk = Desk::new(states, fact, book);
    match &fact.body {
        Body::ClaimOpened(opened) => open(&mut desk, opened),
        Body::ClaimAnswered(answered) => answer(&mut desk, answered),
        Body::ClaimAccepted(accepted) => accept(&mut desk, accepted.claim.as_str()),
        Body::ClaimWithdrawn(withdrawn) => withdraw(&mut desk, withdrawn.claim.as_str(), "withdrawn", "the buyer took the claim back"),
        Body::EvidenceGiven(given) => given.claim.iter().for_each(|claim| evidence(&mut desk, claim.as_str())),
        Body::AttestationGiven(given) => given.claim.iter().for_each(|claim| evidence(&mut desk, claim.as_str())),
        Body::CaseReviewed(looked) => look(&mut desk, looked),
        Body::RulingMade(made) => ruled(&mut desk, made),
        Body::DeadlinePassed(passed) => crate::clocks::run_out(&mut desk, passed.key.as_str(), passed.purpose.as_str()),
        Body::OrderDispatched(sent) => crate::clocks::late(&mut desk, sent.order.as_str()),
        Body::OrderCancelled(gone) => crate::clocks::late(&mut desk, gone.order.as_str()),
        Body::PromiseBroken(broken) => automatic(&mut desk, broken.order.as_str(), AutomaticOn::PromiseBroken, None),
        Body::OrderReceived(received) => kept(&mut desk, received.order.as_str()),
        Body::ReturnReceived(back) => back_again(&mut desk, back.order.as_str()),
        Body::RefundPaid(refund) => refund.order.iter().for_each(|order| back_again(&mut desk, order.as_str())),
        Body::FactVoided(_) => match fact.target.as_ref().map(|t| &t.body) {
            Some(Body::ClaimOpened(opened)) => {
                withdraw(&mut desk, opened.claim.as_str(), "opened_by_mistake", "the claim was recorded by mistake");
            }
            Some(Body::OrderPaid(paid)) => order_gone(&mut desk, paid.order.as_str()),
            _ => {}
        },
        _ => {}
    }
    desk.drafts
}

fn verdict(outcome: RulingOutcome, pay: Pay, code: &'static str, facts: Vec<i64>, text: impl Into<String>) -> Verdict {
    Verdict { code, facts, liability: None, outcome, pay, reviewer: None, text: text.into() }
}

fn open(desk: &mut Desk<'_>, opened: &ClaimOpened) {
    let Some(order) = desk.states.order(opened.order.as_str()) else { return };
    let Ok(pick) = pick(desk.states, order, opened, desk.at, desk.book) else { return };
    let matter = Matter {
        appeal: None,
        claim: opened.claim.to_string(),
        claimed_minor: opened.amount_minor.map(laotie_facts::Amount::get),
        lines: pick.lines,
        order,
        order_id: opened.order.to_string(),
        rule: pick.rule,
    };
    let calendar = Calendar::at(desk.book, desk.at);
    let rule = matter.rule.as_ref().map(|(_, r)| r.clone());
    let paid_already = order.claims.iter().find(|c| {
        c.automatic && rule.as_ref().is_some_and(|r| r.id == c.guarantee && r.automatic.is_some()) && c.standing == ClaimStanding::Upheld
    });
    let by = rule.as_ref().map_or(DecidedBy::Review, |r| r.decision.by);
    let awaits = matter.awaits_goods(opened.return_id.as_ref().map(laotie_facts::ReturnId::as_str));
    let turn = match by {
        _ if paid_already.is_some() => ClaimTurn::Rules,
        DecidedBy::Rules if awaits => ClaimTurn::Goods,
        DecidedBy::Rules => ClaimTurn::Rules,
        DecidedBy::Answer => ClaimTurn::Merchant,
        DecidedBy::Review => ClaimTurn::Reviewer,
    };
    let answer = rule.as_ref().and_then(|r| r.answer).filter(|_| turn == ClaimTurn::Merchant);
    let evidence = rule.as_ref().and_then(|r| r.evidence.clone()).filter(|_| turn != ClaimTurn::Rules);
    let route = Route {
        answer_by: answer.map(|a| a.clock().end(desk.at, &calendar)),
        evidence_by: evidence.map(|e| e.clock().end(desk.at, &calendar)),
        reasons: Vec::new(),
        turn,
    };
    desk.route(&matter, route);
    if let Some(before) = paid_already {
        let text = format!("paid without being asked, in claim `{}`", before.claim);
        desk.decide(&matter, verdict(RulingOutcome::Rejected, Pay::Nothing, "paid_already", vec![desk.fact.seq], text));
    } else if turn == ClaimTurn::Rules {
        let text = "reason, window and amount are within the terms; the rules decide at once";
        desk.decide(&matter, verdict(RulingOutcome::Upheld, Pay::InFull, "within_terms", vec![desk.fact.seq], text));
    }
}

/// Rules now, or waits for the goods: what was decided stands in the claim's state until they are back.
fn decide_or_wait(desk: &mut Desk<'_>, claim: &ClaimState, matter: &Matter<'_>, verdict: Verdict) {
    let pays = verdict.pay != Pay::Nothing && !matches!(verdict.pay, Pay::Goodwill { .. });
    if pays && matter.awaits_goods(claim.return_id.as_deref()) {
        let clause = matter.rule.as_ref().map(|(v, _)| v.as_str().to_owned());
        let why = reason("goods_awaited", clause.as_deref(), &[desk.fact.seq], "it is decided; the money follows the goods");
        desk.route(matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Goods });
    } else {
        desk.decide(matter, verdict);
    }
}

fn answer(desk: &mut Desk<'_>, answered: &ClaimAnswered) {
    let Some((claim, matter)) = desk.matter(answered.claim.as_str()) else { return };
    let seq = desk.fact.seq;
    let clause = matter.rule.as_ref().map(|(v, _)| v.as_str().to_owned());
    match answered.answer {
        ClaimAnswer::Agree => {
            let verdict = Verdict {
                liability: Some(Liability::Merchant),
                ..verdict(RulingOutcome::Upheld, Pay::InFull, "merchant_agreed", vec![claim.opened.0, seq], "the merchant agreed")
            };
            decide_or_wait(desk, claim, &matter, verdict);
        }
        ClaimAnswer::Offer => {
            let calendar = Calendar::at(desk.book, desk.at);
            let clock = matter.rule.as_ref().and_then(|(_, r)| r.answer).map(|a| a.clock().end(desk.at, &calendar));
            let why =
                reason("offered", clause.as_deref(), &[seq], "the merchant offers something else; the buyer takes it or a reviewer looks");
            desk.route(&matter, Route { answer_by: clock, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Buyer });
        }
        ClaimAnswer::Refuse => {
            let code = answered.code.as_ref().map_or(String::new(), |c| format!(": {c}"));
            let why = reason("merchant_refused", clause.as_deref(), &[seq], &format!("the merchant refused{code}"));
            desk.route(&matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Reviewer });
        }
    }
}

fn accept(desk: &mut Desk<'_>, claim_id: &str) {
    let Some((claim, matter)) = desk.matter(claim_id) else { return };
    let offer = claim.offer_minor.unwrap_or(0);
    let facts = vec![claim.opened.0, desk.fact.seq];
    let verdict = Verdict {
        liability: Some(Liability::Merchant),
        ..verdict(RulingOutcome::UpheldInPart, Pay::UpTo(offer), "offer_taken", facts, "the buyer took what the merchant offered")
    };
    decide_or_wait(desk, claim, &matter, verdict);
}

fn withdraw(desk: &mut Desk<'_>, claim_id: &str, code: &'static str, text: &str) {
    let Some((claim, matter)) = desk.matter(claim_id) else { return };
    if matches!(claim.case.stage, Stage::Open | Stage::Offered | Stage::InReview) {
        let facts = vec![claim.opened.0, desk.fact.seq];
        desk.decide(&matter, verdict(RulingOutcome::Withdrawn, Pay::Nothing, code, facts, text));
    }
}

/// An order's payment was recorded by mistake: nothing can be claimed of it.
fn order_gone(desk: &mut Desk<'_>, order_id: &str) {
    let claims = desk.states.order(order_id).map(|o| o.claims.iter().map(|c| c.claim.clone()).collect::<Vec<_>>());
    for claim in claims.unwrap_or_default() {
        withdraw(desk, &claim, "order_voided", "the order's payment was recorded by mistake");
    }
}

/// More was put before a case: it may be what silence waited for, or what a reviewer asked for.
fn evidence(desk: &mut Desk<'_>, claim_id: &str) {
    let Some((claim, matter)) = desk.matter(claim_id) else { return };
    let rule = matter.rule.as_ref().map(|(_, r)| r.clone());
    let seq = desk.fact.seq;
    let there = desk.has_evidence(rule.as_deref(), claim);
    match (&claim.case.stage, claim.silent, claim.turn) {
        (Stage::Open, Some(silent), _) if there => {
            let upholds = rule.as_ref().and_then(|r| r.answer).is_some_and(|a| a.silence == Silence::Uphold);
            if upholds {
                let facts = vec![claim.opened.0, silent, seq];
                let verdict = Verdict {
                    liability: Some(Liability::Merchant),
                    ..verdict(
                        RulingOutcome::Upheld,
                        Pay::InFull,
                        "merchant_silent",
                        facts,
                        "the merchant did not answer in time, and the evidence is there",
                    )
                };
                decide_or_wait(desk, claim, &matter, verdict);
            }
        }
        (Stage::InReview, _, ClaimTurn::Buyer) => {
            let why = reason("evidence_given", matter.rule.as_ref().map(|(v, _)| v.as_str()), &[seq], "what was asked for was given");
            desk.route(&matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Reviewer });
        }
        _ => {}
    }
}

fn look(desk: &mut Desk<'_>, looked: &CaseReviewed) {
    let id = looked.claim.as_ref().map_or_else(|| looked.case.as_str(), laotie_facts::ClaimId::as_str);
    if desk.states.claim(id).is_none() {
        return look_at_standing(desk, looked);
    }
    let Some((claim, matter)) = desk.matter(id) else { return };
    let seq = desk.fact.seq;
    let clause = matter.rule.as_ref().map(|(v, _)| v.as_str().to_owned());
    match looked.outcome {
        ReviewOutcome::AskEvidence => {
            let rule = matter.rule.as_ref().map(|(_, r)| r.clone());
            let clock = rule.and_then(|r| {
                r.evidence.as_ref().map(crate::document::EvidenceRule::clock).or(r.answer.map(crate::document::Answer::clock))
            });
            let evidence_by = clock.map(|c| c.end(desk.at, &Calendar::at(desk.book, desk.at)));
            let said = looked.statement.as_ref().map_or("more must be shown", laotie_facts::Text::as_str);
            let why = reason("evidence_asked", clause.as_deref(), &[seq], said);
            desk.route(&matter, Route { answer_by: None, evidence_by, reasons: vec![why], turn: ClaimTurn::Buyer });
        }
        ReviewOutcome::AskJury | ReviewOutcome::Escalate => {
            let (code, text) = if looked.outcome == ReviewOutcome::AskJury {
                ("jury_asked", "the jury is asked; its advice binds nobody")
            } else {
                ("escalated", "somebody else must decide")
            };
            let why = reason(code, clause.as_deref(), &[seq], text);
            desk.route(&matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Reviewer });
        }
        ReviewOutcome::Uphold | ReviewOutcome::UpholdInPart | ReviewOutcome::Reject => {
            let verdict = reviewed(claim, looked, seq);
            decide_or_wait(desk, claim, &matter, verdict);
        }
    }
}

/// A reviewer's finding as a verdict; goodwill pays where nobody is liable.
fn reviewed(claim: &ClaimState, looked: &CaseReviewed, seq: i64) -> Verdict {
    let amount = looked.amount_minor.map(laotie_facts::Amount::get);
    let mut facts = vec![claim.opened.0, seq];
    facts.extend(claim.case.evidence.iter().map(|e| e.seq));
    facts.extend(claim.attested.iter().map(|a| a.seq));
    let said = looked.statement.as_ref().map_or_else(|| "a reviewer looked at the case".to_owned(), |s| s.as_str().to_owned());
    let base = |outcome, pay, code| Verdict {
        liability: looked.liability,
        reviewer: Some(looked.reviewer.to_string()),
        ..verdict(outcome, pay, code, facts.clone(), said.clone())
    };
    if let Some(minor) = amount.filter(|_| looked.findings.iter().any(|f| f.as_str() == "goodwill")) {
        let by_platform = looked.liability == Some(Liability::Platform);
        return base(RulingOutcome::UpheldInPart, Pay::Goodwill { minor, by_platform }, "goodwill");
    }
    let pay = amount.map_or(Pay::InFull, Pay::UpTo);
    match looked.outcome {
        ReviewOutcome::Uphold => base(RulingOutcome::Upheld, pay, "reviewer_upheld"),
        ReviewOutcome::UpholdInPart => base(RulingOutcome::UpheldInPart, pay, "reviewer_upheld_in_part"),
        _ => base(RulingOutcome::Rejected, Pay::Nothing, "reviewer_rejected"),
    }
}

/// A reviewer looked at an appeal against a buyer's standing.
fn look_at_standing(desk: &mut Desk<'_>, looked: &CaseReviewed) {
    let id = looked.case.as_str();
    let Some(buyer) = desk.states.buyer(id) else { return };
    let open = buyer.appeal.as_ref().filter(|a| looked.appeal.as_ref().is_some_and(|named| named.as_str() == a.id));
    let (Some(appeal), ReviewOutcome::Uphold | ReviewOutcome::UpholdInPart) = (open, looked.outcome) else { return };
    for name in buyer.limits.keys() {
        let why = reason("restored_on_appeal", None, &[appeal.seq, desk.fact.seq], "a reviewer found that the limit should not stand");
        let guarantee = (!name.is_empty()).then_some(name.as_str());
        desk.drafts.extend(changed(id, guarantee, (BuyerStanding::Limited, buyer.standing), None, vec![why], (desk.at, Vec::new())));
    }
}

/// A ruling counts in the buyer's history; what it makes of the standing follows at once.
fn ruled(desk: &mut Desk<'_>, made: &RulingMade) {
    let Some((claim, matter)) = desk.matter(made.claim.as_str()) else { return };
    let Some((id, buyer)) = claim.buyer.as_ref().and_then(|b| Some((b, desk.states.buyer(b)?))) else { return };
    let mut after = buyer.clone();
    crate::evolve::count_ruling(&mut after, claim, made, desk.at);
    let rule = matter.rule.as_ref().filter(|_| !claim.automatic).map(|(v, r)| (v, r.as_ref()));
    desk.drafts.extend(review(id, &after, rule, desk.book, desk.at, desk.fact.seq));
}

/// A kept order may earn good standing.
fn kept(desk: &mut Desk<'_>, order_id: &str) {
    let Some(order) = desk.states.order(order_id) else { return };
    let Some((id, buyer)) = order.buyer.as_ref().and_then(|b| Some((b, desk.states.buyer(b)?))) else { return };
    let mut after = buyer.clone();
    crate::evolve::count_kept(&mut after, order, desk.at);
    desk.drafts.extend(review(id, &after, None, desk.book, desk.at, desk.fact.seq));
}

/// Goods came back, or money for them: what waited for it is ruled on, and freight is covered.
fn back_again(desk: &mut Desk<'_>, order_id: &str) {
    let Some(before) = desk.states.order(order_id) else { return };
    let mut after = before.clone();
    crate::evolve::order_step(&mut after, desk.fact);
    let ids: Vec<String> = before.claims.iter().filter(|c| c.standing == ClaimStanding::Open).map(|c| c.claim.clone()).collect();
    for id in ids {
        let Some((claim, matter)) = desk.matter(&id) else { continue };
        let (Some(awaiting), ClaimTurn::Goods) = (&claim.awaiting, claim.turn) else { continue };
        let matter = Matter { order: &after, ..matter };
        if !matter.awaits_goods(claim.return_id.as_deref()) {
            desk.decide(&matter, of_awaiting(awaiting, desk.fact.seq));
        }
    }
    let flipped = after.returns.iter().filter(|r| r.refunded && !before.returns.iter().any(|b| b.id == r.id && b.refunded));
    for back in flipped.cloned().collect::<Vec<Return>>() {
        automatic(desk, order_id, AutomaticOn::ReturnRefunded, Some(&back));
    }
}

fn of_awaiting(awaiting: &Awaiting, seq: i64) -> Verdict {
    let code = match awaiting.code.as_str() {
        "merchant_agreed" => "merchant_agreed",
        "reviewer_upheld" => "reviewer_upheld",
        "offer_taken" => "offer_taken",
        _ => "within_terms",
    };
    Verdict {
        liability: awaiting.liability,
        reviewer: awaiting.reviewer.clone(),
        ..verdict(
            awaiting.outcome,
            awaiting.amount_minor.map_or(Pay::InFull, Pay::UpTo),
            code,
            vec![awaiting.seq, seq],
            "it was decided before; the goods are back now",
        )
    }
}

/// What the rules pay without being asked.
fn automatic(desk: &mut Desk<'_>, order_id: &str, on: AutomaticOn, back: Option<&Return>) {
    let Some(order) = desk.states.order(order_id) else { return };
    for (name, term) in &order.terms {
        let Some(rule) = desk.rule(&term.version).filter(|(_, r)| r.automatic.as_ref().is_some_and(|a| a.on == on)) else { continue };
        let again = back.is_none() && order.claims.iter().any(|c| c.automatic && c.guarantee == *name);
        let covers = back.is_none_or(|b| rule.1.trigger.reasons.contains(&b.reason));
        let named = back.map_or(&[][..], |b| &b.lines);
        let lines: Vec<String> = order.lines_of(named, Some(term)).map(|l| l.line.clone()).collect();
        if again || !covers || lines.is_empty() {
            continue;
        }
        let claim = desk.id("clm", "claim.opened");
        let matter =
            Matter { appeal: None, claim, claimed_minor: None, lines, order, order_id: order_id.to_owned(), rule: Some(rule.clone()) };
        let mut facts: Vec<i64> = back.iter().flat_map(|b| b.steps.iter().map(|s| s.0)).collect();
        facts.push(desk.fact.seq);
        let clause = rule.0.as_str();
        let (code, text) = match on {
            AutomaticOn::PromiseBroken => ("promise_broken", "the promise ran out before what was promised came"),
            AutomaticOn::ReturnRefunded => ("return_complete", "requested, agreed, shipped, received and refunded"),
        };
        let first = reason(code, Some(clause), &facts, text);
        let held = back.and_then(|b| crate::hold::suspicion(desk.states, order, b, &rule.1, desk.at));
        if let Some((code, why)) = held {
            let held = reason(code, Some(clause), &facts, &why);
            desk.route(&matter, Route { answer_by: None, evidence_by: None, reasons: vec![first, held], turn: ClaimTurn::Reviewer });
            continue;
        }
        desk.route(&matter, Route { answer_by: None, evidence_by: None, reasons: vec![first], turn: ClaimTurn::Rules });
        let liability = (on == AutomaticOn::PromiseBroken).then_some(Liability::Merchant);
        desk.decide(&matter, Verdict { liability, ..verdict(RulingOutcome::Upheld, Pay::InFull, code, facts, text) });
    }
}

/// What becomes of a claim when the merchant's clock ran out.
pub(crate) fn silence(desk: &mut Desk<'_>, claim_id: &str) {
    let Some((claim, matter)) = desk.matter(claim_id) else { return };
    if claim.case.stage != Stage::Open {
        return;
    }
    let seq = desk.fact.seq;
    let rule = matter.rule.as_ref().map(|(_, r)| r.clone());
    let clause = matter.rule.as_ref().map(|(v, _)| v.as_str().to_owned());
    let upholds = rule.as_ref().and_then(|r| r.answer).is_some_and(|a| a.silence == Silence::Uphold);
    let facts = vec![claim.opened.0, seq];
    match (upholds, desk.has_evidence(rule.as_deref(), claim)) {
        (true, true) => {
            let text = "the merchant did not answer in time";
            let verdict = Verdict {
                liability: Some(Liability::Merchant),
                ..verdict(RulingOutcome::Upheld, Pay::InFull, "merchant_silent", facts, text)
            };
            decide_or_wait(desk, claim, &matter, verdict);
        }
        (true, false) => {
            let why = reason("evidence_awaited", clause.as_deref(), &facts, "the merchant did not answer in time; the evidence decides");
            desk.route(&matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Buyer });
        }
        (false, _) => {
            let why = reason("merchant_silent", clause.as_deref(), &facts, "the merchant did not answer in time; a reviewer looks");
            desk.route(&matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Reviewer });
        }
    }
}

/// What becomes of a claim when the time for evidence ran out.
pub(crate) fn evidence_missing(desk: &mut Desk<'_>, claim_id: &str) {
    let Some((claim, matter)) = desk.matter(claim_id) else { return };
    let rule = matter.rule.as_ref().map(|(_, r)| r.clone());
    if !matches!(claim.case.stage, Stage::Open | Stage::Offered | Stage::InReview) || desk.has_evidence(rule.as_deref(), claim) {
        return;
    }
    let seq = desk.fact.seq;
    let missing = rule.as_ref().and_then(|r| r.evidence.as_ref()).map_or(Missing::Review, |e| e.missing);
    match missing {
        Missing::Reject => {
            let text = "the evidence that the guarantee needs was not given in time";
            let verdict = verdict(RulingOutcome::Rejected, Pay::Nothing, "evidence_missing", vec![claim.opened.0, seq], text);
            desk.decide(&matter, verdict);
        }
        Missing::Review => {
            let clause = matter.rule.as_ref().map(|(v, _)| v.as_str());
            let why = reason("evidence_missing", clause, &[seq], "no evidence was given in time; a reviewer looks");
            desk.route(&matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Reviewer });
        }
    }
}

/// An offer was not taken in time: a reviewer looks.
pub(crate) fn offer_lapsed(desk: &mut Desk<'_>, claim_id: &str) {
    let Some((claim, matter)) = desk.matter(claim_id) else { return };
    if claim.case.stage == Stage::Offered {
        let clause = matter.rule.as_ref().map(|(v, _)| v.as_str());
        let why = reason("offer_not_taken", clause, &[desk.fact.seq], "the buyer did not take the offer; a reviewer looks");
        desk.route(&matter, Route { answer_by: None, evidence_by: claim.evidence_by, reasons: vec![why], turn: ClaimTurn::Reviewer });
    }
}

/// The claim that an appeal is against; `None` when it is none of this system's.
pub(crate) fn appealed_claim(states: &States<State>, appeal: &AppealOpened) -> Option<String> {
    let against = appeal.against.as_str();
    if states.claim(against).is_some() {
        return Some(against.to_owned());
    }
    states.ruling(against).map(str::to_owned)
}

/// When a limit ended by itself.
pub(crate) fn limit_ended(desk: &mut Desk<'_>, buyer_id: &str, name: &str) {
    let Some(buyer) = desk.states.buyer(buyer_id) else { return };
    if buyer.limits.get(name).is_some_and(|until| *until <= desk.at) {
        let why = reason("limit_ended", None, &[desk.fact.seq], "the limit was for a time, which has passed");
        let guarantee = (!name.is_empty()).then_some(name);
        desk.drafts.extend(changed(buyer_id, guarantee, (BuyerStanding::Limited, buyer.standing), None, vec![why], (desk.at, Vec::new())));
    }
}
