//! After sale: returns, claims and what becomes of them, reviews.

use laotie_facts::body::{
    AfterSaleReason, AppealOpened, AttestationFinding, AttestationGiven, AttesterKind, CaseReviewed, ClaimAnswer, ClaimAnswered,
    ClaimOpened, ClaimWish, ClaimWithdrawn, DecisionKind, EvidenceFile, EvidenceGiven, EvidenceKind, JuryVote, JuryVoted, Liability,
    MediaType, ReturnAgreed, ReturnReceived, ReturnRequested, ReturnShipped, ReviewOutcome, ReviewPosted, Side,
};
use laotie_facts::{
    AppealId, CaseId, ClaimId, CredentialId, Currency, DecisionId, EvidenceId, Few, MaskedText, Name, ReturnId, ReviewId, Stars,
};

use crate::goods::{as_float, to_f32};
use crate::happening::Sender;
use crate::market::birth::{amount, hash_of, quantity, text};
use crate::market::orders::{Nature, Order, Step, Wrong};
use crate::market::{Market, party_id};
use crate::random::to_i64;
use crate::rhythm::{DAY, HOUR, MINUTE};
use crate::script;
use crate::truth::Truth;

/// What a buyer does about what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Keep,
    /// A signing by mistake is being mended.
    Mended,
    Return,
    Claim,
}

/// Reviewers of the platform.
const REVIEWERS: u64 = 12;

/// What is said without cause: worn and sent back, or claimed for what was in order.
const BASELESS_RETURNS: [AfterSaleReason; 6] = [
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::Quality,
    AfterSaleReason::NotAsDescribed,
];
const BASELESS_CLAIMS: [AfterSaleReason; 6] = [
    AfterSaleReason::Quality,
    AfterSaleReason::NotAsDescribed,
    AfterSaleReason::Damaged,
    AfterSaleReason::Late,
    AfterSaleReason::Late,
    AfterSaleReason::Missing,
];

/// A wait of some hours.
fn hours(order: &mut Order, least: i64, most: i64) -> i64 {
    order.random.whole(least * HOUR, most * HOUR)
}

impl Market {
    /// Decided when the parcel is opened.
    pub(crate) fn choose_path(&mut self, order: &mut Order) -> (Step, i64) {
        let rules = &self.rules.after_sale;
        let item = &self.items[order.item as usize];
        let fussy = f64::from(self.buyers[order.buyer as usize].fussy);
        let no_reason = if item.no_reason_return { self.rules.goods.no_reason_rate[usize::from(item.category)] * fussy } else { 0.0 };
        order.reason = reason_of(order.wrong, &mut order.random);
        let path = match (order.nature, order.wrong) {
            (Nature::Brushed(_), _) => Path::Keep,
            (Nature::Gang, _) => {
                order.honest_case = false;
                order.reason = *order.random.pick(&[
                    AfterSaleReason::NoReason,
                    AfterSaleReason::NoReason,
                    AfterSaleReason::Quality,
                    AfterSaleReason::NotAsDescribed,
                ]);
                if order.random.chance(self.rules.brushing.gang_returns) { Path::Return } else { Path::Keep }
            }
            (Nature::Honest, Wrong::Nothing) => {
                if order.late && order.random.chance(rules.late_claims) {
                    order.reason = AfterSaleReason::Late;
                    Path::Claim
                } else if order.random.chance(rules.baseless * fussy) {
                    order.honest_case = false;
                    let returned = order.random.chance(0.5);
                    order.reason = *order.random.pick(if returned { &BASELESS_RETURNS } else { &BASELESS_CLAIMS });
                    if returned { Path::Return } else { Path::Claim }
                } else if order.random.chance(no_reason.min(0.6)) {
                    order.reason = AfterSaleReason::NoReason;
                    Path::Return
                } else {
                    Path::Keep
                }
            }
            (Nature::Honest, Wrong::Counterfeit) => {
                if order.random.chance(0.5) {
                    Path::Claim
                } else {
                    Path::Return
                }
            }
            (Nature::Honest, _) => match order.random.weighted(&rules.about_wrong) {
                0 => Path::Keep,
                1 => Path::Return,
                _ => Path::Claim,
            },
        };
        order.path = path;
        if order.wrong != Wrong::Nothing {
            self.shops[order.shop as usize].complaints += u32::from(path != Path::Keep);
        }
        order.case = self.number();
        match path {
            Path::Return => (Step::ReturnRequest, hours(order, 2, 110)),
            Path::Claim => (Step::Claim, hours(order, 1, 120)),
            Path::Keep | Path::Mended => self.wait_for_receipt(order),
        }
    }

    /// Confirmed by the buyer, or by the clock; the latter is marked in a field that is free until then.
    fn wait_for_receipt(&mut self, order: &mut Order) -> (Step, i64) {
        let automatic = to_i64(self.rules.orders.automatic_days * as_float(DAY));
        let by_hand = order.random.whole(10 * MINUTE, 14 * DAY);
        if by_hand >= automatic {
            order.offer_minor = -1;
        }
        (Step::Receive, by_hand.min(automatic))
    }

