//! What follows from a fact: violations from upheld cases and rulings, penalties from violations, lifting
//! from appeals and ends of terms, and whatever must be decided anew when a penalty is undone.

use laotie_facts::body::{PartyKind, PenaltyImposed, PenaltyLifted, Reason, ViolationFound};
use laotie_facts::{
    AppealId, Body, Calendar, Draft, Fact, Few, PartyId, PenaltyId, Quantity, RuleBook, RuleDocument, RuleVersion, States, Timestamp,
    ViolationId, derived_id,
};

use crate::breach::Breach;
use crate::decision::{Decision, LADDER_CLOSED, dated, decide_on, reason};
use crate::found::{reviewed, ruled, voided};
use crate::judge::{case, penalty};
use crate::past::Past;
use crate::penalty::{END, Penalty};
use crate::points::{Entry, Party};
use crate::reach::party_key;
use crate::schedule::{Schedule, schedule_for};
use crate::state::State;

/// Reason of a penalty that was decided again because one before it was undone.
pub(crate) const DECIDED_ANEW: &str = "decided_anew";

/// Decides on a fact.
pub(crate) fn decide(before: &States<State>, fact: &Fact, book: &RuleBook, now: Timestamp) -> Vec<Draft> {
    match &fact.body {
        Body::CaseReviewed(review) => reviewed(before, fact, review, now),
        Body::ViolationFound(found) => penalise(before, fact, found, book, now),
        Body::RulingMade(ruling) => ruled(before, fact, ruling, book, now),
        Body::PenaltyLifted(lifted) if lifted.undone && !lifted.reasons.iter().any(|r| r.code.as_str() == DECIDED_ANEW) => {
            let party = party_key(lifted.party_kind, &lifted.party);
            let Some(party_state) = before.get(&party).and_then(|s| s.party.as_ref()) else { return Vec::new() };
            let Some(cause) = party_state.entry(lifted.penalty.as_str()).map(|e| e.cause) else { return Vec::new() };
            let mut without = party_state.clone();
            for entry in without.entries.iter_mut().filter(|e| e.penalty == lifted.penalty.as_str()) {
                entry.voided_by = Some(fact.seq);
            }
            again(without, cause, fact, lifted.party_kind, &lifted.party, book)
        }
        Body::DeadlinePassed(passed) if passed.purpose.as_str() == END => {
            let found = passed.key.as_str().strip_prefix("penalty/").and_then(|id| penalty(before, id));
            let standing = found.filter(|p| p.undone_by.is_none() && p.ended_by.is_none());
            standing
                .map(|p| lifting(p, None, false, reason("term_over", None, "its last term is over".into(), &[]), now))
                .into_iter()
                .collect()
        }
        Body::FactVoided(_) => fact.target.as_deref().map(|target| voided(before, fact, target, book, now)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The damage that the violation's case speaks of.
fn damage(before: &States<State>, found: &ViolationFound) -> i64 {
    found.case.as_ref().and_then(|id| case(before, id.as_str())).map_or(0, |file| file.damage_minor)
}

/// The breach that a found violation is.
pub(crate) fn breach_of(before: &States<State>, found: &ViolationFound) -> Breach {
    Breach::of(found, damage(before, found))
}

/// The penalties of a violation: one for who broke the rule and one for each who is answerable as well.
fn penalise(before: &States<State>, fact: &Fact, found: &ViolationFound, book: &RuleBook, now: Timestamp) -> Vec<Draft> {
    let Some((document, schedule)) = schedule_for(book, found.party_kind, fact.at) else { return Vec::new() };
    let calendar = Calendar::at(book, now);
    let breach = breach_of(before, found);
    let mut parties = vec![&found.party];
    found.shared_with.iter().for_each(|p| {
        if !parties.contains(&p) {
            parties.push(p);
        }
    });
    let drafts = parties.into_iter().zip(0u32..).filter_map(|(party, n)| {
        let weighed = if *party == found.party { breach.clone() } else { breach.shared() };
        let blank = Party::default();
        let ledger = before.get(&party_key(found.party_kind, party)).and_then(|s| s.party.as_ref()).unwrap_or(&blank);
        let entry = Entry {
            actions: Vec::new(),
            at: now,
            breach: weighed,
            cause: fact.seq,
            closed: false,
            ended_by: None,
            ladder: None,
            penalty: derived_id("pen", fact.seq, "penalty.imposed", n),
            points: 0,
            seq: fact.seq,
            version: document.version.to_string(),
            violation: found.violation.to_string(),
            voided_by: None,
            year: 0,
        };
        let decision = weigh(ledger, &entry, &schedule, &calendar)?;
        imposing(&entry, decision, (found.party_kind, party), (document, &schedule), &calendar)
    });
    drafts.collect()
}

fn weigh(ledger: &Party, entry: &Entry, schedule: &Schedule, calendar: &Calendar) -> Option<Decision> {
    let rule = schedule.code(&entry.breach.code)?;
    decide_on(schedule, &entry.breach, &Past::of(ledger, entry, rule, schedule, calendar))
}

/// The decision on an entry of a ledger, with what it was decided by.
pub(crate) fn weigh_again(ledger: &Party, entry: &Entry, book: &RuleBook) -> Option<(Decision, std::sync::Arc<Schedule>)> {
    let (_, schedule) = law(entry, book)?;
    let decision = weigh(ledger, entry, &schedule, &Calendar::at(book, entry.at))?;
    Some((decision, schedule))
}

fn law<'a>(entry: &Entry, book: &'a RuleBook) -> Option<(&'a RuleDocument, std::sync::Arc<Schedule>)> {
    let document = book.version(&RuleVersion::new(entry.version.clone()).ok()?)?;
    Some((document, document.read::<Schedule>().ok()?))
}

fn imposing(
    entry: &Entry,
    decision: Decision,
    (party_kind, party): (PartyKind, &PartyId),
    (document, schedule): (&RuleDocument, &Schedule),
    calendar: &Calendar,
) -> Option<Draft> {
    let actions = dated(&decision.actions, entry.at, calendar);
    let currency = actions.iter().any(|a| a.amount_minor.is_some()).then_some(schedule.currency);
    let body = PenaltyImposed {
        actions: Few::new(actions).ok()?,
        anonymous: decision.public && decision.anonymous,
        appeal_by: Some(schedule.appeal.end(entry.at, calendar)),
        currency,
        ladder: decision.ladder,
        party: party.clone(),
        party_kind,
        penalty: PenaltyId::new(entry.penalty.clone()).ok()?,
        public: decision.public,
        reasons: Few::new(decision.reasons).ok()?,
        violations: Few::new(vec![ViolationId::new(entry.violation.clone()).ok()?]).ok()?,
    };
    Some(Draft { at: entry.at, body: body.into(), because: vec![entry.cause], rules: vec![document.version.clone()] })
}

pub(crate) fn lifting(penalty: &Penalty, appeal: Option<AppealId>, undone: bool, why: Reason, now: Timestamp) -> Draft {
    let points: i64 = penalty.imposed.actions.iter().filter_map(|a| a.points).map(Quantity::get).sum();
    let body = PenaltyLifted {
        appeal,
        party: penalty.imposed.party.clone(),
        party_kind: penalty.imposed.party_kind,
        penalty: penalty.imposed.penalty.clone(),
        points_restored: Quantity::new(points).ok().filter(|_| undone && points > 0),
        reasons: Few::new(vec![why]).unwrap_or_default(),
        undone,
    };
    Draft { at: now, body: body.into(), because: vec![penalty.seq], rules: penalty.rules.clone() }
}

/// Decides anew on whatever stands behind `cause`, in its order, by the law of its own time; what comes out
/// otherwise than it stands is undone and imposed again, from the same day on.
pub(crate) fn again(mut ledger: Party, cause: i64, fact: &Fact, kind: PartyKind, party: &PartyId, book: &RuleBook) -> Vec<Draft> {
    let mut later: Vec<usize> =
        (0..ledger.entries.len()).filter(|i| ledger.entries[*i].voided_by.is_none() && ledger.entries[*i].cause > cause).collect();
    later.sort_by_key(|i| ledger.entries[*i].cause);
    let mut drafts = Vec::new();
    for (index, n) in later.into_iter().zip(0u32..) {
        let old = ledger.entries[index].clone();
        let Some((document, schedule)) = law(&old, book) else { continue };
        let calendar = Calendar::at(book, old.at);
        let Some(mut decision) = weigh(&ledger, &old, &schedule, &calendar) else { continue };
        let actions = dated(&decision.actions, old.at, &calendar);
        if actions == old.actions && decision.ladder == old.ladder && decision.closed == old.closed {
            continue;
        }
        let new = Entry {
            penalty: derived_id("pen", fact.seq, "penalty.imposed", n),
            actions,
            ladder: decision.ladder,
            points: decision.points,
            closed: decision.closed,
            ..old.clone()
        };
        let why = reason(DECIDED_ANEW, None, "something that it rested on was undone".into(), &[old.seq, fact.seq]);
        decision.reasons.push(why.clone());
        let undo = PenaltyLifted {
            appeal: None,
            party: party.clone(),
            party_kind: kind,
            penalty: PenaltyId::new(old.penalty).expect("the id of a recorded penalty"),
            points_restored: Quantity::new(old.points).ok().filter(|p| p.get() > 0),
            reasons: Few::new(vec![why]).unwrap_or_default(),
            undone: true,
        };
        drafts.push(Draft { at: fact.seen, body: undo.into(), because: vec![old.seq], rules: vec![document.version.clone()] });
        drafts.extend(imposing(&new, decision, (kind, party), (document, &schedule), &calendar));
        ledger.entries[index] = new;
    }
    drafts
}

/// Whether a penalty closes a role for good.
pub(crate) fn closes(imposed: &PenaltyImposed) -> bool {
    imposed.reasons.iter().any(|r| r.code.as_str() == LADDER_CLOSED)
}
