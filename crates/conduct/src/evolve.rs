//! Takes facts into the states.

use std::collections::BTreeMap;

use laotie_cases::{Case, Stage};
use laotie_facts::body::{AppealOpened, DecisionKind, JuryVote, ReviewOutcome, ViolationFound};
use laotie_facts::{Body, Fact, States, System};

use crate::case_file::CaseFile;
use crate::decide::breach_of;
use crate::evolve_ledger::{imposed_on, lifted_from, passed, studied};
use crate::evolve_void::voided;
use crate::judge::{Route, appealed, route};
use crate::jury::Round;
use crate::penalty::Penalty;
use crate::reach::{RULES_CALENDAR, RULES_JURY, party_key};
use crate::state::{AppealRoute, State, Violation};
use crate::system::Conduct;
use crate::target::Behind;

/// Takes a fact in.
pub(crate) fn evolve(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::RulePublished(rule) => match (rule.family.as_str(), rule.name.as_str()) {
            crate::jury::JURY => states.edit(RULES_JURY).jury.get_or_insert_default().publish(rule),
            ("calendar", "market") => states.edit(RULES_CALENDAR).zones.get_or_insert_default().publish(rule),
            _ => {}
        },
        Body::ItemListed(b) => {
            stands_behind(states, &format!("item/{}", b.item), Behind { shop: Some(b.shop.to_string()), ..Behind::default() });
        }
        Body::ShowOpened(b) => {
            let behind = Behind {
                co_hosts: b.co_hosts.iter().map(ToString::to_string).collect(),
                co_streams: b.co_streams.iter().map(ToString::to_string).collect(),
                shop: None,
                streamer: Some(b.streamer.to_string()),
            };
            stands_behind(states, &format!("show/{}", b.show), behind);
        }
        Body::VideoPosted(b) => {
            let (shop, streamer) = (b.shop.as_ref().map(ToString::to_string), b.streamer.as_ref().map(ToString::to_string));
            stands_behind(states, &format!("video/{}", b.video), Behind { shop, streamer, ..Behind::default() });
        }
        Body::OrderPaid(b) => {
            let behind =
                Behind { shop: Some(b.shop.to_string()), streamer: b.streamer.as_ref().map(ToString::to_string), ..Behind::default() };
            stands_behind(states, &format!("order/{}", b.order), behind);
        }
        Body::ReportFiled(b) => {
            let file = CaseFile {
                case: Case::default(),
                code: b.code.as_str().to_owned(),
                corrected: b.corrected,
                damage_minor: 0,
                evidence: b.evidence.iter().map(ToString::to_string).collect(),
                item: b.item.as_ref().map(ToString::to_string),
                jury_settled: false,
                nudge: b.nudge.as_ref().map(ToString::to_string),
                opened_at: fact.at,
                penalties: Vec::new(),
                reporter: b.reporter.as_ref().map(ToString::to_string),
                rounds: Vec::new(),
                seq: fact.seq,
                show: b.show.as_ref().map(ToString::to_string),
                target: b.target.to_string(),
                target_kind: b.target_kind,
                utterance: b.utterance.as_ref().map(ToString::to_string),
                violations: Vec::new(),
            };
            states.edit(&format!("case/{}", b.report)).case.get_or_insert(file);
        }
        Body::EvidenceGiven(b) => {
            if let Some(case) = b.case.as_ref().and_then(|id| case_of(states, id.as_str())) {
                case.give(fact, b);
            }
        }
        Body::StudyPassed(b) => studied(states, fact, &party_key(b.party_kind, &b.party), b.credits.get()),
        Body::FactVoided(_) => {
            if let Some(target) = fact.target.as_deref() {
                voided(states, fact, target);
            }
        }
        Body::DeadlinePassed(b) if b.system.as_str() == Conduct::NAME => passed(states, b.key.as_str(), b.purpose.as_str()),
        _ => conduct(states, fact),
    }
}

fn conduct(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::CaseReviewed(_) => reviewed(states, fact),
        Body::JuryVoted(vote) => {
            let juror = states.get(&format!("juror/{}", vote.juror)).and_then(|s| s.juror).unwrap_or_default();
            let Some(file) = file(states, vote.case.as_str()) else { return };
            if let Some(round) = file.rounds.last_mut() {
                round.accuracy_ppm.insert(vote.juror.to_string(), juror.accuracy_ppm(&round.rules));
            }
            file.case.vote(fact, vote);
        }
        Body::AppealOpened(appeal) => opened(states, fact, appeal),
        Body::ViolationFound(found) => violated(states, fact, found),
        Body::PenaltyImposed(imposed) => imposed_on(states, fact, imposed),
        Body::PenaltyLifted(lifted) => lifted_from(states, fact, lifted),
        _ => {}
    }
}

fn stands_behind(states: &mut States<State>, key: &str, behind: Behind) {
    if states.get(key).and_then(|s| s.behind.as_ref()) != Some(&behind) {
        states.edit(key).behind = Some(behind);
    }
}

/// A case that is there, to be changed.
pub(crate) fn file<'a>(states: &'a mut States<State>, id: &str) -> Option<&'a mut CaseFile> {
    let key = format!("case/{id}");
    states.get(&key)?.case.as_ref()?;
    states.edit(&key).case.as_mut()
}