    pub(crate) fn learn_from(&mut self, order: &Order, share: f64) {
        if matches!(order.nature, Nature::Brushed(_)) {
            return;
        }
        let quality = f64::from(self.items[order.item as usize].quality);
        let worth = match (order.wrong, order.late, order.upheld) {
            (Wrong::Nothing, false, _) => 0.55 + 0.55 * quality,
            (Wrong::Nothing, true, _) => 0.3 + 0.4 * quality,
            (_, _, true) => 0.45,
            _ => 0.08,
        };
        let rate = self.rules.buyers.trust_learning * share;
        self.buyers[order.buyer as usize].learn(order.shop, order.streamer, to_f32(worth.min(1.0)), to_f32(rate));
    }

    pub(crate) fn perhaps_review(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let reviewed =
            if matches!(order.nature, Nature::Brushed(_)) { self.rules.brushing.reviewed } else { self.rules.after_sale.reviewed };
        order.random.chance(reviewed).then(|| (Step::Review, hours(order, 0, 140)))
    }

    pub(crate) fn after_sale_step(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        match order.step {
            Step::Review => self.review(order),
            Step::ReturnRequest => Some(self.request_return(order)),
            Step::ReturnAgree | Step::ReturnShip | Step::ReturnReceive => self.return_step(order),
            Step::ReturnRefund => self.refund_return(order),
            Step::FreightClaim => self.claim_freight(order),
            Step::Claim => Some(self.claim(order)),
            Step::Answer => Some(self.answer(order)),
            Step::Withdraw => self.withdraw(order),
            Step::Jury => Some(self.jury(order)),
            Step::Judge | Step::JudgeAppeal => self.judge(order),
            Step::Appeal => Some(self.appeal(order)),
            Step::ClaimRefund => self.refund_claim(order),
            _ => None,
        }
    }

    fn review(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let rules = &self.rules.after_sale;
        let weights = match order.nature {
            Nature::Brushed(_) => &rules.stars_good,
            _ if order.wrong != Wrong::Nothing => &rules.stars_wrong,
            _ if order.late => &rules.stars_late,
            _ => &rules.stars_good,
        };
        let mut stars = i64::try_from(order.random.weighted(weights)).unwrap_or(4) + 1;
        let paid_for = matches!(order.nature, Nature::Brushed(_));
        if paid_for {
            stars = stars.max(order.random.whole(3, 5));
        }
        let known = self.known(order.item, 0, 0);
        let written = script::review(&known, stars, &mut order.random);
        let name = self.names.thing.next("rv-");
        let stars_of = |n: i64| Stars::new(n.clamp(1, 5)).ok();
        let delivery = if order.late { order.random.whole(1, 3) } else { order.random.whole(3, 5) };
        let body = ReviewPosted {
            additional: false,
            anonymous: order.random.chance(0.3),
            buyer: Some(self.buyer_id(order.buyer)),
            delivery_stars: order.random.chance(0.6).then_some(delivery).and_then(stars_of),
            images: Few::default(),
            item: Some(self.item_id(order.item)),
            line: None,
            order: Some(self.order_id(order.number)),
            review: ReviewId::new(name.clone()).expect("names are valid ids"),
            service_stars: order.random.chance(0.5).then_some((stars + order.random.whole(-1, 1)).clamp(1, 5)).and_then(stars_of),
            shop: Some(self.shop_id(order.shop)),
            stars: Stars::new(stars).expect("one to five"),
            text: if order.random.chance(0.75) { MaskedText::new(written).ok() } else { None },
            title: None,
        };
        self.say(Sender::ShopSystem, name.clone(), body);
        let item = &mut self.items[order.item as usize];
        item.reviews += 1;
        item.good_reviews += u32::from(stars >= 4);
        self.tell(|| Truth::Review { review: name, honest: !paid_for });
        None
    }

    fn return_id(&self, order: &Order) -> ReturnId {
        ReturnId::new(self.names.thing.of("rt-", 1 << 37 | order.case)).expect("names are valid ids")
    }

    fn tell_case(&mut self, order: &Order, case: String) {
        let (name, honest) = (self.order_name(order.number), order.honest_case);
        let really = if order.late && order.wrong == Wrong::Nothing { "late" } else { order.wrong.name() };
        self.tell(|| Truth::AfterSale { case, order: name, honest, really: really.to_owned() });
    }

    fn request_return(&mut self, order: &mut Order) -> (Step, i64) {
        let return_id = self.return_id(order);
        let name = return_id.as_str().to_owned();
        let body = ReturnRequested { lines: Vec::new(), order: self.order_id(order.number), reason: order.reason, return_id };
        self.say(Sender::ShopSystem, format!("{name}/requested"), body);
        self.tell_case(order, name);
        (Step::ReturnAgree, hours(order, 0, 30))
    }

