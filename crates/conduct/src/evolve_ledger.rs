//! Takes penalties, credits and the ends of their clocks into ledgers of points.

use laotie_cases::{Case, Stage};
use laotie_facts::body::{PenaltyImposed, PenaltyLifted};
use laotie_facts::{Fact, States, Timestamp};

use crate::decide::{DECIDED_ANEW, closes};
use crate::evolve::{file, penalty, settle_case};
use crate::penalty::{ANNUAL_RESET, APPEAL, Penalty};
use crate::points::{Credit, Entry, Party};
use crate::reach::{RULES_CALENDAR, party_key};
use crate::state::{Imposed, State};
use crate::year::{Zones, market_year, year_begins};

fn zones(states: &States<State>) -> Zones {
    states.get(RULES_CALENDAR).and_then(|s| s.zones.clone()).unwrap_or_default()
}

pub(crate) fn imposed_on(states: &mut States<State>, fact: &Fact, imposed: &PenaltyImposed) {
    let id = imposed.penalty.to_string();
    let party = format!("{}/{}", imposed.party_kind.as_str(), imposed.party);
    let Some(violation_id) = imposed.violations.first().map(ToString::to_string) else { return };
    let violation = states.edit(&format!("violation/{violation_id}")).violation.get_or_insert_default();
    let earlier = violation.penalties.iter_mut().find(|p| p.party == party);
    // A penalty decided anew takes the place of the one before, with its appeals.
    let before = earlier.map(|p| std::mem::replace(&mut p.penalty, id.clone()));
    if before.is_none() {
        violation.penalties.push(Imposed { party: party.clone(), penalty: id.clone() });
    }
    let breach = if violation.party == party { violation.breach.clone() } else { violation.breach.shared() };
    let (cause, found_in) = (violation.cause, violation.case.clone());
    let carried = before.as_ref().and_then(|b| states.get(&format!("penalty/{b}"))?.penalty.as_ref()).map(|p| p.case.clone());
    for appeal in carried.iter().flat_map(|c| c.appeals.iter()) {
        if let Some(route) = states.edit(&format!("appeal/{}", appeal.id)).appeal.as_mut() {
            route.penalty.clone_from(&id);
        }
    }
    let own_case = found_in.filter(|c| states.get(&format!("case/{c}")).is_some_and(|s| s.case.is_some()));
    let dispute = carried.unwrap_or_else(|| {
        let look = own_case.as_ref().and_then(|c| states.get(&format!("case/{c}"))?.case.as_ref()?.case.last_decision().cloned());
        let mut new = Case { reviews: look.into_iter().collect(), ..Case::default() };
        new.decide(imposed.appeal_by);
        new
    });
    if let Some(file) = own_case.as_ref().and_then(|c| file(states, c)) {
        file.penalties.retain(|p| Some(p) != before.as_ref());
        file.penalties.push(id.clone());
        if let (Stage::Final | Stage::Open | Stage::InReview, Stage::Decided { .. }) = (&file.case.stage, &dispute.stage) {
            file.case.stage = dispute.stage.clone();
        }
    }
    let penalty = Penalty {
        at: fact.at,
        case: dispute,
        case_id: own_case,
        ended_by: None,
        imposed: imposed.clone(),
        rules: fact.rules.clone(),
        seq: fact.seq,
        undone_by: None,
    };
    states.edit(&format!("penalty/{id}")).penalty = Some(penalty);
    let zone = zones(states).at(fact.at);
    let points = imposed.actions.iter().filter_map(|a| a.points).map(laotie_facts::Quantity::get).sum();
    let entry = Entry {
        actions: imposed.actions.to_vec(),
        at: fact.at,
        breach,
        cause,
        closed: closes(imposed),
        ended_by: None,
        ladder: imposed.ladder,
        penalty: id,
        points,
        seq: fact.seq,
        version: fact.rules.first().map(ToString::to_string).unwrap_or_default(),
        violation: violation_id,
        voided_by: None,
        year: market_year(&zone, fact.at),
    };
    let ledger = states.edit(&format!("party/{party}")).party.get_or_insert_default();
    let year = entry.year;
    ledger.entries.push(entry);
    turn(ledger, year, year_begins(&zone, year.max(ledger.year) + 1));
}