/// A penalty that is there, to be changed.
pub(crate) fn penalty<'a>(states: &'a mut States<State>, id: &str) -> Option<&'a mut Penalty> {
    let key = format!("penalty/{id}");
    states.get(&key)?.penalty.as_ref()?;
    states.edit(&key).penalty.as_mut()
}

/// The dispute that an id names: a case's, or a penalty's own.
pub(crate) fn case_of<'a>(states: &'a mut States<State>, id: &str) -> Option<&'a mut Case> {
    if states.get(&format!("case/{id}")).is_some_and(|s| s.case.is_some()) {
        return file(states, id).map(|f| &mut f.case);
    }
    penalty(states, id).map(|p| &mut p.case)
}

fn reviewed(states: &mut States<State>, fact: &Fact) {
    let Body::CaseReviewed(review) = &fact.body else { return };
    let asks_jury = |states: &mut States<State>, id: &str| {
        let rules = states.get(RULES_JURY).and_then(|s| s.jury.as_ref()?.at(fact.at).cloned());
        if let (Some(rules), Some(file)) = (rules, file(states, id)) {
            let round = i64::try_from(file.rounds.len()).unwrap_or(i64::MAX).saturating_add(1);
            file.rounds.push(Round { accuracy_ppm: BTreeMap::new(), asked_at: fact.at, rules, round });
        }
    };
    match route(states, review) {
        Ok(Route::Case(id)) => {
            let Some(file) = file(states, &id) else { return };
            file.case.review(fact, review);
            file.damage_minor = review.amount_minor.map_or(file.damage_minor, laotie_facts::Amount::get);
            match review.outcome {
                ReviewOutcome::Reject => {
                    file.case.stage = Stage::Final;
                    settle_jury(states, &id, false);
                }
                ReviewOutcome::AskJury => asks_jury(states, &id),
                _ => {}
            }
        }
        Ok(Route::Appeal(id)) => {
            let Some(found) = penalty(states, &id) else { return };
            found.case.review(fact, review);
            if review.outcome.decides() {
                found.case.decide(None);
            }
            let case = found.case_id.clone();
            if let Some(case) = case {
                match review.outcome {
                    ReviewOutcome::AskJury => asks_jury(states, &case),
                    // A granted appeal settles the case once the penalty is undone.
                    ReviewOutcome::Uphold => settle_case(states, &case),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// A case whose penalties are all settled is closed, and its jurors learn whether they were right.
pub(crate) fn settle_case(states: &mut States<State>, id: &str) {
    let Some(case) = states.get(&format!("case/{id}")).and_then(|s| s.case.as_ref()) else { return };
    let all: Vec<&Penalty> = case.penalties.iter().filter_map(|p| states.get(&format!("penalty/{p}"))?.penalty.as_ref()).collect();
    if !matches!(case.case.stage, Stage::Decided { .. }) || all.is_empty() || !all.iter().all(|p| p.is_settled()) {
        return;
    }
    let breach = all.iter().any(|p| p.undone_by.is_none());
    if let Some(file) = file(states, id) {
        file.case.stage = Stage::Final;
    }
    settle_jury(states, id, breach);
}

fn settle_jury(states: &mut States<State>, id: &str, breach: bool) {
    let Some(file) = file(states, id).filter(|f| !f.jury_settled) else { return };
    file.jury_settled = true;
    let votes: Vec<(String, bool)> = file
        .case
        .votes
        .iter()
        .filter(|v| v.vote != JuryVote::Unsure)
        .map(|v| (v.juror.clone(), (v.vote == JuryVote::Breach) == breach))
        .collect();
    for (juror, right) in votes {
        let record = states.edit(&format!("juror/{juror}")).juror.get_or_insert_default();
        record.voted += 1;
        record.right += i64::from(right);
    }
}

fn opened(states: &mut States<State>, fact: &Fact, appeal: &AppealOpened) {
    if !matches!(appeal.against_kind, DecisionKind::Penalty | DecisionKind::Violation) {
        return;
    }
    let Some(against) = appealed(states, appeal).map(|p| p.imposed.penalty.to_string()) else { return };
    let whole_violation = appeal.against_kind == DecisionKind::Violation && {
        let violation = states.get(&format!("violation/{}", appeal.against)).and_then(|s| s.violation.as_ref());
        violation.is_some_and(|v| v.party.split_once('/').is_some_and(|(_, id)| id == appeal.appellant.as_str()))
    };
    if let Some(found) = penalty(states, &against) {
        found.case.appeal(fact, appeal);
    }
    states.edit(&format!("appeal/{}", appeal.appeal)).appeal = Some(AppealRoute { penalty: against, whole_violation });
}

fn violated(states: &mut States<State>, fact: &Fact, found: &ViolationFound) {
    let breach = breach_of(states, found);
    let violation = Violation {
        breach,
        case: found.case.as_ref().map(ToString::to_string),
        cause: fact.seq,
        party: format!("{}/{}", found.party_kind.as_str(), found.party),
        penalties: Vec::new(),
    };
    states.edit(&format!("violation/{}", found.violation)).violation.get_or_insert(violation);
    let Some(id) = &found.case else { return };
    match file(states, id.as_str()) {
        Some(file) => {
            file.violations.push(found.violation.to_string());
            // Final unless a penalty comes of it, which can be appealed against.
            if file.is_open() {
                file.case.stage = Stage::Final;
            }
        }
        None => states.edit(&format!("claim/{id}")).claim.push(found.violation.to_string()),
    }
}
