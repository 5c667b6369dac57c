//! Claims: opened, answered, judged, appealed, paid.

use laotie_facts::body::{
    AfterSaleReason, AppealOpened, AttestationFinding, AttestationGiven, AttesterKind, CaseReviewed, ClaimAccepted, ClaimAnswer,
    ClaimAnswered, ClaimOpened, ClaimWish, ClaimWithdrawn, DecisionKind, EvidenceFile, EvidenceGiven, EvidenceKind, JuryVote, JuryVoted,
    Liability, MediaType, ReviewOutcome, Side,
};
use laotie_facts::{AppealId, CaseId, ClaimId, CredentialId, Currency, DecisionId, EvidenceId, Few, MaskedText, Name};

use crate::goods::as_float;
use crate::happening::Sender;
use crate::market::after_sale::hours;
use crate::market::orders::{Order, Step};
use crate::market::values::{amount, hash_of, quantity, text};
use crate::market::{Market, party_id};
use crate::random::to_i64;
use crate::rhythm::MINUTE;
use crate::script;

/// Reviewers of the platform.
const REVIEWERS: u64 = 12;

impl Market {
    pub(crate) fn claim_id(&self, order: &Order) -> ClaimId {
        ClaimId::new(self.names.thing.of("cl-", 1 << 37 | order.case)).expect("names are valid ids")
    }

    pub(crate) fn claim(&mut self, order: &mut Order) -> (Step, i64) {
        let claim = self.claim_id(order);
        let name = claim.as_str().to_owned();
        let with_evidence = order.random.chance(self.rules.after_sale.evidence);
        let evidence = with_evidence.then(|| self.names.thing.next("ev-"));
        let (guarantee, wish) = match order.reason {
            AfterSaleReason::Counterfeit => (Some("counterfeit_multiple"), ClaimWish::Compensation),
            AfterSaleReason::Spoiled => (Some("spoil_refund"), ClaimWish::Refund),
            AfterSaleReason::Damaged => (Some("breakage_refund"), ClaimWish::Refund),
            AfterSaleReason::Late => (Some("dispatch_promise"), ClaimWish::Compensation),
            _ => (None, *order.random.pick(&[ClaimWish::Refund, ClaimWish::ReturnRefund, ClaimWish::Exchange])),
        };
        let share = if order.reason == AfterSaleReason::Late { 0.2 } else { order.random.between(0.3, 1.0) };
        order.offer_minor = to_i64(as_float(order.left_minor()) * share).max(100).min(order.left_minor());
        let known = self.known(order.item, 0, 0);
        let words = script::complaint(&known, order.wrong.name(), &mut order.random);
        let ids: Vec<EvidenceId> = evidence.iter().map(|e| EvidenceId::new(e.clone()).expect("names are valid ids")).collect();
        let body = ClaimOpened {
            amount_minor: Some(amount(order.offer_minor)),
            buyer: Some(self.buyer_id(order.buyer)),
            claim,
            currency: Some(Currency::CNY),
            evidence: Few::new(ids).expect("one at most"),
            guarantee: guarantee.map(|g| Name::new(g).expect("guarantees have names")),
            lines: Few::default(),
            order: self.order_id(order.number),
            reason: order.reason,
            return_id: None,
            statement: if order.random.chance(0.8) { MaskedText::new(words).ok() } else { None },
            wish,
        };
        self.say(Sender::Platform, format!("{name}/opened"), body);
        self.tell_case(order, name);
        if let Some(evidence) = evidence {
            let kind = *order.random.pick(&[EvidenceKind::Photo, EvidenceKind::Photo, EvidenceKind::Video, EvidenceKind::Chat]);
            self.give_evidence(order, evidence, kind, Side::Buyer);
        }
        (Step::Answer, hours(order, 2, 70))
    }

