//! What reviews, rulings and voidings lead to: violations that are found, and penalties that are undone.

use laotie_facts::body::{CaseReviewed, Liability, PartyKind, Reason, ReviewOutcome, RulingMade, RulingOutcome, ViolationFound};
use laotie_facts::{Body, CaseId, Draft, Fact, Few, PartyId, Quantity, RuleBook, States, Text, Timestamp, ViolationId, derived_id};

use crate::breach::{CORRECTED, SELF_REPORTED, SHARED_LIABILITY, Severity, WARNED_PARTNER};
use crate::decide::{again, lifting};
use crate::decision::reason;
use crate::judge::{Route, case, codes, penalty, route};
use crate::penalty::Penalty;
use crate::reach::party_key;
use crate::schedule::schedule_for;
use crate::state::State;
use crate::target::{answerable, streamed_along};

pub(crate) fn reviewed(before: &States<State>, fact: &Fact, review: &CaseReviewed, now: Timestamp) -> Vec<Draft> {
    match (route(before, review), review.outcome) {
        (Ok(Route::Case(id)), ReviewOutcome::Uphold | ReviewOutcome::UpholdInPart) => found(before, fact, review, &id),
        (Ok(Route::Appeal(id)), ReviewOutcome::Reject) => {
            let Some(appealed) = penalty(before, &id) else { return Vec::new() };
            let named = appealed.case.appeals.last().map(|a| a.id.clone());
            let appeal = named.as_deref().and_then(|a| before.get(&format!("appeal/{a}"))?.appeal.as_ref());
            let whole = appeal.is_some_and(|a| a.whole_violation);
            let appeal_id = named.and_then(|a| laotie_facts::AppealId::new(a).ok());
            let why = || reason("appeal_granted", None, "another reviewer found that it does not hold".into(), &[fact.seq]);
            let others = whole.then(|| appealed.imposed.violations.first()).flatten();
            let mut drafts = vec![lifting(appealed, appeal_id.clone(), true, why(), now)];
            let siblings =
                others.into_iter().flat_map(|v| standing_of(before, v.as_str())).filter(|p| p.imposed.penalty != appealed.imposed.penalty);
            drafts.extend(siblings.map(|p| lifting(p, appeal_id.clone(), true, why(), now)));
            drafts
        }
        _ => Vec::new(),
    }
}

/// The penalties of a violation that stand.
fn standing_of<'a>(before: &'a States<State>, violation: &str) -> Vec<&'a Penalty> {
    let violation = before.get(&format!("violation/{violation}")).and_then(|s| s.violation.as_ref());
    let all = violation.into_iter().flat_map(|v| v.penalties.iter()).filter_map(|p| penalty(before, &p.penalty));
    all.filter(|p| p.undone_by.is_none()).collect()
}

/// The violations that an upheld case finds.
fn found(before: &States<State>, fact: &Fact, review: &CaseReviewed, id: &str) -> Vec<Draft> {
    let Some(file) = case(before, id) else { return Vec::new() };
    let Some((party_kind, party)) = answerable(before, file, review.liability) else { return Vec::new() };
    let says = |name: &str| review.findings.iter().any(|f| f.as_str() == name);
    let along: Vec<PartyId> = streamed_along(before, file)
        .into_iter()
        .filter(|s| says(SHARED_LIABILITY) && party_kind == PartyKind::Streamer && *s != party)
        .filter_map(|s| PartyId::new(s).ok())
        .collect();
    let severity = Severity::ALL.into_iter().rev().find(|s| says(s.as_str()));
    let clause = review.clauses.first().cloned();
    let weighs = [SELF_REPORTED, WARNED_PARTNER].into_iter().filter(|m| says(m));
    let mut reasons =
        vec![Reason { clause, ..reason("upheld_in_review", None, "a reviewer upheld the report".into(), &[file.seq, fact.seq]) }];
    reasons.extend(weighs.map(|m| reason(m, None, "found in the review".into(), &[fact.seq])));
    let drafts = codes(file, review).into_iter().zip(0u32..).filter_map(|(code, n)| {
        let body = ViolationFound {
            case: CaseId::new(id).ok(),
            code: Text::new(code).ok()?,
            confidence_ppm: None,
            corrected: file.corrected || says(CORRECTED),
            ladder: None,
            nudge: file.nudge.clone().and_then(|n| laotie_facts::NudgeId::new(n).ok()),
            party: PartyId::new(party.clone()).ok()?,
            party_kind,
            points: None,
            reasons: Few::new(reasons.clone()).ok()?,
            severity: severity.and_then(|s| Quantity::new(s.level()).ok()),
            shared_with: Few::new(along.iter().take(100).cloned().collect()).ok()?,
            show: file.show.clone().and_then(|s| laotie_facts::ShowId::new(s).ok()),
            spans: Few::default(),
            stage: file.nudge.as_ref().map(|_| laotie_facts::body::Stage::Live),
            utterance: file.utterance.clone().and_then(|u| laotie_facts::UtteranceId::new(u).ok()),
            violation: ViolationId::new(derived_id("vio", fact.seq, "violation.found", n)).ok()?,
        };
        Some(Draft { at: fact.at, body: body.into(), because: vec![file.seq], rules: Vec::new() })
    });
    drafts.collect()
}

