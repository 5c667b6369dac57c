//! Takes voidings in: a fact that was recorded by mistake counts no longer.

use laotie_cases::Stage;
use laotie_facts::body::ReviewOutcome;
use laotie_facts::{Body, Fact, States};

use crate::evolve::{case_of, file, penalty};
use crate::evolve_ledger::refold;
use crate::reach::party_key;
use crate::state::State;

pub(crate) fn voided(states: &mut States<State>, fact: &Fact, target: &Fact) {
    match &target.body {
        Body::ReportFiled(b) => {
            if let Some(file) = file(states, b.report.as_str()).filter(|f| f.seq == target.seq) {
                file.case.stage = Stage::Withdrawn;
                file.penalties.clear();
                file.violations.clear();
            }
        }
        Body::CaseReviewed(b) if b.claim.is_none() => {
            if let Some(file) = file(states, b.case.as_str()).filter(|f| f.case.reviews.iter().any(|r| r.seq == target.seq)) {
                file.case.reviews.retain(|r| r.seq != target.seq);
                file.rounds.retain(|r| b.outcome != ReviewOutcome::AskJury || r.asked_at != target.at || r.votes(&file.case.votes) > 0);
                if b.outcome.decides() && file.case.stage != Stage::Withdrawn {
                    file.case.stage = if file.case.reviews.is_empty() { Stage::Open } else { Stage::InReview };
                    file.penalties.clear();
                    file.violations.clear();
                    file.damage_minor = 0;
                }
            }
        }
        Body::JuryVoted(b) => {
            if let Some(file) = file(states, b.case.as_str()).filter(|f| !f.jury_settled) {
                file.case.votes.retain(|v| v.seq != target.seq);
            }
        }
        Body::EvidenceGiven(b) => {
            if let Some(case) = b.case.as_ref().and_then(|id| case_of(states, id.as_str())) {
                case.evidence.retain(|e| e.seq != target.seq);
            }
        }
        Body::AppealOpened(b) => {
            let key = format!("appeal/{}", b.appeal);
            let Some(id) = states.get(&key).and_then(|s| s.appeal.as_ref()).map(|r| r.penalty.clone()) else { return };
            if let Some(found) = penalty(states, &id).filter(|p| p.case.appeals.iter().any(|a| a.seq == target.seq)) {
                found.case.appeals.retain(|a| a.seq != target.seq);
                found.case.stage = found.imposed.appeal_by.map_or(Stage::Final, |appeal_by| Stage::Decided { appeal_by });
            }
            states.edit(&key).appeal = None;
        }
        Body::StudyPassed(b) => {
            let party = party_key(b.party_kind, &b.party);
            if states.get(&party).is_some_and(|s| s.party.is_some()) {
                let ledger = states.edit(&party).party.get_or_insert_default();
                ledger.credits.iter_mut().filter(|c| c.seq == target.seq).for_each(|c| c.voided_by = Some(fact.seq));
                refold(states, &party);
            }
        }
        _ => {}
    }
}
