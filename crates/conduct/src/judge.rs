//! Whether a sent fact can be.

use laotie_cases::{Obstacle, Stage};
use laotie_facts::body::{AppealOpened, CaseReviewed, DecisionKind, JuryVoted, PartyKind, ReviewOutcome};
use laotie_facts::{Body, Fact, Judgement, RuleBook, States};

use crate::breach::is_modifier;
use crate::case_file::CaseFile;
use crate::jury::{JuryRules, is_eligible};
use crate::penalty::Penalty;
use crate::schedule::schedule_for;
use crate::state::State;
use crate::target::answerable;

type May = Result<(), Obstacle>;

fn no(code: &'static str, reason: impl Into<String>) -> Obstacle {
    Obstacle::new(code, reason)
}

pub(crate) fn case<'a>(states: &'a States<State>, id: &str) -> Option<&'a CaseFile> {
    states.get(&format!("case/{id}"))?.case.as_ref()
}

pub(crate) fn penalty<'a>(states: &'a States<State>, id: &str) -> Option<&'a Penalty> {
    states.get(&format!("penalty/{id}"))?.penalty.as_ref()
}

/// Judges a fact.
pub(crate) fn judge(before: &States<State>, fact: &Fact, book: &RuleBook) -> Judgement {
    let may = match &fact.body {
        Body::ReportFiled(b) => match case(before, b.report.as_str()) {
            Some(_) => Err(no("report-id-reused", format!("report `{}` was filed already; another one needs another id", b.report))),
            None => Ok(()),
        },
        Body::CaseReviewed(b) => may_review(before, fact, b, book),
        Body::EvidenceGiven(b) => b.case.as_ref().map_or(Ok(()), |id| match (case(before, id.as_str()), penalty(before, id.as_str())) {
            (Some(file), _) => file.case.may_give(b),
            (None, Some(penalty)) => penalty.case.may_give(b),
            (None, None) => Ok(()),
        }),
        Body::AppealOpened(b) => may_appeal(before, fact, b),
        Body::JuryVoted(b) => may_vote(before, b),
        Body::FactVoided(_) => fact.target.as_deref().map_or(Ok(()), |target| may_void(before, target)),
        _ => Ok(()),
    };
    may.map_or_else(Judgement::from, |()| Judgement::Accept)
}

/// What a look is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// A case, for the first time.
    Case(String),
    /// An appeal against a penalty.
    Appeal(String),
    /// None of ours: a claim, a ring, a contract.
    Foreign,
}

/// Finds what a look is at: a case, or the open appeal against one of its penalties.
pub(crate) fn route(before: &States<State>, review: &CaseReviewed) -> Result<Route, Obstacle> {
    if review.claim.is_some() {
        return Ok(Route::Foreign);
    }
    let id = review.case.as_str();
    let related = |p: &Penalty| {
        p.imposed.penalty.as_str() == id || p.case_id.as_deref() == Some(id) || p.imposed.violations.iter().any(|v| v.as_str() == id)
    };
    if let Some(appeal) = &review.appeal {
        let known = before.get(&format!("appeal/{appeal}")).and_then(|s| s.appeal.as_ref());
        match known.and_then(|r| penalty(before, &r.penalty)) {
            Some(found) if related(found) => return Ok(Route::Appeal(found.imposed.penalty.to_string())),
            Some(_) => return Err(no("case-mismatch", format!("appeal `{appeal}` is none against case `{id}`"))),
            None => {}
        }
    }
    let mut open = before.iter().filter_map(|(_, s)| s.penalty.as_ref()).filter(|p| related(p) && is_appealed(p));
    match (case(before, id), open.next(), open.next()) {
        (Some(file), _, _) if file.is_open() => Ok(Route::Case(id.to_owned())),
        (_, Some(one), None) => Ok(Route::Appeal(one.imposed.penalty.to_string())),
        (_, Some(_), Some(_)) => Err(no("appeal-unnamed", "several appeals are open in this case; say which one with `appeal`")),
        (Some(_), None, _) => Ok(Route::Case(id.to_owned())),
        (None, None, _) => Ok(penalty(before, id).map_or(Route::Foreign, |_| Route::Appeal(id.to_owned()))),
    }
}

