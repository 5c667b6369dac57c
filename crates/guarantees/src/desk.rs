//! Where decisions on claims are written down: routings and rulings, with reasons, awards and clocks.

use std::sync::Arc;

use laotie_cases::Stage;
use laotie_facts::body::{
    AttestationFinding, Award, AwardKind, ClaimRouted, ClaimTurn, EvidenceKind, Liability, PartyKind, Reason, RulingMade, RulingOutcome,
    Side,
};
use laotie_facts::{
    Amount, AppealId, Body, Calendar, ClaimId, Draft, Fact, Few, LineId, Name, OrderId, PartyId, RuleBook, RuleVersion, RulingId, ShopId,
    States, Timestamp, derived_id,
};

use crate::awards::{PLATFORM, Sought, at_risk, formula, in_full, up_to};
use crate::claim::ClaimState;
use crate::document::Guarantee;
use crate::order::OrderState;
use crate::reasons::reason;
use crate::state::{Look, State};

/// The guarantee that a claim rests on, in the version that the order carries.
pub(crate) type Rule = (RuleVersion, Arc<Guarantee>);

/// A claim as a decision sees it, whether it has a state yet or not.
#[derive(Debug, Clone)]
pub(crate) struct Matter<'a> {
    pub(crate) appeal: Option<String>,
    pub(crate) claim: String,
    pub(crate) claimed_minor: Option<i64>,
    pub(crate) lines: Vec<String>,
    pub(crate) order: &'a OrderState,
    pub(crate) order_id: String,
    pub(crate) rule: Option<Rule>,
}

/// What is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pay {
    Nothing,
    /// What the terms give, as far as it was asked for.
    InFull,
    /// At most so much of it.
    UpTo(i64),
    /// So much out of goodwill, by the platform or the shop.
    Goodwill {
        minor: i64,
        by_platform: bool,
    },
}

/// How a matter ends and why.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) code: &'static str,
    pub(crate) facts: Vec<i64>,
    pub(crate) liability: Option<Liability>,
    pub(crate) outcome: RulingOutcome,
    pub(crate) pay: Pay,
    pub(crate) reviewer: Option<String>,
    pub(crate) text: String,
}

/// Where a matter goes next.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) answer_by: Option<Timestamp>,
    pub(crate) evidence_by: Option<Timestamp>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) turn: ClaimTurn,
}