    fn return_step(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let (id, return_id) = (self.order_id(order.number), self.return_id(order));
        let name = return_id.as_str().to_owned();
        match order.step {
            Step::ReturnAgree => {
                self.say(Sender::ShopSystem, format!("{name}/agreed"), ReturnAgreed { order: id, return_id });
                order.random.chance(0.94).then(|| (Step::ReturnShip, hours(order, 3, 80)))
            }
            Step::ReturnShip => {
                self.say(Sender::Carriers, format!("{name}/shipped"), ReturnShipped { order: id, return_id });
                Some((Step::ReturnReceive, hours(order, 24, 130)))
            }
            _ => {
                self.say(Sender::ShopSystem, format!("{name}/received"), ReturnReceived { order: id, return_id });
                let item = &mut self.items[order.item as usize];
                item.stock += u32::from(order.qty);
                item.returned += u32::from(order.qty);
                Some((Step::ReturnRefund, hours(order, 0, 40)))
            }
        }
    }

    fn refund_return(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let goods = order.left_minor() - order.freight_minor;
        let own_fault = order.reason == AfterSaleReason::NoReason;
        self.refund(order, if own_fault { goods } else { i64::MAX }, order.reason);
        order.upheld = true;
        self.learn_from(order, 0.7);
        let covered = self.shops[order.shop as usize].guarantees[0];
        (covered && order.random.chance(0.6)).then(|| (Step::FreightClaim, hours(order, 0, 24)))
    }

    fn claim_id(&self, order: &Order) -> ClaimId {
        ClaimId::new(self.names.thing.of("cl-", 1 << 37 | order.case)).expect("names are valid ids")
    }

    /// What sending back cost, out of the shop's freight cover.
    fn claim_freight(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let claim = self.claim_id(order);
        let name = claim.as_str().to_owned();
        let asked = order.random.whole(6, 13) * 100;
        let body = ClaimOpened {
            amount_minor: Some(amount(asked)),
            buyer: Some(self.buyer_id(order.buyer)),
            claim,
            currency: Some(Currency::CNY),
            evidence: Few::default(),
            guarantee: Some(Name::new("return_freight_cover").expect("a name")),
            lines: Few::default(),
            order: self.order_id(order.number),
            reason: order.reason,
            return_id: Some(self.return_id(order)),
            statement: None,
            wish: ClaimWish::FreightCover,
        };
        self.say(Sender::Platform, format!("{name}/opened"), body);
        self.tell_case(order, name);
        None
    }

    fn claim(&mut self, order: &mut Order) -> (Step, i64) {
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

    fn give_evidence(&mut self, order: &mut Order, evidence: String, evidence_kind: EvidenceKind, side: Side) {
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

    fn answer(&mut self, order: &mut Order) -> (Step, i64) {
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
                (Step::ClaimRefund, hours(order, 1, 30))
            }
            ClaimAnswer::Refuse if order.random.chance(self.rules.after_sale.withdrawn) => (Step::Withdraw, hours(order, 2, 60)),
            _ => (look(order), hours(order, 8, 90)),
        }
    }

    fn withdraw(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let claim = self.claim_id(order);
        let key = format!("{claim}/withdrawn");
        let reason = order.random.chance(0.4).then(|| MaskedText::new("算了，已经和商家说好了").ok()).flatten();
        self.say(Sender::Platform, key, ClaimWithdrawn { claim, reason });
        self.learn_from(order, 1.0);
        None
    }

    fn case_id(&self, order: &Order) -> CaseId {
        CaseId::new(self.claim_id(order).as_str()).expect("names are valid ids")
    }

    fn jury(&mut self, order: &mut Order) -> (Step, i64) {
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

    fn judge(&mut self, order: &mut Order) -> Option<(Step, i64)> {
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

    fn attest(&mut self, order: &mut Order) {
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

    fn appeal_id(&self, order: &Order) -> AppealId {
        AppealId::new(self.names.thing.of("ap-", 1 << 37 | order.case)).expect("names are valid ids")
    }

    fn appeal(&mut self, order: &mut Order) -> (Step, i64) {
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

    fn refund_claim(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        self.refund(order, order.offer_minor, order.reason);
        order.upheld = true;
        self.learn_from(order, 0.8);
        order.offer_minor = 0;
        order.random.chance(0.5).then(|| (Step::Receive, hours(order, 1, 90)))
    }
}

/// The reason that a buyer first names for what is wrong.
fn reason_of(wrong: Wrong, random: &mut crate::random::Random) -> AfterSaleReason {
    match wrong {
        Wrong::Nothing => AfterSaleReason::NoReason,
        Wrong::Quality => {
            *random.pick(&[AfterSaleReason::Quality, AfterSaleReason::Quality, AfterSaleReason::NotAsDescribed, AfterSaleReason::Other])
        }
        Wrong::Damaged => AfterSaleReason::Damaged,
        Wrong::Missing => AfterSaleReason::Missing,
        Wrong::Mismatch => *random.pick(&[AfterSaleReason::NotAsDescribed, AfterSaleReason::SubstitutedGoods, AfterSaleReason::FalseClaim]),
        Wrong::Spoiled => *random.pick(&[AfterSaleReason::Spoiled, AfterSaleReason::Quality]),
        Wrong::Counterfeit => *random.pick(&[
            AfterSaleReason::Counterfeit,
            AfterSaleReason::Counterfeit,
            AfterSaleReason::Quality,
            AfterSaleReason::NotAsDescribed,
        ]),
    }
}
