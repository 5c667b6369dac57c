//! Which states a fact touches; asked again as they are loaded.

use laotie_facts::body::{DecisionKind, PartyKind, ReviewOutcome};
use laotie_facts::{Body, Fact, States, System};

use crate::jury::JURY;
use crate::state::State;
use crate::system::Conduct;

pub(crate) const RULES_JURY: &str = "rules/jury";
pub(crate) const RULES_CALENDAR: &str = "rules/calendar";

/// The key of the state that holds a party's ledger of points.
pub fn party_key(kind: PartyKind, id: impl std::fmt::Display) -> String {
    format!("party/{}/{id}", kind.as_str())
}

struct Reach<'a> {
    states: &'a States<State>,
    keys: Vec<String>,
}

/// The keys of the states that a fact touches, as far as loaded states tell.
pub(crate) fn touches(before: &States<State>, fact: &Fact) -> Vec<String> {
    let mut reach = Reach { states: before, keys: Vec::new() };
    reach.fact(fact);
    reach.keys
}

impl<'a> Reach<'a> {
    /// Adds a key; the state behind it when it was loaded and not followed yet.
    fn add(&mut self, key: String) -> Option<&'a State> {
        if self.keys.contains(&key) {
            return None;
        }
        let state = self.states.get(&key);
        self.keys.push(key);
        state
    }

    fn fact(&mut self, fact: &Fact) {
        match &fact.body {
            Body::RulePublished(rule) => match (rule.family.as_str(), rule.name.as_str()) {
                JURY => drop(self.add(RULES_JURY.to_owned())),
                ("calendar", "market") => drop(self.add(RULES_CALENDAR.to_owned())),
                _ => {}
            },
            Body::ItemListed(b) => drop(self.add(format!("item/{}", b.item))),
            Body::ShowOpened(b) => drop(self.add(format!("show/{}", b.show))),
            Body::VideoPosted(b) => drop(self.add(format!("video/{}", b.video))),
            Body::OrderPaid(b) => drop(self.add(format!("order/{}", b.order))),
            Body::ReportFiled(b) => drop(self.add(format!("case/{}", b.report))),
            Body::EvidenceGiven(b) => {
                if let Some(case) = &b.case {
                    self.add(format!("case/{case}"));
                    self.add(format!("penalty/{case}"));
                }
            }
            Body::JuryVoted(b) => {
                self.add(format!("case/{}", b.case));
                self.add(format!("juror/{}", b.juror));
            }
            Body::StudyPassed(b) => {
                self.add(party_key(b.party_kind, &b.party));
                self.add(RULES_CALENDAR.to_owned());
            }
            Body::RulingMade(b) => {
                let violations = self.add(format!("claim/{}", b.claim)).map(|s| s.claim.as_slice());
                violations.into_iter().flatten().for_each(|v| self.violation(v));
                if let Some(order) = b.order.as_ref().filter(|_| b.guarantee.is_some()) {
                    self.add(format!("order/{order}"));
                }
            }
            Body::FactVoided(_) => {
                if let Some(target) = fact.target.as_deref() {
                    self.voided(target);
                }
            }
            Body::DeadlinePassed(b) if b.system.as_str() == Conduct::NAME => match b.key.as_str().strip_prefix("penalty/") {
                Some(penalty) => self.penalty(penalty),
                None => drop(self.add(b.key.as_str().to_owned())),
            },
            _ => self.conduct(&fact.body),
        }
    }

    fn conduct(&mut self, body: &Body) {
        match body {
            Body::CaseReviewed(b) if b.claim.is_none() => {
                self.case(b.case.as_str());
                self.penalty(b.case.as_str());
                self.violation(b.case.as_str());
                if let Some(appeal) = &b.appeal {
                    self.appeal(appeal.as_str());
                }
                if b.outcome == ReviewOutcome::AskJury {
                    self.add(RULES_JURY.to_owned());
                }
            }
            Body::AppealOpened(b) => match b.against_kind {
                DecisionKind::Penalty => {
                    self.appeal(b.appeal.as_str());
                    self.penalty(b.against.as_str());
                }
                DecisionKind::Violation => {
                    self.appeal(b.appeal.as_str());
                    self.violation(b.against.as_str());
                }
                _ => {}
            },
            Body::ViolationFound(b) => {
                self.add(format!("violation/{}", b.violation));
                if let Some(case) = &b.case {
                    self.add(format!("case/{case}"));
                    self.add(format!("claim/{case}"));
                }
                for party in std::iter::once(&b.party).chain(b.shared_with.iter()) {
                    self.add(party_key(b.party_kind, party));
                }
                self.add(RULES_CALENDAR.to_owned());
            }
            Body::PenaltyImposed(b) => {
                self.penalty(b.penalty.as_str());
                self.add(party_key(b.party_kind, &b.party));
                b.violations.iter().for_each(|v| self.violation(v.as_str()));
                self.add(RULES_CALENDAR.to_owned());
            }
            Body::PenaltyLifted(b) => {
                self.penalty(b.penalty.as_str());
                self.add(party_key(b.party_kind, &b.party));
                self.add(RULES_CALENDAR.to_owned());
            }
            _ => {}
        }
    }

    /// What a voiding touches: as the fact itself, and whatever came of it.
    fn voided(&mut self, target: &Fact) {
        match &target.body {
            Body::ReportFiled(b) => self.case(b.report.as_str()),
            Body::CaseReviewed(_) | Body::AppealOpened(_) | Body::JuryVoted(_) | Body::StudyPassed(_) | Body::EvidenceGiven(_) => {
                self.fact(target);
            }
            _ => {}
        }
    }

    fn appeal(&mut self, id: &str) {
        if let Some(route) = self.add(format!("appeal/{id}")).and_then(|s| s.appeal.as_ref()) {
            self.penalty(&route.penalty);
        }
    }

    fn violation(&mut self, id: &str) {
        let Some(violation) = self.add(format!("violation/{id}")).and_then(|s| s.violation.as_ref()) else { return };
        for imposed in &violation.penalties {
            self.penalty(&imposed.penalty);
        }
        if let Some(case) = &violation.case {
            self.case(case);
        }
    }

    fn penalty(&mut self, id: &str) {
        let Some(penalty) = self.add(format!("penalty/{id}")).and_then(|s| s.penalty.as_ref()) else { return };
        self.add(party_key(penalty.imposed.party_kind, &penalty.imposed.party));
        penalty.imposed.violations.iter().for_each(|v| self.violation(v.as_str()));
        for appeal in &penalty.case.appeals {
            self.add(format!("appeal/{}", appeal.id));
        }
        if let Some(case) = &penalty.case_id {
            self.case(case);
        }
    }

    /// A case with all that hangs on it: penalties, jurors, who stands behind its target.
    fn case(&mut self, id: &str) {
        let Some(case) = self.add(format!("case/{id}")).and_then(|s| s.case.as_ref()) else { return };
        case.violations.iter().for_each(|v| self.violation(v));
        case.penalties.iter().for_each(|p| self.penalty(p));
        for juror in case.case.votes.iter().filter(|_| !case.jury_settled) {
            self.add(format!("juror/{}", juror.juror));
        }
        if !case.is_open() {
            return;
        }
        if let Some(item) = &case.item {
            self.add(format!("item/{item}"));
        }
        if let Some(show) = &case.show {
            self.show(show);
        }
        match case.target_kind.as_str() {
            "show" => self.show(&case.target),
            kind @ ("item" | "video" | "order") => drop(self.add(format!("{kind}/{}", case.target))),
            _ => {}
        }
    }

    fn show(&mut self, id: &str) {
        if let Some(behind) = self.add(format!("show/{id}")).and_then(|s| s.behind.as_ref()) {
            for other in &behind.co_streams {
                self.add(format!("show/{other}"));
            }
        }
    }
}