    pub(crate) fn give_evidence(&mut self, order: &mut Order, evidence: String, evidence_kind: EvidenceKind, side: Side) {
        let media = if evidence_kind == EvidenceKind::Video { "video/mp4" } else { "image/jpeg" };
        let giver = if side == Side::Buyer { self.buyer_name(order.buyer) } else { self.merchant_name(order.shop) };
        let body = EvidenceGiven {
            case: None,
            claim: Some(self.claim_id(order)),
            evidence: EvidenceId::new(evidence.clone()).expect("names are valid ids"),
            evidence_kind,
            file: EvidenceFile {
                hash: hash_of(order.random.next()),
                media_type: MediaType::new(media).expect("a media type"),

                size_bytes: quantity(order.random.whole(40_000, 4_000_000)),
            },
            given_by: Some(party_id(giver)),
            order: Some(self.order_id(order.number)),
            side,
            statement: None,
            taken_at: None,
        };
        self.say(Sender::Platform, evidence, body);
    }

    pub(crate) fn answer(&mut self, order: &mut Order) -> (Step, i64) {
        let rules = &self.rules.after_sale;
        let bad = self.shops[order.shop as usize].nature.is_bad(self.rhythm.day(self.now));
        let weights = if bad { &rules.answers_bad } else { &rules.answers_good };
        let answer = [ClaimAnswer::Agree, ClaimAnswer::Offer, ClaimAnswer::Refuse][order.random.weighted(weights)];
        let half = (order.offer_minor / 2).max(1);
        let evidence = (answer == ClaimAnswer::Refuse && order.random.chance(0.6)).then(|| self.names.thing.next("ev-"));
        let ids: Vec<EvidenceId> = evidence.iter().map(|e| EvidenceId::new(e.clone()).expect("names are valid ids")).collect();
        let codes = ["no_defect_found", "used_goods", "outside_window", "other_goods"];
        let code = (answer == ClaimAnswer::Refuse).then(|| Name::new(*order.random.pick(&codes)).expect("a name"));
        let claim = self.claim_id(order);
        let key = format!("{claim}/answered");
        let body = ClaimAnswered {
            answer,
            claim,
            code,
            currency: (answer == ClaimAnswer::Offer).then_some(Currency::CNY),
            evidence: Few::new(ids).expect("one at most"),
            offer_minor: (answer == ClaimAnswer::Offer).then(|| amount(half)),
            statement: None,
        };
        self.say(Sender::Platform, key, body);
        if let Some(evidence) = evidence {
            let kind = *order.random.pick(&[EvidenceKind::SupplyPaper, EvidenceKind::Photo, EvidenceKind::LogisticsTrace]);
            self.give_evidence(order, evidence, kind, Side::Merchant);
        }
        let jury = self.rules.after_sale.jury[0];
        let look = |order: &mut Order| if order.random.chance(jury) { Step::Jury } else { Step::Judge };
        match answer {
            ClaimAnswer::Agree => (Step::ClaimRefund, hours(order, 0, 20)),
            ClaimAnswer::Offer if order.random.chance(0.6) => {
                order.offer_minor = half;
                let claim = self.claim_id(order);
                let taken = self.now + order.random.whole(10 * MINUTE, 50 * MINUTE);
                self.say_at(taken, Sender::Platform, format!("{claim}/accepted"), ClaimAccepted { claim });
                (Step::ClaimRefund, hours(order, 1, 30))
            }
            ClaimAnswer::Refuse if order.random.chance(self.rules.after_sale.withdrawn) => (Step::Withdraw, hours(order, 2, 60)),
            _ => (look(order), hours(order, 8, 90)),
        }
    }

    pub(crate) fn withdraw(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let claim = self.claim_id(order);
        let key = format!("{claim}/withdrawn");
        let reason = order.random.chance(0.4).then(|| MaskedText::new("算了，已经和商家说好了").ok()).flatten();
        self.say(Sender::Platform, key, ClaimWithdrawn { claim, reason });
        self.learn_from(order, 1.0);
        None
    }

    pub(crate) fn case_id(&self, order: &Order) -> CaseId {
        CaseId::new(self.claim_id(order).as_str()).expect("names are valid ids")
    }

    pub(crate) fn jury(&mut self, order: &mut Order) -> (Step, i64) {
        let breach = order.honest_case;
        for _ in 0..to_i64(self.rules.after_sale.jury[1]) {
            let juror = u32::try_from(order.random.below(self.buyers.len() as u64)).unwrap_or(0);
            let right = order.random.chance(self.rules.after_sale.juror_right);
            let vote = match (order.random.chance(0.1), right == breach) {
                (true, _) => JuryVote::Unsure,
                (_, true) => JuryVote::Breach,
                _ => JuryVote::NoBreach,
            };
            let body = JuryVoted {
                case: self.case_id(order),
                juror: self.buyer_id(juror),
                looked_ms: Some(quantity(order.random.whole(4_000, 120_000))),
                round: Some(quantity(1)),
                vote,
            };
            let key = self.next_key("jv-");
            let at = self.now + hours(order, 0, 20);
            self.say_at(at, Sender::Platform, key, body);
        }
        (Step::Judge, hours(order, 24, 60))
    }