/// The decisions on one fact.
pub(crate) struct Desk<'a> {
    pub(crate) at: Timestamp,
    pub(crate) book: &'a RuleBook,
    pub(crate) drafts: Vec<Draft>,
    pub(crate) fact: &'a Fact,
    pub(crate) states: &'a States<State>,
    numbered: u32,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(states: &'a States<State>, fact: &'a Fact, book: &'a RuleBook) -> Self {
        let at = match &fact.body {
            Body::DeadlinePassed(passed) => passed.due,
            _ => fact.at,
        };
        Self { at, book, drafts: Vec::new(), fact, states, numbered: 0 }
    }

    /// An id that the fact being decided on gives.
    pub(crate) fn id(&mut self, prefix: &str, kind: &str) -> String {
        self.numbered += 1;
        derived_id(prefix, self.fact.seq, kind, self.numbered - 1)
    }

    pub(crate) fn push(&mut self, body: impl Into<Body>, because: Vec<i64>, rules: Vec<RuleVersion>) {
        self.drafts.push(Draft { at: self.at, body: body.into(), because, rules });
    }

    /// The rule of a version, read.
    pub(crate) fn rule(&self, version: &RuleVersion) -> Option<Rule> {
        let document = self.book.version(version)?;
        Some((version.clone(), document.read::<Guarantee>().ok()?))
    }

    /// The matter of a claim that has a state.
    pub(crate) fn matter(&self, claim_id: &str) -> Option<(&'a ClaimState, Matter<'a>)> {
        let claim = self.states.claim(claim_id)?;
        let order = self.states.order(&claim.order)?;
        let appeal = match &claim.case.stage {
            Stage::Appealed { appeal } => Some(appeal.clone()),
            _ => None,
        };
        let matter = Matter {
            appeal,
            claim: claim_id.to_owned(),
            claimed_minor: claim.claimed_minor,
            lines: claim.lines.clone(),
            order,
            order_id: claim.order.clone(),
            rule: claim.version.as_ref().and_then(|v| self.rule(v)),
        };
        Some((claim, matter))
    }

    /// Says whose turn a matter is.
    pub(crate) fn route(&mut self, matter: &Matter<'_>, route: Route) {
        let sought = matter.sought();
        let lines = matter.lines.iter().filter_map(|l| LineId::new(l.clone()).ok()).collect();
        let body = ClaimRouted {
            answer_by: route.answer_by,
            at_risk_minor: Amount::new(at_risk(&sought)).unwrap_or_default(),
            claim: id(ClaimId::new(matter.claim.clone())),
            currency: matter.order.currency,
            evidence_by: route.evidence_by,
            guarantee: matter.rule.as_ref().and_then(|(_, r)| Name::new(r.id.clone()).ok()),
            lines: Few::new(lines).unwrap_or_default(),
            order: id(OrderId::new(matter.order_id.clone())),
            reasons: Few::new(route.reasons).unwrap_or_default(),
            shop: id(ShopId::new(matter.order.shop.clone())),
            turn: route.turn,
            version: matter.rule.as_ref().map(|(v, _)| v.clone()),
        };
        let rules = matter.rule.iter().map(|(v, _)| v.clone()).collect();
        self.push(body, Vec::new(), rules);
    }

    /// Rules on a matter.
    pub(crate) fn decide(&mut self, matter: &Matter<'_>, verdict: Verdict) {
        let sought = matter.sought();
        let awards = match verdict.pay {
            Pay::Nothing => Vec::new(),
            Pay::InFull => matter.claimed_minor.map_or_else(|| in_full(&sought), |asked| up_to(&sought, asked)),
            Pay::UpTo(amount) => up_to(&sought, amount),
            Pay::Goodwill { minor, by_platform } => goodwill(matter.order, minor, by_platform),
        };
        let clause = matter.rule.as_ref().map(|(v, _)| v.as_str());
        let mut reasons = vec![reason(verdict.code, clause, &verdict.facts, &verdict.text)];
        if let Some((_, rule)) = &matter.rule {
            let frozen = format!("{}: {}; the order carries this version since it was paid", rule.clause.zh, rule.clause.en);
            reasons.push(reason("frozen_terms", clause, &[matter.order.paid.0], &frozen));
            if !awards.is_empty() && !matches!(verdict.pay, Pay::Goodwill { .. }) {
                reasons.push(reason("formula", clause, &[], &formula(rule)));
            }
        }
        if awards.is_empty() && verdict.pay != Pay::Nothing {
            let why = "what the terms give was paid back or awarded already";
            reasons.push(reason("nothing_left", clause, &matter.order.refunds.iter().map(|r| r.seq).collect::<Vec<_>>(), why));
        }
        let appeal_by = match (&matter.appeal, verdict.outcome, &matter.rule) {
            (None, outcome, Some((_, rule))) if outcome != RulingOutcome::Withdrawn => {
                Some(rule.appeal.end(self.at, &Calendar::at(self.book, self.at)))
            }
            _ => None,
        };
        let ruling = self.id("rul", "ruling.made");
        let body = RulingMade {
            appeal: matter.appeal.as_ref().and_then(|a| AppealId::new(a.clone()).ok()),
            appeal_by,
            awards: Few::new(awards).unwrap_or_default(),
            claim: id(ClaimId::new(matter.claim.clone())),
            currency: Some(matter.order.currency),
            guarantee: matter.rule.as_ref().and_then(|(_, r)| Name::new(r.id.clone()).ok()),
            liability: verdict.liability,
            order: Some(id(OrderId::new(matter.order_id.clone()))),
            outcome: verdict.outcome,
            reasons: Few::new(reasons).expect("a handful of reasons"),
            reviewer: verdict.reviewer.and_then(|r| PartyId::new(r).ok()),
            ruling: id(RulingId::new(ruling)),
        };
        let rules = matter.rule.iter().map(|(v, _)| v.clone()).collect();
        self.push(body, verdict.facts, rules);
    }

    /// Whether a claim has the evidence that its guarantee needs; counts what the fact at hand brings.
    pub(crate) fn has_evidence(&self, rule: Option<&Guarantee>, claim: &ClaimState) -> bool {
        let Some(needed) = rule.and_then(|r| r.evidence.as_ref()) else { return true };
        // A report counts by the word of who made it: as a file of the buyer's own it is for a reviewer to read.
        let needs_word = |kind| kind == EvidenceKind::LabReport && !needed.attesters.is_empty();
        let by_kind = |kind, side| side == Side::Buyer && needed.kinds.contains(&kind) && !needs_word(kind);
        let against = |f| matches!(f, AttestationFinding::Counterfeit | AttestationFinding::NotConforming);
        let attested = |kind, marks: &[String], finding| {
            against(finding)
                && needed
                    .attesters
                    .iter()
                    .any(|a| a.kind == kind && (a.accreditations.is_empty() || a.accreditations.iter().any(|m| marks.contains(m))))
        };
        let there = claim.case.evidence.iter().any(|e| by_kind(e.kind, e.side))
            || claim.attested.iter().any(|a| attested(a.attester, &a.accreditations, a.finding));
        let arriving = match &self.fact.body {
            Body::EvidenceGiven(given) => by_kind(given.evidence_kind, given.side),
            Body::AttestationGiven(given) => {
                let marks: Vec<String> = given.accreditations.iter().map(|m| m.as_str().to_owned()).collect();
                attested(given.attester_kind, &marks, given.finding)
            }
            _ => false,
        };
        there || arriving
    }
}