/// Brings a ledger to a year: years that are over are folded, and what is to be reset gets its date.
fn turn(ledger: &mut Party, year: i32, next: Option<Timestamp>) {
    if ledger.year == 0 {
        ledger.year = year;
    }
    if year > ledger.year {
        ledger.years.insert(ledger.year, ledger.totals(ledger.year));
        ledger.year = year;
    }
    let over: Vec<i32> = ledger.years.keys().copied().chain((year < ledger.year).then_some(year)).collect();
    for past in over {
        ledger.years.insert(past, ledger.totals(past));
    }
    let running = ledger.entries.iter().any(|e| e.voided_by.is_none() && e.points > 0 && e.year == ledger.year)
        || ledger.credits.iter().any(|c| c.voided_by.is_none() && c.year == ledger.year);
    ledger.resets_at = next.filter(|_| running);
}

/// Refolds a ledger after something in it was undone.
pub(crate) fn refold(states: &mut States<State>, party: &str) {
    let zones = zones(states);
    let Some(ledger) = states.get(party).and_then(|s| s.party.as_ref()) else { return };
    let zone = zones.at(ledger.entries.last().map_or(Timestamp::MAX, |e| e.at));
    let ledger = states.edit(party).party.get_or_insert_default();
    let year = ledger.year;
    turn(ledger, year, year_begins(&zone, year + 1));
}

pub(crate) fn lifted_from(states: &mut States<State>, fact: &Fact, lifted: &PenaltyLifted) {
    let party = party_key(lifted.party_kind, &lifted.party);
    let Some(found) = penalty(states, lifted.penalty.as_str()) else { return };
    if lifted.undone {
        found.undone_by = Some(fact.seq);
    } else {
        found.ended_by = Some(fact.seq);
    }
    let case = found.case_id.clone();
    let anew = lifted.reasons.iter().any(|r| r.code.as_str() == DECIDED_ANEW);
    if states.get(&party).is_some_and(|s| s.party.is_some()) {
        let ledger = states.edit(&party).party.get_or_insert_default();
        for entry in ledger.entries.iter_mut().filter(|e| e.penalty == lifted.penalty.as_str()) {
            if lifted.undone {
                entry.voided_by = Some(fact.seq);
            } else {
                entry.ended_by = Some(fact.seq);
            }
        }
        refold(states, &party);
    }
    // One decided anew is followed by the one that takes its place.
    if let Some(case) = case.filter(|_| lifted.undone && !anew) {
        settle_case(states, &case);
    }
}

pub(crate) fn studied(states: &mut States<State>, fact: &Fact, party: &str, credits: i64) {
    let zone = zones(states).at(fact.at);
    let year = market_year(&zone, fact.at);
    let ledger = states.edit(party).party.get_or_insert_default();
    ledger.credits.push(Credit { at: fact.at, credits, seq: fact.seq, voided_by: None, year });
    turn(ledger, year, year_begins(&zone, year.max(ledger.year) + 1));
}

pub(crate) fn passed(states: &mut States<State>, key: &str, purpose: &str) {
    match (key.split_once('/'), purpose) {
        (Some(("penalty", id)), APPEAL) => {
            let Some(found) = penalty(states, id).filter(|p| matches!(p.case.stage, Stage::Decided { .. })) else { return };
            found.case.stage = Stage::Final;
            if let Some(case) = found.case_id.clone() {
                settle_case(states, &case);
            }
        }
        (Some(("party", _)), ANNUAL_RESET) if states.get(key).is_some_and(|s| s.party.is_some()) => {
            let ledger = states.edit(key).party.get_or_insert_default();
            let next = ledger.year + 1;
            turn(ledger, next, None);
        }
        _ => {}
    }
}