/// A ruling that a schedule names is a violation; one that is overturned was none.
pub(crate) fn ruled(before: &States<State>, fact: &Fact, ruling: &RulingMade, book: &RuleBook, now: Timestamp) -> Vec<Draft> {
    let known = before.get(&format!("claim/{}", ruling.claim)).map(|s| s.claim.as_slice()).unwrap_or_default();
    let standing: Vec<&Penalty> = known.iter().flat_map(|v| standing_of(before, v)).collect();
    let upheld = matches!(ruling.outcome, RulingOutcome::Upheld | RulingOutcome::UpheldInPart);
    let party = if upheld { liable(before, ruling) } else { None };
    let rule = party.as_ref().zip(ruling.guarantee.as_ref()).and_then(|((kind, _), guarantee)| {
        let (document, schedule) = schedule_for(book, *kind, fact.at)?;
        let rule = schedule.ruling.iter().find(|r| r.guarantee == *guarantee)?.clone();
        Some((document.version.clone(), rule))
    });
    let Some(((party_kind, party), (version, rule))) = party.zip(rule) else {
        let why = || reason("ruling_overturned", None, "the ruling that it rested on holds no longer".into(), &[fact.seq]);
        return standing.into_iter().map(|p| lifting(p, None, true, why(), now)).collect();
    };
    if !standing.is_empty() {
        return Vec::new();
    }
    let why = reason("upheld_ruling", None, format!("a claim under `{}` was upheld", rule.guarantee), &[fact.seq]);
    let body = ViolationFound {
        case: CaseId::new(ruling.claim.as_str()).ok(),
        code: Text::new(rule.code.as_str()).expect("a name is a text"),
        confidence_ppm: None,
        corrected: false,
        ladder: None,
        nudge: None,
        party,
        party_kind,
        points: None,
        reasons: Few::new(vec![why]).unwrap_or_default(),
        severity: Quantity::new(rule.severity.level()).ok(),
        shared_with: Few::default(),
        show: None,
        spans: Few::default(),
        stage: None,
        utterance: None,
        violation: ViolationId::new(derived_id("vio", fact.seq, "violation.found", 0)).expect("a derived id is one"),
    };
    vec![Draft { at: fact.at, body: body.into(), because: Vec::new(), rules: vec![version] }]
}

/// Who a ruling holds answerable, out of the order.
fn liable(before: &States<State>, ruling: &RulingMade) -> Option<(PartyKind, PartyId)> {
    let behind = before.get(&format!("order/{}", ruling.order.as_ref()?))?.behind.as_ref()?;
    match ruling.liability? {
        Liability::Merchant => Some((PartyKind::Shop, PartyId::new(behind.shop.clone()?).ok()?)),
        Liability::Streamer => Some((PartyKind::Streamer, PartyId::new(behind.streamer.clone()?).ok()?)),
        _ => None,
    }
}

/// A voided report or look undoes what came of it; voided credits let later penalties be decided anew.
pub(crate) fn voided(before: &States<State>, fact: &Fact, target: &Fact, book: &RuleBook, now: Timestamp) -> Vec<Draft> {
    let id = match &target.body {
        Body::ReportFiled(b) => b.report.as_str(),
        Body::CaseReviewed(b) if b.claim.is_none() && matches!(b.outcome, ReviewOutcome::Uphold | ReviewOutcome::UpholdInPart) => {
            b.case.as_str()
        }
        Body::StudyPassed(b) => {
            let Some(mut ledger) = before.get(&party_key(b.party_kind, &b.party)).and_then(|s| s.party.clone()) else { return Vec::new() };
            ledger.credits.iter_mut().filter(|c| c.seq == target.seq).for_each(|c| c.voided_by = Some(fact.seq));
            return again(ledger, target.seq, fact, b.party_kind, &b.party, book);
        }
        _ => return Vec::new(),
    };
    let Some(file) = case(before, id).filter(|f| target.seq == f.seq || f.case.reviews.iter().any(|r| r.seq == target.seq)) else {
        return Vec::new();
    };
    let mut standing: Vec<&Penalty> = file.penalties.iter().filter_map(|p| penalty(before, p)).filter(|p| p.undone_by.is_none()).collect();
    // The latest first: lifting one decides anew on those behind it, which are gone by then.
    standing.sort_by_key(|p| std::cmp::Reverse(cause_of(before, p)));
    let why = || reason("fact_voided", None, "the report or review that it rested on was voided".into(), &[target.seq, fact.seq]);
    standing.into_iter().map(|p| lifting(p, None, true, why(), now)).collect()
}

fn cause_of(before: &States<State>, penalty: &Penalty) -> i64 {
    let party = party_key(penalty.imposed.party_kind, &penalty.imposed.party);
    let ledger = before.get(&party).and_then(|s| s.party.as_ref());
    ledger.and_then(|p| p.entry(penalty.imposed.penalty.as_str())).map_or(penalty.seq, |e| e.cause)
}