    pub(crate) fn judge(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let again = order.step == Step::JudgeAppeal;
        let right = order.random.chance(self.rules.after_sale.reviewer_right);
        order.upheld = order.honest_case == right;
        if order.reason == AfterSaleReason::Counterfeit && !again {
            self.attest(order);
        }
        let reviewer = order.random.below(REVIEWERS / 2) * 2 + u64::from(again);
        let case = self.case_id(order);
        let key = format!("{case}/reviewed{}", if again { "/2" } else { "" });
        let body = CaseReviewed {
            amount_minor: order.upheld.then(|| amount(order.offer_minor)),
            appeal: again.then(|| self.appeal_id(order)),
            case,
            claim: Some(self.claim_id(order)),
            clauses: Few::default(),
            currency: order.upheld.then_some(Currency::CNY),
            evidence: Few::default(),
            findings: Few::default(),
            liability: Some(if order.upheld { Liability::Merchant } else { Liability::Nobody }),
            outcome: if order.upheld { ReviewOutcome::Uphold } else { ReviewOutcome::Reject },
            reviewer: party_id(format!("reviewer-{reviewer}")),
            statement: None,
        };
        self.say(Sender::Platform, key, body);
        if !again && order.random.chance(self.rules.after_sale.appealed) {
            return Some((Step::Appeal, hours(order, 3, 140)));
        }
        order.upheld.then(|| (Step::ClaimRefund, hours(order, 0, 20)))
    }

    pub(crate) fn attest(&mut self, order: &mut Order) {
        let name = self.names.thing.next("at-");
        let finding = match (order.fake, order.random.chance(0.1)) {
            (_, true) => AttestationFinding::Inconclusive,
            (true, _) => AttestationFinding::Counterfeit,
            (false, _) => AttestationFinding::Authentic,
        };
        let body = AttestationGiven {
            accreditations: Few::new(vec![text("CMA")]).expect("one"),
            attestation: CredentialId::new(name.clone()).expect("names are valid ids"),
            attester: party_id(format!("lab-{}", order.random.below(4))),
            attester_kind: AttesterKind::Lab,
            brand: None,
            claim: Some(self.claim_id(order)),
            file: None,
            finding,
            item: Some(self.item_id(order.item)),
            line: None,
            lot: None,
            order: Some(self.order_id(order.number)),
            report_number: Some(text(&name)),
            statement: None,
            valid_until: None,
        };
        self.say(Sender::Platform, name, body);
    }

    pub(crate) fn appeal_id(&self, order: &Order) -> AppealId {
        AppealId::new(self.names.thing.of("ap-", 1 << 37 | order.case)).expect("names are valid ids")
    }

    pub(crate) fn appeal(&mut self, order: &mut Order) -> (Step, i64) {
        let appeal = self.appeal_id(order);
        let name = appeal.as_str().to_owned();
        let (side, appellant) =
            if order.upheld { (Side::Merchant, self.merchant_name(order.shop)) } else { (Side::Buyer, self.buyer_name(order.buyer)) };
        let body = AppealOpened {
            against: DecisionId::new(self.case_id(order).as_str()).expect("names are valid ids"),
            against_kind: DecisionKind::Ruling,
            appeal,
            appellant: party_id(appellant),
            evidence: Few::default(),
            side: Some(side),
            statement: None,
        };
        self.say(Sender::Platform, format!("{name}/opened"), body);
        (Step::JudgeAppeal, hours(order, 20, 120))
    }

    pub(crate) fn refund_claim(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        self.refund(order, order.offer_minor, order.reason);
        order.upheld = true;
        self.learn_from(order, 0.8);
        order.offer_minor = 0;
        order.random.chance(0.5).then(|| (Step::Receive, hours(order, 1, 90)))
    }
}