fn is_appealed(penalty: &Penalty) -> bool {
    penalty.undone_by.is_none() && matches!(penalty.case.stage, Stage::Appealed { .. })
}

fn may_review(before: &States<State>, fact: &Fact, review: &CaseReviewed, book: &RuleBook) -> May {
    let key = match route(before, review)? {
        Route::Foreign => return Ok(()),
        Route::Appeal(id) => {
            let penalty = penalty(before, &id).expect("the route was found by it");
            penalty.case.may_review(review)?;
            if review.outcome == ReviewOutcome::UpholdInPart {
                return Err(no(
                    "outcome-unfit",
                    "an appeal against a penalty is decided with `uphold` or `reject`; the schedule sets the measure",
                ));
            }
            penalty.case_id.clone()
        }
        Route::Case(id) => {
            let file = case(before, &id).expect("the route was found by it");
            file.case.may_review(review)?;
            if matches!(review.outcome, ReviewOutcome::Uphold | ReviewOutcome::UpholdInPart) {
                findings(before, fact, file, review, book)?;
            }
            Some(id)
        }
    };
    if review.outcome != ReviewOutcome::AskJury {
        return Ok(());
    }
    let rules = JuryRules::at(book, fact.at).ok_or_else(|| no("no-jury", "the market has no rules for juries; publish `jury/jury`"))?;
    let file =
        key.as_deref().and_then(|k| case(before, k)).ok_or_else(|| no("no-jury", "only a reported case can be put before a jury"))?;
    match file.rounds.len() {
        n if i64::try_from(n).is_ok_and(|n| n >= rules.rounds_maximum) => {
            Err(no("jury-asked-before", format!("the jury was asked {n} times, as often as the rules allow; decide, or ask for evidence")))
        }
        _ => Ok(()),
    }
}

/// The codes that a look finds, without those that say how they weigh; the reported one when it names none.
pub(crate) fn codes(file: &CaseFile, review: &CaseReviewed) -> Vec<String> {
    let named: Vec<String> = review.findings.iter().map(|f| f.as_str().to_owned()).filter(|f| !is_modifier(f)).collect();
    if named.is_empty() { vec![file.code.clone()] } else { named }
}

/// An upheld case names who is answerable and violations that the schedule of the role knows.
fn findings(before: &States<State>, fact: &Fact, file: &CaseFile, review: &CaseReviewed, book: &RuleBook) -> May {
    let Some((kind, _)) = answerable(before, file, review.liability) else {
        let what = format!("{} `{}`", file.target_kind.as_str(), file.target);
        let reason = format!("nothing tells who is answerable for {what}; name `liability` as it fits, or have the party itself reported");
        return Err(no("party-unknown", reason));
    };
    let Some((document, schedule)) = schedule_for(book, kind, fact.at) else { return Ok(()) };
    if let Some(unknown) = codes(file, review).into_iter().find(|c| schedule.code(c).is_none()) {
        let known: Vec<&str> = schedule.code.iter().map(|c| c.code.as_str()).collect();
        let reason = format!("`{unknown}` is no violation of {}; a finding names one of {}", document.version, known.join(", "));
        return Err(no("finding-unknown", reason));
    }
    match review.currency.filter(|c| *c != schedule.currency && review.amount_minor.is_some()) {
        Some(theirs) => {
            Err(no("currency-mismatch", format!("damage is counted in {}, not in {theirs}; nothing converts", schedule.currency)))
        }
        None => Ok(()),
    }
}