impl Matter<'_> {
    pub(crate) fn sought(&self) -> Sought<'_> {
        Sought {
            claim: &self.claim,
            claimed_minor: self.claimed_minor,
            lines: &self.lines,
            order: self.order,
            rule: self.rule.as_ref().map(|(_, r)| r.as_ref()),
        }
    }

    /// Whether goods must come back that are not back yet.
    pub(crate) fn awaits_goods(&self, return_id: Option<&str>) -> bool {
        if !self.rule.as_ref().is_some_and(|(_, r)| r.needs_return) {
            return false;
        }
        let about = |r: &&crate::order::Return| match return_id {
            Some(id) => r.id == id,
            None => r.lines.is_empty() || self.lines.iter().all(|l| r.lines.contains(l)),
        };
        !self.order.returns.iter().filter(about).any(|r| r.received_at().is_some() || r.refunded)
    }
}

/// Money out of goodwill: never more than was paid for the order.
fn goodwill(order: &OrderState, minor: i64, by_platform: bool) -> Vec<Award> {
    let minor = minor.clamp(0, order.paid_minor.max(0));
    let Some(amount_minor) = Amount::new(minor).ok().filter(|a| a.get() > 0) else { return Vec::new() };
    vec![Award {
        amount_minor,
        award: AwardKind::Goodwill,
        line: None,
        multiple: None,
        paid_as: None,
        payer: by_platform.then(|| id(PartyId::new(PLATFORM))),
        payer_kind: by_platform.then_some(PartyKind::Platform),
        source: None,
    }]
}

/// An id that was checked when it came in.
pub(crate) fn id<T, E: std::fmt::Debug>(checked: Result<T, E>) -> T {
    checked.expect("ids were checked when they came in")
}