/// The penalty that an appeal is against.
pub(crate) fn appealed<'a>(before: &'a States<State>, appeal: &AppealOpened) -> Option<&'a Penalty> {
    let against = appeal.against.as_str();
    match appeal.against_kind {
        DecisionKind::Penalty => penalty(before, against),
        DecisionKind::Violation => {
            let violation = before.get(&format!("violation/{against}"))?.violation.as_ref()?;
            let all = || violation.penalties.iter().rev().filter_map(|p| penalty(before, &p.penalty));
            all().find(|p| p.imposed.party == appeal.appellant && p.undone_by.is_none()).or_else(|| all().next())
        }
        _ => None,
    }
}

fn may_appeal(before: &States<State>, fact: &Fact, appeal: &AppealOpened) -> May {
    if !matches!(appeal.against_kind, DecisionKind::Penalty | DecisionKind::Violation) {
        return Ok(());
    }
    if before.get(&format!("appeal/{}", appeal.appeal)).is_some_and(|s| s.appeal.is_some()) {
        return Err(no("appeal-id-reused", format!("appeal `{}` was opened already; another one needs another id", appeal.appeal)));
    }
    let Some(penalty) = appealed(before, appeal) else {
        return Err(no("decision-unknown", format!("there is no such decision `{}` with a penalty to appeal against", appeal.against)));
    };
    if penalty.imposed.party != appeal.appellant {
        return Err(no("not-the-party", "only the party that a penalty is on appeals against it"));
    }
    if penalty.undone_by.is_some() {
        return Err(no("nothing-to-appeal", "the penalty was undone"));
    }
    penalty.case.may_appeal(fact, appeal)
}

fn may_vote(before: &States<State>, vote: &JuryVoted) -> May {
    let Some(file) = case(before, vote.case.as_str()) else { return Ok(()) };
    let Some(round) = file.round() else {
        return Err(no("jury-not-asked", "the jury was not asked about this case"));
    };
    file.case.may_vote(vote)?;
    let named = vote.round.map_or(1, laotie_facts::Quantity::get);
    if named != round.round {
        return Err(no("round-unknown", format!("the open round is {}, not {named}", round.round)));
    }
    let juror = vote.juror.as_str();
    let is_target = file.target_kind.as_str() == PartyKind::Buyer.as_str() && file.target == juror;
    if is_target || file.reporter.as_deref() == Some(juror) {
        return Err(no("juror-is-party", format!("`{juror}` is a party of this case; parties do not vote on it")));
    }
    if !is_eligible(vote.case.as_str(), round.round, juror, round.rules.eligible_share_ppm) {
        return Err(no("not-drawn", format!("`{juror}` was not drawn for this round; only jurors who were drawn vote")));
    }
    if round.is_full(&file.case.votes) {
        return Err(no("round-full", format!("the round has its {} votes", round.rules.sample_size)));
    }
    Ok(())
}

/// What was decided on an appeal stands; so does an appeal that was decided.
fn may_void(before: &States<State>, target: &Fact) -> May {
    let decided = |p: &Penalty| !matches!(p.case.stage, Stage::Appealed { .. });
    let of_appeal = match &target.body {
        Body::CaseReviewed(review) if review.claim.is_none() => {
            let all = before.iter().filter_map(|(_, s)| s.penalty.as_ref());
            let on_appeal = |p: &Penalty| p.case.reviews.iter().any(|r| r.seq == target.seq && r.appeal.is_some() && r.outcome.decides());
            let id = review.case.as_str();
            all.filter(|p| p.case_id.as_deref() == Some(id) || p.imposed.penalty.as_str() == id || review.appeal.is_some()).any(on_appeal)
        }
        Body::AppealOpened(appeal) => {
            let route = before.get(&format!("appeal/{}", appeal.appeal)).and_then(|s| s.appeal.as_ref());
            route.and_then(|r| penalty(before, &r.penalty)).is_some_and(decided)
        }
        _ => false,
    };
    if of_appeal {
        return Err(no("appeal-decided", "the appeal is decided; its decision is final and cannot be voided"));
    }
    Ok(())
}
